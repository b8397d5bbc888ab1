"""Schemas: check documents against them, and read what they say about a key.

A valid document is told by ``accept`` at once; ``report`` loads jsonschema to tell
everything that is wrong with an invalid one.
"""

from __future__ import annotations

from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate

__all__ = ["Schema", "validate"]
