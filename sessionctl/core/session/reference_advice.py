"""Reference advice: where a session can hold the name of a secret that was typed as a value."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.rules.key_names import name_for
from sessionctl.core.schema.session_check import session_errors
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.values import is_reference
from sessionctl.errors import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document


def reference_command(file: str, place: KeyPath, name: str = "") -> str:
    """Return the command that puts a reference at ``place``, by default under a name made of it."""
    reference = f'{{ secret = "{name or name_for(place)}" }}'
    return f"sessionctl set {path_word(file)} {last_words(str(place), reference)}"


def reference_hint(file: str, place: KeyPath) -> str:
    """Return the advice to put a reference where the session has, or gets, a secret."""
    return f"refer to it by name: {reference_command(file, place)}"


def reference_hints(document: Document, place: KeyPath, *, is_whole: bool) -> list[str]:
    """Return what to type instead of a secret at ``place`` of a session.

    ``is_whole`` says that the value is the secret and nothing else. A reference goes where the
    schema allows one: there, as the password of the connection, or else as a variable.
    """
    file = document.name
    is_connection = place[:1] == ("connections",)
    # Of an address in a connection only the password is kept apart, so that the rest can be read.
    if (is_whole or not is_connection) and _may_refer(document, place):
        return [reference_hint(file, place)]
    password = KeyPath((*place[:2], "password"))
    if is_connection and _may_refer(document, password):
        there = document.get(password) if password in document else None
        name = str(there["secret"]) if isinstance(there, dict) and is_reference(there) else ""
        command = reference_command(file, password, name)
        return [f"leave it out here, and refer to it as the password: {command}"]
    command = reference_command(file, _free_variable(document), "password")
    start = f"sessionctl secret exec {path_word(file)} -- PROGRAM"
    return [f"keep only its name, as a variable: {command}", f"then start the program: {start}"]


def _may_refer(document: Document, place: KeyPath) -> bool:
    """Return whether the schema accepts a reference at ``place``."""
    try:
        changed = document.set(place, {"secret": "name"})
    except EditError:
        return False
    there = changed.resolve(place)
    wrong = [one.key_path for one in session_errors(changed) if one.key_path in changed]
    return all(changed.resolve(path)[: len(there)] != there for path in wrong if path)


def _free_variable(document: Document) -> KeyPath:
    names = ("PASSWORD", *(f"PASSWORD_{number}" for number in range(2, 100)))
    return next(path for name in names if (path := KeyPath(("env", name))) not in document)
