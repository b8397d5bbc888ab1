"""Checks of git's attributes: that each session file really is handed over."""

from __future__ import annotations

import os
from fnmatch import fnmatch

from sessionctl.core.text.managed_block import BEGIN, find_block
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import DocumentError
from sessionctl.services.doctor.check import (
    FILES,
    GIT,
    INSTALL,
    INSTALL_COMMAND,
    REPOSITORY,
    Check,
    CheckFault,
    SkipCheck,
    edit,
)
from sessionctl.services.doctor.setup import SUBMODULE
from sessionctl.services.git.filter_advice import filter_step
from sessionctl.services.git.installation import are_kept_here
from sessionctl.system.files.text import read_text
from sessionctl.system.git.filters import configured_filters, is_stored_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sessionctl.services.doctor.setup import SessionFile, Setup

_OURS = "sessionctl"
_NONE = "unspecified"


def attributes(scene: Setup) -> Iterator[CheckFault]:
    """Look for session files that no attribute hands to a merge driver."""
    for file in scene.files:
        if file.merge == _NONE:
            yield CheckFault(
                "git merges it by lines: no attribute 'merge' is set for it",
                INSTALL_COMMAND,
                file.path,
                remedy=INSTALL,
            )


def foreign_attributes(scene: Setup) -> Iterator[CheckFault]:
    """Look for session files that an attribute hands to another merge driver."""
    for file in scene.files:
        if file.merge in (_NONE, _OURS):
            continue
        place, line = _who_sets(scene, file)
        yield CheckFault(
            f"git merges it by 'merge={file.merge}', not by key",
            edit(place, line) if place else f"git check-attr -a -- {path_word(file.path)}",
            f"{place}:{line}" if place else file.path,
        )


def diff_attributes(scene: Setup) -> Iterator[CheckFault]:
    """Look for session files whose secrets git diff would show."""
    for file in scene.files:
        if file.diff != _OURS:
            yield CheckFault(
                f"git diff shows it as it is, secrets too (attribute diff: {file.diff})",
                INSTALL_COMMAND
                if file.diff == _NONE
                else f"git check-attr -a -- {path_word(file.path)}",
                file.path,
                "warning",
                INSTALL if file.diff == _NONE else "",
            )


def filters(scene: Setup) -> Iterator[CheckFault]:
    """Look for session files that git stores in another form."""
    names = {file.filter_name for file in scene.files if file.filter_name}
    there = configured_filters(scene.git) if names else set()
    for file in scene.files:
        name = file.filter_name
        if name and name not in there:
            yield CheckFault(
                f"git stores it through the filter {name!r}, which is not set up here: it is"
                " neither merged nor checked, and new content would be stored as it is",
                "".join(filter_step(name)) or f"git check-attr filter -- {path_word(file.path)}",
                file.path,
            )
        elif name and not is_stored_by(scene.git, name, file.path):
            yield CheckFault(
                f"git stores it through the filter {name!r}, which fails here: new content would"
                " be stored as it is, if at all",
                f"git hash-object -- {path_word(file.path)}",
                file.path,
            )
        elif name:
            yield CheckFault(
                f"git stores it through the filter {name!r}: it is merged by key and checked"
                " where that filter is set up, as it is here",
                place=file.path,
                severity="note",
            )


def block(scene: Setup) -> Iterator[CheckFault]:
    """Look whether our block in each attributes file is whole."""
    for path in _attributes_files(scene):
        if not path.exists():
            continue
        try:
            find_block(read_text(path), str(path))
        except DocumentError as error:
            place, _, message = error.message.partition(": ")
            line = place.removeprefix(f"{path}:").partition(":")[0]
            yield CheckFault(message, edit(str(path), int(line)), place)


def shared(scene: Setup) -> Iterator[CheckFault]:
    """Look whether other clones get the attributes too."""
    repository = scene.repository
    if repository is None or repository.work_tree is None or repository.is_detached:
        raise SkipCheck("the attributes stay in the repository itself")
    path = repository.work_tree / ".gitattributes"
    if not path.exists() or BEGIN not in read_text(path):
        raise SkipCheck(".gitattributes has no block of sessionctl")
    if are_kept_here(scene.git):
        raise SkipCheck("they are for this clone alone: sessionctl.attributes is local")
    if not any(path == ".gitattributes" and mode != SUBMODULE for path, mode in scene.tracked):
        fix = "git add ':(top).gitattributes' && git commit"
        yield CheckFault("other clones do not get it: it is not in git", fix, str(path), "warning")


def _attributes_files(scene: Setup) -> list[Path]:
    return [target.attributes_file() for target in scene.targets]


def _who_sets(scene: Setup, file: SessionFile) -> tuple[str, int]:
    """Return the file and line that set the attribute ``merge``, ("", 0) when unsure."""
    repository = scene.repository
    assert repository is not None
    assert repository.work_tree is not None
    top = repository.work_tree
    inner = scene.from_top(file)
    above = [top / folder / ".gitattributes" for folder in inner.parents]
    candidates = [repository.common_dir / "info" / "attributes", *above]
    everywhere = scene.target("global")
    if everywhere.config_home is not None:
        candidates.append(everywhere.attributes_file())
    words = {f"merge={file.merge}"}
    if file.merge == "unset":
        words = {"-merge", "binary"}
    elif file.merge == "set":
        words = {"merge"}
    for place in candidates:
        if not place.is_file():
            continue
        base = place.parent if place in above else top
        lines = list(enumerate(read_text(place).splitlines(), 1))
        for number, line in reversed(lines):
            pattern, *given = line.split() or [""]
            if words & set(given) and _matches(pattern, inner, (top / inner).relative_to(base)):
                return os.path.relpath(place, scene.git.cwd), number
    return "", 0


def _matches(pattern: str, path: Path, inner: Path) -> bool:
    if "/" not in pattern.rstrip("/"):
        return fnmatch(path.name, pattern)
    return fnmatch(str(inner), pattern.lstrip("/"))


CHECKS = (
    Check("attributes", "each session file is merged by key", attributes, FILES),
    Check("foreign-attributes", "no other merge driver takes one", foreign_attributes, FILES),
    Check("diff-attributes", "git diff masks the secrets in them", diff_attributes, FILES),
    Check("filters", "git stores the session files as they are", filters, FILES),
    Check("attributes-block", "our block in the attributes files is whole", block, GIT),
    Check("shared-attributes", "other clones get the attributes too", shared, REPOSITORY),
)
