"""How files stand, each in one word: outside of a repository, and in one, with its filters."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.documents.validation import Validator
from sessionctl.services.sync.file_state import FileState, StateReader, state_outside
from sessionctl.services.sync.taken_files import SYNCED, taken_of
from sessionctl.system.git.program import Git
from sessionctl.system.git.work_state import read_changes
from tests.together import together

GOOD = 'schema_version = 1\nname = "a"\n'
MARKED = f"<<<<<<< a\n{GOOD}=======\n{GOOD}>>>>>>> b\n"


def said(state):
    """Return a state, its failure, the places of its errors and its conflicts."""
    places = [(one.line, one.column, one.problem.rule) for one in state.errors]
    return state.state, state.failure, places, len(state.conflicts)


@together(
    "text, found",
    [
        (None, ("missing", "", [], 0)), (GOOD, ("clean", "", [], 0)),
        (GOOD + "colour = 1\n", ("invalid", "", [(3, 1, "unknown-key")], 0)),
        (MARKED, ("conflicts", "", [], 1)),
        (b"name = '\xff'\n", ("invalid", "", [(1, 9, "encoding")], 0)),
        ("<<<<<<< a\nx = 1\n", ("invalid", "", [(1, 1, "conflict-marker")], 0)),
    ],
    ids=str,
)  # fmt: skip
def test_a_file_outside_of_a_repository(tmp_path, text, found):
    path = tmp_path / "a.session.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    state = state_outside(str(path), Validator())
    assert (state.path, said(state)[0], said(state)[1], said(state)[3]) == (
        str(path), found[0], found[1], found[3],
    )  # fmt: skip
    assert [place[:2] for place in said(state)[2]] == [place[:2] for place in found[2]]
    assert state.needs_person is (found[0] in ("invalid", "conflicts"))


def test_what_cannot_be_read_is_said(tmp_path):
    state = state_outside(str(tmp_path), Validator())
    assert (state.state, state.failure) == (
        "unreadable",
        f"{tmp_path}: cannot read: a directory, not a file",
    )
    assert state.needs_person


@pytest.fixture
def repo(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    return git_repo


def states(repo, *paths):
    git = Git(os.environ, repo.path)
    changes = read_changes(git, SYNCED)
    tracked = set(git.tracked(*SYNCED))
    taken = taken_of(git, repo.path, changes, tracked)
    reader = StateReader(git, repo.path, tracked, changes, taken, Validator())
    found = reader.read_all([(path, "") for path in paths])
    assert [one.path for one in found] == list(paths)
    assert {one.git for one in found} <= {"git"}
    return found


def test_each_file_against_the_last_commit(repo):
    names = ("same", "more", "mode", "gone", "broken", "text")
    for name in names:
        repo.write(f"{name}.session.toml", GOOD)
    (repo.path / "link.session.toml").symlink_to("same.session.toml")
    repo.write(".age-recipients", "")
    repo.commit("all")
    repo.write("more.session.toml", GOOD.replace('"a"', '"b"') + 'root = "~"\n')
    repo.write("text.session.toml", "# more\n" + GOOD)
    repo.write("broken.session.toml", GOOD + "colour = 1\n")
    (repo.path / "mode.session.toml").chmod(0o755)
    (repo.path / "gone.session.toml").unlink()
    repo.write("new.session.toml", GOOD)
    (repo.path / "astray.session.toml").symlink_to("same.session.toml")
    paths = [f"{name}.session.toml" for name in (*names, "new", "link", "astray")]
    found = {one.path.partition(".")[0]: (one.state, one.changes) for one in states(repo, *paths)}
    assert found == {
        "same": ("clean", 0), "more": ("changed", 2), "mode": ("changed", None),
        "gone": ("missing", None), "broken": ("invalid", None), "text": ("changed", 1),
        "new": ("new", None), "link": ("clean", 0), "astray": ("new", None),
    }  # fmt: skip
    [alone] = states(repo, "more.session.toml")
    assert (alone.state, alone.changes, alone.word) == ("changed", 2, "more.session.toml")


def test_a_file_that_is_no_toml_is_new_changed_or_clean(repo):
    repo.write(".age-recipients", "# nobody\n")
    [state] = states(repo, ".age-recipients")
    assert state.state == "new"
    repo.commit("one")
    assert states(repo, ".age-recipients")[0].state == "clean"
    repo.write(".age-recipients", "# nobody yet\n")
    assert states(repo, ".age-recipients")[0].state == "changed"
    repo.write(".age-recipients", "age1damaged\n")
    [state] = states(repo, ".age-recipients")
    assert (state.state, len(state.errors), state.changes) == ("invalid", 1, None)


def test_a_file_that_git_converts_is_read_as_git_stores_it(repo):
    repo.write(
        ".gitattributes",
        "w*.session.toml working-tree-encoding=UTF-16LE-BOM\nf*.session.toml filter=own\n",
    )
    for name, text in (("w1", GOOD), ("w2", GOOD + "colour = 1\n")):
        (repo.path / f"{name}.session.toml").write_bytes(("\ufeff" + text).encode("utf-16-le"))
    sealed = b"age-encryption.org/v1\n\0\xff\n"
    (repo.path / "f.session.toml").write_bytes(sealed)
    (repo.path / "x.session.toml").write_bytes(sealed)
    found = states(repo, *(f"{name}.session.toml" for name in ("w1", "w2", "f", "x")))
    assert [one.state for one in found] == ["new", "invalid", "new", "invalid"]
    assert found[2].failure == "not checked: behind the filter 'own' of git"
    assert found[2] == FileState(
        "f.session.toml", "new", failure=found[2].failure, word="f.session.toml"
    )
    repo.run("add", "w1.session.toml", "f.session.toml")
    repo.run("commit", "--quiet", "--message", "one")
    assert [one.state for one in states(repo, "w1.session.toml", "f.session.toml")] == ["clean"] * 2
    (repo.path / "f.session.toml").write_bytes(sealed + b"more")
    assert states(repo, "f.session.toml")[0].state == "changed"


def test_what_git_could_not_merge_needs_a_person(repo):
    repo.write("a.session.toml", GOOD)
    repo.commit("base")
    repo.run("checkout", "--quiet", "-b", "side")
    repo.run("rm", "--quiet", "a.session.toml")
    repo.commit("theirs")
    repo.run("checkout", "--quiet", "main")
    repo.write("a.session.toml", GOOD + 'root = "~"\n')
    repo.commit("ours")
    repo.run("merge", "--quiet", "side", check=False)
    [state] = states(repo, "a.session.toml")
    assert (state.state, state.deleted_by, state.needs_person) == ("unmerged", "theirs", True)
    (repo.path / "a.session.toml").unlink()
    [state] = states(repo, "a.session.toml")
    assert (state.state, state.deleted_by) == ("unmerged", "theirs")


def test_a_state_in_one_word_is_read_back_whole_or_not_at_all(repo):
    for name in ("same", "more", "mode", "text"):
        repo.write(f"{name}.session.toml", GOOD)
    repo.commit("all")
    repo.write("more.session.toml", GOOD.replace('"a"', '"b"') + 'root = "~"\n')
    repo.write("text.session.toml", "# more\n" + GOOD)
    (repo.path / "mode.session.toml").chmod(0o755)
    repo.write("new.session.toml", GOOD)
    repo.write("broken.session.toml", GOOD + "colour = 1\n")
    repo.write("marked.session.toml", MARKED)
    git = Git(os.environ, repo.path)
    changes, tracked = read_changes(git, SYNCED), set(git.tracked(*SYNCED))
    taken = taken_of(git, repo.path, changes, tracked)
    reader = StateReader(git, repo.path, tracked, changes, taken, Validator())
    words = {
        "same": "clean 0", "more": "changed 2", "mode": "changed ", "text": "changed 1",
        "new": "new ", "broken": None, "marked": None,
    }  # fmt: skip
    for stem, word in words.items():
        for name in ("", f"./{stem}.session.toml"):
            file = (f"{stem}.session.toml", name)
            assert reader._word(file) == word, stem
            if word is not None:
                assert reader._of_word(file, word) == reader.read(*file)
