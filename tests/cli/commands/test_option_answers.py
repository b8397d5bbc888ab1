"""What commands answer with each of their options, word by word, in a folder without git.

A new answer in ``option_answers.txt`` is written by running it, and read before it stays.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands.test_json_answers import FILES
from tests.talks import answer_in, read_talk
from tests.world import need

TALK = read_talk(Path(__file__).with_name("option_answers.txt"))
MORE = {
    ".env": "DATABASE_URL=postgres://ada:pw1234@db.example/app\nDB_CACHE=redis://cache:6380/2\n",
    "a.toml": "x = 1\nlist = [1]\n[t]\ny = 1\n",
    "b.toml": "x = 2\nlist = [1, 2]\n[t]\ny = 1\n",
    "c.toml": "x = 3\nlist = [1, 3]\n[t]\ny = 2\n",
    "two.session.toml": """\
schema_version = 1
name = "two"
<<<<<<< HEAD
root = "~/a"
=======
root = "~/b"
>>>>>>> topic
[connections.a]
driver = "postgres"
<<<<<<< HEAD
port = 5433
=======
port = "x"
>>>>>>> topic
""",
}


def test_each_option_changes_the_answer_as_it_says(tmp_path):
    pytest.importorskip("yaml")
    need("tmux")
    for name, text in (FILES | MORE).items():
        (tmp_path / name).write_text(text)
    for words, expected, code in TALK:
        assert answer_in(tmp_path, words) == (expected, code), words
