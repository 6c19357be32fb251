"""Azure Data Lake Storage Gen2: signatures made here, with a key that the account gave to a principal."""
