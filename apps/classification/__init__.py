"""How sensitive data are: classes, categories, and what was said about which column, by whom."""
