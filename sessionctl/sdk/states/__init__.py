"""The states of a host: their text, what is restored of them, what guards that."""

from __future__ import annotations
