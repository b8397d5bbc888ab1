"""Connections to services that speak in lines."""

from __future__ import annotations
