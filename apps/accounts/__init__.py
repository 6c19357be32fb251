"""Who there is, what they may do in the portal, and who sees which asset."""
