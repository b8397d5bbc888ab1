"""Which editor is the user's, and how it is told the place."""

from __future__ import annotations

import pytest

from sessionctl.cli.input.editor import editor_argv, user_editor
from sessionctl.services.machine import Machine


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "a b.toml"]),
        ("/usr/bin/nano", ["/usr/bin/nano", "+7", "a b.toml"]),
        ("hx", ["hx", "a b.toml:7:3"]),
        ("kate", ["kate", "--line", "7", "--column", "3", "a b.toml"]),
        ("code", ["code", "--goto", "a b.toml:7:3"]),
        ("my-own-editor", ["my-own-editor", "a b.toml"]),
    ],
)
def test_an_editor_is_told_the_place_in_its_own_words(editor, words):
    assert editor_argv(editor, "a b.toml", (7, 3)) == words
    assert editor_argv(editor, "a b.toml")[-1] == "a b.toml"


def test_options_of_the_user_stay():
    words = editor_argv("code --wait", "a.toml", (7, 3))
    assert words[:3] == ["sh", "-c", 'code --wait "$@"']
    assert words[-2:] == ["--goto", "a.toml:7:3"]


def test_the_environment_goes_before_git_and_git_before_vi(home, tmp_path):
    (home / "gitconfig").write_text("[core]\n\teditor = from-git\n")
    environ = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": str(home / "gitconfig")}
    assert user_editor(Machine({**environ, "VISUAL": "a", "EDITOR": "b"})) == "a"
    assert user_editor(Machine({**environ, "EDITOR": "b"})) == "b"
    assert user_editor(Machine(environ)) == "from-git"
    (home / "gitconfig").write_text("")
    assert user_editor(Machine(environ)) == "vi"
    assert user_editor(Machine({"PATH": str(tmp_path)})) == "vi"
