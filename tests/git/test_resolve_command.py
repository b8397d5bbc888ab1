"""sessionctl resolve as a script runs it, and what it says at the end."""

from __future__ import annotations

import io
import sys

import pytest

from sessionctl.cli.app import run
from sessionctl.cli.output.console import Console
from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside
from tests.git.test_merges import CLASH, NAME, OURS, branch_off

HEAD = 'schema_version = 1\nname = "x"\n'


def block(ours, theirs, base=""):
    return f"<<<<<<< main\n{ours}||||||| base\n{base}=======\n{theirs}>>>>>>> topic\n"


TEXT = (
    HEAD
    + block('root = "a"\n', 'root = "b"\n', 'root = "c"\n')
    + "[connections.prod]\ndriver = 'postgres'\n"
    + block("port = 2\n", "port = 70000\n")
    + block("password = 'hunter1'\n", "password = 'hunter2'\n")
)


@pytest.fixture
def resolve(tmp_path):
    """Return a function that runs the command on a file; ``.text`` reads the file."""
    path = tmp_path / "x.session.toml"
    path.write_text(TEXT)

    def call(*options, text=TEXT, **more):
        path.write_bytes(text.encode())
        return run_inside("resolve", path.name, *options, cwd=tmp_path, **more)

    call.text = lambda: path.read_bytes().decode()
    return call


def test_without_a_terminal_the_conflicts_are_listed(resolve):
    done = resolve()
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "x.session.toml:3: conflict: root",
        "x.session.toml:12: conflict: connections.prod.port",
        "x.session.toml:18: conflict: connections.prod.password",
    ]
    assert "hint: resolve them on a terminal: sessionctl resolve x.session.toml" in done.stderr
    assert resolve("--no-input").stdout == done.stdout
    assert resolve.text() == TEXT


def test_conflicts_can_be_taken_by_path_and_the_rest_keeps_its_markers(resolve):
    done = resolve("--prefer", "connections.prod.port=ours")
    assert done.returncode == 1
    assert "x.session.toml: 1 conflict resolved, 2 left" in done.stderr
    assert resolve.text() == TEXT.replace(block("port = 2\n", "port = 70000\n"), "port = 2\n")


def test_all_can_be_taken(resolve):
    done = resolve("--prefer", "root=base", "--prefer", "ours", "--force")
    assert (done.returncode, done.stdout) == (0, "")
    assert resolve.text() == (
        HEAD + 'root = "c"\n' + "[connections.prod]\ndriver = 'postgres'\nport = 2\n"
        "password = 'hunter1'\n"
    )


def test_a_result_that_is_not_valid_is_not_written(resolve):
    done = resolve("--prefer", "*.port=theirs")
    assert done.returncode == 1
    assert "error: the result would not be valid, nothing was written" in done.stderr
    assert "hint: x.session.toml:12: connections.prod.port: expected a number" in done.stderr
    assert "--force" in done.stderr
    assert resolve.text() == TEXT


def test_a_dry_run_tells_what_would_be_taken(resolve):
    done = resolve("--prefer", "root=theirs", "-n")
    assert done.returncode == 1
    assert done.stdout.startswith("x.session.toml:3: theirs: root\n")
    assert "1 conflict would be resolved, 2 left" in done.stderr
    assert resolve.text() == TEXT


def test_json_tells_all_with_secrets_masked(resolve):
    done = resolve("--json", "--prefer", "root=theirs")
    answer = read_answer(done.stdout, "resolve")
    assert done.returncode == 1
    assert (answer["left"], answer["written"], answer["operation"]) == (2, True, None)
    assert [c["resolution"] for c in answer["conflicts"]] == ["theirs", None, None]
    assert answer["conflicts"][0]["paths"] == ["root"]
    assert "hunter" not in done.stdout + done.stderr


def test_json_tells_why_nothing_was_written(resolve):
    answer = read_answer(resolve("--json", "--prefer", "*.port=theirs").stdout, "resolve")
    assert (answer["written"], len(answer["faults"])) == (False, 1)


