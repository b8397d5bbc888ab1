"""Batches of commands for a real tmux server: an answer for each, and why there is none."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import ToolError
from sessionctl.system.process import ProcessResult
from sessionctl.system.tmux.tmux_server import (
    NoServerError,
    TmuxAnswer,
    TmuxServer,
    _answers,
    short_name,
    socket_directory,
    socket_path,
    version_of,
    with_utf8,
)
from tests.tmux_world import TmuxWorld
from tests.together import together


@pytest.fixture
def world(tmp_path):
    world = TmuxWorld(tmp_path / "home")
    yield world
    world.end()


def test_each_command_of_a_batch_has_its_answer(world):
    server = TmuxServer(world.env, world.socket)
    assert not server.is_running()
    with pytest.raises(NoServerError) as caught:
        server.run([("list-sessions",)])
    assert str(caught.value) == f"tmux: no server runs at {world.socket}"
    assert server.run([]) == []
    (world.home / "own.conf").write_text("set -g @own yes\n")
    [made, own] = server.start(
        [("new-session", "-d", "-s", "a b", "-n", "ü"), ("show-options", "-gqv", "@own")],
        [str(world.home / "own.conf")],
    )
    assert (made, own) == (TmuxAnswer(""), TmuxAnswer("yes\n"))
    assert server.is_running()
    assert server.run(
        [
            ("display-message", "-p", "-t", "a b:", "#{window_name}"),
            ("kill-window", "-t", "none:"),
            ("display-message", "-p", "one\ntwo"),
            ("rename-session", "-t", "a b", "x;y 'z'"),
            ("list-sessions", "-F", "#{session_name}"),
        ]
    ) == [
        TmuxAnswer("ü\n"),
        TmuxAnswer("", "can't find session: none"),
        TmuxAnswer("one\ntwo\n"),
        TmuxAnswer(""),
        TmuxAnswer("x;y 'z'\n"),
    ]
    [refused] = server.run([("kill-window", "-t", "none:")])
    assert not refused.is_done
    assert made.is_done
    by_path = TmuxServer(world.env, socket_path(world.env, world.socket))
    assert by_path.argv == ["tmux", "-u", "-S", socket_path(world.env, world.socket)]
    assert by_path.is_running()
    inside = TmuxServer({**world.env, "TMUX": f"{by_path.socket},1,0"})
    assert inside.argv == ["tmux", "-u"]
    assert inside.is_running()


def test_a_tmux_that_is_missing_or_says_nothing(tmp_path):
    (tmp_path / "bin").mkdir()
    environ = {"PATH": str(tmp_path / "bin"), "TMUX_TMPDIR": str(tmp_path)}
    with pytest.raises(ToolError) as caught:
        TmuxServer(environ, "x").run([("list-sessions",)])
    assert (caught.value.message, list(caught.value.hints)) == (
        "tmux: not found on PATH", ["install tmux 3.2 or newer"],
    )  # fmt: skip
    program = tmp_path / "bin" / "tmux"
    for script, error, message in (
        ("exit 3", ToolError, "tmux: it did not understand the commands"),
        ("echo lost server >&2; exit 1", NoServerError, "tmux: no server runs at x"),
        ("echo server exited unexpectedly >&2", NoServerError, "tmux: no server runs at x"),
    ):
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        with pytest.raises(error) as caught:
            TmuxServer(environ, "x").run([("list-sessions",)])
        assert caught.value.message == message
    with pytest.raises(NoServerError, match=r"^tmux: no server runs at the default socket$"):
        TmuxServer(environ).run([("list-sessions",)])
    program.write_text("#!/bin/sh\necho odd >&2\n")
    assert TmuxServer(environ).run([("a",), ("b",)]) == [TmuxAnswer("", "odd")] * 2
    program.chmod(0o644)
    with pytest.raises(ToolError) as caught:
        TmuxServer(environ, "x").run([("list-sessions",)])
    assert list(caught.value.hints) == [f"chmod +x {program}"]


def test_which_answer_belongs_to_which_command():
    def answers(stdout, stderr, count):
        return _answers(ProcessResult(("tmux",), 1, stdout, stderr), "t", count)

    assert answers(b"a\nt.0\nt.2\n", b" \nno such\n", 3) == [
        TmuxAnswer("a\n"), TmuxAnswer("", "no such"), TmuxAnswer(""),
    ]  # fmt: skip
    assert answers(b"t.1\n", b"one\ntwo\n", 3) == [
        TmuxAnswer("", "one"), TmuxAnswer(""), TmuxAnswer("", "two"),
    ]  # fmt: skip
    assert answers(b"", b"one\ntwo\nthree\n", 2) == [TmuxAnswer("", "one; two; three")] * 2
    assert answers(b"", b"", 1) == [TmuxAnswer("", "tmux refused it")]
    assert answers(b"\xfft.0\n", b"", 1) == [TmuxAnswer("\udcff")]


@together(
    "text, version",
    [
        ("3.3a", (3, 3)), ("next-3.8", (3, 8)), ("tmux 3.2", (3, 2)), ("10.21-rc", (10, 21)),
        ("master", (0, 0)), ("3", (0, 0)), ("", (0, 0)),
    ],
)  # fmt: skip
def test_versions_of_tmux(text, version):
    assert version_of(text) == version


def test_where_sockets_are():
    user = os.getuid()
    assert socket_directory({}) == socket_directory({"TMUX_TMPDIR": ""}) == f"/tmp/tmux-{user}"
    environ = {"TMUX_TMPDIR": "/x", "TMUX": "/in/side,5,0"}
    assert socket_directory(environ) == f"/x/tmux-{user}"
    assert socket_path(environ, "") == "/in/side"
    assert socket_path(environ, "work") == f"/x/tmux-{user}/work"
    assert socket_path(environ, "/a/b") == "/a/b"
    assert socket_path({"TMUX_TMPDIR": "/x"}, "") == f"/x/tmux-{user}/default"
    assert short_name("list-keys") == "list-key"


def test_a_locale_is_given_where_none_is_named():
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        assert with_utf8({name: "C"}) == {name: "C"}
        assert with_utf8({name: "", "A": "1"}) == {name: "", "A": "1", "LANG": "C.UTF-8"}
    assert with_utf8({"LC_TIME": "C"}) == {"LC_TIME": "C", "LANG": "C.UTF-8"}
