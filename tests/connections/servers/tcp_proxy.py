"""A TCP proxy between a client and a server: the one that sessionctl ships for tests."""

from __future__ import annotations

from sessionctl.testing.tcp_proxy import TcpProxy

__all__ = ["TcpProxy"]
