"""Names: which session file a word on the command line stands for."""
