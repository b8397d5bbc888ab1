"""The log of a watch: one line an event, for people or as JSON."""

from __future__ import annotations

import time

from sessionctl.cli.output.console import JSON_SCHEMA
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sessionctl.cli.output.console import Console
    from sessionctl.services.watching.watch_event import WatchEvent
    from sessionctl.services.watching.watch_run import Watch

_ROLES = {
    "applied": "changed",
    "saved": "added",
    "merged": "added",
    "settled": "added",
    "committed": "added",
    "extracted": "added",
    "mended": "added",
    "back": "added",
    "valid": "added",
}


class Log:
    """Writes what happens to stdout, each line at once; at first only what is wrong."""

    def __init__(self, console: Console, *, as_json: bool, home: str | None = None) -> None:
        """Speak through ``console``; ``home`` is the home directory, for short paths."""
        self._home = (home or "").rstrip("/")
        self._console = console
        self._as_json = as_json
        self._is_beginning = True
        self._messages: dict[str, str] = {}

    def watching(self, watch: Watch) -> None:
        """Say what is watched, before it is read."""
        if not self._as_json:
            count = counted(len(watch.replicas), "file")
            self._console.note(f"watching {count}; stop it with Ctrl-C")
            self._console.flush()

    def looked(self, done: int, total: int) -> None:
        """Say how many files were read."""
        self._console.show_progress(done, total, "reading files")

    def started(self, watch: Watch) -> None:
        """Say that all files were read."""
        self._is_beginning = False
        self._console.rest()
        if self._as_json:
            self._line({"event": "started", "files": [one.file for one in watch.replicas]})

    def stopped(self) -> None:
        """Say that the watch has ended."""
        self._console.rest()
        if self._as_json:
            self._line({"event": "stopped"})
        else:
            self._console.note("stopped")

    def tell(self, event: WatchEvent) -> None:
        """Write what happened."""
        if self._as_json:
            data = event_data(event)
            self._messages[event.file] = str(data["message"])
            self._line({"event": event.what, **data})
        elif self._is_shown(event):
            self._write(_clock_time(event.time_s), event)
        self._console.flush()

    def _is_shown(self, event: WatchEvent) -> bool:
        """Return whether people want to know; with ``-v`` they want to know all."""
        if self._console.verbosity > 0:
            return True
        # An edit of a copy is told where it arrives: at the other one.
        is_half = event.what == "applied" and event.other
        return not is_half and not (self._is_beginning and event.what == "valid")

    def would(self, event: WatchEvent) -> None:
        """Write what would happen."""
        self._write("", event)

    def _write(self, lead: str, event: WatchEvent) -> None:
        from sessionctl.cli.output.problem_output import print_text
        from sessionctl.cli.output.watch_words import event_words

        console = self._console
        message, hint = event_words(event)
        self._messages[event.file] = message
        role = "error" if event.is_bad else _ROLES.get(event.what, "dim")
        parts = [console.style(lead, "dim")] if lead else []
        parts += [
            console.style(f"{self._short(event.file)}:", "place"),
            console.style(self._short(message), role),
        ]
        if hint:
            parts.append(f"({console.style('next:', 'hint')} {hint})")
        console.out(" ".join(parts))
        if event.checked is not None and event.what == "invalid":
            print_text(console, event.checked)

    def _short(self, text: str) -> str:
        """Return ``text`` with the home directory in its paths as people write it."""
        return text.replace(f"{self._home}/", "~/") if self._home else text

    def status_data(self, watch: Watch) -> dict[str, Any]:
        """Return what a watcher answers when it is asked how it is."""
        return {
            "since": watch.since,
            "files": [
                {
                    "file": replica.file,
                    "phase": replica.state.phase.value,
                    "message": self._messages.get(replica.file),
                    "conflicts": [found.path for found in replica.state.conflicts],
                }
                for replica in watch.replicas
            ],
        }

    def _line(self, data: Mapping[str, object]) -> None:
        from sessionctl.cli.output.json_text import render_line

        self._console.stdout.write(
            render_line({"schema": JSON_SCHEMA, "command": "watch", "kind": "event", **data}) + "\n"
        )
        self._console.flush()


def event_data(event: WatchEvent) -> dict[str, object]:
    """Return an event for ``--json``."""
    from sessionctl.cli.output.problem_output import file_data
    from sessionctl.cli.output.watch_words import event_words
    from sessionctl.core.diff.diff_data import diff_data

    comparison, checked = event.comparison, event.checked
    message, hint = event_words(event)
    return {
        "what": event.what,
        "time": _iso_time(event.time_s),
        "file": event.file,
        "other": event.other or None,
        "message": message,
        "hint": hint or None,
        "changes": None if comparison is None else diff_data(comparison.shown)["changes"],
        "found": None if checked is None else file_data(checked),
        "conflicts": [{"key": found.path, "kind": found.kind.value} for found in event.conflicts],
    }


def print_status(console: Console, watchers: Sequence[Mapping[str, Any]]) -> None:
    """Print which watchers run and how their files are."""
    if not watchers:
        console.note("no watcher runs")
        console.hint("start one: sessionctl watch, or permanently: sessionctl service install")
        return
    for watcher in watchers:
        files = watcher["files"]
        since = _local_time(watcher["since"]) if watcher["since"] else "a while"
        head = f"process {watcher['pid']}, since {since}"
        sessions = watcher.get("sessions", [])
        what = [counted(len(files), "file")] if files or "sessions" not in watcher else []
        what += [f"saves {counted(len(sessions), 'session')}"] if "sessions" in watcher else []
        console.out(f"{console.style(head, 'heading')}: {', '.join(what)}")
        for root in watcher["roots"]:
            console.out(f"  in {root}")
        for file in files:
            role = "dim" if file["phase"] == "clean" else "warning"
            state = console.style(f"{file['phase']:<11}", role)
            about = f": {file['message']}" if file["message"] and file["phase"] != "clean" else ""
            console.out(f"  {state} {file['file']}{about}")
        for session in sessions:
            state = console.style(f"{session['last']:<11}", "dim")
            console.out(f"  {state} {session['name']} in {session['file']}")


def _clock_time(time_s: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(time_s))


def _iso_time(time_s: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")


def _local_time(text: str) -> str:
    from datetime import datetime

    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
