"""Label sets as documents, for screens, print and other programs."""
