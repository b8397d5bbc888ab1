"""Moments in time, as services have them: for people, and for JSON."""

from __future__ import annotations

from sessionctl.services.history.moment_text import moment, moment_data

__all__ = ["moment", "moment_data"]
