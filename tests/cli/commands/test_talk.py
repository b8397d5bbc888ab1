"""A talk about files: read, edited, checked, compared, merged, restored, renamed and imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands.broken_sessions import BROKEN_SESSIONS
from tests.talks import answer_in, read_talk

TALK = read_talk(Path(__file__).with_name("talk.txt"))
FILES = {
    **BROKEN_SESSIONS,
    "web.session.toml": """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "web"
root = "~/src"

[[windows]]
name = "editor"
layout = "main-vertical"

  [[windows.panes]]
  run = ["nvim", "src"]

[preferences]
theme = "dark" # at night
""",
    "base.toml": "a = 1\nb = 2\n[t]\nx = 1\n",
    "ours.toml": "a = 2\nb = 2\n[t]\nx = 2\n",
    "theirs.toml": "a = 3\nb = 3\n[t]\nx = 1\ny = 1\n",
    "old.yml": """\
session_name: old
windows:
  - window_name: one
    panes: [ls, pwd]
    nonsense: 1
""",
}


def test_each_command_answers_word_by_word(tmp_path):
    pytest.importorskip("yaml")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for words, said, code in TALK:
        assert answer_in(tmp_path, words) == (said, code), words
