"""Which sessions a tmux has, and which of them this runs in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.errors import UsageError
from sessionctl.services.live.adapters.workspace_adapter import Detection
from sessionctl.services.live.tmux.adapter import TmuxAdapter
from sessionctl.system.tmux.tmux_server import NoServerError
from tests.together import together

INSIDE = {"TMUX": "/s,1,0", "TMUX_PANE": "%3"}


class Server:
    """A server with these sessions; ``here`` is the session of this pane, None for none."""

    def __init__(self, sessions, here=None, environ=(), socket=""):
        self.sessions, self.here, self.asked = sessions, here, []
        self.environ, self.socket = dict(environ), socket

    def is_running(self):
        return self.sessions is not None

    def run(self, commands):
        self.asked += commands
        [command] = commands
        if command[0] == "list-sessions":
            if self.sessions is None:
                raise NoServerError("tmux: no server runs")
            return [SimpleNamespace(text="".join(f"{name}\n" for name in self.sessions))]
        return [SimpleNamespace(text=f"{self.here}\n", is_done=self.here is not None)]


def adapter(*about, **more):
    adapter = TmuxAdapter({})
    adapter.server = Server(*about, **more)
    return adapter


@together(
    "server, sessions, around, current",
    [
        ((None,), [], "", NoServerError("tmux: no session runs")),
        (([],), [], "", NoServerError("tmux: no session runs")),
        ((["a b"],), ["a b"], "", "a b"),
        ((["a", "b"],), ["a", "b"], "",
         UsageError("which session? several run", hints=["name one, or --all: a, b"])),
        ((["a", "b"], "b", INSIDE), ["a", "b"], "b", "b"),
        ((["a"], None, INSIDE), ["a"], "", "a"),
        ((["a", "b"], "b", {"TMUX_PANE": "%3"}), ["a", "b"], "",
         UsageError("which session? several run", hints=["name one, or --all: a, b"])),
        ((["a"], "b", {"TMUX": "/s,1,0"}), ["a"], "", "a"),
        # Another server than the one this runs in.
        ((["a"], "b", INSIDE, "other"), ["a"], "", "a"),
    ],
    ids=str,
)  # fmt: skip
def test_the_session_this_runs_in_or_the_only_one(server, sessions, around, current):
    tmux = adapter(*server)
    assert (tmux.sessions(), tmux.around()) == (sessions, around)
    if isinstance(current, str):
        assert tmux.current() == current
    else:
        with pytest.raises(type(current)) as caught:
            tmux.current()
        assert caught.value.message == current.message
        assert caught.value.hints == current.hints
    found = Detection(is_running=False)
    if server[0] is not None:
        found = Detection(is_running=True, sessions=tuple(sessions), current=around)
    assert tmux.detect() == found


def test_names_are_read_as_tmux_writes_them():
    tmux = adapter([r"a\\b", "c"], r"a\\b", INSIDE)
    assert tmux.sessions() == ["a\\b", "c"]
    assert tmux.around() == "a\\b"
    assert tmux.server.asked == [
        ("list-sessions", "-F", "#{session_name}"),
        ("display-message", "-p", "-t", "%3", "#{session_name}"),
    ]
    fresh = TmuxAdapter({"A": "1"}, "sock", "/state")
    assert (fresh.server.environ, fresh.server.socket, fresh.state) == (
        {"A": "1"},
        "sock",
        "/state",
    )
