"""Lake connections and provider adapters."""
