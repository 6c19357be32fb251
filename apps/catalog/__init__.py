"""Assets: what there is, where it lies, in which versions, with which columns, and who answers for it."""
