"""A rename, a copy or a removal that is killed at any write loses nothing, and is ended.

Real processes, killed by strace as they enter a system call that changes something.
"""

from __future__ import annotations

import pytest

from tests.cli.commands.secret.test_killed import kills
from tests.desk import SESSION, Desk

FILE, SIDECAR = "one/api.session.toml", "one/api.secrets.toml"
OTHER = "other.password"


class TwoVaults(Desk):
    """A desk with two directories, each with a vault."""

    def copy(self, name):
        made = super().copy(name)
        text = made.trust.read_text()
        made.trust.write_text(text.replace(f"{self.folder}/", f"{made.folder}/"))
        return TwoVaults(made.folder, made.home, made.said)


@pytest.fixture
def desk(tmp_path):
    """Return a desk with a session and two secrets, and a directory with a vault of its own."""
    made = TwoVaults(tmp_path / "repo", tmp_path / "home")
    for folder in (made.home, made.folder / "one", made.folder / "two"):
        folder.mkdir(parents=True)
    made.new_key()
    (made.folder / FILE).write_text(SESSION)
    made.set(b"hunter2", file=FILE)
    made.set(b"x2", name=OTHER, file=FILE)
    other = SESSION.replace("3f0d8c2e", "4f0d8c2e")
    (made.folder / "two/other.session.toml").write_text(other)
    made.set(b"z", file="two/other.session.toml")
    return made


def values(desk, file):
    """Return the values of the session ``file``, None for what is not read."""
    found = []
    for name in ("prod.password", OTHER):
        done = desk.reveal(name=name, file=file)
        found.append(done.stdout if done.exit_code == 0 else None)
    return found


def whole(desk, *files):
    """Tell whether one of ``files`` is there with all of its values."""
    return any((desk.folder / f).exists() and values(desk, f) == ["hunter2", "x2"] for f in files)


@pytest.mark.sweep
@pytest.mark.parametrize("to", ["one/new", "two/new"])
@pytest.mark.parametrize("verb", ["rename", "cp"])
def test_a_session_is_whole_and_named_anew_wherever_it_is_killed(desk, verb, to):
    new = f"{to}.session.toml"
    count = 0
    for where, copy in kills(desk, verb, FILE, to):
        count += 1
        assert whole(copy, FILE, new), where
        is_done = (copy.folder / new).exists() and not list(copy.home.rglob("naming/*.json"))
        done = copy.run(verb, FILE, to)
        assert is_done or done.exit_code == 0, (where, done.output)
        assert values(copy, new) == ["hunter2", "x2"], where
        assert (copy.folder / FILE).exists() is (verb == "cp"), where
        assert (copy.folder / SIDECAR).exists() is (verb == "cp"), where
    assert count > 5


@pytest.mark.sweep
def test_a_removal_that_is_killed_is_ended_and_comes_back_whole(desk):
    for where, copy in kills(desk, "rm", FILE, "-y"):
        if (copy.folder / FILE).exists():
            done = copy.run("rm", FILE, "-y")
            assert done.exit_code == 0, (where, done.output)
        for file in (FILE, SIDECAR):
            assert not (copy.folder / file).exists(), where
            copy.run("recover", file, "1", "-y", code=0)
        assert values(copy, FILE) == ["hunter2", "x2"], where
