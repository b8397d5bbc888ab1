"""Session row: how one session is, as far as that is known by now."""

from __future__ import annotations

from typing import NamedTuple


class RowState(NamedTuple):
    """What takes longer to find out: git, conflicts, mistakes, secrets, connections.

    ``git`` is "clean", "changed", "new" or another word of ``sessionctl status``, "" where the
    file is in no repository. ``failure`` is why it could not be found out.
    """

    git: str = ""
    conflicts: int = 0
    errors: int = 0
    first_error: str = ""
    secrets: int = 0
    missing_secrets: int = 0
    unsealed_secrets: int = 0
    open_connections: int = 0
    failure: str = ""


class BoardRow(NamedTuple):
    """One session: a file, or a live session that has none (then ``file`` is "").

    ``problem`` is "" or why the file cannot be read as TOML. ``modified_s`` is the time of its
    last change, in seconds since 1970. ``state`` is None until it was found out. ``is_taken``
    says that a session of its name runs that never was of this file; ``owner`` is the file that
    it is of, "" where it has none.
    """

    file: str
    name: str
    windows: int = 0
    panes: int = 0
    connections: int = 0
    problem: str = ""
    size_bytes: int = 0
    modified_s: float = 0.0
    is_live: bool = False
    state: RowState | None = None
    is_taken: bool = False
    owner: str = ""

    @property
    def key(self) -> str:
        """What stands for it in a list: its file, else its name with a sign no file ends in."""
        return self.file or f"{self.name}/"

    @property
    def word(self) -> str:
        """How it is, in one word: the most urgent first."""
        state = self.state or RowState()
        if state.git == "unreadable" or (self.problem and not self.size_bytes):
            return "unreadable"
        if state.conflicts or state.git == "unmerged":
            return "conflict"
        if self.problem or state.errors:
            return "invalid"
        if not self.file:
            return "unsaved"
        if self.is_taken:
            return "taken"
        return "live" if self.is_live else "saved"
