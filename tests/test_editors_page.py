"""The settings that the page on editors gives: the linters that read them find mistakes by them."""

from __future__ import annotations

import subprocess

import pytest

from tests.transcripts import write_files
from tests.world import CHECKOUT, need, run_sessionctl

GOOD = 'schema_version = 1\nname = "api"\n\n[[windows]]\nname = "main"\n'
BAD = GOOD.replace('"main"', "3")


@pytest.fixture
def place(tmp_path):
    write_files(CHECKOUT / "docs" / "editors.md", tmp_path)
    schema = run_sessionctl("schema", "print", "--draft-07", cwd=tmp_path)
    (tmp_path / "session.schema.json").write_text(schema.stdout)
    offline = "[schema]\ncatalog = { paths = [] }\n\n"
    settings = tmp_path / "tombi.toml"
    settings.write_text(offline + settings.read_text())
    return tmp_path


@pytest.mark.parametrize("linter", ["taplo", "tombi"])
@pytest.mark.parametrize(("text", "is_right"), [(GOOD, True), (BAD, False)], ids=["right", "wrong"])
def test_a_linter_finds_mistakes_by_the_schema(place, linter, text, is_right):
    (place / "api.session.toml").write_text(text)
    done = subprocess.run(
        [need(linter), "lint", "api.session.toml"], cwd=place, capture_output=True, text=True
    )
    assert (done.returncode == 0) is is_right, done.stdout + done.stderr


@pytest.mark.parametrize("linter", ["taplo", "tombi"])
def test_a_new_session_is_right_for_other_programs_too(place, linter):
    run_sessionctl("new", "api", cwd=place)
    done = subprocess.run(
        [need(linter), "lint", "api.session.toml"], cwd=place, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_path_of_the_schema_is_printed():
    done = run_sessionctl("schema", "path", "--draft-07")
    assert done.stdout.strip().endswith("session.v1.draft-07.schema.json")
    with open(done.stdout.strip()) as stream:
        assert '"$schema"' in stream.read()
