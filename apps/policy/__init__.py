"""Pure decisions: facts in, a decision with reasons out. No Django, no clock, no database."""
