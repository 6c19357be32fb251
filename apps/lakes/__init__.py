"""Connections to data lakes, and the adapters that make and end keys for them."""
