"""Tells people, and programs that asked for it, of what happened. It listens only: nothing waits for it."""
