"""What changed in a file: a tree of keys, and both sides of the chosen change."""
