"""Session names: the file that a word stands for, looked for in one order, whoever asks.

A path that is there; the session of that name in this directory; below it; the one that a live
session of that name was saved into; the user's directory of sessions. The first place that has
the name decides. A file is called by its name without ``.session.toml``; where no file is called
so, by the ``name`` that it gives its session.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH109, PTH110, PTH112, PTH113, PTH118, PTH119, PTH120, PTH208
import os
import re
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX, STDIN, is_session_name
from sessionctl.core.leftover import is_leftover
from sessionctl.core.text.near_words import nearest
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.errors import UsageError
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.system.files.session_files import nearby_sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.services.machine import Machine

_NOT_IN_FILES = re.compile(r"[/\\\x00-\x1f\x7f]|^[.-]")
_LONGEST = 100
_LISTED = 12
_READ_BYTES = 1 << 20
_OPENED = 200
_TYPED = 3


class NamePlaces(NamedTuple):
    """Where sessions are looked for: ``here``, what is remembered, and the user's directory.

    ``home`` and ``state`` are "" if missing. ``own`` are the directories that are
    sessionctl's own: nothing in them is looked at.
    """

    here: str = "."
    state: str = ""
    home: str = ""
    own: tuple[str, ...] = ()

    @classmethod
    def of(cls, machine: Machine, here: str = ".") -> NamePlaces:
        """Return the places of the user of ``machine``."""
        config = machine.config
        home = f"{config}/sessions" if config else ""
        return cls(here, machine.state or "", home, machine.own_places)


class SessionNames:
    """The session files that can be called by a name."""

    def __init__(self, places: NamePlaces) -> None:
        self.places = places
        self._below: list[str] | None = None

    def find(self, word: str, *, is_session: bool = False) -> list[str]:
        """Return the files that ``word`` stands for: none, one, or several with one name.

        A word that is the path of a file is that, and so is one that can be nothing but the
        path of a file that is not there. With ``is_session``, a session called so comes before
        a file whose whole name the word is, such as ``build`` beside ``build.session.toml``.
        """
        if word == STDIN:
            return [word]
        if _is_file(word):
            is_bare = "/" not in word and not word.endswith(".toml") and not is_session_name(word)
            named = self._called(word) if is_session and is_bare else []
            return named or [word]
        whole = _with_suffix(word)
        if "/" in word and _is_there(whole):
            return [whole]
        if word.endswith(".toml") or is_session_name(word):
            return [word]
        stems = {_stem(word), file_stem(word)}
        return self._called(word) or self._begun(stems) or ([word] if is_path_like(word) else [])

    def _begun(self, stems: set[str]) -> list[str]:
        """Return the old file of a rename that was cut, by its name."""
        if not self.places.state or not os.path.isdir(f"{self.places.state}/naming"):
            return []
        from sessionctl.services.naming.naming_journal import NamingJournal

        olds = [entry.old for entry in NamingJournal(self.places.state).entries()]
        return _apart([old for old in olds if _stem(os.path.basename(old)) in stems])

    def require(self, word: str, *, is_session: bool = False) -> str:
        """Return the one file that ``word`` stands for.

        Raises:
          UsageError: there is none, or there are several; the hints name them.
        """
        found = self.find(word, is_session=is_session)
        if len(found) > 1:
            raise _ambiguous(word, found)
        if not found:
            raise self.unknown(word)
        return found[0]

    def known(self) -> list[str]:
        """Return the names of all sessions that can be found, sorted."""
        names = {_stem(os.path.basename(file)) for file in self._files()}
        return sorted(names | {name for name, _ in self._remembered()})

    def files(self) -> dict[str, str]:
        """Return the file of each name that stands for one, by the name."""
        found: dict[str, str] = {}
        for file in self._files():
            found.setdefault(_stem(os.path.basename(file)), file)
        return found

    def namesakes(self, path: str) -> list[str]:
        """Return the other files that are called as the session file ``path`` is, wherever."""
        name, real = _stem(os.path.basename(path)), os.path.realpath(path)
        found = [file for level in self._levels(name, {name, file_stem(name)}) for file in level]
        return [file for file in _apart(found) if os.path.realpath(file) != real]

    def gone(self, word: str) -> list[str]:
        """Return the files of deleted sessions called ``word``, of which texts are kept."""
        from sessionctl.system.store.store import Store

        targets = [archive.target for archive in Store(self.places.state or None).archives()]
        stems = {_stem(word), file_stem(word)}
        return _apart(
            [
                os.path.relpath(file) if os.path.dirname(file) == os.getcwd() else file
                for file in targets
                if _stem(os.path.basename(file)) in stems and not os.path.lexists(file)
            ]
        )

    def unknown(self, word: str) -> UsageError:
        """Return the error that nothing is called ``word``, with what is called nearly so."""
        known = self.known()
        near = nearest(word, known, count=3)
        hints = [f"did you mean {' or '.join(map(visible, near))}?"] if near else []
        if known and not near:
            more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
            hints = [f"there are: {', '.join(map(visible, known[:_LISTED]))}{more}"]
        return UsageError(
            f"no session file is known for {visible(word)}",
            hints=[*hints, "name the file, or save the session first: sessionctl save NAME"],
        )

    def near(self, word: str) -> list[str]:
        """Return what ``word``, which names nothing, was probably meant to be, to be typed."""
        if is_path_like(word):
            return list(map(path_word, near_files(word)))
        return list(map(path_word, nearest(word, self.known()) or near_files(word)))

    # -- the places, in their order -------------------------------------------------------

    def _called(self, word: str) -> list[str]:
        for files in self._levels(word, {_stem(word), file_stem(word)}):
            found = _apart(files)
            if found:
                return found
        return self._titled(word)

    def _levels(self, word: str, stems: set[str]) -> Iterator[list[str]]:
        yield _in(self.places.here, stems)
        yield [file for file in self._files_below() if _stem(os.path.basename(file)) in stems]
        known = StandingMarks(self.places.state or None).file_of(word)
        yield [known] if known is not None else []
        yield _in(self.places.home, stems)

    def _files_below(self) -> list[str]:
        if self._below is None:
            self._below = nearby_sessions(self.places.here, own=self.places.own)
        return self._below

    def _files(self) -> Iterator[str]:
        yield from self._files_below()
        yield from (file for _, file in self._remembered())
        home = self.places.home
        for name in _entries(home):
            if name.endswith(SESSION_SUFFIX) and not is_leftover(name):
                yield os.path.join(home, name)

    def _remembered(self) -> list[tuple[str, str]]:
        from sessionctl.services.live.live_memory import LiveMemory

        records = LiveMemory(self.places.state or None).records()
        return [(record.name, record.file) for record in records if os.path.isfile(record.file)]

    def _titled(self, word: str) -> list[str]:
        """Return the files whose session has the name ``word`` in it."""
        files = list(dict.fromkeys(self._files()))[:_OPENED]
        return _apart([file for file in files if _title(file) == word])


def file_stem(name: str) -> str:
    """Return what the file of the session ``name`` is called, without its ending."""
    return _NOT_IN_FILES.sub("_", name)[:_LONGEST].strip() or "session"


def near_files(path: str) -> list[str]:
    """Return the files beside ``path``, which is not there, whose names are nearly its own."""
    folder, name = os.path.split(path)
    entries = [entry for entry in _entries(folder or ".") if not is_leftover(entry)]
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    near = [entry for entry in nearest(name, entries, count=3) if entry.endswith(ending)]
    return [os.path.join(folder, one) for one in near if _is_slip(name, one)][:1]


def _is_slip(name: str, other: str) -> bool:
    """Return whether the two differ by a slip or two; endings alike make any names look so."""
    if name.casefold() == other.casefold():
        return True
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, name, other, autojunk=False).get_matching_blocks()
    different = len(name) + len(other) - 2 * sum(block.size for block in blocks)
    length = len(name.partition(".")[0])
    return length >= _TYPED and different <= 2 + (length - _TYPED) // 4


def is_path_like(word: str) -> bool:
    """Return whether ``word`` is written as a path, not as a name."""
    return "/" in word or word.endswith(".toml") or is_session_name(word)


def _is_file(path: str) -> bool:
    return os.path.exists(path) and not os.path.isdir(path)


def _is_there(path: str) -> bool:
    """Return whether a file, or a link that may lead nowhere, has this path."""
    return os.path.lexists(path) and not os.path.isdir(path)


def _stem(name: str) -> str:
    return name.removesuffix(SESSION_SUFFIX).removesuffix(".session")


def _with_suffix(word: str) -> str:
    return f"{word.removesuffix('.session')}{SESSION_SUFFIX}"


def _in(directory: str, stems: set[str]) -> list[str]:
    if not directory:
        return []
    files = (os.path.join(directory, f"{stem}{SESSION_SUFFIX}") for stem in sorted(stems) if stem)
    return [os.path.normpath(file) for file in files if _is_there(file)]


def _entries(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory)) if directory else []
    except OSError:
        return []


def _apart(files: Sequence[str]) -> list[str]:
    """Return ``files``, of several paths that lead to one file the shortest."""
    found: dict[str, str] = {}
    for file in sorted(files, key=lambda one: (len(one), one)):
        found.setdefault(os.path.realpath(file), file)
    return sorted(found.values())


def _title(file: str) -> str:
    from sessionctl.core.toml.document import Document
    from sessionctl.errors import SessionctlError
    from sessionctl.system.files.text import read_text

    try:
        name = Document.parse(read_text(file, limit_bytes=_READ_BYTES)).value.get("name")
    except SessionctlError:
        return ""
    return name if isinstance(name, str) else ""


def _ambiguous(word: str, files: Sequence[str]) -> UsageError:
    shown = ", ".join(map(visible, files[:_LISTED]))
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    return UsageError(
        f"{len(files)} sessions are called {visible(word)}: {shown}{more}",
        hints=[f"type the path of the one you mean: {path_word(files[0])}"],
    )
