"""When so much is gone from a session that it looks like its end."""

from __future__ import annotations

from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.core.workspace.workspace_loss import is_poorer, is_sudden_loss, size_of
from tests.together import together


def session(*windows):
    """Return a session: of each window its panes, "r" for one with a program, "-" for a shell."""
    return Workspace(
        "api",
        windows=tuple(
            WorkspaceWindow(
                f"w{number}",
                tuple(WorkspacePane(run=("x",) if kind == "r" else None) for kind in panes),
            )
            for number, panes in enumerate(windows)
        ),
    )


@together(
    "windows, size", [((), (0, 0, 0)), (("r-", "-"), (2, 3, 1)), (("", "rr", "r"), (3, 3, 3))]
)
def test_windows_panes_and_programs_are_counted(windows, size):
    assert size_of(session(*windows)) == size


@together(
    "before, now, poorer",
    [
        (("r-", "-"), ("r-", "-"), False),
        (("r-", "-"), ("r-", "-", "-"), False),
        (("r-", "-"), ("r--",), True),
        (("r-", "-"), ("r", "-"), True),
        (("r-", "-"), ("--", "-"), True),
        (("r-", "-"), ("--", "-", "-"), True),
    ],
)
def test_a_session_with_less_of_anything_is_poorer(before, now, poorer):
    assert is_poorer(session(*now), session(*before)) is poorer


@together(
    "before, now, is_sudden",
    [
        (("r",), (), True),  # 3 of 3
        (("-",), (), False),  # 2 of 2: too few to say
        (("r-", "-"), ("-",), True),  # 4 of 6
        (("r-", "-"), ("r",), False),  # 3 of 6: just half
        (("rr", "-"), ("rr",), False),  # 2 of 7
        (("rrr", "r"), ("r---",), False),  # 4 of 10, and one program left: neither rule
        (("rrr",), ("---",), True),  # every one of three programs
        (("rr-",), ("---",), False),  # both programs
        (("rrr",), ("--r",), False),  # two of three programs
        ((), ("r",), False),
    ],
)
def test_more_than_half_or_every_program_gone_is_sudden(before, now, is_sudden):
    assert is_sudden_loss(session(*now), session(*before)) is is_sudden
