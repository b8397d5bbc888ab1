"""A known value goes through everything, and shows nowhere but where it was asked for.

Real processes under strace, so that the arguments of every program that is started are
seen; then every file of the home, the repository with git's objects unpacked, and the
temporary directories is searched.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zlib

import pytest

from sessionctl.core.secrets.sidecar import Sidecar
from tests.desk import FILE, ID, NAME
from tests.world import GitRepo, need

CANARY = "c4n4ry-7f3e9d"
VALUES = [f"{CANARY}-{number}" for number in range(4)]
# What the value would look like if something encoded it on the way.
FORMS = [CANARY.encode(), CANARY.encode().hex().encode(), b"YzRuNHJ5LTdmM2U5Z", b"M0bjRyeS03ZjNlOW"]


class Watched:
    """Runs sessionctl as processes of their own, and keeps what they said and started."""

    def __init__(self, desk, folder):
        self.desk = desk
        self.folder = folder
        self.temporary = folder / "tmp"
        self.runtime = folder / "run"
        for path in (self.temporary, self.runtime):
            path.mkdir(mode=0o700)
        self.said = b""
        self.asked_for = b""
        self.started = 0

    @property
    def environ(self):
        return {
            **self.desk.whole_environ(),
            "TMPDIR": str(self.temporary),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "SESSIONCTL_DEBUG": "1",
        }

    def run(self, *arguments, stdin="", code=None, is_asked_for=False, env=None):
        log = self.folder / f"execve-{self.started}"
        self.started += 1
        command = [
            *(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-s",
                "100000",
                "-e",
                "trace=execve",
                "-o",
                str(log),
            ),
            *(sys.executable, "-m", "sessionctl", "-vv", *map(str, arguments)),
        ]
        done = subprocess.run(
            command,
            cwd=self.desk.folder,
            input=stdin.encode(),
            env={**self.environ, **(env or {})},
            capture_output=True,
            timeout=60,
        )
        assert code is None or done.returncode == code, (arguments, done.stderr)
        self.said += done.stderr
        if is_asked_for:
            self.asked_for += done.stdout
        else:
            self.said += done.stdout
        return done

    def arguments(self):
        """Return what strace saw of the programs that were started."""
        return b"".join(path.read_bytes() for path in self.folder.glob("execve-*"))


def held(folder):
    """Return the files below ``folder`` that hold the canary, git's objects unpacked."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        if re.fullmatch(r"[0-9a-f]{38}", path.name):
            content += zlib.decompress(content)
        if any(form in content for form in FORMS):
            found.append(str(path.relative_to(folder)))
    return found


@pytest.fixture
def watched(bare_desk, tmp_path):
    need("strace")
    need("git")
    GitRepo(bare_desk.folder).run("init", "--quiet", "--initial-branch=main")
    folder = tmp_path / "watched"
    folder.mkdir()
    return Watched(bare_desk, folder)


def commit(watched):
    GitRepo(watched.desk.folder).commit("state")


def go_through_everything(watched):
    desk, run = watched.desk, watched.run
    run("key", "new", code=0)
    run("secret", "set", FILE, NAME, stdin=VALUES[0], code=0)
    run("secret", "set", FILE, "file.key", stdin=f"-----BEGIN\n{VALUES[1]}\n", code=0)
    commit(watched)
    run("secret", "set", FILE, NAME, "--dry-run", stdin=VALUES[2], code=0)
    run("secret", "rotate", FILE, NAME, stdin=VALUES[2], code=0)
    run("secret", "rotate", FILE, NAME, stdin=VALUES[2], code=2)
    run("secret", "set", FILE, NAME, "--json", stdin=VALUES[2], code=0)
    run("secret", "reveal", FILE, NAME, "--stdout", code=0, is_asked_for=True)
    run(
        "secret", "exec", FILE, "--", "sh", "-c", 'echo "$PROD_PASSWORD"', code=0, is_asked_for=True
    )
    run("secret", "exec", "--file", "F=file.key", FILE, "--", "sh", "-c", 'cat "$F"', code=0,
        is_asked_for=True)  # fmt: skip
    for command in ("list", "doctor"):
        run("secret", command, "--json", code=0)
        run("secret", command, code=0)
    commit(watched)
    for command in (["validate"], ["show", FILE], ["status"], ["secret", "rekey", "--new-key"]):
        run(*command, code=0)
    bob = desk.elsewhere("bob")
    key = bob.new_key()
    run("recipients", "add", key, code=0)
    run("recipients", "rm", key, code=0)
    run("recipients", "list", "--json", code=0)
    commit(watched)


