"""What a sync takes: what status shows is what it commits, and nothing that validate rejects."""

from __future__ import annotations

import json
import os
import random
import subprocess

import pytest

from tests.desk import FILE, NAME, SESSION, Desk
from tests.git.inprocess import run_inside
from tests.git.test_sync import clone, head, remote  # noqa: F401 - fixtures
from tests.world import GitRepo, need

SIDECAR = "api.secrets.toml"
VAULT = ".sessionctl/vault.age"
SMALL = 'schema_version = 1\nname = "small"\n'
COMPANIONS = {SIDECAR, ".age-recipients", VAULT, ".sessionctl/vault.toml"}


def sync(repo, *arguments, **more):
    return run_inside("sync", *arguments, **{"cwd": repo.path, **more})


def status(repo, *arguments, **more):
    return run_inside("status", *arguments, **{"cwd": repo.path, **more})


def committed(repo):
    return set(repo.run("ls-tree", "-r", "--name-only", "HEAD").stdout.split("\n")[:-1])


@pytest.fixture
def desk(git_repo, tmp_path, monkeypatch):
    """Return a desk in a repository, with a session and one secret; nothing is committed."""
    home = tmp_path / "desk-home"
    home.mkdir()
    desk = Desk(git_repo.path, home)
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    desk.new_key()
    git_repo.write(FILE, SESSION)
    desk.set(b"hunter2")
    return desk


@pytest.fixture
def pushed(desk, git_repo):
    """Return a repository in which all of the desk is committed."""
    assert sync(git_repo).returncode == 0
    assert {FILE, *COMPANIONS} <= committed(git_repo)
    return git_repo


# -- what validate rejects -----------------------------------------------------------------


def test_a_session_that_stays_is_checked_when_its_secret_is_gone(pushed, desk):
    desk.run("secret", "rm", FILE, NAME, code=0)
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1
    assert f"{FILE}:10:12: error[dangling-secret]" in done.stdout
    assert run_inside("validate", FILE, cwd=pushed.path).returncode == 1
    assert f"invalid     {FILE}: 1 error" in status(pushed).stdout
    assert head(pushed) == before


@pytest.mark.parametrize("with_vault", [True, False])
def test_a_sidecar_that_is_deleted_stores_nothing(pushed, with_vault):
    (pushed.path / SIDECAR).unlink()
    if not with_vault:
        pushed.run("rm", "-rq", ".sessionctl", ".age-recipients")
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1
    assert "dangling-secret" in done.stdout
    assert head(pushed) == before


def test_a_vault_is_not_deleted_while_it_is_needed(pushed):
    (pushed.path / VAULT).unlink()
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1
    assert f"{VAULT}:1:1: error[left-behind]: it is deleted" in done.stdout
    assert f"git checkout HEAD -- {VAULT}" in done.stdout
    assert head(pushed) == before
    pushed.run("checkout", "HEAD", "--", VAULT)
    assert sync(pushed).returncode == 0


def test_a_new_file_with_a_mistake_is_shown_and_never_to_be_added(git_repo):
    git_repo.write("bad.session.toml", "name = \n")
    git_repo.write("sub/good.session.toml", SMALL)
    shown = status(git_repo)
    assert shown.returncode == 1
    assert "invalid     bad.session.toml: 1 error" in shown.stdout
    assert "new         sub/good.session.toml\n" in shown.stdout
    assert "git add" not in shown.stderr
    assert "next: sessionctl validate bad.session.toml" in shown.stderr


def test_an_unmerged_file_with_mistakes_is_not_to_be_added(git_repo):
    git_repo.commit("base", api__session__toml=SMALL)
    git_repo.run("checkout", "-qb", "topic")
    git_repo.commit("theirs", api__session__toml=SMALL.replace("small", "one"))
    git_repo.run("checkout", "-q", "main")
    git_repo.commit("ours", api__session__toml=SMALL.replace("small", "two"))
    git_repo.run("merge", "topic", check=False)
    git_repo.write(FILE, "name = \n")
    shown = status(git_repo)
    assert "git add" not in shown.stderr
    assert f"sessionctl validate {FILE}" in shown.stderr


