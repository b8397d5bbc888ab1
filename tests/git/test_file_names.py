"""Odd file names: no name breaks a command, fakes a line, or steers the terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.git.inprocess import run_inside
from tests.git.test_merges import unmerged
from tests.world import need

VALID = 'schema_version = 1\nname = "x"\nroot = "~/a"\n'
NAMES = [
    "two\nlines.session.toml",
    "tab\tand $(touch gone) `x`.session.toml",
    "esc\x1b[31m.session.toml",
    "-n.session.toml",
    'it\'s "quoted".session.toml',
    "caf\u00e9 \u7a93.session.toml",
    "lat\udce9.session.toml",
    ":(top)x.session.toml",
    "[a]*?.session.toml",
    "#x ~y.session.toml",
]


@pytest.fixture(params=NAMES, ids=ascii)
def name(request):
    return request.param


def write(repo, name, text):
    with open(os.path.join(os.fsencode(repo.path), os.fsencode(name)), "w") as stream:
        stream.write(text)


def read(repo, name):
    with open(os.path.join(os.fsencode(repo.path), os.fsencode(name))) as stream:
        return stream.read()


@pytest.fixture
def conflicted(repo, name):
    """Return a repository in which git could not merge a file of this name."""
    for branch, base, root in (("topic", "main", "~/t"), ("main", "", "~/m")):
        repo.run("checkout", "--quiet", *(["-b", branch] if base else [branch]))
        write(repo, name, VALID)
        if base:
            repo.run("checkout", "--quiet", "main")
            repo.commit("base")
            repo.run("checkout", "--quiet", "-B", branch)
        write(repo, name, VALID.replace("~/a", root))
        repo.commit(branch)
    repo.run("merge", "topic", check=False)
    return repo


def run(repo, *arguments, code=0):
    """Run sessionctl as a process of its own: click takes some names only there."""
    done = subprocess.run(
        [sys.executable, "-m", "sessionctl", *arguments],
        cwd=repo.path, capture_output=True, encoding="utf-8", errors="surrogateescape", timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def next_steps(text):
    lead = "sessionctl: hint: next: "
    return [line.removeprefix(lead) for line in text.split("\n") if line.startswith(lead)]


def test_the_next_steps_can_be_typed(conflicted, name):
    """From the conflict to the commit, by the commands that each one tells."""
    repo = conflicted
    repo.run("rm", "--quiet", "api.session.toml")
    for _ in range(9):
        done = run_inside("status", cwd=repo.path)
        steps = next_steps(done.stderr)
        if not steps:
            break
        (step,) = steps
        step = step.replace("sessionctl resolve ", "sessionctl resolve --prefer theirs ")
        step = step.replace("git commit", "git commit --no-edit")
        subprocess.run([need("bash"), "-c", step], cwd=repo.path, check=True, timeout=60)
    assert unmerged(repo) == []
    assert repo.run("log", "-1", "--format=%p").stdout.count(" ") == 1
    assert read(repo, name) == VALID.replace("~/a", "~/t")
    assert not (repo.path / "gone").exists()


def test_every_line_is_told_as_one_line_without_control_characters(conflicted, name):
    for command in (["status"], ["doctor"], ["git", "status"]):
        done = run_inside(*command, cwd=conflicted.path)
        for line in [*done.stdout.split("\n"), *done.stderr.split("\n")]:
            assert line.replace("\t", "").replace("\udce9", "").isprintable()
            assert not line.startswith("lines.session.toml")


@pytest.mark.slow
@pytest.mark.parametrize("name", [NAMES[0], NAMES[6], NAMES[7], NAMES[8]], ids=ascii)
def test_log_undo_and_sync_take_any_name(repo, name):
    repo.run("rm", "--quiet", "api.session.toml")
    write(repo, name, VALID)
    repo.commit("first")
    write(repo, name, VALID.replace("~/a", "~/b"))
    word = f"./{name}"
    run(repo, "undo", word)
    assert read(repo, name) == VALID
    write(repo, name, VALID.replace("~/a", "~/b"))
    run(repo, "sync")
    assert repo.run("status", "--porcelain").stdout == ""
    assert run(repo, "log", "--stat", word).stdout.count(" Ada: ") == 2
    assert "~/b" in run(repo, "diff", "--rev", "HEAD~1", word, code=1).stdout
