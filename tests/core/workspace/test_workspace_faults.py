"""What another package hands over as a session that stands: each fault is named with its place."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import (
    CellSize,
    FloatPlace,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.core.workspace.workspace_faults import standing_faults, workspace_faults
from tests.together import together

PANE = WorkspacePane("p", cwd="/a", run=("vim",))
WINDOW = WorkspaceWindow("w", (PANE,))
SOUND = Workspace("api", root="/a", windows=(WINDOW,))
STANDING = StandingWorkspace(SOUND, "tmux:1", ("@1",), (("%1",),))
ENV = "expected str or SecretRef or nothing, got int"
OPTIONS = "expected str or int or tuple, got float"


def pane(**changes):
    return window(panes=(PANE._replace(**changes),))


def window(**changes):
    return SOUND._replace(windows=(WINDOW._replace(**changes),))


@together(
    "workspace",
    [
        SOUND,
        SOUND._replace(root="", group="b", windows=(), env={"A": None, "B": SecretRef("s")}),
        window(number=3, size=CellSize(80, 24), options={"a": "b", "c": 1, "d": ("e",)}),
        window(panes=(), link="b:1"),
        pane(run="vim", resume=(), shell=False, start="skip", floating=FloatPlace(0, 0, 9, 9)),
        pane(run=None, resume=("vim",), shell=("zsh", "-l"), start="type", cwd=""),
    ],
    ids=lambda workspace: str(workspace)[:40],
)
def test_a_sound_workspace_has_no_fault(workspace):
    assert list(workspace_faults(workspace)) == []


@together(
    "workspace, fault",
    [
        ("x", "expected a Workspace, got str"),
        (SOUND._replace(name=1), "name: expected str, got int"),
        (SOUND._replace(name=""), "name: expected a name without control characters"),
        (SOUND._replace(name="a\nb"), "name: expected a name without control characters"),
        (SOUND._replace(root=None), "root: expected a text, got NoneType"),
        (SOUND._replace(root="a"), "root: expected an absolute path"),
        (SOUND._replace(root="/a\0"), "root: expected an absolute path"),
        (SOUND._replace(group=None), "group: expected str, got NoneType"),
        (SOUND._replace(base_index="1"), "base_index: expected int, got str"),
        (SOUND._replace(base_index=True), "base_index: expected int, got bool"),
        (SOUND._replace(server={}), "server: expected ServerFacts, got dict"),
        (SOUND._replace(env=["A"]), "env: expected a mapping, got list"),
        (SOUND._replace(env={"A": 1}), f"env.A: {ENV}"),
        (SOUND._replace(env={1: "x"}), "env: expected names that are texts"),
        (SOUND._replace(env={"": "x"}), "env: expected names that are texts"),
        (SOUND._replace(env={"a\0": "x"}), "env: expected names that are texts"),
        (SOUND._replace(options={"a": 1.5}), f"options.a: {OPTIONS}"),
        (SOUND._replace(windows=[]), "windows: expected a tuple, got list"),
        (SOUND._replace(windows=(1,)), "windows[0]: expected a WorkspaceWindow, got int"),
        (window(name=None), "windows[0].name: expected str, got NoneType"),
        (window(layout=1), "windows[0].layout: expected str, got int"),
        (window(link=1), "windows[0].link: expected str, got int"),
        (window(number="1"), "windows[0].number: expected int or nothing, got str"),
        (window(number=True), "windows[0].number: expected int or nothing, got bool"),
        (window(size=(1, 2)), "windows[0].size: expected CellSize or nothing, got tuple"),
        (window(env={"A": 1}), f"windows[0].env.A: {ENV}"),
        (window(options={"a": 1.5}), f"windows[0].options.a: {OPTIONS}"),
        (window(panes=[PANE]), "windows[0].panes: expected a tuple, got list"),
        (window(panes=()), "windows[0].panes: expected at least one pane"),
        (window(panes=(1,)), "windows[0].panes[0]: expected a WorkspacePane, got int"),
        (pane(name=1), "windows[0].panes[0].name: expected str, got int"),
        (pane(title=1), "windows[0].panes[0].title: expected str, got int"),
        (pane(cwd="a"), "windows[0].panes[0].cwd: expected an absolute path"),
        (pane(run=()),
         "windows[0].panes[0].run: expected a tuple of texts, a line or None, got tuple"),
        (pane(run=["vim"]),
         "windows[0].panes[0].run: expected a tuple of texts, a line or None, got list"),
        (pane(resume="vim"),
         "windows[0].panes[0].resume: expected a tuple of texts or None, got str"),
        (pane(shell=()),
         "windows[0].panes[0].shell: expected true, false or a tuple of texts, got tuple"),
        (pane(start="now"), 'windows[0].panes[0].start: expected "run", "type" or "skip"'),
        (pane(floating=1), "windows[0].panes[0].floating: expected FloatPlace or nothing, got int"),
        (pane(env={"A": 1}), f"windows[0].panes[0].env.A: {ENV}"),
        (pane(options={"a": 1.5}), f"windows[0].panes[0].options.a: {OPTIONS}"),
    ],
    ids=lambda value: str(value)[-60:],
)  # fmt: skip
def test_each_fault_has_its_place(workspace, fault):
    assert list(workspace_faults(workspace)) == [fault]


@together(
    "standing, faults",
    [
        (STANDING, []),
        (STANDING._replace(server="", windows=None), []),
        (SOUND, ["expected a StandingWorkspace, got Workspace"]),
        (STANDING._replace(server=1), ["server: expected str, got int"]),
        (STANDING._replace(workspace=1), ["expected a Workspace, got int"]),
        (STANDING._replace(windows=()), ["windows: expected a tuple with the id of each window"]),
        (STANDING._replace(windows=(1,)), ["windows: expected a tuple with the id of each window"]),
        (STANDING._replace(windows=["@1"]),
         ["windows: expected a tuple with the id of each window"]),
        (STANDING._replace(panes=[]),
         ["panes: expected a tuple of tuples with the ids of the panes"]),
        (STANDING._replace(panes=("%1",)),
         ["panes: expected a tuple of tuples with the ids of the panes"]),
        (STANDING._replace(panes=((),)), ["panes: expected the id of each pane of each window"]),
        (STANDING._replace(panes=()), ["panes: expected the id of each pane of each window"]),
    ],
    ids=lambda value: str(value)[-60:],
)  # fmt: skip
def test_what_stands_has_the_id_of_each_window_and_pane(standing, faults):
    assert list(standing_faults(standing)) == faults
