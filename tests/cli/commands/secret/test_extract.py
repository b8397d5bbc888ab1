"""sessionctl secret extract: values go to the sidecar; what git still holds is told."""

# ruff: noqa: E501 - texts of files, and what is told, in one piece
from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.cli.commands.secret.test_canary import held
from tests.desk import FILE, SESSION, Desk
from tests.world import GitRepo, need

CANARY = "c4n4ry-7f3e9d"
TYPED = SESSION.replace('{ secret = "prod.password" }', f'"{CANARY}-0"  # the real one') + (
    f'\n[connections.web]\ndriver = "http"\nurl = "https://me:{CANARY}-1@h/"\n'
    f'# token = "{CANARY}-0"\n[env]\nAPI_TOKEN = "{CANARY}-2"\n'
)
NAMES = ["env.API_TOKEN", "prod.password", "web.password"]


@pytest.fixture
def typed(bare_desk):
    """Return a desk with a key, and a session with secrets typed into it."""
    bare_desk.new_key()
    bare_desk.session.write_text(TYPED)
    return bare_desk


@pytest.fixture
def repo(typed):
    need("git")
    made = GitRepo(typed.folder)
    made.run("init", "--quiet", "--initial-branch=main")
    return made


def values(desk):
    return [desk.reveal(name, code=0).stdout for name in NAMES]


def is_moved(desk):
    return values(desk) == [f"{CANARY}-2", f"{CANARY}-0", f"{CANARY}-1"]


def test_every_value_is_moved_and_can_be_used_at_once(typed):
    result = typed.run("secret", "extract", FILE, code=0)
    assert result.stdout == (
        f"{FILE}: connections.prod.password: moved to prod.password\n"
        f"{FILE}: connections.web.url: the password in it moved to web.password\n"
        f"{FILE}: env.API_TOKEN: moved to env.API_TOKEN\n"
        f"{FILE}: 1 place in comments masked\n"
    )
    assert CANARY not in result.output
    text = typed.session.read_text()
    assert CANARY not in text
    assert 'password = { secret = "prod.password" }  # the real one\n' in text
    assert is_moved(typed), "and nothing speaks against using them"
    typed.run("validate", code=0)
    typed.run("secret", "scan", code=0)


def test_again_there_is_nothing_to_do(typed):
    typed.run("secret", "extract", FILE, code=0)
    before = typed.session.read_bytes(), typed.sidecar.read_bytes()
    result = typed.run("secret", "extract", FILE, code=0)
    assert (result.stdout, result.stderr) == ("", "nothing to move\n")
    assert (typed.session.read_bytes(), typed.sidecar.read_bytes()) == before


def test_a_dry_run_tells_and_writes_nothing(typed):
    result = typed.run("secret", "extract", FILE, "--dry-run", code=0)
    assert f"{FILE}: env.API_TOKEN: would be moved to env.API_TOKEN" in result.stdout
    assert typed.session.read_text() == TYPED
    assert not typed.sidecar.exists()
    assert not typed.vault.exists()
    data = typed.answer("secret", "extract", FILE, "--dry-run", code=0)
    assert [move["name"] for move in data["moved"]] == [
        "prod.password",
        "web.password",
        "env.API_TOKEN",
    ]
    assert data["moved"][1]["referred_by"] == "connections.web.password"


def test_without_a_key_nothing_is_changed(bare_desk):
    bare_desk.session.write_text(TYPED)
    result = bare_desk.run("secret", "extract", FILE, code=4)
    assert CANARY not in result.output
    assert bare_desk.session.read_text() == TYPED
    assert not bare_desk.sidecar.exists()


def test_one_who_cannot_open_the_vault_stores_them_unsealed(typed):
    typed.session.write_text(SESSION)
    typed.set(b"other")
    typed.session.write_text(TYPED)
    friend = typed.elsewhere("friend")
    result = friend.run("secret", "extract", FILE, code=0)
    assert "sessionctl secret accept" in result.stderr
    assert CANARY not in typed.session.read_text()
    assert all(
        entry.is_unsealed for name, entry in typed.entries().items() if name != "prod.password"
    )
    assert "prod.password-2" in typed.entries(), "what was stored before is not replaced"


def test_a_name_that_is_taken_by_another_value_is_not_replaced(typed):
    typed.session.write_text(SESSION)
    typed.set(b"other")
    typed.session.write_text(TYPED)
    typed.run("secret", "extract", FILE, code=0)
    assert typed.reveal("prod.password-2", code=0).stdout == f"{CANARY}-0"
    assert 'password = { secret = "prod.password-2" }' in typed.session.read_text()


