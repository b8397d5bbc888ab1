"""Steps that write, move and remove files: what each does, and that it touches nothing else."""

from __future__ import annotations

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile
from tests.together import together


def refused(step):
    with pytest.raises(SessionctlError) as caught:
        step.carry_out(None)
    return caught.value.message


@together(
    "there, before, after, left",
    [
        (None, None, "new\n", "new\n"), ("old\n", "old\n", "new\n", "new\n"),
        ("old\n", "old\n", None, None), ("", "", "x", "x"), ("old\n", "old\n", "", ""),
    ],
)  # fmt: skip
def test_a_file_is_written_changed_or_removed(tmp_path, there, before, after, left):
    path = tmp_path / "a" / "b" / "file"
    if there is not None:
        path.parent.mkdir(parents=True)
        path.write_text(there)
    WriteFile(path, before, after).carry_out(None)
    assert (path.read_text() if path.exists() else None) == left


@together(
    "there, before, after",
    [
        ("mine\n", "old\n", "new\n"), ("mine\n", "old\n", None), (None, "old\n", "new\n"),
        (None, "old\n", None), ("mine\n", None, "new\n"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_it_was_seen_is_left_alone(tmp_path, there, before, after):
    path = tmp_path / "file"
    if there is not None:
        path.write_text(there)
    assert str(path) in refused(WriteFile(path, before, after))
    assert (path.read_text() if path.exists() else None) == there


def test_a_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "below" / "new"
    message = refused(WriteFile(path, None, "x"))
    assert message == (f"{path}: cannot write: no such file, a part of its path is not a directory")


def test_a_file_is_moved_to_a_free_name_and_made_executable(tmp_path):
    path, to = tmp_path / "a", tmp_path / "b"
    path.write_text("x")
    path.chmod(0o640)
    MakeExecutable(path).carry_out(None)
    assert path.stat().st_mode & 0o777 == 0o750
    MoveFile(path, to).carry_out(None)
    assert (path.exists(), to.read_text(), to.stat().st_mode & 0o777) == (False, "x", 0o750)
    path.write_text("y")
    assert refused(MoveFile(path, to))
    assert (path.read_text(), to.read_text()) == ("y", "x")
    assert refused(MoveFile(tmp_path / "none", tmp_path / "c"))
    assert refused(MakeExecutable(tmp_path / "none"))


def test_a_step_says_which_lines_change_and_hands_over_its_texts(tmp_path):
    path = tmp_path / "f"
    step = WriteFile(path, "same\nold\n\n", "same\nnew \n")
    assert step.render() == f"change {path}\n  - old\n  -\n  + new"
    assert step.data() == {
        "action": "write-file", "path": path, "before": "same\nold\n\n", "after": "same\nnew \n",
    }  # fmt: skip
    assert WriteFile(path, None, "a\nb").render() == f"make {path}\n  + a\n  + b"
    assert WriteFile(path, "a", None).render() == f"remove {path}"
