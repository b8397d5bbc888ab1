"""What a workspace writes into its document, and what of the document it leaves."""

from __future__ import annotations

from hypothesis import given

from sessionctl.core.session.session_text import render_session
from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.mapping.agreement import runs_as_asked
from sessionctl.core.workspace.mapping.projection import project
from sessionctl.core.workspace.mapping.standing_text import read_agreed, write_agreed
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.core.workspace.workspace_reader import read_workspace
from tests.core.workspace.workspaces import workspaces

SCOPE = PathScope("/home/ada/sessions", "/home/ada", {"PROJECT": "/home/ada/src/api"})
NEW = {"schema_version": 1}


def standing(workspace, server=""):
    ids = tuple(f"@{j}" for j in range(len(workspace.windows)))
    panes = tuple(
        tuple(f"%{j}.{k}" for k in range(len(window.panes)))
        for j, window in enumerate(workspace.windows)
    )
    return StandingWorkspace(workspace, server, ids, panes)


def written(workspace, value=NEW, agreed=None, **how):
    return project(standing(workspace), dict(value), SCOPE, agreed=agreed, **how).value


def agreed_on(workspace, value):
    found = project(standing(workspace), dict(value), SCOPE)
    return AgreedWorkspace(
        standing(workspace),
        tuple(found.windows[j] for j in range(len(workspace.windows))),
        tuple(
            tuple(found.panes[j].get(k, -1) for k in range(len(window.panes)))
            for j, window in enumerate(workspace.windows)
        ),
    )


def without_state(workspace):
    """Return a workspace as its document alone gives it back."""
    windows = []
    for place, window in enumerate(workspace.windows):
        before = workspace.windows[place - 1].number + 1 if place else 0
        number = None if window.number == before else window.number
        windows.append(window._replace(size=None, number=number))
    return workspace._replace(windows=tuple(windows), base_index=0)


@given(workspaces())
def test_a_document_gives_back_the_workspace_it_was_made_of(workspace):
    assert read_workspace(written(workspace), SCOPE) == without_state(workspace)


@given(workspaces())
def test_it_does_so_through_the_text_of_a_file(workspace):
    text = render_session(written(workspace))
    assert read_workspace(Document.parse(text).value, SCOPE) == without_state(workspace)


@given(workspaces())
def test_a_workspace_that_did_not_change_changes_nothing(workspace):
    value = written(workspace)
    assert written(workspace, value) == value
    assert written(workspace, value, agreed_on(workspace, value)) == value


@given(workspaces(), workspaces())
def test_a_document_follows_its_workspace_wherever_it_goes(before, after):
    value = written(before)
    agreed = agreed_on(before, value)
    read = read_workspace(written(after, value, agreed), SCOPE)
    assert len(read.windows) == len(after.windows)
    for asked, live in zip(read.windows, after.windows, strict=True):
        assert asked.name == live.name or is_automatic(live)
        assert [pane.cwd for pane in asked.panes] == [pane.cwd for pane in live.panes]
        assert all(map(runs_as_asked, asked.panes, live.panes))


def is_automatic(window):
    return bool(window.options.get("automatic-rename"))


@given(workspaces())
def test_what_stood_is_read_back_from_the_state_as_it_was(workspace):
    agreed = agreed_on(workspace, written(workspace))
    assert read_agreed(write_agreed(agreed)) == agreed


def test_what_is_not_ours_is_no_state():
    for text in ("", "{}", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "workspace": 1}'):
        assert read_agreed(text) is None


# -- what a person wrote stays -------------------------------------------------------------


def window(**how):
    panes = how.pop("panes", (WorkspacePane(cwd="/home/ada/src/api"),))
    return WorkspaceWindow(how.pop("name", "w"), tuple(panes), how.pop("number", 0), **how)


def session(*windows, **how):
    return Workspace("api", "/home/ada/src/api", windows, **how)


