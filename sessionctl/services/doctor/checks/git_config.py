"""Checks of git and its configuration: drivers that work, and no trap among them."""

from __future__ import annotations

import re
import shlex

from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import GitError
from sessionctl.services.doctor.check import (
    GIT,
    INSTALL,
    INSTALL_COMMAND,
    REPOSITORY,
    Check,
    CheckFault,
    SkipCheck,
)
from sessionctl.services.git.installation import SETTINGS, outdated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.doctor.setup import SessionFile, Setup

_TELLS_LABELS = (2, 44)
_OURS = "sessionctl"


def git(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git is there, and how old it is."""
    version = scene.git_version
    if version[:2] < _TELLS_LABELS:
        yield CheckFault(
            f"git {'.'.join(map(str, version))} works; 2.44 and later show the names of the "
            "sides of every conflict",
            severity="note",
        )


def repository(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git can use the repository."""
    try:
        found = scene.repository
    except GitError as error:
        yield CheckFault(error.message, error.hints[0] if error.hints else "git status")
        return
    if found is None:
        raise SkipCheck("not in a git repository")


def driver(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git knows the merge driver."""
    if "merge.sessionctl.driver" in scene.settings:
        return
    if any(key.startswith("merge.sessionctl.") for key in scene.settings):
        raise SkipCheck("see driver-command")
    is_needed = bool(scene.repository and scene.files)
    yield CheckFault(
        "git does not know sessionctl here: it merges session files by lines",
        INSTALL_COMMAND if scene.repository else f"{INSTALL_COMMAND} --global",
        "merge.sessionctl.driver",
        "error" if is_needed else "note",
        INSTALL if is_needed else "",
    )


def driver_command(scene: Setup) -> Iterator[CheckFault]:
    """Look for drivers that have a name and no command: git dies of them."""
    used = {_OURS, *(file.merge for file in _files(scene))}
    for name in sorted(used):
        begin = f"merge.{name}."
        keys = [key for key in scene.drivers if key.startswith(begin)]
        if keys and f"{begin}driver" not in keys:
            yield CheckFault(
                f"the merge driver '{name}' has no command: every merge that needs it fails",
                INSTALL_COMMAND if name == _OURS else _remove(scene, keys[0], f"merge.{name}"),
                f"{begin}driver",
                remedy=INSTALL if name == _OURS else "",
            )


def settings(scene: Setup) -> Iterator[CheckFault]:
    """Look whether the settings are those that this version writes."""
    if not scene.settings:
        raise SkipCheck("sessionctl is not installed in git here")
    for key in outdated(scene.settings):
        yield CheckFault(
            "not as this version of sessionctl sets it",
            INSTALL_COMMAND,
            key,
            "warning",
            INSTALL,
        )


def textconv(scene: Setup) -> Iterator[CheckFault]:
    """Look for programs that git diff and git log start, and which are missing."""
    used = {_OURS, *(file.diff for file in _files(scene))}
    for name in sorted(used):
        for kind in ("textconv", "command"):
            key = f"diff.{name}.{kind}"
            value = scene.drivers.get(key, "")
            if not value or value == SETTINGS.get(key):
                continue
            word = _first_word(value)
            if word and not scene.found_by_git(word):
                yield CheckFault(
                    f"git diff and git log start '{word}', which is missing, and fail",
                    INSTALL_COMMAND if name == _OURS and kind == "textconv" else _unset(scene, key),
                    key,
                    remedy=INSTALL if name == _OURS and kind == "textconv" else "",
                )


def rerere(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git remembers how conflicts were resolved."""
    found = scene.git.config("", r"^rerere\.enabled$").get("rerere.enabled", "")
    assert scene.repository is not None
    if not found and (scene.repository.common_dir / "rr-cache").is_dir():
        return
    if found.lower() not in ("true", "yes", "on", "1"):
        yield CheckFault(
            "git can remember how you resolved a conflict and do it again; that is turned off",
            "git config rerere.enabled true",
            "rerere.enabled",
            "note",
        )


def _files(scene: Setup) -> tuple[SessionFile, ...]:
    return scene.files if scene.repository else ()


def _unset(scene: Setup, key: str) -> str:
    return f"git config{_scope(scene, key)} --unset {quoted(key)}"


def _remove(scene: Setup, key: str, section: str) -> str:
    return f"git config{_scope(scene, key)} --remove-section {quoted(section)}"


def _scope(scene: Setup, key: str) -> str:
    """Return the option for the scope of git's configuration that sets ``key``."""
    if scene.repository and scene.git.config("local", f"^{re.escape(key)}$"):
        return " --local"
    return " --global"


def _first_word(command: str) -> str:
    """Return the program of a shell command, "" where it takes a shell to tell."""
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    word = words[0] if words else ""
    is_plain = word and not any(character in word for character in "$`(){};|&<>*?=!")
    return word if is_plain else ""


CHECKS = (
    Check("git", "git is there, and new enough", git),
    Check("repository", "git can use the repository", repository, GIT),
    Check("driver", "git knows the merge driver", driver, GIT),
    Check("driver-command", "no merge driver lacks its command", driver_command, GIT),
    Check("settings", "git's settings are those of this version", settings, GIT),
    Check("textconv", "what git diff and git log start is there", textconv, GIT),
    Check("rerere", "git remembers how conflicts were resolved", rerere, REPOSITORY),
)
