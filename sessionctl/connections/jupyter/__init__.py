"""Connections to Jupyter kernels that run."""

from __future__ import annotations
