"""Files: read and written whole, within limits; session files, private files."""
