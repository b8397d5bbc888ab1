"""What a sync and a restored file are said to be, and the next step of each."""

from __future__ import annotations

import io
from types import SimpleNamespace

from sessionctl.cli.output.console import Console
from sessionctl.cli.output.restore_text import restore_question, tell_restored
from sessionctl.cli.output.sync_output import (
    note_words,
    other_step,
    progress_line,
    unresolved_data,
    unresolved_reason,
    unresolved_step,
)
from sessionctl.cli.plan_flow import Question
from sessionctl.services.sync.merge_state import UnresolvedFile, UnresolvedKind
from sessionctl.services.sync.sync_result import NoteKind, SyncNote, SyncProgress, SyncStage
from tests.together import together

NAME = "a b.session.toml"
KEEP = f"git -C x add '{NAME}'"
STEPS = {
    UnresolvedKind.CONFLICTS: f"sessionctl resolve '{NAME}'",
    UnresolvedKind.DELETED: f"{KEEP}, or delete it: git -C x rm '{NAME}'",
    UnresolvedKind.RENAMED: f"{KEEP}, or delete it: git -C x rm '{NAME}'",
    UnresolvedKind.FOREIGN: f"resolve it in an editor, then: {KEEP}",
    UnresolvedKind.ONE_SIDED: f"git -C x mergetool '{NAME}', or: {KEEP}",
}


@together("kind", UnresolvedKind)
def test_the_step_is_a_command_for_just_this_file(kind):
    file = UnresolvedFile(NAME, NAME, kind, git="git -C x", word=f"'{NAME}'")
    assert unresolved_step(file) == STEPS[kind]
    assert unresolved_reason(file)


REASONS = {
    UnresolvedKind.CONFLICTS: "both sides changed it",
    UnresolvedKind.DELETED: "changed on one side, deleted on the other",
    UnresolvedKind.RENAMED: "renamed apart",
    UnresolvedKind.FOREIGN: "git could not merge it",
    UnresolvedKind.ONE_SIDED: "not merged, it holds one side only",
}


@together("kind", UnresolvedKind)
def test_a_file_that_is_left_is_data_with_its_reason_and_step(kind):
    places = (SimpleNamespace(line=3, title="root", more=1),)
    file = UnresolvedFile(f"d/{NAME}", NAME, kind, places, git="git -C x", word=f"'{NAME}'")
    assert unresolved_data(file) == {
        "path": f"d/{NAME}", "name": NAME, "conflicts": [{"line": 3, "what": "root"}],
        "reason": REASONS[kind], "next_step": STEPS[kind],
    }  # fmt: skip


@together(
    "stage, subject, number, line",
    [
        (SyncStage.CONCLUDED, "0123456789ab", 0, "committed the merge as 01234567"),
        (SyncStage.COMMITTING, "", 1, "committing 1 session file"),
        (SyncStage.COMMITTING, "", 2, "committing 2 session files"),
        (SyncStage.FETCHING, "origin", 0, "fetching from origin"),
        (SyncStage.MERGING, "origin/main", 3, "merging 3 commits of origin/main"),
        (SyncStage.PUSHING, "origin", 0, "pushing to origin"),
        (SyncStage.OVERTAKEN, "origin/main", 0, "origin/main changed meanwhile, trying again"),
    ],
)
def test_each_step_of_a_sync_is_a_line(stage, subject, number, line):
    assert progress_line(SyncProgress(stage, subject, number)) == line


KEPT_HERE = "or, if it is for this clone alone: git -C x config sessionctl.attributes local"


@together(
    "kind, words, steps",
    [
        (NoteKind.PUSHED_ELSEWHERE, "not pushed: git pushes this branch to fork",
         ["push it: git -C x push"]),
        (NoteKind.COMMITTED_FAULTS, "not pushed: the commits contain errors",
         ["fix it, then: sessionctl sync x"]),
        (NoteKind.NO_REMOTE, "nothing to fetch from: there is no remote",
         ["git -C x remote add origin URL"]),
        (NoteKind.NO_UPSTREAM, "nothing to fetch from: main has no upstream",
         ["git -C x push --set-upstream fork main"]),
        (NoteKind.UNSHARED_ATTRIBUTES,
         ".gitattributes is not in git: other clones will merge sessions by lines",
         ["git -C x add -f ':(top).gitattributes' && git -C x commit", KEPT_HERE]),
        (NoteKind.UNCOMMITTED_ATTRIBUTES,
         ".gitattributes is not committed with the lines of sessionctl:"
         " other clones will merge sessions by lines",
         ["git -C x commit ':(top).gitattributes'", KEPT_HERE]),
    ],
)  # fmt: skip
def test_each_note_of_a_sync_has_its_next_step(kind, words, steps):
    typed = SimpleNamespace(command="git -C x", place=" x")
    result = SimpleNamespace(branch="main", typed=typed)
    note = SyncNote(kind, "fork")
    assert note_words(note, result) == (words, steps[0])
    assert [*filter(None, [other_step(note, result)])] == steps[1:]


def test_what_is_asked_before_a_file_is_restored():
    assert restore_question("a b", yes=True, can_ask=False) == Question(
        "Restore a b to this?", "a b: restoring asks first, and there is no terminal to ask on",
        yes=True, can_ask=False,
    )  # fmt: skip


@together(
    "outcomes, done, dry_run, text",
    [
        ((), (), False, "a b: it is the same as 1\n"),
        ((1,), (), True, "a b would be restored to 1\n"),
        ((1,), (), False, "a b: unchanged\n"),
        ((1,), (1,), False,
         "a b: restored to 1\nsessionctl: hint: compare with the previous version:"
         " sessionctl backups diff 'a b' 1\n"),
    ],
)  # fmt: skip
def test_what_became_of_a_file_that_was_to_be_restored(outcomes, done, dry_run, text):
    console = Console(stdout=io.StringIO(), stderr=io.StringIO(), environ={})
    report = SimpleNamespace(outcomes=outcomes, done=done, notes=())
    tell_restored(console, report, "a b", "1", dry_run=dry_run, has_older=True)
    assert (console.stdout.getvalue(), console.stderr.getvalue()) == ("", text)
