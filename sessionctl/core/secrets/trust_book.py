"""Trust book: what this machine has seen of vaults and secrets, so that a swap is noticed.

It lives outside the repository, for whoever can write there could change it with the rest.
"""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic
from sessionctl.core.light_enum import Enum
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.toml.document import Document
from sessionctl.errors import DocumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sessionctl.core.values import Table, Value

PlaceLevels = tuple[tuple[str, ...], ...]
"""Directories at and above a session, nearest first; those of one level count as one."""

_HEAD = "# What sessionctl has seen of vaults and secrets on this machine; it writes this file.\n"
_FORMAT = 1
_KEPT_DIGESTS = 8


class Verdict(Enum):
    """What the pins say of a vault."""

    KNOWN = "known"
    FIRST_USE = "first use"
    REPLACED = "replaced"
    ANOTHER = "another"


class EntryPin(NamedTuple):
    """The newest generation seen of a secret, and digests of what held it, newest last.

    ``is_removed`` says that the secret was removed here, which is a generation too: what
    ``digests`` name, and all that is older, is not expected back. ``loose`` is the one
    directory where it was seen, while it was never seen committed; else it is empty.
    ``not_in`` is a commit that is known not to have it there, or empty: as long as that is
    the last one, git need not be asked.
    """

    generation: int
    digests: tuple[str, ...]
    is_removed: bool = False
    loose: str = ""
    not_in: str = ""


class EntrySighting(NamedTuple):
    """An entry that was seen or accepted.

    ``loose`` is where it lies, if it is not committed there, and ``not_in`` a commit that is
    known not to have it.
    """

    name: str
    generation: int
    digest: str
    loose: str = ""
    not_in: str = ""


class VaultPin(NamedTuple):
    """A vault that was accepted.

    ``places`` are the directories it was used in, ``recipients`` the keys that were seen
    to be able to read it; ``replaced`` is the date since which another key is in its
    place, or empty. ``continues`` is the recipient of the key it replaces while that
    change is not finished, or empty.
    """

    since: str
    places: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    replaced: str = ""
    continues: str = ""


