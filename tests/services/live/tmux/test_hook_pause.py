"""Which options are hooks, and the commands that keep those quiet while a session is made."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.services.live.tmux.hook_pause import HookPause, is_hook, only_hooks, without_hooks
from tests.together import together


@together(
    "name, hook",
    [
        ("after-new-window", True), ("after-new-window[3]", True), ("alert-bell", True),
        ("client-attached", True), ("command-error", True), ("session-created", True),
        ("pane-died", True), ("pane-died[0]", True), ("window-renamed", True),
        ("command-alias", False), ("command-alias[0]", False), ("session-status-current", False),
        ("pane-border-style", False), ("window-size", False), ("status", False), ("", False),
        ("xafter-y", False),
    ],
)  # fmt: skip
def test_which_options_are_hooks(name, hook):
    assert is_hook(name) is hook
    options = {name: "x", "mouse": True, "pane-exited": "y"}
    rest, hooks = without_hooks(options), only_hooks(options)
    assert {**rest, **hooks} == options
    assert (name in hooks, name in rest) == (hook, not hook)
    assert ("mouse" in rest, "pane-exited" in hooks) == (True, True)


class Server:
    def __init__(self, *texts):
        self.texts, self.asked = texts, []

    def run(self, commands):
        self.asked += commands
        return [SimpleNamespace(text=text) for text in self.texts]


def test_hooks_of_all_sessions_are_hidden_by_empty_ones_and_shown_again():
    pause = HookPause()
    assert pause.is_needed is False
    server = Server(
        "after-new-window[0] splitw\nafter-split-window\nalert-bell[1] a b\nsession-closed x\n",
        "pane-died[0] x\nwindow-renamed y\npane-exited\n",
        "session-closed[0] own\nafter-kill-pane\n",
    )
    pause.ask(server, "$3")
    assert server.asked == [
        ("show-hooks", "-g"),
        ("show-hooks", "-gw"),
        ("show-hooks", "-t", "$3:"),
    ]
    assert pause.is_needed is True
    assert list(pause.in_session("$3")) == [
        ("set-option", "-t", "$3:", "after-new-window", ""),
        ("set-option", "-t", "$3:", "alert-bell", ""),
    ]
    assert list(pause.in_window("@1")) == [
        ("set-option", "-w", "-t", "@1", "pane-died", ""),
        ("set-option", "-w", "-t", "@1", "window-renamed", ""),
    ]
    assert list(pause.ending("$3", ["@1", "@2"])) == [
        ("set-option", "-u", "-t", "$3:", "after-new-window"),
        ("set-option", "-u", "-t", "$3:", "alert-bell"),
        *(("set-option", "-w", "-u", "-t", window, name) for window in ("@1", "@2")
          for name in ("pane-died", "window-renamed")),
    ]  # fmt: skip


@together(
    "texts, needed",
    [(("", "", ""), False), (("after-x y\n", "", "after-x z\n"), False), (("", "a b\n", ""), True),
     (("after-x y\n", "", ""), True)],
)  # fmt: skip
def test_a_pause_is_needed_where_hooks_would_act(texts, needed):
    pause = HookPause()
    pause.ask(Server(*texts), "$1")
    assert pause.is_needed is needed
