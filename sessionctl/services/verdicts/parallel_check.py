"""Parallel check: many files on all processors, reported in their order.

It begins in this process. What was checked before costs next to nothing, and for little else
other processes would not be worth their start: only where enough is left, they are started. They
say which files need no more than a word, as valid ones; about each other one this process finds
out itself what is wrong.
"""

from __future__ import annotations

import os
import sys
import time

from sessionctl.core.filename import STDIN
from sessionctl.core.text.source import Source
from sessionctl.services.documents.checked_file import CheckedFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    Check = Callable[[str], CheckedFile]
    Item = TypeVar("Item")
    Answer = TypeVar("Answer")

_FIRST = 16
_LEAST_S = 0.5
"""So much has to be left to do, as far as the first files tell."""
_MOST_PARTS = 8


def check_in_parallel(
    files: Sequence[str], check: Check, keep: Callable[[], None]
) -> Iterator[CheckedFile]:
    """Check ``files`` and yield them in their order; ``keep`` is called in each process."""

    def word(file: str) -> str | None:
        # What can be read once only, such as a pipe, is for the first process.
        is_file = file != STDIN and os.path.isfile(file)  # noqa: PTH113
        return _schema_of_valid(check(file)) if is_file else None

    return answer_in_parallel(files, check, word, _valid, keep)


def answer_in_parallel(
    items: Sequence[Item],
    answer: Callable[[Item], Answer],
    word: Callable[[Item], str | None],
    answer_of: Callable[[Item, str], Answer],
    keep: Callable[[], None],
) -> Iterator[Answer]:
    """Yield the answer to each of ``items`` in their order; ``keep`` is called in each process.

    Other processes hand over what ``word`` returns, of which ``answer_of`` makes the answer. It is
    of one line, and None where there is more to an answer.
    """
    # On a busy machine the clock says how long others take.
    started = time.process_time()
    for index, item in enumerate(items):
        if index % _FIRST == 0 and index:
            left_s = (time.process_time() - started) / index * (len(items) - index)
            parts = 1 if left_s < _LEAST_S else min(_MOST_PARTS, _processors())
            if parts > 1:
                keep()
                yield from _forked(items[index:], answer, (word, answer_of), keep, parts)
                return
        yield answer(item)


def _forked(
    items: Sequence[Item],
    answer: Callable[[Item], Answer],
    words: tuple[Callable[[Item], str | None], Callable[[Item, str], Answer]],
    keep: Callable[[], None],
    parts: int,
) -> Iterator[Answer]:
    from sessionctl.system.forked_work import ForkedWork

    word, answer_of = words

    def work(part: int) -> Iterator[bytes]:
        for index in range(part, len(items), parts):
            yield b"%d %s" % (index, _report(word(items[index])))
        keep()

    found: dict[int, str | None] = {}
    with ForkedWork(parts, work) as forked:
        is_running = True
        for index, item in enumerate(items):
            while is_running and index not in found:
                lines = forked.read()
                is_running = bool(lines)
                found.update(map(_read, lines))
            told = found.pop(index, None)
            yield answer(item) if told is None else answer_of(item, told)
        while is_running:
            is_running = bool(forked.read())


def _report(word: str | None) -> bytes:
    """Return "+" and a word, "-" without one."""
    if word is None or "\n" in word:
        return b"-"
    return b"+" + word.encode(errors="surrogateescape")


def _read(line: bytes) -> tuple[int, str | None]:
    index, _, report = line.partition(b" ")
    word = report[1:].decode(errors="surrogateescape") if report[:1] == b"+" else None
    return int(index), word


def _schema_of_valid(checked: CheckedFile) -> str | None:
    """Return what a valid file was held to, None for another one."""
    return None if checked.problems or checked.failure else checked.schema


def _valid(file: str, label: str) -> CheckedFile:
    return CheckedFile(file, source=Source("", file), schema=label)


def _processors() -> int:
    """Return how many processes may work; a copy of a process with threads may wait for ever."""
    threads = sys.modules.get("threading")
    if threads is not None and threads.active_count() > 1:
        return 1
    from sessionctl.system.forked_work import processors

    return processors()
