"""Conflicts and choices in words and as data; no secret is in them."""

from __future__ import annotations

from sessionctl.cli.output.resolve_output import choice_name, conflict_data, fault_lines
from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.keypath import KeyPath
from sessionctl.services.merging.resolution import ConflictedFile

SESSION = "x.session.toml"
HEAD = 'schema_version = 1\nname = "x"\n[connections.prod]\ndriver = "postgres"\n'


def session(ours, theirs):
    block = f"<<<<<<< main\n{ours}||||||| base\n=======\n{theirs}>>>>>>> topic\n"
    return ConflictedFile(SESSION, HEAD + block)


def test_a_choice_goes_by_a_word():
    words = [choice_name(c) for c in (None, Side.OURS, CustomText("x"), CustomText("x", "both"))]
    assert words == [None, "ours", "edited", "both"]


def test_a_fault_names_the_file_the_line_and_the_key():
    file = session("port = 2\n", "port = 70000\n")
    assert fault_lines(file, {0: Side.OURS}) == []
    assert fault_lines(file, {0: Side.THEIRS}) == [
        f"{SESSION}:5: connections.prod.port: expected a number of at most 65535, got 70000"
    ]


def test_a_conflict_as_data_is_masked():
    data = conflict_data(
        session("password = 'hunter1'\n", "password = 'hunter2' # password = hunter3\n"),
        0,
        Side.OURS,
    )
    assert data["paths"] == [KeyPath(["connections", "prod", "password"])]
    assert (data["line"], data["end_line"], data["resolution"]) == (5, 10, "ours")
    assert "hunter" not in str(data)
