"""Conflict screen: the conflicts of a file in a table, read again when it changes."""

from __future__ import annotations

from textual.widgets import Static

from sessionctl.core.conflict.conflict_row import SideLabels
from sessionctl.core.text.plural import counted
from sessionctl.services.merging.resolution_desk import (
    ResolutionDesk,
    ResolutionVerdict,
    file_stamp,
)
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.resolve.file_words import words_without_conflicts
from sessionctl.tui.widgets.conflict_table import ConflictSides, ConflictTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult

    from sessionctl.errors import SessionctlError
    from sessionctl.services.merging.resolution_desk import ConflictsReread
    from sessionctl.tui.frame.ui_context import UiContext
    from sessionctl.tui.widgets.lazy_list import LazyList

_LOOK_S = 1.0
_SIDES_FROM_HEIGHT = 16
_NAMED = 3


class ConflictScreen(BaseScreen):
    """A row for each conflict, its sides below; what was decided stays when the file changes."""

    DEFAULT_CSS = """
    ConflictScreen > .heading { height: 1; text-style: dim; padding: 0 1; }
    ConflictScreen > ConflictTable { height: 1fr; min-height: 2; padding: 0 1; }
    ConflictScreen.is-high > ConflictTable { height: auto; max-height: 45%; }
    ConflictScreen > ConflictSides { height: 1fr; border-top: solid $primary-darken-2;
                                    display: none; }
    ConflictScreen.is-high > ConflictSides { display: block; }
    """
    title_words = "Conflicts"

    def __init__(self, context: UiContext, file: str = "") -> None:
        super().__init__(context, file)
        self._desk: ResolutionDesk | None = None
        self._is_checking = self._is_due = False
        self._is_busy = False
        self._is_warned = False
        self._stamp = file_stamp(file)

    # -- reading and drawing ---------------------------------------------------------------

    @property
    def _environ(self) -> Mapping[str, str]:
        """The environment that git is given."""
        return self.context.live.machine.environ

    @property
    def unsaved_count(self) -> int:
        """How many decisions are not written yet."""
        return 0 if self._desk is None else len(self._desk.choices)

    def compose_body(self) -> ComposeResult:
        """Give the table and the sides of the chosen conflict."""
        yield Static("", classes="heading", markup=False)
        yield ConflictTable(self.context.charset)
        yield ConflictSides()

    def begin(self) -> None:
        """Read the file, and look for changes of it from then on."""
        self.say("reading the conflicts ...")
        self._read()
        self.set_interval(_LOOK_S, self._look)

    def on_resize(self, event: events.Resize) -> None:
        """Show the sides where there is room."""
        self.set_class(event.size.height >= _SIDES_FROM_HEIGHT, "is-high")
        self._draw_heading()

    def title_text(self) -> str:
        """Return the file, and how many conflicts are open."""
        desk = self._desk
        if desk is None:
            return self.file
        left = len(desk.open_indexes())
        bad = len(desk.verdict.by_conflict) or ("the rest" if desk.verdict.others else 0)
        state = f"{left} of {desk.count} open" if desk.count else "no conflicts"
        return f"{state}{f', {bad} invalid' if bad else ''}  {self.file}"

    def _read(self, said: str = "", role: str = "", hints: tuple[str, ...] = ()) -> None:
        def read() -> ResolutionDesk:
            desk = ResolutionDesk.read(self.file, self._environ)
            desk.prefer(self.context.live.machine)
            return desk

        def show(desk: ResolutionDesk) -> None:
            preferred = len(desk.choices)
            self._show(desk)
            if said:
                self.say(said, role, hints)
            elif not desk.count:
                self.say(*words_without_conflicts(desk))
            else:
                chosen = f"{counted(preferred, 'conflict')} decided by merge.prefer"
                self.say(chosen if preferred else "")

        self.in_background(read, show)

    def _show(self, desk: ResolutionDesk, choose: int = 0) -> None:
        self._desk = desk
        self._is_busy = False
        self._draw_heading()
        self.query_one(ConflictTable).show_rows(desk.row, desk.count, choose=choose)
        self._show_sides()
        self._check()

    def _draw_heading(self) -> None:
        table = self.query_one(ConflictTable)
        width = table.scrollable_content_region.width or self.size.width - 2
        self.query_one(".heading", Static).update(table.heading(width))

    def _show_sides(self) -> None:
        desk, sides = self._desk, self.query_one(ConflictSides)
        if desk is None or not desk.count:
            sides.show_row(None, SideLabels())
            return
        index = self._index
        sides.show_row(desk.row(index), desk.labels(index), desk.meaning(index))

    def on_lazy_list_list_change(self, _event: LazyList.ListChange) -> None:
        """Show the sides of the chosen conflict."""
        self._show_sides()

    def _draw(self) -> None:
        self.query_one(ConflictTable).refresh()
        self._show_sides()
        self.draw_title()

    @property
    def _index(self) -> int:
        return self.query_one(ConflictTable).chosen

    def say_error(self, error: SessionctlError) -> None:
        """Say what could not be done; what comes next is done again."""
        self._is_busy = self._is_checking = False
        super().say_error(error)

    # -- the verdict -----------------------------------------------------------------------

    def _check(self) -> None:
        """Ask what speaks against the choices, without making anybody wait."""
        self._draw()
        self._is_due = True
        if not self._is_checking:
            self._check_now()

    def _check_now(self) -> None:
        """Check the newest choices; those that are made meanwhile are checked after them."""
        desk = self._desk
        if desk is None:
            return
        choices = desk.choices
        self._is_checking, self._is_due = True, False

        def show(verdict: ResolutionVerdict) -> None:
            self._is_checking = False
            if self._is_due:
                self._check_now()
            elif desk is self._desk and choices == desk.choices:
                desk.verdict = verdict
                self._draw()

        self.in_background(lambda: desk.check(choices), show, group="check")

    # -- a file that others change ---------------------------------------------------------

    def _look(self, lead: str = "") -> None:
        """Read the file again where it looks otherwise than before."""
        desk, stamp = self._desk, file_stamp(self.file)
        if self._is_busy or stamp == self._stamp or (desk is not None and not desk.is_outdated()):
            return
        self._stamp = stamp
        if desk is None:
            self._read()
            return
        self.in_background(
            lambda: desk.reread(self._environ),
            lambda found: self._reread(found, lead),
            group="look",
            on_error=self._gone,
        )

    def _gone(self, error: SessionctlError) -> None:
        self._is_busy = False
        kept = self.unsaved_count
        lead = f"{counted(kept, 'decision')} kept here; " if kept else ""
        self.say(f"{lead}{error.message}", "error", error.hints)

    def _reread(self, found: ConflictsReread | None, lead: str) -> None:
        if found is None or self._is_busy:
            return
        self._show(found.desk, min(self._index, max(0, found.desk.count - 1)))
        kept = counted(found.kept, "decision")
        said = f"{lead}another program changed the file: read again, {kept} kept"
        if found.dropped:
            names = ", ".join(found.dropped[:_NAMED])
            more = f" and {len(found.dropped) - _NAMED} more" if len(found.dropped) > _NAMED else ""
            said += f"; no longer in conflict as it was: {names}{more}"
        self.say(said, "warning")
