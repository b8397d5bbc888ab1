"""The mistakes of a session file."""

from __future__ import annotations
