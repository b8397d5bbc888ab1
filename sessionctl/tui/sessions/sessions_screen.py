"""Sessions screen: the sessions of this user, and how each is."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sessionctl.services.documents.session_view import list_sessions
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.widgets.shown_text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.services.documents.session_view import SessionSummary


class SessionsScreen(BaseScreen):
    """All sessions in a list, one a line."""

    title_words = "Sessions"
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings()]

    def compose_body(self) -> ComposeResult:
        """Give the list."""
        yield OptionList(id="sessions")

    def begin(self) -> None:
        """Read the sessions."""
        paths = self.context.paths or (".",)
        self.in_background(lambda: list_sessions(paths), self._show)

    def title_text(self) -> str:
        """Return where they are."""
        return ", ".join(self.context.paths)

    def _show(self, rows: list[SessionSummary]) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(shown(row.name)), id=row.path) for row in rows])
        if rows:
            options.highlighted = 0

    def open_screen(self, name: str, file: str | None = None) -> None:
        """Go to a screen about the session that is chosen."""
        chosen = file if file is not None else self.chosen()
        if chosen is None:
            self.say("there is no session to choose")
        else:
            super().open_screen(name, chosen)

    def chosen(self) -> str | None:
        """Return the file of the session that is chosen, None where there is none."""
        option = self.query_one(OptionList).highlighted_option
        return None if option is None else option.id
