"""One setting written or removed: where, what the file is then, and why not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.errors import (
    EditError,
    FileError,
    KeyNotFoundError,
    RefusedError,
    SessionctlError,
    UsageError,
)
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.settings.settings_change import (
    SettingsFile,
    dangling_target,
    find_setting,
    first_text,
    no_such_setting,
    plan_removal,
    plan_setting,
    settings_file,
    write_setting,
)
from sessionctl.services.settings.settings_files import known_settings
from tests.together import together

DESCRIBED = "the settings are described by: sessionctl schema print settings.v1"


def refused(call, *arguments, **more):
    with pytest.raises(SessionctlError) as caught:
        call(*arguments, **more)
    return type(caught.value), caught.value.message, list(caught.value.hints)


def changed(path, text, key, word, *, is_project=False):
    """Return the text of the file behind an edit; None for the word is a removal."""
    path.write_text(text)
    file = SettingsFile(str(path), is_project)
    change = plan_removal(file, key) if word is None else plan_setting(file, key, word)
    assert (change.file, change.old.text) == (str(path), text)
    return change.new.text


@together(
    "text, key, word, after",
    [
        ("", "merge.prefer", "theirs", '[merge]\nprefer = ["theirs"]\n'),
        ("", "backups.days", "7", "[backups]\ndays = 7\n"),
        ('# mine\n[merge]\nprefer = ["ours"]  # here\n', "merge.prefer", "theirs",
         '# mine\n[merge]\nprefer = ["theirs"]  # here\n'),
        ("[merge]\nprefer = ['ours']\nx = 1\n", "merge.prefer", None, "[merge]\nx = 1\n"),
        ("[mistake]\nx = 1\ny = 2\n", "mistake.x", None, "[mistake]\ny = 2\n"),
    ],
)  # fmt: skip
def test_an_edit_changes_one_setting(tmp_path, text, key, word, after):
    assert changed(tmp_path / "config.toml", text, key, word) == after


def test_why_a_setting_cannot_be_changed(tmp_path):
    path = tmp_path / "config.toml"
    setting = next(one for one in known_settings() if one.key == "merge.prefer")
    assert find_setting("merge.prefer") == setting
    error, message, hints = refused(find_setting, "merge")
    inside = [one.key for one in known_settings() if one.key.startswith("merge.")]
    assert (error, message) == (UsageError, "config: merge is a table of settings")
    assert hints == [f"it has: {', '.join(inside)}"]
    near = refused(changed, path, "", "merge.prefr", "x")
    assert near[:2] == (UsageError, "config: no such setting: merge.prefr")
    assert "merge.prefer" in near[2][0]
    assert no_such_setting("zzzzzzzz", ["a"]).hints == ("see them all: sessionctl config",)
    error, message, hints = refused(changed, path, "", "merge.prefer", "sideways")
    assert error is UsageError
    assert message.startswith("config set: ")
    assert message.count("sideways") == 1
    assert hints == [setting.schema["description"], DESCRIBED]
    assert refused(changed, path, "x = 1\n", "merge.prefer", None) == (
        KeyNotFoundError, f"{path}: merge.prefer is not set there",
        ["see where it comes from: sessionctl config --show-origin merge.prefer"],
    )  # fmt: skip
    assert refused(changed, path, "", "no.such", None)[1] == "config: no such setting: no.such"
    own = next(one.key for one in known_settings() if not one.for_projects)
    assert refused(changed, path, "", own, "a b", is_project=True) == (
        RefusedError, f"config: {own}: a project cannot set it, only you can",
        [f"set it for yourself: sessionctl config set {own} 'a b'"],
    )  # fmt: skip
    for is_project, option in ((False, ""), (True, " --project")):
        error, message, hints = refused(
            changed, path, "merge = 1\n", "merge.prefer", "ours", is_project=is_project
        )
        assert error is EditError
        assert message.startswith(f"{path}: ")
        assert hints[-1] == f"fix it there: sessionctl config edit{option}"


def test_the_file_is_the_user_s_or_that_of_the_project(tmp_path, monkeypatch):
    machine = SimpleNamespace(config=str(tmp_path / "config"), home=str(tmp_path))
    found = settings_file(machine, str(tmp_path), is_project=False)
    assert (found.path, found.is_project) == (f"{tmp_path}/config/config.toml", False)
    nobody = SimpleNamespace(config=None, home=None)
    assert refused(settings_file, nobody, "/", is_project=False) == (
        UsageError, "config: there is no home directory, so no settings of yours",
        ["name one in HOME, or write the project's settings with --project"],
    )  # fmt: skip
    below = tmp_path / "repo" / "a" / "b"
    below.mkdir(parents=True)

    def project():
        return settings_file(machine, str(below), is_project=True)

    assert project() == SettingsFile(f"{below}/.sessionctl.toml", is_project=True)
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere\n")
    assert project().path == f"{tmp_path}/repo/.sessionctl.toml"
    (tmp_path / "repo" / "a" / ".sessionctl.toml").write_text("")
    assert project().path == f"{tmp_path}/repo/a/.sessionctl.toml"
    monkeypatch.chdir(below)
    assert settings_file(machine, ".", is_project=True).path.endswith("/repo/a/.sessionctl.toml")


def test_a_link_to_a_file_that_is_to_be_made(tmp_path):
    link, target = tmp_path / "config.toml", tmp_path / "dot files" / "c.toml"
    link.symlink_to(target)
    missing = f"{link}: a link to {target}, which is not there"
    assert dangling_target(str(link)) == str(target)
    assert refused(SettingsFile(str(link)).document) == (
        FileError,
        missing,
        [f"make its directory: mkdir -p '{target.parent}'"],
    )
    assert refused(SettingsFile(str(link), is_project=True).document) == (
        FileError, missing, [f"restore that, or remove the symlink: rm {link}"]
    )  # fmt: skip
    target.parent.mkdir()
    assert SettingsFile(str(link)).document().text == ""
    store = open_store(str(tmp_path / "state"))
    change = plan_setting(SettingsFile(str(link)), "merge.prefer", "ours")
    assert write_setting(change, store).text == '[merge]\nprefer = ["ours"]\n'
    assert link.is_symlink()
    assert target.read_text() == '[merge]\nprefer = ["ours"]\n'
    assert dangling_target(str(link)) == dangling_target(str(target)) == ""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert dangling_target(str(loop)) == ""
    assert SettingsFile(str(loop)).is_there


def test_a_file_is_made_with_its_directory_and_changed_where_it_is(tmp_path):
    path, store = tmp_path / "new" / "deep" / "config.toml", open_store(str(tmp_path / "state"))
    file = SettingsFile(str(path))
    assert not file.is_there
    for word in ("ours", "theirs"):
        result = write_setting(plan_setting(file, "merge.prefer", word), store)
        assert (result.is_changed, result.text) == (True, f'[merge]\nprefer = ["{word}"]\n')
        assert path.read_text() == result.text
    late = plan_setting(file, "merge.prefer", "union")
    path.write_text('[merge]\nprefer = "ours"  # by hand\n')
    assert refused(write_setting, late, store)[1].startswith(f"{path}: ")
    assert path.read_text() == '[merge]\nprefer = "ours"  # by hand\n'


def test_the_first_text_has_every_default_and_sets_nothing():
    text = first_text()
    assert Document.parse(text, "x").value == {}
    lines = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    described = {one.schema["description"] for one in known_settings()}
    # Without its mark and without the descriptions it is what holds anyway.
    settings = "\n".join(line for line in lines[1:] if line not in described) + "\n"
    value = Document.parse(settings, "x").value
    for one in known_settings():
        at = value
        *tables, name = one.key.split(".")
        for table in tables:
            at = at[table]
        assert at.get(name) == one.schema.get("default"), one.key
    assert lines[0] == "The settings of sessionctl, with their defaults."
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
