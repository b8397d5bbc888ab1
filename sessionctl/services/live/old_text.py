"""Old text: what panes showed when they were saved, kept in the state directory alone.

It is the user's own and may hold anything, so it is never part of a session file: mode 0600,
capped, without the secrets that are found in it, sealed to the user's own key where there is
one, and shown again as what it is.
"""

from __future__ import annotations

# One small file a session: plain os calls here.
# ruff: noqa: PTH101, PTH108, PTH110, PTH118, PTH120
import json
import os
import re
import time
from typing import NamedTuple

from sessionctl.core.secrets.agefile import BEGIN
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.secret_mask import mask_lines, screen_values
from sessionctl.core.workspace.seen_values import SeenValues
from sessionctl.errors import SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from sessionctl.services.secrets.own_seal import OwnSeal
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


class KeptTexts(NamedTuple):
    """The texts of panes by window and pane; ``note`` says why what was kept is not shown."""

    texts: Mapping[Place, str]
    note: str = ""

    def of_windows(self, items: Sequence[int]) -> dict[Place, str]:
        """Return those of the windows ``items`` of the file, by their numbers among them."""
        numbers = {item: number for number, item in enumerate(items)}
        return {
            (numbers[item], pane): text
            for (item, pane), text in self.texts.items()
            if item in numbers
        }


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


def values_in(texts: Mapping[Place, str]) -> set[str]:
    """Return the secrets that are found in texts of panes."""
    return {value for text in texts.values() for value in screen_values(text)}


def shown_again(text: str, saved_s: float) -> str:
    """Return ``text`` for a terminal, with a line below it that says from when it is."""
    when = time.strftime(_DAY_FORMAT, time.localtime(saved_s))
    return f"{text}\x1b[0m\n\x1b[2m{_MARK}{when} --\x1b[0m"


class OldTextStore:
    """The texts of the panes of session files, one file each in the state directory."""

    def __init__(self, state_directory: str | None) -> None:
        self.folder = None if state_directory is None else os.path.join(state_directory, FOLDER)

    def keep(
        self,
        file: str,
        texts: Mapping[Place, str],
        seal: OwnSeal | None = None,
        seen: Iterable[str] | None = None,
    ) -> None:
        """Keep the texts of the panes of ``file``, by window and pane; raises ``FileError``.

        What was ``seen`` as a secret, else what is found in one of them, is masked in all. With a
        ``seal`` that has a key nothing of them is written in plain.
        """
        path = self._path(file)
        if path is None:
            return
        values = SeenValues(values_in(texts) if seen is None else seen)
        items = [[*place, mask_lines(text, values)] for place, text in sorted(texts.items())]
        content = json.dumps({"format": _FORMAT, "at_s": time.time(), "texts": items})
        if seal is not None:
            content = seal.seal(content) or content
        try:
            make_private(os.path.dirname(path))
            if not os.path.exists(path):
                write_text(path, "", is_durable=False)
            os.chmod(path, 0o600)
            write_text(path, content, is_durable=False)  # what was shown is no edit
        except OSError as error:
            raise cannot("keep its text", file, error) from error

    def read(self, file: str, make_seal: Callable[[], OwnSeal] | None = None) -> KeptTexts:
        """Return the texts that were kept of ``file``, as they are shown again.

        ``make_seal`` is called only where they are sealed. What cannot be read is no error.
        """
        path = self._path(file)
        if path is None or not os.path.exists(path):
            return KeptTexts({})
        skipped = f"{visible(file)}: the old text of its panes is not shown: "
        try:
            content = read_text(path)
            if content.startswith(BEGIN):
                opened = None if make_seal is None else make_seal().open(content)
                if opened is None:
                    why = "no key opens it without a prompt, or it is damaged"
                    return KeptTexts({}, f"{skipped}{why}; save --scrollback replaces it")
                content = opened
            return KeptTexts(_shown(json.loads(content)))
        except (SessionctlError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            why = f"{visible(path)} is damaged or cannot be read"
            return KeptTexts({}, f"{skipped}{why}; save --scrollback replaces it")

    def forget(self, file: str) -> None:
        """Remove what was kept of ``file``."""
        path = self._path(file)
        if path is not None and os.path.exists(path):
            os.unlink(path)

    def _path(self, file: str) -> str | None:
        if self.folder is None:
            return None
        return os.path.join(self.folder, f"{key_of(os.path.realpath(file))}.json")


def _shown(data: Any) -> dict[Place, str]:
    if data["format"] != _FORMAT:
        raise ValueError("another format")
    at_s = float(data["at_s"])
    return {(int(w), int(p)): shown_again(str(t), at_s) for w, p, t in data["texts"]}


def _cleaned(text: str) -> str:
    """Return ``text`` with nothing in it that a terminal acts on but colours."""
    safe = _SEQUENCE.sub(lambda match: match[0] if _COLOUR.fullmatch(match[0]) else "", text)
    lines = [line.rstrip() for line in safe.split("\n")]
    while lines and not _COLOUR.sub("", lines[-1]).strip():
        lines.pop()
    kept = [line for line in lines if _MARK not in line][-_MOST_LINES:]
    cleaned = "\n".join(kept)
    return cleaned[-_MOST_CHARACTERS:]
