"""Edits by hand of any shape and changes of the live session both survive a save."""

from __future__ import annotations

import json
import tomllib

import pytest

from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.services.live.workspace_restore import read_session_file
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace

FILE = "s.session.toml"


class Edits:
    """A tmux session of three windows, saved into its file, whose text is edited and saved to."""

    def __init__(self, world):
        self.world = world
        self.file = world.home / FILE
        for name in ("src", "docs", "other"):
            (world.home / name).mkdir()
        home = world.home
        world.tmux("new-session", "-d", "-s", "work", "-c", home / "src", "-n", "editor")
        world.tmux("split-window", "-d", "-h", "-t", "work:0", "-c", home / "docs")
        world.tmux("split-window", "-d", "-t", "work:0", "-c", home, "tail -f /dev/null")
        world.tmux("new-window", "-d", "-t", "work:1", "-n", "logs", "-c", home)
        world.tmux("new-window", "-d", "-t", "work:2", "-n", "db", "-c", home / "src")
        world.wait_for_program("work", ("tail", "-f", "/dev/null"))
        self.save()

    @property
    def text(self):
        return self.file.read_text()

    @property
    def value(self):
        return tomllib.loads(self.text)

    def edit(self, *pairs):
        text = self.text
        for old, new in pairs:
            assert old in text, (old, text)
            text = text.replace(old, new, 1)
        tomllib.loads(text)
        self.file.write_text(text)

    def rewrite(self, change):
        self.file.write_text(change(self.text))

    def save(self, **how):
        standing = self.world.standing("work")
        outcome = save_workspace(SaveRequest(standing, str(self.file), **how), self.world.context)
        assert list(validate(Document.parse(self.text, FILE))) == []
        return outcome

    def names(self):
        return [window["name"] for window in self.value["windows"]]

    def window(self, name):
        return next(window for window in self.value["windows"] if window["name"] == name)

    def cd(self, target, place, window, pane):
        self.world.type(target, f"cd ~/{place}")
        path = str(self.world.home / place)
        self.world.wait_until(
            lambda: self.world.standing("work").workspace.windows[window].panes[pane].cwd == path
        )

    def again_writes_nothing(self):
        before = self.text
        assert not self.save().is_change
        assert self.text == before


@pytest.fixture
def edits(world):
    return Edits(world)


def blocks_of(text):
    """Return the head of a session's text and the text of each window."""
    head, *windows = text.split("[[windows]]\n")
    return head, windows


def test_comment_new_name_and_other_order_of_panes_beside_a_new_layout(edits):
    def reordered(text):
        head, [editor, logs, db] = blocks_of(text)
        first, *panes = editor.split("  [[windows.panes]]\n")
        editor = "  [[windows.panes]]\n".join(
            [first, panes[2].rstrip() + "\n\n", panes[0], panes[1]]
        )
        editor = editor.replace('name = "editor"', '# where I write\nname = "code"  # not editor')
        return "[[windows]]\n".join([head, editor.rstrip() + "\n\n", logs, db])

    edits.rewrite(reordered)
    order = [pane.get("run", pane.get("cwd")) for pane in edits.window("code")["panes"]]
    layout = edits.window("code")["layout"]
    edits.world.tmux("resize-pane", "-t", "work:0.0", "-x", "30")
    outcome = edits.save()
    assert outcome.conflicts == ()
    assert '# where I write\nname = "code"  # not editor' in edits.text
    assert [pane.get("run", pane.get("cwd")) for pane in edits.window("code")["panes"]] == order
    assert edits.window("code")["layout"] != layout
    edits.again_writes_nothing()


def test_windows_in_another_order_beside_a_changed_directory(edits):
    def moved(text):
        head, [editor, logs, db] = blocks_of(text)
        return "[[windows]]\n".join([head, db.rstrip() + "\n\n", editor, logs.rstrip() + "\n"])

    edits.rewrite(moved)
    edits.cd("work:1", "other", 1, 0)
    assert edits.save().conflicts == ()
    assert edits.names() == ["db", "editor", "logs"]
    assert edits.window("logs")["panes"] == [{"cwd": "~/other"}]
    edits.again_writes_nothing()


def test_a_pane_added_by_hand_beside_one_that_was_split_live(edits):
    def added(text):
        head, [editor, logs, db] = blocks_of(text)
        pane = '  [[windows.panes]]\n  run = ["htop"]\n  start = "skip"\n\n'
        return "[[windows]]\n".join([head, editor, logs + pane, db])

    edits.rewrite(added)
    edits.world.tmux("split-window", "-d", "-t", "work:1", "-c", edits.world.home / "docs")
    assert edits.save().conflicts == ()
    panes = edits.window("logs")["panes"]
    assert panes == [
        {"cwd": "~"},
        {"run": ["htop"], "start": "skip"},
        {"cwd": "~/docs"},
    ] or panes == [{"cwd": "~"}, {"cwd": "~/docs"}, {"run": ["htop"], "start": "skip"}]
    edits.again_writes_nothing()


