"""Layout preview: the windows and panes of a session as boxes, with what stands before them."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.render.boxes.window_plan import (
    SKIPPED_SIGN,
    TYPED_SIGN,
    UNTRUSTED_SIGN,
    draw_plans,
)
from sessionctl.core.text.plural import counted
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.services.board.session_preview import SessionPreview

_MEANINGS = {
    UNTRUSTED_SIGN: "not trusted: shown and asked for before it starts",
    TYPED_SIGN: "typed, not entered",
    SKIPPED_SIGN: "not started",
}


class LayoutPreview(VerticalScroll):
    """The layout of one session, to scale, or lines that say why there is none."""

    DEFAULT_CSS = """
    LayoutPreview { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    LayoutPreview > Static { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    can_focus = True

    def __init__(self, charset: Charset, *, is_whole: bool = False) -> None:
        super().__init__()
        self._charset = charset
        self._is_whole = is_whole
        self._preview: SessionPreview | None = None
        self._lines: Sequence[Line] = ()
        self._static = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Give the drawing."""
        yield self._static

    def show_preview(self, preview: SessionPreview) -> None:
        """Draw the windows of a session."""
        self._preview, self._lines = preview, ()
        self._draw()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show lines in the place of a drawing."""
        self._preview, self._lines = None, lines
        self._draw()

    def on_resize(self) -> None:
        """Draw it anew for the new size."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size.width - 2, self.size.height
        if width <= 0 or height <= 0:
            return
        preview = self._preview
        if preview is None:
            self._static.update(text_of_lines(self._lines))
            return
        head: Line = [(preview.name, "heading")]
        lines: list[Line] = [head]
        if preview.untrusted:
            text = f"! {counted(preview.untrusted, 'item')} not trusted yet"
            head.append((f"  {text}", "warning"))
        head.append((f"  {preview.file}  in {preview.root}", "dim"))
        room = height - 1 - len(preview.signs)
        if self._is_whole:
            room = max(room // 2, 12)
        if preview.windows:
            lines += draw_plans(preview.windows, width, max(3, room), self._charset)
        else:
            lines.append([("no windows", "dim")])
        lines += [[(f"{sign} {_MEANINGS[sign]}", "dim")] for sign in preview.signs]
        self._static.update(text_of_lines(lines))
