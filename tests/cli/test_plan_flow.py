"""Plan flow: what is shown, when a question is asked, and what an answer does."""

from __future__ import annotations

import io

import click
import pytest

from sessionctl.cli import plan_flow
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import DECLINED, PlanMode, Question, is_agreed, perform
from sessionctl.errors import UsageError
from sessionctl.services.plan.file_steps import WriteFile


class Talk:
    """A console whose streams can be read, and a person with answers."""

    def __init__(self, monkeypatch, *answers):
        self.stdout, self.stderr = io.StringIO(), io.StringIO()
        self.console = Console(stdout=self.stdout, stderr=self.stderr)
        self.questions = []
        self.answers = list(answers)
        monkeypatch.setattr(plan_flow, "is_someone_there", lambda: bool(answers))
        monkeypatch.setattr(click, "confirm", self.confirm)

    def confirm(self, text, **_options):
        self.questions.append((text, self.stdout.getvalue()))
        return self.answers.pop(0)

    def perform(self, plan, **mode):
        return perform(self.console, plan, None, PlanMode(**mode))


@pytest.fixture
def plan(tmp_path):
    return (WriteFile(tmp_path / "f", None, "a\n"),)


def statuses(report):
    return [(one.status.value, one.reason) for one in report.leaves()]


def test_a_dry_run_shows_the_plan_and_does_nothing(monkeypatch, plan):
    talk = Talk(monkeypatch)
    report = talk.perform(plan, dry_run=True, question=Question())
    assert talk.stdout.getvalue() == f"make {plan[0].path}\n  + a\n"
    assert statuses(report) == [("planned", "")]
    assert not plan[0].path.exists()


def test_without_a_question_it_is_done_at_once_and_only_v_tells_the_steps(monkeypatch, plan):
    talk = Talk(monkeypatch)
    talk.console.verbosity = 1
    assert statuses(talk.perform(plan)) == [("done", "")]
    assert (talk.stdout.getvalue(), talk.stderr.getvalue()) == (
        "",
        f"make {plan[0].path}\n  + a\n",
    )
    assert plan[0].path.read_text() == "a\n"


def test_the_plan_is_shown_before_the_question(monkeypatch, plan):
    talk = Talk(monkeypatch, True)
    assert statuses(talk.perform(plan, question=Question("Really?"))) == [("done", "")]
    assert talk.questions == [("Really?", f"make {plan[0].path}\n  + a\n")]


def test_a_no_leaves_all_as_it_is(monkeypatch, plan):
    report = Talk(monkeypatch, False).perform(plan, question=Question())
    assert statuses(report) == [("skipped", DECLINED)]
    assert not plan[0].path.exists()


def test_yes_beforehand_asks_nobody(monkeypatch, plan):
    talk = Talk(monkeypatch)
    assert statuses(talk.perform(plan, question=Question(yes=True))) == [("done", "")]
    assert (talk.questions, talk.stdout.getvalue()) == ([], "")


@pytest.mark.parametrize("mode", [{}, {"as_json": True}])
def test_where_nobody_can_answer_nothing_is_shown_or_done(monkeypatch, plan, mode):
    talk = Talk(monkeypatch, *([True] if mode else []))
    with pytest.raises(UsageError, match="there is no terminal to ask on"):
        talk.perform(plan, question=Question(), **mode)
    assert talk.stdout.getvalue() == ""
    assert not plan[0].path.exists()


def test_no_input_is_an_answer_that_nobody_gives(monkeypatch, plan):
    talk = Talk(monkeypatch, True)
    with pytest.raises(UsageError):
        talk.perform(plan, question=Question(can_ask=False))
    with pytest.raises(UsageError):
        is_agreed(talk.console, Question(can_ask=False))


def test_json_shows_nothing(monkeypatch, plan):
    talk = Talk(monkeypatch)
    talk.console.verbosity = 1
    talk.perform(plan, dry_run=True, as_json=True)
    talk.perform(plan, as_json=True, question=Question(yes=True))
    assert (talk.stdout.getvalue(), talk.stderr.getvalue()) == ("", "")
    assert plan[0].path.exists()


def test_an_empty_plan_asks_nothing(monkeypatch):
    talk = Talk(monkeypatch)
    assert talk.perform((), question=Question()).outcomes == ()


def test_a_plan_can_be_shown_in_another_way(monkeypatch, plan):
    talk, shown = Talk(monkeypatch, True), []
    perform(talk.console, plan, None, PlanMode(question=Question()), show=shown.append)
    assert [statuses(report) for report in shown] == [[("planned", "")]]
    assert talk.stdout.getvalue() == ""