def test_panes_in_another_order_beside_a_changed_directory_in_one(edits):
    def reordered(text):
        head, [editor, logs, db] = blocks_of(text)
        first, *panes = editor.split("  [[windows.panes]]\n")
        panes = [pane.rstrip() + "\n\n" for pane in (panes[2], "# mine\n" + panes[0], panes[1])]
        return "[[windows]]\n".join([head, "  [[windows.panes]]\n".join([first, *panes]), logs, db])

    edits.rewrite(reordered)
    before = edits.window("editor")["panes"]
    place = before.index({"cwd": "~/docs"})
    edits.cd("work:0.2", "other", 0, 2)
    assert edits.save().conflicts == ()
    before[place] = {"cwd": "~/other"}
    assert edits.window("editor")["panes"] == before
    edits.again_writes_nothing()


def test_a_window_added_by_hand_beside_one_that_was_made_live(edits):
    edits.rewrite(
        lambda text: text + '\n[[windows]]\nname = "mail"\npanes = [{ run = ["mutt"] }]\n'
    )
    edits.world.tmux("new-window", "-d", "-t", "work:5", "-n", "top", "-c", edits.world.home)
    assert edits.save().conflicts == ()
    assert sorted(edits.names()) == ["db", "editor", "logs", "mail", "top"]
    edits.again_writes_nothing()


def test_a_window_deleted_by_hand_stays_deleted_beside_a_change(edits):
    def without_logs(text):
        head, [editor, _, db] = blocks_of(text)
        return "[[windows]]\n".join([head, editor, db])

    edits.rewrite(without_logs)
    edits.cd("work:2", "other", 2, 0)
    assert edits.save().conflicts == ()
    assert edits.names() == ["editor", "db"]
    assert edits.window("db")["panes"] == [{"cwd": "~/other"}]
    edits.again_writes_nothing()


def test_keys_in_another_order_stay_so(edits):
    edits.edit(('root = "', 'description = "mine"\nroot = "'))

    def swapped(text):
        lines = text.splitlines(keepends=True)
        place = next(n for n, line in enumerate(lines) if line.startswith('name = "work"'))
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
        return "".join(lines)

    edits.rewrite(swapped)
    text = edits.text
    edits.world.tmux("rename-window", "-t", "work:2", "data")
    edits.save()
    assert edits.text == text.replace('"db"', '"data"')
    edits.again_writes_nothing()


