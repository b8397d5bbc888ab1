"""The block in tmux.conf: put in, read back, taken out."""

from __future__ import annotations

import json

import jsonschema
import pytest

from sessionctl.errors import SessionctlError
from sessionctl.resources import schema_text
from sessionctl.services.live.tmux_setup.configuration import (
    configuration_file,
    plan_install,
    plan_uninstall,
    read_block,
)
from sessionctl.services.live.tmux_setup.key_bindings import TmuxKeys
from sessionctl.services.machine import Machine
from sessionctl.services.plan.runner import run

PROGRAM = ("/opt/it's #(touch x) $HOME #{pane_id}/sessionctl",)
TEXTS = [None, "", "set -g mouse on\n", "set -g mouse on", "# a\r\nset -g mouse on\r\n"]


def carry_out(plan):
    run(plan, None).check()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("is_restored", [False, True])
def test_what_was_there_is_there_again_after_uninstalling(tmp_path, text, is_restored):
    file = tmp_path / "tmux.conf"
    if text is not None:
        file.write_bytes(text.encode())
    carry_out(plan_install(file, PROGRAM, TmuxKeys(is_restored=is_restored)))
    assert plan_install(file, PROGRAM, TmuxKeys(is_restored=is_restored)) == ()
    carry_out(plan_install(file, PROGRAM, TmuxKeys(save="C-s", open="")))
    carry_out(plan_uninstall(file))
    assert plan_uninstall(file) == ()
    assert (file.read_bytes().decode() if file.exists() else None) == text


@pytest.mark.parametrize(
    "keys",
    [
        TmuxKeys(),
        TmuxKeys(save="C-s", restore="M-r", open="'", is_restored=True),
        TmuxKeys(save="", restore="", open=""),
        TmuxKeys(save=";", restore="#", open="\\"),
    ],
)
@pytest.mark.parametrize("program", [("/usr/bin/sessionctl",), PROGRAM])
def test_the_block_is_read_back(tmp_path, keys, program):
    file = tmp_path / "tmux.conf"
    carry_out(plan_install(file, program, keys))
    block = read_block(file)
    assert block.keys == keys
    is_started = any(keys[:3]) or keys.is_restored
    assert block.program == (program[0] if is_started else "")


def test_no_block_is_none(tmp_path):
    assert read_block(tmp_path / "no.conf") is None
    (tmp_path / "tmux.conf").write_text("set -g mouse on\n")
    assert read_block(tmp_path / "tmux.conf") is None


def test_a_symlink_into_a_dotfiles_repository_stays_one(tmp_path):
    kept = tmp_path / "dotfiles.conf"
    kept.write_text("set -g mouse on\n")
    link = tmp_path / "tmux.conf"
    link.symlink_to(kept)
    carry_out(plan_install(link, PROGRAM, TmuxKeys()))
    assert link.is_symlink()
    assert "bind-key" in kept.read_text()
    carry_out(plan_uninstall(link))
    assert kept.read_text() == "set -g mouse on\n"


def test_a_file_that_is_not_text_is_refused_with_its_place(tmp_path):
    file = tmp_path / "tmux.conf"
    file.write_bytes(b"set -g status-left '\xe9'\n")
    with pytest.raises(SessionctlError, match=r"tmux\.conf"):
        plan_install(file, PROGRAM, TmuxKeys())
    assert file.read_bytes() == b"set -g status-left '\xe9'\n"


def test_the_file_that_tmux_reads_is_chosen(tmp_path):
    machine = Machine({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")})
    usual, other = tmp_path / ".tmux.conf", tmp_path / "config/tmux/tmux.conf"
    assert configuration_file(machine) == usual
    last = tmp_path / ".config/tmux/tmux.conf"
    last.parent.mkdir(parents=True)
    last.write_text("")
    assert configuration_file(machine) == last
    other.parent.mkdir(parents=True)
    other.write_text("")
    assert configuration_file(machine) == other
    usual.write_text("")
    assert configuration_file(machine) == usual
    carry_out(plan_install(other, PROGRAM, TmuxKeys()))
    assert configuration_file(machine) == other


def command(world, *words, code=0):
    done = world.run_plain("tmux", *words, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def checked(done, name):
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads(schema_text(name)))
    return answer


def test_the_answers_keep_to_their_schemas(world):
    where = ("--tmux-socket", world.socket)
    dry = checked(command(world, "install", "-n", "--json"), "output-tmux-install.v1")
    assert not dry["done"]
    before = checked(command(world, "status", "--json", *where, code=1), "output-tmux-status.v1")
    assert (before["installed"], before["keys"], before["server_version"]) == (False, None, None)
    made = checked(command(world, "install", "--restore", "--json"), "output-tmux-install.v1")
    assert [step["action"] for step in made["steps"]] == ["write-file"]
    after = checked(command(world, "status", "--json", *where), "output-tmux-status.v1")
    assert after["keys"] == {"save": "S", "restore": "R", "open": "O"}
    assert after["restores"] is True
    gone = checked(command(world, "uninstall", "--json"), "output-tmux-install.v1")
    assert gone["command"] == "tmux uninstall"
    assert (world.home / ".tmux.conf").read_text() == "set -g default-size 120x40\n"


def test_a_dry_run_shows_the_lines_and_writes_nothing(world):
    done = command(world, "install", "-n")
    assert "+ bind-key -N 'sessionctl: save this session' S run-shell -b" in done.stdout
    assert "sessionctl" not in (world.home / ".tmux.conf").read_text()


def test_the_status_warns_of_what_would_restore_at_the_same_time(world):
    command(world, "install", "--restore")
    with (world.home / ".tmux.conf").open("a") as stream:
        stream.write("set -g @continuum-restore 'on'\n")
    done = command(world, "status", "--tmux-socket", world.socket)
    assert "tmux-continuum restores sessions at the start of tmux, so do" in done.stderr


@pytest.mark.parametrize("line", ["set -g @continuum-restore on", "set -g @continuum-restore 'on'"])
def test_a_server_that_runs_is_asked_too(world, line):
    world.tmux("new-session", "-d", "-s", "work")
    world.tmux(*line.replace("'", "").split())
    done = command(world, "status", "--tmux-socket", world.socket, code=1)
    assert "tmux-continuum" in done.stderr
    assert "the keys are not installed" in done.stderr
    (world.home / ".tmux.conf").write_text(f"# {line}\n")
    world.tmux("set", "-g", "@continuum-restore", "off")
    done = command(world, "status", "--tmux-socket", world.socket, code=1)
    assert "continuum" not in done.stderr


def test_a_program_that_is_gone_is_reported(world):
    command(world, "install")
    conf = world.home / ".tmux.conf"
    text = conf.read_text()
    start = text.index("run-shell -b '") + len("run-shell -b '")
    conf.write_text(text.replace(text[start:].split()[0], "/no/such/sessionctl"))
    done = command(world, "status", "--tmux-socket", world.socket, code=1)
    assert "/no/such/sessionctl, which is not there" in done.stderr
