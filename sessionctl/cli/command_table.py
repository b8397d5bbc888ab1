"""The table of commands and the help made of it; click is not needed for either."""

from __future__ import annotations

SECTIONS = ("Start", "Check", "Change", "Live", "History", "Secrets", "Git", "Bring in", "Help")

# name, which is that of its module in sessionctl.cli.commands: (section, one line of help)
COMMANDS = {
    "new": ("Start", "Begin a session file"),
    "list": ("Start", "List the session files of a directory"),
    "show": ("Start", "Print a session, or what it comes to on this machine"),
    "config": ("Start", "Print and change the settings"),
    "edit": ("Start", "Edit a file in your editor, and save what is valid"),
    "doctor": ("Start", "Find what is wrong with the set-up, and fix it"),
    "demo": ("Start", "See a session saved, restored and merged, in a scratch directory"),
    "validate": ("Check", "Find mistakes and name their places"),
    "diff": ("Check", "Show what changed between two files, key by key"),
    "status": ("Check", "Show which files have conflicts or mistakes"),
    "explain": ("Check", "Explain what a key means and may hold"),
    "fmt": ("Check", "Tidy the layout of files, values untouched"),
    "schema": ("Check", "Print a JSON Schema of the formats"),
    "get": ("Change", "Print the value of a key"),
    "set": ("Change", "Set a key, leaving every other byte as it is"),
    "unset": ("Change", "Remove a key, leaving every other byte as it is"),
    "merge": ("Change", "Merge two edits of one file, key by key"),
    "resolve": ("Change", "Decide the conflicts of a file one by one"),
    "ui": ("Live", "Look at sessions on screens, restore and mend them"),
    "save": ("Live", "Save a tmux session into its file"),
    "restore": ("Live", "Bring a saved session back"),
    "open": ("Live", "Go to a session, brought back first where it does not run"),
    "close": ("Live", "Save a session, then end it"),
    "tmux": ("Live", "Set tmux up: keys that save, restore and open sessions"),
    "connect": ("Live", "Open a connection, and bring it back whenever it breaks"),
    "connections": ("Live", "List, test and watch the connections of a session"),
    "trust": ("Live", "Allow a session file to start what is in it"),
    "untrust": ("Live", "Allow a session file nothing any more"),
    "pane": ("Live", "Say how the program of a tmux pane comes back"),
    "watch": ("Live", "Check files as they are saved, keep copies in step"),
    "service": ("Live", "Let the watcher run in the background"),
    "log": ("History", "Show what each commit changed, key by key"),
    "backups": ("History", "List, compare and restore earlier texts of a file"),
    "recover": ("History", "Bring back what was lost, from wherever it is kept"),
    "gc": ("History", "Delete backups that are old enough"),
    "undo": ("History", "Take back a change, keeping what came after it"),
    "secret": ("Secrets", "Keep the secrets of a session, encrypted"),
    "recipients": ("Secrets", "List and change who may read secrets"),
    "key": ("Secrets", "Make the key that opens secrets"),
    "git": ("Git", "Let git diff and merge TOML through sessionctl"),
    "sync": ("Git", "Commit, fetch, merge and push, and stop at conflicts"),
    "import": ("Bring in", "Make sessions of the files of other tools"),
    "export": ("Bring in", "Print a session as a file of another tool"),
    "completion": ("Help", "Print the completion script of a shell"),
    "help": ("Help", "Explain a command or a topic: exit-codes"),
}

# No module can be imported under these names, so it ends in "_".
_KEYWORDS = ("import",)

_HELP = """\
sessionctl keeps a working session as TOML to read, edit, merge and restore.

Examples:
  sessionctl demo                          see it work, in a scratch directory
  sessionctl save                          save the tmux session you are in
  sessionctl open api                      go to it, brought back if need be
  sessionctl validate api.session.toml     find mistakes and name their places
  sessionctl diff old.toml new.toml        show what changed, key by key

Usage: sessionctl [OPTIONS] COMMAND [ARGUMENTS]...

{sections}

Options, before or after COMMAND:
  --color, --no-color  Colour always or never; by default on a terminal only,
                       and not when NO_COLOR is set
  -q, --quiet          Say only warnings and errors beside the answer
  -v, --verbose        Say what is done, step by step
  --version            Print the version
  -h, --help           Print this help, or that of COMMAND

'sessionctl COMMAND --help' explains a command.
'sessionctl help exit-codes' lists the exit codes.
"""


def module_name(command: str, package: str = "sessionctl.cli.commands") -> str:
    """Return the full name of the module that holds ``command`` in ``package``."""
    name = command.replace("-", "_")
    return f"{package}.{name}_" if name in _KEYWORDS else f"{package}.{name}"


def help_text() -> str:
    """Return the help: what it is, examples, the commands by section, the options."""
    width = max(map(len, COMMANDS))
    sections = []
    for title in SECTIONS:
        lines = [
            f"  {name:<{width}}  {summary}"
            for name, (section, summary) in COMMANDS.items()
            if section == title
        ]
        sections.append("\n".join([f"{title}:", *lines]))
    return _HELP.format(sections="\n\n".join(sections))
