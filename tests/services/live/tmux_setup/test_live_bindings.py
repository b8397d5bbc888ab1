"""The keys of a server that runs: what its options say, what is given, what is bound."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.errors import ToolError
from sessionctl.services.live.tmux_setup.key_bindings import (
    STARTED_OPTION,
    TmuxKeys,
    bindings,
    start_command,
)
from sessionctl.services.live.tmux_setup.live_bindings import load_bindings
from tests.together import together

PROGRAM = ["/bin/sessionctl"]


class Server:
    def __init__(self, *texts, error=""):
        self.texts, self.error, self.asked = texts, error, []

    def run(self, commands):
        self.asked.append(list(commands))
        if len(self.asked) == 1:
            return [SimpleNamespace(text=text, is_done=True) for text in self.texts]
        return [
            SimpleNamespace(text="", is_done=not self.error, error=self.error) for _ in commands
        ]


@together(
    "texts, given, restored, keys, starts",
    [
        (("", "", "", "", ""), {}, False, TmuxKeys(), False),
        (("C-s\n", "none\n", "", "off\n", ""), {}, False, TmuxKeys("C-s", "", "O"), False),
        (("C-s", "", "", "", ""), {"save": "x", "open": ""}, False, TmuxKeys("x", "R", ""), False),
        (("", "", "", "on\n", ""), {}, False, TmuxKeys(is_restored=True), True),
        (("", "", "", "off", ""), {}, True, TmuxKeys(is_restored=True), True),
        (("", "", "", "on", "1\n"), {}, False, TmuxKeys(is_restored=True), False),
    ],
    ids=str,
)
def test_keys_are_those_given_else_those_of_options(texts, given, restored, keys, starts):
    server = Server(*texts)
    assert load_bindings(server, PROGRAM, given, is_restored=restored) == keys
    asked, done = server.asked
    assert asked == [
        ("show-options", "-gqv", "@sessionctl-save-key"),
        ("show-options", "-gqv", "@sessionctl-restore-key"),
        ("show-options", "-gqv", "@sessionctl-open-key"),
        ("show-options", "-gqv", "@sessionctl-restore"),
        ("show-options", "-sqv", STARTED_OPTION),
    ]
    start = [("set-option", "-s", STARTED_OPTION, "1"), start_command(PROGRAM)]
    assert done == [*bindings(PROGRAM, keys), *(start if starts else [])]


def test_a_key_that_tmux_refuses_is_an_error():
    with pytest.raises(ToolError, match=r"\Atmux: unknown key: x\Z"):
        load_bindings(Server(*[""] * 5, error="unknown key: x"), PROGRAM, {}, is_restored=False)
