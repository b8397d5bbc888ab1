"""Names and directories with any characters: three cycles give the same file, and run nothing."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sessionctl.core.session.session_text import render_session
from sessionctl.core.workspace.raw_text import to_value
from tests.tmux_world import TmuxWorld
from tests.world import IN_CI

PIECES = (
    "a", "b c", "#(touch ~/executed)", "#{pane_id}", "#{E:@x}", "##", "##[", "#[fg=red]", "#",
    "[", "}", "{", "\\", "\\\\", "\\t", "\\033", "$", "$x", "${HOME}", "`touch ~/executed`",
    ":", ".", "=", "@1", "%0", "%H", "%%", "-", "--", ";", "'", '"', "~", "*", "!", "&", "|",
    "é", "日本", "🙂", "\u05d0\u05d1", "\u202eabc", "\u200b", " ", "  ", ",", "(", ")", "x" * 120,
    "end\\;",
)  # fmt: skip
WITH_CONTROLS = (*PIECES, "\t", "\n", "\a", "\x1b[31m", "\x01", "\x7f", "\x1f", "\x1e")
text = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
control_text = st.lists(st.sampled_from(WITH_CONTROLS), min_size=1, max_size=5).map("".join)
raw_text = st.lists(st.sampled_from((*WITH_CONTROLS, "\udcff", "\udcc3")), min_size=1, max_size=4)


def directory_name(pieces):
    return "".join(pieces).replace("/", "_")[:60]


directories = raw_text.map(directory_name).filter(lambda name: name not in (".", ".."))
panes = st.tuples(directories, text)
windows = st.lists(
    st.tuples(control_text, st.lists(panes, min_size=1, max_size=3)), min_size=1, max_size=4
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("names")


def file_text(home, name, shown):
    value = {"schema_version": 1, "name": name, "root": str(home)}
    items = [
        {
            "name": window,
            "panes": [
                {"cwd": to_value(f"{home}/{cwd}"), "title": title, "run": ["sleep", "999"]}
                for cwd, title in inner
            ],
        }
        for window, inner in shown
    ]
    return render_session({**value, "windows": items})


def cycles(world, text, cycles):
    """Save and restore; return each text of the file, and the session's name each time."""
    first, file = world.home / "first.session.toml", world.home / "s.session.toml"
    first.write_bytes(text.encode())
    world.run("restore", first, "--yes", check=False)
    (name,) = world.adapter.sessions()
    world.run("save", name, "--file", file)
    texts, names = [file.read_text()], [name]
    shown = [w.name for w in world.standing(name).workspace.windows]
    for _ in range(cycles):
        world.end()
        world.run("restore", file, "--yes")
        (name,) = world.adapter.sessions()
        assert [w.name for w in world.standing(name).workspace.windows] == shown
        world.run("save", name, "--file", file)
        texts.append(file.read_text())
        names.append(name)
        # A second restore finds all there.
        again = world.run("restore", file)
        assert "exists already" in again.stderr
    world.end()
    return texts, names


@settings(
    max_examples=2 if IN_CI else 1, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes too long
)  # fmt: skip
@given(name=text.filter(lambda name: name.strip()), shown=windows)
def test_any_names_are_the_same_after_three_cycles(place, name, shown):
    check(place, name, shown)


@pytest.mark.slow
def test_signs_before_a_bracket_do_not_grow(place):
    check(place, "a##[b", [("###[x##(y#[", [("####[", "##[")]), ("#####[#", [("a", "###[")])])


@pytest.mark.sweep
@settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes too long
)  # fmt: skip
@given(name=text.filter(lambda name: name.strip()), shown=windows)
def test_many_names_are_the_same_after_three_cycles(place, name, shown):
    check(place, name, shown)


def check(place, name, shown):
    home = place / "home"
    shutil.rmtree(home, ignore_errors=True)
    world = TmuxWorld(home)
    try:
        for _, inner in shown:
            for cwd, _ in inner:
                os.makedirs(os.fsencode(f"{home}/{cwd}"), exist_ok=True)
        texts, names = cycles(world, file_text(home, name, shown), 3)
        assert len(set(texts)) == 1
        assert len(set(names)) == 1
        assert not (home / "executed").exists()
    finally:
        world.end()