class TrustBook(NamedTuple):
    """All pins; a value: edits return a new one.

    ``sessions`` gives the vault of a session id, ``entries`` the pin of a session id and
    the name of a secret.
    """

    vaults: Mapping[str, VaultPin] = {}
    sessions: Mapping[str, str] = {}
    entries: Mapping[tuple[str, str], EntryPin] = {}

    def verdict(self, vault: str, place: str, session: str, levels: PlaceLevels = ()) -> Verdict:
        """Return whether ``vault`` may be used in the directory ``place`` for ``session``.

        The nearest of ``levels`` in which a vault was used decides: neither a vault of its
        own in a directory below, nor one that is gone from there, changes what is expected.
        """
        pin = self.vaults.get(vault)
        if pin is not None and pin.replaced:
            return Verdict.REPLACED
        for level in levels or ((place,),):
            known = self._used_in(level)
            if known:
                return Verdict.KNOWN if vault in known else Verdict.ANOTHER
        # A vault that is trusted in one repository may be the attacker's of another.
        if self.vault_of(place, session) not in ("", vault):
            return Verdict.ANOTHER
        return Verdict.FIRST_USE if pin is None else Verdict.KNOWN

    def vault_of(self, place: str, session: str, levels: PlaceLevels = ()) -> str:
        """Return the vault that is expected in ``place`` or for ``session``, or empty."""
        for level in levels or ((place,),):
            for recipient in self._used_in(level):
                return recipient
        expected = self.sessions.get(session, "")
        known = self.vaults.get(expected)
        return expected if known is not None and not known.replaced else ""

    def _used_in(self, places: tuple[str, ...]) -> list[str]:
        """Return the vaults that were used in one of ``places``."""
        return [
            recipient
            for recipient, pin in self.vaults.items()
            if not pin.replaced and not set(places).isdisjoint(pin.places)
        ]

    def without_place(self, place: str) -> TrustBook:
        """Return the book that expects no vault of its own in ``place``."""
        vaults = {
            vault: pin._replace(places=tuple(one for one in pin.places if one != place))
            for vault, pin in self.vaults.items()
        }
        return self._replace(vaults=vaults)

    def with_vault(self, vault: str, pin: VaultPin) -> TrustBook:
        """Return the book with ``pin`` for ``vault``."""
        return self._replace(vaults={**self.vaults, vault: pin})

    def with_use(self, vault: str, place: str, session: str, today: str) -> TrustBook:
        """Return the book after ``vault`` was used in ``place`` for ``session``."""
        pin = self.vaults.get(vault) or VaultPin(today)
        if place not in pin.places:
            pin = pin._replace(places=(*pin.places, place))
        sessions = {**self.sessions, session: vault} if session else self.sessions
        return self._replace(vaults={**self.vaults, vault: pin}, sessions=sessions)

    def with_session(self, session: str, vault: str) -> TrustBook:
        """Return the book with ``vault`` as that of ``session``."""
        return self._replace(sessions={**self.sessions, session: vault})

    def with_recipients(self, vault: str, keys: Iterable[str], today: str) -> TrustBook:
        """Return the book after ``keys`` were accepted as recipients of ``vault``."""
        pin = self.vaults.get(vault) or VaultPin(today)
        return self.with_vault(vault, pin._replace(recipients=tuple(sorted(set(keys)))))

    def with_entry(self, session: str, seen: EntrySighting) -> TrustBook:
        """Return the book after an entry was seen; it never goes back to an older generation."""
        name, generation, digest, loose, not_in = seen
        key = (session, name)
        pin = self.entries.get(key)
        if pin is not None and generation < pin.generation:
            return self
        digests: tuple[str, ...] = ()
        if pin is not None and generation == pin.generation and not pin.is_removed:
            digests = tuple(item for item in pin.digests if item != digest)
            if digest in pin.digests:
                digests = pin.digests
                # Seen in two places, or committed, it is no thought of one work tree.
                loose = loose if loose == pin.loose else ""
        if digest not in digests:
            digests = (*digests, digest)[-_KEPT_DIGESTS:]
        # What is known of one age file says nothing of another that holds the same.
        not_in = not_in if loose and digests == (digest,) else ""
        made = EntryPin(generation, digests, loose=loose, not_in=not_in)
        return self._replace(entries={**self.entries, key: made})

    def with_entry_set(self, session: str, seen: EntrySighting) -> TrustBook:
        """Return the book with an entry accepted as it is, even older than what was seen."""
        not_in = seen.not_in if seen.loose else ""
        pin = EntryPin(seen.generation, (seen.digest,), loose=seen.loose, not_in=not_in)
        return self._replace(entries={**self.entries, (session, seen.name): pin})

    def with_entry_removed(
        self, session: str, name: str, generation: int, digests: Iterable[str]
    ) -> TrustBook:
        """Return the book after a secret was removed on purpose, which counts as a change.

        ``generation`` is that of the entry as far as it is known, ``digests`` name it.
        """
        pin = self.entries.get((session, name))
        if pin is not None:
            digests = (*pin.digests, *digests)
            generation = max(generation, pin.generation)
        if pin is None or not pin.is_removed or generation > pin.generation:
            generation += 1
        gone = tuple(dict.fromkeys(digests))[-_KEPT_DIGESTS:]
        made = EntryPin(generation, gone, is_removed=True)
        return self._replace(entries={**self.entries, (session, name): made})

    def without_foreign_entries(self, place: str, kept: Collection[str]) -> TrustBook:
        """Return the book without the entries of the vault in ``place``, if it is not ``kept``.

        A vault that was founded anew has none of the older keys: nothing that they sealed
        opens any more, and its entries count from the beginning.
        """
        old = self.vault_of(place, "")
        if not old or old in kept:
            return self
        gone = {session for session, vault in self.sessions.items() if vault == old}
        left = {key: pin for key, pin in self.entries.items() if key[0] not in gone}
        return self._replace(entries=left)

    def is_expected(self, session: str, name: str) -> bool:
        """Return whether a secret was seen, and not removed since."""
        pin = self.entries.get((session, name))
        return pin is not None and not pin.is_removed


