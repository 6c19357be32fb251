"""Why data may be used: purposes, processing activities, and for what a dataset is permitted."""
