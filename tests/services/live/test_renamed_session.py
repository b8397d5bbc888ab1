"""A session that runs is renamed with its file, and saved into that from then on."""

from __future__ import annotations


def test_a_running_session_follows_its_file(world):
    world.tmux("new-session", "-d", "-s", "one", "-n", "w")
    file = world.home / "one.session.toml"
    world.run("save", "one", "--file", file)
    # On the server that it was saved from, though the command names none.
    planned = world.run_plain("rename", "-n", file, "two")
    assert "rename the tmux session one to two" in planned.stdout
    world.run_plain("rename", file, "two")
    assert world.tmux("list-sessions", "-F", "#{session_name}").split() == ["two"]
    again = world.run("save", "two")
    assert "two.session.toml: nothing changed" in again.stderr
    world.tmux("new-window", "-t", "two", "-n", "more")
    world.run("save", "two")
    assert 'name = "more"' in (world.home / "two.session.toml").read_text()
    assert not file.exists()


def test_a_removed_session_goes_on_and_is_saved_nowhere(world):
    world.tmux("new-session", "-d", "-s", "one", "-n", "w")
    file = world.home / "one.session.toml"
    world.run("save", "one", "--file", file)
    done = world.run_plain("rm", "--yes", file)
    assert "the tmux session one keeps running" in done.stderr
    assert world.tmux("list-sessions", "-F", "#{session_name}").split() == ["one"]
    assert not file.exists()
    assert f"sessionctl recover {file} 1" in done.stderr
