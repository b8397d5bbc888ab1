"""Provider side: the providers of a host as the live side of a session file."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import SessionctlError
from sessionctl.sdk.host_calls import HostGoneError
from sessionctl.sdk.provider import Provider, Veto
from sessionctl.sdk.states.state_text import StoredState, checked_state, stored_states, with_states

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sessionctl.core.values import Table
    from sessionctl.sdk.host_calls import HostCalls
    from sessionctl.sdk.states.edit_refusal import EditRefusal

    Failed = Callable[[str, str], None]


class ProviderStates(NamedTuple):
    """What the providers gave: what goes into the file, and what is kept beside it."""

    states: dict[str, StoredState]
    volatile: dict[str, Table]


class ProviderSide:
    """The live side of one file; ``get`` and ``apply`` are called by the thread that keeps it.

    ``failed`` is called with the name of a provider and what went wrong in it.
    """

    def __init__(self, app: str, calls: HostCalls, failed: Failed) -> None:
        self.providers: dict[str, Provider] = {}
        self.active: set[str] = set()
        """The providers whose state counts: it was restored, changed, or is not in the file."""
        self.volatile: dict[str, Table] = {}
        """What was last seen of the keys that are kept outside the file."""
        self.retry: Callable[[], None] = lambda: None
        """Called when the host did not answer: it is to be asked again."""
        self.newer: set[str] = set()
        """The providers of which the file has a state of a newer version: it is not touched."""
        self.refusals: tuple[EditRefusal, ...] = ()
        """What was not taken over of the last edit of the file."""
        self.marks = 0
        """How often the host said that something changed."""
        self.found_unchanged: Callable[[], None] = lambda: None
        """Called when the state is what the file has, and nothing was marked meanwhile."""
        self._beginning: Callable[[], str] = str
        self._keep_volatile: Callable[[dict[str, Table]], None] = lambda _volatile: None
        self.app = app
        self._calls = calls
        self._failed = failed
        self._last: dict[str, StoredState] = {}

    def begin(
        self, beginning: Callable[[], str], keep_volatile: Callable[[dict[str, Table]], None]
    ) -> None:
        """Begin with a file; ``beginning`` returns what the states are written into at first.

        ``keep_volatile`` keeps what does not go into the file.
        """
        self._beginning, self._keep_volatile = beginning, keep_volatile
        self.active, self.volatile, self._last, self.newer = set(), {}, {}, set()

    def activate(self, name: str = "") -> None:
        """Let the state of a provider, or of all, count from now on."""
        named = self.providers.keys() if not name else {name} & self.providers.keys()
        for newer in sorted(named & self.newer):
            self._failed(newer, "not saved: the file has a state of a newer version")
        self.active |= named - self.newer

    def get(self, base: str | None) -> str | None:
        """Return the session with the states of the providers in it."""
        before = self._beginning() if base is None else base
        marks = self.marks
        try:
            collected = self._calls.call(self.collect)
        except HostGoneError:
            self.retry()
            raise
        if collected.volatile != self.volatile:
            self.volatile = collected.volatile
            self._keep_volatile(collected.volatile)
        document = Document.parse(before)
        text = with_states(document, self.app, collected.states).text
        if text == base and marks == self.marks:
            self.found_unchanged()
        return text

    def apply(self, text: str, expected: str | None) -> bool:
        """Give the host what the file has; False where its state is not ``expected`` any more.

        Raises:
          SessionctlError: a provider refuses, or failed; all others were asked.
        """
        known = {} if expected is None else stored_states(Document.parse(expected), self.app)
        wanted = stored_states(Document.parse(text), self.app)
        raised = self._calls.call(lambda: self.take_over(known, wanted))
        if raised is None:
            return False
        if raised:
            from sessionctl.sdk.states.edit_refusal import refusal_of

            self.refusals = tuple(
                refusal_of(name, error, _why(error), self.app, (text, expected))
                for name, error in raised.items()
            )
            raise SessionctlError(
                "; ".join(f"{one.provider}: {one.reason}" for one in self.refusals)
            )
        self.refusals = ()
        return True

    # -- in the thread of the host ------------------------------------------------------------

    def collect(self, names: Iterable[str] | None = None) -> ProviderStates:
        """Ask the providers; one that fails is reported, and its last state counts."""
        states: dict[str, StoredState] = {}
        volatile: dict[str, Table] = {}
        for name in self.active if names is None else names:
            provider = self.providers[name]
            state = self._state_of(provider)
            if state is None:
                continue
            volatile[name] = {key: state.pop(key) for key in provider.volatile if key in state}
            states[name] = StoredState(state, provider.version)
        self._last.update(states)
        return ProviderStates(
            {name: states[name] for name in self.providers if name in states}, volatile
        )

    def take_over(
        self, known: Mapping[str, StoredState], wanted: Mapping[str, StoredState]
    ) -> dict[str, Exception] | None:
        """Apply what differs; return what the providers raised that refused, or failed.

        None, and nothing applied, where the host is not in the states ``known`` any more.
        """
        raised: dict[str, Exception] = {}
        now = self.collect().states
        if any(name not in known or not _is_same(now[name], known[name]) for name in now):
            return None
        for name, provider in self.providers.items():
            new = wanted.get(name)
            if name in self.newer and new is not None and new.version <= provider.version:
                self.active.add(name)  # somebody took the newer one back
            if name not in self.active or new is None:
                continue
            if name in now and _is_same(now[name], new):
                continue
            try:
                self.apply_one(provider, new)
            except BaseException as error:  # noqa: BLE001 - the host's code must not end the worker
                raised[name] = self._taken(error)
        return raised

    def apply_one(
        self, provider: Provider, stored: StoredState, volatile: Table | None = None
    ) -> None:
        """Give ``provider`` a state, brought to its version; raises what it raises."""
        state = {**stored.state, **(volatile or self.volatile.get(provider.name) or {})}
        if stored.version > provider.version:
            self.newer.add(provider.name)
            self.active.discard(provider.name)
        else:
            self.newer.discard(provider.name)
        if stored.version != provider.version:
            state = migrated(provider, state, stored.version)
        provider.apply(state)
        self._last[provider.name] = StoredState(dict(stored.state), provider.version)

    def _state_of(self, provider: Provider) -> Table | None:
        try:
            return checked_state(provider.name, provider.get())
        except BaseException as raised:  # noqa: BLE001 - the host's code must not end the worker
            error = self._taken(raised)
            self._failed(provider.name, f"its state cannot be read: {reason_of(error)}")
            last = self._last.get(provider.name)
            return None if last is None else dict(last.state)

    def _taken(self, error: BaseException) -> Exception:
        """Return what a callback raised; ``sys.exit`` has its meaning in the host's own thread."""
        if isinstance(error, Exception):
            return error
        if self._calls.is_own_thread:
            raise error
        return SessionctlError(f"it raised {type(error).__name__}")


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Veto) else reason_of(error)


def _is_same(one: StoredState, other: StoredState) -> bool:
    return same_value(one.state, other.state)


def migrated(provider: Provider, state: Table, version: int) -> Table:
    """Return ``state`` of another ``version`` as ``provider`` wants it.

    Raises:
      Veto: it is newer, or there is no ``migrate``.
    """
    if version > provider.version:
        raise Veto(f"its state has version {version}, newer than {provider.version}; left as it is")
    if provider.migrate is None:
        raise Veto(
            f"its state has version {version}, and there is no migration to {provider.version}"
        )
    made = provider.migrate(state, version)
    if not hasattr(made, "keys"):
        raise Veto(f"migrate made a {type(made).__name__} of its state, expected a table")
    return dict(made)


def reason_of(error: Exception) -> str:
    """Return why something failed, in a line; not the text of foreign errors' values."""
    if isinstance(error, SessionctlError):
        return error.message
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
