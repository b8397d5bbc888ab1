"""Extraction: a session in which names stand where secrets were typed, comments and order kept."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.scan.document_scan import comments_of, find_secrets
from sessionctl.core.scan.finding import ADDRESS
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.known_values import KnownValues
from sessionctl.core.scan.rules.addresses import address_parts
from sessionctl.core.schema.verdict import validate
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.core.scan.finding import SecretFinding
    from sessionctl.core.values import Table, Value

    PickName = Callable[[KeyPath, Secret], str]

_STAND_IN = "to be replaced"


class Move(NamedTuple):
    """A secret that leaves the session: the key that names it then, its name, its value.

    ``origin`` is the key it stood at; another one than ``path`` where it was the password
    of an address. ``typed`` is how it was spelled there, with escapes.
    """

    path: KeyPath
    name: str
    secret: Secret
    origin: KeyPath
    typed: tuple[Secret, ...] = ()

    @property
    def spellings(self) -> tuple[Secret, ...]:
        """The value, and what stands for it in the texts that it came from."""
        return (self.secret, *self.typed)

    @property
    def is_split(self) -> bool:
        """Whether it was the password of an address."""
        return self.origin != self.path


class Extraction(NamedTuple):
    """A session without the secrets that could be moved.

    ``masked`` is the number of places in comments that held one of them.
    """

    document: Document
    moves: tuple[Move, ...] = ()
    masked: int = 0


def extract(document: Document, pick_name: PickName, *, comments: bool = False) -> Extraction:
    """Return ``document`` with a reference for each secret that may be one.

    That is so where the session stays as valid as it was: a string of a pane's command
    cannot be a reference. The password of a connection's address gets a key of its own.
    Of comments the secrets that were moved are masked, with ``comments`` all of them.
    """
    found: dict[KeyPath, list[SecretFinding]] = {}
    for finding in find_secrets(document, Judgement(in_session=True)):
        if finding.key_path:
            found.setdefault(finding.key_path, []).append(finding)
    current = document
    moves: list[Move] = []
    for path, findings in found.items():
        moved = _move(current, path, findings, pick_name)
        if moved is not None:
            current = moved[0]
            moves.append(moved[1])
    text, masked = _without_comments(current, moves, is_all=comments)
    if masked:
        current = Document.parse(text, document.name)
    return Extraction(current, tuple(moves), masked)


def _move(
    document: Document, path: KeyPath, findings: list[SecretFinding], pick_name: PickName
) -> tuple[Document, Move] | None:
    value = document.get(path)
    if _is_in_connection(path) and isinstance(value, str) and findings[0].rule == ADDRESS:
        split = _Address.read(value)
        if split is not None:
            secret = Secret(split.password)
            beside = path.parent / "password"
            typed = _typed(document, path, split.spelled)
            move = Move(beside, pick_name(beside, secret), secret, path, typed)
            after = _split(document, path, split, move.name)
            return None if after is None else (after, move)
    if isinstance(value, dict | list | bool):
        return None
    if not (findings[0].is_whole or _takes_texts(path)):
        return None
    secret = Secret(str(value))
    move = Move(path, pick_name(path, secret), secret, path, _typed(document, path, str(value)))
    after = _referring(document, path, move.name)
    return (after, move) if _is_as_valid(document, after) else None


def _typed(document: Document, path: KeyPath, spelled: str) -> tuple[Secret, ...]:
    """Return how ``spelled``, the value at ``path`` or a part of it, stands in the text."""
    start, end = document.span(path)
    raw = document.text[start:end]
    if spelled in raw:
        return (Secret(spelled),)
    for quotes in ('"""', "'''", '"', "'"):
        if raw.startswith(quotes):
            raw = raw[len(quotes) : -len(quotes)].strip("\r\n")
            break
    return (Secret(spelled), Secret(raw))


class _Address(NamedTuple):
    """An address with a password in it, taken apart; ``spelled`` is that with its escapes."""

    bare: str
    user: str
    password: str
    spelled: str

    @classmethod
    def read(cls, value: str) -> _Address | None:
        part = next((part for part in address_parts(value) if part.what == "a password"), None)
        if part is None:
            return None
        begin = value.rindex("://", 0, part.start) + 3
        user = unquote(value[begin : part.start - 1])
        spelled = value[part.start : part.end]
        return cls(value[:begin] + value[part.end + 1 :], user, unquote(spelled), spelled)


def _split(document: Document, path: KeyPath, address: _Address, name: str) -> Document | None:
    """Return the session with the user and a reference to the password beside the address."""
    table = document.get(path.parent)
    assert isinstance(table, dict)
    key = str(path[-1])
    if address.user and table.get("user", address.user) != address.user:
        return None
    if "password" in table and table["password"] != address.password:
        return None
    edits: list[tuple[object, ...]] = [("set", path, address.bare)]
    if address.user and "user" not in table:
        edits.append(("insert", path.parent / "user", address.user, None, key))
        key = "user"
    if "password" not in table:
        edits.append(("insert", path.parent / "password", _STAND_IN, None, key))
    edited = document.apply(edits)
    after = _referring(edited, path.parent / "password", name)
    return after if _is_as_valid(document, after) else None


def _referring(document: Document, path: KeyPath, name: str) -> Document:
    """Return the document with a reference written in the place of the value at ``path``.

    Raises:
      GuardError: the result has another value than it should; nothing was written.
    """
    start, end = document.span(path)
    text = f'{document.text[:start]}{{ secret = "{name}" }}{document.text[end:]}'
    after = Document.parse(text, document.name)
    if not same_value(after.value, _with(document.value, path, {"secret": name})):
        raise GuardError(f"{document.name}: {path}: the reference did not verify")
    return after


def _with(value: Value, path: Iterable[object], new: Table) -> Value:
    first, *rest = path
    inner = _with(value[first], rest, new) if rest else new  # type: ignore[index,call-overload]
    if isinstance(value, dict):
        return {key: inner if key == first else item for key, item in value.items()}
    assert isinstance(value, list)
    return [inner if index == first else item for index, item in enumerate(value)]


def _is_in_connection(path: KeyPath) -> bool:
    keys = [part for part in path if isinstance(part, str)]
    return "connections" in keys[:2] and len(keys) - keys.index("connections") == 3


def _takes_texts(path: KeyPath) -> bool:
    """Tell whether the value at ``path`` is handed over whole, whatever stands in it."""
    return len(path) > 1 and path[-2] in ("env", "headers")


def _is_as_valid(before: Document, after: Document) -> bool:
    return _faults(after) <= _faults(before)


def _faults(document: Document) -> set[tuple[str, str]]:
    return {(problem.rule, str(problem.key_path)) for problem in validate(document)}


def _without_comments(
    document: Document, moves: Iterable[Move], *, is_all: bool
) -> tuple[str, int]:
    """Return the text with the secrets in its comments masked, and in how many places."""
    values = {text for move in moves if (text := move.secret.text) is not None}
    judgement = Judgement(in_session=True, known=KnownValues(values))
    masked: list[tuple[Span, str]] = []
    for start, end in comments_of(document):
        comment = document.text[start + 1 : end]
        masked += (
            (Span(start + 1 + part.start, start + 1 + part.end), MASK)
            for part in judgement.parts(comment)
            if is_all or part.rule == "secret-known" or comment[part.start : part.end] in values
        )
    return spliced(document.text, masked), len(masked)
