"""What a shell completes for the everyday commands."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.main_inside import main_inside
from tests.pseudo_terminal import Terminal
from tests.together import together
from tests.world import run_sessionctl

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
    assert keys("windows") == ["windows", "windows[0]", "windows[1]"]
    assert keys("windows[0].") == ["windows[0].name"]
    assert keys("root.x") == []


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


@together(
    ("typed", "name"),
    [
        ("show Gr", "Größe drei"),
        ("show Größe\\ d", "Größe drei"),
        ('show "Gr', "Größe drei"),
        ("show 'Gr", "Größe drei"),
        ("show do", "do$HOME `x` \"q\" 'r' (1) \\b & c"),
        ('show "do', "do$HOME `x` \"q\" 'r' (1) \\b & c"),
        ("show 'do", "do$HOME `x` \"q\" 'r' (1) \\b & c"),
        ("show st", "st* [0]"),
        ("show plain-", "plain-name"),
        ("show ~/of", "~/of home.session.toml"),
    ],
)
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
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {
        **os.environ,
        "PATH": path,
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
