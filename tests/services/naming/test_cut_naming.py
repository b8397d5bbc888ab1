"""A rename, a copy or a removal that was killed is finished by the same command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sessionctl.errors import EditError
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.naming.naming_journal import (
    NamingEntry,
    NamingJournal,
    clear_cut_copy,
    digest_of,
    own_path,
)
from sessionctl.services.naming.naming_steps import EndNaming, NamingTools
from sessionctl.services.naming.session_names import NamePlaces, SessionNames
from sessionctl.services.naming.session_naming import plan_copy, plan_remove, plan_rename
from sessionctl.services.plan.runner import run
from sessionctl.system.store.store import Store
from tests.sidecars import sidecar

SESSION = 'schema_version = 1\nname = "one"\n\n[[windows]]\nname = "w"\n'


class Desk:
    """A repository with a session, its sidecar and a tmux session of its name."""

    def __init__(self, folder):
        self.folder = folder
        self.state = str(folder.parent / f"{folder.name}-state")
        self.store = Store(self.state)
        self.standing = ["one"]
        folder.mkdir()
        os.chdir(folder)
        (folder / "one.session.toml").write_text(SESSION)
        (folder / "one.secrets.toml").write_text("# sealed\n")
        self.git("init", "-q")
        self.git("add", "-A")
        self.store.save("one.session.toml", f"{SESSION}# more\n", why="set")
        Path(self.state, "live").mkdir(exist_ok=True)
        StandingMarks(self.state).assign("one", str(folder / "one.session.toml"))

    def git(self, *words):
        return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout

    @property
    def tools(self):
        def rename_live(old, new):
            self.standing.remove(old)
            self.standing.append(new)

        return NamingTools(self.store, {**os.environ}, lambda: None, rename_live)

    def find(self, word):
        return SessionNames(NamePlaces(".", self.state)).require(word)

    def rename(self):
        return plan_rename(self.find("one"), "two", self.store, self.standing).plan

    def remove(self):
        return plan_remove(self.find("one"), self.store, self.standing).plan

    def outcome(self):
        texts = {path.name: path.read_text() for path in self.folder.iterdir() if path.is_file()}
        marks = StandingMarks(self.state)
        saved = [bool(marks.file_of(name)) for name in ("one", "two")]
        index = self.git("ls-files", "-s") + self.git("status", "--porcelain")
        kept = [
            self.store.archive(str(self.folder / f"{name}.session.toml")).is_there
            for name in ("one", "two")
        ]
        begun = NamingJournal(self.state).entries()
        return texts, index, self.standing, saved, kept, begun


def cut(plan, tools, count):
    assert not run(plan[:count], tools).failures


@pytest.mark.parametrize("what", ["rename", "remove"])
def test_the_same_command_finishes_what_was_cut_before_any_step(tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    whole = Desk(tmp_path / "whole")
    plan = getattr(whole, what)()
    assert not run(plan, whole.tools).failures
    expected = whole.outcome()
    assert not expected[-1]
    for count in range(len(plan)):
        desk = Desk(tmp_path / f"cut{count}")
        cut(getattr(desk, what)(), desk.tools, count)
        assert not run(getattr(desk, what)(), desk.tools).failures, count
        assert desk.outcome() == expected, count


def test_a_renamed_link_is_finished_too(tmp_path, monkeypatch):
    for count in range(30):
        (tmp_path / f"{count}" / "real").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / f"{count}")
        Path("real/one.session.toml").write_text(SESSION)
        Path("one.session.toml").symlink_to("real/one.session.toml")
        store = Store(str(tmp_path / f"state{count}"))
        tools = NamingTools(store, {**os.environ}, lambda: None, lambda *_: None)
        plan = plan_rename("one.session.toml", "two", store).plan
        if count >= len(plan):
            break
        cut(plan, tools, count)
        assert not run(plan_rename("one.session.toml", "two", store).plan, tools).failures
        assert sorted(str(path) for path in Path().rglob("*.toml")) == [
            "real/two.session.toml",
            "two.session.toml",
        ]


def test_secrets_that_a_cut_copy_sealed_make_room_and_stay_in_the_backups(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Store(str(tmp_path / "state"))
    Path("one.session.toml").write_text(SESSION)
    Path("two.secrets.toml").write_text("# sealed\n")
    clear_cut_copy(store, "one.session.toml", "two.session.toml")
    assert Path("two.secrets.toml").exists(), "nobody knows whose it is"
    entry = NamingEntry(own_path("one.session.toml"), own_path("two.session.toml"), is_sealed=True)
    NamingJournal(store.directory).begin(entry)
    clear_cut_copy(store, "one.session.toml", "two.session.toml")
    assert not Path("two.secrets.toml").exists()
    [kept] = store.archive("two.secrets.toml").entries()
    assert kept.why == "left", "no change that undo could take for one of its own"


def test_what_somebody_made_in_the_place_of_a_cut_copy_is_not_taken_for_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Store(str(tmp_path / "state"))
    Path("one.session.toml").write_text(SESSION)
    made = f'id = "a"\n{SESSION}'
    Path("two.session.toml").write_text(made)
    Path("two.secrets.toml").write_text(sidecar("x", session="a"))
    places = own_path("one.session.toml"), own_path("two.session.toml")
    entry = NamingEntry(*places, is_sealed=True, made=digest_of(made))
    NamingJournal(store.directory).begin(entry)

    def again():
        return plan_copy("one.session.toml", "two", "b", lambda *_: (), "", store.directory)

    assert [type(step) for step in again().plan] == [EndNaming]
    Path("two.session.toml").write_text(f"{made}# mine\n")
    with pytest.raises(EditError, match="already a file"):
        again()