def test_directories_keep_the_form_they_were_written_in():
    value = {
        **NEW, "name": "api", "root": "$PROJECT",
        "windows": [
            {"name": "w", "cwd": "deploy", "panes": [{"cwd": ".."}, {"cwd": "~"}, {"cwd": "/srv"}]}
        ],
    }  # fmt: skip
    places = ("/home/ada/src/api", "/home/ada", "/srv")
    live = session(window(panes=[WorkspacePane(cwd=place) for place in places]))
    assert written(live, value) == value


def test_a_new_directory_is_written_in_its_shortest_form():
    value = {
        **NEW,
        "name": "api",
        "root": "~/src/api",
        "windows": [{"name": "w", "panes": [{}] * 4}],
    }
    places = ("/home/ada/src/api/x", "/home/ada/y", "/srv", "/home/ada/src/api/~")
    live = session(window(panes=[WorkspacePane(cwd=place) for place in places]))
    panes = written(live, value)["windows"][0]["panes"]
    assert [pane.get("cwd") for pane in panes] == ["x", "~/y", "/srv", "./~"]


def test_a_pane_that_is_only_typed_or_left_out_may_stand_idle():
    panes = [{"run": ["a"], "start": "type"}, {"run": "b", "start": "skip"}, {"run": ["rm", "x"]}]
    value = {**NEW, "name": "api", "root": "~/src/api", "windows": [{"name": "w", "panes": panes}]}
    live = session(window(panes=[WorkspacePane(cwd="/home/ada/src/api")] * 3))
    assert written(live, value) == value


def test_a_program_that_resumed_keeps_what_it_was_started_with():
    panes = [{"run": ["vim"], "resume": ["vim", "-S"]}, {"run": ["x"], "resume": []}]
    value = {**NEW, "name": "api", "root": "~/src/api", "windows": [{"name": "w", "panes": panes}]}
    here = "/home/ada/src/api"
    live = session(
        window(panes=[WorkspacePane(cwd=here, run=("vim", "-S")), WorkspacePane(cwd=here)])
    )
    assert written(live, value) == value


def test_a_shell_line_stays_while_the_program_in_it_runs():
    panes = [
        {"run": "docker compose logs | less"}, {"run": ["./x.sh", "1"]}, {"run": ["x", "1"]},
        {"run": ["x", "1"]},
    ]  # fmt: skip
    value = {**NEW, "name": "api", "root": "~/src/api", "windows": [{"name": "w", "panes": panes}]}
    runs = [("docker", "compose", "logs"), ("/bin/bash", "./x.sh", "1")]
    runs += [("/opt/x", "1"), ("/usr/bin/env", "python3", "/opt/x", "1")]
    live = session(window(panes=[WorkspacePane(cwd="/home/ada/src/api", run=run) for run in runs]))
    assert written(live, value) == value


def test_a_window_that_tmux_names_keeps_the_name_of_the_file():
    automatic = {"automatic-rename": True}
    value = {
        **NEW, "name": "api", "root": "~/src/api",
        "windows": [{"name": "logs", "options": automatic}],
    }  # fmt: skip
    live = session(window(name="less", options=automatic))
    assert written(live, value) == value


def test_a_reference_to_a_secret_is_not_overwritten_by_its_value():
    value = {
        **NEW, "name": "api", "root": "~/src/api", "env": {"TOKEN": {"secret": "a.b"}, "A": "1"},
        "windows": [{"name": "w"}],
    }  # fmt: skip
    live = session(window(), env={"TOKEN": "the value itself", "A": "2"})
    assert written(live, value)["env"] == {"TOKEN": {"secret": "a.b"}, "A": "2"}


def test_what_was_unset_in_the_session_goes_and_what_only_the_file_has_stays():
    value = {
        **NEW, "name": "api", "root": "~/src/api", "options": {"mouse": True, "status": False},
        "windows": [{"name": "w"}],
    }  # fmt: skip
    before = session(window(), options={"mouse": True})
    agreed = agreed_on(before, value)
    after = written(session(window()), value, agreed)
    assert after["options"] == {"status": False}