def go_wrong(watched):
    """Commands that fail with the value in their hands."""
    desk, run = watched.desk, watched.run
    typed = f"{CANARY}-typed"
    run("secret", "set", FILE, "a b", stdin=typed, code=2)
    run("secret", "set", "nowhere.session.toml", NAME, stdin=typed, code=3)
    run("secret", "set", FILE, NAME, "--identity", "/nowhere", stdin=typed, code=4)
    run("secret", "set", FILE, NAME, stdin=typed, env={"SESSIONCTL_IDENTITY": typed}, code=4)
    run("secret", "set", FILE, NAME, stdin=typed, env={"SESSIONCTL_TRUST_VAULT": "age1x"}, code=5)
    run("secret", "set", FILE, NAME, "--editor", stdin=typed, env={"EDITOR": "false"}, code=2)
    run("secret", "reveal", FILE, NAME, code=2)
    run("secret", "exec", FILE, "--", "no-such-program-x", code=3)
    run("secret", "exec", "--env", "1=x", FILE, "--", "true", code=2)
    sidecar, session = desk.sidecar.read_text(), desk.session.read_text()
    piece = Sidecar.parse(sidecar).entries[NAME].armor[60:90]
    harms = [
        (desk.session, session.replace("db.example", "evil.example")),
        (desk.session, session.replace(ID, "11111111-6d1f-4c1e-9a53-0f2f7f0c4a11")),
        (desk.session, session.replace('user = "app"', 'user = "')),
        (
            desk.sidecar,
            sidecar.replace(piece, "A" * 30),
        ),
        (desk.sidecar, sidecar.replace("format = 1", "format = 2")),
        (desk.sidecar, sidecar[:-100]),
        (desk.sidecar, Sidecar.parse(sidecar).remove(NAME).text),
    ]
    for path, text in harms:
        before = path.read_text()
        path.write_text(text)
        for arguments in (["reveal", FILE, NAME, "--stdout"], ["exec", FILE, "--", "env"]):
            assert run("secret", *arguments).returncode in (1, 5), text
        run("secret", "doctor")
        run("secret", "set", FILE, "other", stdin=typed, env={"SESSIONCTL_IDENTITY_FILE": "/x"})
        path.write_text(before)
    desk.folder.chmod(0o555)
    run("secret", "set", FILE, NAME, stdin=f"{CANARY}-readonly")
    desk.folder.chmod(0o755)


@pytest.mark.slow
def test_a_value_shows_only_where_it_was_asked_for(watched):
    go_through_everything(watched)
    go_wrong(watched)
    assert CANARY.encode() in watched.asked_for, "the search can find it"
    for form in FORMS:
        assert form not in watched.said
        assert form not in watched.arguments()
    assert watched.arguments().count(b"execve(") > watched.started
    for folder in (watched.desk.home, watched.desk.folder, watched.temporary, watched.runtime):
        assert held(folder) == []
    assert list(watched.temporary.iterdir()) == []
    assert list(watched.runtime.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("call", ["write", "fsync", "rename", "renameat2"])
def test_a_process_that_is_killed_leaves_no_value_behind(watched, call):
    desk = watched.desk
    desk.new_key()
    desk.set(VALUES[0])
    number = 1
    while True:
        command = [
            *("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"),
            *("-e", f"inject={call}:signal=KILL:when={number}"),
            *(sys.executable, "-m", "sessionctl", "secret", "set", FILE, NAME),
        ]
        done = subprocess.run(
            command, cwd=desk.folder, input=VALUES[number % 2 + 1].encode(),
            env=watched.environ, capture_output=True, timeout=60,
        )  # fmt: skip
        watched.said += done.stdout + done.stderr
        if done.returncode == 0:
            break
        number += 2
    assert number > 1
    assert CANARY.encode() not in watched.said
    for folder in (desk.home, desk.folder, watched.temporary, watched.runtime):
        assert held(folder) == []


def test_the_search_finds_a_leak(watched):
    """The test can fail: a value in a file, a git object or an argument is found."""
    desk = watched.desk
    (desk.folder / "leak").write_text(CANARY)
    GitRepo(desk.folder).commit("leak")
    (desk.folder / "leak").unlink()
    assert any(name.startswith(".git/objects/") for name in held(desk.folder))
    watched.run("secret", "set", FILE, NAME, CANARY)
    assert CANARY.encode() in watched.arguments()
    assert CANARY.encode() not in watched.said
    (desk.home / "x").write_bytes(CANARY.encode().hex().encode())
    assert held(desk.home) == ["x"]
