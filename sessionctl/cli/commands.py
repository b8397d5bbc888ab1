"""The table of commands: what help shows, and which module holds each."""

from __future__ import annotations

from importlib.util import find_spec

SECTIONS = ("Start", "Check", "Change", "Git", "Help")

# name: (module in sessionctl.cli, section, one line of help)
COMMANDS = {
    "new": ("cmd_new", "Start", "Begin a session file"),
    "list": ("cmd_list", "Start", "List the session files of a directory"),
    "show": ("cmd_show", "Start", "Print a session, or what it comes to on this machine"),
    "demo": ("cmd_demo", "Start", "See an edit, a diff and a merge in a scratch directory"),
    "validate": ("cmd_validate", "Check", "Find mistakes and name their places"),
    "diff": ("cmd_diff", "Check", "Tell what changed between two files, key by key"),
    "explain": ("cmd_explain", "Check", "Tell what a key means and may hold"),
    "fmt": ("cmd_fmt", "Check", "Tidy the layout of files, values untouched"),
    "schema": ("cmd_schema", "Check", "Print a JSON Schema of the formats"),
    "get": ("cmd_get", "Change", "Print the value of a key"),
    "set": ("cmd_set", "Change", "Set a key, leaving every other byte as it is"),
    "unset": ("cmd_unset", "Change", "Remove a key, leaving every other byte as it is"),
    "merge": ("cmd_merge", "Change", "Merge two edits of one file, key by key"),
    "git": ("cmd_git", "Git", "Let git diff and merge TOML through sessionctl"),
    "completion": ("cmd_completion", "Help", "Print the completion script of a shell"),
    "help": ("cmd_help", "Help", "Explain a command or a topic: exit-codes"),
}


def module_name(command: str) -> str:
    """Return the full name of the module that holds ``command``."""
    return f"sessionctl.cli.{COMMANDS[command][0]}"


def summary(command: str) -> str:
    """Return the line of help that stands beside ``command``."""
    return COMMANDS[command][2]


def available() -> list[str]:
    """Return the commands this installation has, in the table's order, importing none."""
    return [name for name in COMMANDS if find_spec(module_name(name)) is not None]


def by_section() -> list[tuple[str, list[str]]]:
    """Return the sections that have a command, each with its commands."""
    present = available()
    sections = (
        (title, [name for name in present if COMMANDS[name][1] == title]) for title in SECTIONS
    )
    return [(title, names) for title, names in sections if names]
