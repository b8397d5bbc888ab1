"""A law of the screen of conflicts: any keys give what the resolve service gives for them."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sessionctl.core.conflict.marked_text import Side
from sessionctl.errors import UsageError
from sessionctl.services.merging.resolution import ConflictedFile
from sessionctl.tui.resolve.resolve_screen import ResolveScreen
from tests.tui.screens import context_in, opened, settled
from tests.world import IN_CI

SIDES = {"o": Side.OURS, "t": Side.THEIRS, "b": Side.BASE, "plus": Side.BOTH}
KEYS = [*SIDES, *"uUnNxAOTm", "up", "down", "home", "end"]
TEXTS = [
    ("p = 1\n", "p = 2\n", "p = 3\n"),
    ("", "p = ['a']\n", "p = ['b']\n"),
    ("# why\np = 1\n", "# why, ours\np = 1\n", "# why, theirs\np = 1\n"),
    ("p = 1\nq = 1\n", "p = 2\nq = 1\n", "p = 1\nq = 2\n"),
    ("p = 1\n", "", "p = 2\n"),
    (None, "p = '1.2'\n", "p = '1.10'\n"),
    ("", "p = 1\n", "q = 2  # new\n"),
    ("", "p = \n", "p = 'x'\n"),
]
NEWLINES = ["\n", "\r\n"]


def marked(number, kind, newline):
    """Return a table with a conflict in it."""
    base, ours, theirs = TEXTS[kind]
    middle = "" if base is None else f"||||||| b\n{base}"
    text = f"[t{number}]\nz = {number}\n<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> x\n\n"
    return text.replace("\n", newline)


class Model:
    """What the keys mean, said once more: over the resolve service, without a screen."""

    def __init__(self, file):
        self.file = file
        self.index = 0
        self.now, self.past, self.future = {}, [], []

    def press(self, key):  # noqa: C901 - one line a key
        count = len(self.file.conflicts)
        match key:
            case "o" | "t" | "b" | "plus":
                try:
                    self.take({self.index: self.file.choice(self.index, SIDES[key])}, step=True)
                except UsageError:
                    return
            case "m":
                found = self.file.settled_by(self.index, "max")
                if found is not None:
                    self.take({self.index: found}, step=True)
            case "O" | "T":
                side = Side.OURS if key == "O" else Side.THEIRS
                self.take({i: side for i in range(count) if i not in self.now})
            case "A":
                found = {i: self.file.merged(i) for i in range(count) if i not in self.now}
                found = {i: one for i, one in found.items() if one is not None}
                self.take(found, step=bool(found))
            case "x":
                kept = {i: one for i, one in self.now.items() if i != self.index}
                self.change(kept)
            case "u" if self.past:
                self.future.append(self.now)
                self.now = self.past.pop()
            case "U" if self.future:
                self.past.append(self.now)
                self.now = self.future.pop()
            case "n" | "N":
                self.step(1 if key == "n" else -1)
            case "up" | "down":
                self.index = max(0, min(count - 1, self.index + (1 if key == "down" else -1)))
            case "home" | "end":
                self.index = 0 if key == "home" else count - 1

    def take(self, choices, *, step=False):
        self.change({**self.now, **choices})
        if step:
            self.step(1)

    def change(self, after):
        if after != self.now:
            self.past.append(self.now)
            self.now, self.future = after, []

    def step(self, step):
        count = len(self.file.conflicts)
        for distance in range(1, count + 1):
            index = (self.index + step * distance) % count
            if index not in self.now:
                self.index = index
                return


@settings(deadline=None, max_examples=12 if IN_CI else 4)
@given(
    kinds=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=5),
    keys=st.lists(st.sampled_from(KEYS), max_size=15),
    newline=st.sampled_from(NEWLINES),
    end=st.sampled_from(["w", "q"]),
    bom=st.sampled_from(["", "\ufeff"]),
)
def test_any_keys_then_w_write_what_the_service_makes_of_those_choices(
    kinds, keys, newline, end, bom
):
    text = bom + "".join(marked(i, kind, newline) for i, kind in enumerate(kinds))

    async def scenario(folder):
        path = folder / "a.toml"
        path.write_bytes(text.encode())
        model = Model(ConflictedFile.read(str(path)))
        async with opened(context_in(folder)) as pilot:
            await pilot.app.push_screen(ResolveScreen(pilot.app.context, str(path)))
            await settled(pilot)
            for key in keys:
                await pilot.press(key)
                model.press(key)
            assert pilot.app.screen._index == model.index
            assert dict(pilot.app.screen._desk.choices) == model.now
            await settled(pilot)
            await pilot.press(end)
            await settled(pilot)
        is_fit = not model.file.choice_problems(model.now)
        is_due = len(model.now) == len(kinds) or end == "q"
        wanted = model.file.resolve(model.now) if is_fit and is_due else text
        assert path.read_bytes().decode() == wanted

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scenario(Path(folder)))
