"""Own seal: text that only this user's own keys open again, without asking for anything."""

from __future__ import annotations

from sessionctl.core.secrets.agefile import NotAgeError
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import LockedError, RefusedError
from sessionctl.services.secrets.access.keyring import Keyring
from sessionctl.system import age
from sessionctl.system.prompt import SilentPrompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.secrets.access.keyring import IdentityCandidate
    from sessionctl.services.secrets.access.secret_context import SecretContext


class OwnSeal:
    """Seals text to this user's own recipients, and opens it; nobody is ever asked."""

    def __init__(self, context: SecretContext) -> None:
        """Use the keys that ``context`` leads to, as far as they open without a prompt."""
        self._context = context._replace(is_quiet=True, prompt=SilentPrompt())
        self._keyring = Keyring(self._context)

    def recipients(self) -> list[str]:
        """Return the user's own recipients, of the first place that has any; none without a key.

        Raises:
          LockedError: the identity that was asked for cannot be used.
          RefusedError: others may read it.
        """
        for candidate in self._candidates():
            own = [one.recipient for one in candidate.identities if one.recipient]
            if own:
                return list(dict.fromkeys(own))
        return []

    def seal(self, text: str) -> str | None:
        """Return ``text`` as an armored age file, or None without a key; raises as above."""
        own = self.recipients()
        if not own:
            return None
        return age.encrypt(Secret(text.encode()), age.encryptors(own, self._context.prompt))

    def open(self, sealed: str) -> str | None:
        """Return the text of an age file, or None: no key opens it, or it was damaged."""
        try:
            for candidate in self._candidates():
                opened = age.decrypt(sealed.encode(), candidate.identities)
                if opened is not None:
                    return opened.text
        except (NotAgeError, LockedError, RefusedError):
            return None
        return None

    def _candidates(self) -> Iterator[IdentityCandidate]:
        if self._context.machine.config is None and self._context.explicit is None:
            return iter(())  # without a home there are no places for keys
        return self._keyring.candidates()
