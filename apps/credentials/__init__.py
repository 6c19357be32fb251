"""Keys for lakes: issued from grants, each with its record, the lease, and an honest end."""
