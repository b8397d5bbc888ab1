"""Secret mask: a workspace without the secrets in its arguments, variables and options.

A secret in a command becomes ``***``, and the command is only typed when it comes back; a
variable or an option that holds one is left out.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from sessionctl.core.keypath import KeyPath
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import KEY, KNOWN, SecretPart, without
from sessionctl.core.scan.judgement import Judgement, SecretValue
from sessionctl.core.scan.rules.key_names import names_a_secret, speaks_of_secrets
from sessionctl.core.scan.text_scan import names_a_program, text_parts
from sessionctl.core.text.mask import MASK
from sessionctl.core.workspace.seen_values import SeenValues
from sessionctl.core.workspace.workspace import TYPE, ServerFacts, WorkspacePane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sessionctl.core.scan.known_values import KnownValues
    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.workspace import Workspace, WorkspaceWindow

    Hidden = dict[KeyPath, str]

Item = TypeVar("Item")


_COLOUR = late(r"\x1b\[[0-9;:]*m")
_KEY_BLOCK = late(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"[A-Za-z0-9+/=\s:,-]{0,20000}?(?:-----END [A-Z ]*KEY-----|\Z)"
)
_LEFT_OUT = ("env", "options", "tmux")


class MaskedPart(NamedTuple):
    """What was kept out of a workspace: where it stood, and of what kind it is."""

    path: KeyPath
    what: str
    is_left_out: bool


def mask_secrets(
    workspace: Workspace, seen: Iterable[str] = ()
) -> tuple[Workspace, tuple[MaskedPart, ...]]:
    """Return ``workspace`` without the secrets in it, and where those were.

    A value that is one at one place is one at every other, and so is what was ``seen`` as one.
    """
    hidden: Hidden = {}
    found: list[MaskedPart] = []
    secrets = _secrets(workspace)
    known = SeenValues({*seen, *_texts(secrets), *_typed_values(workspace)}).known
    for secret in _secrets(workspace, known) if known else secrets:
        masked = MASK if secret.is_whole else without(secret.text, secret.parts)
        hidden.setdefault(secret.path, masked)
        is_left_out = any(part in _LEFT_OUT for part in secret.path)
        part = secret.parts[0]
        what = "a secret" if part.rule == KNOWN else part.what
        found.append(MaskedPart(secret.path, what, is_left_out))
    for path, line in _lines(workspace):
        words = _words_masked(hidden.get(path, line))
        if words is not None:
            hidden[path] = words
            found.append(MaskedPart(path, "a secret", is_left_out=False))
    if not found:
        return workspace, ()
    return _masked(workspace, hidden), tuple(dict.fromkeys(found))


def workspace_values(workspace: Workspace) -> set[str]:
    """Return the values in ``workspace`` that ``mask_secrets`` masks."""
    return {*_texts(_secrets(workspace)), *_typed_values(workspace)}


def screen_values(text: str) -> set[str]:
    """Return the values in what a terminal showed that ``mask_lines`` finds by themselves."""
    found: set[str] = set()
    for plain, parts in _screen(text):
        found.update(plain[part.start : part.end] for part in parts)
        if parts and _is_quoted(plain):
            found |= _word_secrets(plain)
    return found


def mask_lines(text: str, seen: SeenValues) -> str:
    """Return what a terminal showed without the secrets in it, and without what was ``seen``.

    A line in which one was found loses its colours.
    """
    if "PRIVATE KEY" in text:
        text = _KEY_BLOCK.sub(MASK, text)
    lines = text.split("\n")
    speaking = [(number, plain) for number, (plain, parts) in enumerate(_screen(text)) if parts]
    for number, plain in speaking:
        # Of a word that is quoted in part the text shows only a part as the secret.
        if _is_quoted(plain) and _words_masked(plain) == MASK:
            lines[number] = MASK
    lines = seen.mask("\n".join(lines)).split("\n")
    for number, _ in speaking:
        for plain, parts in _screen(lines[number]):
            lines[number] = without(plain, parts) if parts else lines[number]
    return "\n".join(lines)


def _is_quoted(line: str) -> bool:
    return any(quote in line for quote in "'\"\\")


def _screen(text: str) -> Iterator[tuple[str, list[SecretPart]]]:
    """Yield each line without its colours, and the secrets in it."""
    for line in text.split("\n"):
        plain = _COLOUR.sub("", line) if "\x1b" in line else line
        yield plain, text_parts(plain, is_strict=True) if plain.strip() else []


def _secrets(workspace: Workspace, known: KnownValues | None = None) -> list[SecretValue]:
    judgement = Judgement(in_session=True, known=known)
    return [*judgement.find(_value(workspace)), *_in_names(workspace)]


def _texts(secrets: Iterable[SecretValue]) -> Iterator[str]:
    for secret in secrets:
        if secret.is_whole:
            yield secret.text
        else:
            yield from (secret.text[part.start : part.end] for part in secret.parts)


def _typed_values(workspace: Workspace) -> Iterator[str]:
    for _, line in _lines(workspace):
        yield from _word_secrets(line)


def _masked(workspace: Workspace, hidden: Hidden) -> Workspace:
    windows = tuple(
        _window(window, KeyPath(("windows", number)), hidden)
        for number, window in enumerate(workspace.windows)
    )
    server = KeyPath(("tmux",))
    files, *options = workspace.server
    names = ("server_options", "session_options", "window_options")
    kept = (_left(table, server / name, hidden) for name, table in zip(names, options, strict=True))
    shown = (f for n, f in enumerate(files) if server / "config_files" / n not in hidden)
    return workspace._replace(
        name=hidden.get(KeyPath(("name",)), workspace.name),
        root=hidden.get(KeyPath(("root",)), workspace.root),
        group=hidden.get(KeyPath(("group",)), workspace.group),
        windows=windows,
        env=_left(workspace.env, KeyPath(("env",)), hidden),
        options=_left(workspace.options, KeyPath(("options",)), hidden),
        server=ServerFacts(tuple(shown), *kept),
    )


def _in_names(workspace: Workspace) -> Iterator[SecretValue]:
    """Yield what variables hold whose names only speak of a secret, such as ``SECRET_ENV``."""
    tables = [(KeyPath(("env",)), workspace.env)]
    for number, window in enumerate(workspace.windows):
        path = KeyPath(("windows", number, "panes"))
        tables += [(path / n / "env", pane.env) for n, pane in enumerate(window.panes)]
    for path, table in tables:
        for name, value in table.items():
            if isinstance(value, str) and names_a_secret(name):
                from sessionctl.core.scan.rules.plausibility import is_strong

                if is_strong(value):
                    part = SecretPart(KEY, "a secret", 0, len(value))
                    yield SecretValue(path / name, value, (part,), is_whole=True)


def _lines(workspace: Workspace) -> Iterator[tuple[KeyPath, str]]:
    for number, window in enumerate(workspace.windows):
        for place, pane in enumerate(window.panes):
            if isinstance(pane.run, str):
                yield KeyPath(("windows", number, "panes", place, "run")), pane.run


def _words_masked(line: str) -> str | None:
    """Return a shell line without the secrets of its words, as a program gets them; None if none.

    Quotes within a word may hide from a look at the text what it says.
    """
    secrets = _word_secrets(line)
    if not secrets:
        return None
    for text in secrets:
        if text not in line:
            return MASK  # written in another way: nothing of it can be kept
        line = line.replace(text, MASK)
    return line


def _word_secrets(line: str) -> set[str]:
    if not (speaks_of_secrets(line) or names_a_program(line)):
        return set()
    import shlex

    try:
        words = shlex.split(line)
    except ValueError:
        return set()
    return {
        secret.text[part.start : part.end]
        for secret in Judgement(in_session=True).find(list(words))
        for part in secret.parts
    } - {MASK}


def _window(window: WorkspaceWindow, path: KeyPath, hidden: Hidden) -> WorkspaceWindow:
    return window._replace(
        name=hidden.get(path / "name", window.name),
        link=hidden.get(path / "link", window.link),
        options=_left(window.options, path / "options", hidden),
        panes=tuple(
            _pane(pane, path / "panes" / number, hidden) for number, pane in enumerate(window.panes)
        ),
    )


def _pane(pane: WorkspacePane, path: KeyPath, hidden: Hidden) -> WorkspacePane:
    run = _command(pane.run, path / "run", hidden)
    resume = _command(pane.resume, path / "resume", hidden)
    # A shell with other arguments is another one: then rather the user's own.
    is_hidden = any(place[: len(path) + 1] == path / "shell" for place in hidden)
    shell = WorkspacePane().shell if is_hidden else pane.shell
    is_changed = (run, resume) != (pane.run, pane.resume)
    return pane._replace(
        cwd=hidden.get(path / "cwd", pane.cwd),
        shell=shell,
        run=run,
        resume=resume if not isinstance(resume, str) else None,
        start=TYPE if is_changed else pane.start,
        title=hidden.get(path / "title", pane.title),
        env=_left(pane.env, path / "env", hidden),
        options=_left(pane.options, path / "options", hidden),
    )


def _command(
    command: tuple[str, ...] | str | None, path: KeyPath, hidden: Hidden
) -> tuple[str, ...] | str | None:
    if isinstance(command, tuple):
        return tuple(hidden.get(path / n, word) for n, word in enumerate(command))
    return command if command is None else hidden.get(path, command)


def _left(table: Mapping[str, Item], path: KeyPath, hidden: Hidden) -> Mapping[str, Item]:
    def is_hidden(key: str) -> bool:
        inner = path / key
        return any(place[: len(inner)] == inner for place in hidden)

    return {key: value for key, value in table.items() if not is_hidden(key)}


def _value(workspace: Workspace) -> Value:
    windows: list[Value] = [
        {
            "name": window.name,
            "link": window.link,
            "options": _plain(window.options),
            "panes": [_pane_value(pane) for pane in window.panes],
        }
        for window in workspace.windows
    ]
    files, server, session, window = workspace.server
    return {
        "name": workspace.name,
        "root": workspace.root,
        "group": workspace.group,
        "env": _plain(workspace.env),
        "options": _plain(workspace.options),
        "windows": windows,
        "tmux": {
            "config_files": list(files),
            "server_options": _plain(server),
            "session_options": _plain(session),
            "window_options": _plain(window),
        },
    }


def _pane_value(pane: WorkspacePane) -> Table:
    value: Table = {
        "title": pane.title,
        "cwd": pane.cwd,
        "env": _plain(pane.env),
        "options": _plain(pane.options),
    }
    for key, command in (("run", pane.run), ("resume", pane.resume), ("shell", pane.shell)):
        if command and not isinstance(command, bool):
            value[key] = command if isinstance(command, str) else list(command)
    return value


def _plain(table: Mapping[str, object]) -> Table:
    found: Table = {}
    for key, item in table.items():
        if isinstance(item, tuple):
            found[key] = [word for word in item if isinstance(word, str)]
        elif isinstance(item, str | int):
            found[key] = item
    return found
