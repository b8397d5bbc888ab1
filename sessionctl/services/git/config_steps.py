"""Config steps: changes of git's configuration, as steps of a plan."""

from __future__ import annotations

from sessionctl.core.frozen_class import dataclass
from sessionctl.core.text.shellwords import quoted
from sessionctl.system.files.text import read_text, remove_file, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.system.git.program import Git

NO_FILE = "none"
NO_LINE_END = "no-line-end"
"""What a ``RestoreConfig`` may note: there was no file; its last line had no end."""


@dataclass(frozen=True, slots=True)
class SetConfig:
    """Set one key of git's configuration."""

    scope: str
    key: str
    value: str

    def render(self) -> str:
        """Return the command that does the same."""
        return f"git config --{self.scope} {quoted(self.key)} {quoted(self.value)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        setting = {"scope": self.scope, "key": self.key, "value": self.value}
        return {"action": "set-config", **setting}

    def carry_out(self, git: Git, /) -> None:
        """Set the key; raises ``GitError``."""
        git.set_config(self.scope, self.key, self.value)


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """Remove one section of git's configuration."""

    scope: str
    section: str

    def render(self) -> str:
        """Return the command that does the same."""
        return f"git config --{self.scope} --remove-section {quoted(self.section)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "remove-section", "scope": self.scope, "section": self.section}

    def carry_out(self, git: Git, /) -> None:
        """Remove the section; raises ``GitError``."""
        git.remove_config_section(self.scope, self.section)


@dataclass(frozen=True, slots=True)
class RestoreConfig:
    """Give a configuration file back what ``git config`` does not: its end, its absence."""

    path: Path
    before: str

    def render(self) -> str:
        """Return what is done."""
        if self.before == NO_FILE:
            return f"remove {self.path}, if nothing is left in it"
        return f"remove the line end that was added at the end of {self.path}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "restore-config", "path": self.path, "before": self.before}

    def carry_out(self, _tools: object, /) -> None:
        """Restore the file, unless something was added since; raises ``FileError``."""
        text = read_text(self.path)
        if self.before == NO_FILE:
            if not text:
                remove_file(self.path, expected=text)
            return
        # Only when nothing was added since: then it is git's line end, not the user's.
        if text.endswith("\n") and self.before == f"{NO_LINE_END} {len(text.encode()) - 1}":
            write_text(self.path, text.removesuffix("\n"), expected=text)
