"""The voice: the answer on stdout, the talk on stderr, nothing that steers a terminal."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO, TypeVar

    from sessionctl.cli.progress_line import ProgressLine
    from sessionctl.services.machine import Machine

    Item = TypeVar("Item")

JSON_SCHEMA = "sessionctl/v1"

_ROLES = {
    "added": "32",
    "changed": "33",
    "dim": "2",
    "error": "1;31",
    "heading": "1",
    "hint": "36",
    "key": "1",
    "moved": "36",
    "place": "1",
    "removed": "31",
    "warning": "1;33",
}
# Noncharacters of Unicode stand for "role begins" and "role ends" until the text is
# written: so styled text can go through f-strings, the stream decides about colour at
# the last moment, and data that holds them can change a colour but never more.
_FIRST_ROLE = 0xFDD1
_END = "\ufdd0"
_BEGINS = {name: chr(_FIRST_ROLE + index) for index, name in enumerate(_ROLES)}
_PLAIN = dict.fromkeys([_END, *_BEGINS.values()], "")
_COLORED = {
    _END: "\x1b[0m",
    **{_BEGINS[name]: f"\x1b[{code}m" for name, code in _ROLES.items()},
}

_LINE_END = "\u240a"
_DOUBTFUL = ("://", "!", "$", "%", "^", "-----BEGIN")
_LONG_WORD = 20
_AT_ONCE = 500
"""So many lines are written at once."""


class Console:
    """Where a command speaks, and the machine it runs on; commands get it with ``@click.pass_obj``.

    Every method but ``data`` makes control characters visible, so values of a document
    may be put in as they are. Nothing is coloured with ``NO_COLOR``, ``TERM=dumb``,
    ``--no-color`` or when the stream is no terminal; ``--color`` overrides.
    """

    def __init__(
        self,
        *,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Take streams and environment; the process's own where none is given."""
        self._stdout = stdout
        self.paged_stdout: TextIO | None = None
        """What takes the place of stdout while a pager shows the answer."""
        self._stderr = stderr
        self._environ = environ = os.environ if environ is None else environ
        self._machine: Machine | None = None
        self._may_color = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self.color: bool | None = None
        """What ``--color`` or ``--no-color`` said; None when neither was given."""
        self.arguments: Sequence[str] = ()
        """The command line, without the name of the program."""
        self.wants_json = False
        """Whether ``--json`` was given before the command."""
        self.verbosity = 0
        """The number of ``-v`` less the number of ``-q``."""
        self.progress: ProgressLine | None = None
        """The line that says how far a long command is, where somebody may see it."""
        self.debug = environ.get("SESSIONCTL_DEBUG", "") not in ("", "0")

    @property
    def machine(self) -> Machine:
        """What is known of this machine and its user, read when it is first asked for."""
        if self._machine is None:
            from sessionctl.services.machine import read_machine

            self._machine = read_machine(self._environ)
        return self._machine

    @property
    def stdout(self) -> TextIO:
        """The stream of the answer."""
        if self.progress is not None:
            self.progress.clear()
        return self.paged_stdout or self._stdout or sys.stdout

    @property
    def stderr(self) -> TextIO:
        """The stream of the talk."""
        if self.progress is not None:
            self.progress.clear()
        return self._stderr or sys.stderr

    def begin(self, arguments: Sequence[str], doing: str = "") -> None:
        """Let people see how far a command is that lasts; see ``show_progress``.

        ``arguments`` are those of the command line; ``doing`` says it in other words.
        """
        self.arguments = tuple(arguments)
        stream = self.stderr
        if not stream.isatty():
            return
        from sessionctl.cli import progress_line

        if progress_line.is_seen(self._environ, arguments):
            self.progress = progress_line.ProgressLine(stream)
            self.progress.begin(doing or progress_line.doing(arguments))

    def show_progress(self, done: int, total: int, doing: str = "") -> None:
        """Say that ``done`` of ``total`` are done, of what is ``doing`` from now on."""
        if self.progress is not None and self.verbosity >= 0:
            if doing and self.progress.doing != doing:
                self.progress.begin(doing)
            self.progress.show(done, total)

    def counted(self, items: Sequence[Item]) -> Iterator[Item]:
        """Yield ``items``, and show how many of them are done."""
        for number, item in enumerate(items):
            self.show_progress(number, len(items))
            yield item

    def rest(self) -> None:
        """Let no progress be seen: somebody is asked, or another program has the terminal."""
        if self.progress is not None:
            self.progress.rest()

    def style(self, text: str, role: str) -> str:
        """Return ``text`` in the colours of ``role`` (a key of the role table).

        The result is for this console's own methods; the colour is decided when it is
        written, so it may be part of a longer text.
        """
        return f"{_BEGINS[role]}{_marked(text, _PLAIN)}{_END}"

    def out(self, text: str = "") -> None:
        """Write a line, or lines, of the answer."""
        self._write(self.stdout, f"{text}\n")

    def out_lines(self, lines: Sequence[str]) -> None:
        """Write many lines of the answer, as ``out`` does with each."""
        from sessionctl.core.scan.veil import holds_token, veiled

        for start in range(0, len(lines), _AT_ONCE):
            several = lines[start : start + _AT_ONCE]
            # A rule for tokens looks at many lines as fast as at one, and mostly finds nothing.
            if holds_token("\n".join(several)):
                for line in several:
                    self.out(line)
                continue
            shown = [veiled(f"{line}\n") if _has_sign(line) else f"{line}\n" for line in several]
            self._put(self.stdout, "".join(shown))

    def reveal(self, text: str) -> None:
        """Write a line with a secret in it that was asked for."""
        self.stdout.write(f"{_safe(text)}\n")

    def data(self, text: str) -> None:
        """Write a document's text to stdout, byte for byte, adding no line end.

        On a terminal, control characters are made visible; a document has no colours.
        """
        stream = self.stdout
        if stream.isatty():
            stream.write(_safe(text.replace("\r\n", "\n")))
            return
        stream.flush()
        stream.buffer.write(text.encode())

    def print_json(self, command: str, **data: object) -> None:
        """Write the one JSON object of ``--json``: schema, command, then ``data``.

        TOML values may stand in ``data``: dates and times become strings, ``nan`` and
        ``inf`` too (JSON has no words for them), key paths their text, named tuples
        objects.
        """
        from sessionctl.cli.output.json_text import render_json

        answer = {"schema": JSON_SCHEMA, "command": command, **data}
        self.stdout.write(render_json(answer) + "\n")

    def note(self, text: str) -> None:
        """Say what happened; silent with ``-q``."""
        if self.verbosity >= 0:
            self._write(self.stderr, f"{text}\n")

    def aside(self, text: str) -> None:
        """Write a line beside the answer, which ``-q`` does not silence."""
        self._write(self.stderr, f"{text}\n")

    def detail(self, text: str) -> None:
        """Say what only ``-v`` wants to know."""
        if self.verbosity > 0:
            self._write(self.stderr, f"{text}\n")

    def hint(self, text: str) -> None:
        """Say the next step to take; silent with ``-q``."""
        if self.verbosity >= 0:
            self._say("hint", text)

    def warn(self, text: str, *, hints: Iterable[str] = ()) -> None:
        """Say that something is not as it should be, though the command went on."""
        self._say("warning", text)
        for hint in hints:
            self.hint(hint)

    def error(self, text: str, *, excerpt: Iterable[str] = (), hints: Iterable[str] = ()) -> None:
        """Say why the command could not; the exit code is the caller's.

        ``excerpt`` are the lines that show where; they are taken once ``text`` is written.
        """
        self._say("error", text)
        for line in excerpt:
            self.aside(line)
        for hint in hints:
            self.hint(hint)

    def flush(self) -> None:
        """Hand over what was written; a full disk or a closed pipe shows here."""
        self.stdout.flush()

    def uses_color(self, stream: TextIO) -> bool:
        """Return whether text on ``stream`` is coloured."""
        if self.color is not None:
            return self.color
        return self._may_color and stream.isatty()

    def _say(self, kind: str, text: str) -> None:
        """Write one line: what names a window or a file may hold the end of one."""
        text = text.replace("\n", _LINE_END)
        self._write(self.stderr, f"sessionctl: {self.style(f'{kind}:', kind)} {text}\n")

    def _write(self, stream: TextIO, text: str) -> None:
        self._put(stream, _veiled(text))

    def _put(self, stream: TextIO, text: str) -> None:
        safe = _marked(_safe(text), _COLORED if self.uses_color(stream) else _PLAIN)
        try:
            stream.write(safe)
        except UnicodeEncodeError as error:
            # A Latin-1 terminal, or a file name that is not UTF-8: better shown escaped.
            stream.write(safe.encode(error.encoding, "backslashreplace").decode(error.encoding))


def _safe(text: str) -> str:
    plain = _marked(text, _PLAIN)
    if plain.isascii() and plain.replace("\n", "").isprintable():
        return text
    from sessionctl.core.text.source import visible_lines

    return visible_lines(text)


def _marked(text: str, marks: Mapping[str, str]) -> str:
    """Return ``text`` with each mark of a role replaced."""
    if not text.isascii():
        for mark, code in marks.items():
            text = text.replace(mark, code)
    return text


def _has_sign(text: str) -> bool:
    for sign in _DOUBTFUL:  # noqa: SIM110 - asked of every line: any() takes twice as long
        if sign in text:
            return True
    return False


def _veiled(text: str) -> str:
    """Return ``text`` without what has the shape of a secret; most texts hold nothing."""
    if not _has_sign(text) and not any(len(word) >= _LONG_WORD for word in text.split()):
        return text
    from sessionctl.core.scan.veil import veiled

    return veiled(text)
