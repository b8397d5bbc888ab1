"""What each command answers with --json, whole: every key, every value, and their order.

In ``json_answers.txt`` an answer is folded to lines of 100 characters. A new one is written by
running it, and read against the schema of its command before it stays.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from tests.cli.commands.broken_sessions import BROKEN_SESSIONS
from tests.talks import answer_in, read_talk

TALK = read_talk(Path(__file__).with_name("json_answers.txt"))
ID = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
FILES = {
    **BROKEN_SESSIONS,
    "web.session.toml": f"""\
schema_version = 1
id = "{ID}"
name = "web"
root = "~/src"

[[windows]]
name = "editor"
layout = "main-vertical"

  [[windows.panes]]
  run = ["nvim", "src"]

[[windows]]
name = "logs"

[preferences]
theme = "dark" # at night
""",
    "api.session.toml": f"""\
schema_version = 1
id = "{ID}"
name = "api"
root = "~/src"
[connections.a]
driver = "sqlite"
file = "a.db"
create = true
[connections.b]
driver = "http"
url = "http://127.0.0.1:1/"
""",
    "old.yml": """\
session_name: old
windows:
  - window_name: one
    panes: [ls, pwd]
    x: 1
""",
}
# What is another one each time, and on each machine.
_PASSING = (
    (re.compile(rf"\b(?!{ID})[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b"), "UUID"),
    (re.compile(r"DATET[\d:.]+(Z|\+00:00)"), "TIME"),
    (re.compile(r'(?<=seconds": )[\d.e-]+|(?<=_ms": )[\d.]+|(?<=_s": )[\d.e-]+'), "N"),
    (re.compile(r'(?<="at": )[\d.]+'), "TIME"),
    (re.compile(r'(?<="version": ")[\d.]+'), "V"),
    # The copy has an id of its own, and so have its backups.
    (re.compile(r'(?<="id": ")[0-9a-f]{8}(?=", "source")'), "HASH"),
)


def folded(said):
    """Return what is said with its JSON folded."""
    answer, end, rest = said.partition("\n}\n")
    if not end:
        return said
    text = json.dumps(json.loads(answer + end), ensure_ascii=False)
    for pattern, shown in _PASSING:
        text = pattern.sub(shown, text)
    lines = textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)
    return f"{lines}\n{rest}"


def test_each_command_answers_in_json(tmp_path):
    pytest.importorskip("yaml")
    pytest.importorskip("pyrage")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for words, expected, code in TALK:
        said, found = answer_in(tmp_path, words)
        assert (folded(said), found) == (expected, code), words
