"""What is in the way of the keys in tmux: each problem whole, with the next step."""

from __future__ import annotations

import sys
from pathlib import Path

from sessionctl.services.live.tmux_setup import setup_status
from sessionctl.services.live.tmux_setup.configuration import InstalledBlock
from sessionctl.services.live.tmux_setup.key_bindings import TmuxKeys
from sessionctl.services.live.tmux_setup.setup_status import (
    SetupProblem,
    SetupStatus,
    read_setup,
)
from sessionctl.system.tmux.tmux_server import NoServerError
from tests.together import together

MISSING = SetupProblem("the keys are not installed", "sessionctl tmux install", severity="error")
KEYS = "bind-key -T prefix S run-shell -b 'sessionctl tmux key save'"


class Answer:
    def __init__(self, text):
        self.text = text


class Server:
    """A tmux that answers these words; with none, no server runs."""

    def __init__(self, *texts):
        self.texts, self.asked = texts, []

    def run(self, commands):
        self.asked += commands
        if not self.texts:
            raise NoServerError("no server")
        return [Answer(text) for text in self.texts]


def continuum(words):
    return SetupProblem(
        f"tmux-continuum restores sessions at the start of tmux, {words} those of sessionctl",
        "turn one of them off: set -g @continuum-restore off",
        severity="warning",
    )


@together(
    "block, server, text, problems",
    [
        ("", (), None, [MISSING]),
        ("", ("3.3a\n", "bind-key x\n", ""), "", [MISSING]),
        ("", ("3.3a\n", KEYS, ""), "", []),
        (sys.executable, (), "", []),
        (sys.executable, ("3.2\n", KEYS, "off\n"), "", []),
        (
            sys.executable,
            ("3.2\n", "", ""),
            "",
            [("the server does not know the keys yet", "tmux source-file FILE", "warning")],
        ),
        (
            "/none/x",
            (),
            "",
            [("FILE: the keys start /none/x, which is not there", MISSING.hint, "error")],
        ),
        (
            "",
            ("3.1c\n", KEYS, ""),
            "",
            [("the server is tmux 3.1c", "install tmux 3.2 or newer", "error")],
        ),
        ("", ("3.3\n", KEYS, "on\n"), None, [continuum("and mixes with")]),
        (sys.executable, ("3.3\n", KEYS, "on\n"), "", [continuum("and mixes with")]),
        ("restores", ("3.3\n", KEYS, "on\n"), "", [continuum("so do")]),
        ("", ("3.3\n", KEYS, ""), "x\nset -g @continuum-restore 'on'\n",
         [continuum("and mixes with")]),
        ("", ("3.3\n", KEYS, ""), "set -g '@continuum-restore'  on # x\n",
         [continuum("and mixes with")]),
        ("", ("3.3\n", KEYS, ""), "# set -g @continuum-restore on\n", []),
        ("", ("3.3\n", KEYS, ""), "set -g @continuum-restore off\nset -g x on\n", []),
        ("", ("3.3\n", KEYS, ""), "set -g @continuum-restore only\n", []),
        (
            "/none/x",
            ("3.0\n", "", "on"),
            "",
            [
                ("FILE: the keys start /none/x, which is not there", MISSING.hint, "error"),
                ("the server does not know the keys yet", "tmux source-file FILE", "warning"),
                ("the server is tmux 3.0", "install tmux 3.2 or newer", "error"),
                continuum("and mixes with"),
            ],
        ),
    ],
    ids=map(str, range(17)),
)  # fmt: skip
def test_what_is_in_the_way(tmp_path, monkeypatch, block, server, text, problems):
    file = tmp_path / "tmux.conf"
    if text is not None:
        file.write_text(text)
    found = None
    if block:
        program = sys.executable if block == "restores" else block
        found = InstalledBlock(file, TmuxKeys(is_restored=block == "restores"), program)
    monkeypatch.setattr(setup_status, "read_block", {file: found}.__getitem__)
    tmux = Server(*server)
    expected = tuple(
        SetupProblem(*(part.replace("FILE", str(file)) for part in one)) for one in problems
    )
    version = server[0].strip() if server else ""
    is_loaded = bool(server) and server[1] == KEYS
    status = read_setup(tmux, file)
    assert status == SetupStatus(file, found, version, is_loaded, expected)
    assert tmux.asked == [
        ("display-message", "-p", "#{version}"),
        ("list-keys", "-T", "prefix"),
        ("show-options", "-gqv", "@continuum-restore"),
    ]
    is_there = found is not None or is_loaded
    assert status.is_working == (is_there and all(one.severity != "error" for one in expected))


def test_what_works_has_keys_and_no_error():
    file = Path("/x")
    warned = (SetupProblem("a", "b"),)
    assert SetupStatus(file, None, "3.3", is_loaded=True, problems=warned).is_working
    assert not SetupStatus(file, None, "3.3", is_loaded=False, problems=()).is_working
    failed = (*warned, SetupProblem("a", "b", severity="error"))
    assert not SetupStatus(file, None, "3.3", is_loaded=True, problems=failed).is_working
