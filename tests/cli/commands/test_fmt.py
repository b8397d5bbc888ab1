"""sessionctl fmt, as a user sees it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.git.inprocess import run_inside

UNTIDY = "name='a'\n[x]\n"
TIDY = "name = 'a'\n\n[x]\n"


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.session.toml").write_text(UNTIDY)
    (tmp_path / "b.session.toml").write_text(TIDY)
    return tmp_path


def test_session_files_here_are_tidied(here):
    result = run("fmt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "tidied a.session.toml\n"
    assert (here / "a.session.toml").read_text() == TIDY
    assert run("-v", "fmt").stderr == (
        "a.session.toml is tidy\nb.session.toml is tidy\n2 files checked, nothing to format\n"
    )


def test_check_tells_the_first_place_and_changes_nothing(here):
    done = run_inside("fmt", "--check", cwd=here)
    assert done.returncode == 1
    assert done.stdout == 'a.session.toml:1:5: untidy: spaces around "="\n'
    assert done.stderr == "sessionctl: hint: format: sessionctl fmt a.session.toml\n"
    assert (here / "a.session.toml").read_text() == UNTIDY
    assert run_inside("fmt", "--check", "b.session.toml", cwd=here).returncode == 0


def test_diff_prints_the_changes_and_changes_nothing(here):
    (here / "c.toml").write_text("a = 1")
    done = run_inside("fmt", "--diff", "a.session.toml", "c.toml", cwd=here)
    assert done.returncode == 1
    assert done.stdout == (
        "--- a.session.toml\n"
        "+++ a.session.toml (tidy)\n"
        "@@ -1,2 +1,3 @@\n"
        "-name='a'\n"
        "+name = 'a'\n"
        "+\n"
        " [x]\n"
        "--- c.toml\n"
        "+++ c.toml (tidy)\n"
        "@@ -1 +1 @@\n"
        "-a = 1\n"
        "\\ No newline at end of file\n"
        "+a = 1\n"
    )
    assert done.stderr == ""
    assert (here / "a.session.toml").read_text() == UNTIDY


def test_stdin_is_tidied_to_stdout():
    done = run_inside("fmt", "-", stdin=UNTIDY)
    assert (done.returncode, done.stdout, done.stderr) == (0, TIDY, "")
    assert run_inside("fmt", "-", stdin=TIDY).stdout == TIDY
    done = run_inside("fmt", "--check", "-", stdin=UNTIDY)
    assert (done.returncode, done.stdout) == (1, '<stdin>:1:5: untidy: spaces around "="\n')


def test_stdin_stands_alone(here):
    done = run_inside("fmt", "-", "a.session.toml", cwd=here)
    assert done.returncode == 2
    assert 'fmt: use "-" without other files' in done.stderr


def test_a_directory_stands_for_its_session_files(here):
    (here / "sub").mkdir()
    (here / "sub" / "c.session.toml").write_text(UNTIDY)
    (here / "sub" / "d.toml").write_text(UNTIDY)
    assert run("fmt", "sub", "sub").stderr == "tidied sub/c.session.toml\n"
    assert (here / "sub" / "d.toml").read_text() == UNTIDY


def test_a_broken_file_is_told_and_the_others_are_tidied(here):
    (here / "0.session.toml").write_text("a = \n")
    done = run_inside("fmt", ".", cwd=here)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "sessionctl: error: 0.session.toml:1:5: expected a value, found the end of the line",
        "  |",
        "1 | a = ",
        "  |     ^",
        "sessionctl: hint: fix it: sessionctl edit 0.session.toml",
        "tidied a.session.toml",
    ]
    assert run_inside("fmt", "none.toml", "0.session.toml", cwd=here).returncode == 3
    assert run_inside("fmt", "--check", "none.toml", cwd=here).returncode == 3


def test_many_untidy_files_are_not_all_named_in_the_hint(here):
    for number in range(6):
        (here / f"{number}.session.toml").write_text(UNTIDY)
    last = run_inside("fmt", "--check", cwd=here).stderr.splitlines()[-1]
    assert last == "sessionctl: hint: format: sessionctl fmt"  # all that was asked for


def test_json_tells_every_edit(here):
    answer = json.loads(run("fmt", "--check", "--json").stdout)
    assert answer["files"] == [
        {
            "action": "format",
            "file": "a.session.toml",
            "tidy": False,
            "edits": [
                {"line": 1, "column": 5, "reason": 'spaces around "="'},
                {"line": 2, "column": 1, "reason": "no blank line before the table"},
            ],
        },
        {"action": "format", "file": "b.session.toml", "tidy": True, "edits": []},
    ]
    assert (here / "a.session.toml").read_text() == UNTIDY
    assert json.loads(run("fmt", "--json").stdout)["files"][0]["tidy"] is False
    assert (here / "a.session.toml").read_text() == TIDY


def test_nothing_to_tidy_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("fmt")
    assert (result.exit_code, result.stderr) == (0, "no session files here\n")


def test_a_file_changed_meanwhile_is_not_written_over(here, monkeypatch):
    from sessionctl.services.documents import formatting

    plan = formatting.format_file

    def plan_and_change(file):
        tidied = plan(file)
        (here / file).write_text(f"mine = 1\n{tidied.before}")
        return tidied

    monkeypatch.setattr(formatting, "format_file", plan_and_change)
    result = run("fmt", "a.session.toml")
    assert "someone else changed it meanwhile; the file has both changes" in result.stderr
    assert (here / "a.session.toml").read_text().startswith("mine = 1\n")
