"""Plan: what its values print, and what a run and a rehearsal of them report."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sessionctl.errors import FileError, RefusedError
from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile
from sessionctl.services.plan.plan import (
    GuardedStep,
    Plan,
    SkipStep,
    StepGroup,
    count_steps,
    permissions,
    plan_data,
    plan_lines,
)
from sessionctl.services.plan.runner import StepStatus, decline, rehearse, run


@dataclass(frozen=True, slots=True)
class Say:
    """A step that writes a word into a list."""

    word: str

    def render(self) -> str:
        return f"say {self.word}" if self.word else ""

    def data(self) -> dict[str, object]:
        return {"action": "say", "word": self.word}

    def carry_out(self, said: list[str], /) -> list[tuple[str, str]] | None:
        if self.word == "bad":
            raise FileError("bad: cannot say", hints=["say something else"])
        if self.word == "worse":
            raise RefusedError("worse: not said")
        if self.word == "gone":
            raise SkipStep("it is gone", "say it again")
        said.append(self.word)
        return [("a loud word", "")] if self.word.isupper() else None


TREE: Plan[list[str]] = (
    Say("one"),
    StepGroup("a group", (Say("two"), StepGroup("inner", (Say("three"),)))),
    GuardedStep(Say("four"), "not trusted", "trust it", "trust"),
)


def together(*steps):
    return (StepGroup("", steps, goes_on=True),)


def statuses(report):
    return [(one.step.render(), one.status.value) for one in report.leaves()]


def test_a_plan_prints_itself_as_a_tree():
    assert plan_lines(TREE) == [
        "say one",
        "a group",
        "  say two",
        "  inner",
        "    say three",
        "say four",
    ]


def test_a_plan_is_plain_data_with_groups_in_it():
    assert plan_data(TREE) == [
        {"action": "say", "word": "one"},
        {
            "action": "group",
            "title": "a group",
            "steps": [
                {"action": "say", "word": "two"},
                {
                    "action": "group",
                    "title": "inner",
                    "steps": [{"action": "say", "word": "three"}],
                },
            ],
        },
        {"action": "say", "word": "four", "needs": "trust"},
    ]


def test_a_group_without_a_title_is_shown_as_its_steps():
    plan = together(Say("one"), StepGroup("g", together(Say("two"))))
    assert plan_lines(plan) == ["say one", "g", "  say two"] == rehearse(plan).lines()
    steps = [{"action": "say", "word": "two"}]
    assert plan_data(plan) == [
        {"action": "say", "word": "one"},
        {"action": "group", "title": "g", "steps": steps},
    ]
    assert [one["action"] for one in rehearse(plan).data()] == ["say", "group"]


def test_a_plan_names_the_permissions_it_needs_once():
    inner = GuardedStep(StepGroup("g", (TREE[2],)), "asks", permission="other")
    assert permissions((*TREE, inner)) == ("trust", "other")
    assert permissions((GuardedStep(Say("x"), "there already"),)) == ()


def test_steps_are_done_in_their_order_and_reported():
    said: list[str] = []
    report = run(TREE, said, granted=["trust"])
    assert said == ["one", "two", "three", "four"]
    assert [status for _, status in statuses(report)] == ["done"] * 4
    assert (report.exit_code, report.failures, report.skipped) == (0, (), ())
    assert report.check() is report
    assert len(report.done) == 4


def test_without_its_permission_a_step_is_skipped_and_the_reason_is_a_note():
    report = run(TREE, [], granted=["another"])
    assert [(one.step, one.reason) for one in report.skipped] == [(TREE[2], "not trusted")]
    assert report.notes == (("not trusted", "trust it"),)


def test_a_guarded_group_is_skipped_as_a_whole_and_its_reason_is_one_note():
    plan = (GuardedStep(StepGroup("g", (Say("a"), Say("b"))), "not trusted", "trust it"), Say("c"))
    said: list[str] = []
    report = run(plan, said, granted=[""])
    assert said == ["c"]
    assert statuses(report) == [("say a", "skipped"), ("say b", "skipped"), ("say c", "done")]
    assert report.notes == (("not trusted", "trust it"),)


def test_after_a_failure_the_rest_is_skipped():
    said: list[str] = []
    report = run((Say("one"), Say("bad"), StepGroup("g", (Say("two"),))), said)
    assert said == ["one"]
    assert statuses(report) == [("say one", "done"), ("say bad", "failed"), ("say two", "skipped")]
    with pytest.raises(FileError, match="cannot say"):
        report.check()


def test_where_steps_do_not_depend_on_each_other_the_rest_goes_on():
    said: list[str] = []
    report = run(together(Say("bad"), Say("worse"), Say("two")), said)
    assert said == ["two"]
    assert [error.message for error in report.failures] == ["bad: cannot say", "worse: not said"]
    assert report.exit_code == 5


def test_a_broken_group_leaves_its_neighbours_alone():
    said: list[str] = []
    broken = StepGroup("broken", (Say("bad"), Say("lost")))
    report = run(together(broken, StepGroup("whole", (Say("kept"),))), said)
    assert said == ["kept"]
    assert [one.status.value for one in report.outcomes[0].parts] == ["failed", "done"]
    assert statuses(report)[:2] == [("say bad", "failed"), ("say lost", "skipped")]


def test_a_group_that_goes_on_fails_all_the_same_and_stops_what_depends_on_it():
    said: list[str] = []
    group = StepGroup("g", (Say("bad"), Say("two")), goes_on=True)
    report = run((group, Say("three")), said)
    assert said == ["two"]
    assert [one.status.value for one in report.outcomes] == ["failed", "skipped"]


def test_a_step_with_nothing_to_do_is_skipped_and_what_follows_is_done():
    said: list[str] = []
    report = run((StepGroup("g", (Say("gone"),)), Say("two")), said)
    assert said == ["two"]
    assert report.outcomes[0].status is StepStatus.SKIPPED
    assert report.notes == (("it is gone", "say it again"),)
    assert report.exit_code == 0


def test_notes_of_steps_are_in_the_report():
    assert run((Say("ONE"), Say("TWO")), []).notes == (("a loud word", ""),)


def test_a_rehearsal_does_nothing_and_reports_each_step():
    report = rehearse((*TREE, StepGroup("empty", ())))
    assert [status for _, status in statuses(report)] == ["planned"] * 3 + ["skipped", "planned"]
    assert [one.status.value for one in report.outcomes][1] == "planned"
    granted = rehearse(TREE, granted=["trust"])
    assert [status for _, status in statuses(granted)] == ["planned"] * 4


def test_a_plan_that_is_declined_is_skipped_to_the_last_step():
    report = decline(TREE, "declined")
    assert [(one.status.value, one.reason) for one in report.leaves()] == [
        ("skipped", "declined")
    ] * 4


def test_a_report_prints_why_a_step_was_not_done():
    report = run(together(Say("one"), StepGroup("g", (Say("bad"), Say("two"))), Say("")), [])
    assert report.lines() == [
        "say one",
        "g",
        "  failed: say bad: bad: cannot say",
        "  skip: say two: a step before it failed",
    ]


def test_a_report_is_plain_data():
    report = run(together(StepGroup("g", (Say("ONE"), Say("bad"))), Say("gone")), [])
    assert report.data() == [
        {
            "action": "group",
            "title": "g",
            "status": "failed",
            "reason": None,
            "notes": [],
            "steps": [
                {
                    "action": "say",
                    "word": "ONE",
                    "status": "done",
                    "reason": None,
                    "notes": ["a loud word"],
                },
                {
                    "action": "say",
                    "word": "bad",
                    "status": "failed",
                    "reason": "bad: cannot say",
                    "notes": [],
                },
            ],
        },
        {
            "action": "say",
            "word": "gone",
            "status": "skipped",
            "reason": "it is gone",
            "notes": ["it is gone"],
        },
    ]


def test_who_watches_is_given_each_step_that_was_carried_out():
    seen = []
    run(TREE, [], watch=lambda outcome: seen.append(outcome.step.render()))
    assert seen == ["say one", "say two", "say three"]


def test_hundreds_of_steps_in_deep_groups_are_carried_out():
    plan: Plan[list[str]] = tuple(Say(str(n)) for n in range(500))
    for depth in range(50):
        plan = (StepGroup(str(depth), plan),)
    said: list[str] = []
    assert len(run(plan, said).done) == len(said) == 500


# -- files --------------------------------------------------------------------------------


def test_files_are_made_changed_moved_and_removed(tmp_path):
    script, moved, kept = tmp_path / "new" / "script", tmp_path / "moved", tmp_path / "kept"
    kept.write_text("old\n")
    plan: Plan[object] = (
        WriteFile(script, None, "#!/bin/sh\n"),
        MakeExecutable(script),
        MoveFile(script, moved),
        WriteFile(kept, "old\n", None),
    )
    run(plan, None).check()
    assert moved.read_text() == "#!/bin/sh\n"
    assert moved.stat().st_mode & 0o100
    assert not kept.exists()


def test_a_file_that_changed_since_the_plan_was_made_is_left_alone(tmp_path):
    path = tmp_path / "f"
    path.write_text("another\n")
    for step in (WriteFile(path, "old\n", "new\n"), WriteFile(path, "old\n", None)):
        with pytest.raises(FileError, match="changed by someone else"):
            run((step,), None).check()
    with pytest.raises(FileError, match="there is already a file"):
        run((WriteFile(path, None, "new\n"),), None).check()
    assert path.read_text() == "another\n"


def test_a_file_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "f").write_text("")
    report = run((WriteFile(tmp_path / "f" / "g", None, "x"),), None)
    assert "cannot write" in report.failures[0].message


def test_a_changed_file_shows_the_lines_that_change(tmp_path):
    path = tmp_path / "f"
    assert plan_lines((WriteFile(path, "a\nb\n", "a\nc\n"),)) == [
        f"change {path}",
        "  - b",
        "  + c",
    ]
    assert plan_lines((WriteFile(path, None, "a\n"), WriteFile(path, "a\n", None))) == [
        f"make {path}",
        "  + a",
        f"remove {path}",
    ]


def test_steps_in_groups_and_behind_permissions_are_counted():
    inner = StepGroup("inner", (Say("a"), GuardedStep(Say("b"), "no", permission="trust")))
    plan = (Say("c"), inner, GuardedStep(inner, "no"), GuardedStep(Say("d"), "no"))
    assert count_steps(plan) == 6
    assert count_steps(()) == count_steps((StepGroup("empty", ()),)) == 0
    assert tuple(GuardedStep(Say("a"), "no")) == (Say("a"), "no", "", "")
    skip = SkipStep("there is none")
    assert (str(skip), skip.reason, skip.hint) == ("there is none", "there is none", "")
