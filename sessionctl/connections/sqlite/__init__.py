"""SQLite: a database in a file; no server, no package."""
