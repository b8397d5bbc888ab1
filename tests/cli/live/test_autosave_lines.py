"""What a watch of tmux writes: a line for each thing that happened, with the next step."""

from __future__ import annotations

import io
import json
import re

from sessionctl.cli.live.autosave_run import AutosaveLog
from sessionctl.cli.output.console import Console
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.workspace.secret_mask import MaskedPart
from sessionctl.errors import FileError
from sessionctl.services.live.autosave import autosave_event as events
from sessionctl.services.live.autosave.autosave_event import AutosaveEvent
from sessionctl.services.live.workspace_save import SaveOutcome
from tests.together import together

FILE = "/home/ada/my api.session.toml"
CONFLICTS = tuple(
    Conflict(ConflictKind.BOTH_MODIFIED, KeyPath([key]), "0", "1", "2") for key in ("root", "name")
)
SECRETS = (MaskedPart(KeyPath(["windows"]), "a token", False),)
REFUSED = FileError("a.toml: too little is left", hints=["look: sessionctl diff", "or delete it"])


def outcome(**found):
    return SaveOutcome(FILE, "api", None, "", **found)


@together(
    "what, facts, line, hint, role",
    [
        (events.FOLLOWED, {}, "is saved from now on into ~/my api.session.toml", "", 32),
        (events.SAVED, {"outcome": outcome()}, "saved into ~/my api.session.toml", "", 33),
        (events.CONFLICT, {"outcome": outcome(conflicts=CONFLICTS)},
         "the file and the session both changed, the file keeps its value: root, name",
         f"sessionctl edit '{FILE}'", "1;31"),
        (events.MASKED, {"outcome": outcome(masked=SECRETS)},
         "1 secret left out of ~/my api.session.toml", "sessionctl save -n api", 2),
        (events.MASKED, {"outcome": outcome(masked=SECRETS * 2)},
         "2 secrets left out of ~/my api.session.toml", "sessionctl save -n api", 2),
        (events.WAITING, {}, "much disappeared at once: saved if it stays that way", "", 2),
        (events.ENDED, {}, "has ended; ~/my api.session.toml stays as it is", "", 2),
        (events.SERVER_ENDED, {}, "the server has ended", "", 2),
        (events.POLLING, {"reason": "tmux is old"}, "tmux is old: checked every 1.5 s instead",
         "", 2),
        (events.REFUSED, {"error": REFUSED}, "not saved: a.toml: too little is left",
         "look: sessionctl diff", "1;31"),
        (events.FAILED, {"error": FileError("a.toml: no space")}, "not saved: a.toml: no space",
         "", "1;31"),
    ],
)  # fmt: skip
def test_each_event_is_a_line_with_its_next_step(what, facts, line, hint, role):
    event = AutosaveEvent(0.5, what, "api", FILE, **facts)
    shown = heard(event)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", shown[:8])
    assert shown[8:] == f" api: {line}{f' (next: {hint})' if hint else ''}\n"
    assert f"\x1b[{role}m{line}" in heard(event, color=True)
    data = json.loads(heard(event, as_json=True))
    assert (data["kind"], data["event"], data["session"]) == ("session", what, "api")
    assert (data["time"][:19], data["file"]) == ("1970-01-01T00:00:00", FILE)
    assert data["message"].replace("/home/ada", "~") == line
    assert (data["hint"] or "") == hint


def test_the_server_itself_has_a_name_and_a_session_cannot_steer_the_terminal():
    lines = [heard(AutosaveEvent(0, events.SERVER_ENDED, name)) for name in ("", "a\x1bb")]
    assert [line[8:] for line in lines] == [
        " tmux: the server has ended\n", " a\u241bb: the server has ended\n",
    ]  # fmt: skip


def heard(event, *, color=False, as_json=False):
    stream = io.StringIO()
    environ = {"HOME": "/home/ada", "TERM": "xterm"}
    console = Console(stdout=stream, stderr=stream, environ=environ)
    console.color = color
    AutosaveLog(console, as_json=as_json).hear(event)
    return stream.getvalue()
