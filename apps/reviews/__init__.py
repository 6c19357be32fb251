"""Is this access still needed? Campaigns put grants before people who are not their subjects."""
