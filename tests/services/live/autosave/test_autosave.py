"""Sessions saved by themselves, in a real tmux."""

from __future__ import annotations

import json
import os
import signal
import time

import jsonschema
import pytest

from sessionctl.resources import schema_text
from tests.services.live.autosave.conftest import file_of, make, value_of
from tests.tmux_world import Client

WITHIN_S = 2.0


def saved_within(world, change, holds, name="work"):
    """Make a change and wait until the file has it; return how long that took."""
    change()
    begun = time.monotonic()
    world.wait_until(lambda: holds(value_of(world, name)), "the change in the file")
    return time.monotonic() - begun


def panes(value):
    return [pane for window in value["windows"] for pane in window.get("panes", [{}])]


def names(value):
    return [window["name"] for window in value["windows"]]


def started(watch, *options, sessions=("work",)):
    process = watch(*options)
    for name in sessions:
        process.hears("followed", name)
    return process


def test_changes_of_ten_kinds_are_in_the_file_within_two_seconds(world, watch):
    make(world)
    started(watch)
    (world.home / "src").mkdir()
    t = world.tmux
    kinds = {
        "cd": (
            lambda: world.type("work:1.0", "cd src"),
            lambda v: any(p.get("cwd", "").endswith("src") for p in panes(v)),
        ),
        "program": (
            lambda: world.type("work:1.1", "tail -f /dev/null"),
            lambda v: any(p.get("run") == ["tail", "-f", "/dev/null"] for p in panes(v)),
        ),
        "split": (
            lambda: t("split-window", "-d", "-t", "work:2"),
            lambda v: len(v["windows"][2].get("panes", [{}])) == 2,
        ),
        "resize": (
            lambda: t("resize-pane", "-t", "work:1.0", "-x", "30"),
            lambda v: "{30x" in v["windows"][1]["layout"],
        ),
        "rename window": (
            lambda: t("rename-window", "-t", "work:1", "trouble"),
            lambda v: "trouble" in names(v),
        ),
        "new window": (
            lambda: t("new-window", "-d", "-t", "work:", "-n", "fourth"),
            lambda v: "fourth" in names(v),
        ),
        "session option": (
            lambda: t("set-option", "-t", "work", "status-left", "[w]"),
            lambda v: v.get("options", {}).get("status-left") == "[w]",
        ),
        "window option": (
            lambda: t("set-window-option", "-t", "work:1", "monitor-activity", "on"),
            lambda v: v["windows"][1].get("options", {}).get("monitor-activity") is True,
        ),
        "variable": (
            lambda: t("set-environment", "-t", "work", "STAGE", "test"),
            lambda v: v.get("env") == {"STAGE": "test"},
        ),
        "resume": (
            lambda: t("set-option", "-p", "-t", "work:1.1", "@sessionctl-resume", "agent 'a b'"),
            lambda v: any(p.get("resume") == ["agent", "a b"] for p in panes(v)),
        ),
        "kill pane": (
            lambda: t("kill-pane", "-t", "work:2.1"),
            lambda v: len(v["windows"][2].get("panes", [{}])) == 1,
        ),
        "kill window": (
            lambda: t("kill-window", "-t", "work:fourth"),
            lambda v: "fourth" not in names(v),
        ),
        "rename session": (
            lambda: t("rename-session", "-t", "work", "play"),
            lambda v: v["name"] == "play",
        ),
    }
    took = {kind: saved_within(world, *pair) for kind, pair in kinds.items()}
    assert {kind: s for kind, s in took.items() if s > WITHIN_S} == {}, took


def test_a_title_is_kept_beside_the_file_within_two_seconds(world, along):
    make(world)
    started(along)
    world.tmux("rename-window", "-t", "work:1", "before")
    world.tmux("select-pane", "-t", "work:1.0", "-T", "a title")
    state = world.home / ".local/state/sessionctl"
    begun = time.monotonic()
    world.wait_until(
        lambda: any(b"a title" in path.read_bytes() for path in state.rglob("*") if path.is_file()),
        "the title",
    )
    assert time.monotonic() - begun < WITHIN_S


def test_it_works_detached_and_without_a_status_line(world, along):
    make(world)
    world.tmux("set-option", "-g", "status", "off")
    started(along)
    (world.home / "src").mkdir()
    took = saved_within(
        world,
        lambda: world.type("work:1.0", "cd src"),
        lambda v: any(p.get("cwd", "").endswith("src") for p in panes(v)),
    )
    assert took < WITHIN_S


def test_sessions_without_a_file_get_none(world, along):
    make(world)
    world.tmux("new-session", "-d", "-s", "0")
    process = started(along)
    world.tmux("rename-window", "-t", "0:", "other")
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:1", "trouble"),
        lambda v: "trouble" in names(v),
    )
    assert not list(world.home.rglob("0.session.toml"))
    assert {one["session"] for one in process.events} == {"work"}


def test_a_session_that_gets_a_file_is_followed_from_then_on(world, watch):
    make(world)
    started(watch)
    make(world, "later")
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "later:1", "trouble"),
        lambda v: "trouble" in names(v),
        "later",
    )
    assert "trouble" not in names(value_of(world))


