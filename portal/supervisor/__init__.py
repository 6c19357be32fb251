"""`manage.py up`: starts every part in order, restarts what dies, stops everything in reverse."""
