"""All checks in their order, and what becomes of one that cannot be made."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.errors import GitError
from sessionctl.services.doctor.check import Check, CheckFault, CheckFinding, SkipCheck
from sessionctl.services.doctor.examination import CHECKS, examine
from tests.record import note


def test_each_check_says_how_it_should_be_and_what_it_needs():
    for check in CHECKS:
        note(f"{check.id}: {check.title}{f', with {check.needs}' if check.needs else ''}")
    assert len({check.id for check in CHECKS}) == len(CHECKS)


class Scene:
    """A setup in which some of what a check needs is missing."""

    def __init__(self, **there):
        self.there = there

    def __getattr__(self, name):
        found = self.there[name]
        if isinstance(found, Exception):
            raise found
        return found


def test_a_check_that_cannot_be_made_says_why():
    def skip(_scene):
        raise SkipCheck("nothing to see")

    def fail(_scene):
        raise GitError("git: no", hints=["git init", "or not"])

    def fail_without_a_word(_scene):
        raise GitError("git: no")

    fault = CheckFault("bad", "fix it")
    checks = {
        "fine": Check("fine", "", lambda _: ()),
        "bad": Check("bad", "", lambda _: [fault]),
        "skip": Check("skip", "", skip),
        "fail": Check("fail", "", fail),
        "mute": Check("mute", "", fail_without_a_word),
    }
    found = examine(Scene(), list(checks.values()))
    assert found == [
        CheckFinding(checks["fine"]),
        CheckFinding(checks["bad"], (fault,)),
        CheckFinding(checks["skip"], skipped="nothing to see"),
        CheckFinding(checks["fail"], (CheckFault("git: no", "git init"),)),
        CheckFinding(checks["mute"], (CheckFault("git: no", "git status"),)),
    ]


def test_a_check_is_skipped_where_what_it_needs_is_missing():
    def skipped(needs, **there):
        check = Check("x", "", lambda _: (), needs)
        (found,) = examine(Scene(**there), [check])
        assert found.faults == ()
        return found.skipped

    git = {"git_version": (2, 44), "repository": SimpleNamespace(work_tree="/x"), "files": ["a"]}
    for needs in ("", "git", "repository", "files"):
        assert skipped(needs, **git) == ""
    no_git = {**git, "git_version": GitError("no")}
    outside = {**git, "repository": GitError("no")}
    bare = {**git, "repository": SimpleNamespace(work_tree=None)}
    empty = {**git, "files": []}
    nowhere = {**git, "repository": None}
    for scene in (no_git, outside, nowhere, bare, empty):
        note(" | ".join(skipped(needs, **scene) for needs in ("", "git", "repository", "files")))
