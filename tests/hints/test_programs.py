"""Hints on other programs and adapters, on what was left, and on imports."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from sessionctl.core.schema.words import report
from sessionctl.services.history.undo_plan import _newest, _Subject
from sessionctl.services.machine import Machine
from sessionctl.services.watching.background_service import find_home
from sessionctl.system.store.displacement import DocumentPlace as StoredPlace
from tests.hints.stage import NAME, SECRET, SMALL, TOKEN, Situation, assert_hint_helps, parametrize
from tests.hints.test_documents import _editor
from tests.hints.test_git import OURS, THEIRS, _diverged, _fresh, _in_step
from tests.hints.test_history import _commits, _refusal, _words
from tests.hints.test_live import RUNS, _no_server, _tmux, _watches
from tests.hints.test_usage import _has
from tests.world import need


def _in_tmux(s, hint):
    """Type a hint where tmux would have started the shell."""
    need("tmux")
    _tmux(s)
    try:
        subprocess.run(["tmux", "new-session", "-d", "-s", "my app"], check=True)
        asked = ["tmux", "display-message", "-p", "#{socket_path},#{pid},0 #{pane_id}"]
        place, pane = subprocess.check_output(asked, text=True).rsplit(maxsplit=1)
        s.patch.setenv("TMUX", place)
        s.patch.setenv("TMUX_PANE", pane)
        return s.type(hint.partition(": ")[2])
    finally:
        _no_server(s)


def _without(s, program):
    """Take a program away from PATH; return the PATH that has it."""
    before = os.environ["PATH"]
    links = s.folder.parent / "links"
    links.mkdir()
    for folder in map(Path, before.split(os.pathsep)):
        for found in folder.glob("*") if folder.is_dir() else ():
            if found.name != program and not os.path.lexists(links / found.name):
                (links / found.name).symlink_to(found)
    s.patch.setenv("PATH", str(links))
    return before


def _unknown_program(s):
    """Look at a repository where sessionctl was called by its path."""
    s.init()
    _without(s, "sessionctl")
    return s.say("doctor")


def _on_terminal(s, command, typed="exit\n"):
    """Type a command on a terminal; return what it shows."""
    need("script")
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"], cwd=s.typed_in, input=typed,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.stdout.replace("\r", "")


def _plain(s, text, *, is_trusted=False):
    s.write(s.file, text)
    if is_trusted:
        s.good("trust", s.file)
    s.patch.setenv("SHELL", "/bin/sh")
    return _on_terminal(s, f"sessionctl restore --adapter plain --no-input {s.word()}")


def _discarded(s):
    s.write(s.file)
    _editor(s, 'printf "name = \\n" > "$1"')
    return _on_terminal(s, f"sessionctl edit {s.word()}", "d\n")


def _crypt_locked(s):
    need("git-crypt")
    _fresh(s)
    subprocess.run(["git-crypt", "init"], cwd=s.folder, check=True, capture_output=True)
    key = s.folder.parent / "key"
    subprocess.run(["git-crypt", "export-key", str(key)], cwd=s.folder, check=True)
    s.write(".gitattributes", "*.session.toml filter=git-crypt diff=git-crypt\n")
    s.commit()
    subprocess.run(["git-crypt", "lock"], cwd=s.folder, check=True)
    return s.say("git", "hook", "pre-commit") + s.say("secret", "scan", "--history")


def _masked_save(s):
    _tmux(s)
    try:
        command = f"sh -c 'read x' sh --token={TOKEN}"
        subprocess.run(["tmux", "new-session", "-d", "-s", "my app", command], check=True)
        return s.say("save", "my app", "--file", s.file)
    finally:
        _no_server(s)


def _stored_as(s, command):
    s.good("key", "new")
    return s.good(*_words(s, command.replace("NAME", "a.token")), stdin=b"hunter2")


def _imported(s):
    window = f"windows:\n- window_name: a\n  panes:\n  - export TOKEN={TOKEN}\n"
    s.write("it's b.yaml", f"session_name: web\n{window}")
    return s.say("import", "it's b.yaml")


def _slipped(s):
    s.write(s.file)

    def fails(*_):
        raise OSError(5, "no")

    before = StoredPlace.look_at_displaced
    s.patch.setattr(StoredPlace, "look_at_displaced", fails)
    said = s.say("set", s.file, "name", "x")
    s.patch.setattr(StoredPlace, "look_at_displaced", before)
    return said


def _overrides(s):
    s.write(
        s.file,
        f"{SMALL}[connections.a]\ndriver = 'redis'\nhost = 'h'\ndatabase = 5\n"
        "[[overrides]]\nwhen = { os = 'linux' }\nconnections.a.driver = 'postgres'\n",
    )
    found = report.findings
    s.patch.setattr(report, "findings", lambda *a: [f._replace(hint="") for f in found(*a)])
    return s.say("validate", s.file)


def _refused_merge(s):
    _diverged(s, theirs=f"# theirs\n{SMALL}", ours=SMALL)
    s.write("b.session.toml")
    s.git("config", "merge.verifySignatures", "true")
    return s.say("sync")


def _foreign(s, *, name="notes.txt", untracked=False):
    """Let a file that is no session stand in the way of a merge."""
    _in_step(s)
    place = s.folder.parent / "other"
    subprocess.run(["git", "clone", "-q", str(s.folder.parent / "origin.git"), place], check=True)
    (place / name).write_text("theirs\n")
    for words in (["add", "-A"], ["commit", "-qm", "theirs"], ["push", "-q"]):
        subprocess.run(["git", *words], cwd=place, check=True)
    s.write(name, "ours\n")
    if not untracked:
        s.repo.commit("ours")
    return s


def _undone_badly(s):
    """Let an undo leave a file that is not valid."""
    _commits(s, f"{SMALL}[[windows]]\nname = 'w'\nfocus = true\n", SMALL)
    return s


PROGRAMS = [
    Situation(
        "git that does not work",
        lambda s: [
            s.init(),
            (s.folder / ".git/config").write_text("[x\n"),
            s.say("doctor"),
        ][2],
        "git status",
        lambda s, said: _has(said, "bad config line 1"),
        code=128,
        only=("here",),
    ),
    Situation(
        "the demo has ended",
        lambda s: s.good("demo", "--no-input"),
        "create your own: sessionctl new NAME",
        lambda s, said: s.good("validate"),
        fill={"NAME": "'my app'"},
        only=("here",),
    ),
    Situation(
        "the demo has ended, in tmux",
        lambda s: s.good("demo", "--no-input"),
        "save the tmux session you are in: sessionctl save",
        lambda s, said: _has(said, "my app"),
        types=_in_tmux,
        is_slow=True,
    ),
    Situation(
        "no git for the demo",
        lambda s: [
            s.patch.setenv("WITH_GIT", _without(s, "git")),
            s.say("demo", "--no-input", code=3),
        ][1],
        "install git (https://git-scm.com/downloads), the demo merges with it",
        lambda s, said: _has(said, "Done; the scratch"),
        types=lambda s, hint: [
            s.patch.setenv("PATH", os.environ["WITH_GIT"]),
            s.good("demo", "--no-input"),
        ][1],
        is_slow=True,
    ),
    Situation(
        "ciphertext of git-crypt, searched",
        _crypt_locked,
        "git-crypt unlock",
        lambda s, said: s.good("validate", s.file),
        types=lambda s, hint: s.type(f"{hint.rpartition(': ')[2]} ../key"),
        only=("here",),
    ),
    Situation(
        "no terminal for a value",
        lambda s: [
            s.good("key", "new"),
            s.write(s.file, SECRET),
            s.patch.setattr("sys.stdin.isatty", lambda: True, raising=False),
            _on_terminal(s, f"sessionctl secret set --no-input {s.word()} {NAME}"),
        ][3],
        "pass it on stdin: {} < FILE_WITH_THE_VALUE",
        lambda s, said: _has(s.good("secret", "reveal", s.file, NAME, "--stdout"), "hunter2"),
        types=lambda s, hint: [
            s.write("v", "hunter2\n"),
            s.type(
                hint.partition(": ")[2].replace("FILE_WITH_THE_VALUE", shlex.quote(s.seen("v")))
            ),
        ][1],
    ),
    Situation(
        "a session that the shell may not start all of",
        lambda s: _plain(s, RUNS.replace("'sleep', '99'", "'true'")),
        "sessionctl trust {} && sessionctl restore --adapter {} {}",
        lambda s, said: _has(said, "by the adapter plain"),
        types=_on_terminal,
    ),
    Situation(
        "a secret that a shell does not get",
        lambda s: _plain(
            s, f"{SMALL}env = {{ A_TOKEN = {{ secret = '{NAME}' }} }}\n", is_trusted=True
        ),
        "run the program with: sessionctl secret exec {}{} -- PROGRAM",
        lambda s, said: _has(said, "A_TOKEN=hunter2"),
        types=lambda s, hint: [
            s.good("key", "new"),
            s.good("secret", "set", s.file, NAME, stdin=b"hunter2"),
            s.type(hint.partition(": ")[2].replace("PROGRAM", "env")),
        ][2],
    ),
    Situation(
        "a file of another adapter",
        lambda s: [
            s.write(s.file),
            _on_terminal(s, f"sessionctl save --adapter plain --file {s.word()}"),
        ][1],
        "or replace it: sessionctl save --adapter {} --file {} --force",
        lambda s, said: _has(said, "saved"),
        types=lambda s, hint: _on_terminal(s, hint.partition(": ")[2]),
    ),
    Situation(
        "a name of another adapter",
        lambda s: [
            s.write(s.file),
            _on_terminal(s, f"sessionctl save --adapter plain --file {s.word()}"),
        ][1],
        "use another name: sessionctl save NAME --adapter {}",
        lambda s, said: _has(said, "saved my app"),
        types=lambda s, hint: _on_terminal(s, hint.partition(": ")[2].replace("NAME", "'my app'")),
    ),
    Situation(
        "an edit that is discarded",
        _discarded,
        "restore the edit: sessionctl recover {}",
        lambda s, said: _has(said, "1"),
    ),
    Situation(
        "a secret in what a pane runs",
        _masked_save,
        "keep it, and refer to it by that name: {}",
        lambda s, said: _has(s.good("secret", "list", s.file), "a.token"),
        types=lambda s, hint: _stored_as(s, hint),  # noqa: PLW0108 - defined above
    ),
    Situation(
        "a secret in a file that is imported",
        _imported,
        "keep it in the environment, or store it: sessionctl secret set FILE NAME",
        lambda s, said: _has(s.good("secret", "list", s.file), "a.token"),
        types=lambda s, hint: [
            s.write(s.file),
            _stored_as(s, hint.replace("FILE", s.word())),
        ][1],
    ),
    Situation(
        "no manager of services",
        lambda s: [
            s.write(s.file),
            s.patch.setenv("WITH", _without(s, "systemctl")),
            s.say("service", "install", code=3),
        ][2],
        "run it manually: {}",
        lambda s, said: _has(said, "process"),
        types=_watches,
    ),
    Situation(
        "another system",
        lambda s: _refusal(lambda: find_home(Machine(environ=dict(os.environ), os_name="freebsd"))),
        "let your system start this at login: sessionctl watch",
        lambda s, said: _has(said, "process"),
        types=_watches,
    ),
    Situation(
        "overrides that do not fit together",
        _overrides,
        "print it as it is on a machine: {}",
        lambda s, said: _has(said, "postgres"),
    ),
    Situation(
        "no older change",
        lambda s: _refusal(
            lambda: _newest(_Subject(s.seen(_commits(s).file), *[None] * 3), None, [])
        ),
        "see what there was: sessionctl log {}",
        lambda s, said: _has(said, "change 0"),
    ),
    Situation(
        "an edit that may have slipped in",
        _slipped,
        "sessionctl recover {}",
        lambda s, said: _has(said, "1"),
    ),
    Situation(
        "a merge that git refuses",
        _refused_merge,
        "your commits stay here; see: {} status",
        lambda s, said: _has(said, "diverged"),
    ),
    Situation(
        "another file in the way, not committed",
        lambda s: _foreign(s, untracked=True).say("sync"),
        "commit it, or put it aside: {}",
        lambda s, said: s.good("sync"),
        types=lambda s, hint: s.type(hint.rpartition(": ")[2]),
    ),
    Situation(
        "another file that both changed",
        lambda s: _foreign(s).say("sync", code=1),
        "resolve it in an editor, then: {}",
        lambda s, said: _has(s.good("sync"), "pushed"),
    ),
    Situation(
        "an undo that later edits conflict with",
        lambda s: [
            _commits(s),
            s.write(s.file, SMALL.replace("small", "three")),
            s.say("undo", "--commit", "HEAD", s.file, code=1),
        ][2],
        "write it with conflict markers: {}",
        lambda s, said: _has(s.read(s.file), "<<<<<<<"),
        code=1,
    ),
    Situation(
        "attributes of somebody else",
        lambda s: [
            s.init().commit(),
            s.write("be low/.keep", ""),
            s.write(".git/info/attributes", "*.session.toml merge=text\n"),
            s.say("git", "status", code=1),
        ][3],
        "{}, or look for who sets it: {}",
        lambda s, said: _has(said, "merge: text"),
        way=1,
        only=("here",),
    ),
    Situation(
        "a filter that is not set up",
        lambda s: [
            _fresh(s).write(".gitattributes", "*.session.toml filter=other\n"),
            s.write(s.file),
            s.say("sync"),
        ][2],
        "{} check-attr filter -- {}",
        lambda s, said: _has(said, "filter: other"),
    ),
    Situation(
        "a merge that stops at a conflict",
        lambda s: _diverged(s).say("sync", code=1),
        "then: sessionctl sync{}; or abort the merge: {} merge --abort",
        lambda s, said: _has(said, "pushed"),
        types=lambda s, hint: [
            s.good("resolve", s.file, "--prefer", "ours"),
            s.type(hint.partition(": ")[2].partition(";")[0]),
        ][1],
    ),
    Situation(
        "a file that is still ours alone",
        lambda s: [
            _fresh(s).good("git", "install"),
            s.git("config", "merge.sessionctl.driver", "false"),
            s.clash(OURS, THEIRS),
            s.say("resolve", s.file),
        ][3],
        "merge it again: {}",
        lambda s, said: _has(s.read(s.file), "<<<<<<<"),
        types=lambda s, hint: [
            s.good("git", "install"),
            s.type(hint.partition(": ")[2]),
        ][1],
    ),
    Situation(
        "a file that one side holds",
        lambda s: [
            _fresh(s),
            s.good("git", "install"),
            s.git("config", "merge.sessionctl.driver", "false"),
            s.clash(OURS, THEIRS),
            s.say("sync", code=5),
        ][4],
        "finish it: {} --continue, or abort it: {} --abort",
        lambda s, said: _has(s.git("status"), "nothing to commit"),
        types=lambda s, hint: s.type(hint.rpartition(": ")[2]),
    ),
    Situation(
        "a program that git does not find",
        _unknown_program,
        'export PATH={}:"$PATH"',
        lambda s, said: _has(said, "installed"),
        types=lambda s, hint: s.type(f"{hint.strip()}; sessionctl git status"),
        only=("here",),
    ),
    Situation(
        "a filter whose key is missing",
        _crypt_locked,
        "set the filter up, then search again: {}",
        lambda s, said: s.good("secret", "scan", "--history"),
        types=lambda s, hint: s.type(f"{hint.rpartition(': ')[2]} ../key"),
        only=("here",),
    ),
    Situation(
        "a file that holds one side",
        lambda s: [
            _diverged(s),
            s.git("config", "merge.sessionctl.driver", "false"),
            s.say("sync", code=1),
        ][2],
        "{} mergetool {}, or: {}",
        lambda s, said: _has(s.good("sync"), "pushed"),
        types=lambda s, hint: s.type(hint.rpartition(": ")[2]),
    ),
]


@parametrize(PROGRAMS)
def test_a_hint_on_programs(situation, stage):
    assert_hint_helps(situation, stage)
