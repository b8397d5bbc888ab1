"""Shell: what git runs before, and instead of, a process of Python."""
