"""Secret steps: what storing, removing and accepting secrets writes and remembers."""

from __future__ import annotations

from sessionctl.core.filename import RECIPIENTS_FILE, VAULT_FOLDER
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.trust_book import EntrySighting
from sessionctl.errors import RefusedError
from sessionctl.services.secrets.access.secret_place import refuse_dangling
from sessionctl.system.files.text import create_text, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.core.secrets.trust_book import TrustBook
    from sessionctl.services.plan.plan import Note, Plan
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class WriteSecretFile(NamedTuple):
    """Give a file the content ``after``, wholly or not at all; ``before`` is None for a new one.

    A session or sidecar that somebody else changed meanwhile is joined with that change by
    key; any other file that changed is left alone, and the step fails. ``keeps_backup`` is
    false where ``before`` holds values that must not be kept.
    """

    path: Path
    before: str | None
    after: str
    keeps_backup: bool = True

    def __repr__(self) -> str:
        return f"WriteSecretFile({self.path!s})"

    @property
    def is_new(self) -> bool:
        """Whether the file is made."""
        return self.before is None

    def render(self) -> str:
        """Return what is done; not the texts, for there may be secrets in them."""
        return f"{'make' if self.is_new else 'change'} {self.path}"

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the texts."""
        return {"action": "write-secret-file", "path": self.path, "new": self.is_new}

    def carry_out(self, keeper: VaultKeeper, /) -> tuple[Note, ...]:
        """Write it; return the notes of the save.

        Raises:
          RefusedError: it is a file of the vault and lies elsewhere, behind a symlink.
          FileError: it cannot be written, or clashes with what others wrote.
        """
        _refuse_outside(self.path)
        store = keeper.context.store
        if self.before is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                from sessionctl.system.os_errors import cannot

                raise cannot("write", str(self.path), error) from error
            create_text(self.path, self.after)
        elif store is not None and self.keeps_backup and self.path.suffix == ".toml":
            saved = store.save(self.path, self.after, expected=self.before, why="secret")
            return saved.notes
        else:
            write_text(self.path, self.after, expected=self.before)
        return ()


class CheckSymlinks(NamedTuple):
    """Refuse all writes before the first one, where one would leave its repository."""

    paths: tuple[Path, ...]

    def render(self) -> str:
        """Return nothing: it is a check."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "check-symlinks", "paths": self.paths}

    def carry_out(self, _keeper: VaultKeeper, /) -> None:
        """Raise an error where a file of the vault lies elsewhere, or a symlink leads nowhere."""
        for path in self.paths:
            _refuse_outside(path)
        for path in self.paths:
            refuse_dangling(path.parent)
            refuse_dangling(path)


class RememberEntry(NamedTuple):
    """Remember an entry, so that an older one is noticed; ``is_accepted`` also goes back.

    ``loose`` is the directory that it lies in, not committed yet, and ``not_in`` a commit
    that surely does not have it.
    """

    session: str
    name: str
    generation: int
    digest: str
    is_accepted: bool = False
    loose: str = ""
    not_in: str = ""

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "remember-entry", "name": self.name, "generation": self.generation}

    def remembered(self, book: TrustBook) -> TrustBook:
        """Return ``book`` with it."""
        remember = book.with_entry_set if self.is_accepted else book.with_entry
        seen = EntrySighting(self.name, self.generation, self.digest, self.loose, self.not_in)
        return remember(self.session, seen)

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write it to the trust book."""
        keeper.trust_file.change(self.remembered)


class RememberEntries(NamedTuple):
    """Remember several entries, in one change of the trust book."""

    entries: tuple[RememberEntry, ...]

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "remember-entries", "names": [entry.name for entry in self.entries]}

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write them to the trust book."""

        def edit(book: TrustBook) -> TrustBook:
            for entry in self.entries:
                book = entry.remembered(book)
            return book

        keeper.trust_file.change(edit)


class ForgetEntry(NamedTuple):
    """Expect an entry no longer, which was removed on purpose: neither it nor an older one.

    ``generation`` is what is known of it, 0 where nothing is; ``digests`` name it.
    """

    session: str
    name: str
    generation: int
    digests: tuple[str, ...]

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "forget-entry", "name": self.name}

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write it to the trust book."""
        gone = (self.session, self.name, self.generation, self.digests)
        keeper.trust_file.change(lambda book: book.with_entry_removed(*gone))


class RememberVault(NamedTuple):
    """Trust the vault ``recipient`` for a session, and ``readers`` as those who may read it."""

    recipient: str
    place: SecretPlace
    session: str
    readers: tuple[str, ...] = ()

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "remember-vault", "vault": self.recipient}

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write it to the trust book."""
        keeper.remember_vault(self.recipient, self.place, self.session, self.readers)


def needed_writes(writes: Iterable[WriteSecretFile]) -> tuple[WriteSecretFile, ...]:
    """Return those that change something."""
    return tuple(write for write in writes if write.before != write.after)


def write_steps(writes: Iterable[WriteSecretFile]) -> Plan[VaultKeeper]:
    """Return the steps that write files in their order, and before that check them all."""
    steps = tuple(writes)
    return (CheckSymlinks(tuple(write.path for write in steps)), *steps) if steps else ()


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
        from sessionctl.system.git.typed_git import in_git

        raise RefusedError(
            f"{path}: leads out of {root.resolve()}, to {real}; nothing was written",
            hints=[f"see who made the symlink: {in_git('log --', str(path), environ={})}"],
        )
