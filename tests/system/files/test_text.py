"""Reading within limits, writing wholly or not at all."""

from __future__ import annotations

import errno
import io
import os
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.errors import DocumentError, FileError, ParseError
from sessionctl.system.files import temporary
from sessionctl.system.files import text as files

TEXT = "\ufeffa = 1\r\nb = '\u00e9\U0001f600'\n\n# no end"


def names_in(directory):
    return sorted(path.name for path in directory.iterdir())


def raise_error(code):
    def fail(*_arguments, **_options):
        raise OSError(code, os.strerror(code))

    return fail


# -- reading -----------------------------------------------------------------------------


def test_a_text_is_read_exactly_as_it_is(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(TEXT.encode())
    assert files.read_text(path) == TEXT
    assert files.read_text(str(path)) == TEXT


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda p: None, "no such file"),
        (lambda p: p.mkdir(), "a directory, not a file"),
        (lambda p: p.symlink_to(p), "a symlink that leads back to itself"),
        (lambda p: p.symlink_to("nowhere"), "a link that leads nowhere: nowhere"),
    ],
)
def test_what_cannot_be_read_is_told_plainly(tmp_path, make, reason):
    path = tmp_path / "f"
    make(path)
    with pytest.raises(FileError) as caught:
        files.read_text(path)
    assert caught.value.message == f"{path}: cannot read: {reason}"
    assert caught.value.exit_code == 3


def test_a_path_through_a_file_is_told_plainly(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises(FileError, match="a part of its path is not a directory"):
        files.read_text(tmp_path / "f" / "g")


def test_a_file_that_may_not_be_read_is_told_with_a_hint(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.touch()
    monkeypatch.setattr(os, "open", raise_error(errno.EACCES))
    with pytest.raises(FileError, match="cannot read: permission denied") as caught:
        files.read_text(path)
    assert caught.value.hints == (f"look at its owner and mode: ls -ld {path}",)


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(FileError, match="not a regular file, a named pipe") as caught:
        files.read_text(path)
    assert "stdin" in caught.value.hints[0]


def test_a_named_pipe_that_takes_the_place_of_a_file_is_refused_too(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.touch()
    plain = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(files.os, "stat", lambda _path: plain)
    with pytest.raises(FileError, match="a named pipe"):
        files.read_text(path)


def test_a_device_is_refused_and_dev_null_is_empty():
    with pytest.raises(FileError, match="a device or socket"):
        files.read_text("/dev/zero")
    assert files.read_text(os.devnull) == ""


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="this system has no /dev/fd")
def test_what_the_shell_opened_is_read_to_its_end():
    reader, writer = os.pipe()
    data = "a = 1\n" * 40_000
    feeder = threading.Thread(target=lambda: (os.write(writer, data.encode()), os.close(writer)))
    feeder.start()
    assert files.read_text(f"/dev/fd/{reader}") == data
    feeder.join()
    os.close(reader)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    assert files.read_text(path, limit_bytes=5) == "12345"
    monkeypatch.setattr(files, "_read_all", raise_error(errno.EIO))
    with pytest.raises(FileError, match="larger than the limit of 4 bytes"):
        files.read_text(path, limit_bytes=4)


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit():
    with pytest.raises(FileError, match="larger than the limit of 4 bytes"):
        files._read_all(io.BytesIO(b"12345"), "f", 4)


@pytest.mark.parametrize(
    ("data", "place", "hint"),
    [
        (b"a = 1\nb = '\xe9'\n", "2:6: not UTF-8, got the byte 0xe9", "LATIN1"),
        (b"\xef\xbb\xbfa\xff", "1:2: not UTF-8, got the byte 0xff", "at 1:2: vi "),
        (b"\xff\xfea\0", "1:1: not UTF-8, got the byte 0xff", "UTF-16"),
        (b"a = '\x80'", "1:6: not UTF-8, got the byte 0x80", "-f WINDOWS-1252"),
        ("é = '".encode() + b"\x80'", "1:6: not UTF-8, got the byte 0x80", "at 1:6: vi "),
        (b"\xed\xa0\x80", "1:1: not UTF-8, got the byte 0xed", "at 1:1, 1:2, 1:3: vi "),
        (b"a = 1\n# caf\xc3", "2:6: not UTF-8, got the byte 0xc3", "at 2:6: vi "),
        (b"\xff\xfea\0b", "1:1: not UTF-8, got the byte 0xff", None),
        (b"\xff\xfea\0\0\0b\0", "1:1: not UTF-8, got the byte 0xff", None),
    ],
)
def test_what_is_not_utf_8_is_told_with_its_place(tmp_path, data, place, hint):
    path = tmp_path / "f"
    path.write_bytes(data)
    with pytest.raises(ParseError) as caught:
        files.read_text(path)
    assert caught.value.message == f"{path}:{place}"
    assert hint in caught.value.hints[0] if hint else not caught.value.hints
    assert caught.value.problem.rule == "encoding"


class Stdin(io.TextIOWrapper):
    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="utf-8")


def test_stdin_is_read_exactly_as_it_is(monkeypatch):
    monkeypatch.setattr(files.sys, "stdin", Stdin(TEXT.encode()))
    assert files.read_stdin() == TEXT


def test_stdin_without_bytes_is_read_as_text(monkeypatch):
    monkeypatch.setattr(files.sys, "stdin", io.StringIO("a"))
    assert files.read_stdin() == "a"


def test_stdin_has_a_limit_and_a_name(monkeypatch):
    monkeypatch.setattr(files.sys, "stdin", Stdin(b"12345"))
    with pytest.raises(FileError, match="<stdin>: larger"):
        files.read_stdin(limit_bytes=4)
    monkeypatch.setattr(files.sys, "stdin", Stdin(b"\xff"))
    with pytest.raises(ParseError, match="<stdin>:1:1: not UTF-8"):
        files.read_stdin()


def test_a_stdin_that_is_closed_or_fails_is_told(monkeypatch):
    monkeypatch.setattr(files.sys, "stdin", None)
    with pytest.raises(FileError, match="<stdin>: closed"):
        files.read_stdin()
    stdin = Stdin(b"")
    monkeypatch.setattr(files, "_read_all", raise_error(errno.EIO))
    monkeypatch.setattr(files.sys, "stdin", stdin)
    with pytest.raises(FileError, match="<stdin>: cannot read"):
        files.read_stdin()


# -- writing -----------------------------------------------------------------------------


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_written_is_what_is_read(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("w") / "f"
    files.write_text(path, text)
    assert path.read_bytes() == text.encode()
    assert files.read_text(path) == text


def test_an_unchanged_text_is_not_written(tmp_path):
    path = tmp_path / "f"
    path.write_text("a")
    before = path.stat()
    assert files.write_text(path, "a") is False
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640])
def test_the_mode_stays(tmp_path, mode):
    path = tmp_path / "f"
    path.write_text("a")
    path.chmod(mode)
    assert files.write_text(path, "b") is True
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert names_in(tmp_path) == ["f"]


