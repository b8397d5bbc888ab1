"""Schemas: check documents against them, and read what they say about a key.

``accept`` says yes at once; ``report`` tells everything that is wrong. jsonschema is loaded
only for what those do not know: other drafts, rare keywords, schemas themselves.
"""

from __future__ import annotations

from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate

__all__ = ["Schema", "validate"]
