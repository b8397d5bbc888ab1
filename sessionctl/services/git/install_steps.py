"""Git plan: the steps of an installation as values, and the carrying out of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import assert_never

from sessionctl.core.text.shellwords import quoted
from sessionctl.system.files.executable import make_executable, move_file
from sessionctl.system.files.text import create_text, read_text, remove_file, write_text

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

    def __str__(self) -> str:
        return f"git config --{self.scope} {self.key} {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """Remove one section of git's configuration."""

    scope: str
    section: str

    def __str__(self) -> str:
        return f"git config --{self.scope} --remove-section {self.section}"


@dataclass(frozen=True, slots=True)
class RestoreConfig:
    """Give a configuration file back what ``git config`` does not: its end, its absence."""

    path: Path
    before: str

    def __str__(self) -> str:
        if self.before == NO_FILE:
            return f"remove {self.path}, if nothing is left in it"
        return f"take the last line end of {self.path} away, which it did not have before"


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Change a file from ``before`` to ``after``; None stands for no file."""

    path: Path
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.after is None:
            return f"remove {self.path}"
        lines = [f"{'make' if self.before is None else 'change'} {self.path}"]
        old, new = (self.before or "").splitlines(), self.after.splitlines()
        lines += [f"  - {line}" for line in old if line not in new]
        lines += [f"  + {line}" for line in new if line not in old]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class MoveFile:
    """Give a file another name; nothing may have that name."""

    path: Path
    to: Path

    def __str__(self) -> str:
        return f"move {self.path} to {self.to}"


@dataclass(frozen=True, slots=True)
class MakeExecutable:
    """Let a file be run."""

    path: Path

    def __str__(self) -> str:
        return f"make {self.path} executable"


Step = SetConfig | RemoveSection | RestoreConfig | WriteFile | MoveFile | MakeExecutable
Plan = tuple[Step, ...]


def carry_out(git: Git, plan: Plan) -> None:
    """Do the steps of ``plan`` in order.

    Raises:
      FileError: a file changed since the plan was made, or cannot be written.
      GitError: git refused a setting.
    """
    for step in plan:
        match step:
            case SetConfig(scope, key, value):
                git.set_config(scope, key, value)
            case RemoveSection(scope, section):
                git.remove_config_section(scope, section)
            case RestoreConfig(path, before):
                _restore(path, before)
            case WriteFile(path, before, after):
                _write(path, before, after)
            case MoveFile(path, to):
                move_file(path, to)
            case MakeExecutable(path):
                make_executable(path)
            case never:
                assert_never(never)


def step_data(step: Step) -> dict[str, object]:
    """Return a step as plain data for JSON."""
    words = {
        SetConfig: "set-config",
        RemoveSection: "remove-section",
        RestoreConfig: "restore-config",
        WriteFile: "write-file",
        MoveFile: "move-file",
        MakeExecutable: "make-executable",
    }
    return {"action": words[type(step)], **asdict(step)}


def _restore(path: Path, before: str) -> None:
    text = read_text(path)
    if before == NO_FILE:
        if not text:
            remove_file(path, expected=text)
        return
    # Only when nothing was added since: then it is git's line end, not the user's.
    if text.endswith("\n") and before == f"{NO_LINE_END} {len(text.encode()) - 1}":
        write_text(path, text.removesuffix("\n"), expected=text)


def _write(path: Path, before: str | None, after: str | None) -> None:
    if after is None:
        remove_file(path, expected=before or "")
    elif before is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_text(path, after)
    else:
        write_text(path, after, expected=before)
