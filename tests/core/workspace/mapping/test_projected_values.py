"""What a session that stands writes over its document: whole values, field by field."""

from __future__ import annotations

import tomllib

from sessionctl.core.session.override_layers import ItemOrigin
from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.mapping.projection import project
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace import (
    FloatPlace,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.core.workspace.workspace_reader import read_workspace
from tests.together import together

SCOPE = PathScope("/base", "/home/ada")
TEXT = """
name = "api"
root = "~/api"
env = { A = "1" }
options = { mouse = true }
group = "g"
own = 1

[[windows]]
name = "ed"
own = 2
layout = "even-horizontal"
options = { x = "1" }

[[windows.panes]]
name = "code"
own = 3
run = ["vim"]
cwd = "src"
env = { P = "1" }

[[windows.panes]]

[[windows]]
name = "logs"
index = 4
"""
VALUE = tomllib.loads(TEXT)
LIVE = read_workspace(VALUE, SCOPE)
ED, LOGS = LIVE.windows
ROW = "80x24,0,0{40x24,0,0,39x24,41,0}"
COLUMN = "80x24,0,0[80x12,0,0,80x11,0,13]"
STANDS = LIVE._replace(windows=(ED._replace(number=0, layout=ROW), LOGS))


def with_ed(**how):
    return STANDS._replace(windows=(STANDS.windows[0]._replace(**how), LOGS))


def with_pane(**how):
    return with_ed(panes=(ED.panes[0]._replace(**how), ED.panes[1]))


def changed(path, **how):
    """Return the document with keys of the table at ``path`` set, or removed with None."""
    value = tomllib.loads(TEXT)
    table = value
    for part in path:
        table = table[part]
    for key, item in how.items():
        if item is None:
            table.pop(key, None)
        else:
            table[key] = item
    return value


WINDOW, PANE, OTHER = ("windows", 0), ("windows", 0, "panes", 0), ("windows", 1)


@together(
    "live, expected",
    [
        (STANDS, VALUE),
        (STANDS._replace(name="web"), changed((), name="web")),
        (STANDS._replace(root="/home/ada/web", windows=(
            STANDS.windows[0]._replace(panes=tuple(
                pane._replace(cwd=pane.cwd.replace("api", "web")) for pane in ED.panes)),
            LOGS._replace(panes=(WorkspacePane(cwd="/home/ada/web"),)))),
         changed((), root="~/web")),
        (STANDS._replace(group=""), changed((), group=None)),
        (STANDS._replace(group="h"), changed((), group="h")),
        (STANDS._replace(env={"A": "2", "B": None}), changed((), env={"A": "2", "B": False})),
        (STANDS._replace(env={}), VALUE),  # what the file has more is somebody's wish
        (STANDS._replace(options={"mouse": "on", "l": ("a",)}),
         changed((), options={"mouse": True, "l": ["a"]})),
        (with_ed(name="code"), changed(WINDOW, name="code")),
        (with_ed(name="code", options={"automatic-rename": True, "x": "1"}),
         changed(WINDOW, options={"x": "1", "automatic-rename": True})),
        (with_ed(number=1), changed(WINDOW, index=1)),
        (with_ed(number=1)._replace(base_index=1), VALUE),
        (with_ed(layout=COLUMN), changed(WINDOW, layout=COLUMN)),
        (with_ed(link="o:1", panes=()),
         changed(WINDOW, link="o:1", panes=None)),
        (with_ed(options={"x": "2"}), changed(WINDOW, options={"x": "2"})),
        (with_pane(run=("nano", "\udce9")), changed(PANE, run=["nano", {"bytes": "\\xe9"}])),
        (with_pane(run=None), changed(PANE, run=None)),
        (with_pane(run=("nano",), start="type"), changed(PANE, run=["nano"], start="type")),
        (with_pane(run=("nano",), shell=False), changed(PANE, run=["nano"], shell=False)),
        (with_pane(run=("nano",), shell=("zsh", "-f")),
         changed(PANE, run=["nano"], shell=["zsh", "-f"])),
        (with_pane(cwd="/home/ada/api"), changed(PANE, cwd=None)),
        (with_pane(cwd="/home/ada/api/x y"), changed(PANE, cwd="x y")),
        (with_pane(cwd="/srv"), changed(PANE, cwd="/srv")),
        (with_pane(cwd=""), VALUE),
        (with_pane(resume=("vim", "-S")), changed(PANE, resume=["vim", "-S"])),
        (with_pane(resume=()), changed(PANE, resume=[])),
        (with_pane(floating=FloatPlace(1, 2, 3, 4)),
         changed(PANE, float={"x": 1, "y": 2, "width": 3, "height": 4})),
        (with_pane(env={"P": "2"}), changed(PANE, env={"P": "2"})),
        (with_pane(env={}), VALUE),
        (with_pane(options={"o": 1}), changed(PANE, options={"o": 1})),
        (with_pane(title="t", is_active=True, size=7), VALUE),  # changes all the time
        (STANDS._replace(windows=(STANDS.windows[0], LOGS._replace(number=6))),
         changed(OTHER, index=6)),
        (STANDS._replace(windows=(STANDS.windows[0], LOGS._replace(name="x"))),
         changed(OTHER, name="x")),
        (STANDS._replace(windows=(LOGS, STANDS.windows[0])),
         {**VALUE, "windows": [VALUE["windows"][1], {**VALUE["windows"][0], "index": 0}]}),
        (STANDS._replace(windows=STANDS.windows[:1]), {**VALUE, "windows": VALUE["windows"][:1]}),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_stands_is_written_over_the_document(live, expected):
    before = tomllib.loads(TEXT)
    found = project(StandingWorkspace(live), before, SCOPE).value
    assert before == VALUE
    assert found == expected


def test_new_windows_and_panes_have_their_keys_in_the_order_of_reading():
    pane = WorkspacePane(
        "p", "/srv", ("x",), ("y",), False, env={"A": "1"}, options={"o": "1"},
        floating=FloatPlace(1, 2, 3, 4),
    )  # fmt: skip
    window = WorkspaceWindow("new", (pane, WorkspacePane(cwd="/base")), 7, ROW, options={"w": "1"})
    found = project(StandingWorkspace(Workspace("s", "/base", (window,))), {}, SCOPE)
    (written,) = found.value["windows"]
    assert written == {
        "name": "new", "index": 7, "layout": ROW, "options": {"w": "1"},
        "panes": [
            {
                "cwd": "/srv", "run": ["x"], "resume": ["y"], "shell": False,
                "float": {"x": 1, "y": 2, "width": 3, "height": 4}, "env": {"A": "1"},
                "options": {"o": "1"},
            },
            {},
        ],
    }  # fmt: skip
    assert list(written) == ["name", "index", "layout", "options", "panes"]
    assert list(written["panes"][0]) == [
        "cwd", "run", "resume", "shell", "float", "env", "options",
    ]  # fmt: skip
    assert (found.windows, found.panes) == ({0: 0}, {0: {0: 0, 1: 1}})
    assert found.origins == (ItemOrigin(None, (None, None)),)


def test_what_was_never_restored_keeps_its_place():
    agreed = AgreedWorkspace(
        StandingWorkspace(STANDS._replace(windows=(STANDS.windows[0]._replace(panes=ED.panes[:1]),))),
        (0,), ((0,),),
    )  # fmt: skip
    live = STANDS._replace(windows=(STANDS.windows[0]._replace(panes=ED.panes[:1]),))
    found = project(StandingWorkspace(live), tomllib.loads(TEXT), SCOPE, agreed=agreed)
    assert found.value == VALUE
    assert found.windows == {0: 0}
    assert found.panes == {0: {0: 0}}
    assert found.origins == (ItemOrigin(0, (0, 1)), ItemOrigin(1))


# What stood when the document was last in step stands now: what the document says else stays.
@together(
    "path, how",
    [
        ((), {"root": "~/x"}), ((), {"env": {"A": "2"}}), ((), {"env": {}}),
        ((), {"options": {"mouse": False}}), (WINDOW, {"name": "code"}),
        (WINDOW, {"layout": "even-vertical"}), (WINDOW, {"layout": None}),
        (WINDOW, {"options": {"x": "9"}}), (PANE, {"run": ["nano"]}), (PANE, {"run": "vim | x"}),
        (PANE, {"run": None}), (PANE, {"run": ["nano"], "shell": False}), (PANE, {"cwd": "other"}),
        (PANE, {"cwd": None}), (PANE, {"shell": False}), (PANE, {"resume": ["x"]}),
        (PANE, {"start": "type"}), (PANE, {"name": "t"}), (PANE, {"options": {"o": "1"}}),
    ],
)  # fmt: skip
def test_what_stands_as_before_writes_nothing(path, how):
    agreed = AgreedWorkspace(StandingWorkspace(STANDS), (0, 1), ((0, 1), (0,)))
    document = changed(path, **how)
    assert project(StandingWorkspace(STANDS), document, SCOPE, agreed=agreed).value == document
    # Without it, the document is made to say what stands; what only says how, or more, stays.
    is_wish = how in (
        {"start": "type"}, {"name": "t"}, {"resume": ["x"]}, {"options": {"o": "1"}},
        {"run": "vim | x"}, {"shell": False},
    )  # fmt: skip
    alone = project(StandingWorkspace(STANDS), document, SCOPE).value
    assert (alone == document) is is_wish
