"""Saving documents: what was there is kept, what slips in is merged, what clashes is told."""

from __future__ import annotations

import errno
import os
import re
import stat

import pytest

from sessionctl.errors import ChangedError, DocumentError, FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.files import stable_read, temporary
from sessionctl.system.store import displacement, save, swap
from sessionctl.system.store.archive_entry import NOTHING, address_of
from sessionctl.system.store.store import Store

OLD = "a = 1\nb = 1\nc = 1\n"
NEW = "a = 2\nb = 1\nc = 1\n"
EDIT = "a = 1\nb = 1\nc = 9\n"
BOTH = "a = 2\nb = 1\nc = 9\n"
CLASH = "a = 8\nb = 1\nc = 1\n"


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


@pytest.fixture
def file(tmp_path):
    (tmp_path / "docs").mkdir()
    path = tmp_path / "docs" / "x.toml"
    path.write_text(OLD)
    return path


def changes(store, path):
    """Return the changes of a file: texts before and after, and why."""
    archive = store.archive(path)

    def text(address):
        return None if address == NOTHING else archive.read(address).decode()

    return [(text(entry.before), text(entry.after), entry.why) for entry in archive.entries()]


def names_beside(file):
    return sorted(path.name for path in file.parent.iterdir())


def refuse(code):
    def fail(*_arguments, **_options):
        raise OSError(code, os.strerror(code))

    return fail


@pytest.fixture
def slip(monkeypatch, file):
    """Return a function that lets edits come in right before each exchange, one each.

    A text, a function of the text that is there, or None for no edit. An edit that slips in
    is given back by an exchange too.
    """

    def edits(*texts):
        left = list(texts)
        real = swap.swap

        def swap_after_edit(new, target, spare):
            if left:
                edit = left.pop(0)
                other = file.with_name("editor.tmp")
                if edit is not None:
                    other.write_text(edit(file.read_text()) if callable(edit) else edit)
                    other.replace(target)
            return real(new, target, spare)

        monkeypatch.setattr(displacement, "swap", swap_after_edit)
        return left

    return edits


# -- saving ------------------------------------------------------------------------------


def test_the_old_and_the_new_text_are_kept(store, file):
    saved = store.save(file, NEW, expected=OLD, why="set")
    assert (saved.is_changed, saved.text, saved.is_merged, saved.notes) == (True, NEW, False, ())
    assert file.read_text() == NEW
    assert changes(store, file) == [(OLD, NEW, "set")]
    assert names_beside(file) == ["x.toml"]


def test_what_is_kept_is_for_the_user_alone(store, file, tmp_path):
    store.save(file, NEW)
    for path in (tmp_path / "state").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_an_unchanged_text_is_not_written_and_not_listed(store, file):
    before = file.stat()
    saved = store.save(file, OLD, expected=OLD)
    assert (saved.is_changed, saved.text) == (False, OLD)
    assert file.stat() == before
    assert changes(store, file) == []


def test_a_text_that_was_there_before_is_kept_once(store, file):
    store.save(file, NEW)
    store.save(file, OLD)
    store.save(file, NEW)
    texts = [path.name for path in file.parent.parent.rglob("*") if len(path.name) == 40]
    assert sorted(texts) == sorted([address_of(OLD.encode()), address_of(NEW.encode())])


def test_a_damaged_copy_is_found_and_written_anew(store, file):
    store.save(file, NEW)
    archive = store.archive(file)
    address = address_of(OLD.encode())
    (path,) = file.parent.parent.rglob(address)
    path.write_text("a = ")
    with pytest.raises(FileError, match="damaged"):
        archive.read(address)
    store.save(file, OLD)
    assert archive.read(address) == OLD.encode()


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_and_a_symlink_stay(store, file, mode):
    file.chmod(mode)
    link = file.with_name("link")
    link.symlink_to(file.name)
    for number in range(100):
        store.save(link, f"a = {number}\n")
    assert link.is_symlink()
    assert file.read_text() == "a = 99\n"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert names_beside(file) == ["link", "x.toml"]


