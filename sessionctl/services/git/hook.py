"""Hook: the plan that lets git check staged files before a commit, and back."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.frozen_class import dataclass
from sessionctl.core.regex.lazy_pattern import MULTILINE, VERBOSE, late_bytes
from sessionctl.errors import GitError
from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile
from sessionctl.system.files.executable import is_executable
from sessionctl.system.files.text import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.plan.plan import Plan, Step
    from sessionctl.system.git.program import Git

HOOK = "pre-commit"
KEPT = f"{HOOK}.before-sessionctl"
CALL = f"sessionctl git hook {HOOK}"

# The program may be missing or broken on the day of a commit: then the commit goes on, and
# says so. Exit code 64 says "there are problems"; a Python that cannot even start ends
# with 1, a version that knows no such command with 2. Where the program itself says that
# it could not check, the commit stops.
SCRIPT = f"""\
#!/bin/sh
# sessionctl hook: checks the staged session files before each commit.
# Written by 'sessionctl git install --hook', removed by 'sessionctl git uninstall --hook'.
# A hook that was here before is kept beside this one, and runs first.
kept="${{0%/*}}/{KEPT}"
if [ -x "$kept" ]; then
    "$kept" "$@" || exit
fi
if ! command -v sessionctl >/dev/null 2>&1; then
    echo "sessionctl: warning: not on PATH, session files are committed unchecked" >&2
    exit 0
fi
{CALL} --problems-exit=64
code=$?
case $code in
0) ;;
64) exit 1 ;;
1 | 2 | 126 | 127)
    echo "sessionctl: warning: cannot run, session files are committed unchecked" >&2
    ;;
*) exit "$code" ;;
esac
"""
_SIGNATURE = SCRIPT.splitlines(keepends=True)[1].encode()
_LEGACY = f"{HOOK}.legacy"
"""What the pre-commit framework calls a hook that it found, and runs."""

# A hook that acts by the name it is called by would do nothing, or harm, under another.
_ACTS_BY_NAME = late_bytes(
    rb"""basename[\s("'-]*\$\{?0 | \$\{0\#\# | basename\((?:__file__|sys\.argv\[0\])"""
    rb"""| ^[ \t]*(?:\.|source)[ \t][^\n]*\$\{?0""",
    MULTILINE | VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Hook:
    """How things stand at the place of git's pre-commit hook; ``content`` None: no file."""

    path: Path
    content: bytes | None
    is_executable: bool
    has_kept: bool

    @property
    def kept(self) -> Path:
        """Where the hook that was there before is kept."""
        return self.path.with_name(KEPT)

    @property
    def is_ours(self) -> bool:
        """Whether sessionctl wrote the hook; it may have been edited since."""
        return self.content is not None and _SIGNATURE in self.content

    @property
    def calls_us(self) -> bool:
        """Whether the hook, whoever wrote it, lets sessionctl check."""
        if self.content is None:
            return False
        if CALL.encode() in self.content:
            return True
        legacy = read_hook(self.path.with_name(_LEGACY))
        return b"pre-commit.com" in self.content and legacy.is_ours


def read_hook(path: Path) -> Hook:
    """Return how things stand at ``path``.

    Raises:
      FileError: what is there cannot be read.
    """
    content = read_bytes(path) if path.exists() else b"" if path.is_symlink() else None
    has_kept = os.path.lexists(path.with_name(KEPT))
    return Hook(path, content, is_executable(path), has_kept)


def hook_path(git: Git, *, for_all: bool = False) -> Path | None:
    """Return where git looks for its pre-commit hook, or None where it runs none.

    With ``for_all``, the place that the user's own settings name for all repositories.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    scope = ("--global",) if for_all else ()
    asked = ("config", *scope, "--type=path", "--get", "core.hooksPath")
    is_asked = for_all or git.may_be_set("core.hookspath")
    configured = git.text(*asked, ok=(0, 1)) if is_asked else ""
    if for_all:
        directory = Path(configured)
        is_place = bool(configured) and directory.is_absolute()
        return directory / HOOK if is_place and not _is_file(directory) else None
    repository = git.repository()
    if not configured:
        return Path(os.path.normpath(repository.common_dir)) / "hooks" / HOOK
    directory = (repository.work_tree or repository.git_dir) / configured
    return None if _is_file(directory) else Path(os.path.normpath(directory)) / HOOK


def plan_hook(git: Git, *, for_all: bool = False) -> Plan[object]:
    """Return the steps that are still to do until git starts our hook; none when it does.

    A hook that is there is kept and goes on being run.

    Raises:
      GitError: there is no repository here, git runs no hooks here, or the hook that is
        there cannot be moved without harm.
      FileError: it cannot be read.
    """
    path = hook_path(git, for_all=for_all)
    if path is None:
        raise _no_place(for_all=for_all)
    hook = read_hook(path)
    steps: list[Step[object]] = []
    if not hook.calls_us:
        if hook.content is not None:
            _refuse_to_move(hook)
            steps.append(MoveFile(path, hook.kept))
        steps.append(WriteFile(path, None, SCRIPT))
    if not (hook.calls_us and hook.is_executable):
        steps.append(MakeExecutable(path))
    return tuple(steps)


def plan_unhook(git: Git, *, for_all: bool = False, own_only: bool = False) -> Plan[object]:
    """Return the steps that undo ``plan_hook``; none when no hook of ours is there.

    With ``own_only``, a hook that serves other repositories too is left alone.

    Raises:
      GitError: there is no repository here, or our hook was edited by hand.
    """
    path = hook_path(git, for_all=for_all)
    if path is None or (own_only and not _is_own(git, path)):
        return ()
    hook = read_hook(path)
    if not hook.is_ours:
        return ()
    if hook.content != SCRIPT.encode():
        raise GitError(
            f"{path}: was edited since sessionctl wrote it",
            hints=[f"take '{CALL}' out of it by hand, or remove it; then run this again"],
        )
    steps: list[Step[object]] = [WriteFile(path, SCRIPT, None)]
    if hook.has_kept:
        steps.append(MoveFile(hook.kept, path))
    return tuple(steps)


def _refuse_to_move(hook: Hook) -> None:
    add = f"add this line to it: {CALL} || exit"
    if hook.has_kept:
        raise GitError(
            f"{hook.kept}: in the way: a hook was kept there, and another one came since",
            hints=[f"move it away, or leave {hook.path.name} in place and {add}"],
        )
    if _ACTS_BY_NAME.search(hook.content or b""):
        raise GitError(
            f"{hook.path}: acts by the name it is called by, so it cannot be moved",
            hints=[f"leave it in place and {add}"],
        )


def _no_place(*, for_all: bool) -> GitError:
    if for_all:
        return GitError(
            "core.hooksPath names no directory of hooks for all repositories of this user",
            hints=["run it in each repository: sessionctl git install --hook"],
        )
    return GitError(
        "core.hooksPath is not a directory: git runs no hooks here",
        hints=["see who sets it: git config --show-origin core.hooksPath"],
    )


def _is_own(git: Git, path: Path) -> bool:
    repository = git.repository()
    places = [repository.common_dir, repository.git_dir, repository.work_tree]
    return any(place and path.resolve().is_relative_to(place.resolve()) for place in places)


def _is_file(path: Path) -> bool:
    return path.exists() and not path.is_dir()
