"""Cache plan: the steps that let git keep masked texts in a repository, and that remove them."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.frozen_class import dataclass
from sessionctl.errors import GitError
from sessionctl.services.git.cache.kept_command import FILE, REF, name_in
from sessionctl.services.git.cache.text_cache import TextCache, is_of_this_version
from sessionctl.services.git.config_steps import RemoveSection, SetConfig
from sessionctl.system.files.text import read_text, remove_file
from sessionctl.system.git.filters import filters_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.services.plan.plan import Step
    from sessionctl.system.git.program import Git

TEXTCONV, CACHED = "diff.sessionctl.textconv", "diff.sessionctl.cachetextconv"
# A section of its own, so that it stands behind those that it changes, and goes as a whole.
_SECTION = "includeif.gitdir:**"
INCLUDE = f"{_SECTION}.path"
_PATTERN = r"^includeif\.gitdir:\*\*\.path$"


@dataclass(frozen=True, slots=True)
class KeepTexts:
    """Let git keep the masked texts that it is given from now on."""

    cache: TextCache

    def render(self) -> str:
        """Return what is done."""
        return f"make {self.cache.path}, with a key and a name for the cache"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "keep-texts", "path": self.cache.path}

    def carry_out(self, _tools: object, /) -> None:
        """Begin a new cache; raises ``GitError``."""
        self.cache.begin()


@dataclass(frozen=True, slots=True)
class DropTexts:
    """Remove the masked texts that git kept, and what let it."""

    cache: TextCache
    ref: str

    def render(self) -> str:
        """Return what is done."""
        return f"remove {self.cache.path} and {self.cache.script}\ngit update-ref -d {self.ref}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "drop-texts", "path": self.cache.path, "ref": self.ref}

    def carry_out(self, git: Git, /) -> None:
        """Remove both; raises ``FileError`` and ``GitError``."""
        for path in (Path(self.cache.path), Path(self.cache.script)):
            if path.exists():
                remove_file(path, expected=read_text(path))
        git.run("update-ref", "-d", self.ref)


def plan_cache(
    git: Git, settings: Mapping[str, str], paths: Sequence[str], *, is_asked: bool
) -> list[Step[Git]]:
    """Return the steps that are still to do; none where no cache was ever asked for.

    ``settings`` are those that the repository has itself, ``paths`` are the patterns of the
    files that sessionctl shows.

    Raises:
      GitError: git must not keep texts in this repository, or its settings are in the way.
    """
    found = git.config("local", _PATTERN).get(INCLUDE)
    if found is None and not is_asked:
        return []
    if found not in (None, FILE):
        if not is_asked:
            return []
        raise GitError(
            f"{INCLUDE} is set already, to {found}", hints=["include that file by include.path"]
        )
    cache = TextCache(str(git.repository().common_dir))
    if is_asked:
        _check(git, cache, paths)
    steps: list[Step[Git]] = []
    if found is not None and TEXTCONV not in settings:  # it must stand behind that
        steps.append(RemoveSection("local", _SECTION))
        found = None
    if found is None:
        steps.append(SetConfig("local", INCLUDE, FILE))
    state = cache.read()
    if state is None or not (state.is_current or (state.is_filtered and not is_asked)):
        steps.append(KeepTexts(cache))
    return steps


def plan_uncache(git: Git) -> list[Step[Git]]:
    """Return the steps that remove the cache of a repository; an empty list without one."""
    if git.config("local", _PATTERN).get(INCLUDE) != FILE:
        return []
    cache = TextCache(str(git.repository().common_dir))
    return [RemoveSection("local", _SECTION), DropTexts(cache, REF)]


def is_kept(settings: Mapping[str, str]) -> bool:
    """Return whether git keeps texts that this version masks, by the settings that hold."""
    name = name_in(settings.get(TEXTCONV, ""))
    return is_of_this_version(name) and settings.get(CACHED) == "true"


def _check(git: Git, cache: TextCache, paths: Sequence[str]) -> None:
    """Raise ``GitError`` where git must not keep texts."""
    problem = cache.reader_problem()
    if problem:
        raise GitError(
            f"git cannot keep texts here: {problem}",
            hints=["let all users read it, or leave --cache out"],
        )
    top = git.repository().work_tree
    for path, name in filters_of(git, git.tracked(*paths)).items() if top else ():
        raise GitError(
            f"git must not keep texts here: {path} comes through the filter {name!r}",
            hints=["without --cache, nothing is kept"],
        )