def test_extended_attributes_stay(store, file):
    try:
        os.setxattr(file, "user.mark", b"1")
    except OSError:
        pytest.skip("no extended attributes on this file system")
    store.save(file, NEW)
    assert os.getxattr(file, "user.mark") == b"1"


def test_another_name_keeps_the_old_text_and_that_is_told(store, file):
    os.link(file, file.with_name("other"))
    saved = store.save(file, NEW)
    ((note, hint),) = saved.notes
    assert note == f"{file}: it had another name (hard links), which keep the old text"
    assert hint.startswith("link them again: ln -f")
    assert file.with_name("other").read_text() == OLD
    assert store.save(file, OLD).notes == ()


def test_a_new_file_is_made_and_listed(store, file):
    new = file.with_name("new.toml")
    store.create(new, NEW)
    assert new.read_text() == NEW
    assert changes(store, new) == [(None, NEW, "new")]
    with pytest.raises(FileError, match="there is already a file"):
        store.create(file, NEW)
    assert file.read_text() == OLD
    assert names_beside(file) == ["new.toml", "x.toml"]


def test_saving_where_nothing_is_makes_the_file(store, file):
    new = file.with_name("new.toml")
    assert store.save(new, NEW).is_changed
    assert new.read_text() == NEW


def test_a_file_that_is_gone_is_not_made_again(store, file):
    file.unlink()
    with pytest.raises(ChangedError, match="is gone since it was read; nothing was written"):
        store.save(file, NEW, expected=OLD)
    assert not file.exists()
    assert changes(store, file) == [(None, NEW, "refused")]


def test_a_device_is_never_replaced(store):
    with pytest.raises(FileError, match="cannot write: not a regular file"):
        store.save(os.devnull, NEW)


# -- edits of others ---------------------------------------------------------------------


def test_an_edit_made_since_the_reading_is_merged(store, file):
    file.write_text(EDIT)
    saved = store.save(file, NEW, expected=OLD)
    assert (saved.is_changed, saved.text, saved.is_merged) == (True, BOTH, True)
    assert file.read_text() == BOTH
    assert changes(store, file) == [(EDIT, BOTH, "save")]


def test_an_edit_that_is_the_same_changes_nothing(store, file):
    file.write_text(NEW)
    assert store.save(file, NEW, expected=OLD).is_changed is False


def test_an_edit_of_the_same_key_stays_and_the_caller_is_told(store, file):
    file.write_text(CLASH)
    with pytest.raises(ChangedError, match="changed by someone else since it was read") as caught:
        store.save(file, NEW, expected=OLD)
    assert caught.value.hints == ("look at the file and run the command again",)
    assert file.read_text() == CLASH
    assert changes(store, file) == [(CLASH, NEW, "refused")]


def test_without_a_merge_every_edit_clashes(file, tmp_path):
    file.write_text(EDIT)
    with pytest.raises(ChangedError, match="changed by someone else"):
        Store(str(tmp_path / "state")).save(file, NEW, expected=OLD)
    assert file.read_text() == EDIT


def test_an_edit_that_slips_in_before_the_exchange_is_merged(store, file, slip):
    slip(EDIT)
    saved = store.save(file, NEW, expected=OLD)
    assert (saved.is_changed, saved.text, saved.is_merged) == (True, BOTH, True)
    assert file.read_text() == BOTH
    assert changes(store, file) == [(EDIT, BOTH, "save")]
    assert names_beside(file) == ["x.toml"]


def test_edits_that_slip_in_one_after_the_other_are_all_merged(store, file, slip):
    slip(EDIT, None, EDIT.replace("b = 1", "b = 5"))
    saved = store.save(file, NEW, expected=OLD)
    assert saved.text == "a = 2\nb = 5\nc = 9\n"
    assert file.read_text() == saved.text


def test_an_edit_that_comes_in_while_another_is_given_back_is_merged_too(store, file, slip):
    slip(EDIT, lambda text: text.replace("b = 1", "b = 5"), lambda text: f"{text}d = 1\n")
    saved = store.save(file, NEW, expected=OLD)
    assert saved.text == "a = 2\nb = 5\nc = 9\nd = 1\n"
    assert file.read_text() == saved.text
    assert names_beside(file) == ["x.toml"]


