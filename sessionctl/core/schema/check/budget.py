"""Budget: how many steps the check of one document by a foreign schema may take.

Steps are counted, not seconds: the answer is the same on any machine and in any thread, and what
counts can be stopped at any moment. One is about the time that a single keyword takes.
"""

from __future__ import annotations

from sessionctl.errors import SessionctlError

STEPS = 300_000
"""What any document may take."""
STEPS_EACH = 4
"""What it may take for each of its characters besides."""
MOST_STEPS = 20_000_000
LOAD_STEPS = 3_000_000
"""What looking through a schema may take, before it is applied."""
SPENT_PART = 20
"""Of the steps of a document, so small a part is left where its schema used up all for another."""


class StepLimitError(SessionctlError):
    """A check took more steps than it may; ``part`` is the part of the schema that it was at."""

    def __init__(self, message: str, part: object = None) -> None:
        hint = "make this part of the schema simpler, or check with another one: --schema FILE"
        super().__init__(message, hints=[hint])
        self.part = part
        self.pointer = ""

    def locate(self, root: object) -> None:
        """Remember where the part is in ``root``, which holds it."""
        if self.part is not None and not self.pointer:
            self.pointer = pointer_to(self.part, root)

    def placed(self, name: str, root: object) -> StepLimitError:
        """Return the error with the place of its part in the schema ``name``."""
        if self.message.startswith(f"{name}: "):
            return self
        self.locate(root)
        place = f"{name}: {self.pointer}" if self.pointer else name
        return StepLimitError(f"{place}: {self.message}")


class Budget:
    """What is left of the steps; ``charge`` takes some away.

    ``spent_on`` is the document that the schema used up all steps for, else "":
    it is not trusted with as many again.
    """

    __slots__ = ("_left", "_spare", "limit", "spent_on")

    def __init__(self, limit: int = STEPS) -> None:
        self.limit = self._left = self._spare = limit
        self.spent_on = ""

    def renew(self, size: int = 0) -> None:
        """Begin anew, for a document of ``size`` characters."""
        limit = min(STEPS + STEPS_EACH * size, MOST_STEPS)
        self.limit = limit // SPENT_PART if self.spent_on else limit
        self._left = self._spare = self.limit

    def restart(self) -> None:
        """Begin anew, for the same document."""
        self._left = self.limit

    def affords(self, steps: int) -> bool:
        """Return whether what can be left out may take ``steps``: it has as many for itself."""
        self._spare -= steps
        return self._spare >= 0

    def charge(self, steps: int = 1) -> None:
        """Take ``steps`` away.

        Raises:
          StepLimitError: so many are not left.
        """
        self._left -= steps
        if self._left < 0:
            what = "the limit for one document"
            if self.spent_on:
                what = f"because this schema used all of them on {self.spent_on}"
            raise StepLimitError(f"the check was stopped after {self.limit:,} steps, {what}")


def pointer_to(part: object, root: object) -> str:
    """Return the JSON pointer of ``part`` within ``root``, "#" where it is not found."""
    waiting: list[tuple[object, str]] = [(root, "#")]
    while waiting:
        here, pointer = waiting.pop()
        if here is part:
            return pointer
        if isinstance(here, dict):
            waiting += [(item, f"{pointer}/{_escaped(key)}") for key, item in here.items()]
        elif isinstance(here, list):
            waiting += [(item, f"{pointer}/{index}") for index, item in enumerate(here)]
    return "#"


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
