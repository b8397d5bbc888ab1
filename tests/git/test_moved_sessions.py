"""Sessions that were moved or copied out of the reach of their secrets: reported everywhere."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
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


def assert_all_is_well(repo, session):
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
    assert_all_is_well(moved, f"dots/{FILE}")


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
    assert_all_is_well(moved, f"{where}/{FILE}")


def test_a_sidecar_moved_without_its_session_comes_back(moved):
    moved.run("mv", f"dots/{SIDECAR}", "other")
    done = run_inside("validate", f"dots/{FILE}", cwd=moved.path)
    hint = next(line for line in done.stdout.splitlines() if "mv --" in line)
    type_it(command_of(hint.strip()), moved.path)
    assert_all_is_well(moved, f"dots/{FILE}")


def test_both_copied_into_another_repository(moved, tmp_path):
    other = GitRepo(tmp_path / "another")
    other.path.mkdir()
    other.run("init", "--quiet", "--initial-branch=main")
    for name in (FILE, SIDECAR):
        shutil.copy(moved.path / "dots" / name, other.path)
    for words in (["validate"], ["secret", "doctor", FILE], ["sync", "--dry-run"]):
        done = run_inside(*words, cwd=other.path)
        assert done.returncode == 1, done.stdout + done.stderr
        said = done.stdout + done.stderr
        # The doctor knows where the vault was used on this machine.
        assert ("cp -R" if "doctor" in words else "copy .age-recipients and .sessionctl") in said
    for name in (".age-recipients", ".sessionctl"):
        source = moved.path / "dots" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, other.path / name)
    assert_all_is_well(other, FILE)


@pytest.fixture
def two_vaults(moved, monkeypatch):
    """Return the repository, with another vault in the directory ``other``."""
    readers = (moved.path / "dots" / ".age-recipients").read_text()
    moved.write("other/.age-recipients", readers)
    moved.write("other/b.session.toml", SESSION.replace("3f0d8c2e", "4f0d8c2e"))
    monkeypatch.chdir(moved.path / "other")
    done = CliRunner().invoke(
        app, ["secret", "set", "b.session.toml", "prod.password"], input="swordfish"
    )
    assert done.exit_code == 0, done.output
    monkeypatch.chdir(moved.path)
    moved.commit("two vaults")
    return moved


@pytest.mark.slow
def test_both_moved_to_where_another_vault_is(two_vaults):
    for name in (FILE, SIDECAR):
        two_vaults.run("mv", f"dots/{name}", "other")
    said = reports(two_vaults, f"other/{FILE}")
    assert "sealed for another vault than the one here" in said[f"validate other/{FILE}"]
    lines = said[f"validate other/{FILE}"].splitlines()
    hint = next(line for line in lines if "mv --" in line)
    type_it(command_of(hint.strip()), two_vaults.path)
    assert_all_is_well(two_vaults, f"dots/{FILE}")


def test_a_sidecar_of_an_older_vault_key_is_a_warning(moved):
    """It came from a branch of before the change of keys: the vault still opens it."""
    old = moved.read(f"dots/{SIDECAR}")
    vault = re.search(r'^vault = "(\w+)"', old, re.MULTILINE)[1]
    info = moved.path / "dots" / ".sessionctl" / "vault.toml"
    info.write_text(info.read_text().replace(vault, "age1" + "q" * 58))
    done = run_inside("validate", f"dots/{FILE}", cwd=moved.path)
    assert done.returncode == 0
    assert "warning[vault-out-of-reach]" in done.stdout
    assert "or for an older key of it" in done.stdout
    assert f"sessionctl secret doctor dots/{FILE}" in done.stdout


def test_the_doctor_looks_at_the_vault_of_each_session(two_vaults):
    done = run_inside("secret", "doctor", f"dots/{FILE}", "other/b.session.toml", "--json",
                      cwd=two_vaults.path)  # fmt: skip
    points = [one for one in json.loads(done.stdout)["points"] if one["what"] == "vault"]
    assert [one["message"] for one in points] == [
        "dots/.sessionctl/vault.age",
        "other/.sessionctl/vault.age",
    ]
    assert run_inside("secret", "doctor", cwd=two_vaults.path).stdout.count("can be used") == 2


@pytest.mark.parametrize("folder", ["another", "an other's"])
def test_the_vault_of_another_repository_is_brought_by_one_command(moved, tmp_path, folder):
    """Where this machine used the vault, it knows the place."""
    other = GitRepo(tmp_path / folder)
    other.path.mkdir()
    other.run("init", "--quiet", "--initial-branch=main")
    for name in (FILE, SIDECAR):
        shutil.copy(moved.path / "dots" / name, other.path)
    done = run_inside("validate", cwd=other.path)
    step = next(line for line in done.stdout.splitlines() if "secret doctor" in line)
    said = type_it(command_of(step, alternative=0), other.path, code=1)
    hint = next(line for line in (said.stdout + said.stderr).splitlines() if "cp -R" in line)
    type_it(hint.partition(": cp ")[1].strip(": ") + " " + hint.partition(": cp ")[2], other.path)
    done = run_inside("validate", cwd=other.path)
    assert done.returncode == 0, done.stdout
    assert "can be used" in run_inside("secret", "doctor", FILE, cwd=other.path).stdout


def test_both_copied_into_another_repository_with_a_vault_of_its_own(two_vaults, tmp_path):
    other = GitRepo(tmp_path / "another")
    other.path.mkdir()
    other.run("init", "--quiet", "--initial-branch=main")
    shutil.copytree(two_vaults.path / "other" / ".sessionctl", other.path / ".sessionctl")
    shutil.copy(two_vaults.path / "other" / ".age-recipients", other.path)
    for name in (FILE, SIDECAR):
        shutil.move(two_vaults.path / "dots" / name, other.path)
    done = run_inside("secret", "doctor", FILE, cwd=other.path)
    assert done.returncode == 1
    hint = next(line for line in (done.stdout + done.stderr).splitlines() if "mv --" in line)
    type_it(command_of(hint.strip()), other.path)
    assert_all_is_well(two_vaults, f"dots/{FILE}")


def test_a_session_whose_secrets_others_give_is_left_alone(program_path, git_repo):
    git_repo.commit("session", api__session__toml=SESSION)
    assert run_inside("validate", cwd=git_repo.path).returncode == 0
