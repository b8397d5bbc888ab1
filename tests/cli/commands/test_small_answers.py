"""What commands say where there is little to say: nothing is there, or a name is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talks import answer_in, read_talk
from tests.together import together

TALK = read_talk(Path(__file__).with_name("small_answers.txt"))
SESSION = (
    'schema_version = 1\nid = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nname = "{}"\nroot = "~/src"\n'
)
MORE = {
    "api": "",
    "b": "",
    "c": '[connections.prod]\ndriver = "sqlite"\nfile = "a.db"\n',
    "w": '[[windows]]\nname = "editor"\n',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    for name, more in MORE.items():
        (folder / f"{name}.session.toml").write_text(SESSION.format(name) + more)
    (folder / "x.txt").write_text("x")
    return folder


@together("words, said, code", TALK)
def test_a_command_says_what_is_there_and_what_to_do(folder, words, said, code):
    assert answer_in(folder, words) == (said, code)
