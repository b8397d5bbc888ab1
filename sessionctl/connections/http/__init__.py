"""HTTP connections, with streams of events."""

from __future__ import annotations
