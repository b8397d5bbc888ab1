"""Settings files: the settings from all their sources, and what is wrong with them."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH113, PTH114, PTH118, PTH120
import os

from sessionctl.core.filename import PROJECT_FILE
from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate
from sessionctl.core.settings import (
    Definition,
    Origin,
    Setting,
    Settings,
    definitions,
    leaves,
    resolve,
)
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.literal import read_literal
from sessionctl.errors import SessionctlError, UsageError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.file_validation import check_file
from sessionctl.services.documents.schema_choice import SchemaChooser
from sessionctl.services.documents.schema_source import settings_schema
from sessionctl.services.documents.validation import Validator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.values import Value
    from sessionctl.services.machine import Machine

_KEPT = "backups"
"""The table that says what is kept."""


class LoadedSettings(NamedTuple):
    """The settings that hold, and what is wrong: files with mistakes, and other messages.

    A setting that is wrong is left out, the others count. ``hindrance`` says why nothing may
    be deleted: what the user wants to keep is not known then.
    """

    settings: Settings
    findings: tuple[CheckedFile, ...] = ()
    messages: tuple[str, ...] = ()
    hindrance: SessionctlError | None = None


def load_settings(
    machine: Machine, directory: str | None = None, *, flags: Mapping[str, str] | None = None
) -> LoadedSettings:
    """Return the settings that hold: flags > environment > project > user > defaults.

    Of some the user's own file goes before the project's, which came with a repository.
    The project's file is the nearest in or above ``directory``, none where that is None;
    ``flags`` are settings that were given on the command line, by key.
    """
    known = known_settings()
    layers: list[Sequence[Setting]] = []
    findings: list[CheckedFile] = []
    messages: list[str] = []
    hindrance: SessionctlError | None = None
    project = find_project_file(directory)
    for file, origin in ((user_file(machine), Origin.USER), (project, Origin.PROJECT)):
        if file is None or not _is_there(file):
            continue
        layer, checked = _read_file(file, origin, known)
        layers.append(layer)
        if checked.failure is not None or checked.problems:
            findings.append(checked)
        if origin is Origin.USER:
            hindrance = hindrance_of(checked)
        if origin is Origin.PROJECT:
            theirs, refused = _without_private(layer, known)
            own = {setting.key for before in layers[:-1] for setting in before}
            first = {one.key for one in known if one.yours_first} & own
            layers[-1] = [setting for setting in theirs if setting.key not in first]
            messages += refused
    variables = {one.variable: one for one in known}
    options = {f"--{one.key}": one for one in known}
    given = {name: value for name, value in machine.environ.items() if value and name in variables}
    flags = {f"--{key}": value for key, value in (flags or {}).items()}
    for words, names, origin in (
        (given, variables, Origin.ENVIRONMENT),
        (flags, options, Origin.FLAG),
    ):
        layer, wrong = read_words({name: (names[name], words[name]) for name in words}, origin)
        layers.append(layer)
        messages += wrong
        mistakes = [one for one in wrong if f": {_KEPT}." in one]
        if mistakes and hindrance is None:
            hint = "show the settings, and what is wrong with them: sessionctl config"
            hindrance = SessionctlError(mistakes[0], hints=[hint])
    return LoadedSettings(resolve(known, layers), tuple(findings), tuple(messages), hindrance)


def wrong_files(machine: Machine, directory: str | None = None) -> tuple[CheckedFile, ...]:
    """Return the files of ``load_settings`` with mistakes; where no file is, little is loaded."""
    files = (user_file(machine), find_project_file(directory))
    if not any(file is not None and _is_there(file) for file in files):
        return ()
    return load_settings(machine, directory).findings


def user_file(machine: Machine) -> str | None:
    """Return the path of the user's settings; None without a home."""
    return None if machine.config is None else f"{machine.config}/config.toml"


def known_settings() -> tuple[Definition, ...]:
    """Return all settings that there are, in the order of their schema."""
    return definitions(settings_schema().data)


