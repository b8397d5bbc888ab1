"""What get, set and unset print; no click, so that the plain forms need none."""

from __future__ import annotations

from sessionctl.core.values import MISSING
from sessionctl.errors import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.core.toml.document import Document
    from sessionctl.services.documents.value_access import ValueChange
    from sessionctl.system.store.store import SaveResult, Store

_MAX_SHOWN = 60


def print_value(console: Console, file: str, key: str, *, as_json: bool = False) -> int:
    """Print the value at ``key`` in ``file``; return the exit code."""
    from sessionctl.services.documents.value_access import find_value

    found = find_value(file, key)
    if as_json:
        console.print_json("get", file=file, key=key, value=found.value)
    else:
        text = _bare(found.value, found.text)
        console.data(text if text.endswith("\n") and text is found.text else f"{text}\n")
    if not found.is_secret:
        return 0
    console.hint(f"{found.path} holds a plain-text secret, which is never printed")
    if found.can_refer:
        from sessionctl.core.session.reference_advice import reference_hint

        console.hint(reference_hint(file, found.path))
    return RefusedError.exit_code


def carry_out(
    console: Console,
    command: str,
    change: ValueChange,
    *more: ValueChange,
    dry_run: bool = False,
    as_json: bool = False,
    write: Callable[[ValueChange, Store], SaveResult] | None = None,
) -> None:
    """Write ``change`` unless ``dry_run``, and report it: as JSON, as lines, or in a note.

    ``more`` are changes of the same file that begin where the one before ends: one edit.
    """
    whole = change._replace(new=more[-1].new) if more else change
    if not dry_run:
        from sessionctl.services.documents.value_access import write_change
        from sessionctl.services.settings.user_store import user_store

        store = user_store(console.machine)
        saved = write(whole, store) if write else write_change(whole, store, why=command)
        if saved.notes:
            from sessionctl.cli.store_notes import tell_notes

            tell_notes(console, saved.notes)
    if as_json:
        console.print_json(
            command,
            file=change.file,
            **_data(change),
            changed=whole.is_change,
            dry_run=dry_run,
            **({"more": [_data(one) for one in more]} if more else {}),
        )
    elif dry_run:
        if whole.is_change:
            print_change(console, whole, is_split=bool(more))
        else:
            console.note(f"nothing would change in {change.file}")
    else:
        for one in (change, *more):
            console.note(_told(console, command, one))
            _hint_new_item(console, one)
        if command == "unset":
            _hint_emptied(console, [change, *more])
        _warn_bare(console, whole)
        _hint_rebound(console, whole)
    for one in (change, *more):
        _warn_of_name(console, one, whole.new)
        if one.broken_kind:
            console.warn(
                f"{one.file}: {one.shown_path}: not a valid TOML {one.broken_kind}, so it is"
                " stored as a string"
            )


def _warn_bare(console: Console, change: ValueChange) -> None:
    """Print what an empty file still needs to be a session, where it got its first keys."""
    if change.old.value:
        return
    from sessionctl.core.filename import is_session_name, stem_of

    if not is_session_name(change.file):
        return
    wanted = {"schema_version": "1", "name": stem_of(change.file.rpartition("/")[2])}
    missing = {key: value for key, value in wanted.items() if key not in change.new.value}
    if not missing:
        return
    from sessionctl.core.text.shellwords import path_word, typed_word

    words = " ".join(f"{typed_word(key)} {typed_word(value)}" for key, value in missing.items())
    console.warn(
        f"{change.file}: not a session yet, it has no {' and no '.join(missing)}",
        hints=[f"add what is missing: sessionctl set -- {path_word(change.file)} {words}"],
    )


def _hint_emptied(console: Console, changes: Sequence[ValueChange]) -> None:
    """Print how the tables are removed too that have no key any more."""
    removed = [change.key_path for change in changes]
    tables = {change.key_path.parent: change for change in changes}
    for parent, change in tables.items():
        if any(parent[: len(gone)] == gone for gone in removed):
            continue
        table = change.shown_path.parent
        if changes[1:] and any(isinstance(part, int) for part in table):
            from sessionctl.core.toml.item_edits import place_without

            table = place_without(parent, set(removed))
        is_named = bool(table) and isinstance(table[-1], str)
        if not is_named or table not in change.new or change.new.get(table) != {}:
            continue
        from sessionctl.core.text.shellwords import last_words, path_word
        from sessionctl.core.text.source import visible

        words = f"{path_word(change.file)} {last_words(str(table))}"
        hint = f"{visible(str(table))} is empty now; to remove it too: sessionctl unset {words}"
        console.hint(hint)


