"""The demo: a live session saved and brought back; one file, two machines, a merge, a conflict."""

from __future__ import annotations

from sessionctl.services.demo.chapters import play
from sessionctl.services.demo.event import Chapter, Event, Remark, TypedCommand
from sessionctl.services.demo.stage import Stage, Tools

__all__ = ["Chapter", "Event", "Remark", "Stage", "Tools", "TypedCommand", "play"]
