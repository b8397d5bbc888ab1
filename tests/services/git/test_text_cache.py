"""The file of the cache of masked texts: what it says, byte for byte, and when it changes."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from sessionctl._version import __version__
from sessionctl.errors import GitError
from sessionctl.services.git.cache import text_cache
from sessionctl.services.git.cache.kept_command import (
    FILE,
    SCRIPT,
    SCRIPT_TEXT,
    kept_command,
    name_in,
)
from sessionctl.services.git.cache.text_cache import RULES, CacheState, TextCache
from tests.together import together

NAME = f"{__version__}-0123456789abcdef"
KEY = bytes(range(32))
TEXT = f"# name {NAME}\n# key {KEY.hex()}\n# rules {RULES}\n"
FILTERED = "# off: files come through a filter of git\n"
FRESH = re.compile(
    rf"# Lets git keep the masked texts of session files: sessionctl git install --cache\n"
    rf"# name (?P<name>{re.escape(__version__)}-[0-9a-f]{{16}})\n"
    rf"# key (?P<key>[0-9a-f]{{64}})\n"
    rf"# rules (?P<rules>.+)\n"
    rf'\[include\]\n\tpath = "(?P<include>.+)"\n'
    rf'\[diff "sessionctl"\]\n\ttextconv = "(?P<command>.+)"\n'
)


def made(folder, text=None, mode=0o644):
    """Return the cache of the git directory ``folder``, whose file says ``text``."""
    (folder / "config").write_text("")
    (folder / "config").chmod(mode)
    if text is not None:
        (folder / FILE).write_text(text)
    return TextCache(str(folder))


def fresh(cache):
    """Return what a new cache's file says, by name; it and its script are what they should be."""
    found = FRESH.fullmatch(Path(cache.path).read_text())
    assert found, Path(cache.path).read_text()
    assert Path(cache.script).read_text() == SCRIPT_TEXT
    assert found["rules"] == RULES
    assert found["include"] == RULES
    command = found["command"].replace('\\"', '"').replace("\\\\", "\\")
    assert command == kept_command(found["name"])
    assert name_in(command) == found["name"]
    return found


@together(
    "text, state, is_current",
    [
        (None, None, False),
        ("", CacheState("", b"", "", is_filtered=False), False),
        ("# off\n", CacheState(), False),
        (FILTERED, CacheState(is_filtered=True), False),
        (f"x{FILTERED}", CacheState(), False),
        (TEXT, CacheState(NAME, KEY, RULES), True),
        (f"# else\n{TEXT}{FILTERED}", CacheState(NAME, KEY, RULES), True),
        (TEXT.replace("# key 00", "# key 0g"), CacheState(), False),
        (TEXT.replace("# name", "# mane"), CacheState(), False),
        (TEXT.replace("# rules ", "#rules "), CacheState(), False),
        (TEXT.replace(RULES, "/old"), CacheState(NAME, KEY, "/old"), False),
        (TEXT.replace(NAME, "0.0.9-0"), CacheState("0.0.9-0", KEY, RULES), False),
        (TEXT.replace(NAME, f"{__version__}0"), CacheState(f"{__version__}0", KEY, RULES), False),
    ],
)
def test_what_the_file_says(tmp_path, text, state, is_current):
    found = made(tmp_path, text).read()
    assert found == state
    assert (found is not None and found.is_current) == is_current


def test_a_new_cache_has_a_name_and_a_key_and_the_script(tmp_path):
    cache = made(tmp_path, mode=0o640)
    cache.begin()
    first = fresh(cache)
    for path in (cache.path, cache.script):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o640, "as git's configuration"
    cache.begin()
    second = fresh(cache)
    assert first["key"] == second["key"], "what was shown before is shown so again"
    assert first["name"] != second["name"]
    assert cache.read() == (second["name"], bytes.fromhex(second["key"]), RULES, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", FILE, SCRIPT]
    (tmp_path / "config").chmod(0o777)
    cache.begin()
    assert stat.S_IMODE(os.stat(cache.path).st_mode) == 0o666, "it is no program"


@together(
    "text, is_renewed",
    [
        (None, False),
        (FILTERED, False),
        (TEXT, False),
        ("# off\n", True),
        ("", True),
        (TEXT.replace(RULES, "/old"), True),
        (TEXT.replace(NAME, "0.0.9-0"), True),
    ],
)
def test_a_cache_is_renewed_where_one_is_wanted(tmp_path, text, is_renewed):
    cache = made(tmp_path, text)
    cache.refresh()
    if not is_renewed:
        assert (Path(cache.path).read_text() if text is not None else None) == text
        assert not Path(cache.script).exists()
        return
    found = fresh(cache)
    assert (found["key"] == KEY.hex()) == ("key" in text)


def test_what_cannot_be_written_is_reported_and_leaves_nothing(tmp_path):
    cache = made(tmp_path, "# off\n")
    (tmp_path / SCRIPT).mkdir()
    with pytest.raises(GitError) as caught:
        cache.begin()
    assert str(caught.value) == f"{cache.path}: cannot write it: a directory, not a file"
    cache.refresh()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", FILE, SCRIPT]
    assert Path(cache.path).read_text() == "# off\n"


def test_where_nothing_can_be_written_git_keeps_nothing_either(tmp_path, monkeypatch):
    cache = made(tmp_path, "# off\n")
    (tmp_path / SCRIPT).mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (str(tmp_path), os.W_OK))
    cache.begin()
    assert Path(cache.path).read_text() == "# off\n"


