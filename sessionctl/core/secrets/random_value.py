"""Random values: the rules by which a new random value is made."""

from __future__ import annotations

import string
from typing import NamedTuple

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SYMBOLS = "!#%+,-./:=?@^_~"  # safe between quotes, in URLs and in most shells
_MIN_LENGTH, _MAX_LENGTH = 12, 4096


class RandomRules(NamedTuple):
    """How a value looks: its length, and whether it has symbols beside letters and digits."""

    length: int = 32
    has_symbols: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """Sets of characters; a value has one of each at least."""
        plain = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        return (*plain, _SYMBOLS) if self.has_symbols else plain


def generate(rules: RandomRules, choose: Callable[[str], str]) -> Secret:
    """Return a value by ``rules``; ``choose`` returns a random character of a text.

    Raises:
      UsageError: it would be shorter than 12 or longer than 4096 characters.
    """
    if not _MIN_LENGTH <= rules.length <= _MAX_LENGTH:
        raise UsageError(
            f"a generated value has {_MIN_LENGTH} to {_MAX_LENGTH} characters, got {rules.length}"
        )
    alphabet = "".join(rules.classes)
    while True:
        # Drawn as a whole until it fits: putting characters in would favour some values.
        text = "".join(choose(alphabet) for _ in range(rules.length))
        if all(any(character in text for character in kind) for kind in rules.classes):
            return Secret(text)
