"""The voice: streams, colours, control characters, JSON."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import PurePosixPath
from typing import NamedTuple

import pytest

from sessionctl.cli.output.console import Console
from sessionctl.core.keypath import ItemKey, KeyPath
from tests.together import together


class Terminal(io.TextIOWrapper):
    """A stream in memory that is, or is not, a terminal."""

    def __init__(self, *, tty=False, encoding="utf-8"):
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.tty = tty

    def isatty(self):
        return self.tty

    @property
    def written(self):
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


def console_on(*, tty=False, environ=None, encoding="utf-8"):
    return Console(
        stdout=Terminal(tty=tty, encoding=encoding),
        stderr=Terminal(tty=tty, encoding=encoding),
        environ=environ or {"TERM": "xterm"},
    )


def test_the_answer_goes_to_stdout_and_the_talk_to_stderr():
    console = console_on()
    console.out("answer")
    console.note("note")
    console.warn("odd", hints=["look"])
    console.error("wrong", hints=["mend it"])
    assert console.stdout.written == "answer\n"
    assert console.stderr.written == (
        "note\n"
        "sessionctl: warning: odd\n"
        "sessionctl: hint: look\n"
        "sessionctl: error: wrong\n"
        "sessionctl: hint: mend it\n"
    )


def test_a_name_with_a_line_end_stays_in_its_line():
    console = console_on()
    console.warn("no\npe", hints=["a\nb"])
    console.error("x\r\ny")
    assert console.stderr.written.splitlines() == [
        "sessionctl: warning: no\u240ape",
        "sessionctl: hint: a\u240ab",
        "sessionctl: error: x\u240d\u240ay",
    ]


def test_quiet_leaves_warnings_and_errors():
    console = console_on()
    console.verbosity = -1
    console.note("note")
    console.detail("detail")
    console.hint("hint")
    console.warn("odd")
    console.error("wrong", hints=["mend it"])
    assert console.stderr.written == "sessionctl: warning: odd\nsessionctl: error: wrong\n"


def test_details_are_for_verbose_only():
    console = console_on()
    console.detail("one")
    console.verbosity = 1
    console.detail("two")
    assert console.stderr.written == "two\n"


@together(
    ("tty", "environ", "color", "expected"),
    [
        (True, {}, None, True),
        (False, {}, None, False),
        (True, {"NO_COLOR": "1"}, None, False),
        (True, {"NO_COLOR": ""}, None, True),
        (True, {"TERM": "dumb"}, None, False),
        (True, {}, False, False),
        (False, {}, True, True),
        (True, {"NO_COLOR": "1"}, True, True),
    ],
)
def test_colour_is_for_terminals_and_can_be_asked_for_and_refused(tty, environ, color, expected):
    console = console_on(tty=tty, environ=environ or {"LANG": "C"})
    console.color = color
    console.out(f"a {console.style('b', 'added')} c")
    assert console.stdout.written == ("a \x1b[32mb\x1b[0m c\n" if expected else "a b c\n")


def test_data_cannot_steer_the_terminal():
    console = console_on(tty=True)
    evil = "\x1b]0;title\x07\r\u202e\x9b2J\x7f"
    console.out(evil)
    console.out(console.style(evil, "key"))
    console.error(evil)
    shown = console.stdout.written + console.stderr.written
    assert shown.count("\u241b]0;title\u2407\u240d\\u202e\\u009b2J\u2421") == 3
    for ours in ("\x1b[1m", "\x1b[1;31m", "\x1b[0m"):
        shown = shown.replace(ours, "")
    assert not set(shown) & set("\x1b\x07\r\u202e\x9b\x7f")


@together("code", [*range(9), *range(11, 32), 127, 0x85, 0x9B, 0x202E, 0x2066])
def test_no_control_character_comes_to_the_terminal_alone(code):
    console = console_on(tty=True)
    console.out(f"a{chr(code)}b")
    console.warn(f"a{chr(code)}b")
    assert chr(code) not in console.stdout.written
    assert chr(code) not in console.stderr.written.replace("\x1b[", "")


def test_data_cannot_end_a_style():
    console = console_on(tty=True)
    console.out(console.style("a\ufdd0b\ufdd1c", "removed"))
    assert console.stdout.written == "\x1b[31mabc\x1b[0m\n"


def test_a_document_is_written_byte_for_byte():
    console = console_on()
    console.out("before")
    console.data("\ufeffa = '\u202e'\r\nb = 2")
    assert console.stdout.written == "before\n\ufeffa = '\u202e'\r\nb = 2"


def test_a_document_on_a_terminal_has_no_control_characters():
    console = console_on(tty=True)
    console.data("a = '\u202e\x9b'\r\nb = 2\r\n")
    assert console.stdout.written == "a = '\\u202e\\u009b'\nb = 2\n"


def test_what_the_terminal_cannot_write_is_escaped():
    console = console_on(encoding="latin-1")
    console.out("caf\u00e9 \u2713")
    console.error("name \udcff")
    assert console.stdout.written == "caf\u00e9 \\u2713\n"
    assert console.stderr.written == "sessionctl: error: name \\udcff\n"


class Pair(NamedTuple):
    first: object
    second: object


class Kind(Enum):
    ONE = "one"


def test_json_begins_with_its_schema_and_command():
    console = console_on()
    console.print_json("diff", same=False)
    text = console.stdout.written
    assert text.startswith('{\n  "schema": "sessionctl/v1",\n  "command": "diff",\n')
    assert json.loads(text) == {"schema": "sessionctl/v1", "command": "diff", "same": False}


def test_json_takes_toml_values_and_ours():
    console = console_on()
    console.print_json(
        "get",
        dates=[date(2026, 1, 2), time(3, 4), datetime(2026, 1, 2, tzinfo=UTC)],
        numbers=[1, 1.5, math.inf, -math.inf, math.nan, True, None],
        path=KeyPath(["windows", ItemKey("name", "a b"), "panes", 0]),
        file=PurePosixPath("a/b"),
        pair=Pair(1, (2,)),
        kind=Kind.ONE,
        table={"key": {"nested": "v"}},
    )
    answer = json.loads(console.stdout.written)
    assert answer["dates"] == ["2026-01-02", "03:04:00", "2026-01-02T00:00:00Z"]
    assert answer["numbers"] == [1, 1.5, "inf", "-inf", "nan", True, None]
    assert answer["path"] == "windows[name=a b].panes[0]"
    assert answer["file"] == "a/b"
    assert answer["pair"] == {"first": 1, "second": [2]}
    assert answer["kind"] == "one"
    assert answer["table"] == {"key": {"nested": "v"}}


def test_json_shows_control_characters_escaped_and_keeps_letters():
    console = console_on()
    console.print_json("get", value="\x1b\x9b\u202e\ud800 \u00fc")
    text = console.stdout.written
    assert '"\\u001b\\u009b\\u202e\\ud800 \u00fc"' in text
    assert json.loads(text)["value"] == "\x1b\x9b\u202e\ud800 \u00fc"


def test_json_refuses_what_it_does_not_know():
    with pytest.raises(TypeError, match="no JSON form for object"):
        console_on().print_json("get", value=object())


TOKEN = "ghp_" + "aB3xK9mQ2wZ7" * 3
PUTTY = "PuTTY-User-Key-File-3: ssh-ed25519"
LINES = [
    "plain",
    "",
    "─" * 40,
    "a b\tc\x1b[31m\x85é",
    "two\nlines",
    "\ufdd1odd\ufdd0",
    f"let {TOKEN} be",
    "https://app:hunter2xK9@db.example.org/x",
    "run with Tr0ub4dor!9x please",
    PUTTY,
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
    "=" * 60,
]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize("repeats", [1, 5])
def test_many_lines_are_written_as_each_would_be(monkeypatch, encoding, tty, repeats):
    monkeypatch.setattr("sessionctl.cli.output.console._AT_ONCE", 40)
    one, many = console_on(tty=tty, encoding=encoding), console_on(tty=tty, encoding=encoding)
    for left_out in range(len(LINES) + 1):
        lines = [line for number, line in enumerate(LINES) if number != left_out] * repeats
        lines = [*lines, one.style("role", "key") + "x" + one.style("é", "dim"), *LINES[:3] * 16]
        for each in lines:
            one.out(each)
        many.out_lines(lines)
    assert many.stdout.written == one.stdout.written
    assert TOKEN not in many.stdout.written
    assert "hunter2xK9" not in many.stdout.written


@pytest.mark.parametrize("line", LINES)
def test_a_secret_is_masked_among_lines_that_hold_none(line):
    one, many = console_on(), console_on()
    lines = ["─" * 70, line, "─" * 70]
    for each in lines:
        one.out(each)
    many.out_lines(lines)
    assert many.stdout.written == one.stdout.written
