"""Answer fields: several values in one line of tmux' answer, parted so that none can fake another.

From 3.4 to 3.5a tmux prints control characters as text, so the marks between values are plain;
they are random, for titles and names may come from anybody.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN = os.urandom(6).hex()
FIELD = f"~{_TOKEN}."
RECORD = f"~{_TOKEN}!"


def fields_format(names: Iterable[str]) -> str:
    """Return the format that prints the variables ``names``, for ``split_fields``."""
    return FIELD.join(f"#{{{name}}}" for name in names)


def split_fields(text: str) -> list[str]:
    """Return the values in a line that ``fields_format`` made tmux print."""
    return text.removesuffix("\n").split(FIELD)