def test_comments_and_edits_by_hand_stay(world, along):
    make(world)
    text = file_of(world).read_text()
    file_of(world).write_text(text.replace('name = "logs"', 'name = "trouble"  # mine'))
    started(along)
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:2", "third"),
        lambda v: "third" in names(v),
    )
    assert 'name = "trouble"  # mine' in file_of(world).read_text()


def test_a_file_that_was_removed_is_not_made_again(world, along):
    make(world)
    make(world, "other")
    started(along, sessions=("work", "other"))
    file_of(world).unlink()
    world.tmux("rename-window", "-t", "work:1", "trouble")
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "other:1", "trouble"),
        lambda v: "trouble" in names(v),
        "other",
    )
    assert not file_of(world).exists()


def test_the_session_of_the_client_may_end(world, along):
    make(world, "first")
    make(world)
    process = started(along, sessions=("first", "work"))
    before = file_of(world, "first").read_bytes()
    clients = world.tmux("list-clients", "-F", "#{client_session} #{client_flags}").splitlines()
    assert len(clients) == 1
    assert "ignore-size" in clients[0]
    assert "no-output" in clients[0]
    assert "read-only" not in clients[0]
    world.tmux("kill-session", "-t", clients[0].split()[0])
    left = "work" if clients[0].startswith("first") else "first"
    took = saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", f"{left}:1", "trouble"),
        lambda v: "trouble" in names(v),
        left,
    )
    assert took < WITHIN_S
    process.hears("ended")
    assert file_of(world, "first").read_bytes() == before or left == "first"


def test_it_ends_with_the_server(world, watch):
    make(world)
    process = started(watch)
    before = file_of(world).read_bytes()
    world.tmux("kill-server")
    assert process.process.wait(10) == 0
    assert [one["event"] for one in process.events][-2:] == ["server-ended", "stopped"]
    assert file_of(world).read_bytes() == before


def test_it_waits_for_the_next_server_when_it_is_to_stay(world, watch):
    process = watch("--stay")
    process.hears("started")
    make(world)
    process.hears("followed", "work")
    world.end()
    process.hears("server-ended")
    world.run("restore", file_of(world))
    process.hears("followed", "work", times=2)
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:1", "trouble"),
        lambda v: "trouble" in names(v),
    )
    assert process.process.poll() is None


def test_without_a_server_it_says_so(world, watch):
    process = watch()
    assert process.process.wait(20) == 3
    assert "no server runs" in process.log.read_text()


def test_a_poor_session_of_the_same_name_replaces_nothing(world, along):
    """After a restart somebody makes the session by hand, before it was restored."""
    make(world)
    world.end()
    before = file_of(world).read_bytes()
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home)
    make(world, "other")
    started(along, sessions=("other",))
    world.tmux("rename-window", "-t", "work:", "poor")
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "other:1", "trouble"),
        lambda v: "trouble" in names(v),
        "other",
    )
    assert file_of(world).read_bytes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_is_killed_leaves_the_file(world, along, number):
    make(world)
    world.type("work:1.0", "tail -f /dev/null")
    world.wait_for_program("work", ("tail", "-f", "/dev/null"))
    process = started(along, "--stay")
    world.wait_until(lambda: any("run" in pane for pane in panes(value_of(world))))
    before = file_of(world).read_bytes()
    os.kill(int(world.tmux("display-message", "-p", "#{pid}")), number)
    process.hears("server-ended")
    assert file_of(world).read_bytes() == before


def test_programs_that_all_end_at_once_are_saved_only_when_that_stays_so(world, along):
    make(world)
    for pane in ("work:0.0", "work:1.0", "work:1.1", "work:2.0"):
        world.type(pane, "tail -f /dev/null")
    world.wait_until(lambda: all(pane.run for pane in world.panes("work")))
    process = started(along)
    world.wait_until(lambda: sum("run" in pane for pane in panes(value_of(world))) == 4)
    table = world.adapter.table
    for row in world.tmux("list-panes", "-s", "-t", "work", "-F", "#{pane_pid}").split():
        os.kill(table.row(int(row)).foreground, signal.SIGTERM)
    process.hears("waiting", "work")
    assert sum("run" in pane for pane in panes(value_of(world))) == 4
    begun = time.monotonic()
    world.wait_until(lambda: not any("run" in pane for pane in panes(value_of(world))))
    assert time.monotonic() - begun > 3


def test_a_small_client_changes_nothing(world, along):
    make(world)
    process = started(along)
    before = file_of(world).read_bytes()
    client = Client(world, "work", 60, 15)
    world.wait_until(
        lambda: (
            world.tmux("display-message", "-p", "-t", "work:", "#{window_width}").strip() == "60"
        )
    )
    time.sleep(2.5)
    client.end()
    assert file_of(world).read_bytes() == before
    assert process.heard("saved") == []


