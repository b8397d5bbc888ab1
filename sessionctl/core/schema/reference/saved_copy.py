"""Saved copies: where a schema of the network may lie among the files of a user."""

from __future__ import annotations

from typing import NamedTuple

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+@-")
_SUFFIX = ".json"


class SavedCopy(NamedTuple):
    """The names that a copy of one schema may have, relative to the schema that refers to it.

    ``by_address`` has the host and the whole path in it, so it is that schema whatever it holds.
    ``by_name`` is the last part alone: what lies there may be another one, and is used only when
    it names the address as its own.
    """

    by_address: str
    by_name: str

    @property
    def suggested(self) -> str:
        """The name under which a copy is always found."""
        return self.by_address + ("" if self.by_address.endswith(_SUFFIX) else _SUFFIX)


def is_of_network(address: str) -> bool:
    """Return whether ``address`` is one that others would fetch."""
    return address.startswith(("https://", "http://"))


def saved_copy(address: str) -> SavedCopy | None:
    """Return where a copy of ``address`` may lie; None: the address makes no name of a file."""
    if not is_of_network(address):
        return None
    parts = address.partition("://")[2].strip("/").split("/")
    if len(parts) < 2 or not all(map(_is_plain, parts)):
        return None
    return SavedCopy("/".join(parts), parts[-1])


def _is_plain(part: str) -> bool:
    return part != "" and part[0] != "." and _PLAIN.issuperset(part)


def names_itself(schema: object, address: str) -> bool:
    """Return whether ``schema`` says that ``address`` is its own."""
    if not isinstance(schema, dict):
        return False
    own = schema.get("$id", schema.get("id"))
    return isinstance(own, str) and is_of_network(own) and _bare(own) == _bare(address)


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("#")
