"""A mixin for Textual applications: widgets with an id are saved and restored."""

from __future__ import annotations

import asyncio
import contextvars

from textual.css.query import InvalidQueryFormat, NoMatches
from textual.widgets import (
    Checkbox,
    Collapsible,
    DataTable,
    Input,
    Select,
    Switch,
    TabbedContent,
    TextArea,
)

from sessionctl.sdk.host_workspace import HostWorkspace
from sessionctl.sdk.workspace_event import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Any

    from textual.app import App
    from textual.widget import Widget

    from sessionctl.sdk.workspace_event import WorkspaceEvent

    _Base = App[Any]
else:
    _Base = object

WIDGETS = "widgets"
APPEARANCE = "appearance"


class SessionMixin(_Base):
    """Put before ``App``: ``class Desk(SessionMixin, App)``.

    ``session_app`` names the application, ``session_path`` its file (None: among the user's
    sessions). Saved are all widgets that have an id and a state of their own: text areas with
    cursor, inputs, switches, selections, tabs, the cursor of tables; and the theme. A widget
    that should not be has the class ``no-session``; inputs that hide what is typed are left out.
    What the host adds by ``provide_session`` is saved beside them.
    """

    session_app = ""
    session_path: str | os.PathLike[str] | None = None
    session_fresh = False
    workspace: HostWorkspace | None = None
    _session_widgets: dict[str, dict[str, Any]]
    _session_waiting: dict[str, dict[str, Any]]
    _is_applying = False

    # -- for the host to override ----------------------------------------------------------

    def provide_session(self, workspace: HostWorkspace) -> None:
        """Register further providers; called before the state is restored."""

    def on_session_status(self, event: WorkspaceEvent) -> None:
        """Show what happened; by default what failed is a notification."""
        if event.status in (Status.FAILED, Status.CONFLICT):
            self.notify(event.text or event.status.value, severity="error")

    # -- the life of the application -------------------------------------------------------

    async def on_mount(self) -> None:
        """Restore the state once the widgets are there."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def wake(work: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(work, context=context)

        self._session_widgets, self._session_waiting = {}, {}
        workspace = HostWorkspace.open(self.session_app, path=self.session_path, wake=wake)
        workspace.on_status(self.on_session_status)
        self.provide_session(workspace)
        workspace.provide(APPEARANCE, self._appearance, self._take_appearance)
        workspace.provide(WIDGETS, self._widget_states, self._take_widget_states)
        self.workspace = workspace
        # After the widgets had their first events: those change nothing.
        self.call_after_refresh(self._restore_session)

    def _restore_session(self) -> None:
        if self.workspace is not None:
            self.workspace.restore(fresh=self.session_fresh)

    def on_unmount(self) -> None:
        """Save what is left, and end."""
        if self.workspace is not None:
            self.workspace.close()

    # -- what changes ------------------------------------------------------------------------

    def session_changed(self, name: str = WIDGETS) -> None:
        """Say that a part of the state changed; the widgets by default."""
        if self.workspace is not None and not self._is_applying:
            self.workspace.mark_changed(name)

    def _widget_changed(self) -> None:
        self.session_changed()

    on_text_area_changed = _widget_changed
    on_text_area_selection_changed = _widget_changed
    on_input_changed = _widget_changed
    on_switch_changed = _widget_changed
    on_checkbox_changed = _widget_changed
    on_select_changed = _widget_changed
    on_collapsible_toggled = _widget_changed
    on_tabbed_content_tab_activated = _widget_changed
    on_data_table_cell_highlighted = _widget_changed
    on_data_table_row_highlighted = _widget_changed

    # -- the providers -------------------------------------------------------------------------

    def _appearance(self) -> dict[str, Any]:
        return {"theme": self.theme}

    def _take_appearance(self, state: dict[str, Any]) -> None:
        if state.get("theme") in self.available_themes:
            self.theme = state["theme"]

    def restore_widgets(self) -> None:
        """Give widgets that came later than the state theirs: call it after adding some."""
        self._is_applying = True
        try:
            for name in list(self._session_waiting):
                try:
                    widget = self.query_one(f"#{name}")
                except (NoMatches, InvalidQueryFormat):
                    continue
                if widget.is_mounted:
                    apply_widget_state(widget, self._session_waiting.pop(name))
        finally:
            self._is_applying = False

    def _widget_states(self) -> dict[str, Any]:
        # One that is not there now, on another screen or not made yet, keeps what it had.
        states = dict(self._session_widgets)
        for widget in self.query("*"):
            if widget.id is None or widget.id in self._session_waiting:
                continue
            state = widget_state(widget)
            if state is not None:
                states[widget.id] = state
        self._session_widgets = states
        return states

    def _take_widget_states(self, states: dict[str, Any]) -> None:
        self._session_widgets = dict(states)
        self._session_waiting = {k: state for k, state in states.items() if isinstance(state, dict)}
        self.restore_widgets()


def widget_state(widget: Widget) -> dict[str, Any] | None:
    """Return the state of a widget as a table of TOML values; None for one without."""
    if widget.has_class("no-session"):
        return None
    match widget:
        case TextArea():
            return {"text": widget.text, "cursor": list(widget.cursor_location)}
        case Input():
            return None if widget.password else {"value": widget.value}
        case Switch() | Checkbox():
            return {"value": widget.value}
        case Select():
            value = widget.value
            return {"value": value} if isinstance(value, str | int | float) else {}
        case Collapsible():
            return {"collapsed": widget.collapsed}
        case TabbedContent():
            return {"active": widget.active}
        case DataTable():
            return {"cursor": [widget.cursor_row, widget.cursor_column]}
    return None


def apply_widget_state(widget: Widget, state: dict[str, Any]) -> None:
    """Give a widget its state back; what does not fit any more is left out."""
    match widget:
        case TextArea():
            if isinstance(state.get("text"), str) and state["text"] != widget.text:
                widget.load_text(state["text"])
            place = _place(state)
            if place is not None:
                widget.move_cursor(place)
        case Input() if not widget.password:
            widget.value = str(state.get("value", widget.value))
        case Switch() | Checkbox():
            widget.value = bool(state.get("value", widget.value))
        case Collapsible():
            widget.collapsed = bool(state.get("collapsed", widget.collapsed))
        case Select() | TabbedContent() | DataTable():
            _choose(widget, state)


def _choose(widget: Widget, state: dict[str, Any]) -> None:
    """Choose what was chosen, where it is still there."""
    match widget:
        case Select():
            values = [value for _, value in widget._options]
            if state.get("value") in values:
                widget.value = state["value"]
        case TabbedContent():
            if any(pane.id == state.get("active") for pane in widget.query("TabPane")):
                widget.active = state["active"]
        case DataTable():
            place = _place(state)
            if place is not None and widget.is_valid_row_index(place[0]):
                widget.move_cursor(row=place[0], column=place[1])


def _place(state: dict[str, Any]) -> tuple[int, int] | None:
    match state.get("cursor"):
        case [int(row), int(column)] if row >= 0 and column >= 0:
            return row, column
    return None
