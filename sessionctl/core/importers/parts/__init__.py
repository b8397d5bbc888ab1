"""What the kinds share: the report, and commands, directories, layouts and options."""
