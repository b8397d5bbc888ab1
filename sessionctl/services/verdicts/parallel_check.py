"""Parallel check: many files on all processors, reported in their order.

It begins in this process. What was checked before costs next to nothing, and for little else
other processes would not be worth their start: only where enough is left, they are started. They
say which files are valid; about each other one this process finds out itself what is wrong.
"""

from __future__ import annotations

import time

from sessionctl.core.filename import STDIN
from sessionctl.core.text.source import Source
from sessionctl.services.documents.checked_file import CheckedFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Check = Callable[[str], CheckedFile]

_FIRST = 16
_LEAST_S = 0.5
"""So much has to be left to do, as far as the first files tell."""
_MOST_PARTS = 8


def check_in_parallel(
    files: Sequence[str], check: Check, keep: Callable[[], None]
) -> Iterator[CheckedFile]:
    """Check ``files`` and yield them in their order; ``keep`` is called in each process."""
    started = time.monotonic()
    for index, file in enumerate(files):
        if index % _FIRST == 0 and index:
            left_s = (time.monotonic() - started) / index * (len(files) - index)
            parts = 1 if left_s < _LEAST_S else min(_MOST_PARTS, _processors())
            if parts > 1:
                keep()
                yield from _forked(files[index:], check, keep, parts)
                return
        yield check(file)


def _forked(
    files: Sequence[str], check: Check, keep: Callable[[], None], parts: int
) -> Iterator[CheckedFile]:
    from sessionctl.system.forked_work import ForkedWork

    def work(part: int) -> Iterator[bytes]:
        for index in range(part, len(files), parts):
            yield b"%d %s" % (index, _report(files[index], check))
        keep()

    labels: dict[int, str | None] = {}
    with ForkedWork(parts, work) as forked:
        is_running = True
        for index, file in enumerate(files):
            while is_running and index not in labels:
                lines = forked.read()
                is_running = bool(lines)
                labels.update(map(_read, lines))
            label = labels.pop(index, None)
            yield check(file) if label is None else _valid(file, label)
        while is_running:
            is_running = bool(forked.read())


def _report(file: str, check: Check) -> bytes:
    """Return "+" and what a valid file was held to, "-" for another one."""
    if file == STDIN:
        return b"-"
    checked = check(file)
    if checked.problems or checked.failure or "\n" in checked.schema:
        return b"-"
    return b"+" + checked.schema.encode(errors="surrogateescape")


def _read(line: bytes) -> tuple[int, str | None]:
    index, _, report = line.partition(b" ")
    label = report[1:].decode(errors="surrogateescape") if report[:1] == b"+" else None
    return int(index), label


def _valid(file: str, label: str) -> CheckedFile:
    return CheckedFile(file, source=Source("", file), schema=label)


def _processors() -> int:
    from sessionctl.system.forked_work import processors

    return processors()
