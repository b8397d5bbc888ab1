"""Save screen: what saving a live session changes in its file, then, once agreed, the save."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.services.board.live_save import carry_out_save, propose_save
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line
    from sessionctl.services.board.live_save import SaveProposal
    from sessionctl.services.live.workspace_save import SaveOutcome
    from sessionctl.tui.frame.ui_context import UiContext


class SaveScreen(BaseScreen):
    """The change that a save makes; ``y`` writes it."""

    DEFAULT_CSS = """
    SaveScreen > VerticalScroll { padding: 0 1; }
    """
    title_words = "Save"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "save", "Save", tooltip="Write it into the file"),
    ]

    def __init__(self, context: UiContext, file: str, name: str) -> None:
        super().__init__(context, file)
        self._session_name = name
        self._proposal: SaveProposal | None = None

    def compose_body(self) -> ComposeResult:
        """Give the change."""
        with VerticalScroll():
            yield Static("", classes="change", markup=False)

    def title_text(self) -> str:
        """Return which session goes into which file."""
        return f"{self._session_name} into {self.file or 'a new file'}"

    def begin(self) -> None:
        """Capture the session, and compare it with its file."""
        self.say("capturing the session ...")
        live = self.context.live
        self.in_background(lambda: propose_save(self._session_name, self.file, live), self._show)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the save where there is something to save."""
        if action == "save":
            return self._proposal is not None and self._proposal.outcome.is_change
        return True

    def _show(self, proposal: SaveProposal) -> None:
        self._proposal = proposal
        outcome = proposal.outcome
        self.file = outcome.file
        self.draw_title()
        is_new = outcome.before is None
        lines: list[Line] = [[(f"the new file {outcome.file}", "heading")]] if is_new else []
        lines += proposal.lines
        lines += self._remarks(outcome)
        self._draw(lines)
        if outcome.is_change:
            self.say("y writes this, q leaves the file as it is")
        else:
            self.say("the file has all of it already", "good")
        self._keys_changed()

    def _remarks(self, outcome: SaveOutcome) -> list[Line]:
        lines: list[Line] = [
            [(f"warning: {part.path}: {part.what} is kept out of the file", "warning")]
            for part in outcome.masked
        ]
        lines += [[(f"warning: {note}", "warning")] for note, _ in outcome.notes]
        if outcome.conflicts:
            number = counted(len(outcome.conflicts), "place")
            text = (
                f"edited in the file and changed in the session, the file keeps its own in {number}"
            )
            lines.append([(f"warning: {text}:", "warning")])
            lines += [[(f"  {conflict.path}", "")] for conflict in outcome.conflicts]
        if outcome.masked:
            keep = f"sessionctl secret set {path_word(outcome.file)} NAME"
            lines.append([(f"hint: keep it, and refer to it by that name: {keep}", "hint")])
        return lines

    def action_save(self) -> None:
        """Write it."""
        proposal, self._proposal = self._proposal, None
        self._keys_changed()
        if proposal is None:
            return
        self.say("saving ...")
        live = self.context.live
        self.in_background(lambda: carry_out_save(proposal, live), self._finish, group="save")

    def _finish(self, outcome: SaveOutcome) -> None:
        self._draw(
            [[(f"saved {outcome.name} into {outcome.file}", "good")], *self._remarks(outcome)]
        )
        self.say(f"saved {outcome.name}", "good")

    def _draw(self, lines: list[Line]) -> None:
        text = text_of_lines(lines)
        text.no_wrap = False
        self.query_one(".change", Static).update(text)

    def _keys_changed(self) -> None:
        self.refresh_bindings()
        self.draw_keys()