def test_while_nothing_happens_nothing_is_written(world, watch):
    make(world)
    process = started(watch)
    time.sleep(2)

    def stamps():
        return {
            str(path): path.stat().st_mtime_ns
            for folder in (world.home / ".local", world.home / "sessions")
            for path in folder.rglob("*")
        }

    before = stamps()
    size = process.log.stat().st_size
    log = world.tmux("show-messages")
    time.sleep(3)
    assert stamps() == before
    assert process.log.stat().st_size == size
    after = world.tmux("show-messages").splitlines()
    assert len(after) - len(log.splitlines()) <= 2, (
        after
    )  # our own here, and one look because of it


def test_it_leaves_the_server_as_it_was(world, watch):
    make(world)

    def settings():
        words = ("show-hooks", "-g"), ("show-options", "-s"), ("show-options", "-g"), (
            "show-environment", "-t", "work"), ("show-options", "-t", "work")  # fmt: skip
        return [world.tmux(*one) for one in words]

    world.tmux("set-hook", "-g", "after-set-option[3]", "display-message mine")
    before = settings()
    process = started(watch)
    world.tmux("set-option", "-t", "work", "@mine", "1")
    process.hears("saved", "work")
    world.tmux("set-option", "-u", "-t", "work", "@mine")
    assert settings() == before
    assert process.end() == 0
    world.wait_until(lambda: world.tmux("list-clients") == "")
    assert settings() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_within_a_second(world, watch, number):
    make(world)
    process = started(watch)
    begun = time.monotonic()
    assert process.end(number) == 0
    assert time.monotonic() - begun < 1
    assert process.events[-1]["event"] == "stopped"


def test_sessions_that_end_when_nobody_is_attached_get_no_client(world, along):
    """Attached, we would keep them alive; and end them when we leave."""
    make(world)
    client = Client(world, "work", 120, 40)
    world.wait_until(lambda: world.tmux("list-clients") != "")
    process = started(along)
    world.wait_until(lambda: len(world.tmux("list-clients").splitlines()) == 2)
    world.tmux("set-option", "-g", "destroy-unattached", "on")
    process.hears("polling")
    world.wait_until(lambda: len(world.tmux("list-clients").splitlines()) == 1)
    took = saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:1", "trouble"),
        lambda v: "trouble" in names(v),
    )
    assert took < 3
    process.end()
    assert world.tmux("list-sessions") != ""
    client.end()


def test_without_a_log_of_commands_options_are_saved_all_the_same(world, along):
    make(world)
    world.tmux("set-option", "-s", "message-limit", "0")
    started(along)
    took = saved_within(
        world,
        lambda: world.tmux("set-environment", "-t", "work", "STAGE", "test"),
        lambda v: v.get("env") == {"STAGE": "test"},
    )
    assert took < WITHIN_S


def test_when_it_is_killed_its_client_goes_too(world, watch):
    make(world)
    process = started(watch)
    process.end(signal.SIGKILL)
    world.wait_until(lambda: world.tmux("list-clients") == "", "the end of the client")


def test_a_broken_file_is_reported_once_and_saved_when_it_is_right_again(world, along):
    make(world)
    process = started(along)
    text = file_of(world).read_text()
    file_of(world).write_text(f"{text}broken = \n")
    world.tmux("rename-window", "-t", "work:1", "trouble")
    process.hears("failed", "work")
    world.tmux("rename-window", "-t", "work:2", "third")
    time.sleep(1.5)
    assert len(process.heard("failed")) == 1
    file_of(world).write_text(text)
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:0", "zero"),
        lambda v: {"trouble", "third", "zero"} <= set(names(v)),
    )


def test_every_line_keeps_to_the_schema_and_the_state_can_be_asked(world, watch):
    make(world)
    process = started(watch)
    schema = json.loads(schema_text("output-watch.v1"))
    for command in (["watch", "--status"], ["service", "status"]):
        answer = json.loads(world.run_plain(*command, "--json").stdout)
        name = f"output-{command[0]}{'-status' if command[0] == 'service' else ''}.v1"
        jsonschema.validate(answer, json.loads(schema_text(name)))
        [watcher] = answer["watchers"]
        assert [one["name"] for one in watcher["sessions"]] == ["work"]
    status = json.loads(world.run("tmux", "status", "--json", check=False).stdout)
    assert status["autosave"] == [process.process.pid]
    second = watch()
    assert second.process.wait(20) == 3
    assert "another sessionctl watches it" in second.log.read_text()
    process.end()
    for event in process.events:
        jsonschema.validate(event, schema)


def test_files_are_watched_beside_sessions(world, watch):
    make(world)
    file = world.home / "other.session.toml"
    file.write_text('schema_version = 1\nname = "other"\n')
    process = started(watch, str(file))
    process.hears("valid")  # it was read: the next text is a change
    file.write_text('schema_version = 1\nname = "changed"\n')
    process.hears("applied")
    saved_within(
        world,
        lambda: world.tmux("rename-window", "-t", "work:1", "trouble"),
        lambda v: "trouble" in names(v),
    )
    assert process.end() == 0
