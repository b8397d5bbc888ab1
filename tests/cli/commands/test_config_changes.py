"""Settings written by commands: what is checked first, where it goes, and what is said after."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.services.settings.settings_files import known_settings
from tests.answers import assert_answer


@pytest.fixture
def work(tmp_path, monkeypatch):
    (tmp_path / "project" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project" / "sub")
    return tmp_path / "project"


@pytest.fixture
def own(home, work):
    return home / "config" / "sessionctl" / "config.toml"


def run(*arguments):
    return CliRunner().invoke(app, ["config", *arguments])


def test_a_setting_makes_the_file_and_its_directory(own):
    result = run("set", "backups.count", "7")
    assert result.exit_code == 0, result.stderr
    assert own.read_text() == "[backups]\ncount = 7\n"
    assert run("backups.count").stdout == "backups.count = 7\n"


def test_what_stands_where_a_table_belongs_is_named_with_its_file(own, work):
    own.parent.mkdir(parents=True)
    own.write_text("backups = 5\n")
    result = run("set", "backups.count", "7")
    assert result.exit_code == 1
    assert result.stderr == (
        f'sessionctl: error: {own}: backups.count: "backups" is an integer, it has no keys\n'
        "sessionctl: hint: fix it there: sessionctl config edit\n"
    )
    (work / ".sessionctl.toml").write_text("merge = 5\n")
    assert run("set", "--project", "merge.prefer", "ours").stderr.endswith("edit --project\n")


def test_every_other_byte_of_the_file_stays(own):
    own.parent.mkdir(parents=True)
    own.write_bytes(b"# mine\r\n[backups]\r\n  days   = 3 # why\r\n")
    own.chmod(0o640)
    assert run("set", "backups.days", "4").exit_code == 0
    assert own.read_bytes() == b"# mine\r\n[backups]\r\n  days   = 4 # why\r\n"
    assert stat.S_IMODE(own.stat().st_mode) == 0o640


def test_a_link_into_a_dotfiles_repository_stays_one(own, tmp_path):
    target = tmp_path / "dotfiles.toml"
    target.write_text("")
    own.parent.mkdir(parents=True)
    own.symlink_to(target)
    assert run("set", "backups.days", "4").exit_code == 0
    assert own.is_symlink()
    assert target.read_text() == "[backups]\ndays = 4\n"


def test_a_link_to_a_new_file_stays_and_the_file_is_made(own, tmp_path):
    own.parent.mkdir(parents=True)
    own.symlink_to(tmp_path / "dotfiles.toml")
    assert run("set", "-n", "backups.days", "4").exit_code == 0
    assert not (tmp_path / "dotfiles.toml").exists()
    result = run("set", "backups.days", "4")
    assert result.exit_code == 0, result.stderr
    assert own.is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text() == "[backups]\ndays = 4\n"


def test_a_link_into_a_missing_directory_is_an_error_that_says_so(own, tmp_path):
    own.parent.mkdir(parents=True)
    own.symlink_to(tmp_path / "dot files" / "config.toml")
    result = run("set", "backups.days", "4")
    assert result.exit_code == 3
    assert f"{own}: a link to {tmp_path}/dot files/config.toml" in result.stderr
    assert f"mkdir -p '{tmp_path}/dot files'" in result.stderr
    assert own.is_symlink()


def test_a_link_of_a_project_makes_no_file_elsewhere(work, tmp_path):
    (work / ".sessionctl.toml").symlink_to(tmp_path / "elsewhere.toml")
    result = run("set", "--project", "merge.prefer", "ours")
    assert result.exit_code == 3
    assert "remove the symlink: rm " in result.stderr
    assert not (tmp_path / "elsewhere.toml").exists()


@pytest.mark.parametrize(
    ("key", "word", "says"),
    [
        ("backups.days", "x", "expected an integer, got x"),
        ("backups.days", "-3", "at least 0, got -3"),
        ("backups.clean", "perhaps", "expected true or false, got perhaps"),
        ("merge.prefer", "usal", 'got "usal"'),
        ("backups.day", "3", "did you mean backups.days?"),
        ("backups", "3", "it has: backups.count"),
        ("nothing.such", "3", "see them all: sessionctl config"),
    ],
)
def test_what_is_wrong_is_not_written(own, key, word, says):
    result = run("set", key, "--", word)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not own.exists()


def test_words_may_stand_for_a_list(own):
    assert run("set", "merge.prefer", "usual windows.*=theirs").exit_code == 0
    assert own.read_text() == '[merge]\nprefer = ["usual", "windows.*=theirs"]\n'


def test_another_source_that_decides_all_the_same_is_named(own, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "3")
    result = run("set", "backups.count", "7")
    assert result.exit_code == 0
    expected = "backups.count = 3 holds here, from environment SESSIONCTL_BACKUPS_COUNT"
    assert expected in result.stderr


def test_the_file_that_decides_is_not_warned_of_under_another_spelling(own, work):
    (work / ".sessionctl.toml").write_text("")
    assert "warning" not in run("set", "--project", "merge.prefer", "usual").stderr


def test_the_projects_file_is_the_nearest_one(own, work):
    (work / ".sessionctl.toml").write_text("")
    assert run("set", "--project", "merge.prefer", "ours").exit_code == 0
    assert 'prefer = ["ours"]' in (work / ".sessionctl.toml").read_text()
    assert not (work / "sub" / ".sessionctl.toml").exists()


def test_a_project_without_one_gets_it_at_the_top_of_its_work_tree(own, work):
    (work / ".git").mkdir()
    assert run("set", "--project", "merge.prefer", "ours").exit_code == 0
    assert (work / ".sessionctl.toml").exists()


def test_what_only_the_user_decides_is_not_written_into_a_project(own, work):
    result = run("set", "--project", "backups.count", "1")
    assert result.exit_code == 5
    assert "set it for yourself: sessionctl config set backups.count 1" in result.stderr
    assert not (work / "sub" / ".sessionctl.toml").exists()


def test_a_removed_setting_has_its_default_again(own):
    run("set", "backups.count", "7")
    assert run("unset", "backups.count").exit_code == 0
    assert run("backups.count").stdout == "backups.count = 50\n"
    again = run("unset", "backups.count")
    assert again.exit_code == 1
    assert "backups.count is not set there" in again.stderr
    assert "sessionctl config --show-origin backups.count" in again.stderr


def test_a_mistake_of_writing_can_be_removed(own):
    own.parent.mkdir(parents=True)
    own.write_text("[backups]\ncuont = 7\n")
    assert run("unset", "backups.cuont").exit_code == 0
    assert own.read_text() == "[backups]\n"


def test_a_dry_run_prints_the_lines_and_writes_nothing(own):
    result = run("set", "-n", "backups.count", "7")
    assert "+count = 7" in result.stdout
    assert not own.exists()


@pytest.mark.parametrize("command", ["set", "unset"])
def test_the_answer_in_json_is_as_its_schema_says(own, command):
    run("set", "backups.count", "7")
    word = ["8"] if command == "set" else []
    answer = json.loads(run(command, "--json", "backups.count", *word).stdout)
    assert_answer(answer, f"config-{command}.v1")
    assert answer["before"] == 7


def test_a_change_can_be_undone(own):
    run("set", "backups.count", "7")
    run("set", "backups.count", "8")
    assert CliRunner().invoke(app, ["undo", str(own)]).exit_code == 0
    assert "count = 7" in own.read_text()


def test_a_new_file_is_edited_with_every_setting_commented_out(own, monkeypatch):
    monkeypatch.setenv("EDITOR", "sed -i 's/^# .backups.$/[backups]/;s/^# count = 50/count = 9/'")
    assert run("edit", "--no-input").exit_code == 0
    assert run("backups.count").stdout == "backups.count = 9\n"
    text = own.read_text()
    assert all(f"# {one.schema['description']}" in text for one in known_settings())


def test_an_edit_that_changes_nothing_makes_no_file(own, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    assert run("edit").exit_code == 0
    assert not own.exists()


def test_an_edit_that_is_not_valid_is_not_saved(own, monkeypatch):
    run("set", "backups.count", "7")
    monkeypatch.setenv("EDITOR", "sed -i s/7/none/")
    result = run("edit", "--no-input")
    assert result.exit_code == 1
    assert own.read_text() == "[backups]\ncount = 7\n"
    assert "not saved" in result.stderr


def test_without_a_home_directory_the_answer_names_one(work, monkeypatch):
    def no_account(_number):
        raise KeyError

    for variable in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr("pwd.getpwuid", no_account)  # else that of the account would be written
    result = run("set", "backups.count", "7")
    assert result.exit_code
    assert "HOME" in result.stderr