def write_trust(book: TrustBook) -> str:
    """Return the text of ``trust.toml``."""
    parts = [_HEAD, f"format = {_FORMAT}\n"]
    for vault, pin in sorted(book.vaults.items()):
        parts.append(
            f"\n[vaults.{_quoted(vault)}]\n"
            f"since = {_quoted(pin.since)}\n"
            f"places = {_array(pin.places)}\n"
            f"recipients = {_array(pin.recipients)}\n"
        )
        parts += [f"replaced = {_quoted(pin.replaced)}\n"] if pin.replaced else []
        parts += [f"continues = {_quoted(pin.continues)}\n"] if pin.continues else []
    for session in sorted({*book.sessions, *(session for session, _ in book.entries)}):
        parts.append(f"\n[sessions.{_quoted(session)}]\n")
        if session in book.sessions:
            parts.append(f"vault = {_quoted(book.sessions[session])}\n")
        for (owner, name), seen in sorted(book.entries.items()):
            if owner == session:
                parts.append(f"secrets.{_quoted(name)} = {_entry_text(seen)}\n")
    return "".join(parts)


def read_trust(text: str, name: str) -> TrustBook:
    """Return the pins in ``text``; ``name`` stands in messages.

    Raises:
      ParseError: it is not TOML.
      DocumentError: it is not what sessionctl wrote.
    """
    value = Document.parse(text, name).value
    try:
        return _read(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        from sessionctl.core.text.shellwords import path_word

        word, old = path_word(name), path_word(f"{name}.old")
        raise DocumentError(
            f"{name}: not what sessionctl wrote",
            hints=[f"move it away, and confirm vaults again: mv {word} {old}"],
        ) from None


def _read(value: Table) -> TrustBook:
    if value["format"] != _FORMAT:
        raise ValueError("format")
    vaults: dict[str, VaultPin] = {}
    for recipient, pin in _tables(value, "vaults"):
        vaults[recipient] = VaultPin(
            since=_text(pin["since"]),
            places=_texts(pin["places"]),
            recipients=_texts(pin["recipients"]),
            replaced=_text(pin.get("replaced", "")),
            continues=_text(pin.get("continues", "")),
        )
    sessions: dict[str, str] = {}
    entries: dict[tuple[str, str], EntryPin] = {}
    for session, seen in _tables(value, "sessions"):
        if "vault" in seen:
            sessions[session] = _text(seen["vault"])
        for name, entry in _tables(seen, "secrets"):
            generation = entry["gen"]
            if type(generation) is not int:
                raise TypeError("gen")
            entries[session, name] = EntryPin(
                generation,
                _texts(entry["digests"]),
                entry.get("removed") is True,
                _text(entry.get("loose", "")),
                _text(entry.get("not_in", "")),
            )
    return TrustBook(vaults, sessions, entries)


def _entry_text(pin: EntryPin) -> str:
    more = ", removed = true" if pin.is_removed else ""
    more += f", loose = {_quoted(pin.loose)}" if pin.loose else ""
    more += f", not_in = {_quoted(pin.not_in)}" if pin.not_in else ""
    return f"{{ gen = {pin.generation}, digests = {_array(pin.digests)}{more} }}"


def _tables(value: Table, key: str) -> list[tuple[str, Table]]:
    found = value.get(key, {})
    if not isinstance(found, dict):
        raise TypeError(key)
    tables: list[tuple[str, Table]] = []
    for name, table in found.items():
        if not isinstance(table, dict):
            raise TypeError(name)
        tables.append((name, table))
    return tables


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError("string")
    return value


def _texts(value: Value) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("array")
    return tuple(map(_text, value))


def _quoted(text: str) -> str:
    return f'"{escape_basic(text)}"'


def _array(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
