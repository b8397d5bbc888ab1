"""Question screen: something to be agreed to, above another screen; only ``y`` agrees."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line


class QuestionScreen(ModalScreen[bool]):
    """A question with lines above it; the answer is True for ``y``, False for all that leaves."""

    DEFAULT_CSS = """
    QuestionScreen { align: center middle; }
    QuestionScreen > Vertical { width: 76; max-width: 100%; height: auto; max-height: 100%;
                                border: round $warning; padding: 0 1; background: $surface; }
    QuestionScreen VerticalScroll { height: auto; max-height: 100%; }
    QuestionScreen .question { dock: bottom; height: auto; padding-top: 1; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self._question = question
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Give the lines, the question and its keys."""
        with Vertical():
            # What is agreed to may be long; the question stays in sight below it.
            with VerticalScroll():
                yield Static(_wrapped(self._lines), markup=False)
            asked: list[Line] = [[(self._question, "")], [("y yes   n no", "")]]
            yield Static(_wrapped(asked), markup=False, classes="question")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001
        """Close with the answer."""
        self.dismiss(answer)


def _wrapped(lines: Sequence[Line]) -> Text:
    """Return lines as a text that is wrapped: what is agreed to is shown whole."""
    text = text_of_lines(lines)
    text.no_wrap = False
    return text
