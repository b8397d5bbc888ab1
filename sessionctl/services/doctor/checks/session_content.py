"""Checks of the session files themselves, as they stand in the work tree."""

from __future__ import annotations

import os

from sessionctl.core.conflict.marked_text import MARKER_RULE
from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.text.shellwords import path_word
from sessionctl.services.doctor.check import FILES, REPOSITORY, Check, CheckFault, SkipCheck, edit
from sessionctl.system.files.session_files import find_sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.problem import Problem
    from sessionctl.services.doctor.setup import Setup
    from sessionctl.services.documents.checked_file import CheckedFile

_VERSION_RULE = "version"
_SYMLINK = "120000"
_SESSIONS = f":(top)*{SESSION_SUFFIX}"


def conflict_markers(scene: Setup) -> Iterator[CheckFault]:
    """Look for conflicts that were not settled."""
    for checked, problem in _problems(scene, MARKER_RULE):
        yield _at(checked, problem, f"sessionctl resolve -- {path_word(checked.name)}")


def format_version(scene: Setup) -> Iterator[CheckFault]:
    """Look for files that a newer version wrote."""
    for checked, problem in _problems(scene, _VERSION_RULE):
        yield _at(checked, problem, "python -m pip install --upgrade sessionctl")


def secrets(scene: Setup) -> Iterator[CheckFault]:
    """Look for secrets that are written out; their values are not told."""
    for checked in scene.checked.values():
        for problem in checked.problems:
            if is_secret_rule(problem.rule):
                yield _at(checked, problem)


def valid(scene: Setup) -> Iterator[CheckFault]:
    """Look for files with other mistakes: the first of each file is reported."""
    reported_elsewhere = (MARKER_RULE, _VERSION_RULE)
    for checked in scene.checked.values():
        validate = f"sessionctl validate -- {path_word(checked.name)}"
        if checked.failure is not None:
            yield CheckFault(checked.failure.message, validate, checked.name)
        found = [
            problem
            for problem in checked.errors
            if problem.rule not in reported_elsewhere and not is_secret_rule(problem.rule)
        ]
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield _at(checked, found[0], validate, more)


def symlinks(scene: Setup) -> Iterator[CheckFault]:
    """Look for symlinks that lead nowhere, and for files that took a symlink's place."""
    for file in scene.files:
        place = scene.place(file.path)
        if place.is_symlink() and not place.exists():
            yield CheckFault(
                f"a symlink that leads nowhere, to {place.readlink()}: make that, or remove it",
                f"ls -l -- {path_word(file.path)}",
                file.path,
            )
        elif file.mode == _SYMLINK and place.exists() and not place.is_symlink():
            yield CheckFault(
                "a file is where git knows a symlink: restore it, or commit the file",
                f"git diff -- {path_word(file.path)}",
                file.path,
                "warning",
            )


def ignored(scene: Setup) -> Iterator[CheckFault]:
    """Look for session files that git ignores."""
    repository = scene.repository
    if repository is None or repository.work_tree is None or repository.is_detached:
        raise SkipCheck("the files are outside of the repository")
    base = scene.git.cwd
    there = find_sessions(str(repository.work_tree), own=scene.machine.own_places)
    found = [os.path.relpath(file.path, base) for file in there]
    known = {file.path for file in scene.files}
    if known.issuperset(found):
        return  # what git tracks it does not ignore
    # check-ignore dies at a file that lies in a submodule; this list has none.
    listed = scene.git.run(
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", _SESSIONS
    )
    ignored = {scene.shown(path) for path in os.fsdecode(listed.stdout).split("\0")[:-1]}
    found = [path for path in found if path in ignored]
    if not found:
        return
    asked = b"".join(os.fsencode(path) + b"\0" for path in found)
    done = scene.git.run("check-ignore", "-v", "-z", "--stdin", stdin=asked, ok=(0, 1))
    words = iter(os.fsdecode(done.stdout).split("\0")[:-1])
    for source, line, pattern, path in zip(words, words, words, words, strict=True):
        if not pattern.startswith("!"):
            yield CheckFault(
                f"git ignores it, by '{pattern}' in {source}:{line}",
                f"git add --force -- {path_word(path)}",
                path,
                "warning",
            )


def line_ends(scene: Setup) -> Iterator[CheckFault]:
    """Look for two kinds of line ends, and for git changing them."""
    converts = scene.git.config("", r"^core\.autocrlf$").get("core.autocrlf", "false").lower()
    for path, about in ((file.path, about) for file in scene.files for about in file.line_ends):
        index, work, attribute = about.split(None, 2)
        is_converted = attribute.startswith(("attr/text", "attr/eol"))
        is_left = attribute.startswith("attr/-text")
        if "mixed" in index + work:
            yield CheckFault(
                "two kinds of line ends", f"sessionctl fmt -- {path_word(path)}", path, "warning"
            )
        elif index == "i/crlf" and (is_converted or (converts != "false" and not is_left)):
            yield CheckFault(
                "git will convert all its line ends at the next change",
                f"git add --renormalize -- {path_word(path)}",
                path,
                "warning",
            )
        elif converts == "true" and not is_converted and not is_left:
            yield CheckFault(
                "git converts its line ends at each checkout: core.autocrlf is true",
                "echo '*.session.toml* text eol=lf' >> .gitattributes",
                path,
                "warning",
            )


def _problems(scene: Setup, rule: str) -> Iterator[tuple[CheckedFile, Problem]]:
    for checked in scene.checked.values():
        for problem in checked.problems:
            if problem.rule == rule:
                yield checked, problem


def _at(checked: CheckedFile, problem: Problem, fix: str = "", more: str = "") -> CheckFault:
    line, column, _, _ = checked.place(problem)
    key = f"{problem.key_path}: " if problem.key_path else ""
    return CheckFault(
        f"{key}{problem.message}{more}",
        fix or edit(checked.name, line),
        f"{checked.name}:{line}:{column}",
    )


CHECKS = (
    Check("conflict-markers", "no conflict is left in a session file", conflict_markers, FILES),
    Check("format-version", "no file is of a newer version", format_version, FILES),
    Check("valid", "the session files are valid", valid, FILES),
    Check("secrets", "no session file contains a plain-text secret", secrets, FILES),
    Check("symlinks", "no symlinked session file is missing", symlinks, FILES),
    Check("line-ends", "line ends are of one kind, and git keeps them", line_ends, FILES),
    Check("ignored", "git ignores no session file", ignored, REPOSITORY),
)
