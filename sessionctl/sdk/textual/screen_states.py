"""Screen states: the states of all widgets of an application, by their names."""

from __future__ import annotations

from typing import Any

from sessionctl.sdk.textual.widget_state import (
    LEFT_OUT,
    apply_widget_state,
    is_same_state,
    widget_state,
)
from sessionctl.sdk.textual.widget_view import apply_widget_view, widget_view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual.app import App
    from textual.widget import Widget

    Name = Callable[[Widget], str | None]
    Failed = Callable[[str, Exception], None]


class ScreenStates:
    """What the widgets of all open screens hold, and where somebody is in them.

    A widget that is not there now, on another screen or not made yet, keeps what it had: its
    state waits for it, and ``apply_waiting`` gives it back once it can be taken.
    """

    def __init__(self, app: App[Any], name: Name, failed: Failed) -> None:
        """Take the application, how its widgets are named, and who hears of failures."""
        self._app = app
        self._name = name
        self._failed = failed
        self._states: dict[str, Any] = {}
        self._views: dict[str, Any] = {}
        self._waiting: dict[str, Mapping[str, Any]] = {}
        self._waiting_views: dict[str, Mapping[str, Any]] = {}
        self._changed: set[str] = set()
        self._is_over = False

    @property
    def is_waiting(self) -> bool:
        """Whether the state of a widget that is not there yet is to be given to it."""
        return bool(self._waiting or self._waiting_views)

    def read_states(self) -> dict[str, Any]:
        """Return the states of all widgets."""
        states = dict(self._states)
        for name, widget in self.widgets().items():
            if name in self._waiting:
                continue
            try:
                state = widget_state(widget)
            except Exception as error:  # noqa: BLE001 - code of the host; the others are saved
                self._failed(name, error)
                continue
            if state is not None:
                states[name] = state
        self._states = states
        self._changed.clear()
        return dict(states)

    def read_views(self) -> dict[str, Any]:
        """Return where somebody is in all widgets."""
        views = dict(self._views)
        for name, widget in self.widgets().items():
            view = None if name in self._waiting_views else widget_view(widget)
            if view is not None:
                views[name] = view
        self._views = views
        return dict(views)

    def read_last(self) -> None:
        """Read all once more before the widgets go."""
        if self._app.screen_stack:
            self.read_states()
            self.read_views()

    def end(self) -> None:
        """Read all for the last time: what is read after this is what was there now."""
        self.read_last()
        self._is_over = True

    def is_changed(self, widget: Widget) -> bool:
        """Whether the state of ``widget`` is another one than was last read or given to it."""
        name = self._name(widget)
        if name is None or name in self._waiting:
            return False
        if name in self._changed:
            return True
        state = widget_state(widget)
        if state is None or is_same_state(state, self._states.get(name)):
            return False
        self._changed.add(name)
        return True

    def take_states(self, states: Mapping[str, Any]) -> None:
        """Give the widgets what differs from what they have."""
        new = {
            name: state
            for name, state in states.items()
            if isinstance(state, dict) and not is_same_state(state, self._known(name))
        }
        self._states = {**self._states, **states}
        self._waiting.update(new)
        self.apply_waiting()

    def take_views(self, views: Mapping[str, Any]) -> None:
        """Go back to where somebody was, the next time that ``apply_waiting`` is called.

        Not before: a widget may be given what it holds after this.
        """
        self._views = {**self._views, **views}
        self._waiting_views.update({k: one for k, one in views.items() if isinstance(one, dict)})

    def apply_waiting(self) -> None:
        """Give widgets that are there now what waits for them."""
        if not self.is_waiting:
            return
        widgets = self.widgets()
        for waiting, apply in (
            (self._waiting, apply_widget_state),
            (self._waiting_views, apply_widget_view),
        ):
            for name in [one for one in waiting if one in widgets]:
                # What a widget is in depends on what it holds.
                if waiting is self._waiting_views and name in self._waiting:
                    continue
                if widgets[name].is_mounted and self._is_taken(apply, widgets[name], name, waiting):
                    del waiting[name]

    def touched(self, widget: Widget | None) -> None:
        """Somebody works in ``widget`` now: what is left of its former state does not come."""
        name = None if widget is None else self._name(widget)
        if name is not None:
            self._waiting.pop(name, None)
            self._waiting_views.pop(name, None)

    def widgets(self) -> dict[str, Widget]:
        """Return the widgets that have names, of all open screens, the lowest screen first."""
        found: dict[str, Widget] = {}
        for name, widget in self._named():
            found.setdefault(name, widget)
        return found

    def _named(self) -> Iterator[tuple[str, Widget]]:
        screens = () if self._is_over else self._app.screen_stack
        for screen in screens:
            if screen.has_class(LEFT_OUT):
                continue
            for widget in screen.query("*"):
                if _is_going(widget):
                    continue
                name = self._name(widget)
                # Those are parts of widgets of Textual's own.
                if name is not None and not name.startswith("--"):
                    yield name, widget

    def _known(self, name: str) -> Any:
        widget = self.widgets().get(name) if name not in self._waiting else None
        return self._states.get(name) if widget is None else widget_state(widget)

    def _is_taken(
        self,
        apply: Callable[[Widget, Mapping[str, Any]], bool],
        widget: Widget,
        name: str,
        waiting: Mapping[str, Mapping[str, Any]],
    ) -> bool:
        try:
            return apply(widget, waiting[name])
        except Exception as error:  # noqa: BLE001 - code of the host; the others are restored
            self._failed(name, error)
            return True


def _is_going(widget: Widget) -> bool:
    """Whether it is being removed: such a widget has lost its parts, and counts as not shown."""
    return not widget.display and widget.styles.display != "none"
