"""Settings change: one setting written into a file of settings, or removed from it."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH118, PTH120
import os
from typing import NamedTuple

from sessionctl.core.filename import PROJECT_FILE
from sessionctl.core.keypath import KeyPath
from sessionctl.core.settings import Origin
from sessionctl.core.text.near_words import near_hints
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import EditError, FileError, KeyNotFoundError, RefusedError, UsageError
from sessionctl.services.documents.value_access import ValueChange, change_at
from sessionctl.services.settings.settings_files import (
    find_project_file,
    known_settings,
    read_words,
    user_file,
)
from sessionctl.system.files.text import read_text
from sessionctl.system.store.store import SaveResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.settings import Definition
    from sessionctl.services.machine import Machine
    from sessionctl.system.store.store import Store

_DESCRIBED = "the settings are described by: sessionctl schema print settings.v1"


class SettingsFile(NamedTuple):
    """A file of settings: its path, and whether it is a project's."""

    path: str
    is_project: bool = False

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return os.path.lexists(self.path)

    def document(self) -> Document:
        """Return what it holds; nothing where it is not there, or a link to a new file.

        Raises:
          FileError, ParseError: it cannot be read, or is not TOML; it is a link that leads
            nowhere, and the file it leads to is not to be made.
        """
        target = dangling_target(self.path)
        if target:
            self._check_target(target)
        is_there = self.is_there and not target
        return Document.parse(read_text(self.path) if is_there else "", self.path)

    def _check_target(self, target: str) -> None:
        """Raise ``FileError`` where the file that the link leads to is not to be made."""
        what = f"{self.path}: a link to {target}, which is not there"
        if self.is_project:  # it came with a repository, and may lead anywhere
            hint = f"restore that, or remove the symlink: rm {path_word(self.path)}"
            raise FileError(what, hints=[hint])
        folder = os.path.dirname(target)
        if not os.path.isdir(folder):
            raise FileError(what, hints=[f"make its directory: mkdir -p {path_word(folder)}"])


def settings_file(machine: Machine, directory: str, *, is_project: bool) -> SettingsFile:
    """Return the user's file of settings, or the project's that counts in ``directory``.

    A project that has none yet gets it at the top of its git work tree, else in ``directory``.

    Raises:
      UsageError: the user has no home directory.
    """
    if is_project:
        found = find_project_file(directory)
        return SettingsFile(found or os.path.join(_top(directory), PROJECT_FILE), is_project=True)
    path = user_file(machine)
    if path is None:
        raise UsageError(
            "config: there is no home directory, so no settings of yours",
            hints=["name one in HOME, or write the project's settings with --project"],
        )
    return SettingsFile(path)


def find_setting(key: str) -> Definition:
    """Return the setting ``key``.

    Raises:
      UsageError: there is none; the hint names the nearest.
    """
    known = {one.key: one for one in known_settings()}
    if key in known:
        return known[key]
    inside = [name for name in known if name.startswith(f"{key}.")]
    if inside:
        raise UsageError(
            f"config: {key} is a table of settings", hints=[f"it has: {', '.join(inside)}"]
        )
    raise no_such_setting(key, known)


def no_such_setting(key: str, known: Iterable[str]) -> UsageError:
    """Return the error that no setting is called ``key``; the hint names the nearest."""
    hints = near_hints(key, known, listed="") or ["see them all: sessionctl config"]
    return UsageError(f"config: no such setting: {key}", hints=hints)


def plan_setting(file: SettingsFile, key: str, word: str) -> ValueChange:
    """Return the edit that gives the setting ``key`` the value that ``word`` means.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      EditError: what stands in the file leaves no place for it.
      RefusedError: a project cannot decide about this setting.
      UsageError: there is no such setting, or it cannot have this value.
    """
    definition = find_setting(key)
    if file.is_project and not definition.for_projects:
        raise RefusedError(
            f"config: {key}: a project cannot set it, only you can",
            hints=[f"set it for yourself: sessionctl config set {last_words(key, word)}"],
        )
    found, wrong = read_words({"config set": (definition, word)}, Origin.FLAG)
    if wrong:
        description = definition.schema.get("description", "")
        got = "" if ", got " in wrong[0] else f", got {word}"
        raise UsageError(f"{wrong[0]}{got}", hints=[description, _DESCRIBED])
    old = file.document()
    try:
        new = old.set(_path(key), found[0].value).verified()
    except EditError as error:  # what is there in its place is a mistake of writing
        edit = "sessionctl config edit" + (" --project" if file.is_project else "")
        hints = [*error.hints, f"fix it there: {edit}"]
        raise EditError(f"{file.path}: {error.message}", hints=hints) from None
    return change_at(old, new, _path(key))


def plan_removal(file: SettingsFile, key: str) -> ValueChange:
    """Return the edit that removes the setting ``key`` from the file.

    What the file has under another name can be removed too: a mistake of writing.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      KeyNotFoundError: the file does not have it.
    """
    old = file.document()
    path = _path(key)
    if path not in old:
        find_setting(key)
        raise KeyNotFoundError(
            f"{file.path}: {key} is not set there",
            hints=[f"see where it comes from: sessionctl config --show-origin {last_words(key)}"],
        )
    return change_at(old, old.delete(path).verified(), path)


def write_setting(change: ValueChange, store: Store, *, why: str = "config") -> SaveResult:
    """Write the edit into its file, which is made, with its directory, if it is missing.

    Raises:
      ChangedError: someone else changed the same setting.
      FileError: it cannot be written.
    """
    target = dangling_target(change.file)
    if target:  # the link stays, as dotfile managers expect
        store.create(target, change.new.text, why=why)
        return SaveResult(is_changed=True, text=change.new.text)
    if os.path.lexists(change.file):
        return store.save(change.file, change.new.text, expected=change.old.text, why=why)
    store.make_directory_of(os.path.abspath(change.file), below="/")
    store.create(change.file, change.new.text, why=why)
    return SaveResult(is_changed=True, text=change.new.text)


def dangling_target(path: str) -> str:
    """Return where a link leads at which nothing is; "" for all else, a loop too."""
    if not os.path.islink(path) or os.path.exists(path):
        return ""
    target = os.path.realpath(path)
    return "" if os.path.lexists(target) else target


def first_text() -> str:
    """Return the text that a file of settings begins with: every default, commented out."""
    from sessionctl.core.toml.write.value_writer import render_value

    lines: list[str] = ["# The settings of sessionctl, with their defaults."]
    table = None
    # Behind the head of a table, a setting of the top level would be one of the table.
    for one in sorted(known_settings(), key=lambda one: "." in one.key):
        head, _, name = one.key.rpartition(".")
        lines.append("")
        if head != table and head:
            lines += [f"# [{head}]", ""]
        table = head
        lines.append(f"# {one.schema['description']}")
        if "default" in one.schema:
            lines.append(f"# {name} = {render_value(one.schema['default'])}")
    return "\n".join(lines) + "\n"


def _path(key: str) -> KeyPath:
    return KeyPath.parse(key)


def _top(directory: str) -> str:
    """Return the top of the git work tree that ``directory`` lies in, else ``directory``."""
    here = os.path.abspath(directory)
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return os.path.abspath(directory)
        here = above
    return here
