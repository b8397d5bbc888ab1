"""The table of commands and the help made of it; click is not needed for either."""

from __future__ import annotations

import os

SECTIONS = ("Start", "Check", "Change", "Live", "History", "Secrets", "Git", "Help")

# name: (module in sessionctl.cli, section, one line of help)
COMMANDS = {
    "new": ("cmd_new", "Start", "Begin a session file"),
    "list": ("cmd_list", "Start", "List the session files of a directory"),
    "show": ("cmd_show", "Start", "Print a session, or what it comes to on this machine"),
    "config": ("cmd_config", "Start", "Print the settings, and where each comes from"),
    "edit": ("cmd_edit", "Start", "Edit a file in your editor, and save what is valid"),
    "doctor": ("cmd_doctor", "Start", "Find what is wrong with the set-up, and mend it"),
    "demo": ("cmd_demo", "Start", "See an edit, a diff and a merge in a scratch directory"),
    "validate": ("cmd_validate", "Check", "Find mistakes and name their places"),
    "diff": ("cmd_diff", "Check", "Tell what changed between two files, key by key"),
    "status": ("cmd_status", "Check", "Tell which files have conflicts or mistakes"),
    "explain": ("cmd_explain", "Check", "Tell what a key means and may hold"),
    "fmt": ("cmd_fmt", "Check", "Tidy the layout of files, values untouched"),
    "schema": ("cmd_schema", "Check", "Print a JSON Schema of the formats"),
    "get": ("cmd_get", "Change", "Print the value of a key"),
    "set": ("cmd_set", "Change", "Set a key, leaving every other byte as it is"),
    "unset": ("cmd_unset", "Change", "Remove a key, leaving every other byte as it is"),
    "merge": ("cmd_merge", "Change", "Merge two edits of one file, key by key"),
    "resolve": ("cmd_resolve", "Change", "Settle the conflicts of a file one by one"),
    "watch": ("cmd_watch", "Live", "Check files as they are saved, keep copies in step"),
    "service": ("cmd_service", "Live", "Let the watcher run in the background"),
    "log": ("cmd_log", "History", "Tell what each commit changed, key by key"),
    "backups": ("cmd_backups", "History", "List, compare and restore earlier texts of a file"),
    "recover": ("cmd_recover", "History", "Bring back what was lost, from wherever it is kept"),
    "gc": ("cmd_gc", "History", "Drop backups that are old enough"),
    "undo": ("cmd_undo", "History", "Take back a change, keeping what came after it"),
    "secret": ("cmd_secret", "Secrets", "Keep the secrets of a session, encrypted"),
    "recipients": ("cmd_recipients", "Secrets", "List and change who may read secrets"),
    "key": ("cmd_key", "Secrets", "Make the key that opens secrets"),
    "git": ("cmd_git", "Git", "Let git diff and merge TOML through sessionctl"),
    "sync": ("cmd_sync", "Git", "Commit, fetch, merge and push, and stop at conflicts"),
    "completion": ("cmd_completion", "Help", "Print the completion script of a shell"),
    "help": ("cmd_help", "Help", "Explain a command or a topic: exit-codes"),
}


_HELP = """\
sessionctl keeps a working session as TOML you can read, edit, diff and merge.

Examples:
  sessionctl demo                          see it work, in a scratch directory
  sessionctl new api                       begin api.session.toml
  sessionctl validate api.session.toml     find mistakes and name their places
  sessionctl diff old.toml new.toml        tell what changed, key by key

Usage: sessionctl [OPTIONS] COMMAND [ARGUMENTS]...

{sections}

Options, before or after COMMAND:
  --color, --no-color  Colour always or never; by default on a terminal only,
                       and not when NO_COLOR is set
  -q, --quiet          Say only warnings and errors beside the answer
  -v, --verbose        Say what is done, step by step
  --version            Print the version
  -h, --help           Print this help, or that of COMMAND

'sessionctl COMMAND --help' tells more about a command.
'sessionctl help exit-codes' lists the exit codes.
"""


def module_name(command: str) -> str:
    """Return the full name of the module that holds ``command``."""
    return f"sessionctl.cli.{COMMANDS[command][0]}"


def summary(command: str) -> str:
    """Return the line of help that stands beside ``command``."""
    return COMMANDS[command][2]


def available() -> list[str]:
    """Return the commands this installation has, in the table's order, importing none."""
    files = set(os.listdir(os.path.dirname(__file__)))  # noqa: PTH120,PTH208 - pathlib is slow
    return [name for name, (module, _, _) in COMMANDS.items() if f"{module}.py" in files]


def help_text() -> str:
    """Return the help: what it is, examples, the commands by section, the options."""
    present = available()
    width = max(map(len, present))
    sections = []
    for title in SECTIONS:
        names = [name for name in present if COMMANDS[name][1] == title]
        if names:
            lines = (f"  {name:<{width}}  {summary(name)}" for name in names)
            sections.append("\n".join([f"{title}:", *lines]))
    return _HELP.format(sections="\n\n".join(sections))
