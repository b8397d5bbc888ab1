"""A directory that is swapped for a symlink between a check and the write: nothing gets out."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError
from sessionctl.system.files import pinned_folder, temporary
from sessionctl.system.files import text as text_module
from sessionctl.system.files.pinned_folder import is_below, make_folders, pinned
from sessionctl.system.files.text import create_text, write_text
from sessionctl.system.store import displacement
from sessionctl.system.store import save as save_module
from sessionctl.system.store.store import Store

OLD, NEW = "a = 1\n", "a = 2\n"


class Attack:
    """A repository, a directory outside, and one who swaps ``repo/sub`` for a symlink there."""

    def __init__(self, tmp_path):
        self.root = tmp_path / "repo"
        self.folder = self.root / "below" / "sub"
        self.outside = tmp_path / "outside"
        self.folder.mkdir(parents=True)
        self.outside.mkdir()
        self.file = self.folder / "a.toml"
        self.moved = self.folder.with_name("moved")

    def swap(self):
        if not self.moved.exists():
            self.folder.rename(self.moved)
            self.folder.symlink_to(self.outside)

    def at(self, monkeypatch, module, name, *, after=False):
        """Swap the directory right before, or after, ``module`` calls ``name``."""
        usual = getattr(module, name)

        def swapping(*arguments, **options):
            if not after:
                self.swap()
            try:
                return usual(*arguments, **options)
            finally:
                self.swap()

        monkeypatch.setattr(module, name, swapping)

    def assert_nothing_got_out(self, holding=()):
        assert sorted(os.listdir(self.outside)) == sorted(holding)


@pytest.fixture
def attack(tmp_path):
    return Attack(tmp_path)


POINTS = [
    (displacement, "write_temporary", False),
    (displacement, "write_temporary", True),
    (displacement, "look_at", True),
    (displacement, "is_same", False),
    (displacement, "is_same", True),
    (displacement, "swap", False),
    (displacement, "swap", True),
    (displacement, "sync_directory", False),
    (save_module, "remove_quietly", False),
    (save_module, "new_token", False),
]


@pytest.mark.parametrize(("module", "name", "after"), POINTS)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_save_stays_in_its_directory(
    attack, monkeypatch, tmp_path, is_there, module, name, after
):
    store = Store(str(tmp_path / "state"))
    if is_there:
        attack.file.write_text(OLD)
    (attack.outside / "a.toml").write_text(OLD)
    attack.at(monkeypatch, module, name, after=after)
    store.save(attack.file, NEW, expected=OLD if is_there else None)
    attack.swap()
    attack.assert_nothing_got_out(["a.toml"])
    assert (attack.outside / "a.toml").read_text() == OLD
    assert (attack.moved / "a.toml").read_text() == NEW
    assert os.listdir(attack.moved) == ["a.toml"]


def home_of(name):
    """Return the module in which a step of writing is looked up when it is done."""
    return text_module if hasattr(text_module, name) else temporary


@pytest.mark.parametrize(
    ("name", "after"),
    [("write_temporary", False), ("write_temporary", True), ("_bytes_there", True),
     ("sync_directory", False), ("remove_quietly", False)],
)  # fmt: skip
def test_a_written_text_stays_in_its_directory(attack, monkeypatch, name, after):
    attack.file.write_text(OLD)
    (attack.outside / "a.toml").write_text(OLD)
    attack.at(monkeypatch, home_of(name), name, after=after)
    assert write_text(attack.file, NEW, expected=OLD)
    assert (attack.outside / "a.toml").read_text() == OLD
    assert (attack.moved / "a.toml").read_text() == NEW
    attack.assert_nothing_got_out(["a.toml"])


@pytest.mark.parametrize("name", ["write_temporary", "put_new", "sync_directory"])
def test_a_new_text_stays_in_its_directory(attack, monkeypatch, name):
    attack.at(monkeypatch, home_of(name), name)
    create_text(attack.file, NEW)
    assert (attack.moved / "a.toml").read_text() == NEW
    attack.assert_nothing_got_out()


@pytest.mark.parametrize("level", ["sub", "below"])
def test_a_directory_that_was_swapped_before_it_was_opened_is_refused(attack, level):
    """The real path was found out first: a symlink in it since then is nobody's wish."""
    real = os.path.realpath(attack.file)
    folder = attack.folder if level == "sub" else attack.folder.parent
    folder.rename(folder.with_name("gone"))
    folder.symlink_to(attack.outside)
    with pytest.raises(OSError, match=r"Not a directory|symbolic"), pinned(real):
        pass


@pytest.mark.parametrize("way", ["save", "restore"])
def test_a_mirror_writes_nothing_out_of_its_directory(attack, way):
    attack.swap()
    store = Store(None)
    with pytest.raises(FileError, match="a symlink leads out of"):
        if way == "save":
            store.save(attack.file, NEW, within=str(attack.root))
        else:
            store.restore(attack.file, NEW.encode(), expected=None, within=str(attack.root))
    attack.assert_nothing_got_out()


def test_symlinks_of_the_user_go_on_leading_where_they_lead(attack):
    (attack.outside / "a.toml").write_text(OLD)
    attack.file.symlink_to(attack.outside / "a.toml")
    linked = attack.root / "linked"
    linked.symlink_to(attack.folder)
    assert Store(None).save(linked / "a.toml", NEW, expected=OLD).is_changed
    assert (attack.outside / "a.toml").read_text() == NEW
    assert write_text(linked / "a.toml", OLD, expected=NEW)
    assert attack.file.is_symlink() and linked.is_symlink()


def test_a_file_is_below_its_directory_alone(tmp_path):
    assert is_below(f"{tmp_path}/a/b", f"{tmp_path}/a")
    assert is_below("/a", "/")
    assert not is_below(f"{tmp_path}/ab", f"{tmp_path}/a")


def test_a_directory_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(FileError, match="no such directory"):
        write_text(tmp_path / "none" / "a.toml", NEW)
    assert not (tmp_path / "none").exists()


def test_a_path_that_cannot_be_held_is_itself_and_nothing_stays_open(tmp_path, monkeypatch):
    before = os.listdir("/proc/self/fd")
    with pinned("a.toml") as path:
        assert path == "a.toml"  # relative
    with pinned(str(tmp_path / "none" / "a.toml")) as path:
        assert not os.path.lexists(os.path.dirname(path))
        assert os.path.basename(path) == "a.toml"
    (tmp_path / "a.toml").write_text("a = 1\n")
    target = str(tmp_path.resolve() / "a.toml")
    with pinned(target) as path:
        assert path.startswith("/proc/self/fd/")
        assert os.path.samefile(path, target)
    make_folders(str(tmp_path / "one" / "two"), str(tmp_path))
    assert (tmp_path / "one" / "two").is_dir()
    assert len(os.listdir("/proc/self/fd")) <= len(before)
    monkeypatch.setattr(pinned_folder, "_OPEN_FILES", "/nowhere")
    with pinned(target) as path:
        assert path == target
