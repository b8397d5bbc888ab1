"""Host workspace: the state of a host application, saved automatically and restored."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH103, PTH120
import atexit
import os
from contextlib import contextmanager, suppress
from functools import partial

from sessionctl.errors import EditError, UsageError
from sessionctl.sdk.host_calls import HostCalls
from sessionctl.sdk.host_events import HostEvents
from sessionctl.sdk.host_surroundings import HostSurroundings
from sessionctl.sdk.provider import Provider, check_provider
from sessionctl.sdk.states.provider_side import ProviderSide
from sessionctl.sdk.states.state_restoration import StateRestoration
from sessionctl.sdk.workspace_event import TOPICS, UNTOUCHED, Status, WorkspaceEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.render.drawing import Line
    from sessionctl.sdk.host_calls import Wake
    from sessionctl.sdk.host_connections import HostConnections
    from sessionctl.sdk.provider import Apply, Get, Migrate
    from sessionctl.sdk.secret_values import SecretValues
    from sessionctl.sdk.sessions.instances import InstanceHold
    from sessionctl.sdk.states.recovery_option import RecoveryOption
    from sessionctl.services.machine import Machine
    from sessionctl.services.watching.live_document import LiveDocument
    from sessionctl.services.watching.watch_event import WatchEvent


class HostWorkspace:
    """The state of one application in one session file.

    Every method may be called from the thread that made it; ``mark_changed`` from any. Nothing
    is written before ``restore``, which every host calls once, with its providers registered.
    """

    def __init__(
        self,
        app: str,
        file: str,
        machine: Machine,
        wake: Wake | None = None,
        surroundings: HostSurroundings = HostSurroundings(),  # noqa: B008 - an immutable value
    ) -> None:
        """Take the application, its session file and the machine; ``open`` finds them."""
        from sessionctl.sdk.sessions.session_place import check_app
        from sessionctl.services.settings.user_store import user_store

        check_app(app)
        self.app = app
        self.machine = machine
        self._around = surroundings
        self._calls = HostCalls(wake)
        self._store = user_store(machine)
        self._side = ProviderSide(app, self._calls, self._provider_failed)
        self._side.found_unchanged = self._unchanged
        self._events = HostEvents(self._calls, surroundings.clock)
        self._tell = self._events.tell
        self._keeper: LiveDocument | None = None
        self._connections: HostConnections | None = None
        self.hold: InstanceHold | None = None
        """The right to the file of an isolated instance; its ``id`` is that of the instance."""
        self._is_modified = False
        self._begin_with(file)

    def _begin_with(self, file: str) -> None:
        """Take the file that the state is in from now on."""
        self.file = self._events.file = file
        self._restoration = StateRestoration(self._side, self._store, file, self._tell)
        self._side.begin(self._restoration.beginning, self._restoration.volatile.keep)
        self._is_modified = False

    @classmethod
    def open(
        cls,
        app: str,
        *,
        path: str | os.PathLike[str] | None = None,
        session: str = "",
        isolated: bool = False,
        adopt: str = "",
        wake: Wake | None = None,
    ) -> Self:
        """Return the workspace of ``app``.

        Args:
          app: the name of the application; its state is the table ``apps.APP`` of the file.
          path: the session file; by default APP.session.toml in the user's sessions.
          session: the name of a session, for applications with several.
          isolated: this instance shares nothing with others that run: its file is its own.
          adopt: go on with what an isolated instance left: its id, or "newest" for the one that
            died last.
          wake: lets the host's event loop run a function soon, from any thread, such as
            ``loop.call_soon_threadsafe``; without it callbacks run in the thread that saves.

        Raises:
          UsageError: a name cannot name a file, there is no home directory, or the instance to
            adopt is alive, or not there.
        """
        from sessionctl.sdk.sessions.session_place import find_place
        from sessionctl.services.machine import read_machine

        machine = read_machine(os.environ)
        place = find_place(
            machine, app, path=path, session=session, is_isolated=isolated, adopt=adopt
        )
        workspace = cls(app, place.file, machine, wake)
        workspace.hold = place.hold
        return workspace

    # -- what the host gives ---------------------------------------------------------------

    def provide(
        self,
        name: str,
        get: Get,
        apply: Apply,
        *,
        version: int = 1,
        migrate: Migrate | None = None,
        volatile: Iterable[str] = (),
    ) -> None:
        """Register a part of the state; see ``Provider``.

        Raises:
          UsageError: the name is taken, or cannot stand in the file.
        """
        provider = Provider(name, get, apply, version, migrate, tuple(volatile))
        check_provider(provider)
        if name in self._side.providers:
            raise UsageError(f"provider {name}: registered already")
        self._side.providers[name] = provider
        if self._keeper is not None:
            self._side.active.add(name)

    def on_status(self, listener: Callable[[WorkspaceEvent], object]) -> None:
        """Let ``listener`` have every event, in the host's thread; one that fails is ignored."""
        self._events.add(listener)

    # -- restore ------------------------------------------------------------------------------

    def restore(
        self,
        *,
        fresh: bool = False,
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
        max_age_s: float = 0.0,
    ) -> Status:
        """Bring the state back, then save every change from now on.

        With ``fresh`` nothing is brought back; what the file held stays in the backups.
        ``include`` and ``exclude`` name the providers that are restored; the others start over.
        A file that was not written for ``max_age_s`` (0: for ever) is not restored, nor deleted.
        A provider that fails is reported, and the file keeps its state until it is changed.

        Returns ``RESTORED``, ``FRESH`` or ``FAILED``; after that, ``recovery`` says what can be
        done.

        Raises:
          UsageError: it was restored before.
        """
        if self._keeper is not None:
            raise UsageError(f"workspace {self.app}: restored already")
        stored = self._restoration.stored()
        if max_age_s and stored.is_file and not fresh:
            fresh = self._restoration.is_expired(max_age_s, self._around.clock.time_s())
        chosen = {} if fresh else stored.chosen(include, exclude)
        # What the file has and the host does not take is left there until the host changes it.
        self._side.active = self._side.providers.keys() - stored.states.keys()
        if stored.damage:
            self._tell(Status.DEGRADED, stored.damage)
        if stored.reason and not fresh:
            self._tell(Status.FAILED, stored.reason)
            status = Status.FAILED
        else:
            status = self._restoration.apply(stored.text or "", chosen)
        self._start(stored.text, is_file=stored.is_file)
        return status

    def _start(self, text: str | None, *, is_file: bool) -> None:
        from sessionctl.sdk.states.state_check import StateCheck
        from sessionctl.services.watching.live_document import LiveDocument
        from sessionctl.services.watching.replica import ReplicaContext

        with suppress(OSError):  # the keeper reports why it cannot write
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
        context = ReplicaContext(
            self._store,
            self.machine,
            self._happened,
            StateCheck(),
            self._around.clock,
            is_compared=False,
        )
        taken_over = text if is_file else None
        watcher = self._around.watcher
        self._keeper = LiveDocument(self.file, self._side, context, watcher, taken_over)
        self._side.retry = self._keeper.mark_changed
        # Not waited for: the thread asks this one.
        self._keeper.start(0)
        atexit.register(self.close)

    # -- while the host runs ------------------------------------------------------------------

    def mark_changed(self, name: str = "") -> None:
        """Say that a provider, or any, has another state: it is saved soon; never waits."""
        self._calls.renew()
        self._side.activate(name)
        with self._calls.short:
            is_first, self._is_modified = not self._is_modified, True
            self._side.marks += 1
        if is_first:
            self._events.tell_modified(name, self._keeper)
        self.look_soon()

    def look_soon(self) -> None:
        """Let the state be read soon, because it may have changed; never waits."""
        if self._keeper is not None:
            self._keeper.mark_changed()

    @contextmanager
    def changing(self, name: str = "") -> Iterator[None]:
        """Change a state in this context: nothing is read or applied meanwhile; then it is marked.

        For hosts without an event loop, whose callbacks come from another thread.
        """
        with self._calls.turn():
            yield
        self.mark_changed(name)

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Save now; return whether it is on the disk within ``timeout_s``."""
        keeper = self._keeper
        if keeper is None:
            return False
        return self._calls.apart(partial(keeper.save, timeout_s), timeout_s)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Save what changed, close connections, and end; return whether all is on the disk."""
        if self._connections is not None:
            self._connections.close()
        keeper, done = self._keeper, False
        if keeper is not None:
            done = self._calls.apart(partial(keeper.stop, timeout_s), timeout_s)
        atexit.unregister(self.close)
        self._keeper = self._connections = None
        if self.hold is not None:
            self.hold.leave()
            self.hold = None
        return done

    def switch(self, session: str) -> Status:
        """Save this session and go on with another one, which is restored; "" is the first.

        The providers are the same. A session that is new begins with the state as it is.

        Raises:
          UsageError: the name cannot name a file.
          EditError: this session could not be saved; nothing was switched.
        """
        from sessionctl.sdk.sessions.session_place import session_file

        file = session_file(self.machine, self.app, session)
        if self._keeper is not None and not self.flush():
            raise EditError(f"{self.file}: cannot be saved; the session was not switched")
        self.close()
        self._begin_with(file)
        return self.restore()

    @property
    def is_modified(self) -> bool:
        """Whether the host said that something changed that is not saved yet."""
        return self._is_modified

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The keys that the file and the host both changed."""
        return () if self._keeper is None else self._keeper.state.conflicts

    def resolve(self, *, by_file: bool, paths: Iterable[str] = ()) -> None:
        """Decide conflicts, those at ``paths`` or all, by the file or by the host's state."""
        if self._keeper is not None:
            self._keeper.settle(by_file=by_file, paths=tuple(paths))

    def recovery(self) -> tuple[RecoveryOption, ...]:
        """Return the states that can be brought back, as data, the likeliest first."""
        from sessionctl.sdk.states.recovery_option import recovery_options

        return recovery_options(self._store, self.file, self.app, self._restoration.stored().text)

    def recover(self, option: RecoveryOption | str) -> Status:
        """Bring back the state of one of ``recovery``; what stands now stays in the backups.

        Raises:
          UsageError: there is no such option.
        """
        from sessionctl.sdk.states.recovery_option import FRESH, find_option, option_states

        found = find_option(self.recovery(), option)
        if found.kind == FRESH:
            self._tell(Status.FRESH)
            self.mark_changed()
            return Status.FRESH
        now = self._restoration.stored().text
        text, states = option_states(self._store, self.file, self.app, found, now)
        status = self._restoration.apply(text, states)
        self.mark_changed()
        return status

    def preview(self, option: RecoveryOption | str) -> list[Line]:
        """Return what an option of ``recovery`` would change, as lines; raises as ``recover``."""
        from sessionctl.sdk.states.recovery_option import option_preview

        return option_preview(
            self._store, self.file, self.app, option, self._restoration.stored().text
        )

    @property
    def secrets(self) -> SecretValues:
        """The secrets of the session file, by their names: ``secrets["prod.password"]``."""
        from sessionctl.sdk.secret_values import SecretValues

        return SecretValues(self.file, self.machine)

    @property
    def connections(self) -> HostConnections:
        """The connections of the session file, to be held open for this host."""
        if self._connections is None:
            from sessionctl.sdk.host_connections import HostConnections

            vault = self.secrets.vault
            self._connections = HostConnections(self.file, self.machine, vault, self._tell)
        return self._connections

    @property
    def kept_connections(self) -> dict[str, KeptConnection]:
        """How the connections are that were asked for, by their names."""
        return {} if self._connections is None else self._connections.kept()

    def undo(self) -> bool:
        """Take the last change of the file back, by a merge; return whether there was one.

        The host is given what changes; what it has that is not saved yet is saved first.

        Raises:
          EditError: there is nothing to undo, or later changes stand in the way.
        """
        from sessionctl.sdk.states.state_undo import take_back

        self.flush()
        is_change = take_back(self.file, self.machine.environ, self._store)
        self.flush()
        return is_change

    # -- inside ------------------------------------------------------------------------------

    def _happened(self, event: WatchEvent) -> None:
        status = TOPICS.get(event.what)
        is_held = event.what in UNTOUCHED and self._keeper is not None and self._keeper.state.git
        if status is None or is_held:
            return
        self._events.tell_marks()
        if status in (Status.SAVED, Status.MERGED) and event.what not in UNTOUCHED:
            self._is_modified = False
        refusals = self._side.refusals if event.what == "failed" else ()
        self._events.report(status, event, refusals)

    def _unchanged(self) -> None:
        with self._calls.short:
            was_modified, self._is_modified = self._is_modified, False
        if was_modified:
            self._events.tell_marks()
            self._tell(Status.SAVED)

    def _provider_failed(self, name: str, text: str) -> None:
        self._tell(Status.FAILED, text, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        keeper = self._keeper
        if not self.close() and keeper is not None and error is None:
            from sessionctl.sdk.states.unkept_state import check_kept

            check_kept(keeper, self._store, self.file)
