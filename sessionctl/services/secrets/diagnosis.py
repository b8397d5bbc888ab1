"""Diagnosis: what keeps secrets from being opened here, place by place."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.filename import session_name
from sessionctl.core.problem import Problem, Span
from sessionctl.core.secrets.trust_book import Verdict
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import LockedError, SessionctlError
from sessionctl.services.secrets.access.open_vault import open_vault, read_vault_info
from sessionctl.services.secrets.readers.reader_list import list_readers
from sessionctl.services.secrets.readers.rewrap import find_sidecars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.services.secrets.access.keyring import IdentityAttempt
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class DiagnosisPoint(NamedTuple):
    """One thing that was examined: "ok", "note" or "problem", and the next step."""

    what: str
    state: str
    message: str
    hints: tuple[str, ...] = ()


class Diagnosis(NamedTuple):
    """What was found: the places of identities that were tried, and the points."""

    tried: tuple[IdentityAttempt, ...]
    points: tuple[DiagnosisPoint, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether nothing is a problem."""
        return all(point.state != "problem" for point in self.points)


def examine(
    keeper: VaultKeeper, place: SecretPlace, secrets: Sequence[SessionSecrets]
) -> Diagnosis:
    """Return what is right and what is not with vault, recipients, trust and ``secrets``."""
    points = [*_of_vault(keeper, place), *_of_readers(keeper, place)]
    if place.has_vault:
        points += _of_trust(keeper, place)
    opened = next((point for point in points if point.what == "identity"), None)
    for one in secrets:
        points += _of_secrets(one, can_open=opened is not None and opened.state == "ok")
    return Diagnosis(tuple(keeper.keyring.tried), tuple(points))


def _of_vault(keeper: VaultKeeper, place: SecretPlace) -> Iterator[DiagnosisPoint]:
    if not place.has_vault:
        try:
            keeper.check_none_is_missing(place, "")
        except SessionctlError as error:
            yield _problem("vault", error)
        else:
            hint = "the first secret makes it: sessionctl secret set FILE NAME"
            yield DiagnosisPoint("vault", "note", f"{place.vault}: there is none yet", (hint,))
        return
    yield DiagnosisPoint("vault", "ok", str(place.vault))
    try:
        opened = open_vault(keeper.keyring, place)
    except SessionctlError as error:
        state = "note" if isinstance(error, LockedError) else "problem"
        hints = tuple(hint for hint in error.hints if not hint.startswith("tried "))
        yield DiagnosisPoint("identity", state, error.message, hints)
        return
    yield DiagnosisPoint("identity", "ok", f"opened by {opened.opened_by}")
    keeper.keep(place, opened)


def _of_readers(keeper: VaultKeeper, place: SecretPlace) -> Iterator[DiagnosisPoint]:
    try:
        readers = list_readers(keeper, place)
    except SessionctlError as error:
        yield _problem("recipients", error)
        return
    strangers = list(readers.strangers)
    if strangers:
        yield DiagnosisPoint(
            "recipients",
            "problem",
            f"not accepted on this machine: {', '.join(one.shown for one in strangers)}",
            (place.rekey_command([one.key for one in strangers]),),
        )
    elif readers.is_pending:
        hint = f"one who can read them runs: {place.rekey_command()}"
        message = "the list was changed, the vault was not"
        yield DiagnosisPoint("recipients", "problem", message, (hint,))
    elif readers.recipients:
        count = len(readers.recipients)
        yield DiagnosisPoint("recipients", "ok", f"{count} can read" if count > 1 else "1 can read")


def _of_trust(keeper: VaultKeeper, place: SecretPlace) -> Iterator[DiagnosisPoint]:
    book, where = keeper.trust_file.book, str(place.root.resolve())
    try:
        info = read_vault_info(place)
    except SessionctlError as error:
        yield _problem("vault.toml", error)
        return
    if info is None:
        hint = f"write it anew: {place.rekey_command()}"
        yield DiagnosisPoint("vault.toml", "problem", f"{place.vault_info}: no such file", (hint,))
        return
    pin = book.vaults.get(info.recipient)
    verdict = keeper.verdict(info.recipient, place, "")
    unfinished = [one for one in book.vaults.values() if one.continues and where in one.places]
    if unfinished or (pin is not None and pin.continues):
        hint = f"go on with it: {place.rekey_command()}"
        yield DiagnosisPoint(
            "trust", "problem", "a change of the vault key was not finished", (hint,)
        )
    elif verdict is Verdict.KNOWN:
        yield DiagnosisPoint("trust", "ok", f"vault {info.recipient}, in use here")
    elif verdict is Verdict.FIRST_USE:
        yield DiagnosisPoint("trust", "note", f"vault {info.recipient}, never used on this machine")
    else:
        hint = f"if it is right: {place.rekey_command([info.recipient], is_exact=True)}"
        yield DiagnosisPoint(
            "trust", "problem", f"another vault than before: {info.recipient}", (hint,)
        )


def _of_secrets(secrets: SessionSecrets, *, can_open: bool) -> Iterator[DiagnosisPoint]:
    problem = _reach(secrets)
    if problem is not None:
        yield DiagnosisPoint(secrets.file, "problem", problem.message, (problem.hint,))
        return
    for name in secrets.names():
        what = f"{secrets.file}: {name}"
        try:
            entry = secrets.entry(name)
            inspection = secrets.inspect(name) if can_open else None
        except SessionctlError as error:
            yield _problem(what, error)
            continue
        if inspection is not None and not inspection.is_usable:
            yield _problem(what, secrets.refusal(inspection))
        elif entry.rotate or (inspection and inspection.opened.origin in secrets.vault.exposed):
            # The mark can be taken out by anybody; what is sealed cannot.
            hint = f"sessionctl secret rotate {path_word(secrets.file)} {name}"
            since = f", since {entry.rotate}" if entry.rotate else "; its mark was taken out"
            message = f"a recipient who was removed knows it{since}"
            yield DiagnosisPoint(what, "problem", message, (hint,))
        elif inspection is None:
            yield DiagnosisPoint(what, "note", "stored, and not looked into")
        else:
            yield DiagnosisPoint(what, "ok", "can be used")


def _reach(secrets: SessionSecrets) -> Problem | None:
    from sessionctl.services.secrets.vault_reach import left_behind, reach_problem

    command = "" if secrets.place.sidecar.exists() else left_behind(secrets.file)
    if command:
        hint = f"bring both together: {command}"
        return Problem("left-behind", "its secrets stayed behind", Span(0, 0), hint=hint)
    return reach_problem(secrets.file, "")


def _problem(what: str, error: SessionctlError) -> DiagnosisPoint:
    return DiagnosisPoint(what, "problem", error.message, error.hints)


def sessions_of(place: SecretPlace) -> list[str]:
    """Return the session files whose sidecars belong to the vault of ``place``."""
    found = [path.with_name(session_name(path.name)) for path in find_sidecars(place)]
    return [str(path) for path in found if path.exists()]
