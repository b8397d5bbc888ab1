"""Auto extraction: secrets that were typed into a session go to its sidecar at once."""

from __future__ import annotations

from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.errors import SessionctlError
from sessionctl.services.plan.runner import run
from sessionctl.services.scanning.purge import purge
from sessionctl.services.scanning.secret_extraction import plan_extract
from sessionctl.services.watching.watch_event import (
    EXTRACTED,
    NOT_EXTRACTED,
    AutoFailure,
    MovedSecrets,
    WatchEvent,
)
from sessionctl.system.files.snapshot import GIT_LOCK, git_operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.system.store.store import Store


class Extractor:
    """Moves typed secrets to the sidecar, as ``secret extract`` does; it never asks.

    ``make_keeper`` makes a keeper that asks nothing.
    """

    def __init__(
        self, make_keeper: Callable[[], VaultKeeper], store: Store, environ: Mapping[str, str]
    ) -> None:
        self._make_keeper = make_keeper
        self._store = store
        self._environ = environ

    def wants(self, event: WatchEvent) -> bool:
        """Return whether typed secrets are all that is wrong with a file."""
        checked = event.checked
        if event.what != "invalid" or checked is None:
            return False
        errors = checked.errors
        return bool(errors) and all(is_secret_rule(problem.rule) for problem in errors)

    def extract(self, file: str, time_s: float) -> WatchEvent | None:
        """Move the secrets of ``file``; None when there are none, or git is in an operation."""
        if git_operation(file, self._environ) not in ("", GIT_LOCK):
            return None
        try:
            keeper = self._make_keeper()
            extraction = plan_extract(keeper, file)
            if not extraction.is_change:
                return None
            run(extraction.plan(), keeper).check()
            session = str(extraction.secrets.place.session)
            purge(self._store, session, self._environ, extraction.spellings())
        except SessionctlError as error:
            return WatchEvent(time_s, file, NOT_EXTRACTED, AutoFailure(error))
        moved = MovedSecrets(tuple(move.name for move in extraction.moves))
        return WatchEvent(time_s, file, EXTRACTED, moved)
