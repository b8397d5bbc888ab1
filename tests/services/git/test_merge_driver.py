"""The merge driver as a service: it says what became of OURS as data, and prints nothing."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError, GuardError, ParseError
from sessionctl.services.git.merge_driver import DriverCall, DriverState, merge_files
from sessionctl.services.merging import three_way
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
