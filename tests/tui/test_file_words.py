"""What the screen of conflicts says of a file without marks, and what to type next."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.services.git.operation import Situation
from sessionctl.tui.resolve.file_words import words_without_conflicts
from tests.together import together


@together(
    "situation, words",
    [
        (Situation(), ("a b.toml: no conflicts", "", ())),
        (Situation("rebase", file="a b.toml", is_unmerged=True), (
            "a b.toml: no conflicts", "",
            ("next: git add 'a b.toml'", "next: git rebase --continue"),
        )),
        (Situation("merge", "git -C x", "a b.toml", is_unmerged=True, deleted_by="theirs"), (
            "a b.toml: deleted in theirs (merged in), changed in ours (your branch)", "warning",
            ("next: git -C x add 'a b.toml'  # to keep it",
             "next: git -C x rm 'a b.toml'  # or to delete it", "next: git -C x commit"),
        )),
        (Situation(file="a b.toml", is_unmerged=True, holds_ours=True, others=2), (
            "a b.toml: git could not merge it, and it holds our side only", "warning",
            ("merge it again: git checkout --merge -- 'a b.toml'", "next: git add 'a b.toml'",
             "next: sessionctl status"),
        )),
    ],
)  # fmt: skip
def test_a_file_without_marks_says_how_it_stands(situation, words):
    desk = SimpleNamespace(situation=situation, file=SimpleNamespace(name="a b.toml"))
    assert words_without_conflicts(desk) == words
