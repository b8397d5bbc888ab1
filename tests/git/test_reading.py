"""Reading history: git diff and git log show session files, without their secrets."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.scan.shown import literal_secrets
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from sessionctl.services.gitsetup import MAY_HOLD_SECRETS
from tests.git.conftest import BASE
from tests.git.test_merges import branch_off

NAME = "api.session.toml"
SECRETS = '[connections.p]\npassword = "hunter2"\nurl = "redis://u:hunter2@h"\n'
keys = st.sampled_from(
    ["password", "db_token", "apiKey", "secret", "x", "PWD", "auth-token", '"my password"', "port"]
)
values = st.sampled_from(
    ['"hunter2"', "'x'", "12", '{ secret = "n" }', "{ secret = 'n', x = 1 }", '"http://u:p@h"',
     '["a"]', '{ password = "x" } # = { secret = "n" }', '{ token = { secret = "n" } }']
)  # fmt: skip


@pytest.mark.parametrize(
    "command", [["diff", "HEAD~1"], ["log", "-p"], ["show"], ["blame", NAME], ["stash", "show"]]
)
def test_no_secret_is_shown(repo, command):
    repo.commit("secrets", api__session__toml=BASE + SECRETS)
    if command[0] == "stash":
        repo.write(NAME, BASE + SECRETS + 'token = "hunter2"\n')
        repo.run("stash", "--quiet")
        command = ["stash", "show", "-p", "--textconv"]
    shown = repo.run(*command).stdout
    assert "***" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    "data",
    [
        (BASE + SECRETS + 'x = "not finished').encode(),
        (BASE + SECRETS).encode() + b'x = "\xe9"\n',
        f"{BASE}# {SECRETS.splitlines()[1]}\n# was redis://u:hunter2@h\n".encode(),
        f"{BASE}<<<<<<< a\n{SECRETS}=======\n>>>>>>> b\n".encode(),
    ],
    ids=["no TOML", "no UTF-8", "comments", "markers"],
)
def test_no_secret_of_a_broken_file_is_shown(repo, data):
    (repo.path / NAME).write_bytes(data)
    done = subprocess.run(["git", "diff"], cwd=repo.path, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert b"***" in done.stdout
    assert b"hunter2" not in done.stdout


def test_no_secret_is_shown_while_a_merge_is_under_way(repo):
    secret = '[connections.p]\npassword = "hunter2"\n'
    repo.commit("secret", api__session__toml=BASE + secret)
    branch_off(repo, BASE + secret.replace("2", "3"), BASE + secret.replace("2", "4"))
    repo.run("merge", "topic", check=False)
    for command in (["diff"], ["diff", "HEAD"], ["diff", "--ours"], ["blame", NAME]):
        shown = repo.run(*command).stdout
        assert "***" in shown
        assert "hunter" not in shown


def test_a_change_is_shown_with_the_table_it_is_in(repo):
    text = BASE + "a = 1\nb = 1\nc = 1\nd = 1\n"
    repo.commit("long", api__session__toml=text)
    repo.write(NAME, text.replace("d = 1", "d = 2"))
    shown = repo.run("diff").stdout
    assert "@@ [[windows]]\n" in shown
    assert "-d = 1\n+d = 2\n" in shown


def test_a_patch_holds_the_file_as_it_is(repo):
    repo.commit("secrets", api__session__toml=BASE + SECRETS)
    assert "hunter2" in repo.run("format-patch", "-1", "--stdout").stdout


def test_difftool_shows_the_change_key_by_key(repo):
    repo.commit("more", api__session__toml=BASE.replace("tiled", "even"))
    done = repo.run("difftool", "--no-prompt", "--tool=sessionctl", "HEAD~1", check=False)
    if "no such command: diff" in done.stderr:
        pytest.skip("there is no diff command yet")
    assert "layout" in done.stdout


@pytest.fixture(scope="module")
def may_hold_secrets(tmp_path_factory):
    path = tmp_path_factory.mktemp("grep") / "file"

    def ask(text):
        path.write_bytes(text.encode())
        script = f"f() {{ {MAY_HOLD_SECRETS}; }}; f '{path}'"
        return subprocess.run(["sh", "-c", script], timeout=60).returncode == 0

    return ask


@given(pairs=st.lists(st.tuples(keys, values), max_size=4), end=st.sampled_from(["\n", "\r\n"]))
def test_no_file_with_a_secret_is_passed_by_without_a_look(may_hold_secrets, pairs, end):
    text = "".join(f"{key} = {value}{end}" for key, value in pairs)
    try:
        value = Document.parse(text).value
    except ParseError:
        return
    if literal_secrets(value, in_session=False) or literal_secrets(value, in_session=True):
        assert may_hold_secrets(text)


@pytest.mark.parametrize(
    "line",
    ["x = 'http://u:p@h'", "PassWd = 1", "pwd = 1", "a.secret = 1", "aToken = 1", "apikey = 1",
     "credentials = 1", "x = { secret = 'n' }", 'password = { secret = "n" } # token', "\xff pwd"],
)  # fmt: skip
def test_one_line_with_a_secret_is_worth_a_look(may_hold_secrets, line):
    assert may_hold_secrets(f"{BASE}{line}\n")


def test_references_alone_start_nothing(may_hold_secrets):
    references = 'password = { secret = "p.password" }\n  db_token={secret="x"} \r\n'
    assert not may_hold_secrets(BASE + references)
