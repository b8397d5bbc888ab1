"""One run of every command, for sweeps over odd surroundings; none may be forgotten."""

from __future__ import annotations

import click

from sessionctl.cli.app import app

SESSION = 'schema_version = 1\nname = "a"\n\n[[windows]]\nname = "w"\n'
FILE = "a.session.toml"

INVOCATIONS: dict[str, tuple[str, ...]] = {
    "backups diff": (FILE,),
    "backups list": (FILE,),
    "backups restore": ("--yes", FILE, "1"),
    "backups show": (FILE, "1"),
    "close": ("-n", "a"),
    "completion": ("bash",),
    "config edit": (),
    "config get": (),
    "config set": ("-n", "backups.count", "9"),
    "config unset": ("-n", "backups.count"),
    "connect": ("--once", FILE, "db"),
    "connections favourite": (FILE, "db"),
    "connections forget": ("-n", FILE),
    "connections history": (FILE,),
    "connections import": ("-n", FILE, ".env"),
    "connections keep": ("--stop", FILE),
    "connections list": (FILE,),
    "connections status": (FILE,),
    "connections test": (FILE,),
    "demo": ("--help",),  # it makes a world of its own
    "cp": ("-n", FILE, "b"),
    "diff": (FILE, FILE),
    "doctor": (),
    "edit": (FILE,),
    "explain": ("windows",),
    "export": (FILE, "--to", "tmuxp"),
    "fmt": (FILE,),
    "gc": ("-n",),
    "get": (FILE, "name"),
    "git hook pre-commit": (),
    "git install": ("-n",),
    "git merge-driver": ("--", FILE, FILE, FILE),
    "git status": (),
    "git textconv": (FILE,),
    "git uninstall": ("-n",),
    "help": ("set",),
    "import": ("-n", "tmuxp.yaml"),
    "key new": (),
    "key show": (),
    "list": (),
    "log": (FILE,),
    "merge": (FILE, FILE, FILE),
    "move": (FILE, "windows[0]", "--last"),
    "new": ("other",),
    "open": ("-n", FILE),
    "pane resume": ("--", "true"),
    "recipients add": ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",),
    "recipients list": (),
    "recipients rm": ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",),
    "recover": (FILE,),
    "rename": ("-n", FILE, "b"),
    "resolve": (FILE,),
    "restore": ("-n", FILE),
    "rm": ("-n", FILE),
    "save": ("-n", "a"),
    "schema list": (),
    "schema path": ("session",),
    "schema print": ("session",),
    "secret accept": (FILE,),
    "secret doctor": (FILE,),
    "secret exec": (FILE, "--", "true"),
    "secret extract": (FILE,),
    "secret list": (FILE,),
    "secret rekey": (),
    "secret reveal": (FILE, "x"),
    "secret rm": (FILE, "x"),
    "secret rotate": (FILE, "x"),
    "secret scan": (FILE,),
    "secret set": (FILE, "x"),
    "service install": ("-n",),
    "service status": (),
    "service uninstall": ("-n",),
    "set": (FILE, "name", "b"),
    "show": (FILE,),
    "status": (),
    "sync": ("-n",),
    "tmux install": ("-n",),
    "tmux key": ("save",),
    "tmux load": (),
    "tmux status": (),
    "tmux uninstall": ("-n",),
    "trust": (FILE,),
    "ui": ("--help",),  # screens for a person
    "undo": (FILE,),
    "unset": (FILE, "windows"),
    "untrust": (FILE,),
    "validate": (FILE,),
    "watch": ("-n", "."),
}


def registered_commands() -> list[str]:
    """Return the words of every command that the command line knows."""
    return sorted(_leaves(app, click.Context(app), ()))


def _leaves(command: click.Command, context: click.Context, words: tuple[str, ...]) -> list[str]:
    if not isinstance(command, click.Group):
        return [" ".join(words)]
    found = []
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        found += _leaves(child, click.Context(child, parent=context), (*words, name))
    return found
