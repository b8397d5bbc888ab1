"""A control client: which lines of tmux are a change, and what it asks for itself."""

from __future__ import annotations

import pytest

from sessionctl.system.tmux import control_client
from sessionctl.system.tmux.control_client import SETTINGS, UNATTACHED, ControlClient
from sessionctl.system.tmux.tmux_server import TmuxServer

_OURS = "12:00: client-1 command: show-messages"
_OTHER = "12:01: client-2 command: list-windows"
_SET = "12:01: client-2 command: set-option -g @n 1"


class _Process:
    """A tmux that says what it is given, and notes what is typed to it."""

    def __init__(self):
        self.said = []
        self.typed = []

    def read(self):
        return self.said.pop(0) if self.said else None

    def write(self, data):
        self.typed.append(data.decode().rstrip("\n"))


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(control_client, "PipedProcess", lambda argv, environ: _Process())
    return ControlClient(TmuxServer({}, "/run/tmux/s"), "$0", {"work": "#{window_name}"})


def _read(client, *lines):
    client.process.said.append("".join(f"{line}\n" for line in lines).encode())
    return client.read()


def _answered(client, number, *lines, end="end", of_client=1):
    mark = f"1700000000 {number} {of_client}"
    return _read(client, f"%begin {mark}", *lines, f"%{end} {mark}")


def _attached(client):
    """Attach it, and answer the two subscriptions and the log that it asks for at first."""
    _read(client, "%session-changed $0 work")
    client.process.typed.clear()
    for number in (1, 2):
        _answered(client, number)
    _answered(client, 3, _OURS)
    assert client.process.typed == []


def _subscription(name, value):
    return f"%subscription-changed {name} $0 - - - : {value}"


def test_it_subscribes_once_when_it_is_attached(client):
    _read(client, "%sessions-changed")
    assert client.process.typed == []
    _read(client, "%session-changed $0 work")
    _read(client, "%session-changed $1 other")
    first, second, log = client.process.typed
    assert "work::" in first
    assert f"{UNATTACHED}::" in second
    assert log == "show-messages"


@pytest.mark.parametrize("value", ["", "0", "off", "editor"])
def test_a_subscription_says_its_name_whatever_its_value(client, value):
    assert _read(client, _subscription("work", value)) == {"work"}


@pytest.mark.parametrize("value", ["", "0", "off"])
def test_a_session_that_stays_without_a_client_is_no_news(client, value):
    assert _read(client, _subscription(UNATTACHED, value)) == set()


@pytest.mark.parametrize("value", ["1", "on", "keep-last"])
def test_a_session_that_ends_without_a_client_is_reported(client, value):
    assert _read(client, _subscription(UNATTACHED, value)) == {UNATTACHED}


def test_other_events_are_a_change_and_noise_is_not(client):
    assert _read(client, "%window-renamed @0 logs") == {""}
    assert _read(client, "%output %0 %window-renamed", "%client-detached client-1", "") == set()


def test_a_line_that_comes_in_pieces_is_read_once_it_is_whole(client):
    client.process.said += [b"%window-re", b"named @0 logs\n%lay", b"out-change @0\n"]
    assert [client.read() for _ in range(4)] == [set(), {""}, {""}, None]


def test_what_stands_in_an_answer_is_no_event(client):
    _attached(client)
    client.ask_what_was_set()
    assert _answered(client, 4, "%window-renamed @0 logs", "%end 1700000000 3 1") == set()
    assert _read(client, "%window-renamed @0 logs") == {""}


def test_nothing_is_asked_before_it_is_attached(client):
    client.ask_what_was_set()
    assert client.process.typed == []


def test_the_subscriptions_of_a_busy_server_are_no_reason_to_read_the_log(client):
    _read(client, "%session-changed $0 work")
    client.process.typed.clear()
    _answered(client, 1)
    _answered(client, 9)
    assert client.process.typed == []


def test_the_log_is_read_only_where_others_did_something(client):
    _attached(client)
    client.ask_what_was_set()
    client.ask_what_was_set()
    assert client.process.typed == ["sessionctl-count"]
    _answered(client, 4, end="error")
    client.ask_what_was_set()
    _answered(client, 6, end="error")
    assert client.process.typed == ["sessionctl-count", "sessionctl-count", "show-messages"]


@pytest.mark.parametrize(("news", "said"), [(_SET, {SETTINGS}), (_OTHER, set())])
def test_an_option_that_another_client_set_is_reported(client, news, said):
    _attached(client)
    client.ask_what_was_set()
    _answered(client, 5, end="error")
    assert _answered(client, 6, _OURS, news, _OURS) == said
    assert client.has_log


def test_a_server_without_a_log_may_have_been_set_up_otherwise(client):
    _read(client, "%session-changed $0 work")
    for number in (1, 2, 3):
        _answered(client, number)
    assert not client.has_log
    client.ask_what_was_set()
    _answered(client, 5, end="error")
    assert _answered(client, 6, "no log", end="error") == {SETTINGS}


def test_what_others_did_before_they_were_forgotten_is_not_asked_for(client):
    _attached(client)
    client.forget_others()
    client.ask_what_was_set()
    _answered(client, 9, end="error")
    assert client.process.typed == ["sessionctl-count"]


def test_a_command_that_another_client_gave_is_no_answer_of_ours(client):
    _attached(client)
    client.ask_what_was_set()
    _answered(client, 7, of_client=0)
    _answered(client, 4, end="error")
    assert client.process.typed == ["sessionctl-count"]
