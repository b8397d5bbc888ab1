"""The conflicts of a file in a table, and the edit of one."""
