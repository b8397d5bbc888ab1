"""Which variables of a pane's program are kept: those that its shell, or the session, has not."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.services.live.tmux.capture import _SessionCapture
from tests.together import together

VENV = {"VIRTUAL_ENV": "/v", "HOME": "/h", "LANG": "C"}


def capture(environments, *, global_=(), local=()):
    one = object.__new__(_SessionCapture)
    one.table = SimpleNamespace(environment=lambda pid: environments.get(pid, {}))
    one.session = SimpleNamespace(id="$1")
    one.survey = SimpleNamespace(environment={"$1": dict(local)}, global_environment=dict(global_))
    return one


@together(
    "process, environments, more, kept",
    [
        (0, {7: VENV}, {}, {}),
        # A program below the shell: what the shell has not.
        (9, {7: {"HOME": "/h"}, 9: VENV}, {}, {"VIRTUAL_ENV": "/v"}),
        (9, {7: VENV, 9: VENV}, {}, {}),
        (9, {7: {"VIRTUAL_ENV": "/other"}, 9: VENV}, {}, {"VIRTUAL_ENV": "/v"}),
        # The pane's own program: what the session has not.
        (7, {7: VENV}, {}, {"VIRTUAL_ENV": "/v"}),
        (7, {7: VENV}, {"global_": {"VIRTUAL_ENV": "/v"}}, {}),
        (7, {7: VENV}, {"local": {"VIRTUAL_ENV": "/v"}}, {}),
        (7, {7: VENV}, {"global_": {"VIRTUAL_ENV": "/v"}, "local": {"VIRTUAL_ENV": None}},
         {"VIRTUAL_ENV": "/v"}),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_program_was_given_of_its_own(process, environments, more, kept):
    row = SimpleNamespace(pid=7)
    assert capture(environments, **more)._program_environment(row, process) == kept
