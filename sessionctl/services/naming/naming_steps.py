"""Naming steps: what giving a session another name does, copying and removing it, as values."""

from __future__ import annotations

# Links are looked at as they are: plain os calls here.
# ruff: noqa: PTH101, PTH108, PTH110, PTH113, PTH114, PTH115, PTH116, PTH120, PTH211
import os
import stat
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sessionctl.errors import FileError, GitError, SessionctlError
from sessionctl.services.naming.kept_state import SessionState
from sessionctl.services.naming.naming_journal import NamingEntry, NamingJournal
from sessionctl.services.plan.plan import SkipStep
from sessionctl.system.files.temporary import remove_quietly, sync_directory, write_temporary
from sessionctl.system.files.text import create_text, read_bytes, read_text, remove_file
from sessionctl.system.os_errors import cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.services.plan.plan import Note, Step
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.system.store.store import Store


class NamingTools(NamedTuple):
    """What the steps need: the store, the environment, who opens secrets, and tmux."""

    store: Store
    environ: Mapping[str, str]
    keeper: Callable[[], VaultKeeper]
    rename_live: Callable[[str, str], None]
    """Gives the tmux session of the first name the second."""


@dataclass(frozen=True, slots=True)
class CopyState:
    """Keep of ``new`` what is kept of ``old``; both are real paths."""

    old: str
    new: str
    names: tuple[str, str] | None = None

    def render(self) -> str:
        """Return nothing: it is part of what a name is."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "copy-state", "path": self.old, "to": self.new}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Copy it; raises ``FileError``."""
        SessionState(tools.store).copy(self.old, self.new, self.names)


@dataclass(frozen=True, slots=True)
class ForgetState:
    """Keep nothing of ``old`` any more, or, with ``keeps_texts``, only its earlier texts."""

    old: str
    name: str = ""
    keeps_texts: bool = False

    def render(self) -> str:
        """Return what is done, where that is not a part of something else."""
        return f"revoke the trust in {self.old}" if self.keeps_texts else ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "forget-state", "path": self.old}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Forget it."""
        state = SessionState(tools.store)
        if self.keeps_texts:
            state.forget_trust(self.old)
            state.forget_live(self.old, self.name)
        else:
            state.forget(self.old, self.name)


@dataclass(frozen=True, slots=True, repr=False)
class MakeSessionFile:
    """Make the file ``path`` with ``text`` and the mode of ``like``; one that is there is kept.

    ``before`` is the text that the session had under its old name, for the list of changes.
    """

    path: str
    text: str
    like: str
    before: str = ""
    why: str = "rename"

    def render(self) -> str:
        """Return what is done."""
        return f"make {self.path}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "make-file", "path": self.path}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Make it; raises ``FileError``."""
        if os.path.isfile(self.path) and read_text(self.path) == self.text:
            raise SkipStep("it exists already")
        undo = None
        if tools.store.directory is not None and self.before != self.text:
            archive = tools.store.archive(self.path)
            archive.make()
            entry = archive.record(self.before.encode() or None, self.text.encode(), self.why)
            undo = partial(archive.forget, entry)
        try:
            create_text(self.path, self.text)
        except FileError:
            if undo is not None:
                undo()  # the file never had it
            raise
        try:
            os.chmod(self.path, stat.S_IMODE(os.stat(self.like).st_mode))
        except OSError:
            return


@dataclass(frozen=True, slots=True)
class MakeLink:
    """Make the symlink ``path`` to ``target``."""

    path: str
    target: str

    def render(self) -> str:
        """Return what is done."""
        return f"link {self.path} to {self.target}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "make-link", "path": self.path, "to": self.target}

    def carry_out(self, _tools: NamingTools, /) -> None:
        """Make it; raises ``FileError``."""
        if os.path.islink(self.path) and os.readlink(self.path) == self.target:
            raise SkipStep("it exists already")
        try:
            os.symlink(self.target, self.path)
        except OSError as error:
            raise cannot("write", self.path, error) from error


@dataclass(frozen=True, slots=True, repr=False)
class RemoveSessionFile:
    """Remove the file or link ``path``, which still holds ``expected``.

    ``expected`` is None of a link that leads nowhere. With ``is_kept`` the text goes into the
    list of earlier ones first.
    """

    path: str
    expected: str | None
    is_kept: bool = False

    def render(self) -> str:
        """Return what is done."""
        return f"remove {self.path}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "remove-file", "path": self.path, "kept": self.is_kept}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Remove it; raises ``FileError``."""
        if not os.path.lexists(self.path):
            raise SkipStep("it is gone already")
        is_dangling = not os.path.exists(self.path)
        data = None if is_dangling else read_bytes(self.path)
        if data != (None if self.expected is None else self.expected.encode()):
            raise FileError(
                f"{self.path}: it was changed meanwhile, and is kept",
                hints=["run the command again"],
            )
        if self.is_kept:
            archive = tools.store.archive(self.path)
            archive.make()
            archive.record(data, None, "rm")
        if os.path.islink(self.path) or self.expected is None:
            try:
                os.unlink(self.path)
            except OSError as error:
                raise cannot("remove", self.path, error) from error
            return
        remove_file(self.path, expected=self.expected)
        try:
            sync_directory(self.path)
        except OSError:
            return


