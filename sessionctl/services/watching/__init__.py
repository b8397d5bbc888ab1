"""Watching: files and live sides kept in step, with all that can happen to files."""

from __future__ import annotations
