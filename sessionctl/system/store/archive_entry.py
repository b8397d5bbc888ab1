"""Entry: one change of a document, as the name of an empty file tells it."""

from __future__ import annotations

import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.sha256 import sha256

NOTHING = "0"
"""The address of no text: there was no file, or there is none after."""

ADDRESS_LENGTH = 40
_KEY_LENGTH = 32
_TOKEN_BYTES = 6
_DASHES = 4


class ArchiveEntry(NamedTuple):
    """One change of a document: when, from which text to which, and why.

    ``before`` and ``after`` are addresses of texts; ``why`` is a word, such as the command
    that made the change.
    """

    time_ns: int
    token: str
    before: str
    after: str
    why: str

    @property
    def file_name(self) -> str:
        """The name of the empty file that stands for the change."""
        return f"{self.time_ns:019d}-{self.token}-{self.before}-{self.after}-{self.why}"


def address_of(data: bytes) -> str:
    """Return the address of a text: what names it in an archive."""
    return str(sha256(data).hexdigest()[:ADDRESS_LENGTH])


def key_of(target: str) -> str:
    """Return the name of the directory that belongs to the document at the path ``target``."""
    return str(sha256(os.fsencode(target)).hexdigest()[:_KEY_LENGTH])


def new_token() -> str:
    """Return a word that no other change has."""
    return os.urandom(_TOKEN_BYTES).hex()


def is_entry(file_name: str) -> bool:
    """Return whether a file of this name stands for a change."""
    return file_name.count("-") == _DASHES and file_name[:1].isdecimal()


def read_entry(file_name: str) -> ArchiveEntry:
    """Return the change that a file of this name stands for."""
    time_ns, token, before, after, why = file_name.split("-")
    return ArchiveEntry(int(time_ns), token, before, after, why)
