"""Every command that stops at a text that is not TOML shows the place as ``validate`` does."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios

import pytest

from sessionctl.__main__ import main
from sessionctl.cli.boundary import guarded
from sessionctl.cli.output.console import Console
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from tests.main_inside import main_inside
from tests.together import together

FILE = "api.session.toml"
HEAD = 'schema_version = 1\nname = "api"\n'
TEXTS = {
    "a string without quotes": f"{HEAD}root = somewhere\n",
    "a secret without quotes": f"{HEAD}password = hunter2\n",
    "a secret beside the mistake": f'{HEAD}v = {{ token = "hunter2", oops }}\n',
    "a control character": f"{HEAD}# \x1b[31mred\n",
    "the end of the text": f"{HEAD}windows = [",
    "wide characters and a tab": f'{HEAD}a = "漢字"\tb\n',
    "a long line": f'{HEAD}a = "{"x" * 300}" y = "{"z" * 300}"\n',
}
COMMANDS = {
    "get": ["get", FILE, "name"],
    "set": ["set", FILE, "name", "x"],
    "set of two keys": ["set", FILE, "name", "x", "root", "~"],
    "unset": ["unset", FILE, "name"],
    "move": ["move", FILE, "windows[0]", "--last"],
    "show": ["show", FILE],
    "show --json": ["show", "--json", FILE],
    "diff": ["diff", FILE, "fine.session.toml"],
    "fmt": ["fmt", FILE],
    "restore": ["restore", FILE],
    "save": ["save", "--adapter", "plain", "--file", FILE, "--force"],
    "export": ["export", FILE, "--to", "tmuxp"],
    "trust": ["trust", FILE],
    "open": ["open", FILE],
    "connections list": ["connections", "list", FILE],
    "connections test": ["connections", "test", FILE],
    "connect": ["connect", FILE, "x"],
    "secret list": ["secret", "list", FILE],
    "secret set": ["secret", "set", FILE, "a"],
    "secret reveal": ["secret", "reveal", "--stdout", FILE, "a"],
    "secret extract": ["secret", "extract", FILE],
}


@pytest.fixture
def run(capfd):
    def call(*arguments):
        code = main(list(arguments))
        return code, *capfd.readouterr()

    return call


def excerpt(lines):
    """Return the excerpt among ``lines``: a rule, the source line, the caret."""
    (at,) = [number for number, line in enumerate(lines) if line.strip() == "|"]
    return lines[at : at + 3]


@pytest.fixture(scope="module")
def excerpts():
    """Return the excerpt that ``validate`` shows of each text; it is asked once for each."""
    return {}


@together("command", COMMANDS)
@together("text", TEXTS)
def test_it_is_the_excerpt_of_validate(command, text, tmp_path, monkeypatch, run, excerpts):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text(TEXTS[text])
    (tmp_path / "fine.session.toml").write_text(HEAD)
    if text not in excerpts:
        excerpts[text] = excerpt(run("validate", FILE)[1].splitlines())
    code, out, err = run(*COMMANDS[command])
    assert code == 1, err
    lines = err.splitlines()
    assert lines[0].startswith(f"sessionctl: error: {FILE}:")
    assert lines[1:4] == excerpts[text]
    assert all(line.startswith("sessionctl: hint: ") for line in lines[4:])
    assert "hunter2" not in out + err
    assert "\x1b" not in err


@together("command", ["get", "show", "diff", "fmt"])
def test_stdin_has_an_excerpt_too(command, tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fine.toml").write_text("a = 1\n")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a = 1\nb = oops\n")))
    more = {"get": ["a"], "diff": ["fine.toml"]}.get(command, [])
    code, out, err = run(command, "-", *more)
    assert (code, out) == (1, "")
    assert err.splitlines()[:4] == [
        "sessionctl: error: <stdin>:2:5: this is not a value; a string needs quotes",
        "  |",
        "2 | b = oops",
        "  |     ^^^^",
    ]


def test_the_diff_of_a_work_tree_has_one_for_each_file(git_repo):
    git_repo.commit("begin", a__session__toml=HEAD, b__session__toml=HEAD)
    for name in ("a", "b"):
        (git_repo.path / f"{name}.session.toml").write_text(f"{HEAD}root = somewhere\n")
    done = main_inside("diff", cwd=git_repo.path)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines.count("3 | root = somewhere") == 2
    assert lines.count("  |        ^^^^^^^^^") == 2


def test_a_sidecar_that_is_broken_shows_no_value(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    name = "api.secrets.toml"
    (tmp_path / name).write_text('v = 1\n"a.b" = plainword and more\n')
    _, told, _ = run("validate", name)
    _, _, err = run("get", name, "v")
    assert err.splitlines()[1:4] == excerpt(told.splitlines())
    assert "plainword" not in err


def test_what_is_not_utf8_and_a_text_without_a_name_have_none(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_bytes(b'a = "\xff"\n')
    _, _, err = run("get", FILE, "a")
    assert " |" not in err
    console = Console(stdout=io.StringIO(), stderr=io.StringIO())
    assert guarded(lambda: Document.parse("a = oops\n") and 0, console) == 1
    assert " |" not in console.stderr.getvalue()


def test_quiet_leaves_the_excerpt_and_no_hint(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("a = oops\n")
    _, _, err = run("-q", "get", FILE, "a")
    assert len(err.splitlines()) == 4


def test_on_a_terminal_it_is_as_wide_as_that_and_coloured():
    leader, follower = pty.openpty()
    try:
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        with os.fdopen(follower, "w") as stderr:
            console = Console(stdout=io.StringIO(), stderr=stderr, environ={"TERM": "xterm"})
            text = f'a = "{"x" * 300}" y = 1\n'
            assert guarded(lambda: Document.parse(text, "a.toml") and 0, console) == 1
            stderr.flush()
            said = ""
            while "^" not in said or not said.endswith("\n"):  # it comes in pieces
                said += os.read(leader, 4096).decode()
    finally:
        os.close(leader)
    said = said.splitlines()
    assert max(map(len, said[1:3])) <= 60
    assert said[2].startswith("1 | ...xxx")
    assert said[3].endswith("\x1b[1;31m^\x1b[0m")


def test_an_interrupt_ends_the_excerpt_and_not_the_report(monkeypatch):
    asked = []

    def interrupted(*_, **how):
        asked.append(how)
        raise KeyboardInterrupt

    monkeypatch.setattr("sessionctl.core.render.problem_excerpt.safe_source", interrupted)
    console = Console(stdout=io.StringIO(), stderr=io.StringIO())
    assert guarded(lambda: Document.parse("a = oops\n", "a.session.toml") and 0, console) == 1
    assert asked
    assert console.stderr.getvalue().startswith("sessionctl: error: a.session.toml:1:5: ")


def test_no_message_of_the_error_holds_its_text():
    with pytest.raises(ParseError) as caught:
        Document.parse("a = 1\nprivate = hunter2\n", "a.toml")
    assert caught.value.text == "a = 1\nprivate = hunter2\n"
    assert "hunter2" not in f"{caught.value} {caught.value!r} {caught.value.args}"
