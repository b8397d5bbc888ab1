"""The demo: it plays to its end, touches nothing else, and says when a step fails."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass

import click
import pytest

from sessionctl.cli.app import run
from sessionctl.cli.commands import demo
from sessionctl.cli.output.console import Console
from sessionctl.errors import FileError, GitError, ToolError
from sessionctl.services.demo import Stage, Tools, story
from sessionctl.services.machine import Machine
from tests.transcripts import blocks
from tests.world import CHECKOUT, GitRepo, need, run_sessionctl

CHAPTERS = re.compile(r"\x1b\[1m\d+\. ")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def play(*arguments, stdout=None, environ=None):
    """Run the demo in this process; return its exit code, stdout and stderr."""
    out, err = stdout or io.StringIO(), io.StringIO()
    code = run(["demo", *arguments], Console(stdout=out, stderr=err, environ=environ))
    return code, out.getvalue(), err.getvalue()


def servers(scratch):
    """Return the command lines of what still runs with the scratch directory in it."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, encoding="utf-8").stdout
    return [line for line in found.splitlines() if str(scratch) in line]


def tree(directory):
    return {
        path.relative_to(directory): path.read_bytes() if path.is_file() else b""
        for path in directory.rglob("*")
    }


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Return where temporary directories are made."""
    need("git")
    need("tmux")
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


@pytest.fixture
def without_tmux(tmp_path):
    """Return a PATH on which there is all that the demo needs, but tmux."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("git", "sh", "grep", "sed", "cat", "uname", "env"):
        (programs / name).symlink_to(need(name))
    return programs


@pytest.fixture
def stage(tmp_path):
    need("git")
    tools = Tools(
        Machine({"PATH": "/usr/bin:/bin"}), [sys.executable, "-m", "sessionctl"], color=False
    )
    return Stage(tmp_path, tmp_path / "repository", tools)


@dataclass(frozen=True)
class Play:
    """What a whole play printed, and what it left where the user has files."""

    code: int
    out: str
    err: str
    scratch: str
    left: list
    changes: bool


@pytest.fixture(scope="module")
def plays():
    """Return a list for the one play that several tests look at."""
    return []


@pytest.fixture
def whole_play(plays, scratch, home, tmp_path, monkeypatch):
    """Return the play of a user whose settings are against it; the first who asks plays it."""
    if plays:
        return plays[0]
    hostile = "[commit]\n\tgpgSign = true\n[merge]\n\tff = only\n[core]\n\tautocrlf = true\n"
    (home / "gitconfig").write_text(hostile)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "ours")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    before = tree(home)
    code, out, err = play()
    left = [*scratch.iterdir(), *elsewhere.iterdir()]
    plays.append(Play(code, out, err, str(scratch), left, changes=tree(home) != before))
    return plays[0]


@pytest.mark.slow
def test_the_demo_plays_to_its_end_whatever_the_user_has_set_and_leaves_nothing_behind(whole_play):
    out = whole_play.out
    assert whole_play.code == 0
    assert out.count("\n$ ") > 20
    assert "$ git merge laptop\napi.session.toml:31:1: conflict[both-modified]" in out
    assert 'port = 5433  # through the tunnel\nuser = "reader"  # read only, on purpose' in out
    assert "$ sessionctl new api\napi.session.toml\n" in out, "stdout and stderr come in order"
    assert "create your own: sessionctl new NAME" in whole_play.err
    assert not whole_play.left
    assert not whole_play.changes


@pytest.mark.slow
def test_a_live_session_is_saved_edited_ended_and_brought_back(whole_play):
    live = whole_play.out.split("\n6. ")[0]
    assert '# Look here first when a customer calls.\n[[windows]]\nname = "warnings"\n' in live
    restored = "restored shop from shop.session.toml: 2 windows, 4 panes"
    assert live.index("$ tmux kill-server") < live.index(restored)
    assert "\nevery pane is as it was: size, program, directory\n" in live
    assert live.rstrip().endswith("shop.session.toml: nothing changed")
    assert whole_play.scratch not in live, "what is shown is the same each time"


@pytest.mark.slow
def test_the_transcripts_of_the_readme_are_those_of_the_demo(whole_play):
    page = CHECKOUT / "README.md"
    shown = blocks(page, "text")
    assert len(shown) >= 2
    for block in shown:
        at = f"README.md:{block.line}"
        assert block.text in whole_play.out, f"{at}: sessionctl demo prints otherwise"


