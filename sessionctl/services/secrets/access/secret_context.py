"""Secret context: the machine, the identities that were asked for, the prompt."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import UsageError
from sessionctl.system.prompt import SilentPrompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.machine import Machine
    from sessionctl.system.prompt import Prompt
    from sessionctl.system.store.store import Store


class FromFile(NamedTuple):
    """An identity file that was named; ``by`` is what named it."""

    by: str
    path: Path


class FromCommand(NamedTuple):
    """A command that prints an identity file."""

    by: str
    argv: tuple[str, ...]


class FromText(NamedTuple):
    """An identity that was given itself."""

    by: str
    text: Secret


Explicit = FromFile | FromCommand | FromText
"""An identity source that was asked for; then it is the only one that is used."""


class SecretContext(NamedTuple):
    """The machine, and what was asked for, as far as secrets are concerned.

    ``today`` is a date; ``trusted_vault`` the recipient of the one vault that may be used,
    or empty; ``open_store`` gives the place where documents are saved. With ``is_quiet`` no
    identity is used that may ask for something: a plug-in's, or that of a command.
    """

    machine: Machine
    today: str
    explicit: Explicit | None = None
    trusted_vault: str = ""
    prompt: Prompt = SilentPrompt()
    open_store: Callable[[], Store] | None = None
    is_quiet: bool = False

    @property
    def store(self) -> Store | None:
        """Where documents are saved, if they are kept."""
        return None if self.open_store is None else self.open_store()

    @property
    def config(self) -> Path:
        """The directory of the user's own key; raises ``UsageError`` without a home."""
        return _needed(self.machine.config)

    @property
    def state(self) -> Path:
        """The directory of the trust book; raises ``UsageError`` without a home."""
        return _needed(self.machine.state)

    @property
    def config_home(self) -> Path | None:
        """Where other programs keep age keys."""
        directory = self.machine.config_home
        return None if directory is None else Path(directory)

    @property
    def home(self) -> Path | None:
        """Where other programs keep age and ssh keys."""
        directory = self.machine.home
        return None if directory is None else Path(directory)

    @property
    def owner(self) -> str:
        """What ssh-keygen calls a new key: the user at the machine."""
        user, host = self.machine.user, self.machine.host
        return f"{user}@{host}" if user and host else ""


def explicit_identity(environ: Mapping[str, str], option: Path | None = None) -> Explicit | None:
    """Return the source that was asked for: option, file, command, literal, in this order.

    Raises:
      UsageError: a variable of the environment holds what cannot be used.
    """
    if option is not None:
        return FromFile("--identity", option.expanduser())
    variable = "SESSIONCTL_IDENTITY_FILE"
    if environ.get(variable):
        return FromFile(variable, Path(environ[variable]).expanduser())
    variable = "SESSIONCTL_IDENTITY_CMD"
    if environ.get(variable):
        return FromCommand(variable, _words(variable, environ[variable]))
    variable = "SESSIONCTL_IDENTITY"
    if environ.get(variable):
        from sessionctl.core.secrets.secret import Secret

        return FromText(variable, Secret(environ[variable]))
    return None


def _words(variable: str, line: str) -> tuple[str, ...]:
    import shlex

    try:
        argv = tuple(shlex.split(line))
    except ValueError:
        argv = ()
    if not argv:
        raise UsageError(f"{variable}: not a command: a quote is not closed, or it is empty")
    return argv


def _needed(directory: str | None) -> Path:
    if directory is None:
        raise UsageError("there is no home directory for keys", hints=["set HOME"])
    return Path(directory)
