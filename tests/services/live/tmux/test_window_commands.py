"""The commands that make a window: all of them, in their order, for old and new servers."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.layout_cells import checksum
from sessionctl.core.workspace.workspace import (
    CellSize,
    FloatPlace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.services.live.tmux.window_commands import (
    PANE_FORMAT,
    PaneStart,
    Purpose,
    TargetServer,
    is_late,
    layout_hook,
    layout_text,
    option_commands,
    process_words,
    size_commands,
    variable_commands,
    wanted_cells,
    window_commands,
)
from sessionctl.system.tmux.command_text import split_words
from tests.together import together

NEW, OLD = TargetServer((3, 7)), TargetServer((3, 2))
T = "$1:3"
PRINTS = ("-P", "-F", PANE_FORMAT)
TWO = "80x24,0,0{40x24,0,0,1,39x24,41,0,2}"


def text_of(layout):
    """Return a layout string with the checksum that tmux wants before it."""
    return f"{checksum(layout):04x},{layout}"


def made(window, server=NEW, starts=None):
    starts = starts or [PaneStart(f"/d{n}") for n in range(max(len(window.panes), 1))]
    return [(command.words, tuple(command.purpose)) for command in
            window_commands(T, window, starts, 5, server)]  # fmt: skip


def test_a_window_of_one_pane():
    window = WorkspaceWindow("a #b", (WorkspacePane(),))
    assert made(window) == [
        (("new-window", "-d", "-t", T, "-n", "a ##b", "-c", "/d0", *PRINTS), (5, 0, "pane")),
    ]
    window = WorkspaceWindow("a", (WorkspacePane(),), size=CellSize(90, 30))
    assert made(window)[1:] == [
        (("select-layout", "-t", T, layout_text(window)), (5, None, "layout"))
    ]
    assert layout_text(window).endswith(",90x30,0,0")


def test_what_is_set_for_a_window_and_its_panes():
    panes = (
        WorkspacePane(title="t#1", options={"remain-on-exit": True, "synchronize-panes": True,
                                            "after-x": "y", "@sessionctl-resume": "no"}),
        WorkspacePane(resume=("vi", "a b")),
    )  # fmt: skip
    window = WorkspaceWindow(
        "w\\", panes, layout="main-vertical",
        options={"automatic-rename": True, "pane-died": "x", "list": ("a", "b")},
    )  # fmt: skip
    starts = [PaneStart("/#x", ("vi", "a"), {"A": "1", "S": SecretRef("x"), "N": None}),
              PaneStart("/d")]  # fmt: skip
    window = window._replace(env={"A": "0", "B": "2"})
    found = made(window, starts=starts)
    start = ("-c", "/##x", *PRINTS, "-e", "A=1", "-e", "B=2", "--", "vi", "a")
    assert found == [
        (("new-window", "-d", "-t", T, "-n", "w\\", *start), (5, 0, "pane")),
        (("rename-window", "-t", T, "--", "w\\"), (5, None, "name")),
        (("set-option", "-w", "-u", "-t", T, "automatic-rename"),
         (5, None, "option automatic-rename")),
        (("set-option", "-w", "-t", T, "list[0]", "a"), (5, None, "option list[0]")),
        (("set-option", "-w", "-t", T, "list[1]", "b"), (5, None, "option list[1]")),
        (("select-pane", "-t", T, "-T", "t##1"), (5, 0, "title")),
        (("set-option", "-p", "-t", T, "remain-on-exit", "on"), (5, 0, "option remain-on-exit")),
        (("split-window", "-t", T, "-c", "/d", *PRINTS, "-e", "A=0", "-e", "B=2"), (5, 1, "pane")),
        (("set-option", "-p", "-t", T, "@sessionctl-resume", 'vi "a b"'), (5, 1, "resume")),
        (("select-layout", "-t", T, "main-vertical"), (5, None, "layout")),
    ]  # fmt: skip
    plain = TargetServer((3, 7), automatic_names=False)
    assert made(window, plain, starts)[2][0] == (
        "set-option", "-w", "-t", T, "automatic-rename", "on",
    )  # fmt: skip


def test_many_panes_have_room_and_those_above_come_last():
    floating = FloatPlace(3, 4, 50, 10)
    panes = (WorkspacePane(), WorkspacePane(floating=floating), WorkspacePane(), WorkspacePane())
    window = WorkspaceWindow("a", panes)
    for server, words in (
        (NEW, ("new-pane", "-t", T, "-x", "50", "-y", "10", "-X", "3", "-Y", "4")),
        (OLD, ("split-window", "-t", T, "-l", "10")),
    ):
        found = made(window, server)
        assert [(one[0][0], one[1]) for one in found] == [
            ("new-window", (5, 0, "pane")), ("split-window", (5, 2, "pane")),
            ("select-layout", (5, 2, "room")), ("split-window", (5, 3, "pane")),
            ("select-layout", (5, 3, "room")), ("select-layout", (5, None, "layout")),
            (words[0], (5, 1, "pane")),
        ]  # fmt: skip
        assert found[-1][0] == (*words, "-c", "/d1", *PRINTS)
        assert found[2][0] == ("select-layout", "-t", T, "tiled")


@together(
    "link, source",
    [("work:2", "$9:2"), ("a:b:7", "=a:b:7"), ("gone:1", "=gone:1")],
)
def test_a_window_of_another_session_is_linked(link, source):
    server = TargetServer((3, 4), sessions={"work": "$9"})
    assert made(WorkspaceWindow("x", (WorkspacePane(),), link=link), server) == [
        (("link-window", "-d", "-s", source, "-t", T), (5, None, "link"))
    ]


@together(
    "panes, layout, text, has_cells",
    [
        (2, "tiled", "tiled", False), (2, "", "tiled", False), (1, "", "", False),
        (1, "tiled", "", False), (2, text_of(TWO), "CELLS", True),
        (3, text_of(TWO), "tiled", False), (1, text_of(TWO), "", False),
        (2, "0000,garbage", "tiled", False),
    ],
)  # fmt: skip
def test_a_layout_is_a_name_or_cells_that_fit(panes, layout, text, has_cells):
    window = WorkspaceWindow("a", (WorkspacePane(),) * panes, layout=layout)
    found = layout_text(window)
    if text == "CELLS":
        assert found.partition(",")[2].startswith("80x24,0,0{40x24,0,0")
    else:
        assert found == text
    assert (wanted_cells(window) is not None) is has_cells
    assert bool(layout_hook(window, "@1", NEW)) is has_cells
    assert layout_hook(window, "@1", OLD) == ()


def test_a_layout_is_set_again_when_the_window_has_its_size_back():
    window = WorkspaceWindow("a", (WorkspacePane(),) * 2, layout=text_of(TWO))
    words = layout_hook(window, "@1", NEW)
    assert words[:5] == ("set-hook", "-w", "-t", "@1", words[4])
    assert words[4].startswith("window-resized")
    *command, condition, inner = split_words(words[5])
    assert command == ["if-shell", "-F", "-t", "@1"]
    assert condition == "#{==:#{window_width} #{window_height} #{window_panes},80 24 2}"
    assert split_words(inner) == [
        "select-layout", "-t", "@1", layout_text(window), ";", "set-hook", "-u", "-w", "-t", "@1",
        words[4],
    ]  # fmt: skip


def test_sizes_count_with_the_name_of_a_layout():
    panes = (WorkspacePane(size=30), WorkspacePane(size="20%"), WorkspacePane())
    window = WorkspaceWindow("a", panes, layout="even-horizontal")
    assert list(size_commands(window, 5, ["%1", "%2", "%3"])) == [
        (("resize-pane", "-t", "%1", "-x", "30"), Purpose(5, 0, "size")),
        (("resize-pane", "-t", "%2", "-x", "20%"), Purpose(5, 1, "size")),
    ]
    rows = window._replace(layout="even-vertical")
    assert [one.words[3] for one in size_commands(rows, 5, ["%1", "%2", "%3"])] == ["-y", "-y"]
    cells = WorkspaceWindow("a", panes[:2], layout=text_of(TWO))
    assert list(size_commands(cells, 5, ["%1", "%2"])) == []


def test_options_and_variables_of_a_session():
    assert list(option_commands("$1", {"mouse": False, "list": ("a",)}, 4)) == [
        (("set-option", "-t", "$1", "mouse", "off"), Purpose(4, None, "option mouse")),
        (("set-option", "-t", "$1", "list[0]", "a"), Purpose(4, None, "option list[0]")),
    ]
    env = {"A": "1 2", "GONE": None, "S": SecretRef("x")}
    assert list(variable_commands("$1", env)) == [
        (("set-environment", "-t", "$1", "--", "A", "1 2"), Purpose(-1, None, "variable A")),
        (("set-environment", "-r", "-t", "$1", "GONE"), Purpose(-1, None, "variable GONE")),
    ]


def test_one_word_is_started_without_the_user_s_shell():
    assert process_words(["vi", "a"]) == ("vi", "a")
    assert process_words(["my prog"])[:2] == ("sh", "-c")
    assert "'my prog'" in process_words(["my prog"])[2]
    assert [is_late(name) for name in ("synchronize-panes", "pane-died", "mouse")] == [
        True, True, False,
    ]  # fmt: skip
    assert (TargetServer((3, 5)).is_exact, TargetServer((3, 6)).is_exact) == (False, True)
    assert NEW.plain("##[x]") == "#{l:####[x]}"
    assert OLD.plain("#(x)") == "##(x)"
