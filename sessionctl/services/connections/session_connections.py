"""Session connections: those that a session file describes, as they are on this machine."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH120
import os
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionRequest
from sessionctl.connections.driver_registry import connection_adapter
from sessionctl.connections.keeping.target import DIAL_TIMEOUT_S, Target
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.session import applies, read_override, resolve_overrides
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.core.values import is_reference, table_in, tables_in, text_in
from sessionctl.errors import DocumentError, ToolError, UsageError
from sessionctl.services.connections.connection_memory import ConnectionMemory
from sessionctl.services.connections.connection_settings import limits_of, server_of
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text
from sessionctl.system.process import for_children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.connections.connection_adapter import ConnectionAdapter, PeerIdentity
    from sessionctl.connections.keeping.target import Recollection
    from sessionctl.core.problem import Span
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.core.values import Table, Value
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class ConnectionContext(NamedTuple):
    """What opening connections knows: this machine, and who opens secrets.

    ``vault`` is called when a connection refers to a secret, and then alone.
    """

    machine: Machine
    vault: Callable[[], VaultKeeper]


class OpenOptions(NamedTuple):
    """What the user decided about opening.

    ``accepts_any_version`` goes on after an incompatibility, ``adopts_peer`` takes another server
    than before for the right one.
    """

    accepts_any_version: bool = False
    adopts_peer: bool = False


USUAL = OpenOptions()


class ConnectionPlace(NamedTuple):
    """Where a key of a connection stands: line and column count from 1."""

    file: str
    line: int
    column: int
    key_path: KeyPath
    span: Span


class SessionConnections:
    """The connections of one session file."""

    def __init__(self, file: str, context: ConnectionContext) -> None:
        """Read ``file``.

        Raises:
          FileError, ParseError: it cannot be read, or is not TOML.
        """
        self.file = file
        self.context = context
        self.document = Document.parse(read_text(file), file)
        machine = context.machine
        self.value = resolve_overrides(self.document.value, machine.host, machine.os_name)
        session_id = text_in(self.document.value, "id")
        self.memory = ConnectionMemory(machine.state, file, session_id)

    def names(self) -> tuple[str, ...]:
        """Return the names of all connections, in the order of the file."""
        tables = table_in(self.value, "connections")
        return tuple(name for name, table in tables.items() if isinstance(table, dict))

    def settings(self, name: str) -> Table:
        """Return the table of a connection, with the overrides of this machine.

        Raises:
          UsageError: there is no such connection.
        """
        found = table_in(self.value, "connections").get(name)
        if isinstance(found, dict):
            return found
        from sessionctl.core.text.near_words import near_hints

        hints = near_hints(name, self.names())
        if not self.names():
            hints = [f"add one: sessionctl edit {path_word(self.file)}"]
        raise UsageError(f"{self.file}: it has no connection {name}", hints=hints)

    def alternatives(self, name: str) -> list[str]:
        """Return the other connections of the same driver, two at most."""
        driver = text_in(self.settings(name), "driver")
        others = (other for other in self.names() if other != name)
        return [other for other in others if text_in(self.settings(other), "driver") == driver][:2]

    def chosen(self, name: str | None) -> tuple[str, ...]:
        """Return ``name`` alone, or all names where it is None.

        Raises:
          UsageError: there is no such connection, or none at all.
        """
        if name is not None:
            self.settings(name)
            return (name,)
        if not self.names():
            hint = f"add one: sessionctl edit {path_word(self.file)}"
            raise UsageError(f"{self.file}: the session has no connections", hints=[hint])
        return self.names()

    def check(self, name: str) -> None:
        """Raise ``DocumentError`` where the file is wrong about the connection ``name``."""
        from sessionctl.services.documents.validation import Validator

        checked = Validator().check_text(self.file, self.document.text)
        wrong = [one for one in checked.errors if _is_about(one.key_path, name)]
        if not wrong:
            return
        from sessionctl.core.render.problem_line import problem_line

        hints = [wrong[0].hint] if wrong[0].hint else []
        hints.append(f"see all of it: sessionctl validate {path_word(self.file)}")
        more = f", and {counted(len(wrong) - 1, 'other mistake')}" if len(wrong) > 1 else ""
        line = problem_line(wrong[0], checked.source)
        raise DocumentError(f"{line}{more}", hints=hints)

    def adapter(self, name: str) -> ConnectionAdapter:
        """Return the adapter of a connection's driver.

        Raises:
          UsageError, ToolError: there is none, or it cannot be loaded.
        """
        try:
            return connection_adapter(text_in(self.settings(name), "driver"))
        except (UsageError, ToolError) as error:
            place = self.place(name, "driver")
            where = f"{place.file}:{place.line}:{place.column}: {place.key_path}"
            raise type(error)(f"{where}: {error.message}", hints=error.hints) from error

    def target(self, name: str, options: OpenOptions = USUAL) -> Target:
        """Return the connection as something to open.

        Raises:
          DocumentError: the file is wrong about it.
          UsageError, ToolError: its driver is not there, or cannot be loaded.
        """
        self.check(name)
        settings = self.settings(name)
        driver = text_in(settings, "driver")
        timeout = settings.get("timeout_s")

        def recall() -> Recollection:
            return self.memory.recall(name, driver)

        def keep(state: Table, peer: PeerIdentity) -> None:
            self.memory.keep_state(name, driver, state, peer)

        return Target(
            name=name,
            adapter=self.adapter(name),
            request=lambda: self.request(name, options),
            host=server_of(settings),
            limits=limits_of(settings.get("retry")),
            timeout_s=float(timeout) if isinstance(timeout, int | float) else DIAL_TIMEOUT_S,
            recall=recall,
            keep=keep,
            adopts_peer=options.adopts_peer,
        )

    def request(
        self, name: str, options: OpenOptions = USUAL, *, with_secrets: bool = True
    ) -> ConnectionRequest:
        """Return what an adapter opens the connection ``name`` with; its secrets are read now.

        Not ``with_secrets``, each of them is empty: which there are is known without a key.

        Raises:
          LockedError, RefusedError, KeyNotFoundError: a secret cannot be used.
        """
        machine, settings = self.context.machine, self.settings(name)
        references = dict(_references(settings, ""))
        return ConnectionRequest(
            name=name,
            settings=_without_references(settings),
            secrets=self._secrets(references) if with_secrets else _unread(references),
            directory=os.path.dirname(os.path.realpath(self.file)),
            home=machine.home or "",
            environ=for_children(machine.environ),
            scratch=self._scratch(),
            accepts_any_version=options.accepts_any_version,
        )

    def references(self, name: str) -> dict[str, str]:
        """Return the names of the secrets of a connection by the keys they stand at."""
        return dict(_references(self.settings(name), ""))

    def place(self, name: str, key: str = "") -> ConnectionPlace:
        """Return where ``key`` of a connection stands: in the override that says it last."""
        parts = ["connections", name, *(key.split(".") if key else [])]
        path = self._path_of(parts)
        places = KeyPlaces(self.document)
        full = key and len(path) >= len(parts)
        span = places.value(path) if full else places.table(path)
        source = Source(self.document.text, self.file)
        line, column = source.place(span.start)
        return ConnectionPlace(self.file, line, column, path, span)

    def excerpt(self, place: ConnectionPlace) -> list[str]:
        """Return the lines that show a place; secrets in them are masked."""
        from sessionctl.core.problem import Problem
        from sessionctl.core.render.problem_excerpt import safe_source
        from sessionctl.core.schema.model import Schema

        source = Source(self.document.text, self.file)
        problem = Problem("connection", "", place.span, place.key_path)
        safe = safe_source(source, [problem], Schema.session(), in_session=True)
        return safe.excerpt(place.span)

    def _path_of(self, parts: list[str]) -> KeyPath:
        machine, root = self.context.machine, self.document.value
        found: list[str | int] = []
        for index, table in reversed(list(enumerate(tables_in(root, "overrides")))):
            override = read_override(table)
            if applies(override, machine.host, machine.os_name):
                depth = _depth(override.changes, parts)
                if depth == len(parts):
                    return KeyPath(["overrides", index, *parts])
        depth = _depth(root, parts)
        found = [*parts[:depth]]
        return KeyPath(found)

    def _secrets(self, references: dict[str, str]) -> dict[str, Secret]:
        if not references:
            return {}
        from sessionctl.services.secrets.access.session_secrets import SessionSecrets

        secrets = SessionSecrets(self.context.vault(), self.file, self.document)
        return {key: secrets.value(name) for key, name in references.items()}

    def _scratch(self) -> str:
        for place in self.context.machine.runtime_places:
            folder = os.path.join(place, "connections")
            try:
                make_private(folder)
            except OSError:
                continue
            return folder
        return ""


def _is_about(path: KeyPath, name: str) -> bool:
    parts = [part for part in path if isinstance(part, str | int)]
    if parts[:1] == ["overrides"]:
        parts = parts[2:]
    return len(parts) < 1 or (parts[:1] == ["connections"] and parts[1:2] in ([], [name]))


def _references(value: Value, path: str) -> Iterator[tuple[str, str]]:
    if is_reference(value):
        assert isinstance(value, dict)
        yield path, str(value["secret"])
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _references(item, f"{path}.{key}" if path else key)


def _unread(references: dict[str, str]) -> dict[str, Secret]:
    from sessionctl.core.secrets.secret import Secret

    return dict.fromkeys(references, Secret(b""))


def _without_references(table: Table) -> Table:
    return {
        key: _without_references(item) if isinstance(item, dict) else item
        for key, item in table.items()
        if not is_reference(item)
    }


def _depth(table: Table, parts: list[str]) -> int:
    """Return how many of ``parts`` are there, one in the other."""
    inner: Value = table
    for depth, part in enumerate(parts):
        if not isinstance(inner, dict) or part not in inner:
            return depth
        inner = inner[part]
    return len(parts)
