"""Further attacks by the repository, by other users of the machine, and by one's own slips."""

from __future__ import annotations

import os
import shutil

import pytest

from sessionctl.services.secrets import secret_steps
from sessionctl.services.secrets.access import secret_place as places
from sessionctl.services.secrets.access.secret_place import find_root
from tests.desk import FILE, ID, NAME, SESSION, Desk
from tests.world import IN_CI, GitRepo, need

REFUSED = 5


def test_a_vault_that_was_trusted_in_another_repository_does_not_replace_this_one(desk, tmp_path):
    """Whoever got the victim to look into a repository of his cannot use its vault here."""
    bait = Desk(tmp_path / "bait", desk.home)
    bait.folder.mkdir()
    bait.session.write_text(SESSION.replace(ID, "7" + ID[1:]))
    bait.set(b"bait")
    assert bait.reveal(code=0).stdout == "bait"
    shutil.rmtree(desk.folder / ".sessionctl")
    shutil.copytree(bait.folder / ".sessionctl", desk.folder / ".sessionctl")
    before = desk.sidecar.read_text()
    for result in (desk.reveal(), desk.set(b"typed", code=None)):
        assert result.exit_code == REFUSED, result.output
        assert "another vault than before" in result.stderr
    assert desk.sidecar.read_text() == before