@pytest.mark.slow
def test_without_tmux_one_line_says_so_and_the_rest_is_shown(without_tmux):
    done = run_sessionctl("demo", "--no-input", env={"PATH": str(without_tmux)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"\n# {MISSING}\n")
    assert "1. Begin a session by hand" in done.stdout
    assert "git merge laptop" in done.stdout


MISSING = "tmux is not installed here: saving and restoring a live session is left out"
UNUSABLE = {
    "echo tmux 2.9a": "tmux 3.2 or newer is needed, and here is tmux 2.9a",
    "exit 1": "tmux: exit code 1",
    '[ "$1" = -V ] && echo tmux 3.4 || exit 1': "tmux does not start here (",
}


def make_tmux(programs, says):
    (programs / "tmux").write_text(f"#!/bin/sh\n{says}\n")
    (programs / "tmux").chmod(0o755)


@pytest.mark.parametrize(("says", "reason"), [("", MISSING), *UNUSABLE.items()])
def test_a_tmux_that_cannot_be_used_is_named_first(without_tmux, monkeypatch, says, reason):
    if says:
        make_tmux(without_tmux, says)
    monkeypatch.setenv("PATH", str(without_tmux))
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click, "getchar", lambda: "q")
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, _ = play(stdout=Terminal())
    assert code == 130
    assert out.startswith(f"\n# {reason}")
    assert out.splitlines()[1].endswith("live session is left out")
    assert "1. Begin a session by hand" in out


