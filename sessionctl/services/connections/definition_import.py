"""Definition import: connections of other programs, added to a session file by reference."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113, PTH118, PTH120
import os
from typing import NamedTuple

from sessionctl.core.importers.definitions.definition_kind import (
    DEFINITION_KINDS,
    SSH_CONFIG,
    definition_kind,
    kind_of_text,
    read_definitions,
)
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import errors_of
from sessionctl.core.scan.masked_values import literal_secrets
from sessionctl.core.schema.verdict import validate
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.values import MISSING, same_value, table_in
from sessionctl.errors import DocumentError, UsageError
from sessionctl.services.connections.ssh_files import is_read_by_ssh
from sessionctl.services.documents.session_view import read_document
from sessionctl.services.documents.value_access import ValueChange
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.importers.definitions.connection_definition import ConnectionDefinition
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table
    from sessionctl.services.machine import Machine

_LIMIT_BYTES = 4 << 20
_DBEAVER = ".local/share/DBeaverData/workspace6/General/.dbeaver/data-sources.json"


class AddedDefinition(NamedTuple):
    """A connection that the session gets, and where it was found."""

    name: str
    driver: str
    source: str
    line: int
    secrets: tuple[str, ...]
    notes: tuple[str, ...]


class LeftDefinition(NamedTuple):
    """Something that the session does not get, and why."""

    what: str
    source: str
    line: int
    why: str


class DefinitionPlan(NamedTuple):
    """What an import would do: one edit of the session file, every other byte kept."""

    change: ValueChange
    added: tuple[AddedDefinition, ...]
    left: tuple[LeftDefinition, ...]


def usual_sources(machine: Machine, file: str) -> list[str]:
    """Return the files of other programs that are where those look for them."""
    home, environ = machine.home or "", machine.environ
    places = [
        environ.get("PGSERVICEFILE") or os.path.join(home, ".pg_service.conf"),
        os.path.join(home, ".ssh", "config"),
        os.path.join(os.path.dirname(file), ".env"),
        os.path.join(home, _DBEAVER),
    ]
    return [place for place in places if os.path.isfile(place)]


def plan_definitions(
    file: str,
    sources: Sequence[str],
    *,
    kind: str | None = None,
    only: Sequence[str] = (),
    home: str = "",
) -> DefinitionPlan:
    """Return what adding the connections of ``sources`` to the session ``file`` comes to.

    Nothing is written. ``kind`` is what the sources are of, None finds out; ``only`` are the
    names that are wanted, none are all; in ``home`` ssh looks for its configuration.

    Raises:
      UsageError: what a source is of is not known.
      DocumentError: a source is not what it should be.
      FileError, ParseError: a file cannot be read.
    """
    document = read_document(file)
    plan = _Plan(document, set(only), home)
    for source in sources:
        plan.take(source, kind)
    missing = sorted(plan.only - plan.seen)
    if missing:
        raise UsageError(
            f"there is no connection {missing[0]} in {', '.join(sources)}",
            hints=[f"there are: {', '.join(sorted(plan.seen))}"] if plan.seen else [],
        )
    change = ValueChange(file, KeyPath(["connections"]), MISSING, MISSING, document, plan.document)
    return DefinitionPlan(change, tuple(plan.added), tuple(plan.left))


class _Plan:
    def __init__(self, document: Document, only: set[str], home: str) -> None:
        self.document = document
        self.home = home
        self.only = only
        self.seen: set[str] = set()
        self.added: list[AddedDefinition] = []
        self.left: list[LeftDefinition] = []

    def take(self, source: str, kind: str | None) -> None:
        text = read_text(source, limit_bytes=_LIMIT_BYTES)
        kind = kind or definition_kind(os.path.abspath(source)) or kind_of_text(text)  # noqa: PTH100
        if not kind:
            raise _unclear(source, self.document.name)
        is_read = kind != SSH_CONFIG or is_read_by_ssh(source, self.home)
        try:
            reading = read_definitions(kind, text, is_read=is_read)
        except ValueError as error:
            # Not the error's own text: it may quote what stands there.
            what = "it is not JSON" if type(error) is not ValueError else str(error)
            raise DocumentError(f"{source}: {what}, as {kind} has it") from None
        if not self.only:
            self.left += [
                LeftDefinition(one.what, source, one.line, one.why) for one in reading.skipped
            ]
        for one in reading.found:
            self.seen.add(one.name)
            if not self.only or one.name in self.only:
                copied = "its settings were copied: ssh does not read this file for it"
                notes = one.notes if is_read else (copied, *one.notes)
                self._add(one._replace(notes=notes), source)

    def _add(self, one: ConnectionDefinition, source: str) -> None:
        table, notes = _without_secrets(one.table, one.name)
        known = table_in(self.document.value, "connections").get(one.name)
        if known is not None:
            is_same = isinstance(known, dict) and all(
                same_value(known.get(key), item) for key, item in table.items()
            )
            why = "it exists already" if is_same else "another connection has its name"
            self.left.append(LeftDefinition(one.name, source, one.line, why))
            return
        path = KeyPath(["connections", one.name])
        after = self.document.set(path, table)
        wrong = [problem for problem in errors_of(validate(after))
                 if problem.key_path[:2] == path[:2]]  # fmt: skip
        if wrong:
            why = f"it does not fit: {wrong[0].message}"
            self.left.append(LeftDefinition(one.name, source, one.line, why))
            return
        self.document = after
        self.added.append(
            AddedDefinition(
                one.name, str(table["driver"]), source, one.line, one.secrets, (*one.notes, *notes)
            )
        )


def _without_secrets(table: Table, name: str) -> tuple[Table, list[str]]:
    """Return a table without what is a secret in it all the same, and what was left out."""
    path = KeyPath(["connections", name])
    secret = {
        str(place[2])
        for place in literal_secrets(table, in_session=True, path=path)
        if len(place) > 2
    }
    notes = [f"{key} was left out: it holds a secret" for key in sorted(secret)]
    return {key: item for key, item in table.items() if key not in secret}, notes


def _unclear(source: str, file: str) -> UsageError:
    session, other = path_word(file), path_word(source)
    return UsageError(
        f"{source}: it is not clear which program it is of: {', '.join(DEFINITION_KINDS)}",
        hints=[f"say which: sessionctl connections import --from env {session} {other}"],
    )
