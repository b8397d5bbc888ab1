"""Events: what happened to a file or to the live side, and when."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.light_enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias


class FileKind(Enum):
    """What was found where the file should be."""

    TEXT = "text"
    """A text that is valid."""
    INVALID = "invalid"
    """A text that is not TOML, or breaks its schema."""
    MARKED = "marked"
    """A text with conflict markers: somebody is about to settle a merge."""
    MISSING = "missing"
    UNREADABLE = "unreadable"


class FileSeen(NamedTuple):
    """What a look at the file showed; ``note`` tells why it could not be read."""

    kind: FileKind
    text: str = ""
    note: str = ""


class ActionOutcome(Enum):
    """How an action ended."""

    DONE = "done"
    CHANGED = "changed"
    """Nothing was done: what is there is not what was expected."""
    FAILED = "failed"


class Begin(NamedTuple):
    """The document is kept in step from now on: look at both sides at once."""

    at_ms: int


class FileNoticed(NamedTuple):
    """Something may have happened to the file; what it was does not matter."""

    at_ms: int


class LiveNoticed(NamedTuple):
    """The live side says that it changed."""

    at_ms: int


class Flush(NamedTuple):
    """The live side is to be saved at once, without waiting for it to come to rest."""

    at_ms: int


class Tick(NamedTuple):
    """Time went by."""

    at_ms: int


class SidesSeen(NamedTuple):
    """The answer to ``Look``: both sides at one moment.

    ``live`` is None where there is no live side yet. ``git`` names what git is in the
    middle of, "" for nothing. ``is_open`` says that another program holds the file open
    for writing.
    """

    at_ms: int
    file: FileSeen
    live: str | None
    git: str = ""
    is_open: bool = False


class WriteResult(NamedTuple):
    """The answer to ``WriteFile``; ``note`` tells why it failed."""

    at_ms: int
    outcome: ActionOutcome = ActionOutcome.DONE
    note: str = ""


class ApplyResult(NamedTuple):
    """The answer to ``ApplyLive``; ``note`` tells why it failed."""

    at_ms: int
    outcome: ActionOutcome = ActionOutcome.DONE
    note: str = ""


class Recreate(NamedTuple):
    """The user wants a file that is gone to be written again."""

    at_ms: int


class Settle(NamedTuple):
    """The user settled conflicts: by the text of the file, or by that of the live side.

    ``paths`` are key paths as text; none stands for all conflicts.
    """

    at_ms: int
    by_file: bool
    paths: tuple[str, ...] = ()


class WatchLost(NamedTuple):
    """The file can no longer be watched, only looked at now and then; "" ends that."""

    at_ms: int
    reason: str


if TYPE_CHECKING:
    Event: TypeAlias = (
        Begin
        | FileNoticed
        | LiveNoticed
        | Flush
        | Tick
        | SidesSeen
        | WriteResult
        | ApplyResult
        | Recreate
        | Settle
        | WatchLost
    )
