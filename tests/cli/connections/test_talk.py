"""A talk about connections, from the first test to what is kept of it, without a server."""

from __future__ import annotations

from pathlib import Path

from tests.talks import answer_in, read_talk

TALK = read_talk(Path(__file__).with_name("talk.txt"))
SESSION = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~/src"
[connections.good]
driver = "sqlite"
file = "a.db"
create = true
[connections.bad]
driver = "sqlite"
file = "none/b.db"
[connections.odd]
driver = "acme.db"
[connections.web]
driver = "http"
url = "http://127.0.0.1:1/"
timeout_s = 5
"""


def test_connections_are_tested_listed_and_forgotten(tmp_path):
    (tmp_path / "api.session.toml").write_text(SESSION)
    for words, said, code in TALK:
        assert answer_in(tmp_path, words) == (said, code), words
