"""Signs and words: every state is told apart without colour, in ASCII too."""

from __future__ import annotations

import pytest
from rich.text import Text

from sessionctl.core.render.drawing import Charset
from sessionctl.services.board.board_row import BoardRow, RowState
from sessionctl.tui.sessions.row_words import COLUMNS, state_cell, table_row
from sessionctl.tui.widgets.shown_text import ROLES, shown, text_of

ROW = BoardRow("a.session.toml", "a", 1, 1, 1, size_bytes=10, modified_s=1.0, state=RowState())
STATES = {
    "saved": ROW,
    "live": ROW._replace(is_live=True),
    "taken": ROW._replace(is_taken=True),
    "unsaved": BoardRow("", "a", is_live=True),
    "conflict": ROW._replace(state=RowState(git="conflicts", conflicts=2)),
    "invalid": ROW._replace(state=RowState(git="invalid", errors=1)),
    "invalid, live": ROW._replace(is_live=True, state=RowState(git="invalid", errors=1)),
    "unreadable": ROW._replace(state=RowState(git="unreadable")),
}
DETAILS = {
    "git clean": RowState(git="clean"),
    "git changed": RowState(git="changed"),
    "git new": RowState(git="new"),
    "sealed": RowState(secrets=2),
    "missing": RowState(secrets=2, missing_secrets=1),
    "unsealed": RowState(secrets=2, unsealed_secrets=1),
    "open": RowState(open_connections=1),
}


@pytest.mark.parametrize("is_ascii", [True, False])
def test_every_state_differs_in_its_text_alone(is_ascii):
    texts = [state_cell(row, Charset(is_ascii))[0] for row in STATES.values()]
    assert len(set(texts)) == len(STATES)
    assert len({text[0] for text in texts}) >= len(STATES) - 1
    assert not is_ascii or all(text.isascii() for text in texts)


def test_every_detail_differs_in_its_text_alone():
    rows = [
        table_row(ROW._replace(state=state), 2.0, Charset(True), "") for state in DETAILS.values()
    ]
    texts = {tuple(text for text, _ in row.cells) for row in rows}
    assert len(texts) == len(DETAILS)
    assert all(len(row.cells) == len(COLUMNS) for row in rows)


SAID = {
    "saved": ("- saved", ""),
    "live": ("* live", "good"),
    "taken": ("= name taken", "warning"),
    "unsaved": ("+ live, not saved", "changed"),
    "conflict": ("! 2 conflicts", "warning"),
    "invalid": ("x invalid", "error"),
    "invalid, live": ("x invalid, live", "error"),
    "unreadable": ("? unreadable", "error"),
}
# The columns of git, the connections (two) and the secrets.
SAID_BESIDE = {
    "git clean": [("clean", "dim"), ("2", ""), ("", "")],
    "git changed": [("changed", "changed"), ("2", ""), ("", "")],
    "git new": [("new", "added"), ("2", ""), ("", "")],
    "sealed": [("", ""), ("2", ""), ("2 sealed", "")],
    "missing": [("", ""), ("2", ""), ("1 missing", "error")],
    "unsealed": [("", ""), ("2", ""), ("1 unsealed", "warning")],
    "open": [("", ""), ("2, 1 open", "good"), ("", "")],
}


def test_each_state_and_detail_is_said_in_its_words():
    assert {name: state_cell(row, Charset(True)) for name, row in STATES.items()} == SAID
    rows = {name: ROW._replace(state=state, connections=2) for name, state in DETAILS.items()}
    cells = {name: table_row(row, 90.0, Charset(True), "").cells for name, row in rows.items()}
    assert {name: list(one[2:5]) for name, one in cells.items()} == SAID_BESIDE
    assert cells["sealed"][5:] == (
        ("1 in 1 window", ""), ("1 min ago", "dim"), ("10 bytes", "dim"), ("a.session.toml", "dim"),
    )  # fmt: skip


def test_every_role_of_a_cell_has_a_style():
    rows = [*STATES.values(), *(ROW._replace(state=state) for state in DETAILS.values())]
    roles = {role for row in rows for _, role in table_row(row, 2.0, Charset(False), "").cells}
    assert roles <= set(ROLES)


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\x07", "a\u202eb", "a\nb", "a\x9bb", "\x7f"])
def test_what_steers_a_terminal_is_made_visible(text):
    assert all(
        ord(one) >= 0x20 and one != "\u202e" and not 0x7F <= ord(one) < 0xA0 for one in shown(text)
    )


def test_what_looks_like_a_secret_is_covered():
    assert "hunter2secret" not in shown("postgres://app:hunter2secret@db.example.org/app")


def test_markup_in_a_name_is_text():
    assert text_of([("[red]x[/red]", "error")]).plain == "[red]x[/red]"
    assert isinstance(text_of([]), Text)
