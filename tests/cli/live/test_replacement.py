"""A session that stands is ended for a restore only when somebody says so."""

from __future__ import annotations

import io

import click
import pytest

from sessionctl.cli import plan_flow
from sessionctl.cli.live.restore_options import RestoreOptions
from sessionctl.cli.live.restore_run import RestoreRun
from sessionctl.cli.output.console import Console
from sessionctl.errors import UsageError


@pytest.fixture
def asked(monkeypatch):
    """Return a function that asks a person, who says ``answer``; it keeps the ``questions``."""
    questions = []

    def ask(answer, **options):
        def confirm(text, **_options):
            questions.append(text)
            return answer

        monkeypatch.setattr(plan_flow, "is_someone_there", lambda: answer is not None)
        monkeypatch.setattr(click, "confirm", confirm)
        run = object.__new__(RestoreRun)
        run.console = Console(stdout=io.StringIO(), stderr=io.StringIO())
        run.options = RestoreOptions(replace=True, **options)
        run.target = "api\x1b"
        return run._may_replace()

    ask.questions = questions
    return ask


@pytest.mark.parametrize("answer", [True, False])
def test_the_answer_of_the_person_decides(asked, answer):
    assert asked(answer) is answer
    assert asked.questions == ["End the session api\u241b and all that runs in it?"]


def test_a_yes_beforehand_and_a_dry_run_ask_nobody(asked):
    assert asked(False, yes=True)
    assert asked(False, dry_run=True)
    assert asked.questions == []


def test_without_anybody_to_answer_it_is_refused(asked):
    for answer, options in ((None, {}), (True, {"no_input": True}), (True, {"as_json": True})):
        with pytest.raises(UsageError):
            asked(answer, **options)
    assert asked.questions == []


def test_what_nobody_chose_is_the_careful_way():
    chosen = RestoreOptions()
    flags = ("replace", "fresh", "attach", "yes", "no_input", "dry_run", "as_json")
    assert [getattr(chosen, name) for name in flags] == [False] * len(flags)
    assert (chosen.windows, chosen.into, chosen.at, chosen.socket) == ((), None, None, "")
