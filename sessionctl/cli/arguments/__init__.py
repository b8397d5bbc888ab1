"""Arguments: what the words behind a command stand for."""
