"""Resolve screen: conflicts decided by keys, checked, and written."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding

from sessionctl.core.conflict.conflict_row import next_open
from sessionctl.core.conflict.marked_text import Side
from sessionctl.core.text.plural import counted
from sessionctl.errors import ChangedError
from sessionctl.services.git.operation_steps import steps_after_resolution
from sessionctl.services.merging.resolution_desk import ResolutionDesk, ResolutionVerdict
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.frame.question_screen import QuestionScreen
from sessionctl.tui.resolve.conflict_screen import ConflictScreen
from sessionctl.tui.resolve.edit_screen import EditScreen
from sessionctl.tui.widgets.conflict_table import ConflictTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from textual.binding import BindingType

    from sessionctl.errors import SessionctlError
    from sessionctl.system.store.store import SaveResult

    Result = TypeVar("Result")

_QUICK = 200_000


class ResolveScreen(ConflictScreen):
    """A row for each conflict; what is chosen is written by ``w``, and kept when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "take('ours')", "Ours", tooltip="Take what ours has"),
        Binding("t", "take('theirs')", "Theirs", tooltip="Take what theirs has"),
        Binding("b", "take('base')", "Base", tooltip="Take the base"),
        Binding("plus", "take('both')", "Both", key_display="+", tooltip="Keep both sides"),
        Binding("e", "edit_value", "Edit", tooltip="Write a text of your own, checked first"),
        Binding("u", "undo", "Undo", tooltip="Undo the last choice"),
        Binding("n", "next(1)", "Next", tooltip="Go to the next open conflict"),
        Binding("w", "write", "Write", tooltip="Write the file, once all is decided and valid"),
        Binding("q,escape", "go_back", "Keep, back", key_display="q",
                tooltip="Write what is decided, leave the other markers, and go back"),
        Binding("N", "next(-1)", "Previous", show=False, tooltip="Go to the open conflict before"),
        Binding("U,ctrl+r", "redo", "Redo", key_display="U", show=False,
                tooltip="Revert the last undo"),
        Binding("m", "higher", "Higher", show=False,
                tooltip="Take the higher version, or the later date"),
        Binding("x", "reopen", "Reopen", show=False, tooltip="Leave this one open again"),
        Binding("A", "clean", "Merge all that fits", show=False,
                tooltip="Merge every conflict whose sides do not conflict key by key"),
        Binding("O", "rest('ours')", "All ours", show=False,
                tooltip="Take ours for all that is open"),
        Binding("T", "rest('theirs')", "All theirs", show=False,
                tooltip="Take theirs for all that is open"),
        Binding("E", "edit_file", "Editor", show=False,
                tooltip="Open the file in your editor, at this conflict"),
    ]  # fmt: skip

    # -- deciding --------------------------------------------------------------------------

    def _ready(self) -> ResolutionDesk | None:
        """Return the desk where there is something to decide, and nothing is being written."""
        desk = self._desk
        return desk if desk is not None and desk.count and not self._is_busy else None

    def _decided(self, refusal: str, *, steps: bool = True) -> None:
        if refusal:
            self.say(refusal, "warning")
            return
        self.say("")
        self._is_warned = False
        if steps:
            self._step(1, is_quiet=True)
        self._check()

    def _soon(
        self, desk: ResolutionDesk, work: Callable[[], Result], then: Callable[[Result], None]
    ) -> None:
        """Do what is quick for a small file; for a large one without making anybody wait."""
        if len(desk.file.text) <= _QUICK:
            then(work())
            return

        def done(result: Result) -> None:
            self._is_busy = False
            then(result)

        self._is_busy = True
        self.say("merging ...")
        self.in_background(work, done, group="merge")

    def action_take(self, side: str) -> None:
        """Take a side for the chosen conflict, and go to the next open one."""
        desk = self._ready()
        if desk is not None:
            index = self._index
            self._soon(desk, lambda: desk.take(index, Side(side)), self._decided)

    def action_higher(self) -> None:
        """Take the higher version for the chosen conflict."""
        desk = self._ready()
        if desk is not None:
            index = self._index
            self._soon(desk, lambda: desk.take_higher(index), self._decided)

    def action_reopen(self) -> None:
        """Leave the chosen conflict open again."""
        desk = self._ready()
        if desk is not None:
            desk.reopen([self._index])
            self._decided("", steps=False)

    def action_clean(self) -> None:
        """Merge all that does not clash."""
        desk = self._ready()
        if desk is None:
            return

        def done(taken: int) -> None:
            self._decided("", steps=bool(taken))
            left = counted(len(desk.open_indexes()), "conflict")
            self.say(f"{counted(taken, 'conflict')} merged; in {left} the sides conflict")

        self._soon(desk, desk.take_clean, done)

    def action_rest(self, side: str) -> None:
        """Take a side for all that is open."""
        desk = self._ready()
        if desk is not None:
            taken = desk.take_rest(Side(side))
            self._decided("", steps=False)
            self.say(f"{side} taken for {counted(taken, 'conflict')}; u undoes it")

    def action_undo(self) -> None:
        """Undo the last choice."""
        desk = self._ready()
        if desk is not None:
            self._decided("" if desk.undo() else "there is nothing to undo", steps=False)

    def action_redo(self) -> None:
        """Revert the last undo."""
        desk = self._ready()
        if desk is not None:
            self._decided("" if desk.redo() else "there is nothing to redo", steps=False)

    def action_next(self, step: int) -> None:
        """Go to the next open conflict, or the one before."""
        if self._ready() is not None:
            self._step(step)

    def _step(self, step: int, *, is_quiet: bool = False) -> None:
        desk = self._desk
        assert desk is not None
        index = next_open([desk.is_open(i) for i in range(desk.count)], self._index, step)
        if index is not None:
            self.query_one(ConflictTable).chosen = index
        elif not is_quiet:
            self.say("no conflict is open: w writes the file")

    def action_edit_value(self) -> None:
        """Edit the text of the chosen conflict."""
        desk = self._ready()
        if desk is None:
            return
        index = self._index
        obstacle = desk.edit_obstacle(index)
        if obstacle:
            self.say(obstacle, "warning", ["E opens it there in your editor"])
            return

        def done(is_taken: bool | None) -> None:  # noqa: FBT001
            if is_taken:
                self._decided("")

        def take(text: str) -> tuple[str, ...]:
            now = self._desk
            return (
                ("the file is being read, try again",)
                if now is None
                else desk.edit_in(now, index, text)
            )

        title = f"{desk.row(index).key}  {desk.meaning(index)}".rstrip()
        edit = EditScreen(title, desk.edit_text(index), take)
        self.app.push_screen(edit, done)

    def action_edit_file(self) -> None:
        """Open the file in the user's editor; what was decided is kept where it still fits."""
        desk = self._ready()
        self.edit(desk.file.conflicts[self._index].line if desk is not None else 1)
        self._look()

    # -- writing ---------------------------------------------------------------------------

    def action_write(self) -> None:
        """Write the file, where all is decided and valid."""
        desk = self._ready()
        if desk is None:
            return
        left = desk.open_indexes()
        if left:
            place = f"{self.file}:{desk.file.conflicts[left[0]].line}: {desk.row(left[0]).key}"
            more = f" and {len(left) - 1} more" if len(left) > 1 else ""
            self.query_one(ConflictTable).chosen = left[0]
            self.say(f"not written: still open: {place}{more}", "warning",
                     ["n goes to the next; q keeps what is decided"])  # fmt: skip
            return
        self._checked(desk, self._write_valid)

    def _checked(self, desk: ResolutionDesk, then: Callable[[ResolutionDesk], None]) -> None:
        """Check the choices once more, and go on with what was found."""
        self._is_busy = True

        def show(verdict: ResolutionVerdict) -> None:
            self._is_busy = False
            desk.verdict = verdict
            self._draw()
            then(desk)

        self.in_background(lambda: desk.check(desk.choices), show, group="check")

    def _write_valid(self, desk: ResolutionDesk) -> None:
        verdict = desk.verdict
        if verdict.is_valid:
            self._save(desk, self._written)
            return
        for index, reasons in verdict.by_conflict.items():
            self.query_one(ConflictTable).chosen = index
            place = f"{self.file}:{desk.file.conflicts[index].line}: {desk.row(index).key}"
            self.say(f"not written: it would not be valid: {place}: {reasons[0]}", "error")
            return
        self.say(f"not written: it would not be valid: {verdict.others[0]}", "error")

    def _save(self, desk: ResolutionDesk, then: Callable[[SaveResult], None]) -> None:
        self._is_busy = True
        store = self.context.live.store
        self.in_background(
            lambda: desk.write(store), then, group="write", on_error=self._not_written
        )

    def _not_written(self, error: SessionctlError) -> None:
        self._is_busy = False
        self.say(f"not written: {error.message}", "error", error.hints)
        if isinstance(error, ChangedError):
            self._look("not written: ")

    def _written(self, result: SaveResult) -> None:
        desk = self._desk
        assert desk is not None
        steps = steps_after_resolution(desk.situation)
        notes = "; ".join(note for note, _ in result.notes)
        said = f"written: {counted(desk.count, 'conflict')} decided{f'; {notes}' if notes else ''}"
        self._desk = None
        self._read(said, "good", tuple(f"next: {step}" for step in steps))

    # -- leaving ---------------------------------------------------------------------------

    def may_quit(self) -> bool:
        """Return whether nothing is lost by leaving at once; say so where something is."""
        if not self.unsaved_count or self._is_warned:
            return True
        self._is_warned = True
        kept = counted(self.unsaved_count, "decision")
        self.say(f"{kept} not written: q keeps them, the same key again drops them", "warning")
        return False

    def action_go_back(self) -> None:
        """Keep what is decided, as ``resolve`` does: in the file; then go back."""
        desk = self._desk
        if self._is_busy:
            return
        if desk is None or not desk.choices:
            self._leave()
        else:
            self._checked(desk, self._keep)

    def _keep(self, desk: ResolutionDesk) -> None:
        bad = desk.verdict.by_conflict
        if desk.verdict.is_valid:
            self._save(desk, lambda _result: self._leave(self._kept_words(desk)))
            return
        reasons = [
            [(f"{self.file}:{desk.file.conflicts[index].line}: {desk.row(index).key}: ", "place"),
             (found[0], "error")]
            for index, found in bad.items()
        ]  # fmt: skip
        reasons += [[(other, "error")] for other in desk.verdict.others]

        def answered(is_yes: bool | None) -> None:  # noqa: FBT001
            if is_yes:
                # Where conflicts are left, the rest of the file is not asked about.
                desk.reopen(bad or [max(desk.choices)])
                self._checked(desk, self._keep)

        what = "Keep the others, and drop what is not valid?"
        if not bad:
            what = "The file is not valid beside its conflicts. Keep all but the last decision?"
        self.app.push_screen(QuestionScreen(what, reasons), answered)

    def _kept_words(self, desk: ResolutionDesk) -> str:
        left = len(desk.open_indexes())
        rest = f"{counted(left, 'conflict')} left with markers" if left else "no conflicts left"
        return f"{self.file}: {counted(len(desk.choices), 'decision')} written, {rest}"

    def _leave(self, said: str = "") -> None:
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self._desk = None
        super().action_go_back()
        if said and isinstance(below, BaseScreen):
            below.say(said, "good")
