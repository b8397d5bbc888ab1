"""Restoring, going to a session and saving one, with a real tmux behind the screens."""

from __future__ import annotations

import pytest

from sessionctl.services.connections.keeper_process import KeeperPlace
from tests.tmux_world import TmuxWorld
from tests.tui.screens import context_in, opened, press, run, settled, text_of, until

WORK = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "work"
root = "."

[[windows]]
name = "main"

  [[windows.panes]]
  name = "waits"
  run = ["sleep", "1234"]
  shell = false

  [[windows.panes]]

[[windows]]
name = "logs"

  [[windows.panes]]
  run = ["sleep", "4321"]
  shell = false
"""


@pytest.fixture
def world(tmp_path):
    made = TmuxWorld(tmp_path / "home")
    yield made
    made.remove()


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    file = folder / "work.session.toml"
    file.write_text(WORK)
    return file


def screens_of(world, file, **options):
    return context_in(world.home, file.parent, environ=world.env, socket=world.socket, **options)


def programs(world, name="work"):
    return [pane.run for pane in world.panes(name)]


async def finish(pilot):
    await until(pilot, lambda: " done, " in text_of(pilot), "the restore")
    await settled(pilot)


def test_the_plan_is_shown_and_nothing_runs_until_it_is_agreed_to(world, work):
    async def scenario():
        async with opened(screens_of(world, work)) as pilot:
            await press(pilot, "r")
            text = text_of(pilot)
            assert "make the session work" in text
            assert "! run in pane 1: sleep 1234" in text
            assert "3 items not trusted yet" in text
            await press(pilot, "q", "r", "t", "n", "escape")
        assert world.adapter.sessions() == []

    run(scenario())


def test_what_is_not_trusted_is_left_out_and_the_report_says_so(world, work):
    async def scenario():
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "r")
            await pilot.press("y")
            await finish(pilot)
            text = text_of(pilot)
            assert "skipped: it was not allowed yet" in text
            assert "restored without what is not trusted" in text
            assert "hint: sessionctl trust" in text
        assert [run for run in programs(world) if run] == []
        assert not list((world.home / ".local/state/sessionctl").glob("trusted/*.toml"))

    run(scenario())


def test_trust_is_asked_for_with_every_item_and_starts_all(world, work):
    async def scenario():
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "r", "t")
            text = text_of(pilot)
            assert "+ main: waits: sleep 1234" in text
            assert "trust" in text
            await pilot.press("y")
            await finish(pilot)
            text = text_of(pilot)
            assert "\u2713 run in pane 1: sleep 1234" in text
            assert "0 failed" in text
            assert "restored; Enter goes to it" in text
        assert programs(world) == [("sleep", "1234"), None, ("sleep", "4321")]

    run(scenario())


def test_a_variable_that_is_a_secret_is_shown_as_not_set_and_by_its_name(world, work):
    work.write_text(
        WORK.replace("[[windows]]", 'env.A_PASSWORD = { secret = "a.b" }\n[[windows]]', 1)
    )

    async def scenario():
        async with opened(screens_of(world, work), (240, 40)) as pilot:
            await press(pilot, "r")
            unset = "A_PASSWORD is not set: a secret"
            assert f"{unset}; run the program with: sessionctl secret exec" in text_of(pilot)
            await press(pilot, "t")
            assert "+ the session: A_PASSWORD: the secret a.b, which is not set" in text_of(pilot)
            await pilot.press("y")
            await finish(pilot)
            assert f"warning: {unset}" in text_of(pilot)
            command = "sessionctl secret exec --env A_PASSWORD=a.b"
            assert f"hint: run the program with: {command} {work} -- PROGRAM" in text_of(pilot)

    run(scenario())


def test_a_file_that_was_edited_meanwhile_starts_what_was_shown(world, work):
    async def scenario():
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "r", "t")
            work.write_text(WORK.replace('"sleep", "1234"', '"sleep", "6666"'))
            await pilot.press("y")
            await finish(pilot)
        assert ("sleep", "1234") in programs(world)
        assert ("sleep", "6666") not in programs(world)
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            world.tmux("kill-server")
            await press(pilot, "r")
            assert "1 item not trusted yet" in text_of(pilot)

    run(scenario())


@pytest.mark.slow
def test_a_program_that_cannot_be_started_is_a_failure_of_its_pane(world, work):
    async def scenario():
        work.write_text(WORK.replace('["sleep", "4321"]', '["no-such-program-here"]'))
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "r", "t")
            await pilot.press("y")
            await finish(pilot)
            text = text_of(pilot)
            assert "\u2717 run in pane 1: no-such-program-here" in text
            assert "failed: it does not run" in text

    run(scenario())


def test_a_session_that_runs_is_gone_to_and_gets_only_what_is_missing(world, work):
    gone_to = []

    def attach(name):
        gone_to.append(name)
        return 0

    async def scenario():
        world.run("restore", str(work), "--yes")
        world.tmux("kill-window", "-t", "work:logs")
        async with opened(screens_of(world, work, attach=attach), (120, 40)) as pilot:
            assert "\u25cf live" in text_of(pilot)
            await press(pilot, "enter")
            assert gone_to == ["work"]
            await press(pilot, "r")
            text = text_of(pilot)
            assert "this would be added" in text
            assert "sleep 4321" in text
            assert "sleep 1234" not in text
            await pilot.press("y")
            await finish(pilot)
            await press(pilot, "enter")
            assert gone_to == ["work", "work"]
        assert ("sleep", "4321") in programs(world)

    run(scenario())


@pytest.mark.slow
def test_a_session_of_the_same_name_is_not_taken_for_that_of_the_file(world, work):
    other = work.parent.parent / "other"
    other.mkdir()
    (other / "work.session.toml").write_text(WORK)

    async def scenario():
        world.run("restore", str(work), "--yes")
        mine = (other / "work.session.toml").read_text()
        context = context_in(world.home, other, environ=world.env, socket=world.socket)
        async with opened(context, (120, 40)) as pilot:
            text = text_of(pilot)
            assert "\u25d0 name taken" in text
            assert "live" not in text
            await press(pilot, "w")
            assert "runs, but not this one: it belongs to" in text_of(pilot)
            assert "files/work.session.toml" in text_of(pilot)
            await press(pilot, "y")
        assert (other / "work.session.toml").read_text() == mine

    run(scenario())


def test_a_live_session_is_saved_after_its_change_was_shown(world, work):
    async def scenario():
        world.run("restore", str(work), "--yes")
        world.tmux("rename-window", "-t", "work:logs", "journal")
        before = work.read_text()
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "w")
            assert "journal" in text_of(pilot)
            assert work.read_text() == before
            await press(pilot, "y")
            assert "saved work" in text_of(pilot)
            assert 'name = "journal"' in work.read_text()
            await press(pilot, "q", "w")
            assert "the file has all of it already" in text_of(pilot)

    run(scenario())


def test_a_session_without_a_file_is_listed_and_gets_one(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def scenario():
        world.tmux("new-session", "-d", "-s", "loose")
        context = context_in(world.home, environ=world.env, socket=world.socket)
        async with opened(context, (120, 40)) as pilot:
            assert "live, not saved" in text_of(pilot)
            await press(pilot, "r")
            assert "it has no file yet" in text_of(pilot)
            await press(pilot, "w")
            assert "the new file" in text_of(pilot)
            await press(pilot, "y")
            assert "saved loose" in text_of(pilot)
        assert (world.home / ".config/sessionctl/sessions/loose.session.toml").is_file()

    run(scenario())


def test_without_tmux_the_list_says_so_once_and_a_restore_does_nothing(tmp_path, work):
    async def scenario():
        context = context_in(tmp_path, work, environ={"HOME": str(tmp_path), "PATH": "/nowhere"})
        async with opened(context) as pilot:
            assert "tmux" in text_of(pilot)
            await press(pilot, "r")
            assert "nothing was changed" in text_of(pilot)

    run(scenario())


@pytest.mark.slow
def test_a_connection_that_starts_with_its_session_is_opened_with_trust_alone(world, work):
    local = (
        '[connections.local]\ndriver = "sqlite"\nfile = "data.db"\ncreate = true\nstart = true\n'
    )
    work.write_text(f"{WORK}\n{local}")
    keeper = KeeperPlace(world.machine, str(work))

    async def scenario():
        async with opened(screens_of(world, work), (120, 40)) as pilot:
            await press(pilot, "r")
            assert "open and keep open: the connection local" in text_of(pilot)
            await pilot.press("y")
            await finish(pilot)
            assert "connection local" not in text_of(pilot)
            assert keeper.answer() is None
            world.tmux("kill-server")
            await press(pilot, "q", "r", "t")
            await pilot.press("y")
            await finish(pilot)
            assert "connection local: ready" in text_of(pilot)
            await press(pilot, "q", "n")
            await until(pilot, lambda: "\u25cf ready" in text_of(pilot), "the state")
            keeper.stop()
            await until(pilot, lambda: "\u25cb idle" in text_of(pilot), "its end")

    try:
        run(scenario())
    finally:
        keeper.stop()
