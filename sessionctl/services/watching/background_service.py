"""Servicing: the watcher as a background service of systemd or launchd."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import NamedTuple, assert_never

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
from sessionctl.system.files.text import read_text, remove_file, write_text
from sessionctl.system.process import find_program, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.render.service_unit import Service

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


class ServiceStep(NamedTuple):
    """One step of installing or uninstalling: a file, or a command for the manager.

    ``text`` is what the file is to hold, None to remove it; a command has no file.
    """

    argv: tuple[str, ...] = ()
    file: str = ""
    text: str | None = None

    def __str__(self) -> str:
        if self.argv:
            return " ".join(map(quoted, self.argv))
        return f"write {self.file}" if self.text is not None else f"rm {quoted(self.file)}"


def find_home(platform: str, config: str, home: str, state: str) -> ServiceHome:
    """Return where services of the user belong on ``platform`` (as ``sys.platform``).

    Raises:
      ToolError: there is no manager for it that is known here.
    """
    log = Path(state, "watch.log")
    if platform == "linux":
        return ServiceHome(ServiceManager.SYSTEMD, Path(config, "systemd", "user"), log)
    if platform == "darwin":
        return ServiceHome(ServiceManager.LAUNCHD, Path(home, "Library", "LaunchAgents"), log)
    raise ToolError(
        "service: only systemd and launchd are known",
        hints=["let your system start this at login: sessionctl watch"],
    )


def plan_install(home: ServiceHome, service: Service) -> list[ServiceStep]:
    """Return the steps that install and start ``service``; none when all is as it should be.

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
    steps = [] if before == text else [ServiceStep(file=str(file), text=text)]
    match home.manager:
        case ServiceManager.SYSTEMD:
            commands = [
                ("systemctl", "--user", "daemon-reload"),
                ("systemctl", "--user", "enable", UNIT_NAME),
                ("systemctl", "--user", "restart", UNIT_NAME),
            ]
        case ServiceManager.LAUNCHD:
            domain = f"gui/{os.getuid()}"
            commands = [
                ("launchctl", "bootout", f"{domain}/{AGENT_LABEL}"),
                ("launchctl", "bootstrap", domain, str(file)),
            ]
        case never:
            assert_never(never)
    return [*steps, *map(ServiceStep, commands)]


def plan_uninstall(home: ServiceHome) -> list[ServiceStep]:
    """Return the steps that stop the service and remove it; none where there is none.

    Raises:
      RefusedError: the file is not ours.
      FileError: it cannot be read.
    """
    file = _file(home)
    before = _read(file)
    if before is None:
        return []
    if not is_ours(before):
        raise RefusedError(
            f"{file}: not written by sessionctl, it is left alone",
            hints=[f"rm {quoted(str(file))}"],
        )
    remove = ServiceStep(file=str(file), text=None)
    if home.manager is ServiceManager.SYSTEMD:
        stop = ("systemctl", "--user", "disable", "--now", UNIT_NAME)
        return [ServiceStep(stop), remove, ServiceStep(("systemctl", "--user", "daemon-reload"))]
    return [ServiceStep(("launchctl", "bootout", f"gui/{os.getuid()}/{AGENT_LABEL}")), remove]


def carry_out(steps: list[ServiceStep], environ: Mapping[str, str]) -> list[str]:
    """Do the steps; return why commands of the manager failed, the files being done.

    Raises:
      FileError: a file cannot be written or removed.
    """
    failures = []
    for step in steps:
        if step.argv:
            failure = _command(step.argv, environ)
            # Stopping what does not run is no failure.
            if failure and "bootout" not in step.argv and failure not in failures:
                failures.append(failure)
        elif step.text is not None:
            try:
                Path(step.file).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise FileError(f"{step.file}: cannot write: {error.strerror}") from error
            write_text(step.file, step.text)
        else:
            remove_file(step.file, expected=read_text(step.file))
    return failures


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


def _command(argv: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """Run a command of the manager; return why it failed, "" when it did not."""
    if find_program(argv[0], environ.get("PATH")) is None:
        return f"{argv[0]}: not found on PATH"
    try:
        run(argv, env=environ, timeout_s=_TIMEOUT_S)
    except ToolError as error:
        return error.message
    return ""


def _is_active(home: ServiceHome, environ: Mapping[str, str]) -> bool | None:
    argv: tuple[str, ...] = ("systemctl", "--user", "is-active", UNIT_NAME)
    if home.manager is ServiceManager.LAUNCHD:
        argv = ("launchctl", "print", f"gui/{os.getuid()}/{AGENT_LABEL}")
    if find_program(argv[0], environ.get("PATH")) is None:
        return None
    done = run(argv, env=environ, check=False, timeout_s=_TIMEOUT_S)
    if done.returncode == 0:
        return True
    # Without a session of its own there is no manager to ask (a container, ssh without login).
    return None if b"connect" in done.stderr.lower() else False
