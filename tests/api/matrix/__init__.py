"""Who may do what at which address: one module per app, each with its ROWS. What has no row fails."""
