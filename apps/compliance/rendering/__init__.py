"""Records as documents and tables for people outside."""
