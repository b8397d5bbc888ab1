"""Laws of saving: disjoint edits of the file and changes of the session both survive, always."""

from __future__ import annotations

import itertools
import tempfile
import tomllib
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace
from sessionctl.services.machine import Machine

RUNS = [None, ("vim", "a.py"), ("tail", "-f", "x"), ("htop",), ("psql", "app")]
PLACES = ["/srv", "/srv/a", "/srv/b", "/opt"]


class Desk:
    """A session with ids, as tmux would have it, and its file."""

    def __init__(self, home, windows):
        self.ids = itertools.count()
        self.windows = [
            [f"w{number}", f"@{next(self.ids)}", [self.pane(*pane) for pane in panes]]
            for number, panes in enumerate(windows)
        ]
        self.home = Path(home)
        self.file = self.home / "s.session.toml"
        machine = Machine({"HOME": home}, host="h")
        self.context = LiveContext(open_store(machine.state), machine)

    def pane(self, run, cwd):
        return (f"%{next(self.ids)}", WorkspacePane(cwd=cwd, run=run))

    def standing(self):
        windows = tuple(
            WorkspaceWindow(name, tuple(pane for _, pane in panes), number=number)
            for number, (name, _, panes) in enumerate(self.windows)
        )
        return StandingWorkspace(
            Workspace("s", "/srv", windows),
            "server",
            tuple(key for _, key, _ in self.windows),
            tuple(tuple(key for key, _ in panes) for _, _, panes in self.windows),
        )

    def save(self):
        request = SaveRequest(self.standing(), str(self.file), may_shrink=True)
        return save_workspace(request, self.context)

    def value(self):
        return tomllib.loads(self.file.read_text())


panes = st.lists(st.tuples(st.sampled_from(RUNS), st.sampled_from(PLACES)), min_size=1, max_size=3)
desks = st.lists(panes, min_size=1, max_size=4)


def blocks_of(text):
    head, *windows = text.split("[[windows]]\n")
    return head, [window.rstrip("\n") + "\n" for window in windows]


def edited(data, text):
    """Return the text with comments, names and another order of windows and panes, and those."""
    head, windows = blocks_of(text)
    comments, names = [], {}
    for number, window in enumerate(windows):
        first, *inner = window.split("  [[windows.panes]]\n")
        if len(inner) > 1:
            inner = data.draw(st.permutations([pane.rstrip("\n") + "\n" for pane in inner]))
        window = "  [[windows.panes]]\n".join([first, *inner])
        if data.draw(st.booleans()):
            comments.append(f"# of window {number}")
            window = f"{comments[-1]}\n{window}"
        if data.draw(st.booleans()):
            names[f"w{number}"] = f"named{number}"
            window = window.replace(f'name = "w{number}"', f'name = "named{number}"  # mine')
        windows[number] = window
    windows = data.draw(st.permutations(windows))
    return "[[windows]]\n".join([f"{head}# the windows\n", *windows]), comments, names


@settings(max_examples=min(settings().max_examples, 12), phases=[Phase.generate])
@given(desks, st.data())
def test_names_order_and_comments_by_hand_stay_beside_new_programs(windows, data):
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(home, windows)
        desk.save()
        text, comments, names = edited(data, desk.file.read_text())
        desk.file.write_text(text)
        place = data.draw(st.integers(0, len(windows) - 1))
        name, _, inner = desk.windows[place]
        number = data.draw(st.integers(0, len(inner) - 1))
        key, pane = inner[number]
        inner[number] = (key, pane._replace(run=("new", "program"), cwd="/new"))
        outcome = desk.save()
        assert outcome.conflicts == (), outcome.conflicts
        after = desk.file.read_text()
        assert all(comment in after for comment in [*comments, "# the windows"])
        wanted = [window["name"] for window in tomllib.loads(text)["windows"]]
        assert [window["name"] for window in desk.value()["windows"]] == wanted
        changed = next(w for w in desk.value()["windows"] if w["name"] == names.get(name, name))
        assert {"cwd": "/new", "run": ["new", "program"]} in changed["panes"]
        assert not desk.save().is_change


@settings(max_examples=min(settings().max_examples, 12), phases=[Phase.generate])
@given(desks, st.data())
def test_a_window_renamed_in_the_session_keeps_what_was_edited_in_it(windows, data):
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(home, windows)
        desk.save()
        text, comments, names = edited(data, desk.file.read_text())
        desk.file.write_text(text)
        place = data.draw(st.integers(0, len(windows) - 1))
        old = desk.windows[place][0]
        desk.windows[place][0] = "renamed"
        outcome = desk.save()
        after = desk.file.read_text()
        assert all(comment in after for comment in [*comments, "# the windows"])
        found = [window["name"] for window in desk.value()["windows"]]
        if old in names:
            assert outcome.conflicts
            assert names[old] in found
        else:
            assert outcome.conflicts == ()
            assert "renamed" in found
            assert old not in found
        assert len(found) == len(windows)


@settings(max_examples=min(settings().max_examples, 12), phases=[Phase.generate])
@given(desks, st.data())
def test_new_and_closed_windows_leave_the_edits_of_the_others(windows, data):
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(home, windows)
        desk.save()
        text, _, names = edited(data, desk.file.read_text())
        desk.file.write_text(text)
        place = data.draw(st.integers(0, len(windows) - 1))
        gone = ""
        if len(windows) > 1 and data.draw(st.booleans()):
            gone = desk.windows.pop(place)[0]
        desk.windows.append(["fresh", "@new", [desk.pane(("top",), "/srv")]])
        outcome = desk.save()
        found = [window["name"] for window in desk.value()["windows"]]
        assert "fresh" in found
        kept = [n for n in (f"w{number}" for number in range(len(windows))) if n != gone]
        assert {names.get(name, name) for name in kept} <= set(found)
        if gone and not outcome.conflicts:
            assert names.get(gone, gone) not in found
