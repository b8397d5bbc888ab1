"""SSH connections, by the OpenSSH program."""

from __future__ import annotations
