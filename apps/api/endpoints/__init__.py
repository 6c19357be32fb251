"""One module for each app of the house."""