def embedded(repo, folder, command):
    """Make ``folder`` of the work tree what git takes for a repository that runs ``command``."""
    for name in ("HEAD", "refs", "objects", "index"):
        source = repo.path / ".git" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    (folder / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
        f"\tworktree = {folder}\n\tfsmonitor = {command}\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",), ("doctor",), ("sync", "--dry-run"), ("git", "status"), ("undo", FILE),
        ("secret", "scan", "--staged"), ("secret", "scan", "--history"), ("log", FILE),
        ("secret", "reveal", FILE, NAME, "--stdout"), ("secret", "doctor"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_folder_that_looks_like_a_repository_runs_nothing(desk, tmp_path, arguments):
    need("git")
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("first")
    inner = Desk(desk.folder / "inner", desk.home)
    inner.folder.mkdir()
    for name in (FILE, "api.secrets.toml"):
        shutil.copy(desk.folder / name, inner.folder / name)
    mark = tmp_path / "it-ran"
    embedded(repo, inner.folder, f'"touch {mark}; false"')
    inner.run(*arguments)
    assert not mark.exists()


def test_a_history_that_the_repository_brings_along_does_not_hide_a_rollback(desk):
    need("git")
    inner = Desk(desk.folder / "inner", desk.home)
    inner.folder.mkdir()
    inner.session.write_text(SESSION.replace(ID, "7" + ID[1:]))
    inner.set(b"first")
    old = inner.sidecar.read_text()
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("first")
    embedded(repo, inner.folder, "false")  # a history that ends before the newer value
    inner.set(b"newer")
    repo.run("add", "inner/api.secrets.toml")
    repo.commit("second")
    inner.sidecar.write_text(old)
    result = inner.reveal()
    assert result.exit_code == REFUSED, result.output


STEERING = (
    "path", "ld.preload", "bash-env", "git.ssh.command", "pythonpath", "env", "xdg.config.home",
    "lua.init", "viminit", "makeflags", "kubeconfig", "aws.config-file", "psqlrc", "pghost",
    "rsync_rsh", "openssl.conf", "https-proxy", "npm.config.registry", "docker.host", "manpager",
    "sudo.askpass", "ssh.askpass", "git.askpass", "ansible.config", "ld.preload.key", "pgsslkey",
    "password.store.key", "git.config.key", "lesskey", "pwd", "borg.passcommand",
)  # fmt: skip


def test_a_name_that_steers_programs_is_no_variable_unless_asked_for(desk, monkeypatch):
    started = []
    monkeypatch.setattr(
        "sessionctl.services.secrets.entries.execution.replace_process",
        lambda argv, environ, values: started.append(values),
    )
    text = desk.session.read_text()
    for name in STEERING if IN_CI else STEERING[::4]:
        desk.session.write_text(f'{text}[env]\nT = {{ secret = "{name}" }}\n')
        desk.set(b"./evil", name=name)
        result = desk.run("secret", "exec", FILE, "--", "true")
        assert result.exit_code == REFUSED, (name, result.output)
        assert "--env" in result.stderr
        desk.run("secret", "rm", FILE, name, "--yes")
    assert started == []
    desk.set(b"/bin", name="path")
    desk.run("secret", "exec", "--env", "PATH=path", FILE, "--", "true")
    assert started == [{"PATH": b"/bin"}]


@pytest.fixture
def foreign(monkeypatch):
    """Return paths that belong to another user of the machine."""
    found = set()
    real = os.lstat

    class Status:
        def __init__(self, status, uid):
            self.st_mode = status.st_mode
            self.st_uid = uid

    def lstat(self):
        status = real(self)
        return Status(status, 4242) if str(self) in found else status

    def stat(self, *, follow_symlinks=True):
        status = os.stat(self, follow_symlinks=follow_symlinks)
        return Status(status, 4242) if os.path.realpath(self) in found else status

    monkeypatch.setattr(places.Path, "lstat", lstat)
    monkeypatch.setattr(places.Path, "stat", stat)
    return found


def test_what_another_user_put_above_is_no_place_for_secrets(tmp_path, foreign):
    shared, mine = tmp_path / "shared", tmp_path / "shared" / "mine"
    mine.mkdir(parents=True)
    assert find_root(mine) == mine
    (shared / ".age-recipients").write_text("")
    assert find_root(mine) == shared
    foreign.add(str(shared / ".age-recipients"))
    assert find_root(mine) == mine


def test_a_symlink_of_another_user_to_a_file_of_mine_is_no_place_either(tmp_path, foreign):
    shared, mine = tmp_path / "shared", tmp_path / "shared" / "mine"
    mine.mkdir(parents=True)
    (shared / ".age-recipients").symlink_to("/dev/null")
    (shared / ".sessionctl").mkdir()
    (shared / ".sessionctl" / "vault.age").write_text("x")
    foreign |= {str(shared / name) for name in (".age-recipients", ".sessionctl")}
    foreign.add(str(shared / ".sessionctl" / "vault.age"))
    assert find_root(mine) == mine


def test_a_repository_of_another_user_above_is_no_place_either(tmp_path, foreign):
    shared, mine = tmp_path / "shared", tmp_path / "shared" / "mine"
    mine.mkdir(parents=True)
    (shared / ".git").mkdir()
    (shared / ".sessionctl").mkdir()
    (shared / ".sessionctl" / "vault.age").write_text("x")
    assert find_root(mine) == shared
    foreign |= {str(shared / ".git"), str(shared / ".sessionctl" / "vault.age")}
    assert find_root(mine) == mine


SPELLED = """
[connections.escaped]
driver = "redis"
host = "h"
password = "\\u0063anary-escaped"

[connections.web]
driver = "http"
url = "https://me:canary%40web@h/"
"""


def test_other_spellings_of_a_moved_value_are_purged_and_looked_for_too(bare_desk):
    need("git")
    bare_desk.new_key()
    reference = 'password = { secret = "prod.password" }\n'
    bare_desk.session.write_text(SESSION.replace(reference, "") + SPELLED)
    repo = GitRepo(bare_desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("first")
    bare_desk.run("set", FILE, "name", "another", code=0)
    result = bare_desk.run("secret", "extract", FILE, code=0)
    assert bare_desk.reveal("web.password", code=0).stdout == "canary@web"
    state = bare_desk.home / "state"
    kept = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert b"anary-escaped" not in kept
    assert b"canary%40web" not in kept
    told = result.stderr.split("git still holds")[1]
    assert "escaped.password" in told
    assert "web.password" in told


def test_an_extraction_of_a_session_without_an_id_goes_on_after_a_crash(bare_desk, monkeypatch):
    bare_desk.new_key()
    typed = SESSION.replace('{ secret = "prod.password" }', '"canary"')
    bare_desk.session.write_text(typed.replace(f'id = "{ID}"\n', ""))
    real, calls = secret_steps.write_text, []

    def crash(path, text, **how):
        calls.append(path)
        if "canary" not in text:
            raise KeyboardInterrupt
        return real(path, text, **how)

    with monkeypatch.context() as patched:
        patched.setattr(secret_steps, "write_text", crash)
        bare_desk.run("secret", "extract", FILE)
    assert calls
    assert bare_desk.sidecar.exists(), "it stopped between the two writes"
    bare_desk.run("secret", "extract", FILE, code=0)
    assert bare_desk.reveal(code=0).stdout == "canary"
    assert "canary" not in bare_desk.session.read_text()


def test_the_diff_of_a_tidied_file_shows_no_secret_that_stands_beside(bare_desk):
    typed = SESSION.replace('{ secret = "prod.password" }', '"canary-typed"')
    bare_desk.session.write_text(typed.replace("user =", "user   ="))
    result = bare_desk.run("fmt", "--diff", FILE)
    assert "-user   =" in result.stdout
    assert "canary" not in result.output


def test_a_list_of_readers_that_leads_out_of_the_repository_is_not_written(bare_desk, tmp_path):
    """A committed symlink to authorized_keys must not let a new reader log in."""
    keys = tmp_path / "authorized_keys"
    keys.write_text("ssh-ed25519 AAAA me\n")
    (bare_desk.folder / ".age-recipients").symlink_to(keys)
    stranger = Desk(tmp_path / "other", tmp_path / "other-home")
    stranger.folder.mkdir()
    other = stranger.new_key()
    result = bare_desk.run("recipients", "add", other)
    assert result.exit_code == REFUSED, result.output
    assert "leads out of" in result.stderr
    assert keys.read_text() == "ssh-ed25519 AAAA me\n"


def test_a_vault_folder_that_leads_out_of_the_repository_is_not_written(bare_desk, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    bare_desk.new_key()
    (bare_desk.folder / ".sessionctl").symlink_to(elsewhere)
    result = bare_desk.set(b"hunter2", code=None)
    assert result.exit_code == REFUSED, result.output
    assert os.listdir(elsewhere) == []
    assert not bare_desk.sidecar.exists()
    assert not (bare_desk.folder / ".age-recipients").exists()


@pytest.mark.parametrize(
    "link",
    ["api.secrets.toml", ".age-recipients", ".sessionctl", ".sessionctl/vault.age"],
)
@pytest.mark.parametrize("target", ["{outside}/x.toml", "sub/x.toml", "../x.toml"])
def test_nothing_is_made_beside_what_a_symlink_to_nothing_leads_to(
    bare_desk, tmp_path, link, target
):
    outside = tmp_path / "outside"
    outside.mkdir()
    bare_desk.new_key()
    path = bare_desk.folder / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target.format(outside=outside))
    before = sorted(tmp_path.rglob("*"))
    result = bare_desk.set(b"hunter2", code=None)
    assert result.exit_code in (3, REFUSED), result.output
    assert link in result.stderr
    assert "hint: " in result.stderr
    made = {path for path in set(tmp_path.rglob("*")) - set(before) if "state" not in path.parts}
    assert made == set()


@pytest.mark.parametrize("command", ["list", "set", "reveal", "accept", "rm", "rotate", "exec"])
def test_every_command_names_a_sidecar_that_leads_nowhere(desk, command):
    desk.sidecar.unlink()
    desk.sidecar.symlink_to("gone/api.secrets.toml")
    more = {"list": [FILE], "exec": [FILE, "--", "true"], "reveal": [FILE, NAME, "--stdout"]}
    words = more.get(command, [FILE, NAME])
    result = desk.run("secret", command, *words, stdin=b"x\n")
    assert result.exit_code == 3, result.output
    assert "api.secrets.toml: a symlink to gone/api.secrets.toml, which is not there" in (
        result.stderr
    )


def test_a_list_of_readers_may_be_a_symlink_within_the_repository(bare_desk):
    recipient = bare_desk.new_key()
    (bare_desk.folder / "keys").write_text(f"{recipient}\n")
    (bare_desk.folder / ".age-recipients").symlink_to("keys")
    bare_desk.set(b"hunter2")
    assert (bare_desk.folder / ".age-recipients").is_symlink()
    assert bare_desk.reveal(code=0).stdout == "hunter2"
