"""Recovery options: what a host can offer when a state was not restored, as data."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import SessionctlError, UsageError
from sessionctl.sdk.states.state_text import stored_states

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.render.drawing import Line
    from sessionctl.core.values import Table
    from sessionctl.sdk.states.state_text import StoredState
    from sessionctl.services.history.backups import Backup
    from sessionctl.system.store.store import Store

FRESH, FILE, BACKUP = "fresh", "file", "backup"
_MOST = 50
_NOT_GIVEN = "what the application had when it ended, which the file was not given"
_WORDS = {
    "base": "saved earlier",
    "watch": "saved earlier",
    "by hand": "edited by hand",
    "pending": _NOT_GIVEN,
}


class RecoveryOption(NamedTuple):
    """One way to go on.

    ``kind`` is "file" (what the file holds now), "backup" (an earlier text, also what the
    application had and the file was not given) or "fresh" (start over; the old state stays in the
    backups). ``id`` is what ``Workspace.recover`` takes.
    ``text`` is for people, ``time_ns`` when it was written, 0 where that is not known;
    ``providers`` those that it has a state for.
    """

    kind: str
    id: str
    text: str
    time_ns: int = 0
    providers: tuple[str, ...] = ()


def recovery_options(
    store: Store, file: str, app: str, now: str | None
) -> tuple[RecoveryOption, ...]:
    """Return every way to go on, the likeliest first; ``now`` is what the file holds."""
    known = [{} if now is None else _states(now, app)]
    return (
        *_current(app, now),
        *_earlier(store, file, app, known),
        RecoveryOption(FRESH, FRESH, "start over"),
    )


def _current(app: str, now: str | None) -> Iterator[RecoveryOption]:
    names = None if now is None else _providers(now, app)
    if names:
        yield RecoveryOption(FILE, FILE, "what the file holds now", 0, names)


def find_option(
    options: tuple[RecoveryOption, ...], option: RecoveryOption | str
) -> RecoveryOption:
    """Return the option that is meant, given as such or by its id; raises ``UsageError``."""
    wanted = option if isinstance(option, str) else option.id
    known = {one.id: one for one in options}
    if wanted not in known:
        there = f"there are: {', '.join(known)}"
        raise UsageError(f"recovery: there is no {wanted}", hints=[there])
    return known[wanted]


def option_preview(
    store: Store, file: str, app: str, option: RecoveryOption | str, now: str | None
) -> list[Line]:
    """Return what an option would change in the state of ``app``, which is in the text ``now``."""
    from sessionctl.sdk.states.recovery_preview import preview_lines

    found = find_option(recovery_options(store, file, app, now), option)
    then = None if found.kind == FRESH else option_text(store, file, found, now)
    return preview_lines(now, then, app)


def option_text(store: Store, file: str, option: RecoveryOption, now: str | None) -> str | None:
    """Return the text behind an option; ``now`` is what the file holds."""
    from sessionctl.services.history.backups import list_backups

    if option.kind == BACKUP:
        found = [one for one in list_backups(store, file) if one.id == option.id]
        return backup_text(store, file, found[0]) if found else None
    return now


def option_states(
    store: Store, file: str, app: str, option: RecoveryOption, now: str | None
) -> tuple[str, dict[str, StoredState]]:
    """Return the text behind an option and the states in it; ``now`` is what the file holds."""
    text = option_text(store, file, option, now) or ""
    return text, stored_states(Document.parse(text), app)


def _earlier(store: Store, file: str, app: str, known: list[Table]) -> Iterator[RecoveryOption]:
    from sessionctl.services.history.backups import list_backups

    try:
        backups = list_backups(store, file)
    except SessionctlError:
        return
    for backup in backups[:_MOST]:
        text = None if backup.is_now else backup_text(store, file, backup)
        states = {} if text is None else _states(text, app)
        # What other tables of the file were is not the application's matter.
        if not states or any(same_value(states, one) for one in known):
            continue
        known.append(states)
        words = _WORDS.get(backup.why, f"as it was before: {backup.why}")
        yield RecoveryOption(BACKUP, backup.id, words, backup.time_ns, tuple(states))


def backup_text(store: Store, file: str, backup: Backup) -> str | None:
    """Return the text of a backup; None where it cannot be read."""
    try:
        return store.archive(file).read(backup.address).decode()
    except (SessionctlError, UnicodeDecodeError):
        return None


def _providers(text: str, app: str) -> tuple[str, ...]:
    """Return the providers that have a state in ``text``, not an empty one."""
    return tuple(_states(text, app))


def _states(text: str, app: str) -> Table:
    """Return the states in ``text`` that are not empty, each with its version."""
    try:
        stored = stored_states(Document.parse(text), app)
    except SessionctlError:
        return {}
    return {name: [version, state] for name, (state, version) in stored.items() if state}
