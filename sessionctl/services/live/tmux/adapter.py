"""The tmux adapter: detect, capture, plan, apply and verify, for one tmux server."""

from __future__ import annotations

import os
from typing import cast

from sessionctl.core.workspace.mapping.agreed_workspace import NOTHING, StandingWorkspace
from sessionctl.core.workspace.mapping.item_matching import match_windows
from sessionctl.errors import KeyNotFoundError, UsageError
from sessionctl.services.live.tmux.capture import TMUX_SETS, capture_sessions
from sessionctl.system.process_table import open_process_table
from sessionctl.system.tmux.tmux_server import NoServerError, TmuxServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sessionctl.core.workspace.discrepancy import Discrepancy
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.adapters.workspace_adapter import (
        AdapterContext,
        Detection,
        PlannedStep,
        RestoreRequest,
    )
    from sessionctl.services.live.tmux.capture import TmuxCapture
    from sessionctl.services.live.tmux.program_start import RestoreOrder
    from sessionctl.services.live.tmux.restoration import TmuxRestoration
    from sessionctl.services.plan.plan import Note, Plan, Step


class TmuxAdapter:
    """The sessions of a tmux server as workspaces."""

    name = "tmux"

    def __init__(
        self, environ: Mapping[str, str], socket: str = "", state: str | None = None
    ) -> None:
        """Take the environment, the socket of the server and the state directory."""
        self.state = state
        self.server = TmuxServer(environ, socket)
        self.table = open_process_table()
        self.captures: dict[str, TmuxCapture] = {}
        self.scratch = "/tmp/sessionctl"  # noqa: S108 - made with mode 0700
        self._request: RestoreRequest | None = None
        self._tools: TmuxRestoration | None = None
        self._old = ""

    def detect(self) -> Detection:
        """Return whether a server runs, with which sessions."""
        from sessionctl.services.live.adapters.workspace_adapter import Detection

        if not self.server.is_running():
            return Detection(is_running=False)
        return Detection(is_running=True, sessions=tuple(self.sessions()), current=self.around())

    def sessions(self) -> list[str]:
        """Return the names of the sessions; none where no server runs."""
        from sessionctl.system.tmux.command_text import unescape_name

        try:
            answer = self.server.run([("list-sessions", "-F", "#{session_name}")])[0]
        except NoServerError:
            return []
        return [unescape_name(name) for name in answer.text.splitlines()]

    def current(self) -> str:
        """Return the session this runs in, or the only one there is.

        Raises:
          NoServerError: no server runs.
          UsageError: there are several, and this is in none of them.
        """
        around = self.around()
        if around:
            return around
        names = self.sessions()
        if len(names) == 1:
            return names[0]
        if not names:
            raise NoServerError("tmux: no session runs")
        raise UsageError(
            "which session? several run", hints=[f"name one, or --all: {', '.join(names)}"]
        )

    def around(self) -> str:
        """Return the session this runs in, "" outside of tmux."""
        from sessionctl.system.tmux.command_text import unescape_name

        pane = self.server.environ.get("TMUX_PANE", "")
        if not pane or not self.server.environ.get("TMUX") or self.server.socket:
            return ""
        words = ("display-message", "-p", "-t", pane, "#{session_name}")
        answer = self.server.run([words])[0]
        return unescape_name(answer.text.removesuffix("\n")) if answer.is_done else ""

    def capture(self, names: Sequence[str] | None = None) -> list[StandingWorkspace]:
        """Return the sessions called ``names``, or all, as they stand.

        Raises:
          NoServerError: no server runs.
          KeyNotFoundError: there is no session of a name.
        """
        found = capture_sessions(self.server, self.table, names, self.state)
        self.captures = {capture.workspace.name: capture for capture in found}
        return self.standings()

    def standings(self) -> list[StandingWorkspace]:
        """Return the sessions that were captured last."""
        return [
            StandingWorkspace(one.workspace, one.server_identity, one.windows, one.panes)
            for one in self.captures.values()
        ]

    def standing(self, name: str) -> StandingWorkspace | None:
        """Return the session ``name`` as it stands, None where it does not."""
        try:
            return self.capture([name])[0]
        except (NoServerError, KeyNotFoundError):
            return None

    def texts(self, name: str) -> dict[tuple[int, int], str]:
        """Return the text of each pane of a session that was captured, by window and pane."""
        from sessionctl.services.live.old_text import PaneText, capture_texts

        found = self.captures[name]
        panes = {
            (j, k): PaneText(pane, pane in found.alternates)
            for j, window in enumerate(found.panes)
            for k, pane in enumerate(window)
        }
        return capture_texts(self.server, panes)

    def session_id(self, name: str) -> str:
        """Return the id of a session that was captured."""
        return self.captures[name].id

    def id_of(self, name: str) -> str:
        """Return the id of the session ``name``.

        Raises:
          KeyNotFoundError: there is none.
        """
        from sessionctl.system.tmux.command_text import unescape_name

        fields = "#{session_id} #{session_name}"
        answer = self.server.run([("list-sessions", "-F", fields)])[0]
        keys = {
            unescape_name(shown): key
            for key, _, shown in (line.partition(" ") for line in answer.text.splitlines())
        }
        if name in keys:
            return keys[name]
        from sessionctl.core.text.near_words import near_hints

        hints = near_hints(name, keys)
        raise KeyNotFoundError(f"tmux: there is no session {name}", hints=hints)

    def set_aside(self, name: str) -> str:
        """Give the session ``name`` another name, so that one can be made; return its id."""
        key = self.id_of(name)
        self.server.run([("rename-session", "-t", key, f"sessionctl-old-{key[1:]}")])
        return key

    def drop(self, session: str) -> None:
        """End the session with this id."""
        self.server.run([("kill-session", "-t", session)])

    def plan(self, request: RestoreRequest) -> Plan[TmuxRestoration]:
        """Return the plan that brings a session back."""
        from sessionctl.services.live.tmux.restore_steps import plan_restore

        is_new = request.standing is None or request.is_replacing
        return plan_restore(request.workspace, is_new=is_new)

    def apply(self, step: PlannedStep, request: RestoreRequest) -> Iterable[Note] | None:
        """Carry out one step; the first one does all the work of the plan, in a few batches."""
        from sessionctl.services.live.tmux.restore_steps import Finish

        if self._request is not request:
            self._request, self._tools, self._old = request, self._begin(request), ""
            if request.standing is not None and request.is_replacing:
                self._old = self.set_aside(request.workspace.name)
        notes = cast("Step[TmuxRestoration]", step).carry_out(cast("TmuxRestoration", self._tools))
        if isinstance(step, Finish) and self._old:
            self.drop(self._old)
        return notes

    def verify(self, workspace: Workspace) -> tuple[Discrepancy, ...]:
        """Return where the session that stands is not what ``workspace`` asks for."""
        from sessionctl.core.workspace.discrepancy import discrepancies
        from sessionctl.core.workspace.path_scope import PathScope

        found = self.standing(workspace.name)
        scope = PathScope("/", real=os.path.realpath)
        differences = discrepancies(workspace, found and found.workspace, scope)
        # What tmux sets itself is never captured, so nothing can be said of it.
        hidden = [one for one in differences if one.what == "option" and one.asked in TMUX_SETS]
        return tuple(one for one in differences if one not in hidden)

    def _begin(self, request: RestoreRequest) -> TmuxRestoration:
        from sessionctl.services.live.tmux.program_start import RestoreOrder

        is_new = request.standing is None or request.is_replacing
        into = "" if is_new else self.id_of(request.workspace.name)
        scripts = f"{self.scratch}/typed"
        return self.tools(RestoreOrder(request.workspace, scripts, into=into, state=self.state))

    def tools(self, order: RestoreOrder) -> TmuxRestoration:
        """Return what carries a plan out."""
        from sessionctl.services.live.tmux.restoration import TmuxRestoration

        return TmuxRestoration(self.server, self.table, order)

    def end(self, name: str) -> None:
        """End the session ``name``, which was captured, with all that runs in it."""
        self.drop(self.session_id(name))


def open_tmux(context: AdapterContext) -> TmuxAdapter:
    """Return the adapter ``tmux`` for the server at the address."""
    adapter = TmuxAdapter(context.environ, context.address, context.state or None)
    adapter.scratch = context.scratch or adapter.scratch
    return adapter


def missing_windows(
    workspace: Workspace, standing: StandingWorkspace
) -> tuple[Workspace, tuple[int, ...]]:
    """Return ``workspace`` with the windows that do not stand, and their numbers in it."""
    live = standing.workspace
    pairs = match_windows(workspace.windows, live.windows, {}, live.base_index)
    there = set(pairs.values())
    missing = tuple(n for n in range(len(workspace.windows)) if n not in there)
    return workspace._replace(windows=tuple(workspace.windows[n] for n in missing)), missing


def places_of(workspace: Workspace, standing: StandingWorkspace, items: Sequence[int]) -> list[int]:
    """Return which item of its file each window that stands is, ``NOTHING`` for others."""
    live = standing.workspace
    pairs = match_windows(workspace.windows, live.windows, {}, live.base_index)
    return [
        items[pairs[j]] if j in pairs else NOTHING for j in range(len(standing.workspace.windows))
    ]
