"""Random workspaces, as a tmux server could have them."""

from __future__ import annotations

from hypothesis import strategies as st

from sessionctl.core.workspace.layout_cells import LayoutCell, write_cells
from sessionctl.core.workspace.workspace import (
    AUTOMATIC_NAME,
    CellSize,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)

# What procfs may give: any text, and bytes that are not UTF-8; never a NUL.
characters = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
raw = st.integers(0x80, 0xFF).map(lambda byte: chr(0xDC00 + byte))


def as_system_text(text):
    """Return ``text`` as ``os.fsdecode`` would give it: bytes that are UTF-8 are characters."""
    return text.encode(errors="surrogateescape").decode(errors="surrogateescape")


words = st.text(characters | raw, max_size=12).map(as_system_text)
argvs = st.tuples(words.filter(bool)) | st.tuples(words.filter(bool), words, words)
names = st.text(characters, max_size=8)
directories = st.sampled_from(
    ["/home/ada", "/home/ada/src", "/home/ada/src/api", "/srv", "/", "/home/ada/$HOME", "/x/~/y"]
)
options = st.dictionaries(
    st.sampled_from(["@a", "@b", "status-left", "history-limit"]),
    st.text(characters, max_size=5) | st.booleans() | st.integers(0, 99) | st.just(("x", "y")),
    max_size=2,
)
env = st.dictionaries(st.sampled_from(["A", "B", "STAGE"]), words | st.none(), max_size=2)


@st.composite
def layouts(draw, count, width=80, height=24):
    """A layout of ``count`` panes, as splits make it."""
    return _split(draw, count, width, height, 0, 0)


def _split(draw, count, width, height, left, top):
    is_row = draw(st.booleans())
    extent = width if is_row else height
    if count == 1:
        return LayoutCell(width, height, left, top)
    parts = draw(st.integers(2, count)) if extent > 2 * count else 2
    counts = [1 + (count - parts) // parts] * parts
    counts[0] += count - sum(counts)
    rooms, room = [], extent - parts + 1
    for number in range(parts):
        later = sum(counts[number + 1 :]) * 2
        size = max(1, (room - later) // (parts - number)) if number < parts - 1 else room
        rooms.append(size)
        room -= size
    cells, start = [], left if is_row else top
    for size, inner in zip(rooms, counts, strict=True):
        if is_row:
            cells.append(_split(draw, inner, size, height, start, top))
        else:
            cells.append(_split(draw, inner, width, size, left, start))
        start += size + 1
    return LayoutCell(width, height, left, top, is_row, tuple(cells))


@st.composite
def panes(draw):
    """A pane as it is captured."""
    run = draw(argvs | st.none())
    shell = draw(st.just(True) | st.tuples(st.just("zsh"), st.just("-f")))
    if run is not None and draw(st.booleans()):
        shell = False
    return WorkspacePane(
        cwd=draw(directories),
        run=run,
        resume=draw(st.none() | st.just(()) | argvs),
        shell=shell,
        env={name: value for name, value in draw(env).items() if value is not None},
        options=draw(options),
    )


@st.composite
def workspaces(draw):
    """A session as it is captured."""
    found = []
    number = draw(st.integers(0, 1))
    base = number
    for _ in range(draw(st.integers(1, 3))):
        inside = tuple(draw(st.lists(panes(), min_size=1, max_size=3)))
        count = len(inside)
        layout = write_cells(draw(layouts(count))) if count > 1 else ""
        automatic = {AUTOMATIC_NAME: True} if draw(st.booleans()) else {}
        window = WorkspaceWindow(
            draw(names), inside, number, layout, CellSize(80, 24), options=draw(options) | automatic
        )
        found.append(window)
        number += draw(st.integers(1, 3))
    return Workspace(
        name=draw(names.filter(bool)),
        root=draw(directories),
        windows=tuple(found),
        env=draw(env),
        options=draw(options),
        base_index=base,
    )
