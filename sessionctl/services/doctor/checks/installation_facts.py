"""Checks of the machine: Python, the program on PATH, directories."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl._version import __version__
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import ToolError
from sessionctl.services.doctor.check import GIT, Check, CheckFault
from sessionctl.system.files.executable import is_executable
from sessionctl.system.files.text import read_text
from sessionctl.system.process import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.doctor.setup import Setup

_OLDEST_PYTHON = (3, 11)
_TIMEOUT_S = 20
_NAME = "sessionctl"

_INOTIFY = Path("/proc/sys/fs/inotify")
_INOTIFY_LEAST = {"max_user_instances": 16, "max_user_watches": 1024}
_INOTIFY_FIX = "sudo sysctl -w"


def python(scene: Setup) -> Iterator[CheckFault]:
    """Look at the version of Python."""
    if scene.machine.python[:2] < _OLDEST_PYTHON:
        has, needs = (".".join(map(str, v[:2])) for v in (scene.machine.python, _OLDEST_PYTHON))
        yield CheckFault(
            f"Python {has} is too old, {needs} or newer is needed",
            f"python{needs} -m pip install sessionctl",
        )


def program(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git can start sessionctl, with the PATH that git has."""
    if scene.found_by_git(_NAME):
        return
    here = scene.machine.program
    fix = "pipx install sessionctl"
    if here is not None:
        fix = f'export PATH={quoted(str(Path(here).parent))}:"$PATH"'
    yield CheckFault("sessionctl is not on the PATH that git sees: git merges by lines", fix)


def versions(scene: Setup) -> Iterator[CheckFault]:
    """Look whether all that is called sessionctl on PATH runs, and is of one version."""
    found = _on_path(scene.git.environ.get("PATH", ""))
    own = os.path.realpath(scene.machine.started_as)  # this one runs
    for path in found:
        if path.name == os.path.basename(own) and str(path.resolve()) == own:  # noqa: PTH119
            continue
        try:
            done = run([str(path), "--version"], env=scene.git.environ, timeout_s=_TIMEOUT_S)
        except ToolError as error:
            yield CheckFault(
                f"install it again or remove it: {error.message.removeprefix(f'{path}: ')}",
                "type -a sessionctl",
                str(path),
                "error" if path == found[0] else "warning",
            )
            continue
        words = done.stdout.decode(errors="replace").split()
        version = words[-1] if words else "unknown"
        if version != __version__:
            yield CheckFault(
                f"version {version}, where this one is {__version__}: update or remove one of them",
                "type -a sessionctl",
                str(path),
                "warning",
            )


def directories(scene: Setup) -> Iterator[CheckFault]:
    """Look whether the directories of settings and state can be written, or made."""
    machine = scene.machine
    for purpose, directory in (("settings", machine.config), ("state", machine.state)):
        if directory is None:
            continue
        path = Path(directory)
        there = next(place for place in (path, *path.parents) if os.path.lexists(place))
        if not there.is_dir():
            what = "leads nowhere" if there.is_symlink() else "is not a directory"
            yield CheckFault(
                f"the directory for {purpose} cannot be made: {there} {what}",
                f"ls -ld {quoted(str(there))}",
                str(path),
            )
        elif not os.access(there, os.W_OK | os.X_OK):
            yield CheckFault(
                f"the directory for {purpose} cannot be written",
                f"chmod u+rwx {quoted(str(there))}",
                str(there),
            )


def settings(scene: Setup) -> Iterator[CheckFault]:
    """Look whether the files of settings, the user's and the project's, can be read."""
    from sessionctl.services.settings.settings_files import user_file, wrong_files

    own = user_file(scene.machine)
    for checked in wrong_files(scene.machine, str(scene.git.directory)):
        edit = "sessionctl config edit" + ("" if checked.name == own else " --project")
        if checked.failure is not None:
            message = checked.failure.message.removeprefix(f"{checked.name}: ")
            can_edit = os.path.isfile(checked.name) and os.access(checked.name, os.R_OK)  # noqa: PTH113
            fix = edit if can_edit else f"ls -ld {path_word(checked.name)}"
            yield CheckFault(message, fix, checked.name)
        for problem in checked.problems:
            line, column, _, _ = checked.place(problem)
            yield CheckFault(
                keyed_message(problem),
                edit,
                f"{checked.name}:{line}:{column}",
                problem.severity,
            )


def watching(_scene: Setup) -> Iterator[CheckFault]:
    """Look whether the system lets a user watch enough directories (Linux)."""
    for name, least in _INOTIFY_LEAST.items():
        path = _INOTIFY / name
        if not path.exists():
            continue
        limit = read_text(path).strip()
        if limit.isdigit() and int(limit) < least:
            yield CheckFault(
                f"fs.inotify.{name} is {limit}: 'watch' may have to check twice a second instead",
                f"{_INOTIFY_FIX} fs.inotify.{name}={8 * least}",
                str(path),
                "note",
            )


def _on_path(path: str) -> list[Path]:
    """Return each program of our name on ``path``, in order; one behind two names once."""
    found: dict[Path, Path] = {}
    for directory in path.split(os.pathsep):
        candidate = Path(directory or ".") / _NAME
        if is_executable(candidate):
            found.setdefault(candidate.resolve(), candidate)
    return list(found.values())


CHECKS = (
    Check("python", "Python is new enough", python),
    Check("program", "git finds sessionctl on its PATH", program, GIT),
    Check("versions", "no other version of sessionctl is on PATH", versions),
    Check("directories", "settings and state can be written", directories),
    Check("settings-files", "the files of settings can be read", settings),
    Check("watching", "files can be watched without polling", watching),
)
