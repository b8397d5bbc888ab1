"""The stage of the demo: where its commands run, what they see, and when a step is not as said."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import GitError, ToolError
from sessionctl.services.demo import private_server
from sessionctl.services.demo.event import TypedCommand
from sessionctl.services.demo.private_server import PrivateServer
from sessionctl.services.demo.stage import Stage, Tools
from sessionctl.system.process import ProcessResult
from tests.together import together
from tests.world import need


class Machine:
    """A machine that has the programs named, in its directory of programs."""

    def __init__(self, environ, *programs):
        self.environ, self.programs = environ, programs

    def find(self, name):
        return f"/bin/{name}" if name in self.programs else None


USER = {
    "PATH": os.environ["PATH"], "LANG": "de_DE.UTF-8", "GIT_DIR": "/x", "SESSIONCTL_MERGE": "text",
    "_SESSIONCTL_COMPLETE": "x", "XDG_DATA_HOME": "/x", "TMUX": "/x", "TMUX_PANE": "%1",
    "HOME": "/home/me", "EDITOR": "vi",
}  # fmt: skip


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s", tmp_path / "repo"


def staged(place, *, color=False, program=("echo", "ran", "a b"), encoding="utf-8"):
    need("git")
    return Stage(*place, Tools(Machine(USER, "git"), program, color, encoding))


def test_commands_run_as_for_a_user_with_an_empty_home(place):
    stage, (scratch, repository) = staged(place), place
    home = str(scratch / "home")
    assert stage.environ == {
        "PATH": f"{scratch}/bin:{os.environ['PATH']}", "LANG": "de_DE.UTF-8", "EDITOR": "vi",
        "COLUMNS": "80", "GIT_CONFIG_GLOBAL": f"{home}/gitconfig", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0", "HOME": home,
        "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": f"{home}/.config",
        "XDG_STATE_HOME": f"{home}/.local/state", "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    assert (stage.session, stage.repository) == (repository / "api.session.toml", repository)
    assert stage.type("pwd; echo $HOME/x >&2") == TypedCommand(
        "pwd; echo $HOME/x >&2", f"{repository}\n~/x", 0
    )
    said = stage.type("git init -q . && git config user.email && git symbolic-ref HEAD")
    assert said.output == "ada@example.org\nrefs/heads/desktop"
    assert stage.type("git config color.diff; git config core.hooksPath").output == (
        "never\nno-hooks"
    )
    assert stage.server.why_not == "tmux is not installed here"
    with stage as same:
        assert same is stage


@together("color, option", [(True, "--color"), (False, "--no-color")])
def test_sessionctl_is_the_one_that_plays_the_demo(tmp_path, color, option):
    place = tmp_path / "s", tmp_path / "repo"
    stage = staged(place, color=color, program=("echo", "it's", "a b"))
    assert stage.type("sessionctl show 'x y'").output == f"it's a b {option} show x y"
    # What git starts takes no option before its name.
    assert stage.type("sessionctl git merge-driver").output == "it's a b git merge-driver"
    launcher = place[0] / "bin" / "sessionctl"
    assert launcher.stat().st_mode & 0o777 == 0o755
    assert quoted("it's") in launcher.read_text()
    config = (place[0] / "home" / "gitconfig").read_text()
    assert f"diff = {'always' if color else 'never'}" in config


def test_a_step_that_does_not_do_as_said_ends_the_demo(place):
    stage = staged(place)

    def refused(call, *arguments, **more):
        with pytest.raises(ToolError) as caught:
            call(*arguments, **more)
        return caught.value.message, list(caught.value.hints)

    assert stage.type("echo one two; exit 3", code=3, says=["one", "two"]).code == 3
    assert refused(stage.type, "echo hi; exit 3") == (
        "demo: echo hi; exit 3: expected exit code 0, got 3", ["it printed: hi"],
    )  # fmt: skip
    assert refused(stage.type, "true", code=1) == (
        "demo: true: expected exit code 1, got 0", ["it printed nothing"],
    )  # fmt: skip
    assert refused(stage.type, "echo one", says=["one", "two"]) == (
        'demo: echo one: expected it to print "two"', ["it printed: one"],
    )  # fmt: skip
    stage.edit("a = 1\n")
    assert stage.session.read_text() == "a = 1\n"
    assert stage.check("a = 1\n", "x") is None
    assert refused(stage.check, "a = 2\n", "sessionctl set") == (
        "demo: sessionctl set: api.session.toml is not what it should be", ["it printed: a = 1\n"],
    )  # fmt: skip


def test_what_is_printed_is_read_in_the_encoding_of_the_terminal(place):
    stage = staged(place, encoding="latin-1")
    assert stage.type("printf 'caf\\351\\n\\n'").output == "café"
    assert stage.environ["PYTHONIOENCODING"] == "latin-1"


def test_without_git_there_is_no_demo(place):
    with pytest.raises(GitError) as caught:
        Stage(*place, Tools(Machine(USER), ("x",), color=False))
    assert caught.value.message == "git: not found on PATH"
    assert list(caught.value.hints) == [
        "install git (https://git-scm.com/downloads), the demo merges with it"
    ]
    assert not place[0].exists()


# -- the tmux server of the demo -----------------------------------------------------------------


class Tmux:
    """A tmux that notes its calls and answers from a list; the clock goes on with each sleep."""

    def __init__(self, monkeypatch, *answers, alive=0):
        self.answers, self.asked, self.now, self.alive = list(answers), [], 0.0, alive
        self.looked = []
        monkeypatch.setattr(private_server, "run", self.run)
        monkeypatch.setattr(private_server, "time", self)
        monkeypatch.setattr(private_server, "open_process_table", lambda: self)

    def run(self, argv, **_how):
        self.asked.append(" ".join(argv[1:]))
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, Exception):
            raise answer
        return ProcessResult(argv, 0, answer.encode(), b"")

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def row(self, pid):
        self.looked.append(pid)
        return self if self.now < self.alive else None


BOTH = Machine(USER, "tmux", "bash")


@together(
    "said, why_not",
    [
        ("tmux 3.1c\n", "tmux 3.2 or newer is needed, and here is tmux 3.1c"),
        ("tmux 3.2\n", ""), ("tmux next-3.8\n", ""), ("tmux master\n", ""),
        (ToolError("tmux: no answer"), "tmux: no answer"),
    ],
    ids=str,
)  # fmt: skip
def test_which_tmux_can_play(monkeypatch, tmp_path, said, why_not):
    tmux = Tmux(monkeypatch, said)
    server = PrivateServer(tmp_path, BOTH)
    assert (server.why_not, bool(server.environ)) == (why_not, not why_not)
    assert tmux.asked == ["-V"]
    server.end({})
    assert (len(tmux.asked) > 1) is (not why_not)


def test_the_socket_is_short_enough_or_in_a_directory_of_its_own(monkeypatch, tmp_path):
    Tmux(monkeypatch)
    machine = Machine(USER, "tmux")
    server = PrivateServer("/tmp/x", machine)
    assert server.environ == {
        "TMUX_TMPDIR": "/tmp/x", "SHELL": "/bin/sh", "HISTFILE": "/dev/null",
    }  # fmt: skip
    longest = "/" + "d" * (90 - len(f"//tmux-{os.getuid()}/default"))
    assert PrivateServer(longest, machine).environ["TMUX_TMPDIR"] == longest
    server = PrivateServer(longest + "d", BOTH)
    directory = server.environ["TMUX_TMPDIR"]
    assert directory.startswith("/tmp/sessionctl-demo-")
    assert server.environ["SHELL"] == "/bin/bash"
    assert os.path.isdir(directory)
    server.end({})
    assert not os.path.exists(directory)


def test_its_panes_are_waited_for_in_their_order(monkeypatch, tmp_path):
    tmux = Tmux(monkeypatch, "tmux 3.4", "bash\n", "vi\nbash\ntop\n", "top\nbash\nvi\n")
    server = PrivateServer(tmp_path, BOTH)
    server.wait_for("api", ["top", "vi"], {})
    assert tmux.asked[1:] == ["list-panes -s -t =api -F #{pane_current_command}"] * 3
    assert 0.03 < tmux.now < 0.05
    with pytest.raises(ToolError, match=r"\Ademo: top, vi did not start in tmux\Z"):
        server.wait_for("api", ["top", "vi"], {})
    assert 20 < tmux.now < 21


def test_it_ends_with_all_that_runs_in_it(monkeypatch, tmp_path):
    tmux = Tmux(monkeypatch, "tmux 3.4", "7 8\n7 9\n", alive=0.1)
    server = PrivateServer(tmp_path, BOTH)
    server.end({})
    assert tmux.asked[1:] == ["list-panes -a -F #{pid} #{pane_pid}", "kill-server"]
    assert set(tmux.looked) == {7, 8, 9}
    assert 0.1 <= tmux.now < 0.15
    tmux.alive, tmux.answers = 1e9, ["7 8\n"]
    before = tmux.now
    server.end({})  # what does not end is left after a while
    assert 5 <= tmux.now - before < 5.1
