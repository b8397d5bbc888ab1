"""All that a server answers, as rows; what is asked for, word by word."""

from __future__ import annotations

import pytest

from sessionctl.errors import KeyNotFoundError, ToolError
from sessionctl.system.tmux.answer_fields import FIELD, RECORD
from sessionctl.system.tmux.option_defaults import ASKED
from sessionctl.system.tmux.server_survey import (
    PaneRow,
    ServerRow,
    SessionRow,
    WindowRow,
    add_details,
    take_survey,
)
from sessionctl.system.tmux.tmux_server import TmuxAnswer


def rows(*found):
    return "".join(FIELD.join(map(str, one)) + RECORD + "\n" for one in found)


class Server:
    """A server that answers each batch from a list of texts; an exception is its error."""

    def __init__(self, *batches):
        self.batches, self.asked = list(batches), []

    def run(self, commands):
        self.asked.append([tuple(command) for command in commands])
        answers = self.batches.pop(0)
        assert len(answers) == len(commands)
        return [
            TmuxAnswer("", str(one)) if isinstance(one, Exception) else TmuxAnswer(one, "")
            for one in answers
        ]


SERVER = ("3.4", 77, 1700, "/etc/tmux.conf,/h/.tmux.conf", "/tmp/s", "box")
WINDOW = ("$1", "@1", 2, "a b\nc", 1, 0, 1, 80, 24, "even")
PANE = (
    "@1",
    "%1",
    1,
    1,
    0,
    4711,
    "/dev/pts/1",
    0,
    0,
    0,
    80,
    12,
    "title",
    '"vi" "a b"',
    0,
    5,
    0,
    "/h",
)
FIRST = [
    rows(SERVER),
    rows(("$1", "b", "/h", "", 0), ("$2", "a", "/x", "g", 2)),
    rows(WINDOW, ("$2", "@1", 0, "n", 0, 1, 0, 80, 24, "x"),
         ("$1", "@2", 0, "m", 0, 0, 0, 1, 2, "y")),
    rows(PANE, PANE,
         ("@1", "%2", 0, 0, 1, "", "/dev/pts/2", 1, 0, 13, 80, 11, "", "", 1, "", 1, "/")),
]  # fmt: skip
OPTIONS = ["status on\nupdate-environment[0] DISPLAY\nupdate-environment[1] SSH_*\n", "", ""]


def survey(*more):
    server = Server([*FIRST, *OPTIONS, "A=1\n-B\nC=d=e\nlost\n"], *more)
    return server, take_survey(server)


def test_the_rows_of_a_server():
    server, found = survey()
    assert found.server == ServerRow(
        "3.4", "77.1700", ("/etc/tmux.conf", "/h/.tmux.conf"), "/tmp/s", "box"
    )
    assert found.sessions == [
        SessionRow("$1", "b", "/h", "", False), SessionRow("$2", "a", "/x", "g", True),
    ]  # fmt: skip
    first = WindowRow("$1", "@1", 2, "a b\nc", True, False, True, 80, 24, "even")
    other = WindowRow("$1", "@2", 0, "m", False, False, False, 1, 2, "y")
    linked = WindowRow("$2", "@1", 0, "n", False, True, False, 80, 24, "x")
    assert found.windows == [first, linked, other]
    assert found.windows_of("$1") == [other, first]
    one = PaneRow("@1", "%1", 1, True, False, 4711, "/dev/pts/1", False, 0, 0, 80, 12, "title",
                  ("vi", "a b"), False, 5, False, "/h")  # fmt: skip
    two = PaneRow("@1", "%2", 0, False, True, 0, "/dev/pts/2", True, 0, 13, 80, 11, "", (), True,
                  0, True, "/")  # fmt: skip
    assert found.panes == [one, two]
    assert found.panes_of("@1") == [two, one]
    assert found.panes_of("@2") == found.windows_of("$9") == []
    assert found.global_environment == {"A": "1", "C": "d=e"}
    assert (found.local, found.environment) == ({}, {})
    assert (found.options.value("status"), found.session("a").id) == (True, "$2")
    with pytest.raises(KeyNotFoundError) as caught:
        found.session("none")
    assert caught.value.message == "tmux: there is no session none"
    assert list(caught.value.hints) == ["there are: a, b"]
    [asked] = server.asked
    assert [command[:-1] for command in asked[:4]] == [
        ("display-message", "-p"), ("list-sessions", "-F"), ("list-windows", "-a", "-F"),
        ("list-panes", "-a", "-F"),
    ]  # fmt: skip
    assert tuple(asked[4:]) == (*map(tuple, ASKED), ("show-environment", "-g"))
    assert asked[1][-1] == FIELD.join(
        f"#{{{name}}}" for name in
        ("session_id", "session_name", "session_path", "session_group", "session_attached")
    ) + RECORD  # fmt: skip


def test_a_server_that_ends_just_now_is_no_survey():
    server = Server([*FIRST, *OPTIONS, ToolError("server exited")])
    with pytest.raises(ToolError, match=r"\Atmux: server exited\Z"):
        take_survey(server)


def test_what_is_set_for_sessions_windows_and_panes_alone():
    variables = "A=1\nB=two\nlines\n-GONE\nDISPLAY=:0\nSSH_X=1\n"
    server, found = survey(
        ["mouse off\n", "base-index 1\n", "", "remain-on-exit on\n", "@x y\n",
         variables, "HIDDEN=h\n"],
        # Each by its name; it is shown or hidden: A, B, GONE, HIDDEN, lines.
        ["A=1\n", KeyError("unknown"), "B=two\nlines\n", KeyError("unknown"), "-GONE\n",
         KeyError("unknown"), KeyError("unknown"), "HIDDEN=h\n", KeyError("unknown"), "other\n"],
    )  # fmt: skip
    add_details(server, found, ["$1"])
    assert server.asked[1] == [
        ("show-options", "-H", "-t", "$1"), ("show-options", "-H", "-w", "-t", "@1"),
        ("show-options", "-H", "-w", "-t", "@2"), ("show-options", "-H", "-p", "-t", "%1"),
        ("show-options", "-H", "-p", "-t", "%2"), ("show-environment", "-t", "$1"),
        ("show-environment", "-h", "-t", "$1"),
    ]  # fmt: skip
    names = ("A", "B", "GONE", "HIDDEN", "lines")
    assert server.asked[2] == [
        ("show-environment", *flag, "-t", "$1", "--", name) for name in names
        for flag in ((), ("-h",))
    ]  # fmt: skip
    assert found.local == {
        "$1": {"mouse": False}, "@1": {"base-index": 1}, "@2": {}, "%1": {"remain-on-exit": True},
        "%2": {"@x": "y"},
    }  # fmt: skip
    assert found.environment == {"$1": {"A": "1", "B": "two\nlines", "GONE": None, "HIDDEN": "h"}}


def test_a_session_may_have_its_own_list_of_what_clients_bring():
    server, found = survey(
        ["update-environment[0] A\n", "", "", "", "", "A=1\nDISPLAY=:0\n", ""],
        ["DISPLAY=:0\n", ""],
    )
    add_details(server, found, ["$1"])
    assert found.environment == {"$1": {"DISPLAY": ":0"}}
    server, found = survey(
        [
            "",
            "",
            "",
            "",
            "",
            "",
            "",
        ],
        [],
    )
    add_details(server, found, ["$1"])
    assert found.environment == {"$1": {}}
    assert server.asked[2] == []
