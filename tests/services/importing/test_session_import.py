"""A file of another tool, and the session files that it becomes."""

from __future__ import annotations

import pytest

from sessionctl.errors import EditError, FileError, ToolError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.importing import session_import
from sessionctl.services.importing.session_import import (
    BeginSession,
    ImportRequest,
    file_stem,
    import_file,
    plan_import,
)

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
PROJECT = "session_name: {name}\nstart_directory: {root}\nwindows:\n- window_name: main\n"


def wanted(**how):
    return ImportRequest(lambda: ID, **how)


def written(folder, name="my shop", root="~/shop", file="shop.yaml"):
    path = folder / file
    path.write_text(PROJECT.format(name=name, root=root))
    return str(path)


def notes(found):
    return [problem.message for problem in found.report.problems]


def test_a_session_goes_to_a_file_of_its_name_that_no_other_takes(tmp_path):
    taken = set()
    folder = str(tmp_path / "kept")
    request = wanted(directory=folder, home="/home/me")
    names = ["my shop", "my shop", "my-shop", "my-shop-2", "x"]
    found = [import_file(written(tmp_path, name), request, taken) for name in names]
    assert [one.sessions[0].path.removeprefix(f"{folder}/") for one in found] == [
        "my-shop.session.toml",
        "my-shop-2.session.toml",
        "my-shop-3.session.toml",
        "my-shop-2-2.session.toml",
        "x.session.toml",
    ]
    assert taken == {one.sessions[0].path for one in found}
    assert 'the file of the session "my shop" is my-shop-2.session.toml' in notes(found[1])
    assert not any("the file of" in note for note in notes(found[4]))


@pytest.mark.parametrize(
    ("how", "path"), [({"directory": None}, ""), ({"output": "o.session.toml"}, "o.session.toml")]
)
def test_a_session_goes_nowhere_or_where_it_is_told(tmp_path, how, path):
    found = import_file(written(tmp_path), wanted(**how))
    [session] = found.sessions
    assert (session.name, session.path, session.value["id"]) == ("my shop", path, ID)
    assert "# Imported from shop.yaml of tmuxp." in session.text
    assert len(plan_import([found])) == bool(path)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("shop", "shop"), ("my  shop!", "my-shop"), ("..a.b_c", "a.b_c"), ("--", "session"),
        ("", "session"), ("é", "é"), ("a" * 90, "a" * 80), ("a" * 79 + ".b", "a" * 79),
    ],
)  # fmt: skip
def test_what_a_file_is_called(name, stem):
    assert file_stem(name) == stem


@pytest.mark.parametrize(
    ("root", "told"),
    [("~/shop", "~/shop"), ("/srv", "/srv"), (".", "."), ("./in/it", "in/it"), ("..", "~/p")],
)
def test_a_root_is_told_from_the_file_of_the_session(tmp_path, root, told):
    folder = tmp_path / "p" / "q"
    folder.mkdir(parents=True)
    request = wanted(directory=str(folder), home=str(tmp_path))
    [session] = import_file(written(folder, root=root), request).sessions
    assert session.value["root"] == told


def test_a_library_that_is_missing_is_named_and_a_module_of_ours_is_an_error(tmp_path, monkeypatch):
    missing = "yaml"

    def read(*_):
        raise ModuleNotFoundError("it is missing", name=missing)

    monkeypatch.setattr(session_import, "read_source", read)
    failure = import_file(written(tmp_path), wanted()).report.failure
    assert isinstance(failure, ToolError)
    told = "shop.yaml: cannot read it without PyYAML, which is not installed"
    assert failure.message.endswith(told)
    assert failure.hints[0].startswith("install it: ")
    missing = "of_ours"
    with pytest.raises(ModuleNotFoundError):
        import_file(written(tmp_path), wanted())


def test_a_session_file_is_no_file_of_another_tool_unless_that_is_said(tmp_path):
    path = written(tmp_path, file="shop.session.toml")
    [problem] = import_file(path, wanted()).report.problems
    assert (problem.rule, problem.message) == ("import-nothing", "it is a session already")
    assert problem.hint.startswith("copy it: sessionctl cp ")
    assert import_file(path, wanted(kind="tmuxp")).sessions[0].name == "my shop"


def test_a_session_that_is_not_there(tmp_path):
    found = import_file(written(tmp_path), wanted(session="other"))
    assert (found.sessions, found.kind) == ((), "tmuxp")
    assert (notes(found)[-1], found.report.problems[-1].hint) == (
        "it has no session other", "it has my shop",
    )  # fmt: skip


def test_a_session_is_written_with_the_directories_above_it_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(None)
    text = 'schema_version = 1\nname = "a"\n'
    step = BeginSession("new/deep/a b.toml", text)
    assert (step.render(), step.data()) == (
        "write new/deep/a b.toml, 2 lines", {"action": "begin-session", "path": "new/deep/a b.toml"}
    )  # fmt: skip
    step.carry_out(store)
    assert (tmp_path / "new" / "deep" / "a b.toml").read_text() == text
    with pytest.raises(EditError):
        step.carry_out(store)
    BeginSession("here.toml", text).carry_out(store)
    with pytest.raises(FileError) as caught:
        BeginSession("here.toml/x/a.toml", text).carry_out(store)
    assert caught.value.message.startswith("here.toml/x/a.toml: cannot write: ")
