"""Asking for access, deciding on it, and the grants that follow."""
