"""The watcher as a service of the system: the files that are written, and the steps."""

from __future__ import annotations

import json
import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from sessionctl.core.render.service_unit import Service, is_ours, render_agent, render_unit
from sessionctl.errors import RefusedError, ToolError
from sessionctl.resources import schema_text
from sessionctl.services.machine import Machine
from sessionctl.services.plan.plan import plan_data, plan_lines
from sessionctl.services.plan.runner import run
from sessionctl.services.watching.background_service import (
    ServiceHome,
    ServiceManager,
    find_home,
    plan_install,
    plan_uninstall,
    read_state,
)
from tests.git.inprocess import run_inside
from tests.services.watching.conftest import SESSION
from tests.services.watching.processes import Process
from tests.world import run_sessionctl

ODD = '/home/ada/a b\'s "100%" $HOME\\x'


def machine_of(os_name, home="/h"):
    return Machine({"HOME": str(home)}, os_name)


def fits(answer):
    schema = json.loads(schema_text(f"output-{answer['command'].replace(' ', '-')}.v1"))
    jsonschema.Draft202012Validator(schema).validate(answer)
    return answer


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """Put a ``systemctl`` on PATH that notes how it was called; return that note."""
    programs = tmp_path / "programs"
    programs.mkdir()
    calls = tmp_path / "calls"
    program = programs / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n[ "$2" != is-active ]\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return calls


@pytest.fixture
def unit(home):
    return home / "config" / "systemd" / "user" / "sessionctl-watch.service"


def test_install_writes_a_unit_and_starts_it(folder, unit, systemctl):
    done = run_sessionctl("service", "install", "--commit", folder)
    assert (done.returncode, done.stdout) == (0, "")
    text = unit.read_text()
    assert f"ExecStart={sys.executable} -m sessionctl watch --commit -- {folder}\n" in text
    assert "Environment=XDG_STATE_HOME=" in text
    assert systemctl.read_text().splitlines() == [
        "--user show --property=Version",
        "--user daemon-reload",
        "--user enable sessionctl-watch.service",
        "--user restart sessionctl-watch.service",
    ]


def test_install_in_a_dry_run_prints_the_unit_and_the_commands(folder, unit, systemctl):
    done = run_inside("service", "install", "--dry-run", folder)
    assert done.stdout.startswith(f"make {unit}\n  + # Written by 'sessionctl service install'")
    assert done.stdout.endswith("\nsystemctl --user restart sessionctl-watch.service\n")
    assert not unit.exists()
    assert not systemctl.exists()
    answer = fits(json.loads(run_inside("service", "install", "-n", "--json").stdout))
    assert answer["dry_run"]
    assert answer["steps"][0]["after"].startswith("# Written by 'sessionctl service install'")
    assert answer["steps"][1]["argv"] == ["systemctl", "--user", "daemon-reload"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
def test_systemd_takes_the_unit(tmp_path, home):
    (home / "run").mkdir()
    program = tmp_path / "a b's" / "sessionctl"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = tmp_path / "sessionctl-watch.service"
    path.write_text(render_unit(Service((str(program), "watch", "--", ODD), (("PATH", ODD),))))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", path], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_words_of_a_unit_are_quoted():
    text = render_unit(Service(("/bin/x", "--", ODD, "a\nb", "")))
    words = text.split("ExecStart=")[1].split("\n")[0]
    assert words == (r"""/bin/x -- "/home/ada/a b's \"100%%\" $$HOME\\x" "a\nb" "" """.strip())


def test_the_environment_of_a_unit_has_its_dollars():
    text = render_unit(Service(("/bin/x",), (("HERE", "$HOME"),)))
    assert "\nEnvironment=HERE=$HOME\n" in text


def test_launchd_gets_an_agent_that_it_can_read():
    service = Service(("/bin/x", "watch", "--", "a & <b>"), (("PATH", "/bin"),))
    text = render_agent(service, "/home/ada/log")
    agent = plistlib.loads(text.encode())
    assert agent["ProgramArguments"] == ["/bin/x", "watch", "--", "a & <b>"]
    assert agent["EnvironmentVariables"] == {"PATH": "/bin"}
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert is_ours(text)
    assert "EnvironmentVariables" not in plistlib.loads(
        render_agent(Service(("/bin/x",)), "/log").encode()
    )


def test_uninstall_removes_the_unit(folder, unit, systemctl):
    run_inside("service", "install", folder)
    systemctl.unlink()
    done = run_inside("service", "uninstall", "--dry-run")
    assert done.stdout.splitlines() == [
        "systemctl --user disable --now sessionctl-watch.service",
        f"remove {unit}",
        "systemctl --user daemon-reload",
    ]
    assert unit.exists()
    done = run_inside("service", "uninstall")
    assert (done.returncode, unit.exists()) == (0, False)
    assert "the service is removed" in done.stderr
    done = run_inside("service", "uninstall")
    assert "there is no service to remove" in done.stderr
    assert fits(json.loads(run_inside("service", "uninstall", "--json").stdout))["steps"] == []


def test_a_unit_that_is_not_ours_is_left_alone(unit, systemctl):
    unit.parent.mkdir(parents=True)
    unit.write_text("[Unit]\n")
    for command in ("install", "uninstall"):
        done = run_inside("service", command)
        assert done.returncode == 5
        assert str(unit) in done.stderr
    assert unit.read_text() == "[Unit]\n"


NO_MANAGER = [
    "System has not been booted with systemd as init system (PID 1). Can't operate.",
    "Failed to connect to bus: No medium found",
    "Failed to connect to bus: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined",
    "Failed to get D-Bus connection: Operation not permitted",
]


@pytest.mark.parametrize("words", NO_MANAGER)
def test_where_systemd_does_not_run_nothing_is_written(folder, unit, systemctl, monkeypatch, words):
    program = systemctl.parent / "programs" / "systemctl"
    program.write_text(f"#!/bin/sh\ncat >&2 <<'E'\n{words}\nE\nexit 1\n")
    done = run_inside("service", "install", folder)
    assert done.returncode == 3
    assert words in done.stderr
    assert f"hint: run it manually: sessionctl watch {folder}\n" in done.stderr
    assert not unit.exists() and not unit.parent.exists()
    monkeypatch.chdir(folder)
    (folder / "-d").mkdir()
    done = run_inside("service", "install", "--commit", "--", "-d")
    assert "hint: run it manually: sessionctl watch --commit ./-d\n" in done.stderr
    done = run_inside("service", "status")
    assert f"not installed: {unit} is not there\n" in done.stdout
    done = run_inside("service", "uninstall")
    assert (done.returncode, "no service to remove" in done.stderr) == (0, True)


def test_without_a_manager_nothing_is_written_and_what_is_there_can_go(
    folder, unit, systemctl, monkeypatch
):
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "/nowhere")
    done = run_inside("service", "install", folder)
    assert done.returncode == 3
    assert "systemctl: not found on PATH" in done.stderr
    assert done.stderr.count("not found") == 1
    assert "sessionctl watch" in done.stderr
    assert not unit.exists()
    done = run_inside("service", "install", "--dry-run", folder)
    assert (done.returncode, unit.exists()) == (0, False)
    assert "not found on PATH" in done.stderr
    monkeypatch.setenv("PATH", path)
    assert run_inside("service", "install", folder).returncode == 0
    monkeypatch.setenv("PATH", "/nowhere")
    done = run_inside("service", "status")
    assert (done.returncode, done.stdout) == (
        1,
        f"installed: {unit}\nsystemd: systemd cannot be asked\n",
    )
    done = run_inside("service", "uninstall")
    assert (done.returncode, unit.exists()) == (0, False)


