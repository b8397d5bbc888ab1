"""File steps: write, move and remove files, as values; used by the plans of several features."""

from __future__ import annotations

from sessionctl.core.frozen_class import dataclass
from sessionctl.system.files.executable import make_executable, move_file
from sessionctl.system.files.text import create_text, remove_file, write_text
from sessionctl.system.os_errors import cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Change a file from ``before`` to ``after``; None stands for no file.

    A file that does not hold ``before`` any more is left alone, and the step fails.
    """

    path: Path
    before: str | None
    after: str | None

    def render(self) -> str:
        """Return what is done, and the lines that change."""
        if self.after is None:
            return f"remove {self.path}"
        lines = [f"{'make' if self.before is None else 'change'} {self.path}"]
        old, new = (self.before or "").splitlines(), self.after.splitlines()
        lines += [f"  - {line}".rstrip() for line in old if line not in new]
        lines += [f"  + {line}".rstrip() for line in new if line not in old]
        return "\n".join(lines)

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        texts = {"before": self.before, "after": self.after}
        return {"action": "write-file", "path": self.path, **texts}

    def carry_out(self, _tools: object, /) -> None:
        """Write or remove the file; raises ``FileError``."""
        if self.after is None:
            remove_file(self.path, expected=self.before or "")
            return
        if self.before is not None:
            write_text(self.path, self.after, expected=self.before)
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot("write", str(self.path), error) from error
        create_text(self.path, self.after)


@dataclass(frozen=True, slots=True)
class MoveFile:
    """Give a file another name; nothing may have that name."""

    path: Path
    to: Path

    def render(self) -> str:
        """Return what is done."""
        return f"move {self.path} to {self.to}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "move-file", "path": self.path, "to": self.to}

    def carry_out(self, _tools: object, /) -> None:
        """Move the file; raises ``FileError``."""
        move_file(self.path, self.to)


@dataclass(frozen=True, slots=True)
class MakeExecutable:
    """Let a file be run."""

    path: Path

    def render(self) -> str:
        """Return what is done."""
        return f"make {self.path} executable"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "make-executable", "path": self.path}

    def carry_out(self, _tools: object, /) -> None:
        """Make it executable; raises ``FileError``."""
        make_executable(self.path)
