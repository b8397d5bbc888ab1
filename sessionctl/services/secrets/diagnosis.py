"""Diagnosis: what keeps secrets from being opened here, place by place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.filename import SIDECAR_SUFFIX, session_name
from sessionctl.core.problem import Problem, Span
from sessionctl.core.secrets.trust_book import Verdict
from sessionctl.core.text.shellwords import editor_words, last_words, path_word
from sessionctl.errors import LockedError, SessionctlError
from sessionctl.services.secrets.access.open_vault import open_vault
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.services.secrets.readers.reader_list import list_readers
from sessionctl.services.secrets.recipient_check import check_recipients
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    """Return what is right and what is not with vaults, recipients, trust and ``secrets``.

    The vaults are those of ``secrets``; that of ``place`` where there are none.
    """
    places = {one.place.where: one.place for one in secrets} or {place.where: place}
    points: list[DiagnosisPoint] = []
    for where, here in places.items():
        found = [*_of_vault(keeper, here), *_of_readers(keeper, here)]
        if here.has_vault:
            found += _of_trust(keeper, here)
        can_open = any(point.what == "identity" and point.state == "ok" for point in found)
        for one in secrets:
            if one.place.where == where:
                found += _of_secrets(keeper, one, can_open=can_open)
        points += found
    return Diagnosis(tuple(keeper.keyring.tried), tuple(points))


def _of_vault(keeper: VaultKeeper, place: SecretPlace) -> Iterator[DiagnosisPoint]:
    if not place.has_vault:
        try:
            keeper.check_none_is_missing(place, "")
        except SessionctlError as error:
            yield _problem("vault", error)
        else:
            hint = "the first secret makes it: sessionctl secret set FILE NAME"
            yield DiagnosisPoint("vault", "note", f"{place.vault}: it does not exist yet", (hint,))
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
    damaged = list(_of_lines(place)) if readers.recipients or readers.damaged else []
    yield from damaged
    if strangers:
        yield DiagnosisPoint(
            "recipients",
            "problem",
            f"not accepted on this machine: {', '.join(one.shown for one in strangers)}",
            (place.rekey_command([one.key for one in strangers]),),
        )
    # Who is listed is not known before those lines are corrected.
    elif damaged:
        return
    elif readers.is_pending:
        hint = f"someone who can read them runs: {place.rekey_command()}"
        message = "the list was changed, but the vault was not"
        yield DiagnosisPoint("recipients", "problem", message, (hint,))
    elif readers.recipients:
        count = len(readers.recipients)
        yield DiagnosisPoint("recipients", "ok", f"{count} can read" if count > 1 else "1 can read")


def _of_lines(place: SecretPlace) -> Iterator[DiagnosisPoint]:
    """Return the lines of the list that are no recipients; what they hold is not repeated."""
    checked = check_recipients(str(place.recipients), read_text(place.recipients))
    for problem in checked.problems:
        line = checked.source.place(problem.span.start)[0]
        hint = f"correct or remove the line: {editor_words(str(place.recipients), line)}"
        message = f"{place.recipients}:{line}:1: {problem.message}"
        yield DiagnosisPoint("recipients", "problem", message, (hint,))


def _of_trust(keeper: VaultKeeper, place: SecretPlace) -> Iterator[DiagnosisPoint]:
    book, where = keeper.trust_file.book, str(place.root.resolve())
    try:
        info = read_vault_info(place)
    except SessionctlError as error:
        yield _problem("vault.toml", error)
        return
    if info is None:
        hint = f"write it again: {place.rekey_command()}"
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


def _of_secrets(
    keeper: VaultKeeper, secrets: SessionSecrets, *, can_open: bool
) -> Iterator[DiagnosisPoint]:
    problem = _reach(keeper, secrets)
    if problem is not None and problem.is_error:
        yield DiagnosisPoint(secrets.file, "problem", problem.message, (problem.hint,))
        return
    # What is in it would only be refused, each for the same reason.
    foreign = secrets.foreign_sidecar()
    if foreign is not None:
        yield _problem(secrets.file, foreign)
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
            hint = f"sessionctl secret rotate {path_word(secrets.file)} {last_words(name)}"
            since = f", since {entry.rotate}" if entry.rotate else "; its mark was removed"
            message = f"a recipient who was removed knows it{since}"
            yield DiagnosisPoint(what, "problem", message, (hint,))
        elif inspection is None:
            yield DiagnosisPoint(what, "note", "stored, and not looked into")
        else:
            yield DiagnosisPoint(what, "ok", "can be used")


def _reach(keeper: VaultKeeper, secrets: SessionSecrets) -> Problem | None:
    from sessionctl.services.secrets.vault_reach import left_behind, reach_problem

    command = "" if secrets.place.sidecar.exists() else left_behind(secrets.file)
    if command:
        hint = f"move both together: {command}"
        return Problem("left-behind", "its secrets stayed behind", Span(0, 0), hint=hint)
    return reach_problem(secrets.file, "", keeper.trust_file.book)


def _problem(what: str, error: SessionctlError) -> DiagnosisPoint:
    return DiagnosisPoint(what, "problem", error.message, error.hints)


def sessions_of(place: SecretPlace, own: Iterable[str] = ()) -> list[str]:
    """Return the session files in and below the root of ``place`` that have secrets.

    Not looked into are the directories of sessionctl's ``own`` files.
    """
    sidecars = find_sessions(str(place.root), own=own, suffix=SIDECAR_SUFFIX)
    names = sorted({os.path.realpath(one.path) for one in sidecars})
    found = [Path(name).with_name(session_name(Path(name).name)) for name in names]
    return [str(path) for path in found if path.exists()]
