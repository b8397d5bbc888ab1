"""What set and unset tell of an edit."""

from __future__ import annotations

from sessionctl.core.values import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.console import Console
    from sessionctl.services.editing import Change

_MAX_SHOWN = 60


def carry_out(
    console: Console, command: str, change: Change, *, dry_run: bool, as_json: bool
) -> None:
    """Write ``change`` unless ``dry_run``, and tell it: as JSON, as lines, or in a note."""
    from sessionctl.services.editing import shown_texts, write_change

    if not dry_run:
        write_change(change)
    if as_json:
        console.print_json(
            command,
            file=change.file,
            key=change.key_path,
            before=None if change.before is MISSING else change.before,
            after=None if change.after is MISSING else change.after,
            changed=change.is_change,
            dry_run=dry_run,
        )
    elif dry_run:
        if change.is_change:
            _print_lines(console, change.file, *shown_texts(change))
        else:
            console.note(f"nothing would change in {change.file}")
    else:
        console.note(_told(console, command, change))


def _told(console: Console, command: str, change: Change) -> str:
    key = console.style(str(change.key_path), "key")
    before, after = _short(change.before), _short(change.after)
    if not change.is_change:
        return f"unchanged {change.file}: {key}: {after}"
    if not before:
        return f"{command} {change.file}: {key}: added {after}"
    if not after:
        return f"{command} {change.file}: {key}: removed {before}"
    return f"{command} {change.file}: {key}: {before} -> {after}"


def _short(value: object) -> str:
    from sessionctl.core.overview import short_value

    if value is MISSING:
        return ""
    text = short_value(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def _print_lines(console: Console, file: str, before: str, after: str) -> None:
    from sessionctl.core.linediff import changed_lines

    change = changed_lines(before, after)
    if change is None:
        console.note(f"a secret would change in {file}")
        return
    console.out(console.style(f"{file}:{change.line}", "place"))
    for line in change.removed:
        console.out(console.style(f"-{line.rstrip()}", "removed"))
    for line in change.added:
        console.out(console.style(f"+{line.rstrip()}", "added"))
