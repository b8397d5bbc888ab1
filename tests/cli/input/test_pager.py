"""Long answers are read in the user's pager, on a terminal alone."""

from __future__ import annotations

import os

import pytest

from sessionctl.cli.input.pager import pager_command
from tests.pseudo_terminal import Terminal
from tests.world import need, program_words

OLD = "".join(f"key{number} = 1\n" for number in range(200))
DIFFERENT = 1


@pytest.fixture
def here(tmp_path, home):
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(OLD.replace("= 1", "= 2"))
    (tmp_path / "near.toml").write_text(OLD.replace("key7 = 1", "key7 = 2"))
    return tmp_path


def at_terminal(here, *arguments, **env):
    environ = {**os.environ, "TERM": "xterm", **env}
    for variable in ("PAGER", "GIT_PAGER", "LESS", "NO_COLOR"):
        if variable not in env:
            environ.pop(variable, None)
    argv = [*program_words(), *arguments]
    return Terminal(argv, here, environ)


def test_a_long_diff_waits_in_less_and_leaving_it_is_no_error(here):
    need("less")
    terminal = at_terminal(here, "diff", "old.toml", "new.toml")
    terminal.wait_for("key1")
    terminal.settle()
    assert b"key199" not in terminal.screen
    assert b"\x1b[" in terminal.screen
    terminal.type("q")
    assert terminal.end() == DIFFERENT
    assert b"Broken pipe" not in terminal.screen


def test_what_fits_on_the_screen_is_printed_and_done(here):
    need("less")
    terminal = at_terminal(here, "diff", "old.toml", "near.toml")
    assert terminal.end() == DIFFERENT
    assert b"key7" in terminal.screen


def test_ctrl_c_in_the_pager_is_the_pagers_own(here):
    need("less")
    terminal = at_terminal(here, "diff", "old.toml", "new.toml")
    terminal.wait_for("key1")
    terminal.settle()
    terminal.type("\x03")
    terminal.settle()
    terminal.type("q")
    assert terminal.end() == DIFFERENT


def test_a_pager_of_ones_own_may_be_a_line_for_the_shell(here):
    pager = "sed 's/key/KEY/' | head -n 3"
    terminal = at_terminal(here, "diff", "old.toml", "new.toml", PAGER=pager)
    assert terminal.end() == DIFFERENT
    assert b"KEY" in terminal.screen
    assert b"key" not in terminal.screen


@pytest.mark.parametrize(
    ("options", "env"),
    [
        (["--no-pager"], {"PAGER": "false"}),
        ([], {"PAGER": "cat"}),
        ([], {"PAGER": ""}),
        ([], {"TERM": "dumb", "PAGER": "false"}),
        ([], {"PAGER": "no-such-pager"}),
        (["--format", "json"], {"PAGER": "false"}),
    ],
    ids=str,
)
def test_where_no_pager_is_wanted_or_there_all_is_printed(here, options, env):
    terminal = at_terminal(here, "diff", *options, "old.toml", "new.toml", **env)
    assert terminal.end() == DIFFERENT
    assert b"key199" in terminal.screen


def test_log_is_paged_too(here, git_repo):
    git_repo.write("a.toml", OLD)
    git_repo.commit("one")
    terminal = at_terminal(git_repo.path, "log", "a.toml", PAGER="sed 's/one/ONE/'")
    assert terminal.end() == 0
    assert b"ONE" in terminal.screen


def test_the_order_is_gits():
    def configured():
        return "from git"

    assert pager_command({}, lambda: "") == "less"
    assert pager_command({"PAGER": "more"}, lambda: "") == "more"
    assert pager_command({"PAGER": "more"}, configured) == "from git"
    assert pager_command({"GIT_PAGER": "most", "PAGER": "more"}, configured) == "most"
    assert pager_command({"SESSIONCTL_PAGER": "x", "GIT_PAGER": "most"}, configured) == "x"
    assert pager_command({"GIT_PAGER": "cat"}, configured) == ""


@pytest.mark.parametrize("pager", ["no-such-pager", '"unclosed'])
def test_a_pager_that_is_no_program_is_named_after_the_answer(here, pager):
    terminal = at_terminal(here, "diff", "old.toml", "near.toml", PAGER=pager)
    assert terminal.end() == DIFFERENT
    note = f"ignoring PAGER: there is no program {pager}".encode()
    assert terminal.screen.count(note) == 1
    assert terminal.screen.index(b"key7") < terminal.screen.index(note)
