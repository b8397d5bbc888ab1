"""A restore as the list of sessions offers it: what is proposed, done and answered."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import CellSize, Workspace
from sessionctl.errors import UsageError
from sessionctl.services.board.session_restore import RestoreProposal, SessionRestore
from sessionctl.services.connections.keeper_process import WAKE_SIGNAL
from sessionctl.services.connections.keeper_service import digest_of
from sessionctl.services.connections.session_start import SessionStart, StartedConnection
from sessionctl.services.live.live_memory import LiveRecord
from sessionctl.services.plan.plan import permissions, plan_lines
from sessionctl.services.plan.runner import StepStatus
from tests.answering_keeper import answering_keeper
from tests.tmux_world import TmuxWorld

WORK = """\
schema_version = 1
name = "work"
root = "."

[connections.db]
driver = "sqlite"
file = "a.db"
start = true

[connections.late]
driver = "sqlite"
file = "b.db"

[[windows]]
name = "main"

[[windows.panes]]
name = "left"

[[windows]]
name = "logs"

[[windows.panes]]
name = "one"
run = ["sleep", "4321"]
shell = false
needs = ["db"]

[[windows]]
name = "held"

[[windows.panes]]
run = ["sleep", "1234"]
needs = ["late"]
"""


@pytest.fixture
def world(tmp_path):
    made = TmuxWorld(tmp_path / "home")
    yield made
    made.remove()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "files" / "work.session.toml"
    path.parent.mkdir()
    path.write_text(WORK)
    return str(path)


def carried_out(restore, *, trusts):
    """Carry it out; return the answer, the plan it began with and how each step ended."""
    begun, ended = [], []
    result = restore.carry_out(
        trusts=trusts, begin=begun.append, watch=ended.append, terminal=CellSize(90, 30)
    )
    assert len(begun) == 1
    return result, plan_lines(begun[0]), [one.status for one in ended]


@contextmanager
def keeper_of(world, file, state):
    """Answer as a keeper that holds open what the file asks for; gives how often it is woken."""
    woken = []
    before = signal.signal(WAKE_SIGNAL, lambda *_: woken.append(state))
    start = SessionStart(world.machine, file, Document.parse(WORK).value)
    said = {"name": "db", "state": state, "reason": "", "server": "SQLite"}
    try:
        digest = digest_of(start.items(), ["db"])
        with answering_keeper(world.machine, file, said, digest=digest):
            yield woken
    finally:
        signal.signal(WAKE_SIGNAL, before)


def shown(world):
    """Return the windows that stand, each with the title and the program of its pane."""
    windows = world.standing("work").workspace.windows
    return [(window.name, pane.title, pane.run) for window in windows for pane in window.panes]


def test_a_session_is_made_without_what_is_not_trusted_then_filled_up(world, file):
    folder = os.path.dirname(file)
    restore = SessionRestore(file, world.context)
    new = restore.propose()
    assert (new.name, new.is_new, new.connections) == ("work", True, ("db",))
    assert [(item.kind, item.where) for item in new.new] == [
        ("directory", "main: left"), ("program", "logs: one"), ("program", "held: pane 1"),
        ("connection", "db"),
    ]  # fmt: skip
    expected = [
        f"make the session work in {folder}",
        "windows",
        "  window main",
        f"    open pane 1 in {folder}",
        "  window logs",
        f"    open pane 1 in {folder}",
        "    run in pane 1: sleep 4321",
        "  window held",
        f"    open pane 1 in {folder}",
        "    run in pane 1: sleep 1234",
    ]
    assert plan_lines(new.plan) == plan_lines(new.trusting) == expected
    assert (permissions(new.plan), permissions(new.trusting)) == (("trust",), ())
    # Nothing is asked of a keeper, and nothing is opened: the connection was not allowed either.
    result, plan, ended = carried_out(restore, trusts=False)
    assert (plan, set(ended)) == (expected, {StepStatus.DONE})
    assert result[1:] == (False, (), (), ())
    assert shown(world) == [("main", "left", None), ("logs", "one", None), ("held", "", None)]
    assert {window.size for window in world.standing("work").workspace.windows} == {(90, 30)}
    record = world.context.memory.recall(file)
    assert (record.text, record.adapter, record.agreed.items) == (WORK, "tmux", (0, 1, 2))

    there = SessionRestore(file, world.context).propose()
    assert there == RestoreProposal("work", (), (), new.new, is_new=False, connections=("db",))

    world.tmux("kill-window", "-t", "=work:held")
    world.tmux("kill-window", "-t", "=work:logs")
    restore = SessionRestore(file, world.context)
    missing = restore.propose()
    expected = [f"go into the session work in {folder}", "windows", *expected[4:]]
    assert (missing.is_new, missing.new) == (False, new.new)
    assert plan_lines(missing.plan) == plan_lines(missing.trusting) == expected
    assert (permissions(missing.plan), permissions(missing.trusting)) == (("trust",), ())
    with keeper_of(world, file, "ready") as woken:
        result, plan, ended = carried_out(restore, trusts=True)
    world.wait_for_program("work", ("sleep", "4321"))
    # The last window needs what no one opened: it gets its command typed, and no more.
    assert plan == [*expected[:-1], "    type, not enter, in pane 1: sleep 1234"]
    assert (set(ended), len(ended), woken) == ({StepStatus.DONE}, 6, ["ready"])
    assert result[1:] == (
        True,
        (),
        (StartedConnection("db", "ready", "", "SQLite"),),
        ("held: pane 1: typed, not started: it needs late, not open by now",),
    )
    assert shown(world) == [
        ("main", "left", None), ("logs", "one", ("sleep", "4321")), ("held", "", None)
    ]  # fmt: skip
    trusted = SessionRestore(file, world.context).propose()
    assert trusted == RestoreProposal("work", (), (), (), is_new=False, connections=("db",))


def test_a_file_saved_from_elsewhere_is_refused(world, file):
    agreed = AgreedWorkspace(StandingWorkspace(Workspace("work", "/"), "1.1"), (), ())
    world.context.memory.keep(LiveRecord(file, WORK, agreed, "", 1.0, "plain"))
    with pytest.raises(UsageError) as caught:
        SessionRestore(file, world.context).propose()
    assert caught.value.message == f"{file}: it was saved with the adapter plain, not from tmux"
    assert caught.value.hints == (f"restore it: sessionctl restore {file}",)
