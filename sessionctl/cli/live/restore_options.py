"""Restore options: what was asked for on the command line of 'sessionctl restore'."""

from __future__ import annotations

from typing import NamedTuple


class RestoreOptions(NamedTuple):
    """The options of 'sessionctl restore'; an answer for a status line names no file."""

    windows: tuple[str, ...] = ()
    into: str | None = None
    replace: bool = False
    at: str | None = None
    fresh: bool = False
    attach: bool = False
    yes: bool = False
    no_input: bool = False
    socket: str = ""
    dry_run: bool = False
    as_json: bool = False
    adapter: str = ""
    verify: bool = False
    is_for_status_line: bool = False
