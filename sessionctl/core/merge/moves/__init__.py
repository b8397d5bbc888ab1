"""Moves: tables and keys that one side renamed or moved, found by content and followed."""