def test_windows_written_as_inline_tables_stay_so(edits):
    def inline(text):
        head, _ = blocks_of(text)
        value = tomllib.loads(text)
        items = []
        for window in value["windows"]:
            panes = ", ".join(_inline(pane) for pane in window.get("panes", [{}]))
            layout = f', layout = "{window["layout"]}"' if "layout" in window else ""
            items.append(
                f'  {{ name = "{window["name"]}"{layout}, panes = [{panes}] }},'
                f"  # {window['name']}\n"
            )
        return head + "windows = [\n" + "".join(items) + "]\n"

    edits.rewrite(inline)
    text = edits.text
    edits.cd("work:1", "other", 1, 0)
    edits.world.tmux("rename-window", "-t", "work:2", "data")
    assert edits.save().conflicts == ()
    changed = [
        new
        for old, new in zip(text.splitlines(), edits.text.splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 2
    assert 'cwd = "~/other"' in changed[0]
    assert changed[0].endswith("# logs")
    assert '{ name = "data"' in changed[1]
    edits.again_writes_nothing()


def _inline(table):
    parts = [f"{key} = {json.dumps(item)}" for key, item in table.items()]
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


def test_dotted_keys_and_literal_strings_stay(edits):
    edits.edit(
        ('root = "~/src"', "root = '~/src'\noptions.status-left = '[w] '\noptions.mouse = true")
    )
    edits.world.tmux("set-option", "-t", "work", "status-left", "[w] ")
    edits.world.tmux("set-option", "-t", "work", "mouse", "on")
    edits.world.tmux("set-option", "-t", "work", "status-right", "x")
    assert edits.save().conflicts == ()
    assert "root = '~/src'\noptions.status-left = '[w] '\noptions.mouse = true\n" in edits.text
    assert edits.value["options"]["status-right"] == "x"


def test_line_ends_of_windows_stay(edits):
    edits.rewrite(lambda text: text)
    data = edits.text.replace("\n", "\r\n").encode()
    edits.file.write_bytes(data)
    edits.world.tmux("rename-window", "-t", "work:2", "data")
    edits.save()
    after = edits.file.read_bytes()
    assert after == data.replace(b'"db"', b'"data"')


def test_a_window_renamed_by_hand_and_another_directory_in_it(edits):
    edits.edit(('name = "logs"', 'name = "trouble"  # since monday'))
    edits.cd("work:1", "other", 1, 0)
    assert edits.save().conflicts == ()
    assert 'name = "trouble"  # since monday' in edits.text
    assert edits.window("trouble")["panes"] == [{"cwd": "~/other"}]


def test_a_window_renamed_by_hand_and_moved_live(edits):
    edits.edit(('name = "logs"', 'name = "trouble"'))
    edits.world.tmux("move-window", "-s", "work:1", "-t", "work:7")
    assert edits.save().conflicts == ()
    assert edits.window("trouble")["index"] == 7
    edits.again_writes_nothing()


@pytest.mark.parametrize("is_saved_between", [True, False])
def test_comments_of_a_window_stay_when_it_is_renamed_and_split_at_once(edits, is_saved_between):
    edits.edit(
        ('[[windows]]\nname = "logs"', '# above\n[[windows]]\nname = "logs"  # beside'),
        ('name = "db"', 'name = "db"  # the other'),
    )
    if is_saved_between:
        edits.save()
    for window, name in (("1", "journal"), ("2", "store")):
        edits.world.tmux("rename-window", "-t", f"work:{window}", name)
        edits.world.tmux("split-window", "-d", "-t", f"work:{window}", "sleep 99")
        edits.world.tmux("split-window", "-d", "-h", "-t", f"work:{window}", "sleep 98")
    assert edits.save().conflicts == ()
    assert '# above\n[[windows]]\nname = "journal"  # beside\n' in edits.text
    assert 'name = "store"  # the other\n' in edits.text
    edits.world.tmux("rename-window", "-t", "work:1", "store")
    edits.world.tmux("rename-window", "-t", "work:2", "journal")
    edits.save()
    assert edits.names() == ["editor", "store", "journal"]
    assert edits.save().is_change is False


def test_comments_of_a_pane_stay_when_its_program_changes_beside_a_new_pane(edits):
    edits.world.type("work:2.0", "sleep 900")
    edits.world.wait_for_program("work", ("sleep", "900"))
    edits.save()
    edits.edit(
        ('  [[windows.panes]]\n  run = ["sleep", "900"]',
         '  # why\n  [[windows.panes]]\n  run = ["sleep", "900"]  # so long'),
    )  # fmt: skip
    edits.save()
    edits.world.tmux("send-keys", "-t", "work:2.0", "C-c")
    edits.world.type("work:2.0", "sleep 901")
    edits.world.wait_for_program("work", ("sleep", "901"))
    edits.world.tmux(
        "split-window", "-d", "-b", "-t", "work:2", "-c", edits.world.home / "src", "sleep 99"
    )
    edits.save()
    kept = '  # why\n  [[windows.panes]]\n  run = ["sleep", "901"]  # so long\n'
    assert kept in edits.text
    assert [pane.get("run") for pane in edits.window("db")["panes"]][1] == ["sleep", "901"]
    edits.again_writes_nothing()


def test_a_program_chosen_by_hand_beside_one_that_was_started_live(edits):
    edits.edit(
        ('name = "db"', 'name = "db"\n\n  [[windows.panes]]\n  name = "sql"\n  start = "type"')
    )
    edits.world.type("work:1", "tail -f /etc/hostname")
    edits.world.wait_for_program("work", ("tail", "-f", "/etc/hostname"))
    assert edits.save().conflicts == ()
    assert edits.window("db")["panes"] == [{"name": "sql", "start": "type"}]
    assert edits.window("logs")["panes"] == [{"cwd": "~", "run": ["tail", "-f", "/etc/hostname"]}]


def test_three_saves_with_edits_between_keep_all_of_them(edits):
    edits.edit(("[[windows]]", "# one\n[[windows]]"))
    edits.world.tmux("rename-window", "-t", "work:1", "log2")
    edits.save()
    edits.edit(('name = "log2"', 'name = "log2"  # two'))
    edits.world.tmux("split-window", "-d", "-t", "work:2", "-c", edits.world.home / "docs")
    edits.save()
    edits.edit(('name = "db"', '# three\nname = "db"'))
    edits.world.tmux("kill-pane", "-t", "work:0.1")
    edits.save()
    assert all(comment in edits.text for comment in ("# one", "# two", "# three"))
    assert len(edits.window("db")["panes"]) == 2
    assert len(edits.window("editor")["panes"]) == 2
    asked = read_session_file(str(edits.file), edits.world.context).workspace
    live = edits.world.standing("work").workspace
    assert [[p.cwd for p in w.panes] for w in asked.windows] == [
        [p.cwd for p in w.panes] for w in live.windows
    ]
    edits.again_writes_nothing()
