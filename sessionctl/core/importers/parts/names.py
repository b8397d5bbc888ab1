"""Names of sessions and windows, and how windows of one name stay apart."""

from __future__ import annotations

import re

from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import SourceScalar
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]")
NAME = KeyPath(["name"])


def session_name(ledger: Ledger, scalar: SourceScalar | None, fallback: str) -> str:
    """Return the name of the session; ``fallback`` is what the name of the file says."""
    text = "" if scalar is None else ledger.text(scalar, NAME)
    name = _CONTROL.sub("_", text).strip()
    if scalar is not None and name != text:
        message = f'a session has no such name; it is called "{name or fallback}"'
        ledger.report(CHANGED, scalar, message)
    elif scalar is not None and _VARIABLE.search(name):
        ledger.report(DOUBT, scalar, f"{ledger.tool} puts a variable in this name; it stays")
    return name or _CONTROL.sub("_", fallback).strip() or "session"


def window_name(ledger: Ledger, scalar: SourceScalar | None) -> str:
    """Return the name of a window, "" without one; a variable in it is reported."""
    if scalar is None:
        return ""
    name = ledger.text(scalar, NAME)
    if _VARIABLE.search(name):
        ledger.report(DOUBT, scalar, f"{ledger.tool} puts a variable in this name; it stays")
    return name


def number_windows(windows: list[Table]) -> None:
    """Give windows their numbers where several have one name, so that they stay apart."""
    names = [window.get("name") for window in windows]
    if len(set(map(str, names))) == len(names):
        return
    given = [index for window in windows if isinstance(index := window.get("index"), int)]
    number = max(given, default=0)
    for window in windows:
        if "index" not in window:
            number += 1
            window["index"] = number


def in_tmux_order(windows: list[Table], base: int) -> list[Table]:
    """Return windows of which some have a number in the order that tmux gives them.

    tmux puts a window without a number at the first free one, from ``base`` on; in a session
    file it comes behind the window before it.
    """
    given = [index for window in windows if isinstance(index := window.get("index"), int)]
    if not given or len(set(given)) < len(given):
        return windows
    taken: set[int] = set()
    placed: list[tuple[int, Table]] = []
    for window in windows:
        index = window.get("index")
        number = index if isinstance(index, int) else base
        while number in taken:
            number += 1
        taken.add(number)
        placed.append((number, window))
    placed.sort(key=lambda pair: pair[0])
    has_twins = len({str(window.get("name")) for window in windows}) < len(windows)
    before = base - 1
    for number, window in placed:
        if has_twins or number != before + 1:
            window["index"] = number
        before = number
    return [window for _, window in placed]
