"""Without tmux, this terminal is saved, and that is said."""

from __future__ import annotations

import tomllib

from tests.talks import answer_in


def test_what_is_saved_without_tmux_is_this_terminal(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    file = "DIR/home/.config/sessionctl/sessions/x.session.toml"
    note = "tmux does not run: this terminal is saved (--adapter plain)\n"
    said, code = answer_in(folder, "save --as x")
    assert said.startswith(f"saved desk into the new file {file}\n{note}")
    assert code == "0"
    found = tomllib.loads((folder / "home/.config/sessionctl/sessions/x.session.toml").read_text())
    assert found["root"] == str(folder)
    assert answer_in(folder, "save --adapter tmux --as y") == (
        "error: tmux: no session runs\n", "3",
    )  # fmt: skip


def test_a_tmux_that_is_not_installed_is_not_offered(tmp_path, monkeypatch):
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    said, code = answer_in(folder, "save --as x")
    assert ("tmux is not installed: this terminal is saved" in said, code) == (True, "0")
    said, code = answer_in(folder, "restore x")
    assert ("call it in a terminal" in said, code) == (True, "1")
    assert "--adapter tmux" not in said
