"""Secret context: the machine, the identities that were asked for, the prompt."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import UsageError
from sessionctl.system.prompt import SilentPrompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.identity_source import IdentitySource
    from sessionctl.system.prompt import Prompt
    from sessionctl.system.store.store import Store


class SecretContext(NamedTuple):
    """The machine, and what was asked for, as far as secrets are concerned.

    ``today`` is a date; ``trusted_vault`` the recipient of the one vault that may be used,
    or empty; ``open_store`` gives the place where documents are saved. With ``is_quiet`` no
    identity is used that may ask for something: a plug-in's, or that of a command.
    """

    machine: Machine
    today: str
    explicit: IdentitySource | None = None
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


_VARIABLES = ("SESSIONCTL_IDENTITY_FILE", "SESSIONCTL_IDENTITY_CMD", "SESSIONCTL_IDENTITY")


def explicit_identity(
    environ: Mapping[str, str], option: Path | None = None
) -> IdentitySource | None:
    """Return the source that was asked for, None without one; raises as it does."""
    if option is None and not any(map(environ.get, _VARIABLES)):
        return None
    from sessionctl.services.secrets.access.identity_source import identity_source

    return identity_source(environ, option)


def _needed(directory: str | None) -> Path:
    if directory is None:
        raise UsageError("there is no home directory for keys", hints=["set HOME"])
    return Path(directory)
