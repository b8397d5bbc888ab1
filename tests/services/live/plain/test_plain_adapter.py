"""The plain adapter in a real terminal, without tmux."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
import tomllib

import pytest

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.live.adapters.workspace_adapter import AdapterContext, RestoreRequest
from sessionctl.services.live.plain.plain_adapter import open_plain
from tests.world import need, write_program

LIMIT_S = 20


class TerminalWorld:
    """A home, and bash in a pseudo terminal; ``type`` enters a line and waits for its end."""

    def __init__(self, home):
        need("bash")
        self.home = home
        (home / "src/api").mkdir(parents=True)
        programs = home.with_name("programs")
        programs.mkdir()
        write_program(programs)
        path = f"{programs}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
        rc = f"PS1='$ '\nunset HISTFILE\nexport PATH='{path}'\n"
        rc += "bind 'set enable-bracketed-paste off'\n"
        (home / ".bashrc").write_text(rc)
        self.env = {
            "PATH": path,
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
            "TMUX_TMPDIR": str(home),
        }
        self.text = ""
        self.pid = 0

    def begin(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(self.home)
            os.execvpe("bash", ["bash", "-i"], self.env)
        self.enter("echo be''gun")
        self.until("begun")

    def enter(self, line):
        os.write(self.fd, f"{line}\n".encode())

    def until(self, text):
        end_s = time.monotonic() + LIMIT_S
        while text not in self.text:
            assert time.monotonic() < end_s, f"{text!r} is not in {self.text!r}"
            if select.select([self.fd], [], [], 0.1)[0]:
                self.text += os.read(self.fd, 65536).decode(errors="replace")
        self.text = self.text.partition(text)[2]

    def type(self, line):
        """Enter a line; return what was printed until it ended, and its exit code."""
        self.enter(line)
        self.enter("echo \"en\"'d '$?.")
        before = self.text
        end_s = time.monotonic() + LIMIT_S
        while (
            "\nend " not in self.text.replace("\r", "")
            or "." not in self.text.rpartition("end ")[2]
        ):
            assert time.monotonic() < end_s, f"{line}: {self.text!r}"
            if select.select([self.fd], [], [], 0.1)[0]:
                self.text += os.read(self.fd, 65536).decode(errors="replace")
        printed, _, code = self.text[len(before) :].rpartition("end ")
        self.text = ""
        return printed, int(code.partition(".")[0])

    def end(self):
        """Hang up: the shell ends its jobs, and itself."""
        if self.pid:
            os.close(self.fd)
            end_s = time.monotonic() + LIMIT_S
            while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                assert time.monotonic() < end_s, "the shell does not end when its terminal is gone"
                time.sleep(0.01)

    def value(self, name):
        file = self.home / f".config/sessionctl/sessions/{name}.session.toml"
        return tomllib.loads(file.read_text())


@pytest.fixture
def terminal(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    world = TerminalWorld(home)
    world.begin()
    yield world
    world.end()


def test_outside_of_tmux_the_terminal_is_saved_and_that_is_said(terminal):
    terminal.type("cd src/api")
    printed, code = terminal.type("sessionctl save")
    assert code == 0, printed
    assert "tmux does not run: this terminal is saved (--adapter plain)" in printed
    value = terminal.value("api")
    assert (value["name"], value["root"]) == ("api", "~/src/api")
    assert value["windows"] == [{"name": "terminal"}]


def test_the_variables_and_jobs_of_the_shell_are_saved(terminal):
    terminal.type("cd src/api")
    terminal.type("export VIRTUAL_ENV=/opt/v OTHER=1 PGHOST=db")
    terminal.type("tail -f /dev/null & sleep 1000 | cat &")
    terminal.type("sessionctl save")
    value = terminal.value("api")
    assert value["env"] == {"VIRTUAL_ENV": "/opt/v", "PGHOST": "db"}
    assert value["windows"][0]["panes"] == [
        {"run": ["tail", "-f", "/dev/null"]},
        {"run": "sleep 1000 | cat"},
    ]


def test_secrets_of_a_terminal_never_reach_a_file(terminal):
    terminal.type("export API_ENV=ghp_0123456789abcdefABCDEF0123456789abcd")
    terminal.type("sleep 1000 --password=hunter2-Xy77zz &")
    terminal.type("python3 -c 'import time; time.sleep(99)' --password=hunter2-Xy77zz &")
    printed, code = terminal.type("sessionctl save")
    assert code == 0, printed
    kept = [path.read_bytes() for path in terminal.home.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in data or b"ghp_01" in data for data in kept)


def test_a_second_save_writes_nothing_and_hand_edits_stay(terminal):
    terminal.type("cd src/api")
    terminal.type("sessionctl save")
    file = terminal.home / ".config/sessionctl/sessions/api.session.toml"
    file.write_text(file.read_text().replace("[[windows]]", "# mine\n[[windows]]"))
    text = file.read_text()
    printed, _ = terminal.type("sessionctl save")
    assert "nothing changed" in printed
    assert file.read_text() == text
    terminal.type("export VIRTUAL_ENV=/opt/v")
    terminal.type("sessionctl save")
    assert "# mine\n" in file.read_text()
    assert terminal.value("api")["env"] == {"VIRTUAL_ENV": "/opt/v"}


def test_a_shell_comes_back_in_the_directory_with_the_variables(terminal):
    terminal.type("cd src/api; export VIRTUAL_ENV=/opt/v")
    terminal.type("sessionctl save")
    terminal.type("cd; unset VIRTUAL_ENV")
    saved = terminal.value("api")
    terminal.enter("sessionctl restore api")
    terminal.until("api.session.toml by the adapter plain: 1 window, 1 pane")
    terminal.type("sessionctl save")
    assert terminal.value("api") == saved
    printed, code = terminal.type('echo "$PWD $VIRTUAL_ENV"')
    assert f"{terminal.home}/src/api /opt/v" in printed
    printed, code = terminal.type("sessionctl restore api --verify")
    assert code == 0, printed
    printed, code = terminal.type("cd /usr; unset VIRTUAL_ENV; sessionctl restore api --verify")
    assert code == 1, printed
    assert "directory: asked for " in printed
    assert "variable: asked for VIRTUAL_ENV, there is nothing" in printed


def test_one_program_is_started_in_the_shell_which_stays_when_it_ends(terminal):
    terminal.type("cd src/api; echo hello > note")
    terminal.type("tail -f note > /dev/null &")
    terminal.type("sessionctl save; kill %1; cd")
    terminal.enter("sessionctl restore api")
    terminal.until("hello")
    os.write(terminal.fd, b"\x03")
    printed, _ = terminal.type("pwd")
    assert f"{terminal.home}/src/api" in printed


def test_of_several_programs_each_is_shown_as_the_line_to_type(terminal):
    terminal.type("sleep 1000 & sleep 2000 &")
    terminal.type("sessionctl save two --adapter plain; kill %1 %2")
    terminal.enter("sessionctl restore two")
    terminal.until("not started: command sleep 1000")
    terminal.until("not started: command sleep 2000")
    printed, _ = terminal.type("jobs; echo $PWD")
    assert str(terminal.home) in printed
    assert "sleep" not in printed


def test_nothing_of_a_file_that_is_not_trusted_is_started(terminal):
    (terminal.home / "x.session.toml").write_text(
        'schema_version = 1\nname = "x"\nroot = "~/src"\nenv = { BASH_ENV = "/tmp/evil" }\n'
        '[[windows]]\nname = "w"\npanes = [{ run = ["touch", "started"], cwd = "api" }]\n'
    )
    terminal.enter("sessionctl restore x.session.toml --adapter plain --no-input")
    terminal.until("not trusted, so not all of it was started")
    printed, _ = terminal.type('echo "$PWD:$BASH_ENV:"')
    assert f"{terminal.home}/src/api::" in printed
    assert not list(terminal.home.rglob("started"))


def test_a_missing_directory_is_reported_and_the_shell_is_in_the_nearest(terminal):
    terminal.type("mkdir gone; cd gone; sessionctl save; cd; rmdir gone")
    terminal.enter("sessionctl restore gone")
    terminal.until("there is no such directory, the shell is in ")
    printed, _ = terminal.type("pwd")
    assert str(terminal.home) in printed


def test_without_a_terminal_nothing_is_started(tmp_path):
    context = AdapterContext({"SHELL": "/bin/sh"}, home=str(tmp_path), scratch=str(tmp_path))
    adapter = open_plain(context)
    pane = WorkspacePane(cwd=str(tmp_path))
    request = RestoreRequest(Workspace("a", str(tmp_path), (WorkspaceWindow("w", (pane,)),)))
    [step] = adapter.plan(request)
    assert step.render() == f"start /bin/sh in {tmp_path}"
    with pytest.raises(Exception, match="there is no terminal here"):
        adapter.apply(step, request)
    assert adapter.handover("a") is None


def test_secrets_among_the_variables_are_said_to_be_unset_wherever_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda _: True)
    adapter = open_plain(AdapterContext({"SHELL": "/bin/sh"}, home=str(tmp_path)))
    place = str(tmp_path)
    panes = (
        WorkspacePane(cwd=place, run=("ls", "-l"), env={"B": SecretRef("b"), "A": SecretRef("c")}),
        WorkspacePane(cwd=place),
    )
    env = {"A": SecretRef("a"), "STAGE": "test"}
    workspace = Workspace("a", place, (WorkspaceWindow("w", panes),), env=env)
    request = RestoreRequest(workspace)
    steps = adapter.plan(request)
    assert steps[0].render() == f"start /bin/sh in {place} with STAGE; A is not set: a secret"
    assert steps[0].data()["env"] == ["STAGE"]
    notes = [note for step in steps for note in adapter.apply(step, request)]
    command = "run the program with: sessionctl secret exec"
    assert notes == [
        ("A is not set: a secret", f"{command} --env A=a FILE -- PROGRAM"),
        ("A, B are not set: secrets", f"{command} --env A=c --env B=b FILE -- PROGRAM"),
    ]
    handover = adapter.handover("a")
    assert handover.environ["STAGE"] == "test"
    assert handover.environ.keys().isdisjoint("AB")


def test_an_argv_that_cannot_be_typed_goes_through_a_private_script(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda _: True)
    context = AdapterContext(
        {"SHELL": "/bin/bash"}, home=str(tmp_path), scratch=str(tmp_path / "s")
    )
    adapter = open_plain(context)
    pane = WorkspacePane(cwd=str(tmp_path), run=("printf", "a\nb"))
    request = RestoreRequest(Workspace("a", str(tmp_path), (WorkspaceWindow("w", (pane,)),)))
    for step in adapter.plan(request):
        adapter.apply(step, request)
    [script] = (tmp_path / "s").iterdir()
    assert script.stat().st_mode & 0o777 == 0o600
    assert f"sh {script}" in adapter.handover("a").argv[-1]


def test_each_step_of_a_plan_says_what_it_does_as_data_too(tmp_path):
    adapter = open_plain(AdapterContext({"SHELL": "/bin/sh"}, home=str(tmp_path)))
    place = str(tmp_path)
    one = WorkspacePane(cwd=place, run=("ls", "a b"))
    other = WorkspacePane(cwd=f"{place}/x", run="make | tee log")

    def steps(*panes):
        windows = (WorkspaceWindow("w", panes),)
        found = adapter.plan(RestoreRequest(Workspace("a", place, windows, env={"A": "1"})))
        return [(step.render(), step.data()) for step in found]

    shell = {"action": "start-shell", "cwd": place, "shell": "/bin/sh", "env": ["A"]}
    begin = (f"start /bin/sh in {place} with A", shell)
    listed = {"run": ["ls", "a b"], "cwd": place}
    assert steps() == [begin]
    assert steps(one) == [begin, ("run in it: ls 'a b'", {"action": "run-program", **listed})]
    assert steps(one, other) == [
        begin,
        ("show the line to type: ls 'a b'", {"action": "show-program", **listed}),
        (
            "show the line to type: make | tee log",
            {"action": "show-program", "run": "make | tee log", "cwd": f"{place}/x"},
        ),
    ]
