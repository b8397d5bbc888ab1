"""StateRestoration: the state that a host had last is read, and given to its providers."""

from __future__ import annotations

import os
from contextlib import suppress

from sessionctl.sdk.provider import Veto
from sessionctl.sdk.states.provider_side import reason_of
from sessionctl.sdk.states.restore_guard import RestoreGuard
from sessionctl.sdk.states.stored_text import Beginning, read_stored
from sessionctl.sdk.states.volatile_states import VolatileStates
from sessionctl.sdk.workspace_event import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.sdk.states.provider_side import ProviderSide
    from sessionctl.sdk.states.state_text import StoredState
    from sessionctl.sdk.states.stored_text import StoredText
    from sessionctl.system.store.store import Store

_DAY_S = 24 * 60 * 60


class StateRestoration:
    """What there is to restore from one file, and its way into the host."""

    def __init__(
        self, side: ProviderSide, store: Store, file: str, tell: Callable[..., None]
    ) -> None:
        """Take the providers, where states are kept, the file, and who hears of it."""
        self.beginning = Beginning(file, side.app).text
        self.volatile = VolatileStates(store.directory, file, side.app)
        self._side = side
        self._store = store
        self._file = file
        self._tell = tell
        self._guard = RestoreGuard(store.directory, file, side.app)

    def stored(self) -> StoredText:
        """Return what the host had last."""
        return read_stored(self._store, self._file, self._side.app, self._guard)

    def is_expired(self, max_age_s: float, now_s: float) -> bool:
        """Return whether the file was not written for ``max_age_s``; the host hears of it then."""
        with suppress(OSError):
            age_s = now_s - os.stat(self._file).st_mtime  # noqa: PTH116
            if age_s > max_age_s:
                age = f"{age_s / _DAY_S:.0f} days" if age_s >= _DAY_S else f"{age_s:.0f} s"
                what = f"{self._file}: last saved {age} ago, not restored; recovery() offers it"
                self._tell(Status.DEGRADED, what)
                return True
        return False

    def apply(self, text: str, states: Mapping[str, StoredState]) -> Status:
        """Give the states in ``text`` to the providers that there are for them."""
        side = self._side
        known = {name: state for name, state in states.items() if name in side.providers}
        if not known:
            self._tell(Status.FRESH)
            return Status.FRESH
        self._tell(Status.RESTORING)
        volatile = self.volatile.read()
        failed = False
        with self._guard.applying(text):
            for name, stored in known.items():
                try:
                    side.apply_one(side.providers[name], stored, volatile.get(name))
                    side.active.add(name)
                except Exception as error:  # noqa: BLE001 - code of the host; the others go on
                    failed = True
                    what = str(error) if isinstance(error, Veto) else reason_of(error)
                    self._tell(Status.FAILED, f"not restored: {what}", name)
        if failed:
            return Status.FAILED
        self._tell(Status.RESTORED)
        return Status.RESTORED
