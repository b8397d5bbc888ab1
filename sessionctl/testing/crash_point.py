"""Crash points: where a save and a restore can be cut short, and a process that ends there."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

CRASH_CODE = 86
"""With what a process ends at a crash point."""

_SAVE = "sessionctl.system.store.save"
_PLACE = "sessionctl.system.store.displacement"
_MEMORY = "sessionctl.services.watching.sync_memory"
_STATES = "sessionctl.sdk.states"


class _Point(NamedTuple):
    """The function that is done at a point, or ``is_before`` it begins; what it is for."""

    module: str
    function: str
    text: str
    is_before: bool = False


_POINTS = {
    "save:read": _Point(f"{_STATES}.provider_side", "ProviderSide.get", "the providers were asked"),
    "save:begun": _Point(f"{_SAVE}", "Saving.settle", "the document is locked, nothing written"),
    "save:listed": _Point(_SAVE, "Saving._record", "old and new text are in the archive"),
    "save:written": _Point(_PLACE, "DocumentPlace.write_beside", "the new text is beside the file"),
    "save:created": _Point(_SAVE, "put_new", "the first text is in its place"),
    "save:exchanged": _Point(_PLACE, "swap", "the new text is in its place, the old one beside"),
    "save:synced": _Point(_PLACE, "DocumentPlace.sync", "the exchange is on the disk"),
    "save:cleaned": _Point(_SAVE, "remove_quietly", "the old text was removed"),
    "save:agreed": _Point(_MEMORY, "SyncMemory.keep_base", "what both agreed on is remembered"),
    "save:aside": _Point(_MEMORY, "SyncMemory.keep_pending", "what the file cannot be given"),
    "restore:begun": _Point(
        f"{_STATES}.state_restoration", "read_stored", "nothing was read", is_before=True
    ),
    "restore:read": _Point(f"{_STATES}.state_restoration", "read_stored", "the state was read"),
    "restore:noted": _Point(f"{_STATES}.restore_guard", "RestoreGuard.note", "the state is noted"),
    "restore:applying": _Point(
        f"{_STATES}.provider_side", "ProviderSide.apply_one", "a provider is about to get it",
        is_before=True,
    ),
    "restore:applied": _Point(
        f"{_STATES}.provider_side", "ProviderSide.apply_one", "a provider has it"
    ),
    "restore:clear": _Point(f"{_STATES}.restore_guard", "RestoreGuard.clear", "the note is gone"),
}  # fmt: skip


def crash_points(of: str = "") -> tuple[str, ...]:
    """Return the names of all points, or of those of "save" or "restore", in their order."""
    return tuple(name for name in _POINTS if name.startswith(of))


def point_text(name: str) -> str:
    """Return what is done when a process ends at the point ``name``."""
    return _POINTS[name].text


@contextmanager
def crash_at(name: str, *, hit: int = 1) -> Iterator[None]:
    """End this process where it comes to a point for the ``hit``-th time, as ``kill -9`` does.

    Nothing is tidied up: no ``finally``, no ``atexit``, no other thread. It is meant for a
    process of its own; ``TemporaryWorkspace.crash`` starts one.

    Raises:
      UsageError: there is no such point.
    """
    point = _POINTS.get(name)
    if point is None:
        raise UsageError(
            f"crash point {name}: not found", hints=[f"there are: {', '.join(_POINTS)}"]
        )
    left = [hit]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(CRASH_CODE)

    owner, attribute = _owner_of(point)
    original = getattr(owner, attribute)

    def counted(*arguments: Any, **options: Any) -> Any:
        if point.is_before:
            count()
        answer = original(*arguments, **options)
        if not point.is_before:
            count()
        return answer

    setattr(owner, attribute, counted)
    try:
        yield
    finally:
        setattr(owner, attribute, original)


def _owner_of(point: _Point) -> tuple[Any, str]:
    owner: Any = import_module(point.module)
    *path, attribute = point.function.split(".")
    for name in path:
        owner = getattr(owner, name)
    return owner, attribute


def run_apart(work: Callable[[], object]) -> int:
    """Return the exit code of a copy of this process that does ``work`` and ends.

    It is negative where a signal ended it, 1 where ``work`` raised.
    """
    with warnings.catch_warnings():
        # Python 3.12 warns of threads; the copy begins with none of its own and needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            # Whatever happens: the copy must not go on with the test of its parent.
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
