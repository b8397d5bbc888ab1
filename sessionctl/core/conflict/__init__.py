"""Conflicts as values, and texts that carry them between markers."""
