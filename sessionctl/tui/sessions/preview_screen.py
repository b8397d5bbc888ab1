"""Preview screen: the windows and panes of one session on a whole screen."""

from __future__ import annotations

from typing import ClassVar

from sessionctl.services.board.session_preview import preview_session
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.sessions.layout_preview import LayoutPreview

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line
    from sessionctl.errors import SessionctlError


class PreviewScreen(BaseScreen):
    """The layout of one session, as large as there is room for."""

    title_words = "Preview"
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings()]

    def compose_body(self) -> ComposeResult:
        """Give the drawing."""
        yield LayoutPreview(self.context.charset, is_whole=True)

    def begin(self) -> None:
        """Read the file."""
        preview = self.query_one(LayoutPreview)

        def failed(error: SessionctlError) -> None:
            hints: list[Line] = [[(f"hint: {hint}", "hint")] for hint in error.hints]
            preview.show_lines([[(error.message, "error")], *hints])

        self.in_background(
            lambda: preview_session(self.file, self.context.live),
            preview.show_preview,
            on_error=failed,
        )
