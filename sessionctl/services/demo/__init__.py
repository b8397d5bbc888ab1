"""The demo: one session, two machines, a clean merge, a conflict, in a real repository."""

from __future__ import annotations

from sessionctl.services.demo.stage import Stage, Tools, Typed
from sessionctl.services.demo.telling import Chapter, Event, Remark, tell

__all__ = ["Chapter", "Event", "Remark", "Stage", "Tools", "Typed", "tell"]