def test_a_file_without_conflicts_is_done(resolve):
    done = resolve(text=HEAD)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "x.session.toml: no conflicts\n"
    answer = read_answer(resolve("--json", text=HEAD).stdout, "resolve")
    assert (answer["conflicts"], answer["left"], answer["written"]) == ([], 0, False)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--prefer", "nope=ours"], 1, "no conflict at nope"),
        (["--prefer", "windows[name=ed]=ours"], 1, "no conflict at windows[name=ed]"),
        (["--prefer", "root"], 2, "expected PATH=CHOICE"),
        (["--prefer", "root=mine"], 2, "expected PATH=CHOICE"),
        (["--prefer", "=ours"], 2, "expected PATH=CHOICE"),
        (["--prefer", ""], 2, "expected PATH=CHOICE"),
        (["--prefer", "root=both"], 2, "both sides cannot be in one file"),
        (["--take-all", "both"], 2, "--take-all"),
    ],
)
def test_what_cannot_be_taken_is_an_error(resolve, options, code, message):
    done = resolve(*options)
    assert done.returncode == code
    assert message in done.stderr
    assert resolve.text() == TEXT


def test_broken_markers_are_told_with_their_place(resolve):
    done = resolve(text="a = 1\n>>>>>>> x\n")
    assert done.returncode == 1
    assert "error: x.session.toml:2:1: the end of a conflict that has no beginning" in done.stderr
    assert "hint: fix the markers in an editor" in done.stderr


def test_a_missing_file_is_told(resolve, tmp_path):
    done = run_inside("resolve", "none.toml", cwd=tmp_path)
    assert done.returncode == 3


def test_in_a_repository_the_next_steps_are_told(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    done = run_inside("resolve", NAME, "--prefer", "theirs", cwd=repo.path)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"{NAME}: 1 conflict resolved, no conflicts left",
        f"sessionctl: hint: next: git add {NAME}",
        "sessionctl: hint: next: git commit",
    ]
    repo.run("add", NAME)
    repo.run("commit", "--no-edit")
    assert repo.read(NAME) == OURS.replace("~/work/api", "~/code/api")


def test_a_file_that_lacks_theirs_is_warned_of(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("-c", "merge.sessionctl.driver=false", "merge", "topic", check=False)
    done = run_inside("resolve", NAME, cwd=repo.path)
    assert done.returncode == 0
    assert "warning: api.session.toml: git could not merge it, and it holds our side only" in (
        done.stderr
    )
    assert f"hint: merge it again: git checkout --merge -- {NAME}" in done.stderr


# -- on a terminal ---------------------------------------------------------------------


class Tty(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def on_terminal(tmp_path, monkeypatch):
    """Return a function that answers with ``lines``; it returns code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.session.toml").write_text(TEXT)

    def call(stdin, *options):
        monkeypatch.setattr(sys, "stdin", stdin)
        out, err = Tty(), io.StringIO()
        console = Console(stdout=out, stderr=err, environ={"NO_COLOR": "1"})
        code = run(["resolve", "x.session.toml", *options], console)
        return code, out.getvalue(), err.getvalue()

    return call


def test_on_a_terminal_what_is_left_is_asked(on_terminal, tmp_path):
    code, out, err = on_terminal(Tty("o\nq\n"), "--prefer", "root=ours")
    assert code == 1
    assert out.startswith("x.session.toml: 2 conflicts to resolve\n\n(1/2) connections.prod.port")
    assert out.endswith("x.session.toml:18: conflict: connections.prod.password\n")
    assert err.startswith("x.session.toml: 2 conflicts resolved, 1 left\n")
    assert "port = 2\n<<<<<<< main\npassword" in (tmp_path / "x.session.toml").read_text()


def test_the_end_of_the_input_quits(on_terminal, tmp_path):
    code, out, _ = on_terminal(Tty(""))
    assert code == 1
    assert out.count("(1/3)") == 1
    assert (tmp_path / "x.session.toml").read_text() == TEXT


def test_ctrl_c_leaves_the_file_as_it_was(on_terminal, tmp_path):
    class Interrupted(Tty):
        def readline(self):
            if self.tell() == 0:
                return super().readline()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        on_terminal(Interrupted("o\n"))
    assert (tmp_path / "x.session.toml").read_text() == TEXT


@pytest.mark.parametrize("option", ["--no-input", "--json"])
def test_on_a_terminal_nothing_is_asked_with(on_terminal, option):
    _, out, _ = on_terminal(Tty("o\n"), option)
    assert "Take" not in out
