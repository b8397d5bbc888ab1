"""What one secret costs: what is loaded, started and opened for it is counted, not timed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
from sessionctl.system import age
from sessionctl.system.git import program as git_program
from tests.call_log import log_calls
from tests.desk import FILE, NAME
from tests.world import GitRepo

SLOW = {
    "bisect", "click", "ctypes", "dataclasses", "datetime", "filelock", "hashlib", "hmac",
    "inspect", "json", "logging", "sessionctl.cli.completion", "sessionctl.cli.options",
    "sessionctl.cli.start.light_start", "sessionctl.core.secrets.recipients",
    "sessionctl.core.text.shellwords", "sessionctl.core.text.source",
    "sessionctl.services.secrets.access.ancestry", "sessionctl.system.store.store", "subprocess",
    "tomlkit", "typing", "uuid",
}  # fmt: skip
MOST = {"reveal": 73, "set": 103}
"""How many modules of ours a plain command loads."""
PROGRAM = """\
import sys
from sessionctl.__main__ import main
code = main(sys.argv[1:])
ours = sum(name.startswith("sessionctl") for name in sys.modules)
print(); print(ours); print(code, *sorted(name for name in sys.modules if name in {slow}))
import resource, ctypes
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def last_words(desk, *arguments, stdin=""):
    """Return what a process says of itself that ran ``arguments``: modules, protection."""
    program = PROGRAM.format(slow=SLOW - {"ctypes"})
    environ = {k: v for k, v in desk.whole_environ().items() if not k.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=desk.folder, env=environ, input=stdin, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.stdout.splitlines()[-3:]


@pytest.fixture
def asked(monkeypatch):
    """Return what git is asked, as it is."""
    return log_calls(monkeypatch, git_program, "run", lambda argv, **_: tuple(argv))


@pytest.fixture
def opened(monkeypatch):
    """Return what is decrypted, as it is."""
    return log_calls(monkeypatch, age, "decrypt")


@pytest.fixture
def repo(desk):
    """Return the repository that the desk's files are committed in."""
    made = GitRepo(desk.folder)
    made.run("init", "-q")
    made.commit()
    return made


@pytest.mark.parametrize("words", [("reveal", FILE, NAME, "--stdout"), ("set", FILE, NAME)])
def test_a_plain_command_loads_nothing_slow_and_protects_its_process(desk, words):
    # The second time nothing is to be remembered, nor is the state directory to be made.
    desk.reveal(code=0)
    count, loaded, protection = last_words(desk, "secret", *words, stdin="newer")
    assert int(count) <= MOST[words[0]]
    stored = "0 sessionctl.core.text.shellwords sessionctl.system.store.store"
    assert loaded == (stored if words[0] == "set" else "0")
    if sys.platform.startswith("linux"):
        assert protection == "0 0"


def test_a_secret_is_opened_once(desk, opened):
    desk.reveal(code=0)
    assert len(opened) == 2  # the vault, and the entry
    opened.clear()
    desk.set(b"newer")
    assert len(opened) == 3  # beside them, the new entry to prove it


def test_git_is_asked_once_a_commit_whether_a_value_is_committed(desk, repo, asked):
    desk.set(b"newer")
    desk.reveal(code=0)
    assert asked == []  # it was made after that commit
    repo.run("commit", "-q", "--allow-empty", "-m", "other")
    desk.reveal(code=0)
    desk.reveal(code=0)
    assert len(asked) == 1
    repo.commit()
    assert "loose = " in desk.trust.read_text()
    desk.reveal(code=0)
    assert len(asked) == 2
    assert "loose = " not in desk.trust.read_text()  # once committed, it may not go back


def test_git_is_asked_once_for_all_values_of_a_session(desk, repo, asked, monkeypatch):
    names = [f"n{number}" for number in range(3)]
    for value in (b"x", b"y"):
        for name in names:
            desk.set(value, name=name)
        repo.commit()
    asked.clear()
    monkeypatch.chdir(desk.folder)
    keeper = VaultKeeper(SecretContext(Machine(desk.environ), today="2026-11-25"))
    assert {v.reveal() for v in SessionSecrets(keeper, FILE).values(names).values()} == {b"y"}
    assert len(asked) == 1
