"""Records of compliance in the browser, the same for every kind."""
