"""Removing: take a secret out of the sidecar."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.secrets.binding import references
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.services.secrets.entries.storage import check_name
from sessionctl.services.secrets.secret_writes import Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets


@dataclass(frozen=True, slots=True)
class RemovePlan:
    """What removing a secret changes; ``writes`` is empty where the entry is gone already."""

    secrets: SessionSecrets
    name: str
    writes: tuple[Write, ...]

    def hints(self) -> list[str]:
        """Return the next steps: the keys of the session that still refer to it."""
        file = path_word(self.secrets.file)
        return [
            f"the session still refers to it: sessionctl unset {file} {quoted(str(ref.path))}"
            for ref in references(self.secrets.document.value)
            if ref.name == self.name
        ]

    def carry_out(self) -> None:
        """Write the sidecar, and expect the secret no longer.

        Raises:
          FileError: the sidecar cannot be written, or changed since it was read.
        """
        self.secrets.keeper.write(self.writes)
        self.secrets.keeper.pins.change(
            lambda book: book.without_entry(self.secrets.session, self.name)
        )


def plan_remove(secrets: SessionSecrets, name: str) -> RemovePlan:
    """Return what removing ``name`` changes; no key is needed.

    An entry that somebody else removed is only forgotten.

    Raises:
      UsageError: the name is none.
      KeyNotFoundError, RefusedError: there never was such a secret here.
    """
    check_name(name)
    sidecar = secrets.sidecar
    if sidecar is not None and name in sidecar.entries:
        text = sidecar.remove(name).text
        return RemovePlan(secrets, name, (Write(secrets.place.sidecar, sidecar.text, text),))
    if (secrets.session, name) not in secrets.keeper.pins.book.entries:
        secrets.entry(name)  # says that there is none
    return RemovePlan(secrets, name, ())
