"""Hints on the screens: what they name is typed into a shell, after they have been left."""

from __future__ import annotations

import builtins
import contextlib
import os
import shlex
import sys
import tomllib
from unittest.mock import patch

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import UsageError
from sessionctl.services.board.live_save import propose_save
from sessionctl.services.board.session_restore import SessionRestore
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.live_memory import LiveMemory, LiveRecord
from sessionctl.services.machine import read_machine
from sessionctl.services.secrets.entries.listing import list_secrets
from tests.hints.hint_typing import situation
from tests.hints.stage import SECRET, SMALL, Situation, assert_hint_helps, parametrize
from tests.hints.test_secrets import _ready, _revealed, _stored
from tests.hints.test_usage import _has
from tests.world import CHECKOUT

pytest.importorskip("textual")

PLAIN = f"{SMALL}[[windows]]\nname = 'w'\n"


def _on_screen(s):
    """Return what the screen of secrets says of the one secret of the session."""
    from sessionctl.tui.secrets.secrets_screen import _hints

    file = str(s.folder / s.file)
    return "\n".join(f"hint: {hint}" for one in list_secrets(file).secrets
                     for hint in _hints(one, s.seen(s.file)))  # fmt: skip


def _missing(s):
    s.good("key", "new")
    s.write(s.file, SECRET)
    return _on_screen(s)


def _unsealed(s):
    """Store a value where there is no key that opens the vault."""
    _ready(s)
    own = next(s.home.rglob("identities.txt"))
    kept = own.rename(own.with_suffix(".kept"))
    s.good("secret", "set", s.file, "prod.password", stdin=b"hunter3")
    kept.rename(own)
    return _on_screen(s)


def _to_rotate(s):
    _ready(s)
    text = s.read(s.sidecar)
    head = '[secret."prod.password"]\n'
    s.write(s.sidecar, text.replace(head, f'{head}rotate = "2026-01-01"\n'))
    return _on_screen(s)


def _of_plain(s, act):
    """Return what ``act`` says of the session, which the adapter ``plain`` saved before."""
    s.write(s.file, PLAIN)
    context = LiveContext(open_store(str(s.home / "state")), read_machine(os.environ))
    file = s.seen(s.file)
    record = LiveRecord(
        file, PLAIN, AgreedWorkspace(StandingWorkspace(Workspace("small"))), adapter="plain"
    )
    recalled = patch.object(LiveMemory, "recall", lambda _memory, _file: record)
    with recalled, contextlib.chdir(s.cwd), pytest.raises(UsageError) as caught:
        act(file, context)
    return "\n".join(f"hint: {hint}" for hint in caught.value.hints)


SCREENS = [
    Situation(
        "no terminal for screens",
        lambda s: [s.write(s.file), s.say("ui", code=2)][1],
        "without screens: sessionctl list, status, show",
        lambda s, said: _has(said, "small"),
        types=lambda s, hint: "".join(
            s.good(word, *([s.file] if word == "show" else []))
            for word in hint.partition("sessionctl ")[2].split(", ")
        ),
    ),
    Situation(
        "screens of a file that is not there",
        lambda s: [s.write(s.file), _at_terminal(s, "ui", "qqqq.session.toml")][1],
        "see them: sessionctl list",
        lambda s, said: _has(said, "session.toml"),
    ),
    Situation(
        "a secret that is not stored, on the screen",
        _missing,
        "store it: sessionctl secret set {}",
        lambda s, said: _revealed(s, "hunter3"),
        types=_stored,
    ),
    Situation(
        "a secret that nobody vouches for, on the screen",
        _unsealed,
        "confirm it: sessionctl secret accept {}",
        lambda s, said: _revealed(s, "hunter3"),
        types=lambda s, hint: s.type(hint.partition("it: ")[2] + " --yes"),
    ),
    Situation(
        "a secret that a removed reader knows, on the screen",
        _to_rotate,
        "change it: sessionctl secret rotate {}",
        lambda s, said: "rotate" not in s.read(s.sidecar),
        types=lambda s, hint: s.type(hint.partition("it: ")[2] + " --generate"),
    ),
    Situation(
        "a session of another adapter, restored on the screen",
        lambda s: _of_plain(s, lambda file, live: SessionRestore(file, live).propose()),
        "restore it: sessionctl restore {}",
        lambda s, said: _has(said, "window"),
        types=lambda s, hint: s.say(*shlex.split(hint.partition(": ")[2])[1:], "-n"),
    ),
    Situation(
        "a session of another adapter, saved on the screen",
        lambda s: _of_plain(s, lambda file, live: propose_save("small", file, live)),
        "save it so: sessionctl save --adapter {} {}",
        lambda s, said: _has(said, "--adapter", "tmux"),
        types=lambda s, hint: s.good(shlex.split(hint.partition(": ")[2])[1], "--help"),
    ),
]


def _at_terminal(s, *words):
    """Return what sessionctl says where stdin and stdout look like a terminal."""
    with patch("sessionctl.cli.commands.ui._check_terminal"):
        return s.say(*words, code=2)


@parametrize(SCREENS)
def test_a_hint_on_a_screen(situation, stage):
    assert_hint_helps(situation, stage)


@situation("install it: {}")
def test_without_textual_the_extra_is_named_and_there(stage, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] in ("textual", "rich"):
            raise ModuleNotFoundError(name, name=name)
        return real(name, *rest)

    for name in [one for one in sys.modules if one.startswith("sessionctl.tui")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with patch("sessionctl.cli.commands.ui._check_terminal"):
        said = stage.say("ui", code=3)
    assert "-m pip install 'textual>=" in said
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    assert "ui" in project["optional-dependencies"]
