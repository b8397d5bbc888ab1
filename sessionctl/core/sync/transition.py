"""The state machine: one event in, the new state and the actions out."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from sessionctl.core.sync.actions import (
    DONE,
    OBSTACLES,
    ApplyLive,
    KeepBase,
    KeepConflicts,
    KeepPending,
    LookAtSides,
    Report,
    SaveFile,
    Topic,
)
from sessionctl.core.sync.events import (
    ActionOutcome,
    ApplyResult,
    Begin,
    FileKind,
    FileNoticed,
    FileSeen,
    Flush,
    LiveNoticed,
    Recreate,
    Settle,
    SidesSeen,
    Tick,
    WatchLost,
    WriteResult,
)
from sessionctl.core.sync.reconciliation import (
    Cause,
    Reconciliation,
    SyncRules,
    clashes,
    reconcile,
    settle,
)
from sessionctl.core.sync.state import OngoingChange, SyncState
from sessionctl.core.sync.timing import Due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sessionctl.core.sync.actions import Action
    from sessionctl.core.sync.events import Event

_DOUBT, _GIT, _FAILED, _RACED = "doubt", "git", "failed", "raced"
_RACES = 3


class Transition(NamedTuple):
    """The answer to an event: the new state, and what is to be done, in this order."""

    state: SyncState
    actions: tuple[Action, ...]


def step(state: SyncState, event: Event, rules: SyncRules) -> Transition:
    """Return what ``event`` makes of ``state``, and what is to be done now.

    Every action but ``Keep...`` and ``Report`` is answered by an event before the next one
    comes. At ``state.wake_at_ms`` a ``Tick`` is due.
    """
    work = _Work(state, rules)
    work.take(event)
    return Transition(work.state, tuple(work.actions))


class _Work:
    """One step: the state as it becomes, and the actions so far."""

    def __init__(self, state: SyncState, rules: SyncRules) -> None:
        self.state = state
        self.rules = rules
        self.actions: list[Action] = []

    def take(self, event: Event) -> None:
        now = event.at_ms
        match event:
            case Begin():
                self._look()
            case FileNoticed():
                due = self.state.file_due
                self._set(file_due=due.again(now) if due is not None else Due(now, now))
            case LiveNoticed():
                due = self.state.live_due
                self._set(live_due=due.again(now) if due is not None else Due(now, now))
            case Flush():
                self._set(live_due=None)
                self._look()
            case Tick():
                self._tick(now)
            case SidesSeen():
                self._set(is_looking=False, live=event.live)
                self._looked(event)
            case WriteResult():
                self._written(event)
            case ApplyResult():
                self._applied(event)
            case Recreate() | Settle():
                self._set(wish=event)
                self._look()
            case WatchLost():
                self._watch(event.reason)
            case never:
                assert_never(never)

    def _set(self, **fields: Any) -> None:
        self.state = self.state._replace(**fields)

    def _tell(self, what: Topic, **about: Any) -> None:
        self.actions.append(Report(what, **about))

    # -- when to look ----------------------------------------------------------------

    def _tick(self, now: int) -> None:
        at = self.state.wake_at_ms(self.rules.timing)
        if at is None or at > now:
            return
        # What others do to the file is first waited for: it could be half-written.
        live_at = self.state.live_at_ms(self.rules.timing)
        if live_at is not None and live_at <= now:
            self._set(live_due=None)
        self._look()

    def _look(self) -> None:
        if self.state.is_looking or self.state.running is not None:
            return
        self._set(is_looking=True, file_due=None, retry_at_ms=None)
        self.actions.append(LookAtSides())

    def _wait(self, what: str, waits: tuple[int, ...], now: int) -> bool:
        """Look again after the next of ``waits``; False when there was the last one."""
        tries = self.state.tries if self.state.wait == what else 0
        self._set(
            wait=what,
            tries=tries + 1,
            retry_at_ms=now + waits[min(tries, len(waits) - 1)],
        )
        return tries < len(waits)

    # -- what was seen ---------------------------------------------------------------

    def _looked(self, event: SidesSeen) -> None:
        now, file = event.at_ms, event.file
        if event.git:
            self._git_is_busy(event)
            return
        if self.state.git:
            self._git_is_done()
        if file.kind is FileKind.MISSING:
            self._gone(event)
            return
        if self.state.is_missing:
            self._tell(Topic.BACK)
        wish = None if isinstance(self.state.wish, Recreate) else self.state.wish
        self._set(gone_since_ms=None, is_missing=False, wish=wish)
        if self._is_unfinished(event):
            return
        if file.kind is FileKind.TEXT and not self._is_emptied(file):
            self._accept(event)
        elif file == self.state.blocked:
            self._put_aside()
        elif file.kind is FileKind.MARKED:
            self._block(file)
        elif self._wait(_DOUBT, self.rules.timing.retries_ms, now):
            self._put_aside()
        else:
            self._set(retry_at_ms=None)
            if file.kind is FileKind.TEXT:
                self._accept(event)
            else:
                self._block(file)

    def _is_emptied(self, file: FileSeen) -> bool:
        """Return whether the file lost all its text, as it does while an editor saves it."""
        return not file.text and bool(self.state.base)

    def _is_unfinished(self, event: SidesSeen) -> bool:
        """Wait while somebody writes to the file, or could still do; not for ever."""
        state, timing, now = self.state, self.rules.timing, event.at_ms
        is_idle = state.base == event.live and state.base == event.file.text
        if is_idle or not event.is_open:
            self._set(open=None)
            return False
        since = now
        if state.open is not None and state.open[0] == event.file.text:
            since = state.open[1]
        if now - since >= timing.open_longest_ms:
            return False
        self._set(open=(event.file.text, since), retry_at_ms=now + timing.open_ms)
        self._put_aside()
        return True

    def _git_is_busy(self, event: SidesSeen) -> None:
        state = self.state
        if state.git and not state.is_git_told and state.tries >= len(self.rules.timing.git_ms):
            # Every 'git status' holds the lock for a moment: that is nothing to tell.
            self._tell(Topic.GIT_BUSY, note=event.git)
            self._set(is_git_told=True)
        elif state.is_git_told:
            self._check_only(event)
        self._set(git=event.git)
        self._put_aside()
        self._wait(_GIT, self.rules.timing.git_ms, event.at_ms)

    def _check_only(self, event: SidesSeen) -> None:
        """Report an edit that was made while git is at work; a hook may keep git for long."""
        file, state = event.file, self.state
        self._set(file=file)
        is_calm = file == state.file and not event.is_open
        if is_calm and file != state.blocked and file.kind in OBSTACLES:
            self._block(file)
        elif is_calm and state.blocked and file.kind is FileKind.TEXT:
            self._tell(Topic.MENDED)
            self._set(blocked=None)

    def _git_is_done(self) -> None:
        if self.state.is_git_told:
            self._tell(Topic.GIT_DONE, note=self.state.git)
        self._set(git="", is_git_told=False, wait="", tries=0)

    def _gone(self, event: SidesSeen) -> None:
        now, state, timing = event.at_ms, self.state, self.rules.timing
        self._set(file=event.file, blocked=None)
        is_wished = isinstance(state.wish, Recreate)
        if state.base is None or is_wished:
            text = state.base if event.live is None else event.live
            if text is not None and (is_wished or state.live_due is None):
                self._run(Reconciliation(Cause.LIVE, text, text, text))
            return
        self._put_aside()
        if state.is_missing:
            return
        # Git and editors take a file away for a moment before they write it.
        since = now if state.gone_since_ms is None else state.gone_since_ms
        self._set(gone_since_ms=since, retry_at_ms=since + timing.missing_ms)
        if now - since >= timing.missing_ms:
            self._set(is_missing=True, retry_at_ms=None)
            self._tell(Topic.MISSING)

    def _block(self, file: FileSeen) -> None:
        self._set(file=file, blocked=file, wait="", tries=0)
        self._tell(OBSTACLES[file.kind], note=file.note, after=file.text)
        self._put_aside()

    def _put_aside(self) -> None:
        """Keep what the live side has and the file cannot be given now."""
        if self.state.live_due is None:
            self._keep_pending()

    def _keep_pending(self) -> None:
        live = self.state.live
        if live not in (None, self.state.base, self.state.pending):
            assert live is not None
            self.actions.append(KeepPending(live))
            self._set(pending=live)

    def _accept(self, event: SidesSeen) -> None:
        """Bring a valid file and the live side together."""
        was_blocked = self.state.blocked is not None
        wait = {} if self.state.wait in (_FAILED, _RACED) else {"wait": "", "tries": 0}
        self._set(file=event.file, blocked=None, **wait)
        plan = self._plan(event.file.text, event.live)
        is_early = plan.cause is Cause.LIVE and self.state.live_due is not None
        if was_blocked and (plan.cause is Cause.NONE or is_early):
            self._tell(Topic.MENDED)
        if not is_early:
            self._run(plan)

    def _plan(self, file: str, live: str | None) -> Reconciliation:
        state = self.state
        if isinstance(state.wish, Settle) and live is not None:
            wish, texts = state.wish, (state.base, file, live)
            plan = settle(texts, wish.paths, self.rules, by_file=wish.by_file)
            if plan is not None:
                return plan
        self._set(wish=None)
        if state.settled == (file, live):
            return Reconciliation(Cause.NONE, *state.settled, state.base or "", state.conflicts)
        return reconcile(state.base, file, live, self.rules)

    # -- carrying out a plan ---------------------------------------------------------

    def _run(self, plan: Reconciliation) -> None:
        self._set(running=OngoingChange(plan, self._file_text(), self.state.live))
        self._go_on()

    def _file_text(self) -> str | None:
        file = self.state.file
        return file.text if file is not None and file.kind is not FileKind.MISSING else None

    def _go_on(self) -> None:
        """Do the next thing of the plan: first the file, which then holds both sides."""
        running = self.state.running
        assert running is not None
        plan, text = running.plan, self._file_text()
        if text != plan.file_text:
            self.actions.append(SaveFile(plan.file_text, text))
        elif self.state.live != plan.live_text:
            self.actions.append(ApplyLive(plan.live_text, self.state.live))
        else:
            self._finish(running)

    def _written(self, event: WriteResult) -> None:
        running = self.state.running
        assert running is not None
        if event.outcome is ActionOutcome.DONE:
            if self.state.is_missing:
                self._tell(Topic.BACK)
            file = FileSeen(FileKind.TEXT, running.plan.file_text)
            self._set(file=file, is_missing=False, gone_since_ms=None)
            self._rebase(running)
            self._go_on()
        else:
            self._stop(event)

    def _rebase(self, running: OngoingChange) -> None:
        """Count what the file has of the live side now as agreed.

        If the live side moves on before it is given the rest, its own older values, which
        the file holds now, must not clash with its new ones.
        """
        live, plan = running.live_before, running.plan
        if live not in (None, plan.live_text, self.state.base) and not plan.conflicts:
            assert live is not None
            self.actions.append(KeepBase(live))
            self._set(base=live, pending=None)

    def _applied(self, event: ApplyResult) -> None:
        running = self.state.running
        assert running is not None
        if event.outcome is ActionOutcome.DONE:
            self._set(live=running.plan.live_text)
            self._go_on()
        else:
            self._stop(event)

    def _stop(self, event: WriteResult | ApplyResult) -> None:
        """Give the plan up: look anew where something changed meanwhile, else wait."""
        now = event.at_ms
        self._set(running=None)
        if event.outcome is ActionOutcome.FAILED:
            self._put_aside()
            self._wait(_FAILED, self.rules.timing.failed_ms, now)
            if event.note != self.state.failure:
                self._set(failure=event.note)
                self._tell(Topic.FAILED, note=event.note)
            return
        if self._wait(_RACED, (0,) * _RACES, now):
            self._look()
        else:
            # Somebody changes it faster than it can be written: wait for some quiet.
            self._set(wait="", tries=0, retry_at_ms=None, file_due=Due(now, now))

    def _finish(self, running: OngoingChange) -> None:
        plan, state = running.plan, self.state
        is_pending = plan.live_text != plan.base
        pending = state.pending if is_pending and plan.base == state.base else None
        if plan.base != state.base or pending != state.pending:
            self.actions.append(KeepBase(plan.base))
        if clashes(plan.conflicts) != clashes(state.conflicts):
            self.actions.append(KeepConflicts(plan.conflicts))
        self._tell_done(running)
        self._set(
            base=plan.base,
            conflicts=plan.conflicts,
            settled=(plan.file_text, plan.live_text),
            running=None,
            pending=pending,
            failure="",
            wait="",
            tries=0,
            wish=None,
        )
        self._keep_pending()

    def _tell_done(self, running: OngoingChange) -> None:
        plan = running.plan
        is_new = clashes(plan.conflicts) != clashes(self.state.conflicts)
        if plan.conflicts and is_new and plan.cause is not Cause.SETTLED:
            self._tell(Topic.CONFLICT, conflicts=plan.conflicts)
        elif plan.cause is not Cause.NONE:
            before = running.live_before if plan.cause is Cause.FILE else running.file_before
            self._tell(DONE[plan.cause], before=before, after=plan.file_text)
        if self.state.conflicts and not plan.conflicts and plan.cause is not Cause.SETTLED:
            self._tell(Topic.SETTLED)

    def _watch(self, reason: str) -> None:
        if reason != self.state.watch_lost:
            self._tell(Topic.DEGRADED if reason else Topic.RECOVERED, note=reason)
            self._set(watch_lost=reason)
