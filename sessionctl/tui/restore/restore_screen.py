"""Restore screen: what bringing a session back would do, then, once agreed, how it goes."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding

from sessionctl.core.text.lookalike import unmistakable
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.workspace.workspace import CellSize
from sessionctl.services.board.session_restore import SessionRestore
from sessionctl.services.live.unset_secrets import with_file
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.frame.question_screen import QuestionScreen
from sessionctl.tui.restore.plan_view import PlanView

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line
    from sessionctl.core.session.startup import StartItem
    from sessionctl.errors import SessionctlError
    from sessionctl.services.board.session_restore import RestoreProposal, RestoreResult
    from sessionctl.services.live.tmux.restoration import TmuxRestoration
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.plan.runner import StepOutcome
    from sessionctl.tui.frame.ui_context import UiContext


class RestoreScreen(BaseScreen):
    """The plan of a restore; ``y`` does what is trusted, ``t`` asks for the rest."""

    title_words = "Restore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "restore", "Restore", tooltip="Do it, starting only what is trusted"),
        Binding("t", "trust", "Trust and restore", tooltip="Show what is new, and ask for it"),
        Binding("enter,o", "attach", "Attach", key_display="Enter", tooltip="Go to the session"),
    ]

    def __init__(self, context: UiContext, file: str) -> None:
        super().__init__(context, file)
        self._restore = SessionRestore(file, context.live, context.own_seal)
        self._proposal: RestoreProposal | None = None
        self._is_running = self._has_begun = False
        self._result: RestoreResult | None = None

    def compose_body(self) -> ComposeResult:
        """Give the plan."""
        yield PlanView(self.context.charset)

    def begin(self) -> None:
        """Read the file and look what runs."""
        self.say("reading the file, and what runs ...")
        self.in_background(self._restore.propose, self._show, on_error=self._cannot)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        if action in ("restore", "trust"):
            may = self._proposal is not None and bool(self._proposal.plan)
            may = may and not self._is_running and self._result is None
            return may and (action != "trust" or bool(self._proposal and self._proposal.new))
        if action == "attach":
            if self._is_running or self._proposal is None:
                return False
            return self._result is not None or not self._proposal.is_new
        if action == "go_back":
            return not self._is_running
        return True

    # -- the plan ----------------------------------------------------------------------------

    def _show(self, proposal: RestoreProposal) -> None:
        self._proposal = proposal
        view = self.query_one(PlanView)
        if not proposal.plan:
            view.show_lines([[(f"{proposal.name} runs, and all of it is there", "good")]])
            self.say("nothing to do; Enter attaches to it")
            self._keys_changed()
            return
        verb = "would be made" if proposal.is_new else "runs; this would be added"
        before: list[Line] = [[(f"The session {proposal.name} {verb}:", "heading")]]
        view.show_plan(proposal.plan, [*before, *self._connection_lines(proposal)])
        if proposal.new:
            self.say(
                f"{counted(len(proposal.new), 'item')} not trusted yet: y restores without them,"
                " t shows them and asks",
                "warning",
            )
        else:
            self.say("y does it, q leaves it; nothing is changed yet")
        self._keys_changed()

    def _connection_lines(self, proposal: RestoreProposal) -> list[Line]:
        return [
            [(f"open and keep open: the connection {name}", "")] for name in proposal.connections
        ]

    def _cannot(self, error: SessionctlError) -> None:
        self._is_running = False
        what = "part of it may be done already" if self._has_begun else "nothing was changed"
        self.query_one(PlanView).show_lines(
            [
                [(error.message, "error")],
                *([(f"hint: {hint}", "hint")] for hint in error.hints),
                [(what, "")],
            ]
        )
        self.say("")
        self._keys_changed()

    # -- doing it ----------------------------------------------------------------------------

    def action_restore(self) -> None:
        """Bring it back with what is trusted."""
        self._begin_restore(trusts=False)

    def action_trust(self) -> None:
        """Show what is new, and ask."""
        assert self._proposal is not None
        lines: list[Line] = [[("This would be started or set:", "")]]
        lines += [[(f"+ {_item_text(item)}", "added")] for item in self._proposal.new]

        def answered(is_agreed: bool | None) -> None:  # noqa: FBT001
            if is_agreed:
                self._begin_restore(trusts=True)

        self.app.push_screen(
            QuestionScreen(f"Start this, and trust {self.file} from now on?", lines), answered
        )

    def _begin_restore(self, *, trusts: bool) -> None:
        proposal = self._proposal
        if proposal is None or self._is_running or self._result is not None:
            return
        self._is_running = True
        view = self.query_one(PlanView)
        verb = "is made" if proposal.is_new else "gets what is missing"
        head: list[Line] = [[(f"The session {proposal.name} {verb}:", "heading")]]
        view.show_plan(proposal.trusting if trusts else proposal.plan, head)
        self.say("restoring ...")
        self._keys_changed()
        size = CellSize(self.app.size.width, max(1, self.app.size.height - 1))

        def begin(plan: Plan[TmuxRestoration]) -> None:
            self._has_begun = True
            self._hand_over(lambda made: view.show_plan(made, head), plan)

        def watch(outcome: StepOutcome) -> None:
            self._hand_over(view.take, outcome)

        def work() -> RestoreResult:
            return self._restore.carry_out(trusts=trusts, begin=begin, watch=watch, terminal=size)

        self.in_background(work, self._finish, group="restore", on_error=self._cannot)

    def _finish(self, result: RestoreResult) -> None:
        self._is_running = False
        self._result = result
        self.query_one(PlanView).finish(result.report.leaves(), self._report_lines(result))
        failed = len(result.report.failures)
        if failed:
            self.say(f"{counted(failed, 'step')} failed; Enter goes to the session", "error")
        elif not result.is_whole:
            self.say("restored without what is not trusted; Enter goes to it", "warning")
        else:
            self.say("restored; Enter goes to it", "good")
        self._keys_changed()

    def _report_lines(self, result: RestoreResult) -> list[Line]:
        report = result.report
        done, skipped = len(report.done), len(report.skipped)
        counts = f"{done} done, {skipped} skipped, {len(report.failures)} failed"
        lines: list[Line] = [[(counts, "heading")]]
        lines += [[(f"lost: {one.render()}", "error")] for one in result.differences]
        lines += [[(f"warning: {note}", "warning")] for note in result.notes]
        for note, hint in report.notes:
            lines.append([(f"warning: {note}", "warning")])
            named = with_file(hint, path_word(self.file))
            lines += [[(f"hint: {named}", "hint")]] if hint else []
        for one in result.connections:
            role, why = ("good", one.server or "") if one.is_ready else ("error", one.reason)
            words = filter(None, (f"connection {one.name}", one.state, why))
            lines.append([(": ".join(words), role)])
        if not result.is_whole:
            word = path_word(self.file)
            lines.append(
                [(f"hint: sessionctl trust {word} && sessionctl restore --replace {word}", "hint")]
            )
        return lines

    def action_attach(self) -> None:
        """Go to the session."""
        assert self._proposal is not None
        self.attach(self._proposal.name)

    def _keys_changed(self) -> None:
        self.refresh_bindings()
        self.draw_keys()


def _item_text(item: StartItem) -> str:
    risk = f"   ({item.risk}; typed, not run)" if item.risk else ""
    return unmistakable(f"{item.where}: {item.text}{risk}")
