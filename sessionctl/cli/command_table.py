"""The table of commands and the help made of it; click is not needed for either."""

from __future__ import annotations

SECTIONS = ("Start", "Check", "Change", "Live", "History", "Secrets", "Git", "Exchange", "Help")

# name, which is that of its module in sessionctl.cli.commands: (section, one line of help)
COMMANDS = {
    "new": ("Start", "Create a session file"),
    "list": ("Start", "List session files"),
    "show": ("Start", "Show a session: windows, connections, preferences"),
    "config": ("Start", "Show and change settings"),
    "rename": ("Start", "Rename a session with its secrets, history and trust"),
    "cp": ("Start", "Copy a session with its secrets"),
    "rm": ("Start", "Remove a session; its backups stay"),
    "edit": ("Start", "Edit a file in your editor; save it only when it is valid"),
    "doctor": ("Start", "Check the setup and fix what is wrong"),
    "demo": ("Start", "Watch a session being saved, restored and merged"),
    "validate": ("Check", "Check files and report every error with its place"),
    "diff": ("Check", "Show changes between two files, key by key"),
    "status": ("Check", "Show conflicts, errors and uncommitted changes"),
    "explain": ("Check", "Explain a key and its allowed values"),
    "fmt": ("Check", "Format files; values and comments stay as they are"),
    "schema": ("Check", "Print the JSON Schema of a file or of --json output"),
    "get": ("Change", "Print the value of a key"),
    "set": ("Change", "Set a key; all other bytes stay as they are"),
    "unset": ("Change", "Remove a key; all other bytes stay as they are"),
    "move": ("Change", "Move a window, a pane or another item within its list"),
    "merge": ("Change", "Merge two edits of a file, key by key"),
    "resolve": ("Change", "Resolve the conflicts of a file, one by one"),
    "ui": ("Live", "Browse, restore, compare and merge sessions on screen"),
    "save": ("Live", "Save a tmux session to its file"),
    "restore": ("Live", "Restore a saved session"),
    "open": ("Live", "Attach to a session; restore it first if it does not run"),
    "close": ("Live", "Save a session, then end it"),
    "tmux": ("Live", "Add keys to tmux that save, restore and open sessions"),
    "connect": ("Live", "Open a connection and reconnect when it breaks"),
    "connections": ("Live", "List, test and monitor the connections of a session"),
    "trust": ("Live", "Allow a session file to start its commands"),
    "untrust": ("Live", "Revoke that permission"),
    "pane": ("Live", "Set how the program of a tmux pane is restored"),
    "watch": ("Live", "Check files on every save and sync their copies"),
    "service": ("Live", "Run 'watch' in the background"),
    "log": ("History", "Show what each commit changed, key by key"),
    "backups": ("History", "List, compare and restore earlier versions of a file"),
    "recover": ("History", "Find and restore lost versions of a file"),
    "gc": ("History", "Delete backups past their retention"),
    "undo": ("History", "Undo a change and keep the ones after it"),
    "secret": ("Secrets", "Manage the encrypted secrets of a session"),
    "recipients": ("Secrets", "List, add and remove who can read secrets"),
    "key": ("Secrets", "Create and show the key that decrypts secrets"),
    "git": ("Git", "Set up git to diff and merge TOML with sessionctl"),
    "sync": ("Git", "Commit, fetch, merge and push; stop at conflicts"),
    "import": ("Exchange", "Import sessions from other tools"),
    "export": ("Exchange", "Export a session to another tool or a shell script"),
    "completion": ("Help", "Print the completion script for a shell"),
    "help": ("Help", "Show help for a command or a topic: exit-codes"),
}

# No module can be imported under these names, so it ends in "_".
_KEYWORDS = ("import",)

_PURPOSE = """\
sessionctl saves your working session as TOML to read, edit, merge and restore:
windows, programs, connections and, encrypted, their secrets.
"""

_HELP = """\
{purpose}
Usage: sessionctl [OPTIONS] COMMAND [ARGUMENTS]...

Examples:
  sessionctl demo                       see it work, in a scratch directory
  sessionctl save api                   save the tmux session "api"
  sessionctl open api                   attach to it; restore it first if needed
  sessionctl validate api.session.toml  report every error with its place
  sessionctl diff old.toml new.toml     show changes, key by key

{sections}

Options, before or after COMMAND:
      --color, --no-color  Colour always or never; by default on a terminal
                           unless NO_COLOR is set
      --json               Print the answer as JSON
  -q, --quiet              Print less: the answer, warnings and errors
  -v, --verbose            Print more: each step
  -V, --version            Print the version
  -h, --help               Print this help, or the help of COMMAND

'sessionctl COMMAND --help' explains a command.
'sessionctl help exit-codes' lists the exit codes.
"""

_OVERVIEW = """\
{purpose}
  sessionctl demo                  see it work, in a scratch directory
  sessionctl save api              save the tmux session "api"
  sessionctl open api              attach to it; restore it first if needed
  sessionctl validate              report every error with its place

Usage: sessionctl [OPTIONS] COMMAND [ARGUMENTS]...

{sections}

'sessionctl --help' explains all commands, 'sessionctl COMMAND --help' one.
"""
_COLUMNS = 80


def module_name(command: str, package: str = "sessionctl.cli.commands") -> str:
    """Return the full name of the module that holds ``command`` in ``package``."""
    name = command.replace("-", "_")
    return f"{package}.{name}_" if name in _KEYWORDS else f"{package}.{name}"


def help_text() -> str:
    """Return the help: the purpose, examples, the commands by section, the options."""
    width = max(map(len, COMMANDS))
    sections = []
    for title, names in _by_section():
        lines = [f"  {name:<{width}}  {COMMANDS[name][1]}" for name in names]
        sections.append("\n".join([f"{title}:", *lines]))
    return _HELP.format(purpose=_PURPOSE, sections="\n\n".join(sections))


def overview_text() -> str:
    """Return what a bare ``sessionctl`` prints: it fits a screen of 80 columns and 24 lines."""
    width = max(map(len, SECTIONS))
    lines = []
    for title, names in _by_section():
        line = f"  {title:<{width}} "
        for name in names:
            if len(line) + len(name) >= _COLUMNS:
                lines.append(line)
                line = " " * (width + 3)
            line += f" {name}"
        lines.append(line)
    return _OVERVIEW.format(purpose=_PURPOSE, sections="\n".join(lines))


def _by_section() -> list[tuple[str, list[str]]]:
    return [
        (title, [name for name, (section, _) in COMMANDS.items() if section == title])
        for title in SECTIONS
    ]
