"""The overview of a session for people: windows as boxes, connections as a table."""

from __future__ import annotations

from sessionctl.core.keypath import ItemKey, KeyPath, render_key
from sessionctl.core.render.drawing import (
    draw_table,
    draw_window,
    fit,
    fits,
    pane_widths,
    text_width,
    wrap,
)
from sessionctl.core.render.folding import fold
from sessionctl.core.render.value_line import short_value
from sessionctl.core.scan.masked_values import masked
from sessionctl.core.text.mask import MASK
from sessionctl.core.workspace.layout import NAMES, arrange

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.core.session.session import ConnectionSpec, Override, Pane, Session, Window
    from sessionctl.core.values import Table, Value

_STARTS = {"type": "typed, not entered", "skip": "not started"}
_ENDLESS = 1 << 20
_LEAST_COLUMNS = 3
_LABEL = len("database") + 2
_COLUMNS = ("name", "driver", "address", "user", "database", "secret")
_MAX_WIDTH = 120
_MAX_DEPTH = 3
_MIN_PANE = 8


def draw_overview(session: Session, *, title: str, width: int, charset: Charset) -> list[Line]:
    """Return the lines that show ``session`` in ``width`` terminal cells.

    ``title`` stands for the name of a session that has none. Secrets written out in the
    file are masked, control characters made visible.
    """
    width = max(24, min(width, _MAX_WIDTH))
    blocks = [_heading(session, title, width, charset)]
    blocks += [
        _window(number, window, width, charset)
        for number, window in enumerate(session.windows, start=1)
    ]
    blocks += [
        _connections(session.connections, width, charset),
        _settings("Preferences", session.preferences, width, charset),
        _settings("Applications", session.apps, width, charset),
        _overrides(session.overrides, width, charset),
    ]
    lines: list[Line] = []
    for block in blocks:
        if block and lines and not (_is_box(block) and _is_box(lines[-1:])):
            lines.append([])
        lines += block
    return lines


def _is_box(block: list[Line]) -> bool:
    return bool(block and block[0]) and block[0][0][0][:1] in ("┌", "└", "+")


def _heading(session: Session, title: str, width: int, charset: Charset) -> list[Line]:
    name = fit(session.name or title, width, charset)
    line: Line = [(name, "heading")]
    room = width - text_width(name) - 2
    if session.root and room > 8:
        line += [("  ", ""), (fit(session.root, room, charset), "dim")]
    lines = [line]
    if session.description:
        lines += [
            [(fit(text, width, charset), "")] for text in session.description.strip().split("\n")
        ]
    if not session.windows:
        lines += [[], [("no windows", "dim")]]
    return lines


def _window(number: int, window: Window, width: int, charset: Charset) -> list[Line]:
    panes = window.panes
    layout = arrange(window.layout, len(panes))
    widths = pane_widths(layout, width)
    if min(widths.values()) < _MIN_PANE:
        layout = arrange("even-vertical", len(panes))
        widths = pane_widths(layout, width)
    contents = [_pane(number, pane, widths[number], charset) for number, pane in enumerate(panes)]
    note = window.layout if window.layout in NAMES else "custom layout" if window.layout else ""
    heading = f"{number} {window.name}".rstrip() + (f"  in {window.cwd}" if window.cwd else "")
    if len(panes) < 2:
        note = ""
    return draw_window((heading, note), layout, contents or [[("a shell", "dim")]], width, charset)


def _pane(number: int, pane: Pane, width: int, charset: Charset) -> Line:
    content: Line = [(pane.name or f"pane {number + 1}", "key" if pane.name else "dim")]
    command = pane.command
    if command:
        content += [(line, "") for line in wrap(command, width, charset, most=3)]
    else:
        content.append(("a shell", "dim"))
    if pane.cwd not in ("", "."):
        content.append((f"in {pane.cwd}", "dim"))
    if pane.start != "run":
        content.append((_STARTS.get(pane.start, f"start: {pane.start}"), "changed"))
    return content


def _connections(
    connections: tuple[ConnectionSpec, ...], width: int, charset: Charset
) -> list[Line]:
    """Return the table of connections; what has no room in it stands below each row.

    Nothing in the table is cut: an address without its port is worse than none.
    """
    if not connections:
        return []
    rows = [_connection_row(connection) for connection in connections]
    shown = len(_COLUMNS)
    while shown > _LEAST_COLUMNS and not fits(_COLUMNS[:shown], [r[:shown] for r in rows], width):
        shown -= 1
    if not fits(_COLUMNS[:shown], [row[:shown] for row in rows], width):
        return _connection_blocks(connections, rows, width, charset)
    table = draw_table(_COLUMNS[:shown], [row[:shown] for row in rows], width, charset)
    lines: list[Line] = [[("Connections", "heading")], table[0]]
    for connection, row, line in zip(connections, rows, table[1:], strict=True):
        lines.append(line)
        below = zip(_COLUMNS[shown:], row[shown:], strict=True)
        facts = [_fact(label, value) for label, value in below if value]
        more = ", ".join(filter(None, [*facts, _more(connection)]))
        if more:
            lines.append([("    ", ""), (fit(more, width - 4, charset), "dim")])
    return lines


