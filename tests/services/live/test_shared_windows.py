"""Windows that several sessions show, and panes that float."""

from __future__ import annotations

import tomllib

import pytest

FILES = ("a.session.toml", "b.session.toml")


def save_all(world, *names):
    for name in names:
        world.run("save", name, "--file", world.home / f"{name}.session.toml")


def value(world, name):
    return tomllib.loads((world.home / f"{name}.session.toml").read_text())


def test_the_windows_of_a_group_are_saved_once_and_shown_by_both(world):
    world.tmux("new-session", "-d", "-s", "a", "-n", "one", "-c", world.home, "--", "sleep", "99")
    world.tmux("new-session", "-d", "-t", "a", "-s", "b")
    save_all(world, "a", "b")
    assert "windows" not in value(world, "b")
    assert value(world, "b")["group"] == "a"
    world.end()
    world.run("restore", *(world.home / f"{n}.session.toml" for n in "ba"))
    assert world.tmux("list-windows", "-a", "-F", "#{session_name} #{window_id}").split("\n")[
        :2
    ] == [
        f"a {world.standing('a').windows[0]}",
        f"b {world.standing('a').windows[0]}",
    ]


def test_a_group_without_its_session_is_reported(world):
    (world.home / "b.session.toml").write_text('schema_version = 1\nname = "b"\ngroup = "a"\n')
    done = world.run("restore", world.home / "b.session.toml", check=False)
    assert done.returncode == 1
    assert "the session a, whose windows it shows, does not run" in done.stderr


def test_a_linked_window_is_saved_once_and_linked_again(world):
    world.tmux("new-session", "-d", "-s", "a", "-n", "one", "-c", world.home)
    world.tmux("new-window", "-d", "-t", "a:4", "-n", "shared", "--", "sleep", "99")
    world.tmux("new-session", "-d", "-s", "b", "-n", "own", "-c", world.home)
    world.tmux("link-window", "-d", "-s", "a:4", "-t", "b:7")
    save_all(world, "a", "b")
    assert value(world, "b")["windows"][1] == {"name": "shared", "index": 7, "link": "a:4"}
    world.end()
    for name in "ab":
        world.run("restore", world.home / f"{name}.session.toml")
    assert world.standing("b").windows[1] == world.standing("a").windows[1]
    world.run("save", "b")
    assert value(world, "b")["windows"][1] == {"name": "shared", "index": 7, "link": "a:4"}


def test_a_linked_window_without_its_session_is_reported_and_the_rest_stands(world):
    (world.home / "b.session.toml").write_text(
        'schema_version = 1\nname = "b"\nwindows = [{ name = "x", link = "a:1" }, { name = "y" }]\n'
    )
    done = world.run("restore", world.home / "b.session.toml", check=False)
    assert done.returncode == 1
    assert "link the window a:1" in done.stderr
    assert [window.name for window in world.standing("b").workspace.windows] == ["y"]


def test_a_floating_pane_floats_again(world):
    world.tmux("new-session", "-d", "-s", "a", "-x", "120", "-y", "40", "-c", world.home)
    version = world.adapter.server.run([("display-message", "-p", "#{version}")])[0].text
    if version < "3.7":
        pytest.skip("floating panes are new in tmux 3.7")
    world.tmux("split-window", "-d", "-h", "-t", "a:0", "-c", world.home)
    place = ("-x", "40", "-y", "10", "-X", "12", "-Y", "7")
    world.tmux("new-pane", "-t", "a:0", *place, "--", "sleep", "99")
    before = world.standing("a").workspace.windows[0]
    save_all(world, "a")
    text = (world.home / "a.session.toml").read_text()
    world.end()
    world.run("restore", world.home / "a.session.toml")
    after = world.standing("a").workspace.windows[0]
    assert after.layout == before.layout
    assert [(p.floating, p.run) for p in after.panes] == [(p.floating, p.run) for p in before.panes]
    world.run("save", "a")
    assert (world.home / "a.session.toml").read_text() == text


def test_a_floating_pane_is_one_of_the_others_before_tmux_has_them(world):
    float_ = "float = { x = 1, y = 1, width = 9, height = 5 }"
    (world.home / "a.session.toml").write_text(
        'schema_version = 1\nname = "a"\n'
        f'windows = [{{ name = "x", panes = [{{}}, {{}}, {{ {float_}, cwd = "/" }}] }}]\n'
    )
    world.run("restore", world.home / "a.session.toml")
    assert sorted(pane.cwd for pane in world.panes("a"))[0] == "/"
    assert len(world.panes("a")) == 3
