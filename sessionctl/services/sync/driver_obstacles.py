"""Driver obstacles: why git would not merge sessions by key, here or in other clones."""

from __future__ import annotations

from sessionctl.core.text.managed_block import BEGIN
from sessionctl.errors import FileError
from sessionctl.services.git.installation import are_kept_here
from sessionctl.services.sync.sync_result import NoteKind, SyncNote
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.work_state import read_index
from sessionctl.system.process import find_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.system.git.program import Git

_ATTRIBUTES = ".gitattributes"


def driver_obstacle(git: Git, paths: list[str]) -> str:
    """Return why git would not merge these files through sessionctl, or ""."""
    if not git.config("", r"^merge\.sessionctl\.driver$"):
        return "git does not know sessionctl here"
    if find_program("sessionctl", git.environ.get("PATH")) is None:
        return "sessionctl is not on the PATH that git sees"
    for path, found in git.attributes(paths, "merge").items():
        if found["merge"] != "sessionctl":
            return f"git merges it by lines (attribute merge of {path}: {found['merge']})"
    return ""


def attributes_note(git: Git, top: Path) -> SyncNote | None:
    """Return the note that only this clone has the attributes that name sessionctl, or None.

    There is none where the user said that they are for this clone alone.
    """
    try:
        is_ours = BEGIN.encode() in read_bytes(top / _ATTRIBUTES)
    except FileError:
        return None
    if not is_ours or are_kept_here(git):
        return None
    # What others get is what is committed: not what is staged, nor lines added since.
    done = git.run("cat-file", "blob", f"HEAD:{_ATTRIBUTES}", ok=(0, 128))
    if done.returncode == 0 and BEGIN.encode() in done.stdout:
        return None
    if read_index(git, [f":(top,literal){_ATTRIBUTES}"]).tracked:
        return SyncNote(NoteKind.UNCOMMITTED_ATTRIBUTES)
    return SyncNote(NoteKind.UNSHARED_ATTRIBUTES)
