"""Variables whose values are secrets: they stay unset, and everything that lists them says so."""

from __future__ import annotations

import json
import tomllib

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace_reader import read_workspace
from sessionctl.services.live.captured_trust import trust_captured
from sessionctl.services.live.trust import TrustStore, items_on
from tests.together import together

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


def test_a_pane_that_was_saved_beside_a_secret_comes_back(saved):
    restored(saved)
    saved.tmux("split-window", "-t", "work", "-c", saved.home, "less log")
    saved.wait_for_program("work", ("less", "log"))
    saved.run("save", "work")
    saved.tmux("kill-server")
    restored(saved)
    saved.wait_for_program("work", ("less", "log"))


PANE = '[[windows.panes]]\ncwd = "/x"\nrun = ["less", "log"]\n'
WINDOW = '[[windows]]\nname = "w"\n'
TRUSTED = f'name = "work"\nenv = {{ A = {SECRET} }}\n'
IN_WINDOW = f'name = "work"\n{WINDOW}env = {{ A = {SECRET} }}\n'


def new_after_save(world, trusted, text, live=""):
    """Return what is not allowed of ``text``, saved while just its panes and ``live`` stand."""
    file = str(world.home / "w.session.toml")
    items = items_on(tomllib.loads(trusted), "testhost", "linux")
    store = TrustStore(world.home / ".local/state/sessionctl")
    store.allow(file, items)
    stands = tomllib.loads(f'name = "work"\n{live}{WINDOW}{PANE}')
    workspace = read_workspace(stands, world.context.scope(file))
    value = tomllib.loads(text)
    standing = StandingWorkspace(workspace, "s", ("@1",), (("%1",),))
    trust_captured(world.context, file, value, standing)
    review = store.review(file, items_on(value, "testhost", "linux"))
    return [(item.kind, item.text) for item in review.new]


@pytest.mark.parametrize("trusted", [TRUSTED, IN_WINDOW], ids=["session", "window"])
def test_what_stands_is_trusted_where_nothing_but_the_secret_differs(world, trusted):
    text = f"{trusted}{'' if 'windows' in trusted else WINDOW}{PANE}"
    assert new_after_save(world, trusted, text) == []


@together(
    "env",
    [
        'A = { secret = "another" }',
        f"B = {SECRET}",
        f"A = {SECRET}, B = {SECRET}",
        f'A = {SECRET}, PATH = "/evil"',
        f"A = {SECRET}, PATH = false",
        'A = { secret = "db.password", more = 1 }',
        'A = "db.password"',
    ],
)
@pytest.mark.parametrize("where", ["session", "window", "pane", "window and pane"])
def test_what_somebody_else_wrote_into_the_variables_is_not_trusted_by_a_save(world, env, where):
    tables = [
        f"env = {{ {env} }}\n" if key in where else "" for key in ("session", "window", "pane")
    ]
    text = f'name = "work"\n{tables[0]}{WINDOW}{tables[1]}{PANE}{tables[2]}'
    for trusted in (TRUSTED, IN_WINDOW):
        new = new_after_save(world, trusted, text)
        assert [kind for kind, _ in new if kind == "program"], new


def test_a_secret_that_nobody_allowed_is_not_trusted_by_a_save(world):
    assert len(new_after_save(world, 'name = "work"\n', f"{TRUSTED}{WINDOW}{PANE}")) == 2
    live = 'env = { A = "the value" }\n'
    assert len(new_after_save(world, 'name = "work"\n', f"{TRUSTED}{WINDOW}{PANE}", live)) == 2


def test_a_program_that_does_not_stand_is_not_trusted_because_its_secret_is(world):
    other = PANE.replace("less", "evil")
    assert len(new_after_save(world, TRUSTED, f"{TRUSTED}{WINDOW}{other}")) == 1