def test_a_session_without_an_id_gets_one(typed):
    lines = [line for line in TYPED.splitlines() if not line.startswith("id =")]
    typed.session.write_text("\n".join(lines) + "\n")
    typed.run("secret", "extract", FILE, code=0)
    assert typed.session.read_text().splitlines()[1].startswith('id = "')
    assert is_moved(typed)


def test_what_cannot_be_moved_is_told_and_shown_nowhere(typed):
    extra = f'[[windows]]\nname = "w"\n  [[windows.panes]]\n  run = "mysql -p{CANARY}-9"\n'
    typed.session.write_text(TYPED + extra)
    result = typed.run("secret", "extract", FILE, code=1)
    assert "error[secret-argument]" in result.stdout
    assert "1 secret could not be moved" in result.stderr
    assert CANARY not in result.output
    assert f"-p{CANARY}-9" in typed.session.read_text()
    data = typed.answer("secret", "extract", FILE, code=1)
    assert [problem["rule"] for problem in data["left"]] == ["secret-argument"]


def test_comments_are_cleared_when_asked_for(typed):
    typed.session.write_text(f"{TYPED}# password = 'old-{CANARY}'\n")
    typed.run("secret", "extract", FILE, code=1)
    assert f"old-{CANARY}" in typed.session.read_text()
    typed.run("secret", "extract", FILE, "--comments", code=0)
    assert CANARY not in typed.session.read_text()


def test_an_edit_that_comes_in_between_is_not_lost(typed, monkeypatch):
    from sessionctl.services.secrets import secret_steps

    real = secret_steps.write_text

    def slow(path, text, **options):
        typed.session.write_text(TYPED + "# an edit\n")
        return real(path, text, **options)

    monkeypatch.setattr(secret_steps, "write_text", slow)
    result = typed.run("secret", "extract", FILE, code=3)
    assert "since it was read, nothing was written" in result.stderr
    assert typed.session.read_text() == TYPED + "# an edit\n"
    monkeypatch.undo()
    typed.run("secret", "extract", FILE, code=0)
    assert "# an edit" in typed.session.read_text()
    assert is_moved(typed)
    assert list(typed.entries()) == NAMES, "stored once"


class TestWhatGitHolds:
    def test_a_commit_and_the_index_are_told_together_with_how_to_go_on(self, typed, repo):
        commit = repo.commit("typed")
        result = typed.run("secret", "extract", FILE, code=0)
        told = f"git still holds the values of prod.password, web.password, env.API_TOKEN: 1 commit ({commit[:10]}), the index"
        assert told in result.stderr
        assert f"sessionctl secret rotate {FILE} web.password" in result.stderr
        assert f"git add -- {FILE}" in result.stderr
        assert CANARY not in result.output

    def test_what_was_only_staged_can_be_forgotten(self, typed, repo):
        repo.run("add", FILE)
        result = typed.run("secret", "extract", FILE, code=0)
        assert "git still holds the values of" in result.stderr
        assert "the index" in result.stderr
        repo.run("add", FILE)
        data = typed.answer("secret", "extract", FILE, code=0)
        assert data["git"] == [], "only what is moved now is looked for"
        repo.run("gc", "--prune=now", "--quiet")
        assert held(typed.folder) == []

    def test_a_stash_and_what_nothing_leads_to_are_found(self, typed, repo):
        typed.session.write_text(SESSION)
        repo.commit("clean")
        typed.session.write_text(TYPED)
        repo.run("stash")
        repo.run("stash", "apply")
        data = typed.answer("secret", "extract", FILE, "--dry-run", code=0)
        assert all(one["aside"] and not one["commits"] for one in data["git"])
        repo.run("stash", "drop")
        data = typed.answer("secret", "extract", FILE, "--dry-run", code=0)
        assert [one["name"] for one in data["git"]] == [
            "prod.password",
            "web.password",
            "env.API_TOKEN",
        ]
        assert all(one["loose"] and not one["aside"] for one in data["git"])
        result = typed.run("secret", "extract", FILE, code=0)
        assert "git reflog expire" in result.stderr

    def test_another_file_that_holds_the_value_is_found_but_not_a_short_one(self, typed, repo):
        repo.write("notes.txt", f"it is {CANARY}-2, and abc\n")
        repo.commit("notes")
        typed.session.write_text(TYPED.replace(f'"{CANARY}-0"', '"abc"'))
        data = typed.answer("secret", "extract", FILE, "--dry-run", code=0)
        assert [one["name"] for one in data["git"]] == ["web.password", "env.API_TOKEN"]
        for value, found in (("kupfe", 2), ("kupfer", 3)):
            repo.commit("more", notes2__txt=f"{value} is in it\n")
            typed.session.write_text(TYPED.replace(f'"{CANARY}-0"', f'"{value}"'))
            data = typed.answer("secret", "extract", FILE, "--dry-run", code=0)
            assert len(data["git"]) == found

    def test_history_that_is_not_here_is_not_called_searched(self, typed, repo):
        repo.commit("typed")
        head = repo.run("rev-parse", "HEAD").stdout
        (repo.path / ".git" / "shallow").write_text(head)
        result = typed.run("secret", "extract", FILE, code=3)
        assert "git was not searched wholly: this is a shallow clone" in result.stderr
        assert "hint: get all commits, then search again: git fetch --unshallow" in result.stderr

    def test_it_can_be_left_out(self, typed, repo):
        repo.commit("typed")
        result = typed.run("secret", "extract", FILE, "--no-history", code=0)
        assert "git still holds" not in result.stderr


