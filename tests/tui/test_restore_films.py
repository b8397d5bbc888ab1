"""Films of the screens that restore and save a session (tests/tui/film.py).

What tmux does is in test_restore.py; here it is what is drawn of each of its answers.
"""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.startup import StartItem
from sessionctl.core.workspace.discrepancy import Discrepancy
from sessionctl.core.workspace.secret_mask import MaskedPart
from sessionctl.errors import FileError, ToolError
from sessionctl.services.board.live_save import SaveProposal
from sessionctl.services.board.session_restore import (
    RestoreProposal,
    RestoreResult,
    SessionRestore,
)
from sessionctl.services.connections.session_start import StartedConnection
from sessionctl.services.live.workspace_save import SaveOutcome
from sessionctl.services.plan.plan import GuardedStep, StepGroup
from sessionctl.services.plan.runner import PlanReport, StepOutcome, StepStatus
from sessionctl.tui.restore import save_screen
from sessionctl.tui.restore.restore_screen import RestoreScreen
from sessionctl.tui.restore.save_screen import SaveScreen
from tests.tui.film import filmed
from tests.tui.test_plan_view import FOUR, ONE, TWO

FILE = "my work.session.toml"
GUARDED = GuardedStep(FOUR, "it was not allowed yet", permission="trust")
PLAN = (ONE, StepGroup("window a", (TWO, GUARDED)))
TRUSTING = (ONE, StepGroup("window a", (TWO, FOUR)))
NEW = (
    StartItem("run", "main: 1", "four", "d1"),
    StartItem("env", "the session", "A\u200b=b", "d2", "it deletes files"),
)
DONE = PlanReport((
    StepOutcome(ONE, StepStatus.DONE, notes=(("a note", "look: run FILE"), ("another", ""))),
    StepOutcome(TWO, StepStatus.FAILED, error=FileError("no space")),
    StepOutcome(GUARDED, StepStatus.SKIPPED, reason="not allowed"),
))  # fmt: skip
WHOLE = PlanReport((StepOutcome(ONE, StepStatus.DONE), StepOutcome(TWO, StepStatus.DONE),
                    StepOutcome(FOUR, StepStatus.DONE)))  # fmt: skip
CONNECTIONS = (
    StartedConnection("db", "ready", "", "PostgreSQL 16"), StartedConnection("q", "degraded", ""),
    StartedConnection("web", "backoff", "refused"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def answers(monkeypatch):
    """Return the lists of what a proposal and a restore answer, and of how a restore is asked."""
    proposals, results, asked = [], [], []

    def answer(found):
        if isinstance(found, Exception):
            raise found
        return found

    def carry_out(_restore, *, trusts, begin, watch, terminal):
        asked.append((trusts, tuple(terminal)))
        result = results.pop(0)
        if not isinstance(result, FileError):
            begin(TRUSTING if trusts else PLAN)
            watch(StepOutcome(TWO, StepStatus.DONE))
            watch(StepOutcome(ONE, StepStatus.SKIPPED, reason="at first"))
        return answer(result)

    monkeypatch.setattr(SessionRestore, "propose", lambda _restore: answer(proposals.pop(0)))
    monkeypatch.setattr(SessionRestore, "carry_out", carry_out)
    return proposals, results, asked


def proposal(*, new=(), is_new=True, plan=PLAN, connections=()):
    return RestoreProposal("work", plan, TRUSTING, tuple(new), is_new, tuple(connections))


async def again(pilot, film, title):
    """Open the screen another time, as its key does."""
    screen = pilot.app.screen
    await film.show(
        pilot, title, lambda: pilot.app.switch_screen(RestoreScreen(screen.context, FILE))
    )


def test_a_restore_is_shown_agreed_to_and_reported(answers):
    proposals, results, asked = answers
    proposals += [
        proposal(new=NEW, connections=["db", "web"]), proposal(is_new=False),
        proposal(is_new=False), proposal(plan=(), is_new=False), proposal(), proposal(new=NEW[:1]),
        ToolError("tmux: not found", hints=["install it", "or not"]),
    ]  # fmt: skip
    results += [
        RestoreResult(DONE, is_whole=False, differences=(), connections=CONNECTIONS, notes=("n1",)),
        RestoreResult(WHOLE, is_whole=True, connections=(), notes=(),
                      differences=(Discrepancy("main", "layout", "tiled", "even"),)),
        FileError("the list cannot be written"), ToolError("tmux: died", hints=["start it"]),
        RestoreResult(WHOLE, is_whole=False, differences=(), connections=(), notes=()),
        RestoreResult(WHOLE, is_whole=True, differences=(), connections=(), notes=()),
    ]  # fmt: skip

    async def scenario(pilot, film):
        await film.press(pilot, "enter", "t", "n", "t", "y", "y", "t", "enter", "o")
        await again(pilot, film, "it runs already")
        await film.press(pilot, "t", "o", "y", "enter")
        await again(pilot, film, "it dies")
        await film.press(pilot, "y", "y", "y", "enter")
        await again(pilot, film, "all of it runs")
        await film.press(pilot, "y", "t", "enter")
        await again(pilot, film, "with nothing new")
        await film.press(pilot, "enter")
        await film.resize(pilot, (90, 1))
        await film.press(pilot, "y")
        await film.resize(pilot, (90, 24))
        await again(pilot, film, "one thing is new")
        await again(pilot, film, "without tmux")
        await film.press(pilot, "y", "t", "enter", "question_mark", "q", "q")
        film.note(f"asked: {asked}")

    filmed("restore", RestoreScreen, scenario, file=FILE, size=(90, 24))


CHANGE = SaveOutcome("a b.toml", "work", "old\n", "new\n")
CONFLICT = Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(("windows", 0, "name")), "1", "2", "3")
MASKED = MaskedPart(KeyPath(("env", "TOKEN")), "a token", is_left_out=True)
FULL = CHANGE._replace(
    before=None, conflicts=(CONFLICT,), masked=(MASKED,), notes=(("a note", "hint"), ("more", ""))
)


def test_a_save_is_shown_and_written(monkeypatch):
    outcomes = [
        CHANGE, CHANGE._replace(conflicts=(CONFLICT, CONFLICT)), FULL,
        CHANGE._replace(after="old\n"), FileError("gone", hints=["look"]),
    ]  # fmt: skip

    def propose(name, file, _live):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return SaveProposal((name, file), outcome, ([("~ ", "changed"), ("name", "key")],))

    def carry_out(proposal, _live):
        assert proposal.request[0] == "work"
        if not proposal.outcome.conflicts:
            raise FileError("not written", hints=["try again"])
        return proposal.outcome

    monkeypatch.setattr(save_screen, "propose_save", propose)
    monkeypatch.setattr(save_screen, "carry_out_save", carry_out)

    async def scenario(pilot, film):
        await film.press(pilot, "y", "y")
        for title in ("with conflicts", "a new file", "nothing changes", "an error"):
            screen = SaveScreen(pilot.app.screen.context, "" if "new" in title else FILE, "work")
            await film.show(pilot, title, lambda screen=screen: pilot.app.switch_screen(screen))
            await film.press(pilot, "y")
        await film.press(pilot, "question_mark", "q", "q")

    filmed("save", lambda context, file: SaveScreen(context, file, "work"), scenario, file=FILE)
