"""Rebound secrets: which stored secrets an edit of a session sends somewhere else."""

from __future__ import annotations

from sessionctl.core.filename import is_session_name
from sessionctl.services.secrets.stored_names import has_sidecar, stored_beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document


def rebound_secrets(file: str, old: Document, new: Document) -> list[str]:
    """Return the stored secrets of the session ``file`` that ``new`` binds otherwise than ``old``.

    They are refused there until somebody accepts it. Without a key nobody can say what was
    accepted before, so that one which comes back to its old place is among them.
    """
    if not is_session_name(file) or not has_sidecar(file):
        return []
    from sessionctl.core.secrets.destination.binding import Referrers, references

    stored = stored_beside(file)
    names = {reference.name for reference in references(new.value)}
    before, after = Referrers(old.value), Referrers(new.value)
    return [
        name
        for name in (stored.names if stored is not None else ())
        if name in names and before.bind_of(name) != after.bind_of(name)
    ]