def test_a_new_file_gets_the_users_usual_mode(tmp_path):
    (tmp_path / "usual").touch()
    files.write_text(tmp_path / "f", "a")
    assert (tmp_path / "f").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_symlink_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f").write_text("a")
    (tmp_path / "link").symlink_to("real/f")
    files.write_text(tmp_path / "link", "b")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "f").read_text() == "b"
    assert names_in(tmp_path / "real") == ["f"]


def test_a_symlink_to_nothing_gives_a_file_at_its_target(tmp_path):
    (tmp_path / "link").symlink_to("new")
    files.write_text(tmp_path / "link", "b")
    assert (tmp_path / "new").read_text() == "b"


def test_a_symlink_to_itself_is_refused(tmp_path):
    path = tmp_path / "f"
    path.symlink_to(path)
    with pytest.raises(FileError, match="a symlink that leads back to itself"):
        files.write_text(path, "b")


@pytest.mark.parametrize("expected", ["old", "new"])
def test_only_the_expected_text_is_replaced(tmp_path, expected):
    path = tmp_path / "f"
    path.write_text("old")
    if expected == "old":
        assert files.write_text(path, "mine", expected=expected)
        return
    with pytest.raises(FileError, match="changed by someone else since it was read"):
        files.write_text(path, "mine", expected=expected)
    assert path.read_text() == "old"


def test_a_file_that_is_gone_is_not_the_expected_one(tmp_path):
    with pytest.raises(FileError, match="is gone since it was read"):
        files.write_text(tmp_path / "f", "mine", expected="old")
    assert names_in(tmp_path) == []


