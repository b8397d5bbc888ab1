"""Texts of the system: as TOML holds them, as a shell is typed them, as a file names a place."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionctl.core.workspace.old_text_screen import above_prompt
from sessionctl.core.workspace.path_scope import PathScope, unset_variable
from sessionctl.core.workspace.raw_text import from_value, is_raw, to_value
from sessionctl.core.workspace.shell_line import (
    acts_on_terminal,
    script_line,
    script_text,
    shell_command,
    shell_lines,
    typed_line,
    up_to_risk,
)
from tests.core.workspace.workspaces import argvs, words
from tests.together import together
from tests.world import need

SHOW = ("import os, sys", "sys.stdout.buffer.write(b'\\0'.join(map(os.fsencode, sys.argv)))")
SCOPE = PathScope("/base", "/home/ada", {"P": "/srv/p", "EMPTY": ""})


@given(words)
def test_a_text_is_read_back_from_its_value(text):
    assert from_value(to_value(text)) == text


@given(words)
def test_only_bytes_that_are_no_utf8_need_a_table(text):
    assert is_raw(to_value(text)) == any(0xDC80 <= ord(c) <= 0xDCFF for c in text)


def test_bytes_are_written_as_people_read_them():
    assert to_value("caf\udce9 \\x") == {"bytes": "caf\\xe9 \\\\x"}
    assert from_value({"bytes": "\\x41\\xc3\\xa9"}) == "Aé"
    assert from_value(5) is None
    assert from_value({"bytes": 5}) is None
    assert from_value({"bytes": "a", "b": 1}) is None


def run_shell(shell, line):
    """Return the argv that ``line`` gives to a program, as ``shell`` reads it."""
    show = "\n".join((SHOW[0], "sys.argv.pop(0)", SHOW[1]))
    done = subprocess.run(
        [shell, "-c", f'show() {{ python3 -c "$SHOW" "$@"; }}\n{line}']
        if shell != "fish"
        else [shell, "-c", f'function show; python3 -c "$SHOW" $argv; end\n{line}'],
        env={**os.environ, "SHOW": show},
        capture_output=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    return tuple(os.fsdecode(word) for word in done.stdout.split(b"\0"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "dash"])
@settings(max_examples=min(settings().max_examples, 15))
@given(rest=st.lists(words, min_size=1, max_size=3))
def test_a_typed_line_gives_a_program_just_its_arguments(shell, rest):
    need(shell)
    argv = ("show", *rest)
    line = typed_line(argv, shell)
    if line is not None and any(rest):
        called = line.removeprefix(" command ")  # a function stands for the program here
        assert run_shell(shell, called) == tuple(rest)


@given(argvs)
def test_a_typed_line_is_one_line_that_no_history_keeps(argv):
    line = typed_line(argv, "zsh")
    assert line is None or (line.startswith(" ") and line.isprintable())


@together(
    ("argv", "shell", "line"),
    [
        (("vim", "+set nomodified", "notes.md"), "bash", " command vim '+set nomodified' notes.md"),
        (("/bin/x", "it's"), "zsh", " /bin/x 'it'\"'\"'s'"),
        (("x", "a\\b"), "bash", " command x 'a\\b'"),
        (("x", "a\\b"), "fish", None),
        (("x", "a\nb"), "bash", None),
        (("x", "\udce9"), "bash", None),
        (("x", "a" * 2000), "bash", None),
        (("x",), "tcsh", None),
        (("-x",), "bash", None),
        (("",), "bash", None),
        (("x", "", "~", "=a", "--a=b"), "zsh", " command x '' '~' '=a' --a=b"),
    ],
)
def test_a_line_is_quoted_no_more_than_it_needs(argv, shell, line):
    assert typed_line(argv, shell) == line


@settings(max_examples=min(settings().max_examples, 25))
@given(rest=st.lists(words, max_size=4))
def test_a_script_becomes_just_its_arguments_and_removes_itself(rest, tmp_path_factory):
    path = tmp_path_factory.mktemp("script") / "s"
    show = ("python3", "-c", "\n".join(SHOW))
    path.write_bytes(script_text((*show, *rest), str(path)).encode(errors="surrogateescape"))
    line = script_line(str(path))
    assert re.fullmatch(r" sh '?/\S+", line)
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=20)
    assert tuple(os.fsdecode(word) for word in done.stdout.split(b"\0")) == ("-c", *rest)
    assert not path.exists()


def test_one_word_alone_is_a_command_that_the_program_replaces():
    assert shell_command(("my prog",)) == "exec 'my prog'"


# -- directories -----------------------------------------------------------------------------


@together(
    ("text", "above", "path"),
    [
        (".", "/a", "/a"), ("x/../y", "/a", "/a/y"), ("~", "/a", "/home/ada"),
        ("~/x", "/a", "/home/ada/x"), ("$P/x", "/a", "/srv/p/x"), ("${P}", "/a", "/srv/p"),
        ("$NOPE/x", "/a", "/a/$NOPE/x"), ("/b", "/a", "/b"), ("./~", "/a", "/a/~"),
        ("$HOME & co", "/a", "/a/$HOME & co"), ("x", "", "/base/x"), ("~x", "/a", "/a/~x"),
    ],
)  # fmt: skip
def test_a_directory_leads_where_it_says(text, above, path):
    assert SCOPE.resolve(text, above) == path


@given(
    st.lists(st.sampled_from(["a", "~", "$P", "b c", "home", "ada", "..x"]), max_size=4),
    st.sampled_from(["/", "/a", "/home/ada", "/home/ada/a", ""]),
)
def test_what_is_written_for_a_directory_leads_to_it(parts, above):
    path = "/" + "/".join(parts)
    assert SCOPE.resolve(SCOPE.express(path, above), above) == path


def test_a_link_and_what_it_leads_to_are_one_place():
    scope = PathScope("/b", "/home/ada", {}, lambda path: path.replace("/link", "/real"))
    assert scope.is_same("/link/x", "/real/x")
    assert scope.express("/real/x", "/link") == "x"


def test_a_variable_that_is_not_set_is_named():
    assert unset_variable("$NOPE/x", SCOPE.variables) == "NOPE"
    assert unset_variable("${P}/x", SCOPE.variables) == ""
    assert unset_variable("${NOPE}", SCOPE.variables) == "NOPE"
    assert unset_variable("x/$NOPE", SCOPE.variables) == ""
    assert unset_variable("x", SCOPE.variables) == ""


@together(
    ("path", "above", "text"),
    [
        ("/a/b", "/a", "b"), ("/a", "/a", "."), ("/ab", "/a", "/ab"), ("/a/b", "/a/", "b"),
        ("/a/~", "/a", "./~"), ("/a/$P", "/a", "./$P"), ("/a/x/~", "/a", "x/~"),
        ("/a", "/", "/a"), ("/", "/", "."), ("/home/ada", "/x", "~"), ("/home/ada/x", "/x", "~/x"),
        ("/home/adam", "/x", "/home/adam"), ("/home/ada/x", "/home/ada", "x"), ("/a", "", "/a"),
    ],
)  # fmt: skip
def test_a_directory_is_written_the_shortest_plain_way(path, above, text):
    assert SCOPE.express(path, above) == text


def test_without_a_home_directory_none_is_written():
    assert PathScope("/b").express("/home/ada", "/x") == "/home/ada"
    linked = PathScope("/b", "/link", {}, lambda path: path.replace("/link", "/real"))
    assert linked.express("/real/x", "/a") == linked.express("/link/x", "/a") == "~/x"


# -- shell texts -----------------------------------------------------------------------------


def test_the_lines_of_a_shell_text_are_those_that_are_not_blank():
    assert shell_lines("a\r\n\n  \n b\nc\r\n") == ("a", " b", "c")
    assert shell_lines(" \n") == ()


@together(
    ("lines", "typed"),
    [
        (("ls", "rm -rf x", "make"), ("ls", "rm -rf x")),
        (("rm -rf x", "make"), ("rm -rf x",)),
        (("ls", "make", "true"), ("ls",)),  # only together they can do harm
        ((), ()),
    ],
)
def test_lines_are_typed_up_to_the_first_that_can_do_harm(lines, typed):
    assert up_to_risk(lines) == typed


@together(
    ("text", "acts"),
    [("a\nb", False), ("a\tb", False), ("a\r\nb", False), ("a\rb", True), ("a\x1b[201~", True),
     ("a\x7f", True), ("a\x9b", True), ("", False), ("é", False)],
)  # fmt: skip
def test_control_characters_act_on_a_terminal(text, acts):
    assert acts_on_terminal(text) is acts


# -- old text --------------------------------------------------------------------------------


def test_old_text_takes_the_room_it_needs_and_no_more():
    assert above_prompt("a\nb\nc", width=80, height=24, cursor_row=0).count("\x1b[3L") == 1
    assert "\x1b[23L" in above_prompt("x\n" * 99, width=80, height=24, cursor_row=0)
    assert "\x1b[4L" in above_prompt("x" * 200 + "\ny", width=80, height=24, cursor_row=0)
    assert "\x1b[2L" in above_prompt("\x1b[31mred\x1b[0m\n日本", width=4, height=9, cursor_row=0)


@together(
    ("text", "size", "count"),
    [
        ("a\nb\nc", (80, 24, 0), 3), ("a", (80, 24, 0), 2), ("a", (80, 3, 0), 2),
        ("a", (80, 4, 1), 2), ("x\n" * 99, (80, 24, 3), 20), ("x" * 160 + "\ny", (80, 24, 0), 3),
        ("x" * 161 + "\ny", (80, 24, 0), 4), ("\x1b[31mred\x1b[0m\na\nb", (3, 9, 0), 3),
        ("日本\na\nb", (4, 9, 0), 3), ("日本x\na\nb", (4, 9, 0), 4), ("a\n\nb", (80, 9, 0), 3),
        ("abc", (0, 24, 0), 3),
    ],
)  # fmt: skip
def test_old_text_stands_above_the_prompt(text, size, count):
    width, height, row = size
    room = f"\x1b7\x1b[r\x1b[H\x1b[{count}L\x1b[1;{count}r\x1b[H"
    back = f"\x1b[0m\x1b[r\x1b8\x1b[{count}B"
    shown = above_prompt(text, width=width, height=height, cursor_row=row)
    assert shown == room + text.replace("\n", "\r\n") + back


def test_old_text_without_room_is_left_out():
    assert above_prompt("a", width=80, height=2, cursor_row=1) == ""
    assert above_prompt("", width=80, height=24, cursor_row=0) == ""
