"""Extraction: a session in which names stand where secrets were typed, comments and order kept."""

from __future__ import annotations

from functools import partial
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
from sessionctl.core.values import changed_copy, same_value
from sessionctl.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from sessionctl.core.scan.finding import SecretFinding

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
    draft = _Draft(document)
    moves: list[Move] = []
    waiting = list(found.items())
    while waiting:
        now, waiting = _one_each_table(waiting)
        replacements = (_replacement(draft.document, *item, pick_name) for item in now)
        draft, moved = _replaced(draft, [one for one in replacements if one is not None])
        moves += moved
    order = {path: number for number, path in enumerate(found)}
    moves.sort(key=lambda move: order[move.origin])
    current = draft.document
    text, masked = _without_comments(current, moves, is_all=comments)
    if masked:
        current = Document.parse(text, document.name)
    return Extraction(current, tuple(moves), masked)


class _Replacement(NamedTuple):
    """A secret that could move: the edits beside it, and the key whose value is to refer to it."""

    move: Move
    edits: tuple[tuple[object, ...], ...] = ()


class _Draft:
    """A session on its way, and what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._faults: set[tuple[str, str]] | None = None

    @property
    def faults(self) -> set[tuple[str, str]]:
        """The rule and key path of every problem."""
        if self._faults is None:
            problems = validate(self.document)
            self._faults = {(problem.rule, str(problem.key_path)) for problem in problems}
        return self._faults


def _one_each_table(
    findings: list[tuple[KeyPath, list[SecretFinding]]],
) -> tuple[list[tuple[KeyPath, list[SecretFinding]]], list[tuple[KeyPath, list[SecretFinding]]]]:
    """Return those that have nothing to do with each other, and the others.

    In one connection an address and a password may be the same secret.
    """
    now, later = [], []
    seen: set[KeyPath] = set()
    for path, found in findings:
        if not _is_in_connection(path):
            now.append((path, found))
        elif path.parent in seen:
            later.append((path, found))
        else:
            seen.add(path.parent)
            now.append((path, found))
    return now, later


def _replacement(
    document: Document, path: KeyPath, findings: list[SecretFinding], pick_name: PickName
) -> _Replacement | None:
    value = document.get(path)
    if _is_in_connection(path) and isinstance(value, str) and findings[0].rule == ADDRESS:
        split = _Address.read(value)
        if split is not None:
            secret = Secret(split.password)
            beside = path.parent / "password"
            typed = _typed(document, path, split.spelled)
            move = Move(beside, pick_name(beside, secret), secret, path, typed)
            edits = _split_edits(document, path, split)
            return None if edits is None else _Replacement(move, edits)
    if isinstance(value, dict | list | bool):
        return None
    if not (findings[0].is_whole or _takes_texts(path)):
        return None
    secret = Secret(str(value))
    typed = _typed(document, path, str(value))
    return _Replacement(Move(path, pick_name(path, secret), secret, path, typed))


def _replaced(draft: _Draft, replacements: list[_Replacement]) -> tuple[_Draft, list[Move]]:
    """Make the replacements, but those that would leave the session less valid.

    They are tried together; where that fails, each half on its own.
    """
    if not replacements:
        return draft, []
    after = _Draft(_referring(draft.document, replacements))
    if after.faults <= draft.faults:
        return after, [replacement.move for replacement in replacements]
    if len(replacements) == 1:
        return draft, []
    half = len(replacements) // 2
    draft, first = _replaced(draft, replacements[:half])
    draft, second = _replaced(draft, replacements[half:])
    return draft, [*first, *second]


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


def _split_edits(
    document: Document, path: KeyPath, address: _Address
) -> tuple[tuple[object, ...], ...] | None:
    """Return the edits that put the user and a place for the password beside the address.

    None where another user or password stands there.
    """
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
    return tuple(edits)


def _referring(document: Document, replacements: list[_Replacement]) -> Document:
    """Return the document with the edits made, and references in the places of the values.

    Raises:
      GuardError: the result has another value than it should; nothing was written.
    """
    edits = [edit for replacement in replacements for edit in replacement.edits]
    edited = document.apply(edits) if edits else document
    places = [(edited.span(move.path), f'{{ secret = "{move.name}" }}') for move, _ in replacements]
    after = Document.parse(spliced(edited.text, sorted(places)), document.name)
    intended = edited.value
    for move, _ in replacements:
        refer = partial(_refer, key=move.path[-1], name=move.name)
        intended = changed_copy(intended, move.path, refer)
    if not same_value(after.value, intended):
        raise GuardError(f"{document.name}: the references did not verify")
    return after


def _refer(container: Any, key: Any, name: str) -> None:
    container[key] = {"secret": name}


def _is_in_connection(path: KeyPath) -> bool:
    keys = [part for part in path if isinstance(part, str)]
    return "connections" in keys[:2] and len(keys) - keys.index("connections") == 3


def _takes_texts(path: KeyPath) -> bool:
    """Return whether the value at ``path`` is handed over whole, whatever stands in it."""
    return len(path) > 1 and path[-2] in ("env", "headers")


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
