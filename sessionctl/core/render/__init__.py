"""Answers for people: diffs, conflicts, sessions and tables as lines with roles of colour."""
