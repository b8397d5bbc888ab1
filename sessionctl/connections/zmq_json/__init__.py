"""Connections to backends that speak JSON over ZeroMQ."""

from __future__ import annotations
