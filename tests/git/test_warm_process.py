"""The process that stays for the drivers of one git: what it says, and that nothing depends on it.

A small process stands for git: it starts shells with git's own command lines, one after the
other, and what a test wants to happen between two of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from shlex import quote

import pytest

from sessionctl.services.git.installation import BASE_DRIVER, DRIVER, TEXTCONV
from tests.world import IN_CI, write_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs /proc and pidfds")

GIT = """
import json, subprocess, sys
steps = json.load(sys.stdin)
said = []
for step in steps:
    done = subprocess.run(["sh", "-c", *step], capture_output=True)
    said.append([done.returncode, done.stdout.decode(), done.stderr.decode()])
json.dump(said, sys.stdout)
"""
BASE = 'schema_version = 1\nname = "a"\n\n[preferences]\ntheme = "dark"\ncolumns = 80\n'
OURS = BASE.replace("dark", "light")
THEIRS = BASE.replace("80", "100")
CLASH = BASE.replace("dark", "sepia")
SECRET = "Tr0ub4dor-and-3-horses"
PLACE = '"$XDG_RUNTIME_DIR"/sessionctl/git-$PPID'
ANSWERERS = (
    f"{sys.executable} -IS -c 'import glob,os,sys\n"
    'for fd in glob.glob("/proc/[0-9]*/fd/*"):\n'
    "  try: at = os.readlink(fd)\n"
    "  except OSError: continue\n"
    '  if at == sys.argv[1]: print(fd.split("/")[2])\' '
    f"{PLACE}/ask"
)


class Desk:
    """A directory with the files of merges, and a sessionctl that counts its starts."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path / "work"
        self.runtime = tmp_path / "run"
        self.starts = tmp_path / "starts"
        programs = tmp_path / "bin"
        for directory in (self.path, self.runtime, programs, tmp_path / "home"):
            directory.mkdir(mode=0o700)
        write_program(programs, first=f"open({str(self.starts)!r}, 'a').write('start\\n')")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SESSIONCTL", "GIT_"))}
        self.environ = kept | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "XDG_RUNTIME_DIR": str(self.runtime),
            "HOME": str(tmp_path / "home"),
            "GIT_CEILING_DIRECTORIES": str(tmp_path),
        }

    def file(self, name: str, text: str) -> str:
        (self.path / name).write_text(text, encoding="utf-8")
        return name

    def run(self, *steps: list[str], **extra: str):
        """Run the steps as children of one process; return what each of them says."""
        self.starts.write_text("")
        done = subprocess.run(
            [sys.executable, "-IS", "-c", GIT], cwd=self.path, env=self.environ | extra,
            input=json.dumps(steps), text=True, capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @property
    def started(self) -> int:
        return len(self.starts.read_text().split())

    def merge(self, number: object, theirs: str = THEIRS, *, path: str = "", line: str = DRIVER):
        """Return the step that merges ``theirs`` into a file of that number."""
        names = [self.file(f"{n}{number}", t) for n, t in (("o", BASE), ("a", OURS), ("b", theirs))]
        words = {
            "%L": "7", "%O": names[0], "%A": names[1], "%B": names[2],
            "%P": quote(path or f"{number}.session.toml"), "%S": "base", "%X": "main", "%Y": "side",
        }  # fmt: skip
        for word, value in words.items():
            line = line.replace(word, value)
        return [line]

    def merged(self, number: object) -> str:
        return (self.path / f"a{number}").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def gone(desk):
    """Wait until the process that stayed has removed its place."""
    deadline = time.monotonic() + 20
    while list(desk.runtime.glob("sessionctl/*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return True


BOTH = BASE.replace("dark", "light").replace("80", "100")


def test_the_first_driver_answers_for_those_after_it_and_ends_with_their_git(desk):
    said = desk.run(*(desk.merge(n) for n in range(5)))
    assert said == [[0, "", ""]] * 5
    assert [desk.merged(n) for n in range(5)] == [BOTH] * 5
    assert desk.started == 1
    assert gone(desk)


def test_it_says_what_a_new_driver_says(desk):
    cases = [
        {"theirs": CLASH}, {"theirs": "no toml = = \n"}, {"theirs": CLASH, "path": "a\tb.toml"},
        {"theirs": THEIRS, "path": "it's a $name\\n%s.toml"},
        {"theirs": THEIRS, "path": "api.secrets.toml"},
    ]  # fmt: skip
    if IN_CI:
        cases += [
            {"theirs": THEIRS}, {"theirs": ""}, {"theirs": CLASH, "path": "it's a $name.toml"},
            {"theirs": CLASH, "line": BASE_DRIVER}, {"theirs": THEIRS, "path": "a\nb.toml"},
            {"theirs": THEIRS, "path": "Cargo.lock"}, {"theirs": CLASH, "path": "a\\nb%s.toml"},
        ]  # fmt: skip
    steps = [desk.merge("first"), *(desk.merge(n, **case) for n, case in enumerate(cases))]
    warm = desk.run(*steps)
    merged = [desk.merged(n) for n in range(len(cases))]
    assert desk.started == 3  # the first, that of a tab, and the sidecar
    steps = [desk.merge("first"), *(desk.merge(n, **case) for n, case in enumerate(cases))]
    cold = desk.run(*steps, SESSIONCTL_WARM="0")
    assert desk.started == len(cases) + 1
    assert warm == cold
    assert merged == [desk.merged(n) for n in range(len(cases))]
    assert {code for code, _, _ in warm} == {0, 1}


def test_one_that_is_killed_is_replaced(desk):
    kill = [f"kill -9 $({ANSWERERS})"]
    said = desk.run(desk.merge(1), desk.merge(2), kill, desk.merge(3), desk.merge(4))
    assert [code for code, _, _ in said] == [0] * 5
    assert [desk.merged(n) for n in (1, 2, 3, 4)] == [BOTH] * 4
    assert desk.started == 2


@pytest.mark.slow
def test_one_that_dies_while_it_is_asked_is_replaced(desk):
    """The question is in the pipe, and nobody is there to answer it."""
    stop = [f"p=$({ANSWERERS}); kill -STOP $p; (sleep 1; kill -9 $p) >/dev/null 2>&1 &"]
    said = desk.run(desk.merge(1), stop, desk.merge(2))
    assert said[2] == [0, "", ""]
    assert desk.merged(2) == BOTH


@pytest.mark.parametrize(
    "stale",
    [
        f"mkdir -p {PLACE} && mkfifo {PLACE}/ask {PLACE}/answer",
        f"mkdir -p {PLACE} && mkfifo {PLACE}/ask {PLACE}/answer && touch {PLACE}/lock",
        f"mkdir -p {PLACE} && touch {PLACE}/ask {PLACE}/answer",
        f"mkdir -p {PLACE}/ask/deep",
        f"mkdir -p {PLACE} && ln -s /dev/zero {PLACE}/ask && ln -s /dev/zero {PLACE}/answer",
        f"mkdir -p other {PLACE}/.. && ln -s $PWD/other {PLACE}",
        f"mkdir -p {PLACE} && mkfifo {PLACE}/ask {PLACE}/answer && chmod 755 {PLACE}/..",
        f"mkdir -p {PLACE}/.. && chmod 777 {PLACE}/..",
        "touch $XDG_RUNTIME_DIR/sessionctl",
    ],
)
def test_what_lies_in_its_place_changes_no_answer(desk, stale):
    said = desk.run([stale], *(desk.merge(n) for n in range(3)))
    assert [code for code, _, _ in said] == [0] * 4, said
    assert [desk.merged(n) for n in range(3)] == [BOTH] * 3
    assert desk.started in (1, 3)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_pipes_of_another_user_are_not_asked(desk):
    hostile = f"mkdir -p {PLACE} && mkfifo {PLACE}/ask {PLACE}/answer && chown -R 12345 {PLACE}"
    said = desk.run([hostile], *(desk.merge(n) for n in range(2)))
    assert [code for code, _, _ in said] == [0] * 3
    assert desk.started == 2


def test_where_no_place_can_be_made_each_driver_starts(desk):
    (desk.runtime / "file").write_text("")
    said = desk.run(*(desk.merge(n) for n in range(2)), XDG_RUNTIME_DIR=str(desk.runtime / "file"))
    assert said == [[0, "", ""]] * 2
    assert desk.started == 2


def test_it_answers_only_children_of_its_git(desk):
    question = [f"printf '%s\\t' 1 merge 7 x o1 a1 b1 s x y > {PLACE}/ask; echo > {PLACE}/ask"]
    said = desk.run(desk.merge(1), question, desk.merge(4))
    assert said[-1] == [0, "", ""]
    assert desk.merged(4) == BOTH


@pytest.mark.parametrize("change", ["export HOME=/", "cd ..", "umask 027", "export LC_ALL=C"])
def test_in_other_surroundings_a_driver_starts(desk, change):
    """What a new driver would see, and the one that stays does not."""
    other = [f'{change}; exec sh -c "$0"', desk.merge(2)[0]]
    if change == "cd ..":
        for name in ("o2", "a2", "b2"):
            (desk.path.parent / name).write_text((desk.path / name).read_text())
    said = desk.run(desk.merge(1), other, desk.merge(3))
    assert said == [[0, "", ""]] * 3
    assert desk.started == 2


def test_another_version_of_sessionctl_starts_anew(desk):
    import sessionctl

    version = Path(sessionctl.__file__).with_name("_version.py")
    moment = version.stat()
    try:
        touch = [f"touch {version}"]
        said = desk.run(desk.merge(1), desk.merge(2), touch, desk.merge(3), desk.merge(4))
    finally:
        os.utime(version, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert [code for code, _, _ in said] == [0] * 5
    assert desk.started == 2


@pytest.mark.slow
def test_many_gits_at_once_have_one_each(desk, tmp_path):
    steps = [[desk.merge(f"{git}x{n}") for n in range(3)] for git in range(8)]
    desk.starts.write_text("")
    running = [
        subprocess.Popen(
            [sys.executable, "-IS", "-c", GIT], cwd=desk.path, env=desk.environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in steps
    ]  # fmt: skip
    for process, own in zip(running, steps, strict=True):
        process.stdin.write(json.dumps(own))
        process.stdin.close()
        process.stdin = None
    for process in running:
        out, err = process.communicate(timeout=120)
        assert json.loads(out) == [[0, "", ""]] * 3, err
    assert desk.started == 8
    assert {desk.merged(f"{git}x{n}") for git in range(8) for n in range(3)} == {BOTH}
    assert gone(desk)


def test_the_pipes_of_who_started_git_are_not_held(desk):
    """A program that reads what git says to its end is not kept waiting by one that stays."""
    started = time.monotonic()
    desk.run(desk.merge(1), [f"test -p {PLACE}/ask"])
    assert time.monotonic() - started < 9


@pytest.mark.slow
def test_textconv_is_answered_too_and_no_secret_lies_in_its_place(desk):
    texts = {
        "plain": BASE,
        "secret": f'{BASE}\n[connections.db]\npassword = "{SECRET}"\n',
        "broken": f'password = "{SECRET}\n',
        "sidecar.secrets.toml": f'schema_version = 1\n[secrets.x]\nage = "{SECRET}"\n',
    }
    files = [desk.file(name, text) for name, text in texts.items()]
    first = [TEXTCONV + ' "$@"', "f", "secret"]
    look = [f"grep -r {SECRET} $XDG_RUNTIME_DIR; test $? -eq 1 && ls {PLACE}"]
    steps = [first, *([TEXTCONV + ' "$@"', "f", file] for file in files), look, first]
    for pager in ({}, {"GIT_PAGER_IN_USE": "true"}):
        warm = desk.run(*steps, **pager)
        assert desk.started == 1
        assert warm[5][0] == 0, warm[5]
        cold = desk.run(*steps, SESSIONCTL_WARM="0", **pager)
        assert warm[:5] == cold[:5]
        assert SECRET not in str(warm)
    assert gone(desk)


def test_sides_are_called_what_a_new_driver_calls_them(desk, tmp_path):
    """Git before 2.44 hands no names on: the command line of git has them."""

    def git(*words, **extra):
        name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        return subprocess.run(
            ["git", *name, *words], cwd=repository, env=desk.environ | extra, text=True,
            capture_output=True,
        )  # fmt: skip

    shown = []
    for number, warm in enumerate(("", "0")):
        repository = tmp_path / f"repository{number}"
        repository.mkdir()
        desk.starts.write_text("")
        git("init", "-q", "-b", "main")
        for key, value in (("merge.sessionctl.driver", DRIVER), ("merge.sessionctl.name", "x")):
            git("config", key, value)
        (repository / ".gitattributes").write_text("*.toml merge=sessionctl\n")
        for text in (BASE, CLASH, OURS):
            for name in ("a", "b", "c"):
                (repository / f"{name}.session.toml").write_text(text)
            git("add", "-A")
            git(
                "commit",
                "-q",
                "-m",
                "x",
                GIT_AUTHOR_DATE="1700000000",
                GIT_COMMITTER_DATE="1700000000",
            )
            if text is CLASH:
                git("checkout", "-q", "-b", "mine", "HEAD~1")
        extra = {"SESSIONCTL_WARM": warm} if warm else {}
        done = git("cherry-pick", "main", **extra)
        texts = [p.read_text() for p in sorted(repository.glob("*.session.toml"))]
        shown.append((done.returncode, done.stderr, texts))
        assert desk.started == (3 if warm else 1)
    assert shown[0] == shown[1]
    assert shown[0][0] == 1
    assert ">>>>>>> main" in shown[0][2][2]
