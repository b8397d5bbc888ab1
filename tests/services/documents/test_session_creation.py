"""A new session file: which names it may have, its text, and the file that it replaces."""

from __future__ import annotations

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.errors import EditError, UsageError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.documents.file_validation import check_content
from sessionctl.services.documents.session_creation import (
    check_name,
    check_new_name,
    name_problem,
    session_file,
    session_text,
    start_session,
)
from sessionctl.services.documents.validation import Validator
from tests.together import together

INVISIBLE = "no control or invisible characters, got "


@together(
    "name, problem",
    [
        ("api", ""), ("my-api 2", ""), ("\u00e9", ""), ("x" * 200, ""),
        ("", "it is empty"), (" ", "it begins or ends with a space"),
        ("a ", "it begins or ends with a space"), ("\ta", "it begins or ends with a space"),
        ("-a", "it begins with a dash, and commands would take it for an option"),
        ("a/b", 'no "/": it separates directories'),
        ("a\\b", 'no "\\": it separates directories'),
        ("a.b", "no dot: tmux separates a session from its panes with it"),
        ("a:b.", "no colon: tmux separates a session from its windows with it"),
        ("a\nb", f"{INVISIBLE}U+000A"), ("a\u200bb", f"{INVISIBLE}U+200B"),
        ("x" * 201, "it is longer than 200 bytes"),
        ("\u00e9" * 101, "it is longer than 200 bytes"),
    ],
)  # fmt: skip
def test_what_can_name_a_session(name, problem):
    assert name_problem(name) == problem
    if not problem:
        assert check_name(name) is None
        return
    for command, hint in (("new", ": sessionctl new my-api"), ("rename", "")):
        with pytest.raises(UsageError) as caught:
            check_name(name, command)
        assert caught.value.message.startswith(f'{command}: "')
        assert caught.value.message.endswith(f'" cannot name a session: {problem}')
        assert list(caught.value.hints) == [f"choose letters, digits, dashes{hint}"]
    with pytest.raises(UsageError) as caught:
        check_name("a\nb")
    assert "\n" not in caught.value.message


@together(
    "file, text, is_refused",
    [
        ("x/a.session.toml", 'name = "b"\n', False), ("a.session.toml", 'name = "b.c"\n', True),
        ("x/b.c.session.toml", 'name = "b.c"\n', False), ("a.session.toml", "name = 7\n", False),
        ("a.session.toml", "", False),
    ],
)  # fmt: skip
def test_an_edit_gives_no_session_a_name_that_rename_refuses(file, text, is_refused):
    document = Document.parse(text, file)
    if not is_refused:
        assert check_new_name(document) is None
        return
    with pytest.raises(EditError) as caught:
        check_new_name(document)
    assert caught.value.message == (
        f'{file}: "b.c" cannot name a session: no dot: tmux separates a session from its panes'
        " with it; nothing was written"
    )
    assert list(caught.value.hints) == ["set it anyway with --force"]


@together("name, root", [("api", "~/src"), ('my "api"', 'a\\b "c"'), ("a{b}", "{x}")])
def test_a_new_file_is_valid_and_says_what_it_was_given(name, root):
    identity = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
    text = session_text(name, root=root, identity=identity)
    checked = check_content("a.session.toml", text.encode(), Validator())
    assert checked.problems == ()
    value = Document.parse(text, "x").value
    assert (value["name"], value["root"], value["id"]) == (name, root, identity)
    assert value["schema_version"] == 1
    [window] = value["windows"]
    assert (window["name"], window["layout"]) == ("main", "main-vertical")
    assert window["panes"] == [
        {"name": "editor", "run": ["vi", "."]},
        {"name": "shell", "cwd": ".", "run": "git status | less", "start": "type"},
    ]
    assert text.startswith(f'# The session "{name}", to be read and edited by hand.')
    # What is commented out is valid too.
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("# [connections.db]"))
    examples = [
        line.removeprefix("# ") for line in lines[at:] if line.startswith("# ") and line[-1] != "."
    ]
    more = text + "\n".join(examples) + "\n"
    value = Document.parse(more, "x").value
    assert value["connections"]["db"]["password"] == {"secret": "db.password"}
    assert value["preferences"] == {"theme": "dark"}


def test_the_file_of_a_name_is_in_the_directory():
    assert session_file("a b", "/x/./y/../z") == "/x/z/a b.session.toml"
    assert session_file("a", "") == "a.session.toml"


def test_a_file_that_is_there_is_kept_under_a_free_name(tmp_path):
    store, path = open_store(str(tmp_path / "state")), str(tmp_path / "a b.session.toml")
    assert start_session(path, "one\n", store) == ""
    with pytest.raises(EditError) as caught:
        start_session(path, "two\n", store)
    assert caught.value.message == f"{path}: there is already a session"
    assert list(caught.value.hints) == [
        f"look at it: sessionctl show '{path}'",
        "replace it with --overwrite; the old file is kept as .bak",
    ]
    assert start_session(path, "two\n", store, force=True) == f"{path}.1.bak"
    (tmp_path / "a b.session.toml.2.bak").symlink_to("nowhere")
    assert start_session(path, "three\n", store, force=True) == f"{path}.3.bak"
    kept = {one.name: one.read_text() for one in tmp_path.glob("*.toml*") if one.exists()}
    assert kept == {
        "a b.session.toml": "three\n", "a b.session.toml.1.bak": "one\n",
        "a b.session.toml.3.bak": "two\n",
    }  # fmt: skip
