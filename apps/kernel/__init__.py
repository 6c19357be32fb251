"""What every floor needs: errors that carry reasons, the actor, the clock, events, the base model."""
