"""What a shell completes: session files, TOML files, and the keys of a document."""

from __future__ import annotations

# pathlib would be felt at every TAB: plain os calls here.
# ruff: noqa: PTH111, PTH118
import os

from sessionctl.core.filename import SESSION_SUFFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    import click
    from click.shell_completion import CompletionItem

    from sessionctl.core.values import Value

_MAX_KEYS = 500


def complete_session_file(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the sessions, by name and by file, and the directories that begin so."""
    return [*_names(ctx, incomplete), *_files(incomplete, SESSION_SUFFIX)]


def complete_toml_file(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the names of sessions, the TOML files and the directories that begin so."""
    return [*_names(ctx, incomplete), *_files(incomplete, ".toml")]


def complete_key(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the key paths of the file on the command line that begin with ``incomplete``."""
    return _keys(ctx, incomplete)


def complete_new_key(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the key paths as ``complete_key`` does, and those that a session could have."""
    return _keys(ctx, incomplete, with_new=True)


def complete_described_key(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the keys of the session format that begin with ``incomplete``."""
    return _described(incomplete)


def complete_backup(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the backups of the file on the command line that begin with ``incomplete``."""
    from click.shell_completion import CompletionItem

    from sessionctl.cli.output.time_text import moment
    from sessionctl.errors import SessionctlError
    from sessionctl.services.history.backups import list_backups
    from sessionctl.services.settings.user_store import user_store

    try:
        backups = list_backups(user_store(ctx.obj.machine), _file(ctx))
    except SessionctlError:
        return []
    return [
        CompletionItem(backup.id, help=f"{moment(backup.time_ns / 1e9)} {backup.why}")
        for backup in backups
        if backup.id.startswith(incomplete) and not backup.is_now
    ]


def complete_setting(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the settings whose key begins with ``incomplete``, with their descriptions."""
    from click.shell_completion import CompletionItem

    from sessionctl.services.settings.settings_files import known_settings

    return [
        CompletionItem(setting.key, help=setting.schema["description"])
        for setting in known_settings()
        if setting.key.startswith(incomplete)
    ]


def complete_policy(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the policies of ``--prefer``, behind a path if one is typed."""
    from click.shell_completion import CompletionItem

    from sessionctl.core.merge.policy.policy import WAYS

    path, equals, way = incomplete.rpartition("=")
    return [CompletionItem(f"{path}{equals}{one}") for one in WAYS if one.startswith(way)]


def complete_choice(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the conflicts of the file on the command line, then what may be taken of each."""
    from click.shell_completion import CompletionItem

    from sessionctl.errors import SessionctlError
    from sessionctl.services.merging.resolution import CHOICES, ConflictedFile

    path, equals, choice = incomplete.rpartition("=")
    if equals and path.count("[") == path.count("]"):
        fitting = [one for one in CHOICES if one.startswith(choice)]
        if fitting:
            return [CompletionItem(f"{path}={one}") for one in fitting]
    # While an option has no value yet, click leaves the arguments unread.
    name = ctx.params.get("file") or next(iter(ctx.args), "")
    try:
        file = ConflictedFile.read(_named(ctx, str(name)))
    except SessionctlError:
        return []
    found = [str(path) for index in range(len(file.conflicts)) for path in file.key_paths(index)]
    words = (f"{path}=" for path in dict.fromkeys([*found[:_MAX_KEYS], "*"]))
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def complete_secret(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the names of the secrets that the session on the command line has or wants."""
    from click.shell_completion import CompletionItem

    from sessionctl.errors import SessionctlError
    from sessionctl.services.secrets.entries.listing import list_secrets

    try:
        found = list_secrets(_file(ctx)).secrets
    except SessionctlError:
        return []
    return [CompletionItem(one.name) for one in found if one.name.startswith(incomplete)]


def _keys(ctx: click.Context, incomplete: str, *, with_new: bool = False) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from sessionctl.core.filename import is_session_name
    from sessionctl.core.toml.document import Document
    from sessionctl.errors import SessionctlError
    from sessionctl.system.files.text import read_text

    try:
        file = _file(ctx)
        value = Document.parse(read_text(file)).value
    except SessionctlError:
        return []
    found: list[str] = []
    _collect(value, "", incomplete, found)
    new = _described(incomplete, of_tables=True) if with_new and is_session_name(file) else []
    return [
        *(CompletionItem(key) for key in found),
        *(one for one in new if one.value not in found),
    ][:_MAX_KEYS]


def _described(incomplete: str, *, of_tables: bool = False) -> list[CompletionItem]:
    """Return the described keys that begin so; ``of_tables`` none of an array without its item."""
    from click.shell_completion import CompletionItem

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.model import Schema
    from sessionctl.errors import UsageError

    lead, schema = _parent(incomplete), Schema.session()
    try:
        path = KeyPath.parse(lead.removesuffix("."))
    except UsageError:
        return []
    if of_tables and any("items" in one for one in schema.at(path)):
        return []
    return [
        CompletionItem(f"{lead}{key}", help=_first_sentence(schemas))
        for key, schemas in schema.keys_at(path).items()
        if f"{lead}{key}".startswith(incomplete)
    ]


def _first_sentence(schemas: Iterable[Mapping[str, Any]]) -> str:
    text = next((one["description"] for one in schemas if "description" in one), "")
    return str(text).partition(". ")[0].partition("\n")[0].removesuffix(".")


def _parent(begun: str) -> str:
    """Return the part of a key path up to its last dot that is in no brackets and no quotes."""
    end, quote, is_item = 0, "", False
    for place, letter in enumerate(begun):
        if quote:
            quote = "" if letter == quote else quote
        elif letter == '"' or (letter == "'" and not is_item):
            quote = letter
        elif letter in "[]":
            is_item = letter == "["
        elif letter == "." and not is_item:
            end = place + 1
    return begun[:end]


def _collect(value: Value, path: str, incomplete: str, found: list[str]) -> None:
    children = _children(value, path, incomplete)
    fitting = sum(name.startswith(incomplete) for name, _ in children)
    for name, item in children:
        if len(found) >= _MAX_KEYS:
            return
        if name.startswith(incomplete):
            found.append(name)
        # Not deeper than what was typed: a level at a time, as with directories. The only one is
        # offered with what is in it, for a shell that completes it takes the word for complete.
        if incomplete.startswith(name) or (name.startswith(incomplete) and fitting == 1):
            _collect(item, name, incomplete, found)


def _children(value: Value, path: str, incomplete: str) -> list[tuple[str, Value]]:
    """Return what is in a table or array, each with its path; items by their names, if they have.

    Who types an index gets the indexes.
    """
    from sessionctl.core.keypath import ItemKey, KeyPath, render_key

    if isinstance(value, dict):
        lead = f"{path}." if path else ""
        return [(lead + render_key(key), item) for key, item in value.items()]
    if not isinstance(value, list) or not path:
        return []
    from sessionctl.core.identity import identity_field

    is_counted = incomplete.startswith(f"{path}[") and incomplete[len(path) + 1 :][:1].isdigit()
    field = None if is_counted else identity_field([value])
    return [
        (
            f"{path}{KeyPath([ItemKey(field, str(item[field]))])}"
            if field is not None and isinstance(item, dict)
            else f"{path}[{index}]",
            item,
        )
        for index, item in enumerate(value)
    ]


def _file(ctx: click.Context) -> str:
    """Return the file on the command line, by its path or its name."""
    return _named(ctx, str(ctx.params.get("file")))


def _named(ctx: click.Context, word: str) -> str:
    from sessionctl.cli.arguments.named_file import named_file

    return named_file(ctx.obj, word, may_be_gone=True)


def _names(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the names of the sessions that begin so, each with its file."""
    if "/" in incomplete:
        return []
    from click.shell_completion import CompletionItem

    from sessionctl.services.naming.session_names import NamePlaces, SessionNames

    found = SessionNames(NamePlaces.of(ctx.obj.machine)).files()
    return [
        CompletionItem(name, help=file)
        for name, file in sorted(found.items())
        if name.startswith(incomplete) and name != incomplete
    ]


def _files(incomplete: str, suffix: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from sessionctl.core.leftover import is_leftover

    directory, begun = os.path.split(incomplete)
    try:
        entries = sorted(os.scandir(os.path.expanduser(directory) or "."), key=lambda e: e.name)
    except OSError:
        return []
    names: list[CompletionItem] = []
    for entry in entries:
        if not entry.name.startswith(begun) or (entry.name.startswith(".") and not begun):
            continue
        path = os.path.join(directory, entry.name)
        if entry.is_dir():
            names.append(CompletionItem(f"{path}/"))
        elif entry.name.endswith(suffix) and not is_leftover(entry.name):
            names.append(CompletionItem(path))
    return names
