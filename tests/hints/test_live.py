"""Hints on what runs: trust, restore, save, the watcher, the service, the demo."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import tempfile
import time

from sessionctl.cli.output.watch_words import event_words
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import RefusedError
from sessionctl.services.watching.watch_event import (
    EXTRACTED,
    NOT_EXTRACTED,
    STRAY,
    UNCOMMITTED,
    AutoFailure,
    MovedSecrets,
    StrayCopy,
    WatchEvent,
    event_of,
)
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive import Archive
from sessionctl.system.store.lock import Lock
from tests.hints.hint_typing import command_of, hint_in, situation
from tests.hints.stage import SMALL, Situation, assert_hint_helps, parametrize
from tests.hints.test_documents import _editor
from tests.hints.test_git import _clashing, _diverged, _fresh
from tests.hints.test_history import _commits, _kept, _refusal, _words
from tests.hints.test_secrets import LEAD, _ready
from tests.hints.test_usage import _has
from tests.world import need

RUNS = f"{SMALL}[[windows]]\nname = 'w'\n[[windows.panes]]\nrun = ['sleep', '99']\n"
LIMIT_S = 60
_SERVER = ("--tmux-socket", "it's")


def _tmux(s):
    """Give the stage a tmux server of its own, which ends with it."""
    need("tmux")
    s.patch.setenv("TMUX_TMPDIR", str(s.home))
    s.write(".tmux.conf", "")
    return s


def _no_server(s):
    subprocess.run(["tmux", "kill-server"], capture_output=True)
    subprocess.run(["tmux", "-L", "it's", "kill-server"], capture_output=True)


def _saved(s, hint):
    try:
        subprocess.run(["tmux", "new-session", "-d", "-s", "my app"], check=True)
        return s.type(hint.partition(": ")[2].replace("NAME", "'my app'"))
    finally:
        _no_server(s)


def _of_another_file(s):
    """Save a session elsewhere, where a file here has its name."""
    try:
        _tmux(s)
        subprocess.run(["tmux", "new-session", "-d", "-s", "my app"], check=True)
        s.good("save", "my app", "--file", str(s.home / "my app.session.toml"))
        s.write("my app.session.toml")
        return s.good("save", "my app")
    except BaseException:
        _no_server(s)
        raise


def _opened(s):
    """Open a session of another server where there is no terminal."""
    try:
        _tmux(s)
        subprocess.run(["tmux", "-L", "it's", "new-session", "-d", "-s", "my app"], check=True)
        s.good("save", "my app", "--file", str(s.home / "my app.session.toml"), *_SERVER)
        return s.good("open", "my app", *_SERVER)
    except BaseException:
        _no_server(s)
        raise


def _saved_here(s, hint):
    try:
        return s.type(hint.partition(": ")[2])
    finally:
        _no_server(s)


def _restored(s, hint):
    try:
        said = s.type(hint)
        assert "small" in subprocess.run(["tmux", "ls"], capture_output=True, text=True).stdout
        return said
    finally:
        _no_server(s)


def _untrusted(s):
    _tmux(s).write(s.file, RUNS)
    try:
        return s.say("restore", "--no-input", s.file)
    finally:
        _no_server(s)


def _event(s, what, note=""):
    with contextlib.chdir(s.cwd):
        event = event_of(Report(what, note=note), s.seen(s.file), 0.0, None, "")
        return f"hint: {event_words(event)[1]}\n"


def _happened(s, what, detail):
    with contextlib.chdir(s.cwd):
        return f"hint: {event_words(WatchEvent(0.0, s.seen(s.file), what, detail))[1]}\n"


def _systemctl(s, body="exit 0"):
    programs = s.folder.parent / "programs"
    programs.mkdir()
    for name in ("systemctl", "journalctl"):
        (programs / name).write_text(f"#!/bin/sh\n{body if name == 'systemctl' else 'echo why'}\n")
        (programs / name).chmod(0o755)
    s.patch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return s


def _watches(s, hint):
    """Start the watcher as the hint says, and end it once it is there."""
    s.write(s.file)
    s.say("watch", "--status")
    command = "sessionctl watch"
    assert command in hint
    with subprocess.Popen(
        ["sh", "-c", f"exec {command}"], cwd=s.typed_in,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as watcher:  # fmt: skip
        try:
            end = time.monotonic() + LIMIT_S
            while "process" not in (said := s.say("watch", "--status")):
                assert time.monotonic() < end, said
                time.sleep(0.05)
            said += s.say("watch", code=3)
        finally:
            watcher.send_signal(signal.SIGTERM)
            watcher.wait(LIMIT_S)
    return said


def _waiting_editor(s):
    """Make an editor that ends at once, unless it is asked to wait."""
    s.write(s.file)
    _editor(s, '[ "$1" = --wait ] && sed -i "s/small/edited/" "$2"; exit 0')
    (s.folder / "editor").rename(s.folder.parent / "bin" / "code")
    s.patch.setenv("EDITOR", "code")
    return s.say("edit", s.file)


def _absent(s):
    _commits(s)
    (s.folder / s.file).unlink()
    s.good("undo", s.file)
    return s.say("undo", "--redo", s.file, code=1)


def _two_conflicts(s):
    s.init()
    for name in ("a.session.toml", s.file):
        s.write(name, SMALL)
    s.repo.commit("base")
    for branch, text in (("topic", "theirs"), ("main", "ours")):
        s.git("checkout", "-q", *(["-b"] if branch == "topic" else []), branch)
        for name in ("a.session.toml", s.file):
            s.write(name, SMALL.replace("small", text))
        s.repo.commit(branch)
    s.git("merge", "topic", check=False)
    return s.good("resolve", s.file, "--prefer", "ours")


def _crashed_driver(s):
    _fresh(s)
    s.good("git", "install")
    s.git("config", "merge.sessionctl.driver", "false")
    s.clash(SMALL.replace("small", "ours"), SMALL.replace("small", "theirs"))
    said = s.say("resolve", s.file)
    s.good("git", "install")
    return said


def _overtaken(s):
    _diverged(s, theirs=f"# theirs\n{SMALL}", ours=SMALL)
    s.write("b.session.toml")
    other = s.folder.parent / "other"
    more = "git pull -q --no-edit && git commit -q --allow-empty -m more && git push -q"
    script = f"#!/bin/sh\nunset GIT_DIR\ncd {quoted(str(other))} && {more}\n"
    hook = s.write(".git/hooks/pre-push", script)
    hook.chmod(0o755)
    said = s.say("sync", code=3)
    hook.unlink()
    return said


def _unconcluded(s):
    _diverged(s, theirs=f"# theirs\n{SMALL}", ours=SMALL)
    s.write("b.session.toml")
    hook = s.write(".git/hooks/commit-msg", "#!/bin/sh\n! [ -e .git/MERGE_HEAD ]\n")
    hook.chmod(0o755)
    said = s.say("sync")
    hook.unlink()
    return said


def _locked(s):
    with Lock(str(s.folder / "lock"), s.file, timeout_s=0):
        return _refusal(lambda: Lock(str(s.folder / "lock"), s.file, timeout_s=0).__enter__())


def _looked_for(s, hint):
    shutil.copy(need("sleep"), s.folder / "sessionctl")
    with subprocess.Popen([s.folder / "sessionctl", "99"]) as hanging:
        try:
            return s.type(hint[hint.index("ps ") :])
        finally:
            hanging.kill()


def _demo_without_room(s):
    s.patch.setattr(tempfile, "tempdir", str(s.folder / "none"))
    said = s.say("demo", "--no-input", code=3)
    s.patch.setattr(tempfile, "tempdir", None)
    return said


def _trust_record(s):
    s.write(s.file, RUNS)
    s.good("trust", s.file)
    record = next(path for path in (s.home / "state").rglob("*") if "sleep" in _text(path))
    record.write_text("format = 1\nitems = 3\n")
    return s.say("restore", "--dry-run", s.file)


def _text(path):
    return path.read_text(errors="replace") if path.is_file() else ""


def _foreign_unit(s):
    unit = s.home / "config/systemd/user/sessionctl-watch.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("# mine\n")
    return _systemctl(s).say("service", "uninstall", code=5)


LIVE = [
    Situation(
        "trust that is only looked at",
        lambda s: [s.write(s.file, RUNS), s.say("trust", "--dry-run", s.file)][1],
        "to allow it: sessionctl trust {}",
        lambda s, said: _has(s.good("trust", s.file), "nothing new"),
    ),
    Situation(
        "a file that was not trusted",
        lambda s: [
            s.write(s.file, RUNS),
            s.write("b.session.toml", RUNS),
            s.good("trust", "b.session.toml"),
            s.say("untrust", s.file),
        ][3],
        "see which files are trusted: sessionctl trust --list",
        lambda s, said: _has(said, "b.session.toml"),
    ),
    Situation(
        "a record of trust that is damaged",
        _trust_record,
        "remove it, and the session is asked about again: rm {}",
        lambda s, said: s.good("trust", s.file),
    ),
    Situation(
        "a session of another file than the one here",
        _of_another_file,
        "save it there instead: sessionctl save {}",
        lambda s, said: _has(said, "saved my app into"),
        types=_saved_here,
        only=("here",),
    ),
    Situation(
        "a session that runs, and no terminal",
        _opened,
        "in a terminal: sessionctl open {}{}",
        lambda s, said: _has(said, "the session my app runs"),
        types=_saved_here,
        only=("here",),
    ),
    Situation(
        "a key that tmux does not have",
        lambda s: s.say("tmux", "install", "--save-key", "bad key", code=2),
        "choose another: sessionctl tmux install {} KEY",
        lambda s, said: _has(said, "the keys are in"),
        fill={"KEY": "C-s"},
        only=("here",),
    ),
    Situation(
        "a session that is not known",
        lambda s: _tmux(s).say("restore", "qqqq", code=2),
        "name the file, or save the session first: sessionctl save NAME",
        lambda s, said: _has(said, "my app"),
        types=_saved,
    ),
    Situation(
        "a session that may not start all of it",
        _untrusted,
        "sessionctl trust {} && sessionctl restore {} {}",
        lambda s, said: None,
        types=_restored,
    ),
    Situation(
        "a time of which nothing is kept",
        lambda s: _kept(s).say("restore", "--at", "2001-01-01", s.file),
        "see what there is: sessionctl backups list {}",
        lambda s, said: _has(said, "now"),
    ),
    Situation(
        "another directory than the empty one",
        lambda s: [s.write("full/x"), s.say("demo", "--no-input", "--keep", "full", code=3)][1],
        "name a new directory: sessionctl demo --keep DIR",
        lambda s, said: _has(said, "The repository is in"),
        fill={"DIR": "'it'\"'\"'s new'"},
        is_slow=True,
    ),
    Situation(
        "the demo, kept",
        lambda s: s.good("demo", "--no-input", "--keep", "it's kept"),
        "look around: cd {} && git log --graph --oneline",
        lambda s, said: _has(said, "*"),
        is_slow=True,
    ),
    Situation(
        "no place for the demo",
        _demo_without_room,
        "name a directory for it: TMPDIR=DIR sessionctl demo",
        lambda s, said: _has(said, "Done; the scratch"),
        types=lambda s, hint: s.type(hint.partition(": ")[2].replace("DIR ", "'/tmp' ")),
        is_slow=True,
    ),
    Situation(
        "a file with markers, watched",
        lambda s: [_clashing(s), _event(s, Topic.MARKED)][1],
        "sessionctl resolve {}",
        lambda s, said: None,
        types=lambda s, hint: s.good(*_words(s, hint), "--prefer", "ours"),
    ),
    Situation(
        "a file that cannot be read, watched",
        lambda s: [s.write(s.file), _event(s, Topic.UNREADABLE, "x")][1],
        "ls -l {}",
        lambda s, said: _has(said, s.file),
    ),
    Situation(
        "a file that is gone, watched",
        lambda s: [(_kept(s).folder / s.file).unlink(), _event(s, Topic.MISSING)][1],
        "restore it: sessionctl recover {}",
        lambda s, said: _has(said, "1"),
    ),
    Situation(
        "a copy of a file carrier",
        lambda s: [
            s.write("it's b.toml", "a = 1\n"),
            s.write(s.file),
            _happened(s, STRAY, StrayCopy(s.seen("it's b.toml"))),
        ][2],
        "see what differs: sessionctl diff {} {}",
        lambda s, said: _has(said, "a"),
        code=1,
    ),
    Situation(
        "secrets that the watcher moved",
        lambda s: [_ready(s), _happened(s, EXTRACTED, MovedSecrets(("a",)))][1],
        "see whether git holds them: {}sessionctl secret scan --history",
        lambda s, said: _has(said, "no secrets found"),
    ),
    Situation(
        "a file that the watcher does not commit",
        lambda s: [s.write(s.file, "name = \n"), _happened(s, UNCOMMITTED, AutoFailure(None))][1],
        "see what is wrong: sessionctl validate {}",
        lambda s, said: _has(said, ":1:8"),
        code=1,
    ),
    Situation(
        "secrets that the watcher did not move",
        lambda s: [
            _ready(s),
            s.write(
                s.file,
                LEAD.format(id="3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11", password='"hunter2!"'),
            ),
            _happened(s, NOT_EXTRACTED, AutoFailure(RefusedError("x"))),
        ][2],
        "sessionctl secret extract {}",
        lambda s, said: s.good("validate", s.file),
    ),
    Situation(
        "no watcher",
        lambda s: s.say("watch", "--status"),
        "start one: sessionctl watch, or permanently: sessionctl service install",
        lambda s, said: _has(said, "process"),
        types=_watches,
    ),
    Situation(
        "a second watcher",
        lambda s: _watches(s, "sessionctl watch"),
        "see what runs: sessionctl watch --status",
        lambda s, said: _has(said, "no watcher"),
        code=1,  # it has ended
    ),
    Situation(
        "a service",
        lambda s: [s.write(s.file), _systemctl(s).good("service", "install")][1],
        "check it: sessionctl service status",
        lambda s, said: _has(said, "runs"),
        code=1,
    ),
    Situation(
        "a service that does not start",
        lambda s: [
            s.write(s.file),
            _systemctl(s, '[ "$2" != enable ]').say("service", "install", code=3),
        ][1],
        "the file is written; run it manually: {}",
        lambda s, said: _has(said, "process"),
        types=_watches,
    ),
    Situation(
        "a service that nobody can be asked about",
        lambda s: [
            s.write(s.file),
            _systemctl(s, '[ "$2" != is-active ] || exit 9'),
            s.good("service", "install"),
            (s.folder.parent / "programs" / "systemctl").unlink(),
            s.say("service", "status", code=1),
        ][4],
        "run it manually: sessionctl watch",
        lambda s, said: _has(said, "process"),
        types=_watches,
    ),
    Situation(
        "a service that does not run",
        lambda s: [
            s.write(s.file),
            _systemctl(s, '[ "$2" != is-active ] || exit 3'),
            s.good("service", "install"),
            s.say("service", "status"),
        ][3],
        "see why: journalctl --user -u sessionctl-watch",
        lambda s, said: None,
        types=lambda s, hint: (
            subprocess.run(
                ["sh", "-c", hint.partition(": ")[2]], check=True, capture_output=True, text=True
            ).stdout
        ),
    ),
    Situation(
        "a unit of somebody else",
        _foreign_unit,
        "rm {}",
        lambda s, said: s.good("service", "install"),
    ),
    Situation(
        "keys of tmux",
        lambda s: _systemctl(_tmux(s)).good("tmux", "install", "--file", str(s.home / "t.conf")),
        "save sessions automatically: sessionctl service install --tmux",
        lambda s, said: _has(s.say("service", "status"), "installed"),
    ),
    Situation(
        "no autosave of tmux",
        lambda s: _systemctl(_tmux(s)).say("tmux", "status"),
        "save automatically: sessionctl service install --tmux",
        lambda s, said: _has(s.say("service", "status"), "installed"),
    ),
    Situation(
        "an editor that ends at once",
        _waiting_editor,
        "or with an editor that waits: EDITOR={} sessionctl edit {}",
        lambda s, said: _has(s.read(s.file), "edited"),
    ),
    Situation(
        "an editor that ended at once, saved there",
        _waiting_editor,
        "save and close it there, then continue: sessionctl edit {}",
        lambda s, said: _has(s.read(s.file), "edited"),
        types=lambda s, hint: [
            s.patch.setenv("EDITOR", "code --wait"),
            s.type(hint.partition(": ")[2]),
        ][1],
    ),
    Situation(
        "a file that may not be read",
        lambda s: [
            s.write(s.file),
            f"hint: {cannot('read', str(s.folder / s.file), _os(errno.EACCES)).hints[0]}",
        ][1],
        "look at its owner and mode: ls -ld {}",
        lambda s, said: _has(said, s.file),
    ),
    Situation(
        "a disk that is full",
        lambda s: f"hint: {Archive('a', s.file).cannot('keep', _os(errno.ENOSPC)).hints[0]}",
        "make room there: sessionctl gc",
        lambda s, said: None,
    ),
    Situation(
        "a lock that is held",
        _locked,
        "wait for it, or look for one that hangs: ps -C sessionctl",
        lambda s, said: _has(said, "sessionctl"),
        types=_looked_for,
    ),
    Situation(
        "an undo of what was not there",
        _absent,
        "take it away again: rm {}",
        lambda s, said: _gone(s),
    ),
    Situation(
        "another conflict",
        _two_conflicts,
        "sessionctl status{}",
        lambda s, said: _has(said, "a.session.toml"),
        code=1,
    ),
    Situation(
        "a driver that crashed",
        _crashed_driver,
        "{} checkout --merge -- {}",
        lambda s, said: _has(s.read(s.file), "<<<<<<<"),
    ),
    Situation(
        "others who push each time",
        _overtaken,
        "your commits are here; try again: sessionctl sync{}",
        lambda s, said: _has(said, "pushed"),
    ),
    Situation(
        "a merge that a hook stops",
        _unconcluded,
        "the merge is made and not committed; then: {}",
        lambda s, said: _has(said, "pushed"),
    ),
    Situation(
        "hooks of nowhere, for all repositories",
        lambda s: [
            _fresh(s).git("config", "--global", "core.hooksPath", ""),
            s.say("git", "install", "--global", "--hook"),
        ][1],
        "run it in each repository: sessionctl git install --hook",
        lambda s, said: None,
    ),
]


def _os(code):
    return OSError(code, "no")


def _gone(s):
    assert not (s.folder / s.file).exists()


@parametrize(LIVE)
def test_a_hint_on_what_runs(situation, stage):
    assert_hint_helps(situation, stage)


@situation(
    "show them: sessionctl restore --verify {}{}",
    "end it and restore it: sessionctl restore --replace {}{}",
)
def test_a_session_that_differs_from_its_file(stage):
    _tmux(stage).write(stage.file, RUNS)
    try:
        stage.good("restore", "--yes", stage.file)
        assert "differs" not in stage.good("restore", stage.file)
        subprocess.run(["tmux", "split-window", "-t", "small:w", "sleep 98"], check=True)
        said = stage.good("restore", stage.file)
        see = command_of(hint_in(said, "show them: sessionctl restore --verify {}{}"))
        assert "pane" in stage.type(see, code=1)
        end = command_of(hint_in(said, "end it and restore it: sessionctl restore --replace {}{}"))
        stage.type(f"{end} --yes")
        assert "differs" not in stage.good("restore", stage.file)
    finally:
        _no_server(stage)


@situation("restore it as a session of its own: sessionctl restore {}{}")
def test_a_session_to_restore_into_that_does_not_run(stage):
    _tmux(stage).write(stage.file, RUNS)
    try:
        said = stage.say("restore", "--into", "nope", stage.file, code=2)
        hint = hint_in(said, "restore it as a session of its own: sessionctl restore {}{}")
        stage.type(f"{command_of(hint)} --yes")
        said = stage.say("restore", "--into", "smal", stage.file, code=2)
        assert "did you mean small?" in said
    finally:
        _no_server(stage)
