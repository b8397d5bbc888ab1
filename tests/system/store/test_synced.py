"""What a save waits for, in order: no name is put in place before its data is on the disk."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.documents.document_store import open_store
from sessionctl.system.files.text import create_text, write_text
from sessionctl.system.store import archive, displacement

pytestmark = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="what a descriptor leads to is asked of /proc"
)


class Log:
    """What was synced and put in place below ``top``, each name as its kind.

    Of an archive these are "path", "entry" (of length 0, its name is the change), "text" and
    "draft", which becomes one of them; beside a file it is "temporary".
    """

    def __init__(self, top, monkeypatch):
        self.top, self.lines = os.path.realpath(top), []
        for name in ("fsync", "replace", "rename", "link"):
            monkeypatch.setattr(os, name, self.noted(name, getattr(os, name)))
        monkeypatch.setattr(displacement, "swap", self.noted("swap", displacement.swap))

    def noted(self, name, real):
        def call(*arguments, **more):
            paths = arguments[:2] if name == "swap" else arguments
            self.lines.append(" ".join([name, *map(self.kind, paths)]))
            return real(*arguments, **more)

        return call

    def kind(self, path):
        if isinstance(path, int):
            path = os.readlink(f"/proc/self/fd/{path}")
        else:
            path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        parts = os.path.relpath(path, self.top).split("/")
        if parts[0] == "state" and len(parts) > 2:
            parts[2] = "DOC"
        name = parts[-1]
        if len(parts) == 4 and name != "path":
            parts[3] = "draft" if name.startswith(archive._NEW) else "text"
        elif name.startswith(".sessionctl-"):
            parts[-1] = "temporary"
        return "/".join(parts)

    def of(self, call):
        self.lines.clear()
        call()
        return list(self.lines)


@pytest.fixture
def top(tmp_path):
    (tmp_path / "t").mkdir()
    return tmp_path / "t"


DOC = "state/documents/DOC"
TEXT = [f"fsync {DOC}/draft", f"replace {DOC}/draft {DOC}/text"]
PATH = [f"fsync {DOC}/draft", f"replace {DOC}/draft {DOC}/path"]
NAMES = f"fsync {DOC}"
SWAP = ["fsync temporary", "swap temporary a.toml", "fsync ."]


def test_a_text_is_on_the_disk_before_its_name_and_the_old_one_before_both(top, monkeypatch):
    log = Log(top, monkeypatch)
    store, file = open_store(str(top / "state")), str(top / "a.toml")
    assert log.of(lambda: store.create(file, "one\n")) == [
        "fsync .", "fsync state", "fsync state/documents", *PATH, *TEXT, NAMES,
        "fsync temporary", "link temporary a.toml", "fsync .",
    ]  # fmt: skip
    assert log.of(lambda: store.save(file, "two\n", expected="one\n")) == [*TEXT, NAMES, *SWAP]
    assert log.of(lambda: store.save(file, "three\n")) == [*TEXT, NAMES, *SWAP]
    # What is kept already is not written again.
    assert log.of(lambda: store.restore(file, b"one\n", expected=b"three\n")) == [NAMES, *SWAP]
    assert log.of(lambda: store.save(file, "one\n")) == []


def test_what_is_kept_is_waited_for_at_once_or_later_and_then_wholly(top, monkeypatch):
    log = Log(top, monkeypatch)
    store = open_store(str(top / "state"))
    for file, begun in (("a.toml", ["fsync .", "fsync state", "fsync state/documents"]),
                        ("b.toml", ["fsync state/documents"])):  # fmt: skip
        path = str(top / file)
        found = log.of(lambda path=path: store.keep(path, "base", why="base"))
        assert found == [*begun, *PATH, *TEXT, NAMES]
    soft = str(top / "c.toml")
    assert log.of(lambda: store.keep(soft, "x", why="base", is_durable=False)) == [PATH[1], TEXT[1]]
    assert log.of(lambda: store.archive(soft).sync_newest("base")) == [
        "fsync state/documents/DOC/path", "fsync state/documents/DOC/text", NAMES,
        "fsync state/documents",
    ]  # fmt: skip
    assert log.of(lambda: store.archive(soft).sync_newest("pending")) == []


def test_a_file_beside_a_store_is_waited_for_unless_it_need_not_be(top, monkeypatch):
    log, file = Log(top, monkeypatch), str(top / "c")
    assert log.of(lambda: create_text(file, "x")) == [
        "fsync temporary", "link temporary c", "fsync .",
    ]  # fmt: skip
    assert log.of(lambda: write_text(file, "y")) == [
        "fsync temporary", "replace temporary c", "fsync .",
    ]  # fmt: skip
    assert log.of(lambda: write_text(file, "z", is_durable=False)) == ["replace temporary c"]
