"""How often git is asked, and how often a version is read: counted, not timed."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.toml.parse import document_text
from sessionctl.services.documents.document_comparison import blob_text
from sessionctl.system.git import program as git_program
from sessionctl.system.git.program import Git
from tests.call_log import log_calls
from tests.git.inprocess import run_inside
from tests.world import GitRepo

NAME = "api.session.toml"
COMMITS = 6


def _question(argv, **_):
    return [word for word in argv[1:] if not word.startswith("-")][:1] + argv[2:]


@pytest.fixture
def asked(monkeypatch):
    """Return what git is asked, as it is."""
    return log_calls(monkeypatch, git_program, "run", _question)


@pytest.fixture
def parsed(monkeypatch):
    """Return the texts that are parsed, as they are."""
    return log_calls(monkeypatch, document_text, "parse")


@pytest.fixture
def history(git_repo):
    for number in range(COMMITS):
        text = f'schema_version = 1\nname = "api"\nroot = "~/src/{number}"\n'
        git_repo.commit(f"version {number}", api__session__toml=text)
    return git_repo


def test_a_log_asks_git_three_times_and_reads_each_version_once(history, asked, parsed):
    done = run_inside("log", NAME, cwd=history.path)
    assert done.stdout.count(" version ") == COMMITS
    assert [words[0] for words in asked] == ["rev-parse", "log", "cat-file"]
    assert len([text for text in parsed if "root" in text]) == COMMITS


def test_a_log_of_two_broken_versions_reports_the_older_one_first(history):
    history.commit("broken", api__session__toml="a = \n")
    history.commit("still", api__session__toml="a = = \n")
    shown = run_inside("log", "--max-count", "1", NAME, cwd=history.path).stdout
    assert "1:5: expected a value, found the end of the line" in shown


def test_a_log_before_the_first_commit_and_of_no_branch_says_what_it_said(git_repo):
    git_repo.write(NAME, 'name = "api"\n')
    done = run_inside("log", NAME, cwd=git_repo.path)
    assert done.returncode != 0
    assert "no commit has this file" in done.stderr


def test_a_diff_with_a_revision_asks_git_twice(history, asked):
    run_inside("diff", "--rev", "HEAD~1", NAME, cwd=history.path)
    assert [words[0] for words in asked] == ["rev-parse", "cat-file"]


@pytest.mark.parametrize("name", ["HEAD:nothing", "HEAD:", "-x", "HEAD", "HEAD:a\nb", "^HEAD:a"])
def test_what_is_no_content_is_none_in_a_diff_as_it_was(history, name):
    assert blob_text(Git(os.environ, history.path), name, name) is None


def test_a_doctor_asks_for_all_settings_at_once(history, asked):
    run_inside("doctor", cwd=history.path)
    configs = [words for words in asked if words[0] == "config"]
    assert len(configs) == 1, configs
    assert len(asked) <= 10, asked


def test_a_doctor_sees_settings_of_every_scope(history, asked):
    history.run("config", "rerere.enabled", "true")
    assert "git can remember" not in run_inside("doctor", "-v", cwd=history.path).stdout
    history.run("config", "--local", "core.autocrlf", "true")
    history.run("config", "--local", "core.hooksPath", "elsewhere")
    shown = run_inside("doctor", "-v", cwd=history.path).stdout
    assert "core.autocrlf is true" in shown


def test_a_sync_checks_what_it_found_valid_no_second_time_and_an_edit_again(history, parsed):
    text = numbered("first")
    for number in range(3):
        history.write(f"s{number}.session.toml", text)
    assert run_inside("sync", "-n", cwd=history.path).returncode == 0
    assert parsed.count(text) > 0
    parsed.clear()
    assert run_inside("sync", "-n", cwd=history.path).returncode == 0
    assert parsed.count(text) == 0
    wrong = text.replace('name = "first"', "name = 12345678")[: len(text)]
    history.write("s0.session.toml", wrong)
    done = run_inside("sync", "-n", cwd=history.path)
    assert done.returncode == 1
    assert "s0.session.toml" in done.stdout + done.stderr


def numbered(name):
    """Return a session that is long enough to be remembered."""
    panes = "".join(
        f'[[windows]]\nname = "w{number}"\n[[windows.panes]]\nname = "p{number}"\n'
        for number in range(120)
    )
    return f'schema_version = 1\nname = "{name}"\n\n{panes}'


def _repository_of(world, count):
    """Commit so many sessions that speak of secrets, push them, and change each of them."""
    world.run("init", "--quiet", "--initial-branch=main")
    for number in range(count):
        text = f'{SESSION}id = "3f0d8c2e-6d1f-4c1e-9a53-{number:012}"\n'
        world.write(f"d{number % 3}/s{number}.session.toml", text)
    world.commit("sessions")
    world.run("init", "--quiet", "--bare", "../upstream")
    world.run("remote", "add", "origin", "../upstream")
    world.run("push", "--quiet", "--set-upstream", "origin", "main")
    _change_all(world)


def _change_all(world):
    for path in world.path.glob("d*/*.session.toml"):
        path.write_text(f"{path.read_text()}# changed\n")


HOOK = "git hook pre-commit"
SESSION = """\
schema_version = 1
name = "api"
root = "~/secret"
"""


@pytest.mark.slow
def test_git_is_asked_as_often_for_many_files_as_for_few(tmp_path, asked):
    counts = {}
    for count in (4, 9):
        world = GitRepo(tmp_path / str(count) / "repository")
        world.path.mkdir(parents=True)
        _repository_of(world, count)
        for line in ("status", "sync -n", "sync", "doctor", HOOK):
            if line == HOOK:
                for path in world.path.glob("d*/*.session.toml"):
                    sidecar = path.name.replace(".session.", ".secrets.")
                    path.with_name(sidecar).write_text("a = 1\n")
                world.commit("sidecars, of a kind")
                _change_all(world)
                world.run("add", "--all")
            asked.clear()
            done = run_inside(*line.split(), cwd=world.path)
            assert done.returncode == (line == "doctor"), done.stderr
            counts.setdefault(line, []).append(len(asked))
    assert {line for line, (few, many) in counts.items() if few != many} == set(), counts
