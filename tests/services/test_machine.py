"""What is known of the machine and its user: directories, names, programs."""

from __future__ import annotations

import os
import sys

import pytest

from sessionctl.services.machine import Machine, read_machine

_NOBODY = 2**31 - 9


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/home/ada"},
        {"HOME": "/home/ada/", "XDG_STATE_HOME": "/s/", "XDG_CONFIG_HOME": "/c"},
        {"HOME": "/home/ada", "XDG_STATE_HOME": "not/absolute", "XDG_CONFIG_HOME": ""},
    ],
)
def test_the_directories_are_those_of_platformdirs(environ, monkeypatch):
    import platformdirs

    if os.uname().sysname != "Linux":
        pytest.skip("only on Linux they are found without platformdirs")
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert Machine(environ).state == platformdirs.user_state_dir("sessionctl")
    assert Machine(environ).config == platformdirs.user_config_dir("sessionctl")


def test_elsewhere_platformdirs_is_asked():
    assert Machine({}, os_name="darwin").state.endswith("sessionctl")


def test_without_a_home_there_is_no_place():
    machine = Machine({}, user_id=_NOBODY)
    assert (machine.home, machine.config_home, machine.runtime) == (None, None, None)
    assert (machine.config, machine.state, machine.user) == (None, None, "")
    assert Machine({"HOME": "not/absolute"}).home is None


def test_without_its_variable_the_home_is_that_of_the_account():
    pwd = pytest.importorskip("pwd")
    account = pwd.getpwuid(os.getuid())
    machine = Machine({"LOGNAME": ""}, user_id=os.getuid())
    assert (machine.home, machine.user) == (account.pw_dir, account.pw_name)


def test_the_runtime_directory_falls_back_to_the_state():
    assert Machine({"XDG_RUNTIME_DIR": "/run/user/1/"}).runtime == "/run/user/1/sessionctl"
    assert Machine({"XDG_STATE_HOME": "/s"}).runtime == "/s/sessionctl/run"


def test_the_user_and_the_editor_are_named_by_the_environment():
    machine = Machine({"USER": "ada", "EDITOR": "ed", "VISUAL": "emacs -nw"})
    assert (machine.user, machine.named_editor) == ("ada", "emacs -nw")
    assert Machine({}).named_editor == ""


def test_programs_are_found_on_the_path_of_the_environment(tmp_path):
    program = tmp_path / "tool"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert Machine({"PATH": str(tmp_path)}).find("tool") == str(program)
    assert Machine({"PATH": "/nowhere"}).find("tool") is None


def test_this_program_is_the_one_that_was_started_else_that_beside_python(tmp_path):
    started, beside = tmp_path / "a" / "sessionctl", tmp_path / "b" / "sessionctl"
    for file in (started, beside):
        file.parent.mkdir()
        file.touch()
    machine = Machine({}, executable=str(tmp_path / "b" / "python"), started_as=str(started))
    assert machine.program == str(started)
    assert machine._replace(started_as="/x/__main__.py").program == str(beside)
    assert machine._replace(started_as="", executable="/x/python").program is None
    assert machine.restart_argv == (machine.executable, "-m", "sessionctl")
    started.chmod(0o755)
    assert machine.restart_argv == (str(started),)
    # "python sessionctl" in a clone: the directory of the package is no program.
    folder = tmp_path / "clone" / "sessionctl"
    folder.mkdir(parents=True)
    as_folder = machine._replace(started_as=str(folder))
    assert as_folder.restart_argv == (machine.executable, "-m", "sessionctl")


def test_this_machine_is_known_by_its_name():
    machine = read_machine({"A": "b"})
    assert machine.environ == {"A": "b"}
    assert (machine.host, machine.os_name) == (os.uname().nodename, sys.platform)
    assert machine.python == sys.version_info[:3]


def test_where_settings_and_state_share_a_directory_only_what_holds_texts_is_our_own():
    shared = Machine({"HOME": "/h", "XDG_CONFIG_HOME": "/x", "XDG_STATE_HOME": "/x"}, user_id=7)
    assert shared.own_places[0] == "/x/sessionctl/documents"
    apart = Machine({"HOME": "/h", "XDG_RUNTIME_DIR": "/run/7"}, user_id=7)
    assert apart.own_places == (
        "/h/.local/state/sessionctl", "/h/.cache/sessionctl", "/run/7/sessionctl",
        "/h/.local/state/sessionctl/run", "/tmp/sessionctl-7",
    )  # fmt: skip
