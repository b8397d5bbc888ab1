"""When a shell is ready for what is typed, and what is typed into it, line by line."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.services.live.tmux import typed_start
from sessionctl.services.live.tmux.typed_start import TypedInput, TypingState, shell_name, type_all
from tests.together import together

BUFFER = f"sessionctl-{os.getpid()}-1"
WAITING, TYPED, FAILED = TypingState.WAITING, TypingState.TYPED, TypingState.FAILED


class World:
    """A server and its panes; the clock goes on with each look and each sleep.

    ``edited`` are the moments from which a line editor reads a terminal, by its name.
    """

    def __init__(self, monkeypatch):
        self.now, self.typed, self.slept, self.shown = 100.0, [], [], []
        self.edited, self.rows, self.below, self.refused = {}, {}, {}, set()
        self.size = "80 24 2 0\n"
        monkeypatch.setattr(typed_start, "time", self)
        monkeypatch.setattr(typed_start, "is_edited", self.is_edited)
        monkeypatch.setattr(typed_start, "write_to", lambda *what: self.shown.append(what))

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def is_edited(self, tty):
        return self.now >= self.edited.get(tty, 1e9)

    def row(self, pid):
        found = self.rows.get(pid, SimpleNamespace(state="S", foreground=pid, group=pid))
        return found(self.now) if callable(found) else found

    def children(self, pid):
        return self.below.get(pid, ())

    def time(self, pid):
        return 0

    def run(self, commands):
        answers = []
        for command in commands:
            if command[0] == "display-message":
                answers.append(SimpleNamespace(is_done=self.size is not None, text=self.size))
                continue
            self.typed.append((round(self.now - 100, 2), *command))
            answers.append(SimpleNamespace(is_done=command[0] not in self.refused, text=""))
        return answers


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def pane(*lines, shell="bash", **more):
    return TypedInput("%1", 7, "/t1", shell, lines, **more)


def keys(world):
    """Return what was typed: the text of each line, and each Enter, with its moment."""
    return [
        (one[0], one[-1]) for one in world.typed if one[1] in ("set-buffer", "send-keys")
    ]  # fmt: skip


def typed(world, *inputs, deadline_s=5.0):
    return type_all(world, world, inputs, deadline_s=deadline_s, sleep=world.sleep)


def test_a_line_is_pasted_and_entered_once_the_shell_reads_it(world):
    world.edited["/t1"] = 100.5
    assert typed(world, pane("make test")) == {"%1": TYPED}
    [(at, *first), second, third] = world.typed
    assert 0.5 <= at < 0.55
    assert tuple(first) == ("set-buffer", "-b", BUFFER, "--", "make test")
    assert second[1:] == ("paste-buffer", "-d", "-p", "-r", "-b", BUFFER, "-t", "%1")
    assert third[1:] == ("send-keys", "-t", "%1", "Enter")
    assert set(world.slept) == {0.01}
    assert world.now == pytest.approx(100 + at, abs=0.011)  # that was all to wait for
    assert world.shown == []


def test_what_is_only_typed_is_not_entered(world):
    world.edited["/t1"] = 0
    assert typed(world, pane("a", "b", is_entered=False)) == {"%1": TYPED}
    assert [what for _, what in keys(world)] == ["a", "Enter", "b"]


def test_the_next_line_waits_until_who_reads_it_is_there(world):
    world.edited["/t1"] = 0
    moments = [SimpleNamespace(state="S", foreground=fg, group=7) for fg in (7, 8)]
    world.rows[7] = lambda now: moments[now >= 100.1]
    assert typed(world, pane("one", "two")) == {"%1": TYPED}
    found = keys(world)
    assert [what for _, what in found] == ["one", "Enter", "two", "Enter"]
    # 0.15 s behind the last change, which came after 0.1 s.
    assert found[0][0] == 0
    assert 0.25 <= found[2][0] < 0.3


def test_a_shell_that_is_not_ready_has_nothing_typed_into_it(world):
    assert typed(world, pane("a"), deadline_s=0.1) == {"%1": WAITING}
    assert world.typed == []
    assert 9 <= len(world.slept) <= 11
    assert typed(world) == {}


def test_what_has_begun_is_finished_at_the_deadline(world):
    world.edited["/t1"] = 0
    assert typed(world, pane("a", "b", "c"), deadline_s=0.05) == {"%1": TYPED}
    found = keys(world)
    assert [what for _, what in found] == ["a", "Enter", "b", "Enter", "c", "Enter"]
    assert found[2][0] <= 0.07


def test_a_shell_without_a_line_editor_is_ready_when_it_reads_and_is_quiet(world):
    assert typed(world, pane("a", shell="dash")) == {"%1": TYPED}
    assert 0.3 <= keys(world)[0][0] < 0.35


@together(
    "state, foreground, below",
    [("R", 7, ()), ("S", 8, ()), ("S", 7, (9,))],
)
def test_one_that_is_busy_is_not_ready(monkeypatch, state, foreground, below):
    world = World(monkeypatch)
    world.rows[7] = SimpleNamespace(state=state, foreground=foreground, group=7)
    world.below[7] = below
    assert typed(world, pane("a", shell="sh"), deadline_s=1.0) == {"%1": WAITING}
    assert world.typed == []


def test_one_that_works_now_and_then_is_not_quiet(world):
    idle, works = (SimpleNamespace(state=state, foreground=7, group=7) for state in "SR")
    world.rows[7] = lambda now: works if int(now * 10) % 2 else idle
    assert typed(world, pane("a", shell="sh"), deadline_s=2.0) == {"%1": WAITING}


def test_a_shell_that_is_gone_or_does_not_take_it_has_failed(world):
    world.rows[7] = None
    other = pane("b")._replace(pane="%2", pid=8, tty="/t2")
    world.edited["/t2"] = 0
    assert typed(world, pane("a", shell="sh"), other) == {"%1": FAILED, "%2": TYPED}
    world.refused = {"paste-buffer"}
    assert typed(world, other) == {"%2": FAILED}
    assert typed(world, pane(shell="sh")._replace(tty="/t2")) == {"%1": TYPED}  # nothing to type


@together(
    "size, old_text, shown",
    [("80 24 2 0\n", "old\n", True), ("80 24 2 1\n", "old\n", False), (None, "old\n", False),
     ("80 24 2 0\n", "", False)],
)  # fmt: skip
def test_an_old_text_is_shown_once_before_what_is_typed(monkeypatch, size, old_text, shown):
    world = World(monkeypatch)
    world.edited["/t1"], world.size = 0, size
    assert typed(world, pane("a", "b", old_text=old_text)) == {"%1": TYPED}
    assert [tty for tty, _ in world.shown] == (["/t1"] if shown else [])
    assert all(b"old" in text for _, text in world.shown)
    assert len([one for one in world.typed if one[1] == "set-buffer"]) == 2


def test_the_shell_of_an_argv():
    assert [shell_name(argv) for argv in ([], ["/bin/zsh", "-l"], ["-bash"])] == [
        "", "zsh", "bash",
    ]  # fmt: skip
