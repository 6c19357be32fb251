"""The workflow as a machine: a pure model, and what is done to it and to the portal alike."""
