"""Many files on all processors: the answer is that of one processor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.services.verdicts import parallel_check, verdict_cache

SCHEMA = '{"properties": {"port": {"type": "integer"}}}'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.json").write_text(SCHEMA)
    for number in range(100):
        text = "port = 'x'\n" if number % 30 == 7 else f"port = {number}\n"
        (tmp_path / f"f{number:03}.toml").write_text(text)
    return tmp_path


def names():
    return [f"f{number:03}.toml" for number in range(100)] + ["nowhere.toml"]


def run(*options):
    return CliRunner().invoke(app, ["validate", "--schema", "s.json", *options, *names()])


@pytest.mark.parametrize("option", ["--no-cache", "--json", "--format=sarif"])
def test_the_answer_is_that_of_one_process(monkeypatch, option):
    monkeypatch.setattr(parallel_check, "_processors", lambda: 1)
    one = run(option, "--no-cache")
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    several = run(option, "--no-cache")
    assert (several.exit_code, several.stdout, several.stderr) == (
        one.exit_code,
        one.stdout,
        one.stderr,
    )


def test_a_pipe_is_read_by_the_first_process_alone(monkeypatch):
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    reading, writing = os.pipe()
    os.write(writing, b"port = \n")
    os.close(writing)
    try:
        files = ["--schema", "s.json", *names()[:-1], f"/dev/fd/{reading}"]
        done = CliRunner().invoke(app, ["validate", *files])
    finally:
        os.close(reading)
    assert f"/dev/fd/{reading}:1:" in done.output
    assert "101 files: 96 valid, 5 invalid" in done.output


def test_what_other_processes_found_valid_is_remembered(monkeypatch, home):
    monkeypatch.setattr(verdict_cache, "_LEAST", 0)
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    run()
    digests = (home / "cache" / "sessionctl" / "verdicts").stat().st_size // 32
    assert digests == 96


def test_what_a_failing_process_does_not_say_is_checked_here(monkeypatch):
    monkeypatch.setattr(parallel_check, "_processors", lambda: 1)
    one = run("--no-cache")
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    monkeypatch.setattr(parallel_check, "_report", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    several = run("--no-cache")
    assert (several.exit_code, several.output) == (one.exit_code, one.output)


def test_little_is_left_to_one_process(monkeypatch):
    def no_fork():
        raise AssertionError

    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 3600)
    monkeypatch.setattr(os, "fork", no_fork)
    assert run().exit_code == 3


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_with_130(folder):
    """Each file waits in a pattern that is searched for long, so that there is time for it."""
    (folder / "slow.json").write_text(
        '{"additionalProperties": {"anyOf": [{"pattern": "^(a|aa)+$"}, {"pattern": "b"}]}}'
    )
    for number in range(100):
        text = "".join(f"k{n} = '{'a' * 300}c{number}'\n" for n in range(60))
        (folder / f"f{number:03}.toml").write_text(text)
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from sessionctl.services.verdicts import parallel_check\n"
        "parallel_check._processors = lambda: 2\n"
        "from sessionctl.system import forked_work\n"
        "fork = os.fork\n"
        "def told():\n"
        "    child = fork()\n"
        "    if child: print(child, flush=True)\n"
        "    return child\n"
        "os.fork = told\n"
        "from sessionctl.__main__ import main\n"
        "options = ['--json', '--no-cache', '--schema', 'slow.json']\n"
        f"sys.exit(main(['validate', *options, *{names()!r}]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as done:
        children = [int(done.stdout.readline()) for _ in range(2)]
        done.send_signal(signal.SIGINT)
        _, err = done.communicate(timeout=60)
    assert done.returncode == 130
    assert "Traceback" not in err
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


@pytest.mark.parametrize(("processors", "least_s", "parts"), [(3, 0, 3), (30, 0, 8), (3, 9e9, 0)])
def test_what_fits_into_a_word_is_found_out_elsewhere(
    folder, monkeypatch, processors, least_s, parts
):
    def word(item):
        return None if item % 5 == 0 else "two\nlines" if item % 7 == 0 else f"{item}\udcff "

    def keep():
        with open(folder / "kept", "a") as stream:
            stream.write(f"{os.getpid()}\n")

    monkeypatch.setattr(parallel_check, "_processors", lambda: processors)
    monkeypatch.setattr(parallel_check, "_LEAST_S", least_s)
    items = range(2, 52)
    found = parallel_check.answer_in_parallel(
        items, lambda item: (item, "here"), word, lambda item, said: (item, said), keep
    )
    begun = items[16] if parts else 52
    assert list(found) == [
        (item, "here" if item < begun or item % 5 == 0 or item % 7 == 0 else f"{item}\udcff ")
        for item in items
    ]
    pids = (folder / "kept").read_text().split() if parts else []
    assert len(pids) == len(set(pids)) == (parts + 1 if parts else 0)
    assert (str(os.getpid()) in pids) == bool(parts)
