"""A talk about tmux sessions where no server runs: what would be done, and what may be."""

from __future__ import annotations

from pathlib import Path

from tests.talks import answer_in, read_talk
from tests.world import need

TALK = read_talk(Path(__file__).with_name("talk.txt"))
FILES = {
    "web.session.toml": """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "web"
root = "."
env = { STAGE = "test" }
[[windows]]
name = "editor"
layout = "main-vertical"
options = { main-pane-width = 100 }
[[windows.panes]]
run = ["nvim", "src"]
focus = true
[[windows.panes]]
name = "logs"
run = "tail -f app.log"
start = "type"
[[windows]]
name = "danger"
cwd = "/none"
[[windows.panes]]
run = "rm -rf build"
[[windows.panes]]
run = "vim"
start = "skip"
""",
    "empty.session.toml": 'schema_version = 1\nname = "empty"\n',
    "b.session.toml": 'schema_version = 1\nname = "b"\nroot = "."\n[[windows]]\nname = "x"\n',
}


def test_without_a_server_each_command_says_what_it_would_do(tmp_path):
    need("tmux")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for words, said, code in TALK:
        assert answer_in(tmp_path, words) == (said, code), words
