"""Google Cloud Storage: short tokens of one account, narrowed by a credential access boundary."""
