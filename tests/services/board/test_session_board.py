"""What the list of sessions knows of each: git's word, mistakes, secrets, open connections."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.services.board.board_row import BoardRow, RowState
from sessionctl.services.board.session_board import SessionBoard
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.machine import Machine
from tests.answering_keeper import answering_keeper

PLAIN = 'schema_version = 1\nname = "plain"\n'
CONNECTED = f'{PLAIN}[connections.a]\ndriver = "sqlite"\nfile = "a.db"\n'
SECRET = """\
schema_version = 1
name = "secret"
[connections.a]
driver = "postgres"
password = { secret = "a.password" }
[connections.b]
driver = "postgres"
password = { secret = "b.password" }
"""


@pytest.fixture
def context(tmp_path):
    (tmp_path / "run").mkdir(mode=0o700)
    environ = {
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "TMUX_TMPDIR": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }
    machine = Machine(environ, host="testhost", user_id=os.getuid())
    return LiveContext(open_store(machine.state), machine)


def states_of(context, *files):
    board = SessionBoard([str(file) for file in files], context)
    return board.states(board.rows())


def test_the_state_of_each_session_is_found_out(tmp_path, context):
    texts = {"plain": PLAIN, "invalid": f"{PLAIN}windows = 1\nbad = 2\n", "secret": SECRET}
    files = {name: tmp_path / f"{name}.session.toml" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text)
    found = states_of(context, *files.values())
    assert {name: found[str(file)] for name, file in files.items()} == {
        "plain": RowState(),
        "invalid": RowState("invalid", errors=2, first_error="expected an array, got 1"),
        "secret": RowState(secrets=2, missing_secrets=2),
    }


def test_the_word_of_git_is_that_of_status(git_repo, context):
    words = {"clean": "", "changed": "# more\n", "new": "", "conflicts": ""}
    files = {name: git_repo.path / f"{name}.session.toml" for name in words}
    for name, file in files.items():
        file.write_text(PLAIN.replace("plain", name))
    del files["new"]
    git_repo.run("add", *map(str, files.values()))
    git_repo.run("commit", "--quiet", "-m", "one")
    files["changed"].write_text(f"# more\n{files['changed'].read_text()}")
    files["conflicts"].write_text(f"<<<<<<< a\n{PLAIN}=======\n>>>>>>> b\n")
    files["new"] = git_repo.path / "new.session.toml"
    states = states_of(context, *files.values())
    found = {name: states[str(file)] for name, file in files.items()}
    assert {name: state.git for name, state in found.items()} == {name: name for name in words}
    assert {name: state.conflicts for name, state in found.items()} == {
        **dict.fromkeys(words, 0),
        "conflicts": 1,
    }


def test_a_row_says_what_its_file_holds(tmp_path, context):
    whole, broken = (tmp_path / f"{name}.session.toml" for name in ("whole", "broken"))
    whole.write_text(f"{CONNECTED}[[windows]]\n[[windows.panes]]\n[[windows.panes]]\n")
    broken.write_text("name = \n")
    os.utime(whole, (7, 7))
    os.utime(broken, (8, 8))
    gone = tmp_path / "gone.session.toml"
    board = SessionBoard([str(tmp_path), str(gone)], context)
    assert board.rows() == [
        BoardRow(
            str(broken), "broken", problem=f"{broken}:1:8: expected a value, found the end of the"
            " line", size_bytes=8, modified_s=8.0,
        ),
        BoardRow(str(gone), "gone.session.toml", problem="no such file"),
        BoardRow(str(whole), "plain", 1, 2, 1, size_bytes=whole.stat().st_size, modified_s=7.0),
    ]  # fmt: skip
    assert [row.word for row in board.rows()] == ["invalid", "unreadable", "saved"]
    assert not board.has_changed()
    os.utime(whole, (9, 9))
    assert board.has_changed()


def test_only_connections_that_are_open_are_counted(tmp_path, context):
    file = tmp_path / "work.session.toml"
    states = ("ready", "degraded", "waiting", "failed", "stopped")
    kept = [{"name": str(number), "state": state} for number, state in enumerate(states)]
    with answering_keeper(context.machine, str(file), *kept):
        file.write_text(CONNECTED)
        assert states_of(context, file)[str(file)].open_connections == 2
        file.write_text(PLAIN)
        assert states_of(context, file)[str(file)].open_connections == 0
    file.write_text(CONNECTED)
    assert states_of(context, file)[str(file)] == RowState()


def test_a_state_is_stale_when_what_it_depends_on_changed(git_repo, context):
    file = git_repo.path / "plain.session.toml"
    git_repo.commit("one", **{file.name: PLAIN})
    board = SessionBoard([str(file)], context)
    [row] = board.rows()
    assert (row.state, board.pending(), board.has_changed()) == (None, [row], False)
    # Until its state is known, only the file itself counts.
    (git_repo.path / "plain.secrets.toml").write_text("format = 1\n")
    assert not board.has_changed()
    for change in ("plain.secrets.toml", ".git/index", ".git/HEAD", ".git/logs/HEAD"):
        board.states(board.rows())
        assert (board.pending(), board.has_changed()) == ([], False)
        path = git_repo.path / change
        os.utime(path, (7, 7))
        assert board.has_changed(), change
        [row] = board.pending()
        assert row.file == str(file)
    board.states(board.rows())
    os.utime(git_repo.path / ".git" / "config", (7, 7))
    assert not board.has_changed()
    file.unlink()
    assert board.has_changed()
    assert board.pending() == []


def test_what_cannot_be_looked_at_is_noted_and_the_rest_is_listed(tmp_path, context, monkeypatch):
    sessions = tmp_path / "home" / ".config" / "sessionctl" / "sessions"
    sessions.mkdir(parents=True)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "b.session.toml").write_text(PLAIN.replace("plain", "B"))
    (sessions / "a.session.toml").write_text(PLAIN.replace("plain", "a"))
    environ = {**context.machine.environ, "PATH": str(here)}
    blind = context._replace(machine=Machine(environ, host="testhost", user_id=os.getuid()))
    board = SessionBoard([], blind)
    assert [(row.name, row.file) for row in board.rows()] == [
        ("a", f"{sessions}/a.session.toml"), ("B", "b.session.toml")
    ]  # fmt: skip
    [(message, hints)] = board.notes.items()
    assert (message, bool(hints)) == ("tmux: not found on PATH", True)
    assert board.states([]) == {}

    # A directory that becomes a file between two looks.
    monkeypatch.setattr(os.path, "isdir", lambda path: os.fspath(path) == "b.session.toml")
    board = SessionBoard(["b.session.toml"], blind)
    assert board.rows() == []
    assert board.notes.pop("b.session.toml: cannot read the directory: not a directory") == (
        "show the file: sessionctl show b.session.toml",
    )
    assert list(board.notes) == [message]


def test_of_a_repository_that_git_cannot_use_the_rest_is_known(git_repo, context):
    file = git_repo.path / "secret.session.toml"
    git_repo.commit("one", **{file.name: SECRET})
    git_repo.write(".git/config", "[core\n")
    board = SessionBoard([str(file)], context)
    assert board.states(board.rows()) == {str(file): RowState(secrets=2, missing_secrets=2)}
    [message] = board.notes
    assert "bad config line 1" in message


def test_a_session_runs_for_the_file_it_is_of_and_is_taken_for_others(
    tmp_path, context, monkeypatch
):
    files = {name: tmp_path / f"{name}.session.toml" for name in ("mine", "other", "asleep")}
    for name, file in files.items():
        file.write_text(PLAIN.replace("plain", name))
    marks = StandingMarks(context.store.directory)
    (tmp_path / "link.session.toml").symlink_to(files["mine"])
    for name, file in (("mine", tmp_path / "link.session.toml"), ("other", files["asleep"])):
        marks.keep(str(file), StandingWorkspace(Workspace(name, "/"), "1"), file.read_text())
    monkeypatch.setattr(SessionBoard, "_live", lambda _: ["Zoo", "other", "mine", "alone"])
    monkeypatch.chdir(tmp_path)

    def rows(*paths):
        found = SessionBoard([str(path) for path in paths], context).rows()
        return [(row.name, row.file, row.is_live, row.is_taken, row.owner) for row in found]

    mine, other, asleep = (str(file) for file in files.values())
    link = str(tmp_path / "link.session.toml")
    assert rows(mine, other, asleep) == [
        ("mine", mine, True, False, link), ("asleep", asleep, False, False, ""),
        ("other", other, False, True, asleep),
    ]  # fmt: skip
    # A session without a file is of no file that is called so.
    os.unlink(marks._path("other", "name"))
    assert rows(other) == [("other", other, False, True, "")]
    monkeypatch.chdir(tmp_path / "run")
    assert rows() == [
        (name, "", True, False, "") for name in ("alone", "mine", "other", "Zoo")
    ]  # fmt: skip
