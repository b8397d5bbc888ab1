"""The list of sessions, and the preview of one."""
