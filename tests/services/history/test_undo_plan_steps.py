"""A planned undo: whether it changes anything, and the steps that write and remember it."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.core.merge import Labels, MergeResult
from sessionctl.core.problem import Problem, Span
from sessionctl.services.history.backup_undo import REDO
from sessionctl.services.history.undo import COMMIT, Undo, merge_back
from sessionctl.services.history.undo_memory import ForgetUndo, RememberUndo, UndoRecord
from sessionctl.services.merging.three_way import MergeOptions, merge_texts
from sessionctl.services.plan.document_steps import SaveText
from tests.together import together

LABELS = Labels("now", "after", "before")
VALID = 'schema_version = 1\nname = "a"\n'
MEMORY = SimpleNamespace()


def undo(before, after, **more):
    how = MergeOptions(LABELS).for_file("a.session.toml")
    result = merge_texts((after, after, after), how)
    assert result.text == after
    usual = {"kind": COMMIT, "commit": None, "memory": None, "newest": "n1", "problems": ()}
    return Undo("a.session.toml", before=before, result=result, labels=LABELS, **{**usual, **more})


def test_the_steps_remember_what_was_there_before_it_is_gone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.toml").write_text("")
    (tmp_path / "a.session.toml").symlink_to("real.toml")
    path = str(tmp_path / "real.toml")

    def save(before, why):
        return SaveText(path, before, VALID, why)

    assert undo(VALID, VALID).plan() == ()
    assert not undo(VALID, VALID).is_change
    assert undo("x = 1\n", VALID).plan() == (save("x = 1\n", "undo"),)
    assert undo(None, VALID).is_change
    archived = SimpleNamespace(undo_word="undo of a save")
    assert undo("x = 1\n", VALID, archived=archived).plan() == (save("x = 1\n", "undo of a save"),)
    commit = SimpleNamespace(hash="c1")
    for one, name in ((commit, "c1"), (None, None)):
        record = UndoRecord("x = 1\n", VALID, name, "n1")
        assert undo("x = 1\n", VALID, memory=MEMORY, commit=one).plan() == (
            RememberUndo(MEMORY, record), save("x = 1\n", "undo"),
        )  # fmt: skip
    assert undo("x = 1\n", VALID, memory=MEMORY, kind=REDO).plan() == (
        save("x = 1\n", REDO), ForgetUndo(MEMORY),
    )  # fmt: skip


def test_an_undo_is_fit_without_conflicts_and_problems_and_says_what_it_changes():
    problem = Problem("x", "bad", Span(0, 0))
    assert undo("x = 1\n", VALID).is_fit
    assert not undo("x = 1\n", VALID, problems=(problem,)).is_fit
    found = undo("x = 1\n", VALID).comparison()
    assert [str(change.path) for change in found.diff.changes] == ["x", "schema_version", "name"]
    found = undo(None, VALID).comparison()
    assert [str(change.path) for change in found.diff.changes] == ["schema_version", "name"]


@together(
    "now, texts, text, problems",
    [
        (VALID, (VALID, VALID.replace('"a"', '"b"')), VALID.replace('"a"', '"b"'), []),
        (None, ("", VALID), VALID, []),
        # What was wrong before is no reason, and what would be wrong then is.
        (VALID, (VALID, VALID + "colour = 1\n"), VALID + "colour = 1\n", ["unknown key"]),
        (VALID + "x = 1\n", (VALID, VALID + "colour = 1\n"), None, []),
    ],
    ids=str,
)  # fmt: skip
def test_a_change_is_taken_back_by_a_merge(now, texts, text, problems):
    result, found = merge_back("a.session.toml", now, texts, LABELS, name="a.session.toml")
    assert isinstance(result, MergeResult)
    assert text is None or result.text == text
    assert [problem.message for problem in found] == problems


def test_a_conflict_has_no_problems_and_another_file_no_schema():
    changed = VALID.replace('"a"', '"c"')
    result, found = merge_back(
        "a.session.toml", changed, (VALID.replace('"a"', '"b"'), VALID), LABELS, name="x"
    )
    assert (len(result.conflicts), found) == (1, ())
    result, found = merge_back("a.toml", "", ("", "colour = 1\n"), LABELS, name="a.toml")
    assert (result.text, found) == ("colour = 1\n", ())
