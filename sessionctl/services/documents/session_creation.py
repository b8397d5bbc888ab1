"""Session creation: the text of a new session file, and writing it."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118
import os

from sessionctl.core.filename import SESSION_SUFFIX, stem_of
from sessionctl.core.keypath import escape_basic
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.text.source import visible
from sessionctl.errors import EditError, UsageError
from sessionctl.system.files.text import create_text, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document
    from sessionctl.system.store.store import Store

_MAX_NAME_BYTES = 200
_NOT_IN_NAMES = {
    "/": 'no "/": it separates directories',
    "\\": 'no "\\": it separates directories',
    ".": "no dot: tmux separates a session from its panes with it",
    ":": "no colon: tmux separates a session from its windows with it",
}

_TEMPLATE = """\
# The session "{title}", to be read and edited by hand. Check it, then look at it:
#   sessionctl validate {file}
#   sessionctl show {file}

schema_version = 1
id = "{id}"
name = "{name}"
root = "{root}"  # where every "cwd" below starts

[[windows]]
name = "main"
layout = "main-vertical"  # or even-horizontal, even-vertical, main-horizontal, tiled

  [[windows.panes]]
  name = "editor"
  run = ["vi", "."]  # a list is a program and its arguments, with no shell in between

  [[windows.panes]]
  name = "shell"
  cwd = "."
  run = "git status | less"  # a string is a line for the shell
  start = "type"  # "type" waits for your Enter, "run" starts it, "skip" leaves it out

# A connection to keep open. A password never stands here, only the name of a secret.
# [connections.db]
# driver = "postgres"
# host = "localhost"
# user = "app"
# database = "app"
# password = {{ secret = "db.password" }}

# Settings of your own, for applications that run in the session.
# [preferences]
# theme = "dark"
"""


def check_name(name: str, command: str = "new") -> None:
    """Refuse a name that cannot name a session and its file; ``command`` is for the message.

    Raises:
      UsageError: the name is empty, too long, or has a character that cannot stand in it.
    """
    reason = name_problem(name)
    if reason:
        hint = "choose letters, digits, dashes"
        if command == "new":
            hint = "choose letters, digits, dashes: sessionctl new my-api"
        raise UsageError(
            f'{command}: "{visible(name)}" cannot name a session: {reason}', hints=[hint]
        )


def check_new_name(document: Document) -> None:
    """Refuse a name that an edit gave a session, and that ``rename`` would refuse too.

    Raises:
      EditError: it cannot name one, and is not that of the file.
    """
    name = document.value.get("name")
    # The file may be called so already: then its own name is no mistake that set makes.
    is_own = name == stem_of(document.name.rpartition("/")[2])
    reason = name_problem(name) if isinstance(name, str) and not is_own else ""
    if reason:
        raise EditError(
            f'{document.name}: "{visible(str(name))}" cannot name a session: {reason};'
            " nothing was written",
            hints=["set it anyway with --force"],
        )


def session_text(name: str, *, root: str, identity: str) -> str:
    """Return the text of a new session file, with comments that teach the format.

    Args:
      name: a name that ``check_name`` accepts.
      root: the directory that the session's panes start in.
      identity: the session's UUID.
    """
    return _TEMPLATE.format(
        title=visible(name),
        file=quoted(f"{name}{SESSION_SUFFIX}"),
        id=identity,
        name=escape_basic(name),
        root=escape_basic(root),
    )


def session_file(name: str, directory: str) -> str:
    """Return the path of the file of the session ``name`` in ``directory``."""
    return os.path.normpath(os.path.join(directory, f"{name}{SESSION_SUFFIX}"))


def start_session(path: str, text: str, store: Store, *, force: bool = False) -> str:
    """Write ``text`` to the new file ``path``; return where the old file went, or "".

    With ``force``, the text of a file that exists already is kept under a free name
    beside it, never thrown away.

    Raises:
      EditError: there is a file already, and not ``force``.
      FileError: it cannot be written.
    """
    if not os.path.lexists(path):
        store.create(path, text)
        return ""
    if not force:
        raise EditError(
            f"{path}: there is already a session",
            hints=[
                f"look at it: sessionctl show {path_word(path)}",
                "replace it with --overwrite; the old file is kept as .bak",
            ],
        )
    old = read_text(path)
    number = 1
    while os.path.lexists(f"{path}.{number}.bak"):
        number += 1
    kept = f"{path}.{number}.bak"
    create_text(kept, old)
    store.save(path, text, expected=old, why="new")
    return kept


def name_problem(name: str) -> str:
    """Return why ``name`` cannot name a session, "" where it can."""
    if not name:
        return "it is empty"
    if name != name.strip():
        return "it begins or ends with a space"
    if name.startswith("-"):
        return "it begins with a dash, and commands would take it for an option"
    for character in name:
        if character in _NOT_IN_NAMES:
            return _NOT_IN_NAMES[character]
        if not character.isprintable():
            return f"no control or invisible characters, got U+{ord(character):04X}"
    if len(name.encode()) > _MAX_NAME_BYTES:
        return f"it is longer than {_MAX_NAME_BYTES} bytes"
    return ""