@dataclass(frozen=True, slots=True)
class RenameInIndex:
    """Let git's index call a tracked file by its new name, as ``git mv`` does.

    The content there stays what it was: edits that were not staged are not staged now.
    """

    old: str
    new: str

    def render(self) -> str:
        """Return what is done, where git tracks the file."""
        return f"git mv {self.old} {self.new}, where git tracks it"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "rename-in-index", "path": self.old, "to": self.new}

    def carry_out(self, tools: NamingTools, /) -> tuple[Note, ...]:
        """Change the index; without a repository, or with another one, there is nothing to do."""
        from sessionctl.core.text.shellwords import path_word
        from sessionctl.system.git.program import Git

        before, after = Path(self.old), Path(self.new)
        git = Git(tools.environ, before.parent)
        try:
            # As bytes of the index: mode, blob, stage and path.
            found = git.run("ls-files", "-s", "-z", "--", before.name, ok=(0, 128)).stdout
            if not found:
                raise SkipStep("git does not track it")
            top = Path(git.text("rev-parse", "--show-toplevel")).resolve()
            mode, blob, stage = found.split(b"\t")[0].decode().split(" ")
            target = after.parent.resolve() / after.name
            if stage != "0" or not target.is_relative_to(top):
                raise SkipStep("it is another repository, or a merge is under way")
            whole = Git(tools.environ, top)
            relative = str(target.relative_to(top))
            own = str((before.parent.resolve() / before.name).relative_to(top))
            whole.run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{relative}")
            whole.run("update-index", "--force-remove", "--", own)
        except (GitError, SessionctlError) as error:
            message = getattr(error, "message", str(error))
            word = f"git rm --cached -- {path_word(self.old)}; git add -- {path_word(self.new)}"
            return ((f"git's index has the old name still: {message}", f"name it so: {word}"),)
        return ()


@dataclass(frozen=True, slots=True)
class RenameLive:
    """Give the running tmux session another name."""

    old: str
    new: str

    def render(self) -> str:
        """Return what is done."""
        return f"rename the tmux session {self.old} to {self.new}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "rename-live", "name": self.old, "to": self.new}

    def carry_out(self, tools: NamingTools, /) -> tuple[Note, ...]:
        """Rename it; a failure is only reported: the files have their names."""
        from sessionctl.core.text.shellwords import quoted

        try:
            tools.rename_live(self.old, self.new)
        except SessionctlError as error:
            hint = f"tmux rename-session -t {quoted('=' + self.old)} {quoted(self.new)}"
            return ((error.message, hint),)
        return ()


@dataclass(frozen=True, slots=True)
class BeginNaming:
    """Write down what is begun, so that the same command finishes it once it was cut.

    Nothing is begun where no file can be made or removed.
    """

    entry: NamingEntry

    def render(self) -> str:
        """Return nothing: it is part of what a name is."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "begin-naming", "path": self.entry.old, "to": self.entry.new}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Write it; raises ``FileError``."""
        entry = self.entry
        _try_to_write(entry.new, read_bytes(entry.old) if os.path.isfile(entry.old) else b"")
        folders = {os.path.dirname(path): path for path, _ in entry.removals}
        folders.pop(os.path.dirname(entry.new), None)
        for path in folders.values():
            _try_to_write(path, b"")
        NamingJournal(tools.store.directory).begin(entry)


def _try_to_write(path: str, data: bytes) -> None:
    """Make a file beside ``path`` and remove it; raises ``FileError`` where that cannot be."""
    shown = os.path.relpath(path)
    try:
        remove_quietly(write_temporary(path, data))
    except OSError as error:
        raise cannot("write", path if shown.startswith("..") else shown, error) from error


@dataclass(frozen=True, slots=True)
class EndNaming:
    """Remove what was written down: all is done."""

    entry: NamingEntry

    def render(self) -> str:
        """Return nothing: it is part of what a name is."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "end-naming", "path": self.entry.old, "to": self.entry.new}

    def carry_out(self, tools: NamingTools, /) -> None:
        """Remove it."""
        NamingJournal(tools.store.directory).end(self.entry.new)


@dataclass(frozen=True, slots=True)
class OfKeeper:
    """A step that those who open secrets carry out."""

    step: Step[VaultKeeper]

    def render(self) -> str:
        """Return what it does."""
        return self.step.render()

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return self.step.data()

    def carry_out(self, tools: NamingTools, /) -> tuple[Note, ...]:
        """Do it."""
        return tuple(self.step.carry_out(tools.keeper()) or ())
