"""What is done with the command of a pane: run, typed for the user to enter, or left."""

from __future__ import annotations

from sessionctl.core.workspace.workspace import WorkspacePane
from tests.together import together


@together(
    "pane, beginning",
    [
        ({}, "run"),
        ({"start": "type"}, "type"),
        ({"run": ("vim",)}, "run"),
        ({"run": "make | less"}, "run"),
        ({"run": ("vim",), "start": "type"}, "type"),
        ({"run": ("vim",), "start": "skip"}, "skip"),
        # what can do harm, unless the file says that it is run
        ({"run": ("rm", "x")}, "type"),
        ({"run": "cd a; rm x"}, "type"),
        ({"run": ("rm", "x"), "start": "run"}, "run"),
        # a secret was taken out: no such word is run, whatever the file says
        ({"run": ("curl", "-H", "token:***"), "start": "run"}, "type"),
        ({"run": ("curl", "***")}, "type"),
        ({"run": "curl -H token:*** x", "start": "run"}, "type"),
        ({"run": "curl ** x", "start": "run"}, "run"),
        ({"run": "curl *** x", "start": "skip"}, "skip"),
        # what a program registered is started in its place
        ({"run": ("vim",), "resume": ("rm", "x")}, "type"),
        ({"run": ("rm", "x"), "resume": ("vim", "-S")}, "run"),
        ({"run": ("rm", "x"), "resume": ()}, "run"),
    ],
    ids=str,
)
def test_what_can_do_harm_is_typed_and_not_run(pane, beginning):
    assert WorkspacePane(**pane).beginning == beginning
