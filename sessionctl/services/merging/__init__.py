"""Merging: three texts into one, and conflicts resolved one by one."""
