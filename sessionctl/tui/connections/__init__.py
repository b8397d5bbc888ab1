"""The connections of a session, and the test of one."""

from __future__ import annotations
