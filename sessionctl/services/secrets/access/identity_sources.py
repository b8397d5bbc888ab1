"""World: what secrets need to know of the user's machine, as the command line found it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sessionctl.system.prompt import SilentPrompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sessionctl.core.secrets.secret import Secret
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


@dataclass(frozen=True, slots=True)
class SecretContext:
    """The machine, as far as secrets are concerned.

    ``config`` and ``state`` are the user's directories of sessionctl; ``config_home`` and
    ``home`` are where other programs keep age and ssh keys. ``trusted_vault`` is the
    recipient of the one vault that may be used, or empty; ``today`` is a date, ``owner``
    what the user's own key is called where there is no better name, ``store`` where
    documents are saved.
    """

    config: Path
    state: Path
    today: str
    home: Path | None = None
    config_home: Path | None = None
    explicit: Explicit | None = None
    trusted_vault: str = ""
    owner: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    talk: Prompt = field(default_factory=SilentPrompt)
    store: Store | None = None