def test_others_who_use_a_repository_must_be_able_to_read_the_rules(tmp_path, monkeypatch):
    folder, rules = tmp_path / "git", tmp_path / "kept"
    folder.mkdir()
    rules.write_text("")
    cache = made(folder)
    monkeypatch.setattr(text_cache, "RULES", str(rules))
    reached = {str(folder): False, str(rules): True}
    monkeypatch.setattr(text_cache, "_others_reach", reached.__getitem__)
    problem = f"others can use this repository, and cannot read {rules}"
    #            of a group, others reach it, the rules; mode of the rules; the problem
    for mode, here, there, rules_mode, said in (
        (0o755, False, False, 0o600, ""),
        (0o755, True, True, 0o644, ""),
        (0o755, True, True, 0o640, problem),
        (0o755, True, False, 0o644, problem),
        (0o2755, False, True, 0o644, ""),
        (0o2755, False, True, 0o600, problem),
        (0o2755, False, False, 0o644, problem),
    ):
        folder.chmod(mode)
        rules.chmod(rules_mode)
        reached.update({str(folder): here, str(rules): there})
        assert cache.reader_problem() == said, (mode, here, there, rules_mode)
    cache.begin()
    assert Path(cache.path).read_text() == "# off\n"
    assert not Path(cache.script).exists()


def test_any_user_reaches_what_lies_in_directories_that_all_may_enter(tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inner / "file")
    above = all(os.stat(place).st_mode & stat.S_IXOTH for place in (tmp_path, *tmp_path.parents))
    for outer_mode, inner_mode in ((0o711, 0o711), (0o710, 0o711), (0o711, 0o710)):
        (tmp_path / "outer").chmod(outer_mode)
        inner.chmod(inner_mode)
        expected = above and outer_mode == inner_mode == 0o711
        assert text_cache._others_reach(str(inner / "file")) == expected
        assert text_cache._others_reach(str(tmp_path / "link")) == expected
    assert text_cache._others_reach("/file")


SMUDGED = b'title = "x"\n'


def test_git_keeps_no_file_that_came_through_a_filter(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    stored = git_repo.write("a.toml", 'title = "a"\n').read_bytes()
    git_repo.write("c.toml", 'title = "c"\r\n')
    git_repo.write(".gitattributes", "x.toml filter=turn\ny.toml -filter\nc.toml text\n")
    git_repo.commit()
    config = (git_repo.path / ".git" / "config").read_bytes()
    cache = TextCache.here(os.environ)
    assert os.path.realpath(cache.path) == str(git_repo.path.resolve() / ".git" / FILE)
    place = Path(cache.path)
    for path in ("x.toml", "/a/x.toml"):
        cache.check(NAME, path, SMUDGED)
    assert not place.exists(), "no filter is set up here"

    git_repo.run("config", "filter.turn.smudge", "cat")
    rows = (
        ("x.toml", stored, False),
        ("y.toml", SMUDGED, False),
        ("z.toml", SMUDGED, False),
        ("x.toml", b'title = "c"\r\n', False),
        ("x.toml", SMUDGED, True),
        ("a/../../x.toml", SMUDGED, True),
        ("/tmp/y.toml", SMUDGED, True),
        ("git-blob-Ab1/y.toml", SMUDGED, True),
    )
    for kind in ("smudge", "process"):
        (git_repo.path / ".git" / "config").write_bytes(config)
        git_repo.run("config", f"filter.turn.{kind}", "cat")
        cache = TextCache.here(os.environ)
        for path, data, is_refused in rows:
            for name, after in ((NAME, FILTERED), ("other", TEXT)):
                place.write_text(TEXT)
                if not is_refused:
                    cache.check(name, path, data)
                    assert place.read_text() == TEXT, path
                    continue
                with pytest.raises(GitError) as caught:
                    cache.check(name, path, data)
                assert (str(caught.value), caught.value.hints) == (
                    f"{os.path.basename(path)}: it comes through a filter of git, so git must not"
                    " keep what is shown of it; its cache of texts is off now",
                    ("run the same command again",),
                )
                assert place.read_text() == after, path
    (git_repo.path / ".git" / "config").write_bytes(config)
    git_repo.run("config", "filter.turn.clean", "cat")
    TextCache.here(os.environ).check(NAME, "x.toml", SMUDGED)


def test_what_another_version_kept_is_not_used_any_more(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    cache = TextCache.here(os.environ)
    old = TEXT.replace(NAME, "0.0.9-0")
    Path(cache.path).write_text(old)
    cache.check("0.0.9-1", "a.toml", b"")
    assert Path(cache.path).read_text() == old
    cache.check("0.0.9-0", "a.toml", b"")
    assert fresh(cache)["key"] == KEY.hex()
    Path(cache.path).unlink()
    cache.check("", "a.toml", b"")
    assert not Path(cache.path).exists()


def test_outside_of_a_repository_there_is_no_cache(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert TextCache.here({"GIT_CEILING_DIRECTORIES": str(tmp_path)}) is None
    assert TextCache.here({"GIT_DIR": "x", "GIT_COMMON_DIR": "y"}).path == f"./y/{FILE}"


def test_a_command_of_another_text_is_that_of_no_cache():
    command = kept_command("n1")
    assert name_in(command) == "n1"
    for other in ("", "cat", f"{command} ", command.replace("n=n1", "n="), kept_command("")):
        assert name_in(other) == "", other
