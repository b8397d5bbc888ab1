"""Named file: the file that an argument names, by its path or by the name of its session."""

from __future__ import annotations

# Every command begins here: plain os calls, and nothing that takes long to import.
# ruff: noqa: PTH110, PTH112, PTH118, PTH119, PTH120
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.cli.output.console import Console


def named_file(
    console: Console,
    word: str,
    *,
    takes_directory: bool = False,
    may_be_gone: bool = False,
    only_sessions: bool = False,
) -> str:
    """Return the path of the file that ``word`` names; stdin stays ``-``.

    With ``takes_directory``, a directory is one too; with ``may_be_gone``, a session may be
    named that was deleted; with ``only_sessions``, a session comes before another file of that
    very name. A path at which nothing lies is returned as it is.

    Raises:
      UsageError: no session is called so, or several are.
    """
    is_path = os.path.exists(word) and (takes_directory or not os.path.isdir(word))
    is_name = only_sessions and "/" not in word and not word.endswith(".toml")
    if word == "-" or (is_path and not is_name):
        return word
    from sessionctl.services.naming.session_names import NamePlaces, SessionNames

    names = SessionNames(NamePlaces.of(console.machine))
    found = names.find(word, is_session=only_sessions)
    if not found and os.path.isdir(word):
        return word  # what is wrong with it the command says
    if not found and may_be_gone:
        found = names.gone(word)
    return found[0] if len(found) == 1 else names.require(word, is_session=only_sessions)


def files_of(
    console: Console, value: str | Sequence[str], attributes: Mapping[str, object]
) -> str | tuple[str, ...]:
    """Return the file, or the files, that an argument names; ``attributes`` say what it takes.

    Raises:
      UsageError: a name is no session's, or several sessions'.
    """
    may_be_gone = bool(attributes.get("may_be_gone"))
    only_sessions = bool(attributes.get("only_sessions"))
    if isinstance(value, str):
        if attributes.get("may_be_unknown") and not os.path.isdir(value):
            # Of a path that may be gone nothing is guessed; elsewhere the error says what is near.
            hints = may_be_gone and "/" not in value and not value.endswith(".toml")
            return named_files(console, [value], hints=hints)[0]
        return named_file(console, value, may_be_gone=may_be_gone, only_sessions=only_sessions)
    if may_be_gone:
        return tuple(
            named_file(console, word, may_be_gone=True, only_sessions=only_sessions)
            for word in value
        )
    return tuple(named_files(console, value))


def only_session(console: Console, command: str, *, is_written: bool) -> str:
    """Return the only session here, for a ``command`` that was given none.

    Which one that is, is said where it is written.

    Raises:
      UsageError: there is none here, or there are several.
    """
    from sessionctl.services.documents.session_view import choose_session

    chosen = choose_session(command=command, behind=_typed_behind(console, command))
    if is_written:
        console.note(f"{chosen}: the only session here")
    return chosen


def _typed_behind(console: Console, command: str) -> str:
    """Return what was typed behind a ``command``, to type it again behind its FILE.

    Nothing of what may hold a value, such as that of ``set`` or the words of a program.
    """
    words, typed = command.split(), list(console.arguments)
    if typed[: len(words)] != words or "--" in typed or command == "set":
        return ""
    from sessionctl.core.text.shellwords import typed_word

    return "".join(f" {typed_word(word)}" for word in typed[len(words) :])


def named_files(console: Console, words: Sequence[str], *, hints: bool = True) -> list[str]:
    """Return the files and directories that ``words`` name, each read or reported on its own.

    A word that names a directory and the session beside it names both.
    What names nothing stays as it is, for that it cannot be read is a part of the answer; a
    hint says what was probably meant, unless the error will.

    Raises:
      UsageError: several sessions are called so.
    """
    found: list[str] = []
    for word in words:
        if word == "-" or os.path.exists(word):
            found += [word, *_session_beside(word)]
            if hints and word == found[-1] and "/" not in word and os.path.isdir(word):
                _hint_session_called(console, word)
            continue
        from sessionctl.services.naming.session_names import NamePlaces, SessionNames

        names = SessionNames(NamePlaces.of(console.machine))
        files = names.find(word)
        if not files or (files == [word] and not os.path.lexists(word)):
            for near in names.near(word) if hints else ():
                console.hint(f"{word}: did you mean {near}?")
        found.append(names.require(word) if files else word)
    return found


def warn_of_empty(console: Console, words: Sequence[str], files: Sequence[str]) -> bool:
    """Warn of each directory among ``words`` that has none of ``files``; return whether one is.

    A command that looked into the wrong directory must not look as if all were well.
    """
    folders = [
        word for word in words if os.path.isdir(word) and f"{word}.session.toml" not in words
    ]
    empty = [word for word in folders if not _has_any(word, files)]
    for word in dict.fromkeys(empty):
        from sessionctl.core.text.shellwords import path_word
        from sessionctl.core.text.source import visible

        hint = f"create one there: sessionctl new --dir {path_word(word)} NAME"
        console.warn(f"{visible(word)}: no session files in or below it", hints=[hint])
    return bool(empty)


def warn_of_namesakes(
    console: Console, paths: Sequence[str], *, but: str = "", dry_run: bool = False
) -> None:
    """Warn of each session of ``paths``, which are new, that another one is called as it is.

    Which of the two a name means from now on is said, and how to name the other; ``but`` is a
    file whose name the user just typed for it.
    """
    if not paths:
        return
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.core.text.source import visible
    from sessionctl.services.naming.session_names import NamePlaces, SessionNames

    names = SessionNames(NamePlaces.of(console.machine))
    for path in paths:
        name = os.path.basename(path).removesuffix(".session.toml")
        others = [one for one in names.namesakes(path) if one != but]
        if not others:
            continue
        found = [] if dry_run else names.find(name, is_session=True)
        is_meant = [os.path.realpath(one) for one in found] == [os.path.realpath(path)]
        now = f"; here, {visible(name)} means {visible(', '.join(found))}" if found else ""
        other = path_word(others[0] if is_meant or dry_run else path)
        which = "the other" if is_meant or dry_run else "the new"
        console.warn(
            f"{visible(', '.join(others))}: also called {visible(name)}{now}",
            hints=[f"name {which} one by its path: sessionctl show {other}"],
        )


def _has_any(directory: str, files: Sequence[str]) -> bool:
    for absolute in (os.path.abspath, os.path.realpath):
        top = os.path.join(absolute(directory), "")
        if any(
            os.path.join(absolute(os.path.dirname(file)), "").startswith(top) or file == directory
            for file in files
        ):
            return True
    return False


def _hint_session_called(console: Console, word: str) -> None:
    """Print which session has the name of a directory in which no session file is."""
    from sessionctl.errors import SessionctlError
    from sessionctl.services.naming.session_names import NamePlaces, SessionNames
    from sessionctl.system.files.session_files import find_sessions

    try:
        if word in (".", "..") or find_sessions(word, own=console.machine.own_places):
            return
    except SessionctlError:
        return  # what is wrong with it the command says
    from sessionctl.core.text.shellwords import path_word

    for file in SessionNames(NamePlaces.of(console.machine)).find(word):
        if file != word:
            console.hint(
                f"{path_word(word)} is the directory here; the session is {path_word(file)}"
            )


def _session_beside(word: str) -> list[str]:
    """Return the session file that has the name of the directory ``word``, where there is one."""
    if word in (".", "..") or word.endswith("/") or not os.path.isdir(word):
        return []
    file = f"{word}.session.toml"
    return [file] if os.path.lexists(file) else []
