"""The difference between two documents as data: ``Diff``, the kinds of change, ``diff``."""
