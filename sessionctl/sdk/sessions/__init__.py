"""The sessions of one application: their names and files, and instances that are apart."""

from __future__ import annotations
