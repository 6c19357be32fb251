"""A small company to look around in, made by the project: its people, records, assets and their data."""
