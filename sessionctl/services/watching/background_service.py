"""Background service: the watcher as a service of systemd or launchd."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, assert_never

from sessionctl.core.light_enum import Enum
from sessionctl.core.render.service_unit import (
    AGENT_LABEL,
    AGENT_NAME,
    UNIT_NAME,
    is_ours,
    render_agent,
    render_unit,
)
from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import FileError, RefusedError, ToolError
from sessionctl.services.plan.file_steps import WriteFile
from sessionctl.services.plan.plan import StepGroup
from sessionctl.services.plan.program_steps import RunProgram
from sessionctl.system.files.text import read_text
from sessionctl.system.process import ProcessResult, failure, find_program, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.render.service_unit import Service
    from sessionctl.services.machine import Machine
    from sessionctl.services.plan.plan import Plan

_TIMEOUT_S = 30


class ServiceManager(Enum):
    """What starts services in the background of a login."""

    SYSTEMD = "systemd"
    LAUNCHD = "launchd"


class ServiceHome(NamedTuple):
    """Where the manager looks for services of the user, and where logs go."""

    manager: ServiceManager
    directory: Path
    log: Path


class ServiceState(NamedTuple):
    """How the service stands.

    ``file`` is its unit or agent; ``is_active`` is None where the manager cannot be asked.
    """

    manager: str
    file: str
    is_installed: bool
    is_active: bool | None


def find_home(machine: Machine) -> ServiceHome:
    """Return where services of the user belong on ``machine``.

    Raises:
      FileError: the user has no home directory.
      ToolError: there is no manager that is known here.
    """
    home, state, config = machine.home, machine.state, machine.config_home
    if home is None or state is None or config is None:
        raise FileError("service: there is no home directory", hints=["set HOME"])
    log = Path(state, "watch.log")
    if machine.os_name == "linux":
        return ServiceHome(ServiceManager.SYSTEMD, Path(config, "systemd", "user"), log)
    if machine.os_name == "darwin":
        return ServiceHome(ServiceManager.LAUNCHD, Path(home, "Library", "LaunchAgents"), log)
    raise ToolError(
        "service: only systemd and launchd are known",
        hints=["let your system start this at login: sessionctl watch"],
    )


def check_manager(
    home: ServiceHome, environ: Mapping[str, str], by_hand: str, *, only_look: bool
) -> None:
    """Refuse where nothing would start the service, before anything is written.

    ``by_hand`` is the command that does what the service would. With ``only_look``, the manager is
    looked for and not asked.

    Raises:
      ToolError: the manager is missing, or does not run for this user.
    """
    hints = [f"run it manually: {by_hand}"]
    program = "systemctl" if home.manager is ServiceManager.SYSTEMD else "launchctl"
    if find_program(program, environ.get("PATH")) is None:
        message = f"service: {home.manager.value} is not here: {program}: not found on PATH"
        raise ToolError(message, hints=hints)
    if only_look or home.manager is ServiceManager.LAUNCHD:
        return
    asked = ("systemctl", "--user", "show", "--property=Version")
    done = run(asked, env=environ, check=False, timeout_s=_TIMEOUT_S)
    if done.returncode != 0 and _has_no_manager(done):
        raise ToolError(
            f"service: systemd does not run for this user: {failure(done)}", hints=hints
        )


def _has_no_manager(done: ProcessResult) -> bool:
    """Return whether systemctl found nobody to talk to: in a container, without a login."""
    said = done.stderr.lower()
    return any(word in said for word in (b"connect", b"booted", b"bus", b"systemd1"))


def plan_install(home: ServiceHome, service: Service) -> Plan[Mapping[str, str]]:
    """Return the steps that install and start ``service``.

    When the manager fails in one of its commands, it is given the others all the same.

    Raises:
      RefusedError: a file is in the way that is not ours.
      FileError: it cannot be read.
    """
    file, text = _file(home), _text(home, service)
    before = _read(file)
    if before is not None and not is_ours(before):
        raise RefusedError(
            f"{file}: there is a service of that name that sessionctl did not write",
            hints=["look at it, and move it away"],
        )
    write = () if before == text else (WriteFile(file, before, text),)
    return (*write, StepGroup("", _start(home.manager, file), goes_on=True))


def plan_uninstall(home: ServiceHome) -> Plan[Mapping[str, str]]:
    """Return the steps that stop the service and remove it; none where there is none.

    The file is removed although the manager fails.

    Raises:
      RefusedError: the file is not ours.
      FileError: it cannot be read.
    """
    file = _file(home)
    before = _read(file)
    if before is None:
        return ()
    if not is_ours(before):
        raise RefusedError(
            f"{file}: not written by sessionctl, it is left alone",
            hints=[f"rm {quoted(str(file))}"],
        )
    remove = WriteFile(file, before, None)
    steps: Plan[Mapping[str, str]]
    if home.manager is ServiceManager.SYSTEMD:
        steps = (_systemctl("disable", "--now", UNIT_NAME), remove, _systemctl("daemon-reload"))
    else:
        steps = (_bootout(), remove)
    return (StepGroup("", steps, goes_on=True),)


def _start(manager: ServiceManager, file: Path) -> tuple[RunProgram, ...]:
    match manager:
        case ServiceManager.SYSTEMD:
            return (
                _systemctl("daemon-reload"),
                _systemctl("enable", UNIT_NAME),
                _systemctl("restart", UNIT_NAME),
            )
        case ServiceManager.LAUNCHD:
            return (_bootout(), RunProgram(("launchctl", "bootstrap", _domain(), str(file))))
        case never:
            assert_never(never)


def _systemctl(*words: str) -> RunProgram:
    return RunProgram(("systemctl", "--user", *words))


def _bootout() -> RunProgram:
    return RunProgram(("launchctl", "bootout", f"{_domain()}/{AGENT_LABEL}"), may_fail=True)


def _domain() -> str:
    return f"gui/{os.getuid()}"


def read_state(home: ServiceHome, environ: Mapping[str, str]) -> ServiceState:
    """Return how the service stands."""
    file = _file(home)
    is_installed = os.path.lexists(file)
    return ServiceState(home.manager.value, str(file), is_installed, _is_active(home, environ))


def _file(home: ServiceHome) -> Path:
    name = UNIT_NAME if home.manager is ServiceManager.SYSTEMD else AGENT_NAME
    return home.directory / name


def _text(home: ServiceHome, service: Service) -> str:
    if home.manager is ServiceManager.SYSTEMD:
        return render_unit(service)
    return render_agent(service, str(home.log))


def _read(file: Path) -> str | None:
    return read_text(file) if os.path.lexists(file) else None


def _is_active(home: ServiceHome, environ: Mapping[str, str]) -> bool | None:
    argv: tuple[str, ...] = ("systemctl", "--user", "is-active", UNIT_NAME)
    if home.manager is ServiceManager.LAUNCHD:
        argv = ("launchctl", "print", f"{_domain()}/{AGENT_LABEL}")
    if find_program(argv[0], environ.get("PATH")) is None:
        return None
    done = run(argv, env=environ, check=False, timeout_s=_TIMEOUT_S)
    if done.returncode == 0:
        return True
    # Without a session of its own there is no manager to ask (a container, ssh without login).
    return None if _has_no_manager(done) else False
