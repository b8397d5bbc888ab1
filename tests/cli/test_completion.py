"""What a shell completes for the everyday commands."""

from __future__ import annotations

import pytest

from tests.main_inside import main_inside
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
