"""Notes: the smallest host there is; ``test_notes.py`` beside it is how a host is tested."""

from __future__ import annotations

import sys

from sessionctl.sdk import Status, Veto, Workspace

LONGEST = 1000


class Notes:
    """A list of lines that is there again after whatever happens."""

    def __init__(self, workspace: Workspace) -> None:
        """Bring the lines back."""
        self.lines: list[str] = []
        self.workspace = workspace
        workspace.provide("notes", self.state, self.load, version=2, migrate=self.migrate)
        self.status: Status = workspace.restore()

    def state(self) -> dict[str, object]:
        """Return what is to be saved."""
        return {"lines": list(self.lines)}

    def load(self, state: dict[str, object]) -> None:
        """Take a state over: at the start, and when somebody edited the file."""
        lines = state.get("lines", [])
        if not isinstance(lines, list) or len(lines) > LONGEST:
            raise Veto(f"notes: a list of at most {LONGEST} lines is wanted")
        self.lines = [str(line) for line in lines]

    @staticmethod
    def migrate(state: dict[str, object], _version: int) -> dict[str, object]:
        """Version 1 had one text."""
        return {"lines": str(state.get("text", "")).splitlines()}

    def add(self, line: str) -> None:
        """Add a line; it is saved half a second later."""
        with self.workspace.changing("notes"):
            self.lines.append(line)


def main() -> None:
    """Add a line for each of the input, and print all of them at the end."""
    with Workspace.open("notes") as workspace:
        notes = Notes(workspace)
        for line in sys.stdin:
            notes.add(line.rstrip("\n"))
        sys.stdout.write("".join(f"{line}\n" for line in notes.lines))


if __name__ == "__main__":
    main()
