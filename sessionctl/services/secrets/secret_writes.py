"""Writing: the files that an action changes, as values, and in which order they are written."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.filename import RECIPIENTS_FILE, VAULT_FOLDER
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import RefusedError
from sessionctl.system.files.text import create_text, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.system.store.store import Store


@dataclass(frozen=True, slots=True)
class Write:
    """Give a file the content ``after``; ``before`` is None for a file that is new."""

    path: Path
    before: str | None
    after: str

    @property
    def done(self) -> str:
        """What to say once it is written."""
        return f"{'made' if self.before is None else 'changed'} {self.path}"

    def __str__(self) -> str:
        return f"{'make' if self.before is None else 'change'} {self.path}"


def needed(writes: Iterable[Write]) -> tuple[Write, ...]:
    """Return those that change something."""
    return tuple(write for write in writes if write.before != write.after)


def carry_out(writes: Iterable[Write], store: Store | None) -> list[str]:
    """Write the files in their order, each wholly or not at all; return what to tell.

    A session or sidecar that somebody else changed meanwhile is joined with that change
    by key; of other files, and without a ``store``, nothing is written over.

    Raises:
      RefusedError: a file of the vault lies elsewhere, behind a symlink.
      FileError: a file cannot be written, or clashes with what others wrote; those before
        it are written, and the order is such that all stays readable.
    """
    told: list[str] = []
    planned = list(writes)
    for write in planned:
        _refuse_outside(write.path)
    for write in planned:
        if write.before is None:
            write.path.parent.mkdir(parents=True, exist_ok=True)
            create_text(write.path, write.after)
        elif store is not None and write.path.suffix == ".toml":
            saved = store.save(write.path, write.after, expected=write.before, why="secret")
            told += [text for text, _ in saved.notes]
        else:
            write_text(write.path, write.after, expected=write.before)
    return told


def _refuse_outside(path: Path) -> None:
    """Refuse to write the readers or the vault through a symlink out of their directory.

    A repository may bring the symlink along, and what is written to its target could be
    read as something else there: a reader in ``authorized_keys`` may log in.
    """
    if path.name == RECIPIENTS_FILE:
        root = path.parent
    elif path.parent.name == VAULT_FOLDER:
        root = path.parent.parent
    else:
        return
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise RefusedError(
            f"{path}: leads out of {root.resolve()}, to {real}; nothing was written",
            hints=["look who made the symlink: git log -- " + path_word(str(path))],
        )
