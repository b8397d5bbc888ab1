"""Rules: the shapes and places by which a secret is recognized."""
