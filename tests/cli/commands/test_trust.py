"""trust and untrust, as they are typed."""

from __future__ import annotations

import json
import os
import tomllib

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.output.trust_text import review_lines, user_trust
from sessionctl.resources import schema_text
from sessionctl.services.live.trust import items_on
from sessionctl.services.machine import Machine

SESSION = """\
schema_version = 1
name = "api"
[[windows]]
name = "editor"
[[windows.panes]]
name = "code"
run = ["nvim", "src/main.py"]
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.session.toml").write_text(SESSION)

    def call(*arguments):
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.stdout, result.stderr

    return call


def test_trust_shows_what_it_allows_and_asks_once(run, tmp_path):
    assert run("trust", "-n") == (
        0,
        "+ editor: code: nvim src/main.py   in .\n",
        "sessionctl: hint: to allow it: sessionctl trust api.session.toml\n",
    )
    assert run("trust", "--list")[1] == ""
    code, out, err = run("trust")
    assert (code, out, err) == (
        0,
        "+ editor: code: nvim src/main.py   in .\n",
        "api.session.toml: trusted\n",
    )
    assert run("trust")[1:] == ("", "api.session.toml: nothing new to trust\n")
    assert run("trust", "--list")[1] == f"{tmp_path / 'api.session.toml'}\n"


def test_a_change_is_shown_as_a_diff(run, tmp_path):
    run("trust")
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION.replace("src/main.py", "-c !id").replace("nvim", "sudo"))
    assert run("trust")[1] == (
        "- editor: code: nvim src/main.py   in .\n"
        "+ editor: code: sudo '-c !id'   in .   (sudo: gets other rights; typed, not run)\n"
    )


def test_untrust_takes_it_back(run):
    run("trust")
    assert run("untrust", "-n", "api.session.toml")[2].endswith("would not be trusted\n")
    assert run("untrust", "api.session.toml") == (
        0, "", "api.session.toml: not trusted\n",
    )  # fmt: skip
    assert run("untrust", "api.session.toml")[2] == "api.session.toml: was not trusted\n"
    assert run("trust", "--list")[2] == "no session file is trusted on this machine\n"


@pytest.mark.parametrize(
    "arguments",
    [["trust"], ["trust", "-n"], ["trust", "--list"], ["untrust", "api.session.toml"]],
    ids=" ".join,
)
def test_the_json_answers_keep_to_their_schemas(run, arguments):
    run("trust") if "--list" in arguments else None
    answer = json.loads(run(*arguments, "--json")[1])
    schema = json.loads(schema_text(f"output-{arguments[0]}.v1"))
    jsonschema.Draft202012Validator(schema).validate(answer)
    assert answer["command"] == arguments[0]


def test_what_is_not_a_file_is_refused(run):
    assert run("trust", "-")[0] == 2
    assert run("trust", "none.session.toml")[0] == 3


@pytest.mark.parametrize("letter", ["\u0435", "\u200be", "\U000e0065", "\uff45"])
def test_a_command_that_only_looks_like_another_is_shown_escaped(run, tmp_path, letter):
    text = SESSION.replace("nvim", f"nv{letter}m")
    (tmp_path / "api.session.toml").write_text(text, encoding="utf-8")
    shown = run("trust", "-n")[1]
    assert letter[0] not in shown
    assert "\\u" in shown.lower()


def test_what_a_pane_ran_before_stands_above_what_takes_its_place(run, tmp_path):
    file = tmp_path / "api.session.toml"
    text = SESSION + '[[windows.panes]]\nname = "logs"\nrun = ["tail", "-f", "log"]\n'
    file.write_text(text)
    run("trust")
    file.write_text(f'env = {{ A = "1" }}\n{text}')
    assert run("trust", "-n")[1].splitlines() == [
        "+ the session: A=1",
        "- editor: code: nvim src/main.py   in .",
        "+ editor: code: nvim src/main.py   in .   with A=1",
        "- editor: logs: tail -f log   in .",
        "+ editor: logs: tail -f log   in .   with A=1",
    ]


def test_an_old_variant_of_what_is_allowed_is_not_listed(run, tmp_path):
    file = tmp_path / "api.session.toml"
    store, before = allow(file, SESSION)
    text = f'env = {{ A = "1", B = "x" }}\n{SESSION}'
    file.write_text(text)
    store.allow(str(file), [*items_on(tomllib.loads(text), "", ""), *before])
    assert run("trust", "-n")[1:] == ("", "api.session.toml: nothing new to trust\n")
    file.write_text(text.replace('"1"', '"2"'))
    said = run("trust", "-n")[1].splitlines()
    assert said[:2] == ["- the session: A=1", "+ the session: A=2"]
    assert [line for line in said if "B=x" in line and "session" in line] == []


def test_what_is_in_the_file_no_more_is_listed_but_not_asked_about(run, tmp_path):
    file = tmp_path / "api.session.toml"
    more = '[[windows.panes]]\nname = "logs"\nrun = ["tail", "-f", "log"]\n'
    store, _ = allow(file, SESSION + more)
    file.write_text(SESSION + '[[windows.panes]]\nname = "new"\nrun = ["less", "log"]\n')
    gone, new = "- editor: logs: tail -f log   in .", "+ editor: new: less log   in ."
    assert run("trust", "-n")[1].splitlines() == [gone, new]
    review = store.review(str(file), items_on(tomllib.loads(file.read_text()), "", ""))
    assert [line for line, _ in review_lines(review, only_new=True)] == [new]


def allow(file, text):
    """Allow what ``text`` starts, as the file's; return the record and what was allowed."""
    file.write_text(text)
    store = user_trust(Machine(dict(os.environ)))
    items = items_on(tomllib.loads(text), "", "")
    store.allow(str(file), items)
    return store, items
