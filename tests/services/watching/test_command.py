"""``sessionctl watch`` as users run it: its log, its ends, its lock, its status."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import jsonschema
import pytest

from sessionctl.errors import FileError
from sessionctl.resources import schema_text
from sessionctl.services.watching import watcher_registry as module
from sessionctl.services.watching.watcher_registry import Registry, RunningWatcher, UnlistedError
from sessionctl.system.watch.status_socket import open_listener
from tests.git.inprocess import run_inside
from tests.services.watching.conftest import SESSION, session
from tests.services.watching.processes import Process
from tests.world import GitRepo, run_sessionctl

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(schema_text("output-watch.v1")),
    format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
)


@pytest.fixture
def run(tmp_path, folder):
    """Return a function that starts a watcher; what still runs at the end is ended."""
    running = []

    def run(*arguments, paths=(folder,)):
        process = Process(tmp_path, *paths, arguments=arguments)
        running.append(process)
        return process

    yield run
    for process in running:
        if process.is_running:
            process.end(signal.SIGKILL)


def wait_for(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(run, home, number):
    process = run("--json")
    process.hears("started")
    assert process.end(number) == (0, "")
    assert process.events[-1]["event"] == "stopped"
    assert list((home / "run" / "sessionctl").iterdir()) == []


def test_every_line_of_json_is_what_its_schema_says(run, folder, file):
    process = run("--json")
    started = process.hears("started")
    assert started["files"] == [str(file)]
    for text, event in (
        (session(port=6432), "applied"),
        (session(port="x"), "invalid"),
        (session(port=6432), "mended"),
        ("<<<<<<< a\n=======\n>>>>>>> b\n", "marked"),
    ):
        file.write_text(text)
        process.hears(event)
    file.unlink()
    process.hears("missing")
    process.end()
    for event in process.events:
        SCHEMA.validate(event)
    invalid = process.hears("invalid")
    assert invalid["found"]["problems"][0]["line"] == 8
    [change] = process.hears("applied")["changes"]
    assert (change["path"], change["after"]) == ("connections.prod.port", 6432)


def test_the_log_for_people_shows_mistakes_as_validate_does(run, folder, file):
    process = run()
    port = 6000

    def is_told():
        """Whether it has told of a change: what it watches it lists before it is read."""
        nonlocal port
        if not process.said:
            port += 1
            file.write_text(session(port=port))
            time.sleep(0.1)
        return any(f" -> {port}" in line for line in process.said)

    wait_for(is_told)
    begin = len(process.said)
    text = session(port="x").replace('driver = "postgres"\n', 'driver = "postgres"\nprot = 1\n')
    file.write_text(text)
    wait_for(lambda: len(process.said) > begin + 3)
    shown = run_inside("validate", file).stdout
    wait_for(lambda: "".join(process.said).endswith(shown))
    assert process.said[begin].split(" ", 1)[1] == (
        f"{file}: invalid, 2 errors (next: fix it and save; it is ignored until then)\n"
    )
    file.write_text(session(port=6432))
    wait_for(lambda: f"{port} -> 6432" in process.said[-1])
    code, errors = process.end()
    assert (code, errors) == (0, "watching 1 file; stop it with Ctrl-C\nstopped\n")


def test_one_who_looks_stops_no_watcher_from_starting(folder, tmp_path):
    runtime = tmp_path / "run-dir"
    done = threading.Event()
    seen = set()

    def look():
        while not done.is_set():
            seen.update(one.pid for one in Registry(str(runtime)).running())

    lookers = [threading.Thread(target=look) for _ in range(3)]
    with ExitStack() as stack:
        stack.callback(lambda: [looker.join() for looker in lookers])
        stack.callback(done.set)
        for looker in lookers:
            looker.start()
        for _ in range(50):
            with Registry(str(runtime)).entered([str(folder)]):
                pass
    assert seen <= {os.getpid()}


@pytest.mark.slow
def test_one_set_of_files_has_one_watcher(run, folder, file, tmp_path):
    process = run("--json")
    process.hears("started")
    for path in (folder, file, tmp_path):
        done = run_sessionctl("watch", path)
        assert done.returncode == 3
        assert f"another sessionctl watches it (process {process.pid})" in done.stderr
    other = tmp_path / "other"
    other.mkdir()
    second = run("--json", paths=(other,))
    second.hears("started")
    process.end(signal.SIGKILL)
    third = run("--json")
    third.hears("started")


def test_the_status_tells_which_watchers_run_and_how_their_files_are(run, folder, file, home):
    process = run("--json")
    process.hears("started")
    file.write_text("a = ")
    process.hears("invalid")
    sockets = [path for path in (home / "run" / "sessionctl").iterdir() if path.is_socket()]
    assert [path.stat().st_mode & 0o777 for path in sockets] == [0o600]
    done = run_inside("watch", "--status", "--json")
    answer = json.loads(done.stdout)
    SCHEMA.validate(answer)
    assert done.returncode == 0
    [watcher] = answer["watchers"]
    assert (watcher["pid"], watcher["roots"]) == (process.pid, [str(folder.resolve())])
    assert watcher["files"] == [
        {"file": str(file), "phase": "invalid", "message": "invalid, 1 error", "conflicts": []}
    ]
    text = run_inside("watch", "--status", folder).stdout
    assert f"process {process.pid}, since" in text
    assert f"invalid     {file}: invalid, 1 error" in text
    assert run_inside("watch", "--status", folder.parent / "elsewhere").returncode == 1


def test_a_watcher_that_does_not_answer_is_told_by_its_process(run, folder, monkeypatch):
    process = run("--json")
    process.hears("started")
    process.send_signal(signal.SIGSTOP)
    done = run_inside("watch", "--status")
    assert f"process {process.pid}, since a while: 0 files" in done.stdout
    process.send_signal(signal.SIGCONT)


def test_without_a_watcher_the_status_says_how_to_start_one():
    done = run_inside("watch", "--status")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no watcher runs" in done.stderr
    assert "sessionctl watch" in done.stderr
    assert json.loads(run_inside("watch", "--status", "--json").stdout)["watchers"] == []


def test_the_status_stands_alone():
    assert run_inside("watch", "--status", "--dry-run").returncode == 2


def test_check_says_what_would_be_done_and_changes_nothing(folder, file, tmp_path, home):
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "api.session.toml").write_text(session(port=6432, theme="light"))
    (copies / "b.session.toml").write_text("a = ")
    (home / "config" / "sessionctl").mkdir(parents=True)
    (home / "config" / "sessionctl" / "config.toml").write_text(
        f'[[mirrors]]\nlive = "{folder}"\nrepository = "{copies}"\n'
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.toml")}
    done = run_inside("watch", "--dry-run")
    assert done.returncode == 1
    assert f"{copies / 'api.session.toml'}: conflict with {file}: " in done.stdout
    assert f"{copies / 'b.session.toml'}: invalid, 1 error" in done.stdout
    assert "b.session.toml:1:5: error[syntax]" in done.stdout
    assert "4 files would be watched" in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.toml")} == before
    assert not (home / "state").exists()
    answer = json.loads(run_inside("watch", "--dry-run", "--json").stdout)
    SCHEMA.validate(answer)
    assert answer["needs_person"]
    assert len(answer["files"]) == 4
    (copies / "api.session.toml").unlink()
    (copies / "b.session.toml").unlink()
    done = run_inside("watch", "--dry-run")
    assert done.returncode == 0
    assert f"{copies / 'api.session.toml'}: made, from {file}" in done.stdout


def test_settings_of_mirrors_that_make_no_sense_are_refused(home):
    (home / "config" / "sessionctl").mkdir(parents=True)
    config = home / "config" / "sessionctl" / "config.toml"
    config.write_text('[[mirrors]]\nlive = "a"\nrepository = "/b"\n')
    done = run_inside("watch", "--dry-run")
    assert (done.returncode, "mirrors: a: not an absolute path" in done.stderr) == (2, True)
    config.write_text('[[mirrors]]\nlive = "~/a"\n')
    done = run_inside("watch", "--dry-run")
    assert "config.toml:1:" in done.stderr


def test_a_project_cannot_set_mirrors(folder, monkeypatch):
    (folder / ".sessionctl.toml").write_text('[[mirrors]]\nlive = "/a"\nrepository = "/b"\n')
    monkeypatch.chdir(folder)
    done = run_inside("watch", "--dry-run", cwd=folder)
    assert "a project cannot set it, only you can" in done.stderr
    assert "api.session.toml" in done.stdout


def test_polling_can_be_asked_for(run, folder, file):
    process = run("--json", "--poll")
    process.hears("started")
    file.write_text(session(port=6432))
    process.hears("applied")
    assert {event["event"] for event in process.events} == {"valid", "started", "applied"}


def test_commits_are_made_when_they_are_asked_for(run, folder, file):
    repo = GitRepo(folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("base")
    process = run("--json", "--commit")
    process.hears("started")
    file.write_text(session(port=6432))
    process.hears("committed")
    assert repo.run("log", "--format=%s").stdout == "watch: api\nbase\n"
    assert repo.run("status", "--porcelain").stdout == ""


def test_an_idle_watch_writes_nothing(run, folder, file):
    GitRepo(folder).run("init", "--quiet")
    process = run("--json")
    process.hears("started")
    before, said = process.usage(), process.said
    watched = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    time.sleep(2)  # what is measured is that nothing happens
    after = process.usage()
    assert after.written_bytes == before.written_bytes
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == watched
    assert process.said == said


def test_the_reader_of_the_log_may_go_away(folder, file):
    watcher = subprocess.Popen(
        [sys.executable, "-m", "sessionctl", "watch", "--json", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert json.loads(watcher.stdout.readline())["event"] == "valid"
    assert json.loads(watcher.stdout.readline())["event"] == "started"
    watcher.stdout.close()
    file.write_text(session(port=6432))
    assert watcher.wait(20) == 141
    assert watcher.stderr.read() == b""
    watcher.stderr.close()


@pytest.mark.parametrize("others", ["usable", "unusable"])
def test_it_watches_without_a_runtime_directory(run, folder, file, home, monkeypatch, others):
    (home / "run").write_text("a file")
    if others == "unusable":
        (home / "no").write_text("a file")
        for name in ("XDG_STATE_HOME", "TMPDIR"):
            monkeypatch.setenv(name, str(home / "no"))
    process = run("--json")
    process.hears("started")
    file.write_text("a = ")
    assert process.hears("invalid")
    status = run_inside("watch", "--status", "--json")
    found = [watcher["pid"] for watcher in json.loads(status.stdout)["watchers"]]
    assert found == ([process.pid] if others == "usable" else [])
    second = run_sessionctl("watch", folder) if others == "usable" else None
    code, errors = process.end()
    assert code == 0
    if second is not None:
        assert second.returncode == 3
        assert "another sessionctl watches it" in second.stderr
        assert "warning" not in errors
    else:
        assert "not listed by 'watch --status': " in errors


def test_what_others_put_in_the_place_of_the_files_is_not_followed(tmp_path):
    """A symlink named as the file of this watcher is replaced; its target stays as it was."""
    directory, victim = tmp_path / "run", tmp_path / "victim"
    directory.mkdir(0o700)
    victim.write_text("mine")
    registry = Registry(str(directory))
    with registry.entered(["/a"]):
        names = [path.name for path in directory.iterdir()]
    assert {name.rpartition(".")[2] for name in names} == {"json", "lock", "sock"}
    for name in (*names, f"watch-{os.getpid()}.cookie"):
        (directory / name).symlink_to(victim)
    (directory / next(name for name in names if name.endswith(".lock"))).unlink()
    with registry.entered(["/a"]):
        assert registry.cookie() is not None
        assert [watcher.roots for watcher in registry.running()] == [("/a",)]
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("oddity", ["owner", "mode", "link", "loop", "nowhere", "file"])
def test_a_directory_that_is_not_the_users_alone_is_not_used(tmp_path, oddity):
    directory = tmp_path / "run"
    if oddity in ("owner", "link") and os.geteuid():
        pytest.skip("only root gives files away")
    if oddity == "file":
        directory.write_text("")
    elif oddity in ("link", "loop", "nowhere"):
        target = {"link": tmp_path / "mine", "loop": directory, "nowhere": tmp_path / "no"}[oddity]
        (tmp_path / "mine").mkdir()
        directory.symlink_to(target)
        os.chown(directory, 65534, 65534, follow_symlinks=False) if oddity == "link" else None
    else:
        directory.mkdir(0o777)
        directory.chmod(0o777 if oddity == "mode" else 0o700)
        if oddity == "owner":
            os.chown(directory, 65534, 65534)
    with pytest.raises(UnlistedError) as caught, Registry(str(directory)).entered(["/a"]):
        pass
    assert str(directory) in caught.value.message
    other = tmp_path / "other"
    with Registry(str(directory), str(other)).entered(["/a"]):
        assert [one.roots for one in Registry(str(directory), str(other)).running()] == [("/a",)]
        with (
            pytest.raises(FileError, match="another sessionctl"),
            Registry(str(directory), str(other)).entered(["/a"]),
        ):
            pass
    assert not directory.is_dir() or os.listdir(directory) == []


def test_what_dead_watchers_left_is_removed(tmp_path):
    directory = tmp_path / "run"
    directory.mkdir()
    for name in ("watch-a.lock", "watch-a.json", "watch-a.sock", "other"):
        (directory / name).touch()
    registry = Registry(str(directory))
    assert registry.running() == []
    assert os.listdir(directory) == ["other"]
    assert Registry(str(tmp_path / "missing")).running() == []


def test_what_is_no_answer_is_none(tmp_path):
    registry = Registry(str(tmp_path))
    path = str(tmp_path / "s")
    assert registry.ask(RunningWatcher(1, (), path)) is None
    for data in (b"[]", b"nonsense"):
        with open_listener(path) as listener:
            listener.settimeout(20)

            def answer(listener=listener, data=data):
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(data)
                    connection.shutdown(socket.SHUT_WR)

            thread = threading.Thread(target=answer)
            thread.start()
            assert registry.ask(RunningWatcher(1, (), path)) is None
            thread.join()


def test_a_watcher_whose_socket_cannot_be_made_runs_without(tmp_path, monkeypatch):
    def fail(_path):
        raise FileError("no sockets here")

    monkeypatch.setattr(module, "open_listener", fail)
    registry = Registry(str(tmp_path / "run"))
    with registry.entered([str(tmp_path)]) as listener:
        assert listener is None
        assert [running.roots for running in registry.running()] == [(str(tmp_path),)]
    assert os.listdir(tmp_path / "run") == []


def test_a_session_that_is_added_to_the_directory_is_watched(run, folder):
    process = run("--json")
    process.hears("started")
    new = folder / "new.session.toml"
    new.write_text(SESSION)
    wait_for(lambda: [e["file"] for e in process.events if e["event"] == "valid"][-1] == str(new))
    new.write_text("a = ")
    assert process.hears("invalid")["file"] == str(new)
