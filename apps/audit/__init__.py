"""No trail, no change: commands, records and the trail they leave."""
