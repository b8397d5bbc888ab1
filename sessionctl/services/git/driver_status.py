"""Driver status: whether git hands files to sessionctl here, and what hinders it."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.filename import SESSION_PATHSPEC, SIDECAR_PATHSPEC
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import GitError
from sessionctl.services.git.installation import OUR_KEYS, outdated
from sessionctl.system.process import find_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.git.program import Git

_SHOWN = (SESSION_PATHSPEC, SIDECAR_PATHSPEC)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that hinders, and the next step; ``severity`` is "error" or "warning"."""

    message: str
    hint: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A tracked file and which drivers git's attributes name for it."""

    path: str
    merge: str
    diff: str

    @property
    def is_ours(self) -> bool:
        """Whether git hands the file to sessionctl for merges."""
        return self.merge == "sessionctl"


@dataclass(frozen=True, slots=True)
class GitStatus:
    """What git does with session files here.

    ``scopes`` are the scopes of git's configuration that hold settings of ours;
    ``program`` is the sessionctl that git would start; ``operation`` what git is in the
    middle of.
    """

    git_version: tuple[int, ...]
    program: str | None
    scopes: tuple[str, ...]
    operation: str | None
    files: tuple[TrackedFile, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def is_working(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(obstacle.severity != "error" for obstacle in self.obstacles)


def read_status(git: Git) -> GitStatus:
    """Return how things stand in the repository of ``git``, or globally outside of one.

    Raises:
      GitError: git is missing, or its configuration is broken.
    """
    from sessionctl.system.git.directory import operation_under_way

    version = git.version()
    try:
        repository = git.repository()
    except GitError:
        # Git itself works, as its version shows: there is no repository here.
        repository = None
    program = find_program("sessionctl", git.environ.get("PATH"))
    scopes = ("global", "local", "worktree") if repository else ("global",)
    found = {scope: git.config(scope, OUR_KEYS) for scope in scopes}
    if found.get("worktree") == found.get("local"):
        found.pop("worktree", None)  # without the extension they are one file
    files: tuple[TrackedFile, ...] = ()
    if repository is not None and repository.work_tree is not None:
        files = tuple(_tracked_files(git))
    settings = git.config("", OUR_KEYS)
    obstacles = [*_hindering(settings, files, program), *_outdated(settings)]
    operation = operation_under_way(str(repository.git_dir)) if repository else None
    installed = tuple(scope for scope, values in found.items() if values)
    return GitStatus(version, program, installed, operation, files, tuple(obstacles))


def _tracked_files(git: Git) -> list[TrackedFile]:
    paths = git.tracked(*_SHOWN)
    return [
        TrackedFile(path, found["merge"], found["diff"])
        for path, found in git.attributes(paths, "merge", "diff").items()
    ]


def _hindering(
    settings: dict[str, str], files: tuple[TrackedFile, ...], program: str | None
) -> list[Obstacle]:
    install = "sessionctl git install"
    obstacles = []
    if "merge.sessionctl.driver" not in settings:
        obstacles.append(Obstacle("git does not know sessionctl here", install))
    if program is None:
        hint = "put the directory of sessionctl on PATH; until then git merges line by line"
        obstacles.append(Obstacle("sessionctl is not on the PATH that git sees", hint))
    for file in files:
        if not file.is_ours:
            message = f"{file.path}: git merges it by lines (attribute merge: {file.merge})"
            who = f"git check-attr -a -- {path_word(file.path)}"
            hint = f"{install}, or look for who sets it: {who}"
            obstacles.append(Obstacle(message, hint))
    return obstacles


def _outdated(settings: dict[str, str]) -> list[Obstacle]:
    differing = outdated(settings)
    if not differing:
        return []
    message = f"git's settings are not those of this version: {', '.join(differing)}"
    return [Obstacle(message, "sessionctl git install", "warning")]
