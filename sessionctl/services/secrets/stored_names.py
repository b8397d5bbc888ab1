"""Stored names: which secrets lie beside a session, by name, without any key."""

from __future__ import annotations

# pathlib costs start-up, and most sessions have nothing beside them: plain os calls first.
# ruff: noqa: PTH100, PTH110, PTH118, PTH120
import os

from sessionctl.core.filename import RECIPIENTS_FILE, VAULT_FILE, VAULT_FOLDER, sidecar_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.session.secret_problems import StoredNames

_VAULT = os.path.join(VAULT_FOLDER, VAULT_FILE)


def stored_beside(file: str) -> StoredNames | None:
    """Return what is stored for the session ``file``; None where no secrets are kept.

    That is so where it has no sidecar and there is no vault either: someone else gives
    the values. A sidecar that cannot be read is reported when it is checked itself.
    """
    if not _is_kept(file):
        return _left_behind(file)
    from sessionctl.core.secrets.sidecar import Sidecar
    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.errors import SessionctlError
    from sessionctl.services.secrets.access.secret_place import find_place
    from sessionctl.system.files.text import read_text

    place = find_place(file)
    hint = f"store it: sessionctl secret set {path_word(file)} {{name}}"
    if not place.sidecar.exists():
        return _left_behind(file) or (StoredNames((), hint) if place.has_vault else None)
    try:
        sidecar = Sidecar.parse(read_text(place.sidecar), str(place.sidecar))
    except SessionctlError:
        return None
    return StoredNames(tuple(sidecar.entries), hint)


def _left_behind(file: str) -> StoredNames | None:
    """Return that nothing is stored where the sidecar stayed behind, with what brings it here."""
    folder = os.path.dirname(os.path.realpath(file))
    if not any(os.path.exists(os.path.join(above, ".git")) for above in _upwards(folder)):
        return None
    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.secrets.vault_reach import left_behind

    command = left_behind(file)
    hint = f"its secrets are in the old place, move both together: {command}"
    return StoredNames((), hint) if command else None


def has_sidecar(file: str) -> bool:
    """Return whether a sidecar lies beside the session ``file``, or beside what it links to."""
    places = {os.path.abspath(file), os.path.realpath(file)}
    # A link may lead to a file that is not called a session: that one has no sidecar.
    beside = {_beside(place) for place in places} - places
    return any(map(os.path.exists, beside))


def _is_kept(file: str) -> bool:
    places = {os.path.abspath(file), os.path.realpath(file)}
    if has_sidecar(file):
        return True
    return any(
        os.path.exists(os.path.join(above, mark))
        for place in places
        for above in _upwards(os.path.dirname(place))
        for mark in (_VAULT, RECIPIENTS_FILE)
    )


def _beside(session: str) -> str:
    folder, name = os.path.split(session)
    return os.path.join(folder, sidecar_name(name))


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return
        folder = above