def test_an_edit_that_slips_in_and_clashes_is_put_back(store, file, slip):
    slip(CLASH)
    with pytest.raises(ChangedError, match="changed by someone else"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == CLASH
    assert changes(store, file) == [(CLASH, NEW, "refused")]
    assert names_beside(file) == ["x.toml"]


def test_an_edit_newer_than_the_one_put_back_has_the_place(store, file, slip):
    slip(CLASH, "a = 7\n")
    with pytest.raises(ChangedError):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == "a = 7\n"
    assert (CLASH, "a = 7\n", "slipped") in changes(store, file)
    assert names_beside(file) == ["x.toml"]


def test_a_broken_edit_that_slips_in_is_put_back(store, file, slip):
    slip("a = \n")
    with pytest.raises(ChangedError, match="and is not TOML now"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == "a = \n"


def test_a_save_gives_way_to_one_who_edits_all_the_time(store, file, slip):
    edits = [lambda text, n=n: f"{text}k{n} = 1\n" for n in range(20)]
    left = slip(*[one for edit in edits for one in (edit, None)])
    with pytest.raises(ChangedError, match="all the time"):
        store.save(file, NEW, expected=OLD)
    assert len(left) == 2 * (20 - save.ROUNDS)
    assert file.read_text() == OLD + "".join(f"k{n} = 1\n" for n in range(save.ROUNDS))
    assert names_beside(file) == ["x.toml"]


def test_an_edit_seen_before_the_exchange_costs_no_round(store, file, monkeypatch):
    texts = [f"a = 1\nb = {number}\nc = 1\n" for number in range(2, 12)]
    real = displacement.DocumentPlace.write_beside

    def write_after_edit(self, token, data):
        if texts:
            file.write_text(texts.pop(0))
        return real(self, token, data)

    monkeypatch.setattr(displacement.DocumentPlace, "write_beside", write_after_edit)
    saved = store.save(file, NEW, expected=OLD)
    assert file.read_text() == saved.text == "a = 2\nb = 11\nc = 1\n"
    assert len(changes(store, file)) == 1


def test_a_file_that_is_always_changed_before_the_exchange_is_given_up(store, file, monkeypatch):
    monkeypatch.setattr(displacement, "is_same", lambda *_: False)
    with pytest.raises(ChangedError, match="all the time"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == OLD
    assert names_beside(file) == ["x.toml"]


def test_a_file_removed_before_the_exchange_is_not_made_again(store, file, monkeypatch):
    def swap_late(new, target, spare):
        os.unlink(target)
        return swap.swap(new, target, spare)

    monkeypatch.setattr(displacement, "swap", swap_late)
    with pytest.raises(ChangedError, match="is gone"):
        store.save(file, NEW, expected=OLD)
    assert names_beside(file) == []


@pytest.mark.parametrize("text", ["", "a = 1\nb = ", "\xff"])
def test_a_half_written_edit_is_waited_for(store, file, monkeypatch, text):
    file.write_bytes(text.encode("latin-1"))
    waits = []

    def write_on(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            file.write_text(EDIT)

    monkeypatch.setattr(save, "sleep", write_on)
    assert store.save(file, NEW, expected=OLD).text == BOTH
    assert len(waits) == 3


@pytest.mark.parametrize(("text", "reason"), [("", "it is empty"), ("a = \n", "1:5")])
def test_a_broken_edit_is_never_overwritten(store, file, monkeypatch, text, reason):
    monkeypatch.setattr(save, "sleep", lambda _s: None)
    file.write_text(text)
    with pytest.raises(ChangedError, match=f"and is not TOML now: .*{reason}"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == text


def test_an_editor_that_writes_into_the_displaced_file_is_heard(store, file, monkeypatch):
    real = displacement.DocumentPlace.sync
    calls = []

    def late(self):
        for path in file.parent.glob(".sessionctl-*.tmp"):
            if not calls:
                path.write_text(EDIT)
                calls.append(path)
        real(self)

    monkeypatch.setattr(displacement.DocumentPlace, "sync", late)
    assert store.save(file, NEW, expected=OLD).text == BOTH
    assert file.read_text() == BOTH
    assert calls


def test_an_emptied_displaced_file_is_waited_for(store, file, slip, monkeypatch):
    slip("")

    def write_on(_seconds):
        for path in file.parent.glob(".sessionctl-*.tmp"):
            path.write_text(EDIT)

    monkeypatch.setattr(displacement, "sleep", write_on)
    assert store.save(file, NEW, expected=OLD).text == BOTH


def test_who_has_the_file_open_for_writing_is_waited_for(file, monkeypatch):
    if os.uname().sysname != "Linux":
        pytest.skip("only Linux tells who has a file open")
    writer = os.open(file, os.O_WRONLY)
    waits = []

    def close(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            os.write(writer, b"a = 5")
            os.close(writer)

    monkeypatch.setattr(stable_read, "sleep", close)
    assert stable_read.look_at(str(file), "x").data == b"a = 5" + OLD[5:].encode()
    assert len(waits) == 2


def test_who_never_closes_the_file_is_waited_for_a_second_at_most(file, monkeypatch):
    waits = []
    monkeypatch.setattr(stable_read, "sleep", waits.append)
    with file.open("a"):
        assert stable_read.look_at(str(file), "x").data == OLD.encode()
    assert 0 < sum(waits) < 1


def test_a_file_that_changes_while_it_is_read_is_read_again(file, monkeypatch):
    real, texts = stable_read.read_open, [EDIT, NEW]

    def read_slowly(*arguments):
        data = real(*arguments)
        if texts:
            file.write_text(texts.pop(0) + "#")
        return data

    monkeypatch.setattr(stable_read, "read_open", read_slowly)
    assert stable_read.look_at(str(file), "x").data == (NEW + "#").encode()


# -- the other ways to swap ----------------------------------------------------------------


@pytest.mark.parametrize("has_links", [True, False])
def test_where_nothing_can_be_exchanged_edits_are_found_too(
    store, file, slip, monkeypatch, has_links
):
    monkeypatch.setattr(swap, "_exchange", lambda *_: errno.EINVAL)
    if not has_links:
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    slip(EDIT)
    saved = store.save(file, NEW, expected=OLD)
    assert file.read_text() == saved.text == BOTH
    slip(CLASH)
    with pytest.raises(ChangedError):
        store.save(file, "a = 3\nb = 1\nc = 9\n", expected=BOTH)
    assert file.read_text() == CLASH
    assert names_beside(file) == ["x.toml"]


def test_where_nothing_can_be_exchanged_a_file_that_is_gone_is_told(store, file, slip, monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda *_: errno.ENOSYS)

    def swap_late(new, target, spare):
        os.unlink(target)
        return swap.swap(new, target, spare)

    monkeypatch.setattr(displacement, "swap", swap_late)
    with pytest.raises(ChangedError, match="is gone"):
        store.save(file, NEW, expected=OLD)
    assert names_beside(file) == []


def test_a_system_without_an_exchange_says_so(monkeypatch, tmp_path):
    (tmp_path / "a").touch()
    monkeypatch.setattr(swap, "_LINUX", "a_function_that_no_library_has")
    assert swap.exchange(str(tmp_path / "a"), str(tmp_path / "b")) is False
    monkeypatch.setattr(swap.sys, "platform", "win32")
    assert swap.exchange(str(tmp_path / "a"), str(tmp_path / "b")) is False


def test_an_exchange_with_nothing_is_an_error(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(FileNotFoundError):
        swap.exchange(str(tmp_path / "a"), str(tmp_path / "b"))


# -- what the system refuses ---------------------------------------------------------------


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_state_directory_that_may_not_be_written_is_told_and_no_obstacle(
    store, file, monkeypatch, code
):
    monkeypatch.setattr("sessionctl.system.store.archive.make_private", refuse(code))
    ((note, hint),) = store.save(file, NEW, expected=OLD).notes
    assert note.startswith(f"{file}: no backup is kept: ")
    assert "XDG_STATE_HOME" in hint
    assert file.read_text() == NEW


def test_no_state_directory_is_told_and_no_obstacle(file, slip):
    slip(EDIT)
    saved = open_store(None).save(file, NEW, expected=OLD)
    assert saved.text == BOTH
    assert saved.notes[0][0].endswith("no backup is kept: there is no state directory")
    with pytest.raises(FileError, match="no backups are kept"):
        open_store(None).archive(file)


@pytest.mark.parametrize("step", ["make_private", "sync_names"])
def test_a_full_state_directory_is_reported_and_no_obstacle(store, file, monkeypatch, step):
    if step == "sync_names":  # it fills up in the middle
        store.save(file, "a = 0\n", expected=OLD)
        store.save(file, OLD, expected="a = 0\n")
    monkeypatch.setattr(f"sessionctl.system.store.archive.{step}", refuse(errno.ENOSPC))
    saved = store.save(file, NEW, expected=OLD)
    ((note, hint),) = saved.notes
    assert re.search(r": no backup is kept: .*: no space left on device$", note)
    assert hint == "make room there: sessionctl gc"
    assert file.read_text() == NEW


def test_a_backup_that_cannot_be_written_leaves_the_file_alone(store, file, monkeypatch):
    store.save(file, NEW)
    monkeypatch.setattr("sessionctl.system.store.archive.sync_names", refuse(errno.EIO))
    with pytest.raises(FileError, match="cannot keep a backup"):
        store.save(file, OLD)
    assert file.read_text() == NEW


@pytest.mark.parametrize(
    ("code", "reason", "hint"),
    [
        (errno.ENOSPC, "no space left on device", "make room"),
        (errno.EDQUOT, "your quota of the disk is used up", "make room"),
        (errno.EROFS, "the file system is mounted read-only", "mount it writable"),
        (errno.EIO, "input/output error", "the disk may be failing"),
    ],
)
def test_what_the_system_refuses_is_told_with_the_next_step(
    store, file, monkeypatch, code, reason, hint
):
    monkeypatch.setattr(displacement, "write_temporary", refuse(code))
    with pytest.raises(FileError) as caught:
        store.save(file, NEW, expected=OLD)
    assert caught.value.message == f"{file}: cannot write: {reason}"
    assert hint in caught.value.hints[0]
    assert file.read_text() == OLD
    assert changes(store, file) == [(OLD, NEW, "save")], "the text can be had back"


def test_a_directory_that_may_not_be_written_is_told(store, file, monkeypatch):
    monkeypatch.setattr(displacement, "write_temporary", refuse(errno.EACCES))
    with pytest.raises(FileError, match="its directory may not be written") as caught:
        store.save(file, NEW, expected=OLD)
    assert caught.value.hints == (f"look at its owner and mode: ls -ld {file.parent}",)
    assert file.read_text() == OLD


def test_a_file_that_may_not_be_written_is_left_alone(store, file, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileError, match="cannot write: permission denied"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == OLD


def test_a_disk_that_returns_other_bytes_is_noticed(store, file, monkeypatch):
    real = temporary.write_temporary

    def write_wrong(path, data, **options):
        return real(path, data[:-1] + b"?", **options)

    monkeypatch.setattr(displacement, "write_temporary", write_wrong)
    with pytest.raises(FileError, match="what was written reads otherwise"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == OLD
    assert names_beside(file) == ["x.toml"]


def test_what_cannot_be_checked_after_the_exchange_is_told_and_kept(store, file, monkeypatch):
    monkeypatch.setattr(displacement.DocumentPlace, "look_at_displaced", refuse(errno.EIO))
    with pytest.raises(FileError, match=r"was written, but .* cannot be checked") as caught:
        store.save(file, NEW, expected=OLD)
    assert caught.value.hints == (f"sessionctl recover {file}",)
    assert file.read_text() == NEW
    assert len(names_beside(file)) == 2
    monkeypatch.undo()
    assert store.settle(file) == ()
    assert names_beside(file) == ["x.toml"]


def test_a_text_that_cannot_be_written_is_told(store, file):
    with pytest.raises(DocumentError, match=r"U\+D800"):
        store.save(file, "\ud800")


# -- saves that were cut short ---------------------------------------------------------------


def cut_short(store, file, monkeypatch, module, name, *, after=False):
    """Let a save end, as if killed, before (or after) the call of ``name``."""
    real = getattr(module, name)

    class Killed(BaseException):
        pass

    def die(*arguments, **options):
        if after:
            real(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patch:
        # A killed process cleans nothing up.
        for owner in (save, displacement, temporary):
            patch.setattr(owner, "remove_quietly", lambda _path: None)
        patch.setattr(module, name, die)
        with pytest.raises(Killed):
            store.save(file, NEW, expected=OLD)


def test_a_save_cut_short_before_the_exchange_leaves_the_old_text(store, file, monkeypatch):
    cut_short(store, file, monkeypatch, displacement, "swap")
    assert file.read_text() == OLD
    assert len(names_beside(file)) == 2
    store.settle(file)
    assert names_beside(file) == ["x.toml"]
    assert changes(store, file) == [(OLD, NEW, "save")]


def test_a_save_cut_short_after_the_exchange_is_done(store, file, monkeypatch):
    cut_short(store, file, monkeypatch, displacement, "swap", after=True)
    assert file.read_text() == NEW
    assert len(names_beside(file)) == 2
    assert store.save(file, NEW).notes == ()
    assert names_beside(file) == ["x.toml"]


def test_an_edit_displaced_by_a_save_that_was_cut_short_is_merged(store, file, slip, monkeypatch):
    slip(EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    assert file.read_text() == NEW
    ((note, hint),) = store.settle(file)
    assert note == f"{file}: an edit came in when a save was cut short; it was merged"
    assert hint == ""
    assert file.read_text() == BOTH
    assert names_beside(file) == ["x.toml"]


def test_an_edit_made_after_a_save_that_was_cut_short_stays_too(store, file, slip, monkeypatch):
    slip(EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    file.write_text(NEW.replace("b = 1", "b = 4"))
    store.settle(file)
    assert file.read_text() == "a = 2\nb = 4\nc = 9\n"


@pytest.mark.parametrize("other", [CLASH, "a = \n", None])
def test_an_edit_that_cannot_be_merged_later_is_kept_and_told(
    store, file, slip, monkeypatch, other
):
    slip(CLASH if other == CLASH else EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    if other != CLASH:
        file.unlink() if other is None else file.write_text(other)
    ((note, hint),) = store.settle(file)
    assert note.endswith("cut short, and is not in it")
    assert hint == f"sessionctl recover {file}"
    kept = CLASH if other == CLASH else EDIT
    assert (kept, None, "slipped") in changes(store, file)


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_edit_during_the_settling_is_not_lost_either(store, file, slip, monkeypatch, fault):
    slip(EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    late = NEW.replace("b = 1", "b = 4")
    if fault == "before":
        monkeypatch.setattr(displacement, "is_same", lambda *_: False)
    else:
        slip(late)
    ((note, _hint),) = store.settle(file)
    assert note.endswith("and is not in it")
    assert file.read_text() == (NEW if fault == "before" else late)
    assert (EDIT, None, "slipped") in changes(store, file)


def test_a_part_of_the_new_text_is_thrown_away(store, file, monkeypatch):
    cut_short(store, file, monkeypatch, displacement, "swap")
    (left,) = file.parent.glob(".sessionctl-*")
    left.write_text(NEW[:7])
    assert store.settle(file) == ()
    assert names_beside(file) == ["x.toml"]
    assert changes(store, file) == [(OLD, NEW, "save")]


# -- keeping -------------------------------------------------------------------------------


def test_a_text_can_be_kept_without_a_save(store, file):
    address = store.keep(file, EDIT, why="base")
    assert store.archive(file).read(address).decode() == EDIT
    assert changes(store, file) == [(None, EDIT, "base")]


def test_every_document_that_something_is_kept_of_is_listed(store, file, tmp_path):
    store.save(file, NEW)
    store.create(file.with_name("new\n.toml"), NEW)
    broken = tmp_path / "state" / "documents" / "broken"
    broken.mkdir()
    (tmp_path / "state" / "documents" / "x").touch()
    found = sorted(archive.target for archive in store.archives())
    assert found == sorted([str(file), str(file.with_name("new\n.toml"))])
    (broken / "path").write_text("/elsewhere\n")
    assert len(list(store.archives())) == 2
    assert list(open_store(None).archives()) == []


# -- rare troubles -------------------------------------------------------------------------


def test_a_symlink_that_leads_nowhere_is_told(store, tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(FileError, match="cannot read: a symlink that leads back to itself"):
        store.archive(loop)
    with pytest.raises(FileError, match="cannot write: a symlink that leads back to itself"):
        store.save(loop, NEW)
    with pytest.raises(FileError, match="cannot write: a symlink that leads back to itself"):
        store.create(loop, NEW)
    with pytest.raises(FileError, match="cannot write: a symlink that leads back to itself"):
        store.restore(loop, b"", expected=b"")


def test_a_text_that_cannot_be_kept_is_told(store, file, monkeypatch):
    monkeypatch.setattr("sessionctl.system.store.archive.make_private", refuse(errno.ENOSPC))
    with pytest.raises(FileError, match="cannot keep a backup:"):
        store.keep(file, NEW, why="base")
    store.settle(file)  # there is nothing to settle


def test_a_text_that_may_not_be_read_is_told(store, file, monkeypatch):
    store.save(file, NEW)
    archive = store.archive(file)
    monkeypatch.setattr(os, "listdir", refuse(errno.EACCES))
    with pytest.raises(FileError, match=r"cannot read in .*: permission denied"):
        archive.entries()
    assert archive.count() == 0
    monkeypatch.setattr(os, "scandir", refuse(errno.EACCES))
    assert (archive.sizes(), archive.size_bytes()) == ({}, 0)
    with pytest.raises(FileError, match="cannot read the text 00000000"):
        archive.read("0" * 40)


def test_a_file_that_comes_to_be_meanwhile_is_taken_for_what_is_there(store, file, monkeypatch):
    new = file.with_name("new.toml")
    real = save.put_new

    def put_late(temporary, name):
        if not new.exists():
            new.write_text(EDIT)
        real(temporary, name)

    monkeypatch.setattr(save, "put_new", put_late)
    assert store.save(new, NEW).is_changed
    assert new.read_text() == NEW
    assert (EDIT, NEW, "save") in changes(store, new)
    assert names_beside(file) == ["new.toml", "x.toml"]


def test_a_file_that_someone_makes_is_not_restored_over(store, file):
    with pytest.raises(ChangedError, match="someone else made it meanwhile"):
        store.restore(file, b"a = 5\n", expected=None)
    assert file.read_text() == OLD
    file.unlink()
    assert store.restore(file, b"\xff", expected=None) == ()
    assert file.read_bytes() == b"\xff"


def test_without_backups_a_refusal_is_a_refusal(file):
    file.write_text(CLASH)
    with pytest.raises(ChangedError):
        open_store(None).save(file, NEW, expected=OLD)
    assert open_store(None).save(file, NEW, expected=CLASH).is_changed


def test_without_backups_edits_that_slip_in_are_merged_too(file, slip):
    store = open_store(None)
    slip(EDIT, lambda text: text.replace("b = 1", "b = 5"))
    assert store.save(file, NEW, expected=OLD).text == "a = 2\nb = 5\nc = 9\n"
    assert store.settle(file) == ()


def test_a_displaced_file_that_vanishes_is_told(store, file, monkeypatch):
    real = displacement.swap

    def swap_and_lose(new, target, spare):
        place = real(new, target, spare)
        os.unlink(place)
        return place

    monkeypatch.setattr(displacement, "swap", swap_and_lose)
    with pytest.raises(FileError, match="was written, but"):
        store.save(file, NEW, expected=OLD)
    assert file.read_text() == NEW
    assert (OLD, NEW, "save") in changes(store, file)


def test_a_directory_flush_that_fails_is_told_and_the_old_text_stays_kept(store, file, monkeypatch):
    monkeypatch.setattr(displacement, "sync_directory", refuse(errno.EIO))
    with pytest.raises(FileError, match=r"was written, but .* cannot be checked"):
        store.save(file, NEW, expected=OLD)
    assert (OLD, NEW, "save") in changes(store, file)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EINVAL])
def test_a_flush_of_names_fails_only_where_the_disk_does(tmp_path, monkeypatch, code):
    monkeypatch.setattr(os, "fsync", refuse(code))
    if code == errno.EINVAL:
        temporary.sync_directory(str(tmp_path / "f"))  # some network file systems cannot
        return
    with pytest.raises(OSError, match=os.strerror(code)):
        temporary.sync_directory(str(tmp_path / "f"))


def test_what_cannot_be_removed_stays_on_the_list(store, file, slip, monkeypatch):
    slip(EDIT)
    real = os.unlink
    monkeypatch.setattr(
        os, "unlink", lambda path: refuse(errno.EIO)() if path.endswith(".tmp") else real(path)
    )
    assert store.save(file, NEW, expected=OLD).text == BOTH
    assert len(names_beside(file)) == 3
    monkeypatch.undo()
    store.settle(file)
    assert names_beside(file) == ["x.toml"]


def test_a_change_whose_text_did_not_reach_the_disk_is_settled(store, file, slip, monkeypatch):
    slip(EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    archive = store.archive(file)
    os.unlink(os.path.join(archive.directory, address_of(NEW.encode())))
    ((note, _),) = store.settle(file)
    assert note.endswith("and is not in it")
    assert (EDIT, None, "slipped") in [
        change for change in changes_that_are_there(store, file) if change[2] == "slipped"
    ]


def changes_that_are_there(store, path):
    archive = store.archive(path)
    for entry in archive.entries():
        if entry.why == "slipped":
            yield archive.read(entry.before).decode(), None, entry.why


def test_an_edit_that_was_merged_in_the_meantime_is_not_merged_again(
    store, file, slip, monkeypatch
):
    slip(EDIT)
    cut_short(store, file, monkeypatch, displacement.DocumentPlace, "look_at_displaced")
    file.write_text(BOTH)
    ((note, _),) = store.settle(file)
    assert note.endswith("it was merged")
    assert file.read_text() == BOTH


def test_a_directory_that_may_not_be_listed_hides_leftovers_only(store, file, monkeypatch):
    place = displacement.DocumentPlace("x", str(file))
    monkeypatch.setattr(os, "listdir", refuse(errno.EACCES))
    assert list(place.leftovers()) == []


def test_who_writes_a_file_is_not_known_everywhere(file, monkeypatch):
    import fcntl

    with file.open("a") as writer:
        assert stable_read.is_being_written(os.open(file, os.O_RDONLY))
        monkeypatch.setattr(fcntl, "fcntl", refuse(errno.EACCES))
        assert not stable_read.is_being_written(writer.fileno())
        monkeypatch.setattr(stable_read.sys, "platform", "darwin")
        assert not stable_read.is_being_written(writer.fileno())


def test_a_symlink_to_nothing_is_no_file_to_look_at(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError):
        stable_read.look_at(str(tmp_path / "link"), "x")


def test_a_private_directory_is_made_with_those_above_it(tmp_path):
    from sessionctl.system.files.private_directories import make_private, remove_tree

    make_private(str(tmp_path / "a" / "b"))
    make_private(str(tmp_path / "a" / "b"))
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    with pytest.raises(FileNotFoundError):
        make_private("")
    (tmp_path / "a" / "link").symlink_to(tmp_path)
    remove_tree(str(tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []


def test_an_address_is_the_beginning_of_the_sha_256():
    from hashlib import sha256

    assert address_of(b"abc") == sha256(b"abc").hexdigest()[:40]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no /proc")
def test_looking_at_a_directory_leaves_nothing_open(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises((OSError, FileError)):
        stable_read.look_at(str(tmp_path), "x")
    assert len(os.listdir("/proc/self/fd")) == before
