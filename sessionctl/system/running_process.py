"""Running process: programs that run beside this one, and how each is spoken to."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from contextlib import suppress

from sessionctl.system.process import cannot_start, for_children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_END_S = 2.0
_GRACE_S = 0.5
# What git gives its pager where the user has not said anything else.
_DEFAULTS = {"LESS": "FRX", "LV": "-c"}


class PipedProcess:
    """A program that runs beside this one, spoken to through pipes; it has no terminal."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start it.

        Raises:
          ToolError: the program is missing or cannot start.
        """
        self._process = _started(argv, environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)

    def fileno(self) -> int:
        """Return the descriptor at which what it says arrives."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def read(self) -> bytes | None:
        """Return what it has said since the last time, None where it has closed its side."""
        chunks: list[bytes] = []
        while True:
            try:
                chunk = os.read(self.fileno(), 1 << 16)
            except BlockingIOError:
                return b"".join(chunks)
            if not chunk:
                return b"".join(chunks) or None
            chunks.append(chunk)

    def write(self, data: bytes) -> None:
        """Say ``data`` to it; one that has gone does not hear it."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(data)

    def end(self) -> None:
        """Let it end, and wait for it; one that does not is killed."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class LoggedProcess:
    """A program that runs beside this one, and reports on stderr alone; it has no terminal."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start it.

        Raises:
          ToolError: the program is missing or cannot start.
        """
        self._process = _started(argv, environ, stderr=subprocess.PIPE)
        self.pid = self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def lines(self) -> Iterator[str]:
        """Yield each line when it comes, until all that hold its stderr have ended."""
        assert self._process.stderr is not None
        with io.TextIOWrapper(
            io.BufferedReader(self._process.stderr),  # type: ignore[type-var]
            encoding="utf-8",
            errors="replace",
        ) as stream:
            for line in stream:
                yield line.rstrip("\r\n")

    def end(self) -> None:
        """End it and what it started, and wait for it; one that was stopped is killed."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_S)


class PagedText(io.TextIOWrapper):
    """The text that a pager shows: written to its pipe, though it ends on the terminal."""

    def __init__(self, pipe: io.BufferedWriter, terminal: int, encoding: str) -> None:
        """Write to ``pipe``; ``terminal`` is the descriptor whose size counts."""
        super().__init__(pipe, encoding=encoding, errors="backslashreplace", newline="\n")
        self._terminal = terminal

    def isatty(self) -> bool:
        """Return true: what is written is seen on a terminal."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._terminal


class PagerProgram:
    """A pager that runs; ``text`` is what it is given."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], *, terminal: int, encoding: str
    ) -> None:
        """Start it.

        Raises:
          OSError: it cannot be started.
        """
        environment = {**_DEFAULTS, **for_children(environ)}
        self._process = subprocess.Popen(list(argv), env=environment, stdin=subprocess.PIPE)
        assert isinstance(self._process.stdin, io.BufferedWriter)
        self.text = PagedText(self._process.stdin, terminal, encoding)

    def end(self) -> None:
        """Say that there is no more text, and wait until the user leaves.

        Ctrl-C is the pager's own meanwhile.
        """
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with suppress(OSError):  # the user left before the end
                self.text.close()
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, before)


def _started(
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a program away from our terminal: Ctrl-C there is for us alone.

    Raises:
      ToolError: the program is missing or cannot start.
    """
    try:
        return subprocess.Popen(
            list(argv),
            env=for_children(environ),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as error:
        raise cannot_start(argv[0], None, error, environ.get("PATH")) from error
