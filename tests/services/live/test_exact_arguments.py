"""Any arguments come back as they were, however they were started, in any shell."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from sessionctl.core.session.session_text import render_session
from sessionctl.core.workspace.raw_text import to_value
from tests.world import IN_CI, need

PIECES = (
    "a", "word", " ", "  ", "'", '"', "\n", "\t", "$", "$HOME", "${x}", "$(touch x)", "`id`", ";",
    ";;", "#", "##", "##[", "#[", "#{pane_id}", "#(touch x)", "\\", "\\\\", "\\n", "-", "--", "-n",
    "=", "~", "~/x", "*", "?", "[a]", "{a,b}", "!", "!!", "^x^y", "%", "%1", "%s", "&", "|", "<",
    ">", "(", ")", "\x01", "\x03", "\x04", "\x08", "\x1b", "\x1b[201~", "\x1b[31m", "\x7f", "\r",
    "\x0b", "é", "日本", "🙂", "\u202e", "\u00a0", "\u2028", "\udcff", "\udc80\udcfe", "\udce9",
    "@", ":", "'\"'", "\\'", "=x", "{}", "\x1f", "\x1e",
)  # fmt: skip
# More than a message to tmux holds.
LONG = 100_000 if IN_CI else 20_000
FIXED = (
    ("",), ("", ""), (";",), ("a\\;",), ("a;",), ("-",), ("--", "-x"), ("#{l:x}",),
    ("##[x]",), ("\\",), ("\n",), ("a\n",), ("\t",), ("x" * 130, "y" * LONG),
    ("\\" * 999 + "'",),
    ("'" * 4000,), ("\udcff" * 300,), ("a b", "c\\", ""), tuple("abcdefgh" * 140),
    ("é" * (LONG // 5),),
    ("$'\\n'", "$\"x\""), ("!1", "!$"), ("[[", "]]"), ("end", ";"),
)  # fmt: skip
PANES = 25
SHELLS = ("bash", "zsh", "fish", "dash")


def arguments(count):
    """Return ``count`` argument lists, the same ones every time."""
    chance = random.Random(7)
    found = list(FIXED)
    while len(found) < count:
        words = [
            "".join(chance.choice(PIECES) for _ in range(chance.randrange(9)))
            for _ in range(chance.randrange(1, 7))
        ]
        found.append(tuple(words))
    return found[:count]


def argvs(world, count):
    """Return argvs that wait; every fifth is one argument, a program with an odd name."""
    programs = world.home / "programs"
    programs.mkdir()
    found = []
    for number, words in enumerate(arguments(count)):
        name = words[0].replace("/", "_")
        if number % 5 == 4 and 0 < len(os.fsencode(name)) < 200 and name not in (".", ".."):
            path = f"{programs}/{name}"
            if not os.path.exists(path):
                shutil.copy("/bin/cat", path)
            found.append((path,))
        else:
            found.append(("sh", "-c", "read waits", *words))
    return found


def text_of(argvs, *, is_typed, home):
    panes = [
        {"run": list(map(to_value, argv)), **({} if is_typed else {"shell": False})}
        for argv in argvs
    ]
    value = {"schema_version": 1, "name": "work", "root": str(home)}
    windows = [{"name": f"w{n}", "panes": panes[n : n + 5]} for n in range(0, len(panes), 5)]
    return render_session({**value, "windows": windows})


def running(world):
    """Return the arguments of what each pane of the session runs, as procfs has them."""
    lines = world.tmux("list-panes", "-s", "-t", "work", "-F", "#{pane_pid}").split()
    found = []
    for pid in lines:
        row = world.adapter.table.row(int(pid))
        with open(f"/proc/{row.foreground}/cmdline", "rb") as stream:
            found.append(tuple(map(os.fsdecode, stream.read().removesuffix(b"\0").split(b"\0"))))
    return found


def check(world, argvs, *, is_typed):
    """Restore a file, save what then runs into another one, and restore that."""
    first, second = world.home / "first.session.toml", world.home / "second.session.toml"
    second.unlink(missing_ok=True)
    first.write_text(text_of(argvs, is_typed=is_typed, home=world.home))
    world.run("restore", first, "--yes")
    assert running(world) == argvs
    world.run("save", "work", "--file", second)
    world.end()
    world.run("restore", second, "--yes")
    assert running(world) == argvs
    panes = world.panes("work")
    assert [pane.run for pane in panes] == argvs
    assert {pane.shell for pane in panes} == {is_typed}
    world.end()
    assert not (world.home / "x").exists()


@pytest.mark.parametrize(
    ("shell", "count"),
    [
        ("", PANES),
        pytest.param("", 40, marks=pytest.mark.slow),
        pytest.param("bash", 40, marks=pytest.mark.slow),
        pytest.param("fish", 25, marks=pytest.mark.slow),
        pytest.param("dash", 25, marks=pytest.mark.slow),
    ],
)
def test_arguments_come_back_as_they_were(world, shell, count):
    if shell:
        world.env["SHELL"] = need(shell)
    all_of_them = argvs(world, count)
    for start in range(0, count, PANES):
        check(world, all_of_them[start : start + PANES], is_typed=bool(shell))


@pytest.mark.sweep
@pytest.mark.parametrize("shell", ["", *SHELLS])
def test_five_hundred_arguments_come_back_as_they_were(world, shell):
    if shell:
        world.env["SHELL"] = need(shell)
    all_of_them = argvs(world, 500)
    for start in range(0, 500, PANES):
        check(world, all_of_them[start : start + PANES], is_typed=bool(shell))
