"""Host workspace: the state of a host application, saved by itself and brought back."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH103, PTH118, PTH120
import os
import threading
from contextlib import contextmanager, suppress

from sessionctl.errors import EditError, UsageError
from sessionctl.sdk.host_calls import HostCalls
from sessionctl.sdk.host_surroundings import HostSurroundings
from sessionctl.sdk.provider import Provider, Veto, check_provider
from sessionctl.sdk.states.provider_side import ProviderSide, reason_of
from sessionctl.sdk.states.restore_guard import RestoreGuard
from sessionctl.sdk.workspace_event import TOPICS, Status, WorkspaceEvent, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.render.drawing import Line
    from sessionctl.sdk.host_calls import Wake
    from sessionctl.sdk.host_connections import HostConnections
    from sessionctl.sdk.provider import Apply, Get, Migrate
    from sessionctl.sdk.secret_values import SecretValues
    from sessionctl.sdk.states.recovery_option import RecoveryOption
    from sessionctl.sdk.states.state_text import StoredState
    from sessionctl.sdk.states.stored_text import StoredText
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
        from sessionctl.sdk.states.stored_text import Beginning
        from sessionctl.sdk.states.volatile_states import VolatileStates
        from sessionctl.services.documents.document_store import open_store
        from sessionctl.services.live.session_lookup import file_name

        if not app or file_name(app) != f"{app}.session.toml":
            raise UsageError(f'application "{app}": expected a plain name such as "pgdesk"')
        self.app = app
        self.file = file
        self.machine = machine
        self._around = surroundings
        self._calls = HostCalls(wake)
        self._store = open_store(machine.state)
        self._volatile = VolatileStates(machine.state, file, app)
        self._guard = RestoreGuard(machine.state, file, app)
        beginning = Beginning(file, app)
        self._side = ProviderSide(app, self._calls, beginning.text, self._provider_failed)
        self._side.keep_volatile = self._volatile.keep
        self._side.found_unchanged = self._unchanged
        self._listeners: list[Callable[[WorkspaceEvent], object]] = []
        self._keeper: LiveDocument | None = None
        self._connections: HostConnections | None = None
        self._is_modified = False
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls, app: str, *, path: str | os.PathLike[str] | None = None, wake: Wake | None = None
    ) -> Self:
        """Return the workspace of ``app``.

        Args:
          app: the name of the application; its state is the table ``apps.APP`` of the file.
          path: the session file; by default APP.session.toml in the user's sessions.
          wake: lets the host's event loop run a function soon, from any thread, such as
            ``loop.call_soon_threadsafe``; without it callbacks run in the thread that saves.

        Raises:
          UsageError: the name cannot name a file, or there is no home directory.
        """
        from sessionctl.services.machine import read_machine

        machine = read_machine(os.environ)
        if path is None:
            if machine.config is None:
                raise UsageError("there is no directory for sessions", hints=["set HOME"])
            path = os.path.join(machine.config, "sessions", f"{app}.session.toml")
        return cls(app, os.path.abspath(os.fspath(path)), machine, wake)

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
        self._listeners.append(listener)

    # -- restore ------------------------------------------------------------------------------

    def restore(
        self, *, fresh: bool = False, include: Iterable[str] = (), exclude: Iterable[str] = ()
    ) -> Status:
        """Bring the state back, then save every change from now on.

        With ``fresh`` nothing is brought back; what the file held stays in the backups.
        ``include`` and ``exclude`` name the providers that are restored; the others begin anew.
        A provider that fails is reported, and the file keeps its state until it is changed.

        Returns ``RESTORED``, ``FRESH`` or ``FAILED``; after that, ``recovery`` says what can be
        done.

        Raises:
          UsageError: it was restored before.
        """
        if self._keeper is not None:
            raise UsageError(f"workspace {self.app}: restored already")
        stored = self._stored()
        wanted, unwanted = set(include), set(exclude)
        chosen = {
            name: state
            for name, state in stored.states.items()
            if not fresh and name not in unwanted and (not wanted or name in wanted)
        }
        # What the file has and the host does not take is left there until the host changes it.
        self._side.active = self._side.providers.keys() - stored.states.keys()
        if stored.damage:
            self._tell(Status.DEGRADED, stored.damage)
        if stored.reason and not fresh:
            self._tell(Status.FAILED, stored.reason)
            status = Status.FAILED
        else:
            status = self._restored(stored.text or "", chosen)
        self._start(stored.text, is_file=stored.is_file)
        return status

    def _stored(self) -> StoredText:
        from sessionctl.sdk.states.stored_text import read_stored

        return read_stored(self._store, self.file, self.app, self._guard)

    def _restored(self, text: str, states: dict[str, StoredState]) -> Status:
        side = self._side
        known = {name: state for name, state in states.items() if name in side.providers}
        if not known:
            self._tell(Status.FRESH)
            return Status.FRESH
        self._tell(Status.RESTORING)
        volatile = self._volatile.read()
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

    # -- while the host runs ------------------------------------------------------------------

    def mark_changed(self, name: str = "") -> None:
        """Say that a provider, or any, has another state: it is saved soon; never waits."""
        self._side.activate(name)
        with self._lock:
            is_first, self._is_modified = not self._is_modified, True
            self._side.marks += 1
        if is_first:
            self._tell(Status.MODIFIED, provider=name)
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
        return self._while_waiting(lambda keeper: keeper.save(timeout_s), timeout_s)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Save what changed, close connections, and end; return whether all is on the disk."""
        if self._connections is not None:
            self._connections.close()
        done = self._while_waiting(lambda keeper: keeper.stop(timeout_s), timeout_s)
        self._keeper = None
        return done

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

        return recovery_options(self._store, self.file, self.app, self._stored().text)

    def recover(self, option: RecoveryOption | str) -> Status:
        """Bring back the state of one of ``recovery``; what stands now stays in the backups.

        Raises:
          UsageError: there is no such option.
        """
        from sessionctl.core.toml.document import Document
        from sessionctl.sdk.states.recovery_option import FRESH, find_option, option_text
        from sessionctl.sdk.states.state_text import stored_states

        found = find_option(self.recovery(), option)
        if found.kind == FRESH:
            self._tell(Status.FRESH)
            self.mark_changed()
            return Status.FRESH
        text = option_text(self._store, self.file, found, self._stored().text) or ""
        status = self._restored(text, stored_states(Document.parse(text), self.app))
        self.mark_changed()
        return status

    def preview(self, option: RecoveryOption | str) -> list[Line]:
        """Return what an option of ``recovery`` would change, as lines; raises as ``recover``."""
        from sessionctl.sdk.states.recovery_option import option_preview

        return option_preview(self._store, self.file, self.app, option, self._stored().text)

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
          EditError: there is nothing to take back, or later changes stand in the way.
        """
        from sessionctl.services.history.undo_plan import plan_undo
        from sessionctl.services.plan.runner import run

        self.flush()
        undo = plan_undo(self.file, self.machine.environ, self._store)
        if not undo.is_fit:
            raise EditError(f"{self.file}: later changes stand in the way of the undo")
        run(undo.plan(), self._store).check()
        self.flush()
        return undo.is_change

    # -- inside ------------------------------------------------------------------------------

    def _while_waiting(self, work: Callable[[LiveDocument], bool], timeout_s: float) -> bool:
        """Return what ``work`` returns; the host's callbacks run meanwhile."""
        keeper, answers = self._keeper, list[bool]()
        if keeper is None:
            return False
        if self._calls.is_here and not self._calls.has_loop:
            return work(keeper)
        thread = threading.Thread(target=lambda: answers.append(work(keeper)), daemon=True)
        thread.start()
        self._calls.wait(lambda: not thread.is_alive(), timeout_s + 1)
        return bool(answers and answers[0])

    def _happened(self, event: WatchEvent) -> None:
        status = TOPICS.get(event.what)
        if status is None:
            return
        if status in (Status.SAVED, Status.MERGED):
            self._is_modified = False
        self._tell(status, words_of(event), conflicts=event.conflicts)

    def _unchanged(self) -> None:
        with self._lock:
            was_modified, self._is_modified = self._is_modified, False
        if was_modified:
            self._tell(Status.SAVED)

    def _provider_failed(self, name: str, text: str) -> None:
        self._tell(Status.FAILED, text, name)

    def _tell(
        self,
        status: Status,
        text: str = "",
        provider: str = "",
        conflicts: tuple[Conflict, ...] = (),
    ) -> None:
        event = WorkspaceEvent(status, text, provider, conflicts, self._around.clock.time_s())
        for listener in list(self._listeners):
            self._calls.post(lambda listener=listener: listener(event))  # type: ignore[misc]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
