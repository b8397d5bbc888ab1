"""The secrets of a session by name."""

from __future__ import annotations
