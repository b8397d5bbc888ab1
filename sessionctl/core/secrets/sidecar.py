"""Sidecar: the text of ``NAME.secrets.toml``, one block for each secret, sorted by name.

Edits splice blocks: all other bytes, keys that are not known and comments stay.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.secrets.agefile import BEGIN, END
from sessionctl.core.sha256 import sha256
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.values import same_value
from sessionctl.errors import DocumentError, GuardError, UnsupportedVersionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import NoReturn

    from sessionctl.core.values import Table

FORMAT = 1
MAX_LETTERS = 1 << 24
MAX_ENTRIES = 10_000
MAX_ARMOR = 1 << 22
"""What a sidecar may hold: some times more than a value of the largest size takes."""

NAME = late(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
"""What a secret may be called; the schema of sessions has the same pattern."""

_HEAD = """\
# Secrets of a session, encrypted by sessionctl: names are visible, values are not.
# Read one with stock tools:
#   age -d -i IDENTITY .sessionctl/vault.age | age -d -i - ENTRY
# where ENTRY holds the lines of one block from BEGIN to END.
format = {format}
session = "{session}"
vault = "{vault}"
"""


class SidecarEntry(NamedTuple):
    """One secret as it stands in the sidecar.

    ``armor`` is its age file. ``is_unsealed`` tells that it was written without a key;
    ``rotate`` is the date since which someone who may no longer read knows the value,
    or empty. Both are hints for readers without a key; the envelope decides.
    """

    name: str
    armor: str
    is_unsealed: bool = False
    rotate: str = ""

    @property
    def digest(self) -> str:
        """What tells this ciphertext from others: ``sha256:`` and 64 hex digits."""
        return digest_of(self.armor)


class SidecarBlock(NamedTuple):
    """The text of one entry, from the comments above its header to the next block."""

    name: str
    text: str


class Sidecar:
    """A sidecar; a value: edits return a new one.

    ``session`` is the id of the session it belongs to, ``vault`` the recipient its
    entries are encrypted to, ``entries`` are in the order of the text.
    """

    __slots__ = ("document", "entries", "session", "vault")

    def __init__(self, document: Document) -> None:
        """Read ``document``; raises as ``parse`` does."""
        _check(document)
        self.document = document
        value = document.value
        self.session = str(value["session"])
        self.vault = str(value["vault"])
        self.entries = {name: _entry(name, table) for name, table in _secrets(value).items()}

    @classmethod
    def parse(cls, text: str, name: str = "") -> Sidecar:
        """Return the sidecar in ``text``; ``name`` stands in messages.

        Raises:
          ParseError: it is not TOML.
          UnsupportedVersionError: a newer sessionctl wrote it.
          DocumentError: it is not a sidecar; the message carries the place.
        """
        if len(text) > MAX_LETTERS:
            raise DocumentError(
                f"{name or 'sidecar'}: larger than {MAX_LETTERS} letters, more than secrets take",
                hints=[undo_hint(name)],
            )
        return cls(Document.parse(text, name))

    @classmethod
    def new(cls, session: str, vault: str, name: str = "") -> Sidecar:
        """Return a sidecar without entries."""
        return cls.parse(_HEAD.format(format=FORMAT, session=session, vault=vault), name)

    @property
    def text(self) -> str:
        """The text, as it stands in the file."""
        return self.document.verified().text

    def put(self, entry: SidecarEntry) -> Sidecar:
        """Return the sidecar with ``entry`` in place of that of its name, else in order."""
        return self.put_all((entry,))

    def put_all(self, entries: Iterable[SidecarEntry]) -> Sidecar:
        """Return the sidecar with all of ``entries``, no two of one name, put in."""
        entries = tuple(entries)
        old = [entry for entry in entries if entry.name in self.entries]
        new = [entry for entry in entries if entry.name not in self.entries]
        made = self._with_replaced(old) if old else self
        return made._with_inserted(new) if new else made

    def remove(self, name: str) -> Sidecar:
        """Return the sidecar without the entry ``name``, which must be there."""
        left = {key: table for key, table in self._tables().items() if key != name}
        span = dict(self._spans()).get(name)
        if span is None:  # written inline
            return Sidecar(self.document.delete(("secret", name)))
        before, after = self.text[: span.start], self.text[span.end :]
        if not after:
            newline = "\r\n" if before.endswith("\r\n") else "\n"
            before = before.rstrip("\r\n") + newline
        return self._checked(before + after, left)

    def with_vault(self, vault: str) -> Sidecar:
        """Return the sidecar with another vault recipient in its head."""
        return Sidecar(self.document.set("vault", vault))

    def blocks(self) -> tuple[str, tuple[SidecarBlock, ...]]:
        """Return the text before the first block, and the blocks in the text's order.

        Together they are the whole text. An entry that is not written as a table with a
        header of its own has no block.
        """
        spans = self._spans()
        first = spans[0][1].start if spans else len(self.text)
        return self.text[:first], tuple(
            SidecarBlock(name, self.text[span.start : span.end]) for name, span in spans
        )

    def _spans(self) -> list[tuple[str, Span]]:
        """Return the stretch of each block; a block ends where the next header begins."""
        from sessionctl.core.toml.parse.comments import lead_start

        found: list[tuple[str, int]] = []
        for index, statement in enumerate(self.document.statements):
            if statement.kind == KEY:
                continue
            keys = statement.keys
            is_entry = len(keys) >= 2 and keys[0] == "secret"
            name = keys[1] if is_entry else ""
            if not (found and is_entry and found[-1][0] == name):
                found.append((name, lead_start(self.document, index)))
        spans: list[tuple[str, Span]] = []
        end = len(self.text)
        for name, start in reversed(found):
            if name:
                spans.append((name, Span(start, end)))
            end = start
        return spans[::-1]

    def _age_spans(self) -> dict[tuple[str, ...], Span]:
        """Return where each age file lies that has a key of its own, without the tree."""
        found: dict[tuple[str, ...], Span] = {}
        header: tuple[str, ...] = ()
        for statement in self.document.statements:
            if statement.kind != KEY:
                header = statement.keys
            elif statement.keys[-1] == "age":
                span = Span(statement.value_start, statement.value_end)
                found[header + statement.keys] = span
        return found

    def _with_inserted(self, entries: Iterable[SidecarEntry]) -> Sidecar:
        """Put new entries in the order of their names, each before the first that is greater."""
        from _bisect import bisect_right
        from itertools import accumulate

        from sessionctl.core.text.splicing import spliced

        text, spans = self.text, self._spans()
        newline = "\r\n" if "\r\n" in text else "\n"
        tables = self._tables()
        places: list[tuple[tuple[int, int], str]] = []
        last = ""
        # The greatest name so far: it grows, also where the blocks are in no order.
        greatest = list(accumulate((name for name, _ in spans), max))
        for entry in sorted(entries):
            block = _block_text(entry).replace("\n", newline)
            tables[entry.name] = _table(entry)
            index = bisect_right(greatest, entry.name)
            if index == len(spans):
                last += newline + block
            else:
                at = spans[index][1].start
                places.append(((at, at), block + newline))
        head = spliced(text, sorted(places, key=lambda place: place[0]))
        end = newline if last and head and not head.endswith("\n") else ""
        return self._checked(head + end + last, tables)

    def _with_replaced(self, entries: Sequence[SidecarEntry]) -> Sidecar:
        """Put new age files in the places of old ones; marks come and go by key."""
        from sessionctl.core.text.splicing import spliced

        text = self.text
        newline = "\r\n" if "\r\n" in text else "\n"
        places: list[tuple[Span, str]] = []
        edits: list[tuple[object, ...]] = []
        spans = self._age_spans()
        for entry in entries:
            old = self.entries[entry.name]
            if entry.armor != old.armor:
                path = ("secret", entry.name, "age")
                span = spans.get(path) or self.document.span(path)  # written inline
                places.append((span, _armor_text(entry.armor, newline)))
            edits += _mark_edits(old, entry)
        text = spliced(text, sorted(places))
        document = Document.parse(text, self.document.name)
        return Sidecar(document.apply(edits) if edits else document)

    def _tables(self) -> dict[str, Table]:
        return dict(_secrets(self.document.value))

    def _checked(self, text: str, secrets: dict[str, Table]) -> Sidecar:
        document = Document.parse(text, self.document.name)
        if not same_value(_secrets(document.value), secrets):
            raise GuardError(f"{self.document.name}: the edit of the sidecar did not verify")
        return Sidecar(document)


def _mark_edits(old: SidecarEntry, new: SidecarEntry) -> list[tuple[object, ...]]:
    """Return the edits that give an entry the marks of the one that takes its place."""
    path = ("secret", new.name)
    edits: list[tuple[object, ...]] = []
    if old.is_unsealed and not new.is_unsealed:
        edits.append(("delete", (*path, "unsealed")))
    elif new.is_unsealed and not old.is_unsealed:
        edits.append(("insert", (*path, "unsealed"), True, "age"))
    if old.rotate and not new.rotate:
        edits.append(("delete", (*path, "rotate")))
    elif new.rotate != old.rotate and old.rotate:
        edits.append(("set", (*path, "rotate"), new.rotate))
    elif new.rotate != old.rotate:
        edits.append(("insert", (*path, "rotate"), new.rotate, "age"))
    return edits


def digest_of(armor: str) -> str:
    """Return what tells an age file from others: ``sha256:`` and 64 hex digits."""
    lines = (line.strip() for line in armor.strip().splitlines())
    body = "".join(line for line in lines if line not in (BEGIN, END))
    return f"sha256:{sha256(body.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _block_text(entry: SidecarEntry) -> str:
    marks = "unsealed = true\n" if entry.is_unsealed else ""
    if entry.rotate:
        marks += f'rotate = "{entry.rotate}"\n'
    return f'[secret."{entry.name}"]\n{marks}age = {_armor_text(entry.armor, chr(10))}\n'


def _armor_text(armor: str, newline: str) -> str:
    lines = armor.strip().splitlines()
    return newline.join(['"""', *lines, '"""'])


def _table(entry: SidecarEntry) -> Table:
    table: Table = {"age": entry.armor.strip() + "\n"}
    if entry.is_unsealed:
        table["unsealed"] = True
    return table | {"rotate": entry.rotate} if entry.rotate else table


def _secrets(value: Table) -> dict[str, Table]:
    found = value.get("secret", {})
    assert isinstance(found, dict)
    return found  # type: ignore[return-value]


def _entry(name: str, table: Table) -> SidecarEntry:
    return SidecarEntry(
        name, str(table["age"]), table.get("unsealed") is True, str(table.get("rotate", ""))
    )


# -- what a sidecar must be --------------------------------------------------------------


def _check(document: Document) -> None:
    value = document.value
    version = value.get("format")
    if type(version) is int and version > FORMAT:
        raise UnsupportedVersionError(
            f"{document.name or 'sidecar'}: format {version} is newer than this sessionctl",
            hints=["update sessionctl; the file is left as it is"],
        )
    if type(version) is not int or version != FORMAT:
        _bad(document, "format", f"expected the format, {FORMAT}")
    for key in ("session", "vault"):
        if not isinstance(value.get(key), str):
            _bad(document, key, "expected a string")
    secrets = value.get("secret", {})
    if not isinstance(secrets, dict):
        _bad(document, "secret", 'expected tables [secret."NAME"]')
    if len(secrets) > MAX_ENTRIES:
        _bad(document, "secret", f"more than {MAX_ENTRIES} entries")
    for name, table in secrets.items():
        if not isinstance(table, dict) or not isinstance(table.get("age"), str):
            _bad(document, ("secret", name), "expected a table with the key age")
        if len(str(table["age"])) > MAX_ARMOR:
            _bad(document, ("secret", name), f"an entry of more than {MAX_ARMOR} letters")
        if NAME.fullmatch(name) is None:
            _bad(document, ("secret", name), "expected a name such as prod.password")
        if not isinstance(table.get("rotate", ""), str):
            _bad(document, ("secret", name, "rotate"), "expected a date in quotes")


def undo_hint(name: str) -> str:
    """Return the hint that gets a sidecar back as git has it."""
    from sessionctl.core.text.shellwords import path_word

    return f"restore the version from git: sessionctl undo {path_word(name or 'FILE')}"


def _bad(document: Document, path: str | tuple[str, ...], what: str) -> NoReturn:
    from sessionctl.core.text.source import Source

    parts = (path,) if isinstance(path, str) else path
    where = document.name or "sidecar"
    offset = 0
    if parts in document:
        offset = document.span(parts).start
    line, column = Source(document.text).place(offset)
    shown = ".".join(parts[:2])
    raise DocumentError(
        f"{where}:{line}:{column}: {shown}: {what}",
        hints=[undo_hint(document.name)],
    )
