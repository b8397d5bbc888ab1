"""Importing: files of other session tools as session files, and sessions as files of theirs."""