def test_an_edit_that_slips_in_while_writing_is_seen(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("old")
    write_temporary = temporary.write_temporary

    def edit_meanwhile(*arguments, **options):
        path.write_text("edit")
        return write_temporary(*arguments, **options)

    monkeypatch.setattr(temporary, "write_temporary", edit_meanwhile)
    with pytest.raises(FileError, match="changed by someone else"):
        files.write_text(path, "mine", expected="old")
    assert path.read_text() == "edit"
    assert names_in(tmp_path) == ["f"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, code, call):
    path = tmp_path / "f"
    path.write_text("old")
    monkeypatch.setattr(os, call, raise_error(code))
    with pytest.raises(FileError, match=f"{path}: cannot write"):
        files.write_text(path, "new")
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["f"]


def test_a_full_disk_comes_with_a_hint(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", raise_error(errno.ENOSPC))
    with pytest.raises(FileError) as caught:
        files.write_text(tmp_path / "f", "new")
    assert "make room" in caught.value.hints[0]


def test_without_durability_nothing_is_synced(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", raise_error(errno.EIO))
    assert files.write_text(tmp_path / "f", "new", is_durable=False)
    assert (tmp_path / "f").read_text() == "new"


def test_a_directory_that_cannot_be_synced_is_no_failure(tmp_path, monkeypatch):
    fsync = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    assert files.write_text(tmp_path / "f", "new")
    temporary.sync_directory(str(tmp_path / "none" / "f"))


def test_a_file_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileError, match="cannot write: permission denied"):
        files.write_text(path, "new")
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("none/f", "no such directory"), (".", "a directory, not a file"), ("f/g", "not a directory")],
)
def test_a_place_that_cannot_hold_a_file_is_told(tmp_path, name, reason):
    (tmp_path / "f").touch()
    with pytest.raises(FileError, match=reason):
        files.write_text(tmp_path / name, "new")


def test_a_text_that_is_not_unicode_is_refused(tmp_path):
    with pytest.raises(DocumentError, match=r"U\+D800 is not valid in UTF-8"):
        files.write_text(tmp_path / "f", "a\ud800")
    assert names_in(tmp_path) == []


def test_another_group_does_not_get_to_read_what_the_old_one_could(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(0o664)
    monkeypatch.setattr(os, "fchown", raise_error(errno.EPERM))
    real_stat = os.stat
    monkeypatch.setattr(temporary.os, "stat", lambda p: _with_group(real_stat(p)))
    files.write_text(path, "new")
    assert stat.S_IMODE(real_stat(path).st_mode) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(tmp_path):
    path = tmp_path / "f"
    path.write_text("old")
    os.chown(path, 1234, 4321)
    path.chmod(0o640)
    files.write_text(path, "new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o640)


def _with_group(status):
    return os.stat_result([*status[:5], status.st_gid + 1, *status[6:10]])


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="this system has no such call")
def test_extended_attributes_stay(tmp_path):
    path = tmp_path / "f"
    path.write_text("old")
    try:
        os.setxattr(path, "user.note", b"x")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    files.write_text(path, "new")
    assert os.getxattr(path, "user.note") == b"x"


def test_a_system_without_extended_attributes_will_do(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("old")
    monkeypatch.setattr(os, "listxattr", raise_error(errno.ENOTSUP), raising=False)
    assert files.write_text(path, "new")
    monkeypatch.delattr(os, "listxattr")
    assert files.write_text(path, "newer")


# -- making and removing -----------------------------------------------------------------


def test_a_new_file_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.create_text("f", "a")
    assert (tmp_path / "f").read_text() == "a"
    assert names_in(tmp_path) == ["f"]


@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("make", ["touch", "mkdir", "symlink"])
def test_what_is_there_is_not_replaced_by_a_new_file(tmp_path, monkeypatch, make, has_links):
    path = tmp_path / "f"
    path.symlink_to("nowhere") if make == "symlink" else getattr(path, make)()
    if not has_links:
        monkeypatch.setattr(os, "link", raise_error(errno.EPERM))
    with pytest.raises(FileError, match="there is already a file") as caught:
        files.create_text(path, "a")
    assert caught.value.hints
    assert names_in(tmp_path) == ["f"]


def test_a_file_system_without_hard_links_will_do(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", raise_error(errno.EPERM))
    files.create_text(tmp_path / "f", "a")
    assert (tmp_path / "f").read_text() == "a"
    assert names_in(tmp_path) == ["f"]


def test_a_new_file_in_no_directory_is_told(tmp_path):
    with pytest.raises(FileError, match="cannot write: no such directory"):
        files.create_text(tmp_path / "none" / "f", "a")


def test_a_file_is_removed_only_when_it_is_the_expected_one(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("edit")
    with pytest.raises(FileError, match="changed by someone else"):
        files.remove_file(path, expected="old")
    assert path.exists()
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", raise_error(errno.EPERM))
        with pytest.raises(FileError, match="cannot remove"):
            files.remove_file(path, expected="edit")
    files.remove_file(path, expected="edit")
    assert not path.exists()