@pytest.mark.slow
@pytest.mark.parametrize(("says", "reason"), UNUSABLE.items())
def test_a_tmux_that_cannot_be_used_is_named_and_the_rest_is_shown(without_tmux, says, reason):
    make_tmux(without_tmux, says)
    done = run_sessionctl("demo", "--no-input", env={"PATH": str(without_tmux)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"\n# {reason}")
    assert done.stdout.splitlines()[1].endswith("live session is left out")
    assert "git merge laptop" in done.stdout


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"TERM": "dumb"}, id="TERM"),
        pytest.param({"HOME": "/proc"}, id="HOME"),
        pytest.param({"TMUX": "/nowhere,1,0", "TMUX_PANE": "%0"}, id="TMUX"),
    ],
)
@pytest.mark.slow
def test_the_demo_plays_in_a_bare_environment(scratch, environ):
    need("tmux")
    bare = {"PATH": os.environ["PATH"], "TMPDIR": str(scratch)}
    argv = [sys.executable, "-m", "sessionctl", "demo", "--no-input"]
    done = subprocess.run(argv, env={**bare, **environ}, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert b"every pane is as it was: size, program, directory\n" in done.stdout
    assert not list(scratch.iterdir())
    assert not servers(scratch)


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (signal.SIGINT, b"tmux new-window"),
        pytest.param(signal.SIGINT, b"restored shop", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, b"restored shop", marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, b"restored shop", marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_demo_leaves_nothing_behind(scratch, number, line):
    argv = [sys.executable, "-m", "sessionctl", "demo", "--no-input"]
    environ = {"PATH": os.environ["PATH"], "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    with process:
        for printed in process.stdout:
            if line in printed:
                break
        os.killpg(process.pid, number)
        assert process.wait(30) == 130
    assert not list(scratch.iterdir())
    assert not servers(scratch)


@pytest.mark.slow
def test_the_kept_repository_holds_the_end_of_the_story(scratch, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click, "getchar", lambda: pytest.fail("it asked"))
    kept = tmp_path / "kept"
    kept.mkdir()
    code, _, err = play("--keep", str(kept), "--no-input", stdout=Terminal())
    assert code == 0
    assert f"The repository is in {kept}" in err
    repo = GitRepo(kept)
    text = repo.read("api.session.toml")
    identity = text.split('id = "')[1].split('"')[0]
    assert text == story.RESOLVED.replace(story.ID, identity)
    assert identity != story.ID
    assert len(repo.run("log", "--oneline", "--merges").stdout.splitlines()) == 2
    assert sorted(path.name for path in kept.iterdir()) == [
        ".git",
        ".gitattributes",
        "api.session.toml",
        "shop.session.toml",
    ]
    assert not list(scratch.iterdir())


def test_a_directory_with_files_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileError, match="exists already"):
        play("--keep", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.slow
def test_the_demo_answers_in_json(scratch):
    code, out, _ = play("--json")
    answer = json.loads(out)
    assert (code, answer["command"], answer["kept"]) == (0, "demo", None)
    commands = {step.get("command"): step for step in answer["steps"]}
    assert commands["git merge laptop"]["exit_code"] == 1
    assert any("chapter" in step for step in answer["steps"])
    assert any("remark" in step for step in answer["steps"])


def test_without_git_the_demo_says_what_to_install(tmp_path):
    done = run_sessionctl("demo", "--no-input", env={"PATH": str(tmp_path)})
    assert done.returncode == 3
    assert done.stderr.startswith("sessionctl: error: git: not found on PATH\n")
    assert "install git" in done.stderr


def test_a_scratch_directory_is_not_made_without_git(tmp_path):
    with pytest.raises(GitError):
        Stage(
            tmp_path / "scratch",
            tmp_path / "repository",
            Tools(Machine({"PATH": ""}), ["x"], color=False),
        )
    assert not list(tmp_path.iterdir())


def test_without_room_for_a_scratch_directory_it_says_which_to_name(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(FileError, match="cannot make a scratch directory") as caught:
        play()
    assert "TMPDIR=DIR" in caught.value.hints[0]


def test_what_a_command_prints_cannot_steer_the_terminal():
    out = io.StringIO()
    console = Console(stdout=out)
    console.color = True
    console.out(demo._in_roles(console, "\x1b[31mred\x1b[m \x1b[95mpink\x1b[0m \x1b]0;title\x07"))
    assert out.getvalue() == "\x1b[31mred\x1b[0m pink ␛]0;title␇\n"


@pytest.mark.slow
def test_on_a_terminal_each_chapter_waits_and_the_colours_come_through(scratch, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal())
    asked = []
    monkeypatch.setattr(click, "getchar", lambda: asked.append(1) or " ")
    code, out, _ = play(stdout=Terminal())
    assert code == 0
    assert len(asked) == out.count("any key continues") == len(CHAPTERS.findall(out)) - 1 == 12
    assert "\x1b[36m$\x1b[0m \x1b[1mgit merge laptop\x1b[0m\n" in out
    assert "\x1b[32m5433\x1b[0m" in out


def test_q_leaves_the_demo_and_nothing_behind(scratch, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click, "getchar", lambda: "q")
    code, out, _ = play(stdout=Terminal())
    assert code == 130
    assert "2." not in out
    assert not list(scratch.iterdir())


def test_a_step_with_another_exit_code_stops_the_demo(stage):
    with pytest.raises(ToolError, match="expected exit code 0, got 4") as caught:
        stage.type("echo oh; exit 4")
    assert caught.value.hints == ("it printed: oh",)
    with pytest.raises(ToolError) as caught:
        stage.type("false")
    assert caught.value.hints == ("it printed nothing",)


def test_a_step_that_does_not_say_what_it_should_stops_the_demo(stage):
    with pytest.raises(ToolError, match='expected it to print "yes"'):
        stage.type("echo no", says=["no", "yes"])


def test_a_file_that_is_not_as_claimed_stops_the_demo(stage):
    stage.edit(story.BASE)
    stage.check(story.BASE, "the edit")
    with pytest.raises(ToolError, match=r"the edit: api.session.toml is not what it should be"):
        stage.check(story.MERGED, "the edit")


def test_an_edit_of_the_story_must_fit_once():
    with pytest.raises(ValueError, match="does not hold"):
        story.edited("a a", ("a", "b"))


def test_the_users_own_packages_are_found_from_the_demos_home(monkeypatch):
    monkeypatch.setattr("site.ENABLE_USER_SITE", True)
    monkeypatch.setattr("site.USER_BASE", "/home/ada/.local")
    assert demo._tools(Console()).machine.environ["PYTHONUSERBASE"] == "/home/ada/.local"
    monkeypatch.setattr("site.ENABLE_USER_SITE", False)
    assert "PYTHONUSERBASE" not in demo._tools(Console()).machine.environ
