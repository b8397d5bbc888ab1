"""Windows as boxes, drawn to scale."""

from __future__ import annotations
