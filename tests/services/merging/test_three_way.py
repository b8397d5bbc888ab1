"""Merging as a service: sides preferred, files read and written."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import Labels
from sessionctl.core.merge.policy.policy import Policy
from sessionctl.errors import FileError, UsageError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.merging import three_way
from sessionctl.services.merging.three_way import (
    MergeOptions,
    merge_texts,
    read_inputs,
    syntax_errors,
    write_result,
)
from tests.sidecars import armored, block, sidecar

STORE = open_store(None)
BASE = "a = 1\nb = 1\nc = 1\n"
OURS = "a = 2\nb = 1\nc = 2\n"
THEIRS = "a = 3\nb = 1\nc = 3\nd = 1\n"


def test_what_clashes_stands_between_markers():
    result = merge_texts((BASE, OURS, THEIRS), MergeOptions(Labels("main", "base", "topic"), 9))
    assert len(result.conflicts) == 2
    assert result.text.count("<<<<<<<<< main\n") == 2
    assert "d = 1\n" in result.text


@pytest.mark.parametrize(
    ("side", "expected"),
    [("ours", "a = 2\nb = 1\nc = 2\nd = 1\n"), ("theirs", "a = 3\nb = 1\nc = 3\nd = 1\n")],
)
def test_a_preferred_side_settles_the_conflicts(side, expected):
    result = merge_texts((BASE, OURS, THEIRS), MergeOptions(policy=Policy.parse(side)))
    assert (result.text, result.conflicts) == (expected, ())


def test_a_preferred_side_that_deleted_settles_by_deletion():
    result = merge_texts(
        ("a = 1\nb = 1\n", "b = 1\n", "a = 2\nb = 1\n"), MergeOptions(policy=Policy.parse("ours"))
    )
    assert (result.text, result.conflicts) == ("b = 1\n", ())


def test_a_preferred_side_changes_nothing_where_all_is_clean():
    result = merge_texts((BASE, OURS, BASE), MergeOptions(policy=Policy.parse("theirs")))
    assert (result.text, result.conflicts) == (OURS, ())


def test_text_that_is_not_toml_can_be_settled_by_a_side_too():
    result = merge_texts(("x\n", "y\n", "z\n"), MergeOptions(policy=Policy.parse("theirs")))
    assert (result.text, result.conflicts, result.method) == ("z\n", (), "text")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_merge_by_lines_knows_no_keys(newline):
    texts = tuple(text.replace("\n", newline) for text in ("a = 1\n", "a = 2\n", "a = 1\nb = 1\n"))
    result = merge_texts(texts, MergeOptions(as_lines=True))
    assert result.text.startswith(f"<<<<<<< ours{newline}a = 2{newline}")
    assert result.text.replace("\r\n", "").count("\n") == (8 if newline == "\n" else 0)
    assert (
        merge_texts(texts, MergeOptions(as_lines=True, policy=Policy.parse("ours"))).text
        == texts[1]
    )


def test_what_is_not_toml_is_told_with_its_place():
    found = syntax_errors(("a = 1\n", "a = \n", "\n=\n"), ("b", "o", "t"))
    assert [error.message.split(" ")[0] for error in found] == ["o:1:5:", "t:2:1:"]


def test_inputs_are_files_and_at_most_one_stdin(tmp_path, monkeypatch):
    (tmp_path / "f").write_text("a = 1\n")
    monkeypatch.setattr(three_way, "read_stdin", lambda: "b = 1\n")
    name = str(tmp_path / "f")
    assert read_inputs((name, "-", name)) == ("a = 1\n", "b = 1\n", "a = 1\n")
    with pytest.raises(UsageError, match="only one"):
        read_inputs(("-", name, "-"))


def test_an_input_that_changed_meanwhile_is_not_overwritten(tmp_path):
    ours, link = tmp_path / "ours", tmp_path / "link"
    ours.write_text("edit")
    link.symlink_to(ours)
    with pytest.raises(FileError, match="changed by someone else"):
        write_result(str(link), "merged", {"-": "x", str(ours): "old"}, STORE)
    assert ours.read_text() == "edit"
    assert write_result(str(link), "merged", {str(ours): "edit"}, STORE).is_changed
    assert ours.read_text() == "merged"


def test_another_file_is_simply_written(tmp_path):
    inputs = {str(tmp_path / "ours"): "x"}
    assert write_result(str(tmp_path / "out"), "merged", inputs, STORE).is_changed
    assert write_result(str(tmp_path / "out"), "more", {str(tmp_path): "x"}, STORE).is_changed
    assert (tmp_path / "out").read_text() == "more"


@pytest.mark.parametrize(
    ("name", "is_session"),
    [
        ("api.session.toml", True),
        ("below/api.session.toml##os.Linux", True),
        ("api.toml", False),
        ("old.session.toml/pyproject.toml", False),
    ],
)
def test_the_name_of_the_file_decides_whether_the_session_schema_holds(name, is_session):
    base = """\
schema_version = 1
name = "api"

[[windows]]
name = "editor"

[[windows.panes]]
name = "code"
run = ["make", "test"]
"""
    sides = base.replace('"test"', '"test", "-k"'), base.replace('"make"', '"nice", "make"')
    result = merge_texts((base, *sides), MergeOptions().for_file(name))
    # The schema says that an argv is one value; elsewhere arrays merge by element.
    assert [str(one.path) for one in result.conflicts] == (
        ["windows[name=editor].panes[name=code].run"] if is_session else []
    )
    assert ('run = ["nice", "make", "test", "-k"]' in result.text) is not is_session


def test_one_session_name_among_several_is_enough():
    assert MergeOptions().for_file("/tmp/.merge_file_a1", "api.session.toml").is_session
    assert MergeOptions().for_file("api.session.toml", "/tmp/.merge_file_a1").is_session


def test_the_markers_of_a_merge_by_lines_end_as_our_lines_do():
    base, ours, theirs = "a = 1\r\n", "a = 2\r\n", "a = 3\n"
    how = MergeOptions(Labels("o", "b", "t"), as_lines=True)
    found = merge_texts((base, ours, theirs), how)
    assert found.text.startswith("<<<<<<< o\r\na = 2\r\n||||||| b\r\n")
    assert found.before == ours
    turned = merge_texts(("a = 1\n", "a = 2\n", "a = 3\r\n"), how)
    assert turned.text.startswith("<<<<<<< o\na = 2\n||||||| b\n")


def test_a_sidecar_is_merged_entry_by_entry_unless_lines_were_asked_for():
    texts = [sidecar(block("p", armored("x", turn))) for turn in range(3)]
    how = MergeOptions(Labels("o", "b", "t"), 9).for_file("x/a.secrets.toml")
    assert (how.is_sidecar, how.is_session) == (True, False)
    found = merge_texts(tuple(texts), how)
    assert [str(one.path) for one in found.conflicts] == ["secret.p.age"]
    assert (found.text.count("<<<<<<<<< o\n"), found.text.count(">>>>>>>>> t\n")) == (1, 1)
    theirs = merge_texts(tuple(texts), how._replace(policy=Policy.parse("theirs")))
    assert (theirs.text, theirs.conflicts) == (texts[2], ())
    chosen = merge_texts(tuple(texts), how._replace(chosen={"p": "ours"}))
    assert (chosen.text, chosen.conflicts) == (texts[1], ())
    assert merge_texts(tuple(texts), how._replace(as_lines=True)).method == "text"