def _fact(label: str, value: str) -> str:
    """Return a cell that has no column, with the word of its column."""
    return value if value.startswith(f"{label} ") else f"{label} {value}"


def _connection_blocks(
    connections: tuple[ConnectionSpec, ...],
    rows: list[tuple[str, ...]],
    width: int,
    charset: Charset,
) -> list[Line]:
    """Return the connections below each other: a port that is cut off is worse than none."""
    lines: list[Line] = [[("Connections", "heading")]]
    for connection, (name, *values) in zip(connections, rows, strict=True):
        lines += fold([("  ", ""), (_whole(name, charset), "key")], width, 2)
        for label, value in zip(_COLUMNS[1:], values, strict=True):
            if value:
                lead: Line = [("    ", ""), (f"{label:<{_LABEL}}", "dim")]
                lines += fold([*lead, (_whole(value, charset), "")], width, 4 + _LABEL)
        more = _more(connection)
        if more:
            lines.append([("    ", ""), (fit(more, width - 4, charset), "dim")])
    return lines


def _whole(text: str, charset: Charset) -> str:
    """Return ``text`` as it can be shown, uncut."""
    return fit(text, _ENDLESS, charset)


def _more(connection: ConnectionSpec) -> str:
    """Return the other settings of a connection."""
    settings = masked(connection.settings, in_session=True)
    assert isinstance(settings, dict)
    return ", ".join(f"{render_key(key)} = {short_value(v)}" for key, v in settings.items())


def _connection_row(connection: ConnectionSpec) -> tuple[str, ...]:
    secrets = [
        (f"{field}: " if len(connection.secrets) > 1 or reference is None else "")
        + (f"secret {reference.name}" if reference else MASK)
        for field, reference in connection.secrets
    ]
    return (
        connection.name,
        connection.driver,
        connection.address,
        connection.user,
        connection.database,
        ", ".join(secrets),
    )


def _settings(title: str, table: Table, width: int, charset: Charset) -> list[Line]:
    """Return a title and the values of ``table``, one a line, as dotted keys."""
    shown = masked(table, in_session=True)
    assert isinstance(shown, dict)
    return [[(title, "heading")], *_leaves(shown, width, charset)] if shown else []


def _leaves(table: Table, width: int, charset: Charset) -> list[Line]:
    rows = _flat(table, KeyPath(), 1)
    key_width = min(max(text_width(key) for key, _ in rows), width // 2)
    lines: list[Line] = []
    for key, value in rows:
        cut = fit(key, key_width, charset)
        padding = " " * (key_width - text_width(cut) + 2)
        rest = fit(value, width - key_width - 4, charset)
        lines.append([("  ", ""), (cut, "key"), (padding, ""), (rest, "")])
    return lines


def _flat(table: Table, path: KeyPath, depth: int) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        here = path / key
        if isinstance(value, dict) and value and depth < _MAX_DEPTH:
            rows += _flat(value, here, depth + 1)
        elif isinstance(value, list) and value and all(map(_named, value)):
            for item in value:
                assert isinstance(item, dict)
                named = here / ItemKey("name", str(item["name"]))
                rest = {k: v for k, v in item.items() if k != "name"}
                rows += _flat(rest, named, depth + 1)
        else:
            rows.append((str(here), short_value(value)))
    return rows


def _named(item: Value) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str) and len(item) > 1


def _overrides(overrides: tuple[Override, ...], width: int, charset: Charset) -> list[Line]:
    lines: list[Line] = []
    for override in overrides:
        conditions = [f"{key} {_choices(value)}" for key, value in override.when.items()]
        title = "On " + (" and ".join(conditions) if conditions else "no machine")
        lines.append([(fit(title, width, charset), "heading")])
        changes = masked(override.changes, in_session=True)
        assert isinstance(changes, dict)
        if changes:
            lines += _leaves(changes, width, charset)
    return lines


def _choices(value: Value) -> str:
    choices = value if isinstance(value, list) else [value]
    return " or ".join(
        choice if isinstance(choice, str) else short_value(choice) for choice in choices
    )