def test_the_shape_of_a_layout_counts_in_a_window_of_another_size():
    layout = "aaaa,80x24,0,0{40x24,0,0,39x24,41,0}"
    value = {
        **NEW, "name": "api", "root": "~/src/api",
        "windows": [{"name": "w", "layout": layout, "panes": [{}, {}]}],
    }  # fmt: skip
    panes = [WorkspacePane(cwd="/home/ada/src/api")] * 2
    small = "0000,40x12,0,0{20x12,0,0,19x12,21,0}"
    assert written(session(window(panes=panes, layout=small)), value) == value
    moved = "0000,80x24,0,0{50x24,0,0,29x24,51,0}"
    assert (
        written(session(window(panes=panes, layout=moved)), value)["windows"][0]["layout"] == moved
    )
    other = "0000,40x12,0,0[40x6,0,0,40x5,0,7]"
    assert (
        written(session(window(panes=panes, layout=other)), value)["windows"][0]["layout"] == other
    )


def test_a_named_layout_stays_while_the_panes_lie_so():
    value = {
        **NEW, "name": "api", "root": "~/src/api",
        "windows": [{"name": "w", "layout": "even-horizontal", "panes": [{}, {}]}],
    }  # fmt: skip
    panes = [WorkspacePane(cwd="/home/ada/src/api")] * 2
    row = "0000,80x24,0,0{50x24,0,0,29x24,51,0}"
    assert written(session(window(panes=panes, layout=row)), value) == value
    column = "0000,80x24,0,0[80x12,0,0,80x11,0,13]"
    assert (
        written(session(window(panes=panes, layout=column)), value)["windows"][0]["layout"]
        == column
    )


def test_a_window_that_was_never_restored_stays_in_the_file():
    value = {
        **NEW, "name": "api", "root": "~/src/api",
        "windows": [{"name": "w"}, {"name": "later"}],
    }  # fmt: skip
    live = session(window())
    agreed = AgreedWorkspace(standing(live), (0,), ((0,),))
    assert written(live, value, agreed) == value
    assert [item["name"] for item in written(live, value)["windows"]] == ["w"]


def test_only_some_windows_leave_all_else_as_it_is():
    value = {
        **NEW, "name": "other", "root": "/elsewhere",
        "windows": [{"name": "a"}, {"name": "b"}],
    }  # fmt: skip
    live = session(window(name="b", panes=[WorkspacePane(cwd="/srv", run=("x",))], number=1))
    after = written(live, value, is_partial=True)
    pane = {"cwd": "/srv", "run": ["x"]}
    assert after == {**value, "windows": [{"name": "a"}, {"name": "b", "panes": [pane]}]}


def test_what_a_machine_overrides_is_compared_as_it_is_there():
    value = {
        **NEW, "name": "api", "root": "~/src/api", "windows": [{"name": "w"}],
        "overrides": [{"when": {"host": "here"}, "root": "/srv", "windows": [{"name": "extra"}]}],
    }  # fmt: skip
    resolved = {**value, "root": "/srv", "windows": [{"name": "w"}, {"name": "extra"}]}
    here = WorkspacePane(cwd="/srv")
    live = Workspace(
        "api", "/srv", (window(panes=[here]), window(name="extra", panes=[here], number=1))
    )
    found = project(standing(live), dict(value), SCOPE, resolved=resolved)
    assert found.value == value


def test_windows_follow_their_ids_while_the_server_runs():
    before = session(window(name="a"), window(name="b", number=1))
    value = written(before)
    agreed = agreed_on(before, value)
    agreed = agreed._replace(standing=agreed.standing._replace(server="s"))
    swapped = session(window(name="x"), window(name="y", number=1))
    now = StandingWorkspace(swapped, "s", ("@1", "@0"), (("%1.0",), ("%0.0",)))
    found = project(now, value, SCOPE, agreed=agreed)
    assert found.windows == {0: 0, 1: 1}
    assert [item["name"] for item in found.value["windows"]] == ["x", "y"]
    other = project(now._replace(server="t"), value, SCOPE, agreed=agreed)
    assert [item["name"] for item in other.value["windows"]] == ["x", "y"]


def test_a_linked_window_is_named_and_not_repeated():
    live = session(window(link="other:3", panes=[WorkspacePane(cwd="/srv", run=("x",))]))
    assert written(live)["windows"] == [{"name": "w", "link": "other:3"}]
