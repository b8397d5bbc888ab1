"""Listing: what is known of secrets without a key."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.secrets.destination.binding import references
from sessionctl.services.secrets.access.secret_place import (
    find_place,
    read_session_document,
    read_sidecar,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.sidecar import SidecarEntry


class SecretSummary(NamedTuple):
    """One secret of a session.

    ``entry`` is None where the session refers to a secret that is not there;
    ``used_by`` are the keys that refer to it.
    """

    name: str
    entry: SidecarEntry | None
    used_by: tuple[str, ...]


class SecretListing(NamedTuple):
    """The secrets of one session, by name."""

    file: str
    sidecar: str
    secrets: tuple[SecretSummary, ...]


def list_secrets(file: str) -> SecretListing:
    """Return the secrets that a session has or refers to.

    Raises:
      FileError: the session or its sidecar cannot be read.
      ParseError: one is not TOML.
      DocumentError: what should be the sidecar is another file.
    """
    place = find_place(file)
    used: dict[str, list[str]] = {}
    for reference in references(read_session_document(place).value):
        used.setdefault(reference.name, []).append(str(reference.path))
    sidecar = read_sidecar(place)
    entries = {} if sidecar is None else sidecar.entries
    names = sorted({*used, *entries})
    secrets = (SecretSummary(name, entries.get(name), tuple(used.get(name, ()))) for name in names)
    return SecretListing(file, str(place.sidecar), tuple(secrets))
