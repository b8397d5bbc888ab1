"""Identity source: where an identity that was asked for comes from."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.secrets.secret import Secret


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


IdentitySource = FromFile | FromCommand | FromText
"""An identity source that was asked for; then it is the only one that is used."""


def identity_source(
    environ: Mapping[str, str], option: Path | None = None
) -> IdentitySource | None:
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
