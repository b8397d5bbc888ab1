"""Spawning: what a program gets and says, and that nothing outlives the wait for it."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading

import pytest

from sessionctl.system.spawn import Overdue, can_spawn, spawn

pytestmark = pytest.mark.skipif(
    not can_spawn(None), reason="the system does not say which files are open"
)


def python(program, data=b"", timeout_s=None):
    return spawn([sys.executable, "-c", program], dict(os.environ), data, timeout_s)


def test_much_goes_in_while_much_comes_out_of_both_files():
    program = """\
import sys
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line)
    sys.stderr.buffer.write(line)
"""
    data = b"x" * 999 + b"\n"
    assert python(program, data * 5000) == (0, data * 5000, data * 5000)


def test_a_program_that_reads_nothing_is_heard():
    code, out, error = python("import os; os.close(0); print('done')", b"x" * 5_000_000)
    assert (code, out, error) == (0, b"done\n", b"")


def test_a_program_that_closes_its_files_is_waited_for():
    program = "import os, time; os.close(1); os.close(2); time.sleep(0.1); os._exit(7)"
    assert python(program)[0] == 7
    assert python(program, timeout_s=20)[0] == 7


def test_an_end_by_signal_is_a_negative_code():
    assert python("import os; os.kill(os.getpid(), 9)") == (-9, b"", b"")


def test_a_program_gets_none_of_the_open_files(tmp_path):
    with open(tmp_path / "kept", "w") as stream:
        os.set_inheritable(stream.fileno(), True)
        code, out, _ = python("import os; print(*os.listdir('/proc/self/fd'))")
    assert code == 0
    assert set(out.decode().split()) <= {"0", "1", "2", "3"}  # the last one is the listing


def test_what_python_ignores_a_program_does_not():
    assert signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN
    said = spawn(["sh", "-c", "kill -PIPE $$; echo there"], dict(os.environ), b"", None)
    assert said == (-signal.SIGPIPE, b"", b"")


def left_over():
    try:
        return os.waitpid(-1, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return False


def test_a_program_that_takes_too_long_is_ended_whatever_it_closed():
    for closing in ("", "os.close(1); os.close(2); "):
        with pytest.raises(Overdue):
            python(f"import os, time; {closing}time.sleep(60)", timeout_s=0.3)
        assert not left_over()


def test_an_interrupt_ends_the_program():
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        python("import time; time.sleep(60)")
    timer.join()
    assert not left_over()


def test_an_interrupt_leaves_the_program_time_to_take_its_locks_away(tmp_path):
    lock = tmp_path / "lock"
    program = f"""\
import os, pathlib, signal, time
def end(*_):
    time.sleep(0.05)
    lock.unlink()
    os._exit(1)
signal.signal(signal.SIGINT, end)
lock = pathlib.Path({str(lock)!r})
lock.touch()
os.kill(os.getppid(), signal.SIGINT)
os.kill(os.getpid(), signal.SIGINT)
time.sleep(60)
"""
    with pytest.raises(KeyboardInterrupt):
        python(program)
    assert not lock.exists()
    assert not left_over()


def test_no_file_stays_open():
    before = os.listdir("/proc/self/fd")
    python("print(1)", b"x")
    with pytest.raises(FileNotFoundError):
        spawn(["no-such-program"], {"PATH": "/usr/bin"}, b"", None)
    assert os.listdir("/proc/self/fd") == before


def test_a_program_is_looked_for_as_the_system_does(tmp_path):
    first, second, third = (tmp_path / name for name in "abc")
    for folder in (first, second, third):
        folder.mkdir()
    (first / "p").write_text("not executable")
    (second / "p").write_text("#!/no/such/interpreter\n")
    (second / "p").chmod(0o755)
    env = {"PATH": os.pathsep.join(map(str, (first, second, tmp_path / "none", third)))}
    with pytest.raises(PermissionError):
        spawn(["p"], env, b"", None)
    (third / "p").write_text("#!/bin/sh\necho found\n")
    (third / "p").chmod(0o755)
    assert spawn(["p"], env, b"", None) == (0, b"found\n", b"")
    with pytest.raises(OSError, match=os.strerror(errno.ENOENT)):
        spawn(["p"], {"PATH": str(second)}, b"", None)


def test_another_directory_is_not_where_it_starts_programs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert can_spawn(tmp_path)
    (tmp_path / "d").mkdir()
    assert not can_spawn(tmp_path / "d")
    assert not can_spawn(tmp_path / "none")


def test_what_is_missing_on_the_way_is_no_reason_to_stop_looking(tmp_path):
    (tmp_path / "file").write_text("")
    for name, text in (("one", "#!/no/such/interpreter\n"), ("two", "#!/bin/sh\necho two\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tool").write_text(text)
        (tmp_path / name / "tool").chmod(0o755)
    places = [tmp_path / "none", tmp_path / "file", tmp_path / "one", tmp_path / "two"]

    def started(*folders):
        path = os.pathsep.join(map(str, folders))
        return spawn(["tool"], {"PATH": path}, b"", None)

    assert started(*places) == (0, b"two\n", b"")
    with pytest.raises(FileNotFoundError) as caught:
        started(*places[:3])
    assert (caught.value.errno, caught.value.filename) == (errno.ENOENT, "tool")
    (tmp_path / "two" / "tool").chmod(0o644)
    with pytest.raises(PermissionError):
        started(*places)
    with pytest.raises(PermissionError):  # the first refusal is the one that is told
        started(places[3], places[2], places[0])