# -- partly staged -------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FILE, SIDECAR, VAULT, ".age-recipients", "new.session.toml"])
def test_a_partly_staged_file_is_not_committed_whole(pushed, path):
    old = pushed.read(path) if path != "new.session.toml" else SMALL
    comment = "\n" if path == VAULT else "# one\n"
    pushed.write(path, old + comment)
    pushed.run("add", path)
    pushed.write(path, old + comment * 2)
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{path}:1:1: error[partly-staged]: only a part of its changes is staged" in done.stdout
    assert f"git add -- {path}" in done.stdout
    assert head(pushed) == before
    shown = status(pushed)
    assert shown.returncode == 1
    assert f"blocked     {path}: only a part of its changes is staged\n" in shown.stdout
    assert f"next: git add -- {path}\n" in shown.stderr
    pushed.run("add", "--", path)
    assert sync(pushed).returncode == 0
    assert pushed.run("show", f"HEAD:{path}").stdout == old + comment * 2


def test_a_file_that_was_renamed_and_then_edited_is_taken(pushed):
    assert run_inside("rename", "api", "web", cwd=pushed.path).returncode == 0
    assert "AM web.session.toml" in pushed.run("status", "--short", "--no-renames").stdout
    shown = status(pushed)
    assert (shown.returncode, "blocked" in shown.stdout) == (0, False), shown.stdout
    done = sync(pushed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert committed(pushed) & {FILE, "web.session.toml"} == {"web.session.toml"}
    assert pushed.run("show", "HEAD:web.session.toml").stdout == pushed.read("web.session.toml")
    pushed.run("mv", "web.session.toml", "new.session.toml")
    pushed.run("mv", "web.secrets.toml", "new.secrets.toml")
    pushed.write("new.session.toml", pushed.read("new.session.toml") + "# one\n")
    assert sync(pushed).returncode == 0
    assert pushed.run("show", "HEAD:new.session.toml").stdout.endswith("# one\n")


def test_a_part_that_is_staged_after_a_rename_is_still_noticed(git_repo):
    git_repo.commit("session", api__session__toml=SMALL)
    git_repo.run("mv", FILE, "web.session.toml")
    git_repo.write("web.session.toml", SMALL + "# one\n")
    git_repo.run("add", "web.session.toml")
    git_repo.write("web.session.toml", SMALL + "# one\n# two\n")
    assert "web.session.toml:1:1: error[partly-staged]" in sync(git_repo).stdout


def test_a_file_that_is_only_to_be_added_is_taken(git_repo):
    git_repo.write(FILE, SMALL)
    git_repo.run("add", "--intent-to-add", FILE)
    assert sync(git_repo).returncode == 0


# -- what travels with a session -----------------------------------------------------------


def test_where_git_does_not_look_for_new_files_the_secrets_go_along(desk, git_repo):
    git_repo.run("config", "status.showUntrackedFiles", "no")
    git_repo.write("other.session.toml", SMALL)
    git_repo.run("add", FILE)
    shown = status(git_repo).stdout.splitlines()
    assert [line.split()[-1] for line in shown] == sorted([FILE, *COMPANIONS])
    assert sync(git_repo).returncode == 0
    assert committed(git_repo) == {FILE, *COMPANIONS}


def test_secrets_that_came_after_the_session_go_along_too(git_repo, tmp_path, monkeypatch):
    git_repo.run("config", "status.showUntrackedFiles", "no")
    git_repo.commit("session", api__session__toml=SESSION)
    home = tmp_path / "desk-home"
    home.mkdir()
    desk = Desk(git_repo.path, home)
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    desk.new_key()
    desk.set(b"hunter2")
    assert sync(git_repo).returncode == 0
    assert committed(git_repo) == {FILE, *COMPANIONS}


@pytest.mark.parametrize("pattern", ["*.age", "*.secrets.toml", ".*", ".sessionctl/"])
@pytest.mark.parametrize("untracked", ["all", "no"])
def test_what_git_ignores_is_refused_with_the_command_that_helps(
    desk, git_repo, pattern, untracked
):
    git_repo.run("config", "status.showUntrackedFiles", untracked)
    git_repo.write(".git/info/exclude", f"{pattern}\n")
    git_repo.run("add", FILE)
    for _ in COMPANIONS:
        done = sync(git_repo)
        if done.returncode == 0:
            break
        assert done.returncode == 1
        assert "error[left-behind]: git ignores it, and api.session.toml needs it" in done.stdout
        assert git_repo.run("rev-parse", "--verify", "-q", "HEAD", check=False).returncode == 1
        shown = status(git_repo)
        assert shown.returncode == 1
        [step, *_] = [line for line in shown.stderr.splitlines() if "next: " in line]
        command = step.partition("next: ")[2]
        assert command.startswith("git add --force -- ")
        subprocess.run(["sh", "-c", command], cwd=git_repo.path, check=True)
    assert committed(git_repo) == {FILE, *COMPANIONS}


@pytest.mark.parametrize("untracked", ["all", "no"])
def test_a_sidecar_that_is_to_leave_the_repository_is_refused_while_it_is_needed(pushed, untracked):
    pushed.run("config", "status.showUntrackedFiles", untracked)
    pushed.run("rm", "-q", "--cached", SIDECAR)
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1
    assert f"{SIDECAR}:1:1: error[left-behind]: it is staged for removal" in done.stdout
    assert head(pushed) == before
    pushed.run("add", "--force", "--", SIDECAR)
    assert sync(pushed).returncode == 0


def test_an_ignored_file_that_nothing_needs_is_nothing(git_repo):
    git_repo.write(".git/info/exclude", "*.age\n")
    git_repo.write(VAULT, "x")
    git_repo.write(FILE, SMALL)
    assert sync(git_repo).returncode == 0
    assert committed(git_repo) == {FILE}


# -- through links -------------------------------------------------------------------------


@pytest.mark.parametrize("folded", [True, False])
def test_stowed_files_stand_as_in_their_repository(git_repo, home, folded):
    need("stow")
    git_repo.write("tmux/.config/s/a.session.toml", SMALL)
    git_repo.commit("base")
    git_repo.write("tmux/.config/s/b.session.toml", "name = \n")
    git_repo.write("tmux/.config/s/a.session.toml", SMALL + 'root = "~"\n')
    if not folded:
        (home / ".config" / "s").mkdir(parents=True)
    subprocess.run(["stow", "-d", str(git_repo.path), "-t", str(home), "tmux"], check=True)
    folder = home / ".config" / "s"
    assert (home / ".config").is_symlink() == folded
    for done in (status(git_repo, "."), status(git_repo, str(folder), cwd=home)):
        found = {
            line.split()[1].split("/")[-1].rstrip(":"): line for line in done.stdout.splitlines()
        }
        assert found["a.session.toml"].startswith("changed ")
        assert found["b.session.toml"].startswith("invalid ")
    named = status(git_repo, str(folder / "b.session.toml"), cwd=home)
    assert named.returncode == 1
    assert f"sessionctl validate {os.path.relpath(folder / 'b.session.toml', home)}" in (
        named.stderr.replace(f"{home}/", "")
    )


# -- status and sync agree -----------------------------------------------------------------

TEXTS = {
    "good": SMALL,
    "other": SMALL.replace("small", "other"),
    "comment": f"# c\n{SMALL}",
    "syntax": "name = \n",
    "type": "schema_version = 1\nname = 1\n",
    "marker": "<<<<<<< a\na = 1\n=======\na = 2\n>>>>>>> b\n",
}


def make_state(repo, rng):
    """Bring a repository into a state of its own: files in any mixture of what git knows."""
    names = ["a.session.toml", "sub/b.session.toml", "-c.session.toml", "sub/d e.session.toml"]
    for name in names:
        if rng.random() < 0.6:
            repo.write(name, TEXTS[rng.choice(["good", "other"])])
    repo.write("readme", "x")
    repo.commit("base")
    repo.run("config", "status.showUntrackedFiles", rng.choice(["all", "normal", "no"]))
    for name in rng.sample(names, 3):
        for _ in range(rng.randint(0, 3)):
            change_one(repo, rng, name)


def change_one(repo, rng, name):
    kinds = ["good", "other", "comment"] * 3 + ["syntax", "type", "marker"]
    match rng.choice(["write", "write", "add", "rm", "unlink", "intent", "reset", "chmod"]):
        case "write":
            repo.write(name, TEXTS[rng.choice(kinds)])
        case "add":
            repo.run("add", "--", name, check=False)
        case "rm":
            repo.run("rm", "--cached", "-q", "--", name, check=False)
        case "unlink":
            (repo.path / name).unlink(missing_ok=True)
        case "intent":
            repo.run("add", "-N", "--", name, check=False)
        case "reset":
            repo.run("reset", "-q", "--", name, check=False)
        case "chmod" if (repo.path / name).exists():
            (repo.path / name).chmod(rng.choice([0o644, 0o755]))


@pytest.mark.parametrize("seed", range(16))
def test_status_shows_what_sync_commits(git_repo, seed):
    make_state(git_repo, random.Random(seed))
    before = head(git_repo)
    shown = json.loads(status(git_repo, "--json").stdout)
    states = {file["path"]: file["state"] for file in shown["files"]}
    differing = {path for path, state in states.items() if state != "clean"}
    needing = {
        path for path, state in states.items() if state in ("invalid", "conflicts", "blocked")
    }
    rehearsed = sync(git_repo, "--dry-run", "--json")
    planned = json.loads(rehearsed.stdout)
    assert {file["file"] for file in planned["invalid"]} == needing
    done = sync(git_repo)
    if needing:
        assert done.returncode == 1
        assert head(git_repo) == before
        return
    assert done.returncode == 0, done.stdout + done.stderr
    taken = {file["path"] for step in planned["steps"] for file in step.get("files", ())}
    assert taken == differing
    changed = git_repo.run("diff", "--name-only", "--no-renames", "-z", before, "HEAD").stdout
    assert set(changed.split("\0")[:-1]) == differing
    assert all(
        file["state"] == "clean" for file in json.loads(status(git_repo, "--json").stdout)["files"]
    )
    clone_of(git_repo)


def clone_of(repo):
    """A clone holds nothing that validate rejects, save what was committed before."""
    copy = GitRepo(repo.path.with_name("copy"))
    repo.run("clone", "-q", str(repo.path), str(copy.path))
    files = [path for path in committed(repo) if path.endswith(".session.toml")]
    if files:
        assert run_inside("validate", "--", *files, cwd=copy.path).returncode == 0


# -- what is committed already -------------------------------------------------------------


def test_a_session_that_was_committed_without_its_secrets_is_not_pushed(remote, clone, desk):  # noqa: F811
    repo = clone("one")
    for name in (FILE, *COMPANIONS):
        repo.write(name, desk.folder.joinpath(name).read_text())
    assert sync(repo).returncode == 0
    pushed = head(remote, "main")
    repo.run("rm", "-q", SIDECAR)
    repo.run("commit", "-qm", "by hand")
    done = sync(repo)
    assert done.returncode == 1
    assert "dangling-secret" in done.stdout
    assert "not pushed: the commits contain errors" in done.stderr
    assert head(remote, "main") == pushed


@pytest.mark.parametrize("new", ["web.session.toml", "sub/api.session.toml", "it's.session.toml"])
def test_a_session_that_was_renamed_takes_its_secrets_along(pushed, desk, new):
    (pushed.path / "sub").mkdir()
    (pushed.path / FILE).rename(pushed.path / new)
    before = head(pushed)
    done = sync(pushed)
    assert done.returncode == 1
    assert f"{new}:1:1: error[left-behind]: its secrets stayed in {SIDECAR}" in done.stdout
    assert head(pushed) == before
    [hint] = [line for line in done.stdout.splitlines() if "hint: mv " in line]
    subprocess.run(["sh", "-c", hint.partition("hint: ")[2]], cwd=pushed.path, check=True)
    assert sync(pushed).returncode == 0
    assert {new, new.replace("session", "secrets")} <= committed(pushed)
    assert desk.reveal(file=new, code=0).stdout == "hunter2"
