"""Vault info: what is known of a vault without any key; what opens one is not loaded for it."""

from __future__ import annotations

from sessionctl.core.secrets.vault_keys import read_info
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.vault_keys import VaultInfo
    from sessionctl.services.secrets.access.secret_place import SecretPlace


def read_vault_info(place: SecretPlace) -> VaultInfo | None:
    """Return what is known of the vault without a key, or None where nothing is.

    Raises:
      FileError: the file cannot be read.
      DocumentError: it is not what sessionctl wrote.
    """
    if not place.vault_info.exists():
        return None
    text = read_text(place.vault_info)
    return read_info(text, str(place.vault_info), place.rekey_command)
