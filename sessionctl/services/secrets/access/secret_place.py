"""Secret place: which files make up the secrets of a session, and where the vault is."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    VAULT_FILE,
    VAULT_FOLDER,
    VAULT_INFO_FILE,
    is_session_name,
    is_sidecar_name,
    session_name,
    sidecar_name,
)
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError, UsageError
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class SecretPlace(NamedTuple):
    """The files of one session's secrets; none of them needs to be there.

    ``root`` is the directory of ``.age-recipients`` and ``.sessionctl``: that of the
    nearest parent that has either, else where they would be made; ``folder`` is the real
    directory it was looked for from. ``has_vault`` says whether the vault is there.
    """

    session: Path
    sidecar: Path
    root: Path
    folder: Path

    @property
    def recipients(self) -> Path:
        """The file of those who may read."""
        return self.root / RECIPIENTS_FILE

    @property
    def vault(self) -> Path:
        """The vault key, encrypted to the recipients."""
        return self.root / VAULT_FOLDER / VAULT_FILE

    @property
    def vault_info(self) -> Path:
        """What is known of the vault without a key."""
        return self.root / VAULT_FOLDER / VAULT_INFO_FILE

    @property
    def has_vault(self) -> bool:
        """Whether there is a vault."""
        return self.vault.exists()

    @property
    def where(self) -> str:
        """The real directory of the vault, by which it is known."""
        return str(self.root.resolve())

    def git_log(self, *paths: Path) -> str:
        """Return the command that shows who changed files of these secrets, as typed here."""
        from sessionctl.system.git.typed_git import in_git

        return in_git("log -p --", *map(str, paths), environ={})

    def rekey_command(self, accepted: Collection[str] = (), *, is_exact: bool = False) -> str:
        """Return the command that makes the vault fit its readers, as it is typed from here.

        With ``is_exact`` it names the directory, though another one has the same vault.
        """
        from sessionctl.core.text.shellwords import quoted

        words = ["sessionctl secret rekey", *(f"--accept {quoted(key)}" for key in accepted)]
        here = Path.cwd()
        if here != self.folder and (is_exact or find_root(here) != Path(self.where)):
            words.append(f"--dir {shell_word(near(self.folder))}")
        return " ".join(words)


def find_place(file: str) -> SecretPlace:
    """Return the place of the secrets of ``file``, a session file or its sidecar.

    Where the session file is a symlink and nothing lies beside it, its target counts:
    that is in the repository.

    Raises:
      UsageError: the name is of neither kind.
    """
    path = Path(file)
    session = path
    if is_sidecar_name(path.name):
        session = path.with_name(session_name(path.name))
    elif not is_session_name(path.name):
        raise UsageError(
            f"{file}: not a session file, its name does not end in .session.toml",
            hints=[list_hint(file)],
        )
    sidecar = session.with_name(sidecar_name(session.name))
    if not sidecar.exists() and session.is_symlink():
        real = session.resolve()
        sidecar = real.with_name(sidecar_name(real.name))
    folder = sidecar.resolve().parent
    return SecretPlace(session, sidecar, near(find_root(folder)), folder)


def list_hint(file: str) -> str:
    """Return the advice to list the sessions in the directory of ``file``."""
    folder = os.path.dirname(file)  # noqa: PTH120
    words = f" {_path_word(folder)}" if folder else ""
    return f"list the sessions here: sessionctl list{words}"


def find_root(directory: Path) -> Path:
    """Return the directory that holds the vault for files in ``directory``.

    The nearest parent with recipients or a vault wins, but not one outside of the git
    work tree, nor one of another owner, as anybody may have put it into ``/tmp``: a symlink
    to a file of the user's, and a ``.git``, count as little as the files themselves.
    Where there is none, it is the top of the work tree, else ``directory``.
    """
    owners = {0, directory.stat().st_uid} if directory.exists() else {0}
    for folder in (directory, *directory.parents):
        found = [
            path
            for path in (folder / RECIPIENTS_FILE, folder / VAULT_FOLDER / VAULT_FILE)
            if path.exists()
        ]
        inside = [folder / VAULT_FOLDER] if (folder / VAULT_FOLDER).exists() else []
        if found and _is_of(owners, *found, *inside):
            return folder
        if (folder / ".git").exists():
            return folder if _is_of(owners, folder / ".git", *found, *inside) else directory
    return directory


def _is_of(owners: set[int], *paths: Path) -> bool:
    """Return whether ``owners`` made all of ``paths``, which are there, and what they lead to."""
    return all({path.lstat().st_uid, path.stat().st_uid} <= owners for path in paths)


def place_of_directory(directory: Path) -> SecretPlace:
    """Return the place of what a directory's vault is about, with no session of its own."""
    folder = directory.resolve()
    root = near(find_root(folder))
    return SecretPlace(root, root, root, folder)


def is_bare(place: SecretPlace) -> bool:
    """Return whether nothing says that secrets are to be kept at a place.

    No recipients, no vault, no repository and no session are there.
    """
    signs = (place.recipients, place.vault, place.root / ".git")
    return not any(path.exists() for path in signs) and not any(
        is_session_name(name)
        for name in os.listdir(place.folder)  # noqa: PTH208
    )


def near(path: Path) -> Path:
    """Return ``path`` as people call it from here: relative, where that is shorter."""
    relative = os.path.relpath(path)
    return Path(relative) if len(relative) < len(str(path)) else path


def shell_word(path: Path) -> str:
    """Return ``path`` as a word for a shell."""
    return _path_word(str(path))


def _path_word(path: str) -> str:
    from sessionctl.core.text.shellwords import path_word

    return path_word(path)


def refuse_dangling(path: Path) -> None:
    """Raise ``FileError`` where ``path`` is a symlink to nothing.

    Where its target would be is another directory, and a vault there another one.
    """
    if path.is_symlink() and not path.exists():
        raise FileError(
            f"{path}: a symlink to {path.readlink()}, which is not there",
            hints=[f"restore that, or remove the symlink: rm {shell_word(path)}"],
        )


def read_session_document(place: SecretPlace) -> Document:
    """Return the document of the session.

    Raises:
      FileError: it cannot be read.
      ParseError: it is not TOML.
    """
    return Document.parse(read_text(place.session), str(place.session))


def read_sidecar(place: SecretPlace) -> Sidecar | None:
    """Return the sidecar, None if it is missing.

    Raises:
      FileError: it cannot be read, or is a symlink to nothing.
      DocumentError: it is not a sidecar.
    """
    if not place.sidecar.exists():
        refuse_dangling(place.sidecar)
        return None
    return Sidecar.parse(read_text(place.sidecar), str(place.sidecar))
