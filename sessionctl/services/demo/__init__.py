"""The demo: one session, two machines, a clean merge, a conflict, in a real repository."""

from __future__ import annotations

from sessionctl.services.demo.chapters import Chapter, Event, Remark, tell
from sessionctl.services.demo.stage import Stage, Tools, TypedCommand

__all__ = ["Chapter", "Event", "Remark", "Stage", "Tools", "TypedCommand", "tell"]
