"""The merge driver as a service: it says what became of OURS as data, and prints nothing."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError, GitError, GuardError, LockedError, ParseError
from sessionctl.services.git.merge_driver import (
    DriverCall,
    DriverState,
    _chosen_sides,
    merge_files,
)
from sessionctl.services.merging import three_way
from tests.sidecars import armored, block, sidecar
from tests.together import together
from tests.world import need

BASE = "a = 1\n"
OURS = "a = 2\n"


@pytest.fixture
def drive(tmp_path, capfd, monkeypatch):
    """Return a function that merges three texts and returns the report; nothing is printed."""
    monkeypatch.chdir(tmp_path)

    def call(base=BASE, ours=OURS, theirs=BASE, **options):
        for name, text in {"base": base, "ours": ours, "theirs": theirs}.items():
            (tmp_path / name).write_text(text)
        paths = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
        report = merge_files(DriverCall(*paths, "x.toml", dict(os.environ), fail, **options))
        assert capfd.readouterr() == ("", "")
        return report

    return call


def fail(*_arguments, **_options):
    raise AssertionError("no key is looked for")


def test_a_clean_merge_has_its_result(drive, tmp_path):
    report = drive(theirs="a = 1\nb = 1\n")
    assert report.state is DriverState.MERGED
    assert report.result.text == "a = 2\nb = 1\n" == (tmp_path / "ours").read_text()
    assert report.failure is None


def test_conflicts_are_those_of_the_result(drive):
    report = drive(theirs="a = 3\n", label_words=("1a2b3c", "main", "topic"))
    assert report.state is DriverState.CONFLICTS
    assert [str(conflict.path) for conflict in report.result.conflicts] == ["a"]
    assert report.labels == ("main", "1a2b3c", "topic")


def test_what_is_not_toml_is_said_by_side(drive):
    report = drive(base="x\n", ours="y\n", theirs="z\n")
    assert report.state is DriverState.CONFLICTS
    assert [type(error) for error in report.syntax_errors] == [ParseError] * 3
    assert report.syntax_errors[1].message.startswith("ours:x.toml:1:1: ")


def test_a_policy_that_means_nothing_is_left_out(drive):
    report = drive(theirs="a = 3\n", prefer="neither")
    assert report.state is DriverState.CONFLICTS
    assert "expected ours, theirs" in report.policy_error.message


def test_a_policy_that_asks_for_unknown_dates_is_said(drive):
    assert drive(theirs="a = 3\n", prefer="newest").is_undated
    assert not drive(theirs="a = 3\n", prefer="max").is_undated


def test_lines_that_merge_cleanly_after_a_failure_are_not_sure(drive, monkeypatch):
    need("git")

    def fail_to_verify(*_texts, **_options):
        raise GuardError("the result did not verify")

    monkeypatch.setattr(three_way, "merge", fail_to_verify)
    report = drive()
    assert report.state is DriverState.UNSURE
    assert report.result is None
    assert isinstance(report.failure, GuardError)
    assert drive(as_lines=True).state is DriverState.MERGED


def test_without_git_both_sides_are_kept_whole(drive, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    report = drive(as_lines=True)
    assert report.state is DriverState.CONFLICTS
    assert report.line_failure == "git: not found on PATH"
    assert (tmp_path / "ours").read_text().startswith("<<<<<<< ours\na = 2\n=======\n")


def test_ours_that_is_not_there_is_not_made(tmp_path):
    for name in ("base", "theirs"):
        (tmp_path / name).write_text(BASE)
    paths = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    report = merge_files(DriverCall(*paths, "x.toml", dict(os.environ), fail))
    assert report.state is DriverState.UNCHANGED
    assert isinstance(report.failure, FileError)
    assert report.write_failure
    assert not (tmp_path / "ours").exists()


FILTERS = """\
[filter "rev"]
\tclean = rev
\tsmudge = rev
[filter "bad"]
\tclean = false
\tsmudge = false
[filter "half"]
\tclean = false
\tsmudge = rev
\trequired
"""
HEAD = "# /gro.noitpyrcne-ega\n"


def stored(text):
    """Return what the filter stores of ``text``: it begins as a file of age does."""
    return "".join(f"{line[::-1]}\n" for line in (HEAD + text).splitlines())


@pytest.fixture
def filtered(git_repo, monkeypatch):
    """Return a function that merges three files behind a filter, and what ours is then."""
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write(FILTERS)
    git_repo.write(".gitattributes", "*.rev filter=rev\n*.bad filter=bad\n*.half filter=half\n")
    monkeypatch.chdir(git_repo.path)

    def call(path, *contents, **options):
        for name, content in zip(("base", "ours", "theirs"), contents, strict=True):
            (git_repo.path / name).write_bytes(content)
        call = DriverCall("base", "ours", "theirs", path, dict(os.environ), fail, **options)
        return merge_files(call), (git_repo.path / "ours").read_bytes().decode(errors="replace")

    return call


def encoded(*texts):
    return [stored(text).encode() for text in texts]


CLASH = """\
<<<<<<< o
a = 2
||||||| b
a = 1
=======
a = 3
>>>>>>> t
"""


@together(
    ("as_lines", "theirs", "state", "result"),
    [
        (False, "a = 1\nb = 1\n", DriverState.MERGED, "a = 2\nb = 1\n"),
        (False, "a = 3\n", DriverState.CONFLICTS, CLASH),
        (True, "a = 1\n", DriverState.MERGED, OURS),
        (True, "a = 3\n", DriverState.CONFLICTS, CLASH),
    ],
)
def test_what_is_behind_a_filter_is_merged_as_it_reads(filtered, as_lines, theirs, state, result):
    words = {"as_lines": as_lines, "label_words": ("b", "o", "t")}
    report, ours = filtered("x.rev", *encoded(BASE, OURS, theirs), **words)
    assert (report.state, report.failure, report.filter_name) == (state, None, "")
    assert report.labels == ("o", "b", "t")
    assert (report.result.text, ours) == (HEAD + result, stored(result))


def test_what_a_filter_does_not_give_or_take_back_stays_ours(filtered):
    contents = encoded(BASE, OURS, "a = 1\nb = 1\n")
    for name, failure in (("bad", type(None)), ("half", GitError)):
        report, ours = filtered(f"x.{name}", *contents)
        assert (report.state, report.filter_name, type(report.failure)) == (
            DriverState.KEPT, name, failure
        )  # fmt: skip
        assert (report.result, report.labels[:2], ours) == (None, ("main", "base"), stored(OURS))
    # Not even a text: what was asked for in vain is reported all the same.
    report, ours = filtered("x.rev", b"\0", b"\xff\0o", b"\0t", prefer="neither")
    assert (report.state, report.filter_name, ours) == (DriverState.KEPT, "rev", "\ufffd\0o")
    assert report.policy_error.message.endswith("got 'neither'")


def test_a_side_of_a_sidecar_is_chosen_only_with_a_key(tmp_path):
    texts = [sidecar(block("p", armored("x", turn))) for turn in range(3)]
    asked = []

    def locked():
        asked.append(1)
        raise LockedError("no key")

    call = DriverCall("b", "o", "t", "x.secrets.toml", {}, locked)
    assert _chosen_sides(call, (texts[0], texts[0], texts[1])) is None
    no_session = [text.replace('session = "', 'sessions = "') for text in texts]
    assert _chosen_sides(call, tuple(no_session)) is None
    assert asked == []
    assert _chosen_sides(call, tuple(texts)) is None
    assert asked == [1]


def test_the_settings_decide_what_no_one_else_did(drive, tmp_path, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "theirs")
    report = drive(theirs="a = 3\n")
    assert (report.state, report.result.text) == (DriverState.MERGED, "a = 3\n")
    assert report.preference.policy is not None
    assert (tmp_path / "ours").read_text() == "a = 3\n"
    # Neither where a policy was asked for, nor for the base of another merge.
    asked = drive(theirs="a = 3\n", prefer="ours")
    assert (asked.result.text, asked.preference) == (OURS, None)
    assert drive(theirs="a = 3\n", is_for_base=True).preference is None
