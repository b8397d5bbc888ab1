"""A mixin for Textual applications: widgets with an id are saved and restored."""

from __future__ import annotations

import asyncio
import contextvars
from functools import partial

from textual import events
from textual.widget import Widget

from sessionctl.sdk.host_workspace import HostWorkspace
from sessionctl.sdk.states.provider_side import reason_of
from sessionctl.sdk.textual.screen_states import ScreenStates
from sessionctl.sdk.textual.status_bar import StatusBar
from sessionctl.sdk.workspace_event import Status, WorkspaceEvent
from sessionctl.sdk.workspace_status import WorkspaceStatus

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Any

    from textual.app import App
    from textual.message import Message
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object

WIDGETS = "widgets"
APPEARANCE = "appearance"
_WAITS_S = 0.1
_WAITS_AT_MOST = 100


class SessionMixin(_Base):
    """Put before ``App``: ``class Desk(SessionMixin, App)``.

    ``session_app`` names the application, ``session_path`` its file (None: among the user's
    sessions). Saved are all widgets that have an id and a state of their own, and the theme;
    cursors, selections, scrolling and the focus are kept on this machine. A widget that should
    not be saved has the class ``no-session``, as have screens; inputs that hide what is typed
    and texts that cannot be edited are left out. One with the class ``session-layout`` keeps the
    size that it was given, and whether it is shown. What the host adds by ``provide_session`` is
    saved beside them.
    """

    session_app = ""
    session_path: str | os.PathLike[str] | None = None
    session_fresh = False
    workspace: HostWorkspace | None = None
    session_status = WorkspaceStatus()
    _session_states: ScreenStates
    _session_beginning: dict[str, Any]
    _session_waits = 0
    """How often was looked for widgets that come late; 0 before the state was restored."""
    _session_is_restoring = False
    _session_focus_name = ""

    # -- for the host to override ----------------------------------------------------------

    def provide_session(self, workspace: HostWorkspace) -> None:
        """Register further providers; called before the state is restored."""

    def session_name(self, widget: Widget) -> str | None:
        """Return under which name a widget is saved, None for not at all; by default its id."""
        return widget.id

    def session_is_ready(self) -> bool:
        """Whether the state can be given back; asked again until it is, for some seconds."""
        return True

    def on_session_status(self, event: WorkspaceEvent) -> None:
        """Show what happened; by default what failed is a notification."""
        if event.status in (Status.FAILED, Status.CONFLICT):
            self.notify(event.text or event.status.value, severity="error", markup=False)

    # -- the life of the application -------------------------------------------------------

    async def on_mount(self) -> None:
        """Restore the state once the widgets are there."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def wake(work: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(work, context=context)

        self._session_states = ScreenStates(self, self.session_name, self._session_failed)
        workspace = HostWorkspace.open(self.session_app, path=self.session_path, wake=wake)
        workspace.on_status(self._session_heard)
        workspace.on_status(self.on_session_status)
        self.provide_session(workspace)
        workspace.provide(
            APPEARANCE, self._appearance, self._take_appearance, volatile=("focus", "views")
        )
        workspace.provide(WIDGETS, self._widget_states, self._take_widget_states)
        self.workspace = workspace
        self.watch(self, "theme", lambda: self.session_changed(APPEARANCE), init=False)
        # After the widgets had their first events: those change nothing.
        self.call_after_refresh(self._restore_session)

    def _restore_session(self, tries: int = _WAITS_AT_MOST) -> None:
        if tries and not self.session_is_ready():
            self.set_timer(_WAITS_S, partial(self._restore_session, tries - 1))
        elif self.workspace is not None:
            self._session_beginning = self._session_states.read_states()
            self.workspace.restore(fresh=self.session_fresh)
            self._session_is_restoring = False
            self._wait_for_widgets()

    def begin_anew(self) -> None:
        """Give the widgets what they had before anything was restored."""
        self._session_states.take_states(self._session_beginning)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the application; what was typed last is read before its widgets are taken away."""
        if self.workspace is not None:
            self._session_states.read_last()
        super().exit(*arguments, **options)

    async def _shutdown(self) -> None:
        # An error of the host ends it too, without exit.
        if self.workspace is not None:
            self._session_states.end()
        await super()._shutdown()

    def on_unmount(self) -> None:
        """Save what is left, and end."""
        if self.workspace is not None:
            self.workspace.close()

    # -- what changes ------------------------------------------------------------------------

    def session_changed(self, name: str = WIDGETS) -> None:
        """Say that a part of the state changed; the widgets by default."""
        if self.workspace is not None:
            self.workspace.mark_changed(name)

    async def on_event(self, event: events.Event) -> None:
        """Before a key or click does something, widgets have their states; look after it."""
        is_input = isinstance(event, events.InputEvent | events.Paste) and not isinstance(
            event, events.MouseMove
        )
        if is_input and self.workspace is not None:
            self.restore_widgets()
            self._session_states.touched(self.focused)
            # Who works elsewhere by now is not taken away from there.
            self._session_focus_name = ""
        await super().on_event(event)
        # Not every message of a widget comes up to here: some are stopped below.
        if is_input and self.workspace is not None:
            self.workspace.look_soon()

    def _widget_changed(self, message: Message) -> None:
        widget = message.control
        if self._session_waits and isinstance(widget, Widget):
            if self._session_states.is_changed(widget):
                self.session_changed()

    def _place_changed(self) -> None:
        if self.workspace is not None:
            self.workspace.look_soon()

    on_text_area_changed = _widget_changed
    on_input_changed = _widget_changed
    on_switch_changed = _widget_changed
    on_checkbox_changed = _widget_changed
    on_radio_button_changed = _widget_changed
    on_radio_set_changed = _widget_changed
    on_select_changed = _widget_changed
    on_selection_list_selected_changed = _widget_changed
    on_tree_node_expanded = _widget_changed
    on_tree_node_collapsed = _widget_changed
    on_tabs_tab_activated = _widget_changed
    on_text_area_selection_changed = _place_changed
    on_data_table_cell_highlighted = _place_changed
    on_data_table_row_highlighted = _place_changed
    on_descendant_focus = _place_changed

    def on_collapsible_toggled(self, message: Message) -> None:
        """Save which parts are open."""
        self._widget_changed(message)

    def on_tabbed_content_tab_activated(self, message: Message) -> None:
        """Save which tab is shown; what is on it can be scrolled now."""
        self._widget_changed(message)
        if self.workspace is not None:
            self.call_after_refresh(self.restore_widgets)

    def push_screen(self, screen: Any, *arguments: Any, **options: Any) -> Any:
        """Push a screen; its widgets get their states back."""
        pushed = super().push_screen(screen, *arguments, **options)
        if self.workspace is not None:
            self.call_after_refresh(self.restore_widgets)
        return pushed

    # -- what happened -------------------------------------------------------------------------

    def _session_heard(self, event: WorkspaceEvent) -> None:
        if event.status in (Status.RESTORING, Status.RESTORED, Status.FRESH):
            self._session_is_restoring = event.status is Status.RESTORING
            self.restore_widgets()
        self.session_status = self.session_status.after(event)
        self.refresh_session_status()

    def refresh_session_status(self) -> None:
        """Draw the lines of status anew."""
        for screen in self.screen_stack:
            for bar in screen.query(StatusBar):
                bar.draw()

    def _session_failed(self, name: str, error: Exception) -> None:
        event = WorkspaceEvent(Status.FAILED, f"widget {name}: {reason_of(error)}", WIDGETS)
        self._session_heard(event)
        self.on_session_status(event)

    # -- the providers -------------------------------------------------------------------------

    def _appearance(self) -> dict[str, Any]:
        state = {"theme": self.theme, "views": self._session_states.read_views()}
        focused = self._session_focus()
        name = None if focused is None else self.session_name(focused)
        name = self._session_focus_name or name
        return state if name is None else {**state, "focus": name}

    def _session_focus(self) -> Widget | None:
        """Return what has the keys; below a screen of ours or a dialog, what had them."""
        screens: list[Screen[Any]] = list(self.screen_stack)
        return screens[0].focused if screens else None

    def _take_appearance(self, state: dict[str, Any]) -> None:
        if state.get("theme") in self.available_themes and state["theme"] != self.theme:
            self.theme = state["theme"]
        if not self._session_is_restoring:
            return
        if isinstance(state.get("views"), dict):
            self._session_states.take_views(state["views"])
        if isinstance(state.get("focus"), str):
            self._session_focus_name = state["focus"]

    def restore_widgets(self) -> None:
        """Give widgets that came later than the state theirs: call it after adding some."""
        self._session_states.apply_waiting()
        self._give_focus()

    def _give_focus(self) -> None:
        """Give the keys to what had them, once that can take them."""
        name = self._session_focus_name
        widget = self._session_states.widgets().get(name) if name else None
        if widget is None or not widget.focusable or widget.screen is not self.screen_stack[0]:
            return
        self._session_focus_name = ""
        widget.screen.set_focus(widget, scroll_visible=False)

    def _wait_for_widgets(self) -> None:
        """Look for widgets, rows and nodes that come late, for a while."""
        self._session_waits += 1
        self.restore_widgets()
        is_waiting = self._session_states.is_waiting or self._session_focus_name
        if is_waiting and self._session_waits < _WAITS_AT_MOST:
            self.set_timer(_WAITS_S, self._wait_for_widgets)

    def _widget_states(self) -> dict[str, Any]:
        return self._session_states.read_states()

    def _take_widget_states(self, states: dict[str, Any]) -> None:
        self._session_states.take_states(states)