def hindrance_of(checked: CheckedFile) -> SessionctlError | None:
    """Return why the user's file does not say what is to be kept; None where it does.

    An error without a key path is one of the whole file, such as a parse error.
    """
    hint = "fix your settings: sessionctl config edit"
    if checked.failure is not None:
        failure = checked.failure
        return SessionctlError(failure.message, hints=failure.hints or [hint])
    for problem in checked.problems:
        if problem.key_path[:1] == (_KEPT,) or not problem.key_path:
            line, column, _, _ = checked.place(problem)
            place = f"{checked.name}:{line}:{column}"
            return SessionctlError(f"{place}: {keyed_message(problem)}", hints=[hint])
    return None


def _is_there(file: str) -> bool:
    """Return whether something is there, be it a link that leads nowhere."""
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # perhaps: reading it says more
    return True


def find_project_file(directory: str | None) -> str | None:
    """Return the nearest ``.sessionctl.toml`` in or above ``directory``, or None."""
    if directory is None:
        return None
    here = os.path.abspath(directory)
    while True:
        file = os.path.join(here, PROJECT_FILE)
        if os.path.isfile(file) or os.path.islink(file):  # one that leads nowhere is an error
            return file
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above


def _read_file(
    file: str, origin: Origin, known: Sequence[Definition]
) -> tuple[list[Setting], CheckedFile]:
    from sessionctl.system.files.text import read_text

    checked = check_file(file, Validator(SchemaChooser.of_settings()))
    if checked.failure is not None:
        return [], checked
    try:
        document = Document.parse(read_text(file), file)
    except SessionctlError:
        return [], checked
    source = Source(document.text, file)
    wrong = {problem.key_path for problem in checked.errors}
    found = []
    for key, path, value in leaves(document.value, known):
        if not any(_concerns(bad, path) for bad in wrong):
            line, _ = source.place(document.span(KeyPath(path)).start)
            found.append(Setting(key, value, origin, f"{file}:{line}"))
    return found, checked


def _concerns(problem: KeyPath, path: tuple[str, ...]) -> bool:
    """Return whether a problem at one key path is one of the setting at ``path``."""
    return problem[: len(path)] == path or problem == path[: len(problem)]


def _without_private(
    layer: Sequence[Setting], known: Sequence[Definition]
) -> tuple[list[Setting], list[str]]:
    """Return what a project may set; a repository must not decide what is kept of files."""
    private = {one.key for one in known if not one.for_projects}
    refused = [
        f"{setting.place}: {setting.key}: a project cannot set it, only you can"
        for setting in layer
        if setting.key in private
    ]
    return [setting for setting in layer if setting.key not in private], refused


def read_words(
    words: Mapping[str, tuple[Definition, str]], origin: Origin
) -> tuple[list[Setting], list[str]]:
    """Return the settings given as words, by the name each was given under, and what is wrong."""
    found, wrong = [], []
    for name, (definition, word) in words.items():
        try:
            value = _value_of(word, definition)
        except UsageError:
            wrong.append(f"{name}: {definition.key}: expected {_expected(definition)}")
            continue
        problems = validate(Document.parse("").set("v", value), _only(definition))
        if problems:
            wrong.append(f"{name}: {definition.key}: {problems[0].message}")
        else:
            found.append(Setting(definition.key, value, origin, name))
    return found, wrong


def _value_of(word: str, definition: Definition) -> Value:
    """Return the value that ``word`` means; a list of words may stand there without quotes."""
    if definition.schema.get("x-words") and not word.lstrip().startswith("["):
        from sessionctl.core.merge.policy.policy import split_words

        return list(split_words(word))
    return read_literal(word, _kind(definition))


def _kind(definition: Definition) -> str | None:
    kind = definition.schema.get("type")
    return kind if kind in ("string", "integer", "boolean", "array") else None


def _expected(definition: Definition) -> str:
    return {"integer": "an integer", "boolean": "true or false", "array": "an array"}.get(
        definition.schema.get("type", ""), "another value"
    )


def _only(definition: Definition) -> Schema:
    return Schema({"type": "object", "properties": {"v": definition.schema}})
