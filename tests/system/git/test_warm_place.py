"""Where the driver that stays is asked: pipes for this user alone, and nothing stays behind."""

from __future__ import annotations

import os
import select
import stat
import subprocess
import sys

import pytest

from sessionctl.system.git.warm_place import Caller, WarmPlace, place_of, read_caller
from tests.together import together


@together(
    "environ, place",
    [
        ({"XDG_RUNTIME_DIR": "/run/u", "XDG_CACHE_HOME": "/c"}, "/run/u/sessionctl/git-7"),
        ({"XDG_RUNTIME_DIR": "", "XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/sessionctl/git-7"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/sessionctl/git-7"),
        ({"HOME": ""}, "//.cache/sessionctl/git-7"),
        ({}, "//.cache/sessionctl/git-7"),
    ],
)
def test_where_drivers_of_one_git_look(environ, place):
    assert place_of(environ, 7) == place


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there is no procfs")
def test_the_kernel_says_who_asks(tmp_path):
    program = "import os; os.umask(0o27); print(flush=True); import sys; sys.stdin.read()"
    environ = {"A": "1", "B": "x=\udcff=", "C": ""}
    with subprocess.Popen(
        [sys.executable, "-S", "-c", program], cwd=tmp_path, env=environ,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.readline()
        caller = read_caller(process.pid)
        process.stdin.close()
    place = os.stat(tmp_path)
    mine = {name: caller.environ[name] for name in environ}
    assert caller._replace(environ=mine) == Caller(
        os.getuid(), os.getpid(), environ, (place.st_dev, place.st_ino), "0027"
    )
    assert read_caller(process.pid) is None


def mode_of(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


@pytest.fixture
def place(tmp_path):
    made = WarmPlace(str(tmp_path / "cache" / "sessionctl" / "git-7"), is_cache=True)
    yield made
    made.remove()
    os.close(made.ask)
    os.close(made.answer)


def test_it_is_for_the_user_alone_and_goes_as_a_whole(place, tmp_path):
    above = tmp_path / "cache" / "sessionctl"
    assert mode_of(above) == 0o700
    assert mode_of(place.directory) == 0o700
    assert sorted(os.listdir(place.directory)) == ["answer", "ask"]
    for name in ("ask", "answer"):
        path = os.path.join(place.directory, name)
        assert stat.S_ISFIFO(os.lstat(path).st_mode)
        assert mode_of(path) == 0o600
    assert not os.get_inheritable(place.ask)
    assert not os.get_inheritable(place.answer)
    (above / "git-8").mkdir()
    place.remove()
    assert os.listdir(above) == ["git-8"]
    (above / "git-8").rmdir()
    place.remove()
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_line_is_asked_and_answered(place):
    assert place.read_line(1) is None
    with open(os.path.join(place.directory, "ask"), "wb", buffering=0) as ask:
        ask.write(b"kept a\xff b\n")
        assert place.read_line(1000) == "kept a\udcff b\n"
        ask.write(b"x" * 40_000)
        ask.write(b"y" * 20_000 + b"\n")
        assert place.read_line(1000) == "x" * 40_000 + "y" * 20_000 + "\n"
        lock = os.path.join(place.directory, "lock")
        with open(lock, "w"):
            pass
        place.reply("1 a\udcff\n")
        assert not os.path.exists(lock)
        place.reply("2\n")
    answer = os.open(os.path.join(place.directory, "answer"), os.O_RDONLY | os.O_NONBLOCK)
    assert os.read(answer, 99) == b"1 a\xff\n2\n"
    os.close(answer)


def test_an_end_that_comes_first_ends_the_wait(place):
    end, other = os.pipe()
    os.write(place.ask, b"asked\n")
    assert place.read_line(1000, end) == "asked\n"
    os.write(place.ask, b"too late\n")
    os.close(other)
    assert place.read_line(1000, end) is None
    os.close(end)
    poll = select.poll()
    poll.register(place.ask, select.POLLIN)
    assert poll.poll(0), "what was asked is still there"


def test_of_the_texts_only_the_newest_stays(place):
    other = os.path.join(place.directory, "other")
    with open(other, "w"):
        pass
    for number, content in ((1, b"a\xff"), (2, b"")):
        place.write_text(f"text.{number}", content)
        assert sorted(os.listdir(place.directory)) == ["answer", "ask", "other", f"text.{number}"]
        path = os.path.join(place.directory, f"text.{number}")
        assert mode_of(path) == 0o600
        with open(path, "rb") as stream:
            assert stream.read() == content


def test_what_a_process_left_is_removed_and_one_that_answers_is_not(place):
    with pytest.raises(FileExistsError) as caught:
        WarmPlace(place.directory, is_cache=True)
    assert caught.value.args == (place.directory,)
    assert sorted(os.listdir(place.directory)) == ["answer", "ask"]
    left = f"{place.directory}1"
    os.mkdir(left)
    os.mkfifo(os.path.join(left, "ask"))
    with open(os.path.join(left, "text.9"), "w"):
        pass
    fresh = WarmPlace(left, is_cache=True)
    assert sorted(os.listdir(left)) == ["answer", "ask"]
    fresh.remove()
    for descriptor in (fresh.ask, fresh.answer):
        os.close(descriptor)


def test_what_is_no_directory_of_this_user_is_left_alone(tmp_path):
    above = tmp_path / "sessionctl"
    above.mkdir(mode=0o700)
    link = above / "git-1"
    (tmp_path / "elsewhere").mkdir()
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        WarmPlace(str(link), is_cache=False)
    assert link.is_symlink()
    link.unlink()
    link.write_text("")
    with pytest.raises(PermissionError):
        WarmPlace(str(link), is_cache=False)
    above.chmod(0o770)
    link.unlink()
    with pytest.raises(OSError, match=r".*"):
        WarmPlace(str(link), is_cache=False)
    assert list(above.iterdir()) == []


def test_a_directory_of_the_system_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        WarmPlace(str(tmp_path / "run" / "sessionctl" / "git-1"), is_cache=False)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "run").mkdir()
    made = WarmPlace(str(tmp_path / "run" / "sessionctl" / "git-1"), is_cache=False)
    assert mode_of(tmp_path / "run" / "sessionctl") == 0o700
    made.remove()
    for descriptor in (made.ask, made.answer):
        os.close(descriptor)
