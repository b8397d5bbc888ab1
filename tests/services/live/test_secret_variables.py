"""Variables whose values are secrets: they stay unset, and everything that lists them says so."""

from __future__ import annotations

import json

import pytest

FILE = ".config/sessionctl/sessions/work.session.toml"
SECRET = '{ secret = "db.password" }'
UNSET = "DB_PASSWORD is not set: a secret"


@pytest.fixture
def saved(world):
    """A session that was saved, got a secret and a plain variable, was trusted, and ended."""
    (world.home / "log").write_text("line\n" * 500)
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home)
    world.run("save", "work")
    world.run_plain("set", "work", "env.DB_PASSWORD", SECRET)
    world.run_plain("set", "work", "env.STAGE", "test")
    world.run_plain("trust", "work")
    world.tmux("kill-server")
    return world


def restored(world, *options, code=0):
    done = world.run("restore", "work", *options, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_restore_says_that_a_secret_is_not_set_and_which_command_hands_it_over(saved):
    said = restored(saved, "-v").stderr
    assert "set STAGE\n" in said
    assert f"{UNSET}; run the program with: sessionctl secret exec\n" in said
    assert f"warning: {UNSET}\n" in said
    command = f"secret exec --env DB_PASSWORD=db.password {saved.home / FILE} -- PROGRAM"
    assert f"hint: run the program with: sessionctl {command}\n" in said
    there = saved.tmux("show-environment", "-t", "work")
    assert "STAGE=test" in there
    assert "DB_PASSWORD" not in there


def test_a_plan_lists_it_as_not_set_at_every_level(saved):
    windows = f"""\
[[windows]]
name = "w"
env = {{ A = {SECRET}, B = {{ secret = "b" }} }}
[[windows.panes]]
env = {{ C = {SECRET}, D = "d" }}
"""
    (saved.home / FILE).write_text(f'name = "work"\nenv.E = {SECRET}\n{windows}')
    lines = [line.strip() for line in restored(saved, "-n").stdout.splitlines()]
    how = "; run the program with: sessionctl secret exec"
    assert f"E is not set: a secret{how}" in lines
    assert f"A, B are not set: secrets{how}" in lines
    assert f"C is not set: a secret{how}" in lines
    assert [line for line in lines if "set D" in line] == ["skip: set D: it was not allowed yet"]
    assert "not set: a secret" not in restored(saved, code=5).stderr, "it was not allowed"


def test_the_json_answer_names_the_variable_and_its_secret(saved):
    steps = json.loads(restored(saved, "--json").stdout)["sessions"][0]["steps"]
    (found,) = [step for step in steps if step["action"] == "leave-unset"]
    assert found["secrets"] == {"DB_PASSWORD": "db.password"}
    assert found["notes"] == [UNSET]


def test_trust_shows_a_secret_by_its_name(saved):
    saved.run_plain("untrust", "work")
    said = saved.run_plain("trust", "-n", "work").stdout
    assert "+ the session: DB_PASSWORD: the secret db.password, which is not set: " in said
    assert "   with STAGE=test   without DB_PASSWORD (the secret db.password)\n" in said
    assert "***" not in said
