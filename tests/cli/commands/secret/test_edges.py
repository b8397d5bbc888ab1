"""Branches, machines without memory or git, links, foreign owners: nothing surprising."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.services.secrets.access.secret_place import find_root
from tests.desk import FILE, NAME, SESSION, Desk, files_of
from tests.sidecars import in_armor
from tests.world import GitRepo, need, run_sessionctl

REFUSED, LOCKED = 5, 4


@pytest.fixture
def repo(desk):
    need("git")
    made = GitRepo(desk.folder)
    made.run("init", "--quiet", "--initial-branch=main")
    return made


# -- older entries -----------------------------------------------------------------------


def test_a_branch_that_never_had_the_newer_value_has_the_older_one(desk, repo):
    repo.commit("one")
    repo.run("checkout", "--quiet", "-b", "other")
    desk.set(b"newer")
    repo.commit("two")
    desk.reveal(code=0)
    repo.run("checkout", "--quiet", "main")
    result = desk.reveal(code=0)
    assert result.stdout == "hunter2"
    assert "an older one, generation 1 of 2; the newer one is not in this history" in result.stderr
    repo.run("merge", "--quiet", "other")
    assert desk.reveal(code=0).stdout == "newer"
    repo.run("revert", "--no-edit", "HEAD")
    assert "an older one" in desk.reveal(code=REFUSED).stderr


def test_a_change_that_was_never_committed_and_thrown_away_is_no_attack(desk, repo):
    repo.commit("one")
    desk.set(b"newer")
    repo.run("checkout", "--", ".")
    assert desk.reveal(code=0).stdout == "hunter2"


def test_without_git_an_older_entry_is_refused(desk):
    before = desk.sidecar.read_text()
    desk.set(b"newer")
    desk.sidecar.write_text(before)
    assert "an older one" in desk.reveal(code=REFUSED).stderr


def test_an_older_entry_of_a_file_that_git_does_not_keep_is_refused(desk, repo):
    before = desk.sidecar.read_text()
    desk.set(b"newer")
    desk.sidecar.write_text(before)
    assert "an older one" in desk.reveal(code=REFUSED).stderr


def test_a_newer_entry_in_a_renamed_sidecar_still_counts(desk, repo):
    before = desk.sidecar.read_text()
    desk.set(b"newer")
    repo.commit("one")
    (desk.folder / "moved.session.toml").write_text(SESSION)
    (desk.folder / "moved.secrets.toml").write_text(before)
    desk.sidecar.unlink()
    desk.session.unlink()
    repo.write("x.secrets.toml", "not = a sidecar")
    repo.commit("two")
    refused = desk.reveal(file="moved.session.toml", code=REFUSED)
    assert "an older one" in refused.stderr


# -- memory ------------------------------------------------------------------------------


def test_a_machine_that_cannot_remember_says_so_and_goes_on(desk, tmp_path):
    (tmp_path / "file").touch()
    result = desk.reveal(env={"XDG_STATE_HOME": str(tmp_path / "file")}, code=0)
    assert result.stdout == "hunter2"
    assert "the last seen state could not be saved" in result.stderr


def test_a_memory_that_is_damaged_is_told_with_the_way_out(desk):
    desk.trust.write_text("format = 1\nvaults = 1\n")
    refused = desk.reveal(code=1)
    assert f"mv {desk.trust} {desk.trust}.old" in refused.stderr


def test_without_a_home_there_is_no_place_for_keys(desk):
    done = run_sessionctl(
        "secret", "list", FILE, cwd=desk.folder,
        env={"HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""},
    )  # fmt: skip
    assert done.returncode == 0, "a list needs neither"
    done = run_sessionctl(
        "recipients", "list", cwd=desk.folder,
        env={"HOME": "x", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""},
    )  # fmt: skip
    assert (done.returncode, "set HOME" in done.stderr) == (2, True)


# -- places ------------------------------------------------------------------------------


def test_a_session_that_is_a_link_has_its_secrets_where_it_leads(desk, tmp_path):
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / FILE).symlink_to(desk.session)
    live = Desk(tmp_path / "live", desk.home)
    assert live.reveal(code=0).stdout == "hunter2"
    live.set(b"newer")
    assert os.listdir(live.folder) == [FILE]
    assert desk.reveal(code=0).stdout == "newer"


def test_a_folder_below_uses_the_vault_above(desk):
    below = Desk(desk.folder / "a" / "b", desk.home)
    below.folder.mkdir(parents=True)
    below.session.write_text(SESSION)
    below.set(b"x", name="other")
    assert not (below.folder / ".sessionctl").exists()
    assert below.reveal("other", code=0).stdout == "x"


def test_a_vault_outside_of_the_work_tree_does_not_count(desk):
    need("git")
    inner = desk.folder / "project"
    inner.mkdir()
    GitRepo(inner).run("init", "--quiet")
    below = inner / "sub"
    below.mkdir()
    assert find_root(below) == inner


def test_a_vault_that_another_user_put_there_does_not_count(tmp_path):
    planted = tmp_path / ".age-recipients"
    planted.touch()
    below = tmp_path / "mine"
    below.mkdir()
    assert find_root(below) == tmp_path
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(planted, 12345, -1)
    assert find_root(below) == below


# -- entries that nobody vouches for -----------------------------------------------------


def test_a_new_vault_key_is_for_what_the_last_one_sealed_alone(desk):
    for name in ("old", "false", "junk"):
        desk.set(b"x", name=name)
    desk.run("secret", "rekey", "--new-key", code=0)
    first = Sidecar.parse(desk.sidecar.read_text())
    junk = SidecarEntry("junk", in_armor(b"no age file at all, just bytes"))
    forged = first.entries[NAME]
    desk.run("secret", "rekey", "--new-key", code=0)
    current = Sidecar.parse(desk.sidecar.read_text())
    mixed = current.put(first.entries["old"]).put(junk).put(forged._replace(name="false"))
    desk.sidecar.write_text(mixed.text)
    result = desk.run("secret", "rekey", "--new-key", code=0)
    assert "old: unchanged: it is encrypted to an older vault key" in result.stderr
    assert "junk: unchanged: not an age file" in result.stderr
    assert desk.reveal(code=0).stdout == "hunter2"
    desk.run("secret", "accept", "--yes", FILE, code=0)
    assert desk.reveal("old", code=0).stdout == "x"
    assert "refused" in desk.reveal("junk", code=REFUSED).stderr
    assert "the entry of another secret" in desk.reveal("false", code=REFUSED).stderr


# -- who may read ------------------------------------------------------------------------


def test_before_there_is_a_list_nobody_can_be_removed_from_it(bare_desk):
    key = bare_desk.new_key()
    assert "no such file" in bare_desk.run("recipients", "rm", key, code=2).stderr
    assert "no such file" in bare_desk.run("secret", "rekey", code=2).stderr
    assert "no recipients here" in bare_desk.run("recipients", "list", code=0).stderr


def test_a_list_without_a_vault_is_edited(bare_desk):
    one = bare_desk.run("recipients", "add", bare_desk.elsewhere("bob").new_key(), code=0)
    assert "listed, but cannot read yet" in one.stderr
    key = bare_desk.run("recipients", "list", code=0).stdout.split()[0]
    result = bare_desk.run("recipients", "rm", key, code=0)
    assert result.stdout == "changed .age-recipients\n"


def test_a_list_that_grew_by_some_in_a_merge_is_no_removal(desk):
    keys = [desk.elsewhere(f"p{number}").new_key() for number in range(3)]
    desk.run("recipients", "add", keys[0], code=0)
    path = desk.folder / ".age-recipients"
    vault = {name: (desk.folder / name).read_text() for name in (
        ".sessionctl/vault.age", ".sessionctl/vault.toml",
    )}  # fmt: skip
    desk.run("recipients", "add", keys[1], code=0)
    for name, text in vault.items():  # as when the other side's vault was taken
        (desk.folder / name).write_text(text)
    path.write_text(f"{path.read_text()}{keys[2]}\n")
    armor = desk.entries()[NAME].armor
    desk.run("secret", "rekey", "--accept", keys[2], code=0)
    assert desk.entries()[NAME].armor == armor
    assert desk.elsewhere("x").reveal().exit_code == LOCKED


def test_a_list_that_nobody_can_explain_gets_a_new_vault_key(desk):
    info = desk.folder / ".sessionctl" / "vault.toml"
    text = info.read_text()
    digest = text.split('wrapped_for = "')[1].split('"')[0]
    info.write_text(text.replace(digest, "sha256:00"))
    armor = desk.entries()[NAME].armor
    desk.run("secret", "rekey", code=0)
    assert desk.entries()[NAME].armor != armor
    assert desk.entries()[NAME].rotate, "somebody may have known it"


# -- the group ---------------------------------------------------------------------------


def test_the_commands_are_completed(monkeypatch):
    monkeypatch.setenv("COMP_WORDS", "sessionctl secret re")
    monkeypatch.setenv("COMP_CWORD", "2")
    monkeypatch.setenv("_SESSIONCTL_COMPLETE", "bash_complete")
    printed = CliRunner().invoke(app, []).stdout.split()
    assert printed == ["plain,reveal", "plain,rekey"]


def test_the_names_of_secrets_are_completed(desk, monkeypatch):
    monkeypatch.chdir(desk.folder)
    monkeypatch.setenv("COMP_CWORD", "4")
    monkeypatch.setenv("_SESSIONCTL_COMPLETE", "bash_complete")
    for file, found in {FILE: [f"plain,{NAME}"], "nowhere.session.toml": []}.items():
        monkeypatch.setenv("COMP_WORDS", f"sessionctl secret reveal {file} pr")
        assert CliRunner().invoke(app, []).stdout.split() == found


def test_a_word_too_many_and_an_unknown_option_are_not_repeated(desk):
    for words in (["hunter3"], ["--hunter3"], ["--hunter3=x"]):
        result = desk.run("secret", "set", FILE, NAME, *words, code=2)
        assert "hunter3" not in result.output
    missing = desk.run("secret", "set", code=2)
    assert "missing argument" in missing.stderr.lower()


def test_reading_changes_no_file(desk):
    before = files_of(desk.folder)
    for command in (["list"], ["doctor"], ["reveal", FILE, NAME, "--stdout"]):
        desk.run("secret", *command, code=0)
    desk.run("recipients", "list", code=0)
    assert files_of(desk.folder) == before


def test_no_secrets_is_no_reason_to_fail_exec(bare_desk):
    bare_desk.session.write_text('schema_version = 1\nname = "x"\n')
    done = run_sessionctl(
        "secret", "exec", FILE, "--", "echo", "ok", cwd=bare_desk.folder, env=bare_desk.environ
    )
    assert (done.returncode, done.stdout) == (0, "ok\n")


def test_a_name_that_begins_with_a_digit_makes_a_variable(desk):
    desk.session.write_text(f'{desk.session.read_text()}[env]\nT = {{ secret = "2fa.key" }}\n')
    desk.set(b"x", name="2fa.key")
    script = "echo $_2FA_KEY"
    done = run_sessionctl(
        "secret", "exec", FILE, "--", "sh", "-c", script, cwd=desk.folder, env=desk.environ
    )
    assert done.stdout == "x\n"