def test_backups_and_undos_lose_the_values(typed, repo):
    repo.commit("typed")
    typed.run("set", FILE, "preferences.theme", "dark", code=0)
    typed.run("set", FILE, "preferences.theme", "light", code=0)
    typed.run("undo", FILE, code=0)
    assert held(typed.home)
    result = typed.run("secret", "extract", FILE, code=0)
    assert "earlier texts that sessionctl keeps of it" in result.stderr
    assert held(typed.home) == []
    assert not [name for name in held(typed.folder) if "objects" not in name]
    listed = typed.run("backups", "list", FILE, code=0).stdout
    assert listed.count("set") >= 2, "they are there still"


@pytest.mark.slow
def test_killed_at_any_write_nothing_is_lost_and_it_can_be_run_again(typed, tmp_path):
    need("strace")
    number = 0
    while True:
        number += 1
        folder, home = tmp_path / f"r{number}", tmp_path / f"h{number}"
        shutil.copytree(typed.folder, folder)
        shutil.copytree(typed.home, home)
        desk = Desk(folder, home)
        command = [
            *(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,rename,renameat2,unlink",
            ),
            *("-e", f"inject=fsync,rename,renameat2,unlink:signal=KILL:when={number}"),
            *(sys.executable, "-m", "sessionctl", "secret", "extract", FILE),
        ]
        done = subprocess.run(
            command, cwd=folder, env=desk.whole_environ(), capture_output=True, timeout=120
        )
        assert CANARY.encode() not in done.stdout + done.stderr
        text = desk.session.read_text()
        assert text == TYPED or CANARY not in text, "the old session or the new one, never half"
        if desk.sidecar.exists():
            assert CANARY not in desk.sidecar.read_text()
        desk.run("secret", "extract", FILE, code=0)
        assert is_moved(desk)
        assert list(desk.entries()) == NAMES
        assert held(home) == []
        if done.returncode == 0:
            break
    assert number > 10


def test_no_value_shows_anywhere(typed, repo):
    commit = repo.commit("typed")
    result = typed.run("secret", "extract", FILE, "-vv", code=0)
    repo.commit("extracted")
    typed.run("secret", "scan", "--history", code=1)
    assert CANARY not in "".join(typed.said)
    assert commit[:10] in result.stderr
    assert all("objects" in name for name in held(typed.folder))
    assert held(typed.home) == []


@pytest.fixture
def writes(monkeypatch):
    """The files that were written: the trust book, the session and its sidecar."""
    from sessionctl.services.secrets import secret_steps
    from sessionctl.services.secrets.access import trust_file

    written = []

    def counting(module, name):
        write = getattr(module, name)

        def counted(path, *args, **options):
            written.append(path.name)
            return write(path, *args, **options)

        monkeypatch.setattr(module, name, counted)

    counting(trust_file, "write_private")
    counting(secret_steps, "write_text")
    counting(secret_steps, "create_text")
    return written


def test_many_values_are_one_change_of_each_file(typed, writes, monkeypatch):
    from sessionctl.services.secrets.entries import execution

    count = 40
    text = "schema_version = 1\n" + "".join(
        f'[connections.c{n}]\ndriver = "redis"\npassword = "{CANARY}-{n}"\n' for n in range(count)
    )
    typed.session.write_text(text)
    typed.run("secret", "extract", FILE, code=0)
    assert len(writes) <= 10, "the first one sets up the vault, all others are one change"
    assert typed.reveal(f"c{count - 1}.password", code=0).stdout == f"{CANARY}-{count - 1}"

    typed.trust.unlink()
    writes.clear()
    monkeypatch.setattr(execution, "replace_process", lambda *_: None)
    typed.run("secret", "exec", FILE, "--", "true", code=0)
    assert writes.count("trust.toml") <= 2
