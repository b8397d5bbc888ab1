"""Sessions that were moved or copied out of the reach of their secrets: reported everywhere."""

from __future__ import annotations

import shutil

import pytest

from tests.desk import FILE, SESSION, Desk
from tests.git.inprocess import run_inside
from tests.hints.hint_typing import command_of, type_it
from tests.world import GitRepo

SIDECAR = "api.secrets.toml"
FOLDERS = ["other", "two words", "dots/below"]


@pytest.fixture
def moved(program_path, git_repo, tmp_path, monkeypatch):
    """Return a repository whose directory ``dots`` has a vault and a session with a secret."""
    repo = git_repo
    home = tmp_path / "desk-home"
    home.mkdir()
    desk = Desk(repo.path / "dots", home)
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    repo.write(f"dots/{FILE}", SESSION)
    monkeypatch.chdir(desk.folder)
    own = desk.new_key()
    repo.write("dots/.age-recipients", f"{own}\n")
    desk.set(b"hunter2")
    assert (repo.path / "dots" / ".sessionctl").is_dir()
    monkeypatch.chdir(repo.path)
    assert run_inside("git", "install", cwd=repo.path).returncode == 0
    repo.commit("all")
    for folder in FOLDERS:
        (repo.path / folder).mkdir(exist_ok=True)
    return repo


def reports(repo, session):
    """Return what each command that checks says of a session, and assert that none is content."""
    said = {}
    for words in (["validate", session], ["secret", "doctor", session], ["doctor"], ["status"],
                  ["sync", "--dry-run"]):  # fmt: skip
        done = run_inside(*words, cwd=repo.path)
        said[" ".join(words[:2])] = done.stdout + done.stderr
        assert done.returncode == 1, (words, done.stdout + done.stderr)
        assert session.rpartition("/")[0] in done.stdout + done.stderr
    return said


def all_is_well(repo, session):
    reveal = ["secret", "reveal", session, "prod.password", "--stdout"]
    for words in (["validate", session], reveal):
        done = run_inside(*words, cwd=repo.path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("how", ["git mv", "mv"])
@pytest.mark.parametrize("folder", FOLDERS[:2])
def test_both_moved_out_of_the_reach_of_their_vault(moved, folder, how):
    for name in (FILE, SIDECAR):
        if how == "mv":
            shutil.move(moved.path / "dots" / name, moved.path / folder)
            moved.run("add", "--intent-to-add", f"{folder}/{name}")
        else:
            moved.run("mv", f"dots/{name}", folder)
    said = reports(moved, f"{folder}/{FILE}")
    lines = said[f"validate {folder}/{FILE}"].splitlines()
    hint = next(line for line in lines if "mv --" in line)
    type_it(command_of(hint.strip()), moved.path)
    all_is_well(moved, f"dots/{FILE}")


@pytest.mark.parametrize(
    ("folder", "where"), [("other", "dots"), ("two words", "dots"), ("dots/below", "dots/below")]
)
def test_a_session_moved_without_its_secrets(moved, folder, where):
    """It goes back, or its secrets come after it where the vault reaches them."""
    moved.run("mv", f"dots/{FILE}", folder)
    session = f"{folder}/{FILE}"
    for words in (["validate", session], ["secret", "doctor", session], ["sync", "--dry-run"]):
        done = run_inside(*words, cwd=moved.path)
        said = done.stdout + done.stderr
        assert done.returncode == 1
        assert "mv -- " in said, said
    assert "invalid" in run_inside("status", cwd=moved.path).stdout
    done = run_inside("validate", session, cwd=moved.path)
    hint = next(line for line in done.stdout.splitlines() if "mv --" in line)
    type_it(command_of(hint.strip()), moved.path)
    all_is_well(moved, f"{where}/{FILE}")


def test_a_sidecar_moved_without_its_session_comes_back(moved):
    moved.run("mv", f"dots/{SIDECAR}", "other")
    done = run_inside("validate", f"dots/{FILE}", cwd=moved.path)
    hint = next(line for line in done.stdout.splitlines() if "mv --" in line)
    type_it(command_of(hint.strip()), moved.path)
    all_is_well(moved, f"dots/{FILE}")


def test_both_copied_into_another_repository(moved, tmp_path):
    other = GitRepo(tmp_path / "another")
    other.path.mkdir()
    other.run("init", "--quiet", "--initial-branch=main")
    for name in (FILE, SIDECAR):
        shutil.copy(moved.path / "dots" / name, other.path)
    for words in (["validate"], ["secret", "doctor", FILE], ["sync", "--dry-run"]):
        done = run_inside(*words, cwd=other.path)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "copy .age-recipients and .sessionctl" in done.stdout + done.stderr
    for name in (".age-recipients", ".sessionctl"):
        source = moved.path / "dots" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, other.path / name)
    all_is_well(other, FILE)


def test_a_session_whose_secrets_others_give_is_left_alone(program_path, git_repo):
    git_repo.commit("session", api__session__toml=SESSION)
    assert run_inside("validate", cwd=git_repo.path).returncode == 0
