"""sessionctl secret: keep the secrets of a session beside it, encrypted."""

from __future__ import annotations

from sessionctl.cli.start.late_click import LAZY_GROUP, click

COMMANDS = {
    "set": "Store a value, read from a prompt, stdin or an editor",
    "list": "List the names, and what is to be done about them",
    "reveal": "Print a value",
    "exec": "Run a program that finds the values in its environment",
    "rotate": "Put a new value in the place of one that others know",
    "rm": "Remove a secret",
    "accept": "Accept an entry whose destination or seal changed",
    "rekey": "Encrypt the vault key to the recipients there are now",
    "scan": "Find secrets that are written out in files",
    "extract": "Move secrets that are written out to the sidecar",
    "doctor": "Find what keeps secrets from being opened",
}
"""The commands: each is the module of its name in this package."""


@click.group("secret", cls=LAZY_GROUP, package=__name__, table=COMMANDS)
def command() -> None:
    """Keep the secrets of a session beside it, encrypted with age.

    NAME.session.toml refers to a secret by its name; NAME.secrets.toml holds the values,
    each in a block of its own, and is committed with it. A value is never taken from the
    command line, where others can read it.

    \b
    Examples:
      sessionctl secret set api.session.toml prod.password
      sessionctl secret list api.session.toml
      sessionctl secret reveal api.session.toml prod.password
      sessionctl secret exec api.session.toml -- ./deploy.sh
    """
    from sessionctl.system.files.private_files import protect_process

    protect_process()
