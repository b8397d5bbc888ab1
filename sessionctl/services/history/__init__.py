"""History: commits, backups, undo, and what a document can be brought back to."""
