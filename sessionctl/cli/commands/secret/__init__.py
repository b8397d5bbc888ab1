"""sessionctl secret: keep the secrets of a session beside it, encrypted."""

from __future__ import annotations

from sessionctl.cli.start.late_click import LAZY_GROUP, click

COMMANDS = {
    "set": "Store a value, read from a prompt, stdin or an editor",
    "list": "List secrets and what to do about them",
    "reveal": "Print a value",
    "exec": "Run a program with secrets in its environment",
    "rotate": "Replace a value that others know with a new one",
    "rm": "Remove a secret",
    "accept": "Accept an entry whose destination or seal changed",
    "rekey": "Encrypt the vault key to the current recipients",
    "scan": "Find plain-text secrets in files",
    "extract": "Move plain-text secrets to the sidecar",
    "doctor": "Check identities, the vault and its entries",
}
"""The commands: each is the module of its name in this package."""


@click.group("secret", cls=LAZY_GROUP, package=__name__, table=COMMANDS)
def command() -> None:
    """Manage the secrets of a session, encrypted with age.

    NAME.session.toml refers to a secret by name; its sidecar, NAME.secrets.toml, holds the
    encrypted values and is committed with it. Values are never read from the command line,
    where others can see them.

    \b
    Examples:
      sessionctl secret set api.session.toml prod.password
      sessionctl secret list api.session.toml
      sessionctl secret reveal api.session.toml prod.password
      sessionctl secret exec api.session.toml -- ./deploy.sh
    """
    from sessionctl.system.files.private_files import protect_process

    protect_process()
