"""What a shell completes for the everyday commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessionctl.services.settings.settings_files import known_settings
from tests.main_inside import main_inside
from tests.pseudo_terminal import Terminal
from tests.tmux_world import TmuxWorld
from tests.together import together
from tests.world import IN_CI, run_sessionctl, write_program

TEXT = """\
root = "x"
"a b" = 1
[connections.prod]
host = "h"
port = 1
[[windows]]
name = "one"
[[windows]]
name = "two"
"""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "api.session.toml").write_text(TEXT)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".hidden.toml").write_text("")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.session.toml").write_text("")
    (tmp_path / "broken.toml").write_text("a = \n")
    return tmp_path


def complete(here, *words, start=main_inside):
    """Return what bash would offer for the last of ``words``."""
    env = {
        "_SESSIONCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("sessionctl", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = start(cwd=here, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_show_completes_session_files_and_directories(here):
    assert complete(here, "show", "''") == ["api", "b", "api.session.toml", "sub/"]
    assert complete(here, "show", "sub/") == ["sub/b.session.toml"]
    assert complete(here, "show", "ap") == ["api", "api.session.toml"]
    assert complete(here, "show", "nowhere/") == []


def test_get_completes_any_toml_file(here):
    assert complete(here, "get", "''") == [
        "api", "b", "api.session.toml", "broken.toml", "pyproject.toml", "sub/",
    ]  # fmt: skip
    assert complete(here, "get", ".h") == [".hidden.toml"]


@pytest.mark.parametrize("command", ["connect", "connections test", "connections keep"])
def test_the_connections_of_the_session_are_completed(here, command):
    (here / "api.session.toml").write_text(TEXT + '[connections.spare]\ndriver = "redis"\n')
    assert complete(here, *command.split(), "api", "''") == ["prod", "spare"]
    assert complete(here, *command.split(), "api", "s") == ["spare"]
    assert complete(here, *command.split(), "nothing", "''") == []
    if command.endswith("keep"):
        assert complete(here, *command.split(), "api", "prod", "''") == ["spare"]


def test_help_completes_commands_and_those_of_a_group(here):
    assert complete(here, "help", "rec") == ["recover", "recipients"]
    assert complete(here, "help", "ex") == ["explain", "export", "exit-codes"]
    assert complete(here, "help", "connections", "f") == ["favourite", "forget"]
    assert complete(here, "help", "set", "''") == complete(here, "help", "no", "''") == []


def test_running_sessions_are_completed(here, tmp_path):
    world = TmuxWorld(tmp_path / "home")
    try:
        for words in (("save", "''"), ("close", "''"), ("restore", "--into", "''")):
            line = (words[0], "--tmux-socket", world.socket, *words[1:])
            assert complete(here, *line) == []
        for name in ("a b", "web"):
            world.tmux("new-session", "-d", "-s", name, "cat")
        for words in (("save", "''"), ("close", "''"), ("restore", "--into", "''")):
            line = (words[0], "--tmux-socket", world.socket, *words[1:])
            assert complete(here, *line) == ["a b", "web"]
        assert complete(here, "save", "--tmux-socket", world.socket, "w") == ["web"]
    finally:
        world.remove()


def test_a_shell_asks_a_process_of_its_own(here):
    assert complete(here, "get", ".h", start=run_sessionctl) == [".hidden.toml"]


def test_policies_are_completed_behind_a_path_too(here):
    assert complete(here, "merge", "--prefer", "''") == [
        "ours",
        "theirs",
        "union",
        "newest",
        "max",
        "usual",
    ]
    assert complete(here, "merge", "--prefer", "a.*=m") == ["a.*=max"]


def test_the_conflicts_of_a_file_are_completed_and_then_what_to_take(here):
    conflict = "<<<<<<< a\nx.y = 1\n=======\nx.y = 2\n>>>>>>> b\n"
    (here / "c.toml").write_text(f"{conflict}[[w]]\nname = 'n'\n{conflict}")
    paths = ["x.y=", "w[name=n].x.y=", "*="]
    assert complete(here, "resolve", "c.toml", "--prefer", "''") == paths
    assert complete(here, "resolve", "c.toml", "--prefer", "w[na") == paths[1:2]
    assert complete(here, "resolve", "c.toml", "--prefer", "w[name=") == paths[1:2]
    assert complete(here, "resolve", "c.toml", "--prefer", "x.y=m") == ["x.y=max"]
    assert complete(here, "resolve", "none.toml", "--prefer", "x") == []


def test_keys_are_completed_a_level_at_a_time(here):
    def keys(word):
        return complete(here, "get", "api.session.toml", word)

    assert keys("''") == ["root", '"a b"', "connections", "windows"]
    assert keys("ro") == ["root"]
    assert keys("connections") == [
        "connections", "connections.prod", "connections.prod.host", "connections.prod.port",
    ]  # fmt: skip
    assert keys("connections.prod.h") == ["connections.prod.host"]
    assert keys("windows") == ["windows", "windows[name=one]", "windows[name=two]"]
    assert keys("windows[name=one].") == ["windows[name=one].name"]
    assert keys("windows[0") == ["windows[0]", "windows[0].name"]
    assert keys("windows[0].") == ["windows[0].name"]
    assert keys("root.x") == []


PANES = """\
[[windows]]
name = "a.b"
[[windows.panes]]
run = "x"
[[windows.panes]]
name = "code"
[[windows]]
name = "te st: 1"
[[windows.panes]]
name = "logs"
"""


@together(
    ("words", "offered"),
    [
        (["get", "'windows[name=a"], ["windows[name=a.b]", ".name", ".panes"]),
        (["get", "'windows[name=a.b].p"], ["windows[name=a.b].panes", "[0]", "[1]"]),
        (["get", "'windows[name=te st: 1].panes[n"],
         ["windows[name=te st: 1].panes[name=logs]", ".name"]),
        (["unset", "'windows[name=a.b].panes[0]."], ["windows[name=a.b].panes[0].run"]),
        (["move", "'windows[name=t"], ["windows[name=te st: 1]", ".name", ".panes"]),
        # What a session could have is offered too where a key is set.
        (["set", "'windows[name=a.b].la"],
         ["windows[name=a.b].layout", "=windows[name=a.b].last"]),
        (["set", "'windows[name=a.b].panes[1].st"], ["windows[name=a.b].panes[1].start"]),
        (["set", "windows.p"], []),
        (["get", "'windows[name=a.b].la"], []),
    ],
)  # fmt: skip
def test_items_are_completed_by_name_with_their_keys_and_panes(tmp_path, words, offered):
    (tmp_path / "api.session.toml").write_text(PANES)
    first, *more = offered or [""]
    wanted = [first, *(one.removeprefix("=") if one[0] == "=" else first + one for one in more)]
    command, key = words
    assert complete(tmp_path, command, "api", key) == (wanted if offered else [])


@together(
    ("typed", "offered"),
    [
        ("''", {"root", "windows", "connections"}),
        ("windows.panes.st", {"windows.panes.start"}),
        ("'windows[name=a.b].pan", {"windows[name=a.b].panes"}),
        ("'windows[name=a.b].panes[0].cw", {"windows[name=a.b].panes[0].cwd"}),
        ("'windows[name=", set()),
    ],
)
def test_keys_of_the_format_are_completed_for_explain(tmp_path, typed, offered):
    found = set(complete(tmp_path, "explain", typed))
    assert offered <= found
    assert bool(offered) == bool(found)


@pytest.mark.parametrize("command", ["set", "unset"])
def test_keys_are_completed_for_edits_too(here, command):
    assert complete(here, command, "api.session.toml", "ro") == ["root"]


def test_the_keys_of_a_session_are_completed_behind_its_name(here):
    assert complete(here, "get", "api", "ro") == ["root"]
    assert complete(here, "get", "nobody", "ro") == []


def test_a_file_that_cannot_be_read_has_no_keys(here):
    assert complete(here, "get", "broken.toml", "a") == []
    assert complete(here, "get", "nowhere.toml", "a") == []


def test_a_large_file_offers_so_many_keys_and_no_more(here):
    (here / "large.toml").write_text("".join(f"k{number} = 1\n" for number in range(600)))
    assert len(complete(here, "get", "large.toml", "k")) == 500


ODD_NAME = "do$HOME `x` \"q\" 'r' (1) \\b & c"
NAMED = [
    ("show Größe\\ d", "Größe drei"),
    ("show do", ODD_NAME),
    ('show "do', ODD_NAME),
    ("show 'do", ODD_NAME),
    ("show ~/of", "~/of home.session.toml"),
    ("show Gr", "Größe drei"),
    ('show "Gr', "Größe drei"),
    ("show 'Gr", "Größe drei"),
    ("show st", "st* [0]"),
    ("show plain-", "plain-name"),
]


@together(("typed", "name"), NAMED if IN_CI else NAMED[:5])
def test_bash_inserts_a_word_that_it_reads_as_that_word(tmp_path, typed, name):
    shutil.which("bash") or pytest.skip("there is no bash")
    home = tmp_path / "home"
    home.mkdir()
    (home / "of home.session.toml").write_text("")
    for one in ("plain-name", name):
        if not one.startswith("~"):
            (tmp_path / f"{one}.session.toml").write_text("")
    (tmp_path / "st1 [0]").write_text("")
    (tmp_path / "sc").write_text(main_inside("completion", "bash").stdout)
    programs = tmp_path / "programs"
    programs.mkdir()
    write_program(programs)
    env = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PS1": "> ",
        "TERM": "dumb",
    }
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], tmp_path, env, columns=500)
    # What bash reads once the line is complete, is written word by word.
    call = "sessionctl() { printf '%s\\0' \"$@\" > words; }"
    terminal.type(f"source ./sc; {call}; echo REA''DY\n")
    at = terminal.wait_for("READY")
    terminal.type(f"sessionctl {typed}\t")
    terminal.settle()
    # Name and file begin alike, so a quote that was opened is still open.
    quote = typed[5] if typed[5] in "\"'" else ""
    terminal.type(f"{quote}\n echo DO''NE\n")
    terminal.wait_for("DONE", since=at)
    terminal.type("exit\n")
    terminal.end()
    words = (tmp_path / "words").read_text().split("\0")
    assert words[1] == name.replace("~", str(home)), terminal.screen


# What is typed before TAB, what behind it, and the last word that the shell reads then.
KEYS = [
    ("get api windows\\[name=te", "", "windows[name=te st: 1]"),
    ("get api 'windows[name=te", "'", "windows[name=te st: 1]"),
    ('get api "windows[name=te', '"', "windows[name=te st: 1]"),
    ("get api windows\\[name=a.b\\].panes\\[1\\].n", "", "windows[name=a.b].panes[1].name"),
    ("unset api 'windows[name=te st: 1].na", "", "windows[name=te st: 1].name"),
    ("set api 'windows[name=a.b].panes[1].star", "", "windows[name=a.b].panes[1].start"),
    ("explain 'windows[name=te st: 1].lay", "", "windows[name=te st: 1].layout"),
    ("merge --prefer a.b=new", "", "a.b=newest"),
]


@pytest.mark.slow  # three shells draw their lines; what they are offered is tested above
@together(
    ("shell", "options"),
    [
        ("bash", ["--norc", "--noprofile", "-i"]),
        ("zsh", ["-f", "-i"]),
        ("fish", ["--no-config", "-i"]),
    ],
)
def test_each_shell_inserts_a_key_that_it_reads_as_that_key(tmp_path, shell, options):
    shutil.which(shell) or pytest.skip(f"there is no {shell}")
    (tmp_path / "api.session.toml").write_text(PANES)
    (tmp_path / "sc").write_text(main_inside("completion", shell).stdout)
    (tmp_path / "home" / ".local/share/fish/generated_completions").mkdir(parents=True)
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8", "PS1": "> ", "TERM": "dumb",
    }  # fmt: skip
    terminal = Terminal([shell, *options], tmp_path, env, columns=500)
    call = "sessionctl() { printf '%s\\0' \"$@\" > words; }"
    begin = "autoload -U compinit; compinit -D; " if shell == "zsh" else ""
    if shell == "fish":
        call = "function sessionctl; printf '%s\\0' $argv > words; end"
    terminal.type(f"{begin}. ./sc; {call}; echo REA''DY\n")
    terminal.wait_for("READY")
    read = []
    for number, (typed, more, _) in enumerate(KEYS):
        at = len(terminal.screen)
        terminal.type(f"sessionctl {typed}\t")
        terminal.settle()
        terminal.type(f"{more}\n")
        terminal.type(f"echo DO''NE{number}\n")
        terminal.wait_for(f"DONE{number}", since=at)
        read.append((tmp_path / "words").read_text().split("\0")[-2])
    terminal.type("exit\n")
    terminal.end()
    assert read == [word for *_, word in KEYS], terminal.screen.decode()


def test_fish_shows_a_description_whole(tmp_path):
    shutil.which("fish") or pytest.skip("there is no fish")
    (tmp_path / "sc").write_text(main_inside("completion", "fish").stdout)
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    ask = "source ./sc; complete -C 'sessionctl config get backups.coun'"
    shown = subprocess.run(
        ["fish", "--no-config", "-c", ask], cwd=tmp_path, env=env, capture_output=True, text=True,
        timeout=60, check=True,
    ).stdout  # fmt: skip
    description = next(s for s in known_settings() if s.key == "backups.count").schema[
        "description"
    ]
    assert ", " in description
    assert shown == f"backups.count\t{description}\n"
