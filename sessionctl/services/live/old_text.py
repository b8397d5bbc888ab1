"""Old text: what panes showed when they were saved, kept in the state directory alone.

It is the user's own and may hold anything, so it is never part of a session file: mode 0600,
capped, without the secrets that are found in it, and shown again as what it is.
"""

from __future__ import annotations

# One small file a session: plain os calls here.
# ruff: noqa: PTH101, PTH108, PTH110, PTH118, PTH120
import json
import os
import re
import time
from typing import NamedTuple

from sessionctl.core.workspace.secret_mask import mask_lines
from sessionctl.errors import SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.tmux.tmux_server import TmuxServer

    Place = tuple[int, int]

FOLDER = "scrollback"
_FORMAT = 1
_MOST_LINES = 2000
_MOST_CHARACTERS = 256 * 1024
_DAY_FORMAT = "%Y-%m-%d %H:%M"
_MARK = "-- from before, saved "
# What sets colours and no more; all else a terminal could be told is left out.
_SEQUENCE = re.compile(
    r"\x1b\[[0-9;:]*m|\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\x1b])|[\x00-\x08\x0b-\x1f\x7f]"
)
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")


class PaneText(NamedTuple):
    """The id of a pane, and whether a program has its whole screen."""

    id: str
    is_in_alternate: bool = False


def capture_texts(server: TmuxServer, panes: Mapping[Place, PaneText]) -> dict[Place, str]:
    """Return the last lines of each pane with their colours; those without text are left out.

    Of a pane whose whole screen a program has, only what it showed before.
    """
    commands: list[tuple[str, ...]] = []
    for pane in panes.values():
        end = ("-E", "-1") if pane.is_in_alternate else ()
        commands.append(
            ("capture-pane", "-p", "-e", "-J", "-S", f"-{_MOST_LINES}", *end, "-t", pane.id)
        )
    found: dict[Place, str] = {}
    for place, answer in zip(panes, server.run(commands), strict=True):
        text = _cleaned(answer.text)
        if text:
            found[place] = text
    return found


def shown_again(text: str, saved_s: float) -> str:
    """Return ``text`` for a terminal, with a line below it that says from when it is."""
    when = time.strftime(_DAY_FORMAT, time.localtime(saved_s))
    return f"{text}\x1b[0m\n\x1b[2m{_MARK}{when} --\x1b[0m"


class OldTextStore:
    """The texts of the panes of session files, one file each in the state directory."""

    def __init__(self, state_directory: str | None) -> None:
        self.folder = None if state_directory is None else os.path.join(state_directory, FOLDER)

    def keep(self, file: str, texts: Mapping[Place, str]) -> None:
        """Keep the texts of the panes of ``file``, by window and pane; raises ``FileError``."""
        path = self._path(file)
        if path is None:
            return
        items = [[*place, mask_lines(text)] for place, text in sorted(texts.items())]
        data = {"format": _FORMAT, "at_s": time.time(), "texts": items}
        try:
            make_private(os.path.dirname(path))
            if not os.path.exists(path):
                write_text(path, "", is_durable=False)
            os.chmod(path, 0o600)
            write_text(path, json.dumps(data), is_durable=False)  # what was shown is no edit
        except OSError as error:
            raise cannot("keep the text of", file, error) from error

    def read(self, file: str) -> dict[Place, str]:
        """Return the texts that were kept of ``file``, as they are shown again."""
        path = self._path(file)
        if path is None or not os.path.exists(path):
            return {}
        try:
            data = json.loads(read_text(path))
            if data["format"] != _FORMAT:
                return {}
            at_s = float(data["at_s"])
            return {(int(w), int(p)): shown_again(str(t), at_s) for w, p, t in data["texts"]}
        except (SessionctlError, ValueError, TypeError, KeyError):
            return {}

    def forget(self, file: str) -> None:
        """Remove what was kept of ``file``."""
        path = self._path(file)
        if path is not None and os.path.exists(path):
            os.unlink(path)

    def _path(self, file: str) -> str | None:
        if self.folder is None:
            return None
        return os.path.join(self.folder, f"{key_of(os.path.realpath(file))}.json")


def _cleaned(text: str) -> str:
    """Return ``text`` with nothing in it that a terminal acts on but colours."""
    safe = _SEQUENCE.sub(lambda match: match[0] if _COLOUR.fullmatch(match[0]) else "", text)
    lines = [line.rstrip() for line in safe.split("\n")]
    while lines and not _COLOUR.sub("", lines[-1]).strip():
        lines.pop()
    kept = [line for line in lines if _MARK not in line][-_MOST_LINES:]
    cleaned = "\n".join(kept)
    return cleaned[-_MOST_CHARACTERS:]
