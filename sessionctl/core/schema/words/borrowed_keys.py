"""Borrowed keys: what tmuxp, tmuxinator, teamocil, zellij and others call what is a key here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.model import Schema

_DIRECTORY = (
    "dir directory folder path workdir working_dir working_directory start_directory project_root"
    " session_root default_path"
)
_OF_A_PART = "window_name tab_name pane_name"
# A key of ours, and other names of it; where several keys fit, the first that is known there.
_NAMES: Mapping[str, str] = {
    "root": f"cwd {_DIRECTORY}",
    "cwd": f"root {_DIRECTORY}",
    "run": "cmd cmds command commands shell_command shell_commands shell_command_before exec"
    " execute program argv args startup_script startup_command pre pre_window before on_start",
    "name": f"title label session session_name project project_name {_OF_A_PART}",
    "env": "environment environ envs variables vars",
    "focus": "focused active selected current startup_window startup_pane",
    "windows": "window tabs tab",
    "panes": "pane splits split children",
    "layout": "window_layout arrangement split_direction direction",
    "size": "width height",
    "options": "option options_after window_options",
    "start": "enter autostart",
    "shell": "default_shell shell_path",
    "needs": "depends_on requires wait_for",
    "description": "desc comment comments note notes about summary",
    "schema_version": "version format_version",
    "when": "if condition",
    "driver": "type kind engine adapter dialect",
    "host": "hostname server address",
    "url": "uri endpoint address base_url",
    "user": "username login",
    "password": "passwd pass pwd",
    "database": "db dbname",
    "file": "path filename",
    "identity_file": "key key_file private_key identity",
    "readonly": "read_only",
    "tls": "ssl",
    "sslmode": "ssl ssl_mode",
}
_KEYS: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, names in _NAMES.items() if name in names.split(" "))
    for name in " ".join(_NAMES.values()).split(" ")
}
_PLACES = ((), ("windows",), ("windows", "panes"))


def own_key(word: str, known: Collection[str], there: Collection[str] = ()) -> str:
    """Return the one of ``known`` that other tools call ``word``, or "".

    It may be spelled in another case, or with hyphens. What is not ``there`` already comes first.
    """
    folded = word.casefold().replace("-", "_")
    if folded in known:
        return folded
    if "windows" in known and folded in _OF_A_PART.split(" "):
        return ""
    found = [key for key in _KEYS.get(folded, ()) if key in known]
    return next((key for key in found if key not in there), found[0] if found else "")


def own_place(word: str, path: KeyPath, schema: Schema) -> str:
    """Return a key of a session, a window or a pane, in words, that ``word`` in another one means.

    "" where it means no key, or ``path`` is another place.
    """
    here = tuple(part for part in path if isinstance(part, str))
    for place in _PLACES if here in _PLACES else ():
        keys = () if place == here else schema.keys_at(place)
        key = word if word in keys else own_key(word, keys)
        if key:
            return f"{key}, a key of {'.'.join(place)}" if place else f"{key}, a top-level key"
    return ""
