"""status, doctor and the hook check nothing twice, and give the same answer."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.services.verdicts import verdict_cache
from tests.call_log import log_calls
from tests.schema_cases import GOOD

BAD = GOOD.replace('name = "logs"', "name = 5")


@pytest.fixture
def repo(git_repo, monkeypatch):
    monkeypatch.setattr(verdict_cache, "_LEAST", 0)
    monkeypatch.chdir(git_repo.path)
    (git_repo.path / "good.session.toml").write_text(GOOD)
    (git_repo.path / "bad.session.toml").write_text(BAD)
    git_repo.run("add", ".")
    return git_repo


@pytest.fixture
def checks(monkeypatch):
    """The names of the files that were really checked."""
    from sessionctl.services.documents import validation

    return log_calls(
        monkeypatch, validation, "_problems", lambda source, *_: source.name.rpartition("/")[2]
    )


@pytest.mark.parametrize("command", [["status"], ["doctor"], ["git", "hook", "pre-commit"]])
def test_what_was_valid_is_not_checked_again(repo, checks, command):
    first = CliRunner().invoke(app, command)
    assert "good.session.toml" in checks
    assert "bad.session.toml" in checks
    checks.clear()
    again = CliRunner().invoke(app, command)
    assert set(checks) == {"bad.session.toml"}
    assert (again.exit_code, again.output) == (first.exit_code, first.output)


def test_a_verdict_is_shared_by_all_who_check(repo, checks):
    assert CliRunner().invoke(app, ["validate"]).exit_code == 1
    checks.clear()
    CliRunner().invoke(app, ["git", "hook", "pre-commit"])
    assert set(checks) == {"bad.session.toml"}
