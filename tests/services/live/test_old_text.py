"""The texts of panes: taken from tmux, kept for their owner without secrets, and shown again."""

from __future__ import annotations

import json
import os
import time
from types import SimpleNamespace

import pytest

from sessionctl.errors import FileError
from sessionctl.services.live import old_text
from sessionctl.services.live.old_text import (
    KeptTexts,
    OldTextStore,
    PaneText,
    capture_texts,
    shown_again,
    values_in,
)
from tests.together import together

FILE = "a b.session.toml"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return OldTextStore(str(tmp_path / "state"))


def kept_file(store):
    [name] = os.listdir(store.folder)
    return os.path.join(store.folder, name)


def test_the_last_lines_of_each_pane_are_taken():
    asked = []

    def run(commands):
        asked.extend(commands)
        return [SimpleNamespace(text=text) for text in ("one\x1b[1m\n\n\n", "\n \n", "$ ls\n")]

    panes = {(0, 0): PaneText("%1", False), (0, 1): PaneText("%2", False),
             (1, 0): PaneText("%3", True)}  # fmt: skip
    found = capture_texts(SimpleNamespace(run=run), panes)
    assert set(found) == {(0, 0), (1, 0)}
    assert found[0, 0].startswith("one")
    assert not found[0, 0].endswith("\n")
    most = ("capture-pane", "-p", "-e", "-J", "-S", f"-{old_text._MOST_LINES}")
    assert asked == [
        (*most, "-t", "%1"), (*most, "-t", "%2"), (*most, "-E", "-1", "-t", "%3"),
    ]  # fmt: skip


def test_what_is_kept_is_shown_again_with_when_it_was(store):
    before = time.time()
    store.keep(FILE, {(1, 0): "two", (0, 2): "one"})
    path = kept_file(store)
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(store.folder).st_mode & 0o777 == 0o700
    with open(path) as stream:
        data = json.load(stream)
    assert data["texts"] == [[0, 2, "one"], [1, 0, "two"]]
    assert before <= data["at_s"] <= time.time()
    found = store.read(FILE)
    assert found == KeptTexts(
        {(0, 2): shown_again("one", data["at_s"]), (1, 0): shown_again("two", data["at_s"])}
    )
    assert store.read(f"./{FILE}") == found
    assert store.read("other.toml") == KeptTexts({})
    os.chmod(path, 0o644)
    store.keep(FILE, {})
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert store.read(FILE) == KeptTexts({})
    store.forget(FILE)
    store.forget(FILE)
    assert os.listdir(store.folder) == []


def test_a_text_says_from_when_it_is():
    shown = shown_again("text", 0)
    assert shown.startswith("text\x1b[0m\n\x1b[2m")
    assert shown.endswith(" --\x1b[0m")
    assert time.strftime("%Y", time.localtime(0)) in shown


def test_texts_follow_the_windows_that_are_chosen():
    kept = KeptTexts({(0, 0): "a", (2, 1): "c", (2, 0): "b"})
    assert kept.of_windows([2, 0]) == {(1, 0): "a", (0, 1): "c", (0, 0): "b"}
    assert kept.of_windows([1]) == {}


TOKEN = "ghp_" + "aB3xK9mQ2wZ7" * 3


def test_a_secret_that_one_pane_shows_is_masked_in_all(store):
    texts = {(0, 0): f"token={TOKEN}", (0, 1): f"curl -H {TOKEN}"}
    assert TOKEN in values_in(texts)
    store.keep(FILE, texts)
    with open(kept_file(store)) as stream:
        assert TOKEN not in stream.read()
    store.keep(FILE, {(0, 0): "plain hunter2-word"}, seen={"hunter2-word"})
    with open(kept_file(store)) as stream:
        assert "hunter2-word" not in stream.read()


class Seal:
    """A seal with a key, or without one (``opens`` is None)."""

    def __init__(self, opens=""):
        self.opens = opens

    def seal(self, content):
        self.content = content
        return None if self.opens is None else f"{old_text.BEGIN}sealed"

    def open(self, _content):
        return self.opens


def test_with_a_key_nothing_is_written_in_plain_text(store):
    seal = Seal()
    store.keep(FILE, {(0, 0): "plain words"}, seal)
    with open(kept_file(store)) as stream:
        assert stream.read() == f"{old_text.BEGIN}sealed"
    found = store.read(FILE, lambda: Seal(seal.content))
    assert [text.partition("\x1b")[0] for text in found.texts.values()] == ["plain words"]
    why = (
        f"{FILE}: the old text of its panes is not shown: no key opens it without a prompt, or it"
        " is damaged; save --scrollback replaces it"
    )
    for make in (None, lambda: Seal(None)):
        assert store.read(FILE, make) == KeptTexts({}, why)
    store.keep(FILE, {(0, 0): "plain words"}, Seal(None))
    with open(kept_file(store)) as stream:
        assert "plain words" in stream.read()


@together(
    "content",
    ["{", "[]", "{}", '{"format": 0, "at_s": 1, "texts": []}', "\x00", "[" * 100_000,
     '{"format": 1, "at_s": 1e999, "texts": [[0, 0, "x"]]}',
     '{"format": 1, "at_s": 1, "texts": [[0, 0]]}'],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_what_is_damaged_is_said_and_no_error(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    store = OldTextStore(str(tmp_path / "state"))
    store.keep(FILE, {})
    path = kept_file(store)
    with open(path, "w") as stream:
        stream.write(content)
    assert store.read(FILE) == KeptTexts(
        {},
        f"{FILE}: the old text of its panes is not shown: {path} is damaged or cannot be read;"
        " save --scrollback replaces it",
    )


def test_without_a_place_nothing_is_kept_and_one_that_cannot_be_written_is_said(tmp_path):
    nowhere = OldTextStore(None)
    assert nowhere.keep(FILE, {(0, 0): "x"}) is None
    assert nowhere.read(FILE) == KeptTexts({})
    nowhere.forget(FILE)
    (tmp_path / "state").write_text("")
    with pytest.raises(FileError) as caught:
        OldTextStore(str(tmp_path / "state")).keep(FILE, {})
    assert caught.value.message.startswith(f"{FILE}: cannot keep its text: ")
