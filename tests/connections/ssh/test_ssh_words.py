"""What is said of an ssh connection, what comes back of it, and how its words are put together."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.connections import ConnectionFailure, ConnectionRequest, Failure, FailureKind
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.ssh.ssh_adapter import SshAdapter
from sessionctl.connections.ssh.ssh_arguments import Forward, shell_arguments
from tests.connections.adapter_calls import soon
from tests.together import together

ADAPTER = SshAdapter()
LOCAL, BACK, PROXY = (
    Forward("local_forward", "1:a:2"), Forward("remote_forward", "3:b:4"),
    Forward("dynamic_forward", "5"),
)  # fmt: skip


def handle_for(**facts):
    master = {"place": "", "software": "", "host_key": "key", "sessions": 0}
    master |= {name: facts.pop(name) for name in [*facts] if name in master}
    about = {"peer": SimpleNamespace(host="h"), "has_new_key": False, "heartbeat": None,
             "forwards": (), "added": []}  # fmt: skip
    return SimpleNamespace(master=SimpleNamespace(**master), **about | facts)


@together(
    "facts, text, version",
    [
        ({}, "SSH on h", ""),
        ({"software": "OpenSSH_9\x07", "place": "1.2.3.4:22"}, "OpenSSH_9 on h (1.2.3.4:22)",
         "OpenSSH_9"),
        ({"has_new_key": True}, "SSH on h (its host key was not known, and is accepted now)", ""),
        ({"place": "1.2.3.4:22", "has_new_key": True},
         "SSH on h (1.2.3.4:22; its host key was not known, and is accepted now)", ""),
    ],
    ids=str,
)  # fmt: skip
def test_who_answers(facts, text, version):
    assert ADAPTER.identity(handle_for(**facts), soon()) == PeerIdentity("key", text, version)


@together(
    "facts, state",
    [
        ({}, {"forwards": []}),
        ({"forwards": (LOCAL, PROXY), "added": [BACK]},
         {"forwards": ["local_forward 1:a:2", "dynamic_forward 5"],
          "added": ["remote_forward 3:b:4"]}),
        ({"sessions": 2}, {"forwards": [], "programs": 2}),
        ({"sessions": 2, "heartbeat": object()}, {"forwards": [], "programs": 1}),
        ({"sessions": 1, "heartbeat": object()}, {"forwards": []}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_captured(facts, state):
    assert ADAPTER.capture(handle_for(**facts), soon()) == state


RAN = "that ran over the connection; in tmux or screen there, they run on"


@together(
    "state, report",
    [
        ({}, ((), (), ())),
        ({"forwards": ["local_forward 1:a:2", "dynamic_forward 5"]},
         (("local forward 1:a:2",), (), ())),
        ({"added": ["remote_forward 3:b:4", "dynamic_forward 5", "dynamic_forward 6"]},
         (("remote forward 3:b:4", "dynamic forward 5"), ("6 is taken",), ())),
        ({"programs": 1}, ((), (f"1 program {RAN}",), ())),
        ({"programs": 2}, ((), (f"2 programs {RAN}",), ())),
    ],
    ids=str,
)  # fmt: skip
def test_what_comes_back(state, report):
    asked = []

    def forward(wanted, _deadline):
        asked.append(wanted)
        if wanted.spec == "6":
            raise ConnectionFailure(Failure(FailureKind.CONFIG, "6 is taken"))

    handle = handle_for(forwards=(LOCAL,), added=[BACK], forward=forward)
    assert ADAPTER.resume(handle, state, soon()) == report
    added = state.get("added", [])
    assert [one.spec for one in asked] == [text.split()[1] for text in added[1:]]


@together(
    "settings, remote",
    [
        ({}, ()), ({"run": ""}, ()), ({"run": "ls | wc"}, ("ls | wc",)),
        ({"run": ["a b", "c"]}, ("'a b' c",)),
        ({"cwd": "/w x"}, ("cd '/w x' && exec $SHELL -l",)),
        ({"cwd": "~"}, ("cd ~ && exec $SHELL -l",)),
        ({"cwd": "~/w x", "run": "ls"}, ("cd ~/'w x' && ls",)),
        ({"cwd": "~ada/w", "run": "ls"}, ("cd '~ada/w' && ls",)),
    ],
    ids=str,
)  # fmt: skip
def test_the_line_for_the_other_shell(tmp_path, settings, remote):
    words = ("-t", "--", "h", *remote) if remote else ("--", "h")
    request = ConnectionRequest("c", {"host": "h", **settings}, {}, "/s", str(tmp_path), {}, "/x")
    assert shell_arguments(request) == ("ssh", *words)


def test_the_files_of_the_user_s_home_and_of_the_session_are_named(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "work"
    (home / ".ssh").mkdir(parents=True)
    folder.mkdir()

    def words(**settings):
        table = {"host": "h", **settings}
        return shell_arguments(
            ConnectionRequest("c", table, {}, str(folder), str(home), {}, "/x")
        )[1:-2]  # fmt: skip

    assert words() == ()
    (home / ".ssh" / "config").write_text("")
    assert words() == ("-F", f"{home}/.ssh/config")
    (home / ".ssh" / "known_hosts").write_text("")
    own = ("-F", f"{home}/.ssh/config", "-o", f'UserKnownHostsFile="{home}/.ssh/known_hosts"')
    assert words() == own
    (folder / "id").write_text("")
    (home / "id").write_text("")
    assert words(identity_file="id") == (*own, "-i", f"{folder}/id")
    assert words(identity_file="~/id") == (*own, "-i", f"{home}/id")
    options = {"Compression": True, "TCPKeepAlive": False, "UserKnownHostsFile": "~/known_hosts2"}
    assert words(options=options) == (
        *own, "-o", "Compression=yes", "-o", "TCPKeepAlive=no",
        "-o", "UserKnownHostsFile=~/known_hosts2",
    )  # fmt: skip