def _hint_rebound(console: Console, change: ValueChange) -> None:
    """Print which stored secrets are refused where the change sends them, and what accepts it."""
    if "secret" not in change.new.text:
        return
    from sessionctl.services.secrets.rebound_secrets import rebound_secrets

    names = rebound_secrets(change.file, change.old, change.new)
    if names:
        from sessionctl.core.text.shellwords import last_words, path_word
        from sessionctl.core.text.source import visible

        words = f"{path_word(change.file)} {last_words(*names)}"
        refused = "are refused until they are" if names[1:] else "is refused until it is"
        listed = visible(", ".join(names))
        console.hint(f"{listed} {refused} accepted: sessionctl secret accept {words}")


def _data(change: ValueChange) -> dict[str, object]:
    data: dict[str, object] = {
        "key": change.key_path,
        "before": None if change.before is MISSING else change.before,
        "after": None if change.after is MISSING else change.after,
    }
    if all(isinstance(part, str) for part in change.key_path):
        return data
    from sessionctl.core.toml.item_edits import by_identity

    document = change.old if change.key_path in change.old else change.new
    return {**data, "identity": by_identity(document, change.key_path)}


def _warn_of_name(console: Console, change: ValueChange, whole: Document) -> None:
    """Warn where a window or pane got a name by which it cannot be called."""
    if change.key_path[-1:] != ("name",) or not change.is_change:
        return
    from sessionctl.core.filename import is_session_name
    from sessionctl.core.session.item_names import item_name_problem
    from sessionctl.core.text.shellwords import last_words, path_word

    problem = item_name_problem(whole, change.key_path) if is_session_name(change.file) else ""
    if problem:
        key = last_words(str(change.key_path))
        hint = f"give it a name of its own: sessionctl set {path_word(change.file)} {key} NAME"
        console.warn(f"{change.file}: {problem}", hints=[hint])


def _hint_new_item(console: Console, change: ValueChange) -> None:
    """Print which item may have been meant where one was made that is called nearly so."""
    depth = max((n for n, p in enumerate(change.typed) if not isinstance(p, str | int)), default=-1)
    item = change.typed[: depth + 1]
    if depth < 0 or item in change.old or item not in change.new:
        return
    from sessionctl.core.text.shellwords import last_words, path_word
    from sessionctl.errors import KeyNotFoundError

    name = change.typed.__class__(item)
    try:
        change.old.resolve(item)
    except KeyNotFoundError as error:
        near = [hint for hint in error.hints if hint.startswith("did you mean")]
        console.note(f"{change.file}: {name} is new")
        for hint in near:
            undo = f"sessionctl unset {path_word(change.file)} {last_words(str(name))}"
            console.hint(f"{hint} then remove this one: {undo}")


def carry_out_setting(
    console: Console, command: str, change: ValueChange, key: str, flags: Mapping[str, bool]
) -> int:
    """Write ``change`` and print what it did; warn where another source decides all the same."""
    from sessionctl.services.settings.settings_change import write_setting
    from sessionctl.services.settings.user_store import user_settings

    dry_run = flags["dry_run"]
    carry_out(
        console,
        f"config {command}",
        change,
        dry_run=dry_run,
        as_json=flags["as_json"],
        write=write_setting,
    )
    if dry_run:
        return 0
    settings = user_settings(console.machine).settings
    places = [one for one in settings.all if one.key == key and one.place]
    if not places or places[0].place.rpartition(":")[0] == change.file:
        return 0
    setting = places[0]
    from sessionctl.core.toml.write.value_writer import render_value

    value = render_value(setting.value)
    console.warn(f"{key} = {value} holds here, from {setting.origin.value} {setting.place}")
    return 0


def _bare(value: object, text: str) -> str:
    """Return a scalar as scripts want it, any other value as its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return text.replace("_", "")
    return text


def _told(console: Console, command: str, change: ValueChange) -> str:
    key = console.style(str(change.shown_path), "key")
    before, after = _short(change.before), _short(change.after)
    if not change.is_change:
        return f"unchanged {change.file}: {key}: {after}"
    if command == "move":
        return f"{command} {change.file}: {key}: moved"
    if not before:
        return f"{command} {change.file}: {key}: added {after}"
    if not after:
        return f"{command} {change.file}: {key}: removed {before}"
    return f"{command} {change.file}: {key}: {before} -> {after}"


def _short(value: object) -> str:
    from sessionctl.core.render.value_line import short_value

    if value is MISSING:
        return ""
    text = short_value(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def print_change(console: Console, change: ValueChange, *, is_split: bool = False) -> None:
    """Print the lines of a file that an edit changes, as a diff has them.

    With ``is_split``, lines between them that stay are not printed.
    """
    from sessionctl.services.documents.value_access import shown_lines

    lines = shown_lines(change)
    if lines is None:
        console.note(f"a secret would change in {change.file}")
        return
    if is_split:
        from sessionctl.core.text.line_change import split_change

        runs = split_change(lines)
    else:
        runs = [lines]
    for run in runs:
        console.out(console.style(f"{change.file}:{run.line}", "place"))
        for line in run.removed:
            console.out(console.style(f"-{line.rstrip()}", "removed"))
        for line in run.added:
            console.out(console.style(f"+{line.rstrip()}", "added"))