def test_a_path_that_leads_nowhere_is_no_service(unit, systemctl):
    done = run_inside("service", "install", "missing")
    assert done.returncode == 3
    assert "missing: no such file" in done.stderr
    assert not unit.exists()


def test_the_status_tells_of_watchers_however_they_were_started(tmp_path, folder, systemctl):
    done = run_inside("service", "status", "--json")
    answer = fits(json.loads(done.stdout))
    assert (answer["is_installed"], answer["is_active"], answer["watchers"]) == (False, False, [])
    process = Process(tmp_path, folder, arguments=["--json"])
    process.hears("started")
    done = run_inside("service", "status")
    assert done.returncode == 0
    assert done.stdout.startswith("not installed: ")
    assert f"process {process.pid}" in done.stdout
    answer = fits(json.loads(run_inside("service", "status", "--json").stdout))
    assert len(answer["watchers"]) == 1
    process.end()


def test_a_service_that_does_not_run_is_told_with_the_next_step(folder, unit, systemctl):
    run_inside("service", "install", folder)
    done = run_inside("service", "status")
    assert done.stdout == f"installed: {unit}\nsystemd: does not run\n"
    assert "journalctl --user -u sessionctl-watch" in done.stderr


def test_launchd_is_spoken_to_on_a_mac(tmp_path, monkeypatch):
    home = find_home(machine_of("darwin", tmp_path))
    assert home == ServiceHome(
        ServiceManager.LAUNCHD,
        tmp_path / "Library" / "LaunchAgents",
        Path(machine_of("darwin").state, "watch.log"),
    )
    service = Service(("/bin/x", "watch"))
    plan = plan_install(home, service)
    argvs = [step["argv"][:2] for step in plan_data(plan)[1:]]
    assert argvs == [("launchctl", "bootout"), ("launchctl", "bootstrap")]
    report = run(plan, {"PATH": "/nowhere"})
    assert [error.message for error in report.failures] == ["launchctl: not found on PATH"]
    assert [one.reason for one in report.skipped] == ["launchctl: not found on PATH"]
    again = plan_data(plan_install(home, service))
    assert len(again) == 2, "a file that is right is not written again"
    assert read_state(home, {"PATH": "/nowhere"}).is_active is None
    assert len(plan_lines(plan_uninstall(home))) == 2
    run(plan_uninstall(home), {"PATH": "/nowhere"}).check()
    assert plan_uninstall(home) == ()


def test_a_service_that_runs_is_active(tmp_path):
    for name, code in (("systemctl", 0), ("launchctl", 1)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho no bus: cannot connect >&2\nexit {code}\n")
        program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/bin:/usr/bin"}
    linux = find_home(machine_of("linux"))
    assert read_state(linux, environ).is_active is True
    assert read_state(find_home(machine_of("darwin")), environ).is_active is None


def test_other_systems_are_told(tmp_path):
    with pytest.raises(ToolError, match="only systemd and launchd"):
        find_home(machine_of("win32"))


def test_a_folder_that_cannot_be_made_is_told(unit, systemctl, home):
    (home / "config").write_text(SESSION)
    done = run_inside("service", "install")
    assert done.returncode == 3
    assert "cannot write" in done.stderr


def test_a_file_that_is_not_ours_is_refused_on_a_mac_too(tmp_path):
    home = find_home(machine_of("darwin", tmp_path))
    home.directory.mkdir(parents=True)
    (home.directory / "sessionctl.watch.plist").write_text("x")
    with pytest.raises(RefusedError):
        plan_install(home, Service(("/bin/x",)))
