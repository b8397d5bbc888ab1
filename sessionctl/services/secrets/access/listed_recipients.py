"""Listed recipients: who may read, as the list says; what opens a vault is not loaded for it."""

from __future__ import annotations

from sessionctl.core.secrets.recipients import Recipients
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.secrets.access.secret_place import SecretPlace


def read_recipients(place: SecretPlace) -> Recipients | None:
    """Return who may read, or None where no file says so.

    Raises:
      FileError: the file cannot be read.
      DocumentError: a line of it is no recipient.
    """
    if not place.recipients.exists():
        return None
    return Recipients.parse(read_text(place.recipients), str(place.recipients))
