"""Vault levels: the directories at and above a session, where a trusted vault may be known.

A work tree of git stands for all work trees of its repository: what is trusted in one of them
is expected in the others.
"""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import VAULT_FOLDER, VAULT_INFO_FILE
from sessionctl.core.secrets.vault_keys import read_info
from sessionctl.errors import SessionctlError
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.secrets.trust_book import PlaceLevels


def levels_above(folder: Path) -> PlaceLevels:
    """Return ``folder`` and its parents, nearest first, each with its like in other work trees."""
    folders = (folder, *folder.parents)
    top = next((above for above in folders if (above / ".git").exists()), None)
    others = () if top is None else tuple(_other_work_trees(top))
    return tuple(
        (str(above), *(str(other / above.relative_to(top)) for other in others))
        if top is not None and above.is_relative_to(top)
        else (str(above),)
        for above in folders
    )


def vaults_above(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the directories above ``root`` that have a vault, and what it calls itself."""
    for folder in root.parents:
        file = folder / VAULT_FOLDER / VAULT_INFO_FILE
        try:
            if file.is_file():
                yield folder, read_info(read_text(file), str(file)).recipient
        except (OSError, SessionctlError):  # of another user, perhaps
            continue


def _other_work_trees(top: Path) -> Iterator[Path]:
    """Yield the other work trees of the repository whose work tree ``top`` is."""
    common = _common_directory(top / ".git")
    if common is None:
        return
    found = [common.parent] if common.name == ".git" else []
    lines = [_line(folder / "gitdir") for folder in _entries(common / "worktrees")]
    found += [Path(line).parent for line in lines if line]
    yield from (path for path in map(Path.resolve, found) if path != top)


def _common_directory(git: Path) -> Path | None:
    """Return the directory that all work trees share; None for a submodule, which has one tree."""
    if git.is_dir():
        return git.resolve()
    own = git.parent / _line(git).removeprefix("gitdir:").strip()
    told = _line(own / "commondir")
    return (own / told).resolve() if told else None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except (OSError, ValueError):
        return ""
