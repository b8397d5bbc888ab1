"""The examples hold what their README says, and what the demo tells."""

from __future__ import annotations

import shutil

import pytest

from sessionctl import Document, merge, validate
from sessionctl.core.merge import Labels
from sessionctl.core.session.session import read_session
from sessionctl.services.demo import story
from tests.together import together
from tests.transcripts import Shell, assert_true
from tests.world import CHECKOUT, need

EXAMPLES = CHECKOUT / "examples"
SESSIONS = sorted(EXAMPLES.rglob("*.session.toml"))


def read(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


def versions(folder):
    return [read(f"{folder}/{name}.session.toml") for name in ("base", "desktop", "laptop")]


@pytest.mark.slow
def test_the_readme_of_the_examples_shows_what_happens(tmp_path):
    need("git")
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    assert_true(EXAMPLES / "README.md", Shell(tmp_path / "examples", tmp_path / "bin"))


@together("path", SESSIONS, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_example_is_a_valid_session(path):
    text = path.read_text(encoding="utf-8")
    document = Document.parse(text)
    assert document.text == text
    assert not validate(document)


def test_the_full_example_has_every_kind_of_connection_and_an_override():
    session = read_session(Document.parse(read("api.session.toml")).value)
    drivers = {connection.driver for connection in session.connections}
    assert drivers == {
        "postgres", "redis", "ssh", "http", "line", "jupyter", "zmq-json", "acme.kafka",
    }  # fmt: skip
    assert len(session.windows) == 3
    assert session.overrides
    assert session.preferences
    assert session.apps


def test_the_two_edits_merge_to_the_expected_file():
    result = merge(*versions("merge"))
    assert result.is_clean
    assert result.text == read("merge/merged.session.toml")


def test_the_later_edits_leave_one_conflict_in_the_expected_place():
    labels = Labels(base="base", ours="desktop", theirs="laptop")
    result = merge(*versions("conflict"), labels=labels)
    assert [str(conflict.path) for conflict in result.conflicts] == ["connections.prod.port"]
    assert result.text == read("conflict/conflict.txt")


def test_the_conflict_settled_by_the_desktop_is_the_resolved_file():
    result = merge(*versions("conflict"), policy="ours")
    assert result.text == read("conflict/resolved.session.toml")


@together(
    ("name", "text"),
    [
        ("merge/base.session.toml", story.BASE),
        ("merge/desktop.session.toml", story.DESKTOP),
        ("merge/laptop.session.toml", story.LAPTOP),
        ("merge/merged.session.toml", story.MERGED),
        ("conflict/base.session.toml", story.MERGED),
        ("conflict/desktop.session.toml", story.DESKTOP_LATER),
        ("conflict/laptop.session.toml", story.LAPTOP_LATER),
        ("conflict/conflict.txt", story.CONFLICT),
        ("conflict/resolved.session.toml", story.RESOLVED),
    ],
)
def test_the_examples_are_the_texts_of_the_demo(name, text):
    assert read(name) == text
