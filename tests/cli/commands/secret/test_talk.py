"""A talk about secrets: from the first key over readers to a new vault key, word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talks import answer_in, read_talk

TALK = read_talk(Path(__file__).with_name("talk.txt"))
FILES = {
    "api.session.toml": """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~/src"
[connections.prod]
driver = "postgres"
host = "db"
password = { secret = "prod.password" }
""",
    "plain.session.toml": """\
schema_version = 1
name = "plain"
root = "~/src"
[connections.a]
driver = "postgres"
host = "db"
password = "Tr0ub4dor!9x"
""",
}


def test_each_command_of_secrets_answers_word_by_word(tmp_path):
    pyrage = pytest.importorskip("pyrage")
    friend = str(pyrage.x25519.Identity.generate().to_public())
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for words, said, code in TALK:
        assert answer_in(tmp_path, words.replace("FRIEND", friend)) == (said, code), words
