"""Secrets that are known already: their values, also as addresses and base64 spell them."""

from __future__ import annotations

from sessionctl.core.scan.finding import KNOWN, SecretPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST = 6


class KnownValues:
    """Values to look for wherever they stand; short ones only where they are all there is.

    A value of fewer than six characters would be found inside of other words.
    """

    __slots__ = ("_spellings", "_whole")

    def __init__(self, values: Iterable[str]) -> None:
        """Take ``values``; they are kept in memory, and shown nowhere."""
        wanted = {value for value in values if value.strip()}
        self._whole = frozenset(wanted)
        self._spellings = tuple(
            sorted({form for value in wanted for form in _forms(value)}, key=len, reverse=True)
        )

    def __repr__(self) -> str:
        return f"<KnownValues, {len(self._whole)} of them>"

    def __bool__(self) -> bool:
        return bool(self._whole)

    def parts(self, text: str) -> Iterator[SecretPart]:
        """Yield where one of the values stands in ``text``."""
        if text in self._whole:
            yield SecretPart(KNOWN, "a secret of a sidecar", 0, len(text))
            return
        for form in self._spellings:
            start = text.find(form)
            while start >= 0:
                yield SecretPart(KNOWN, "a secret of a sidecar", start, start + len(form))
                start = text.find(form, start + len(form))


def _forms(value: str) -> Iterator[str]:
    """Yield the spellings of ``value`` that are long enough to look for."""
    from base64 import b64encode
    from urllib.parse import quote, quote_plus

    # An envelope may hold half of a character, as JSON can spell it.
    safe = {"errors": "surrogatepass"}
    spelled = {value, quote(value, "", **safe), quote(value, **safe), quote_plus(value, **safe)}
    spelled |= {_lower_escapes(form) for form in spelled}
    data = value.encode("utf-8", "surrogatepass")
    if len(data) >= _SHORTEST:
        # Base64 of "user:value" spells the value in one of three ways; at its ends the
        # letters depend on the neighbours.
        for lead in range(3):
            whole = b64encode(bytes(lead) + data).decode().rstrip("=")
            first = (lead * 8 + 5) // 6
            last = (lead + len(data)) * 8 // 6
            spelled |= {whole[first:last], whole[first:last].translate({43: "-", 47: "_"})}
    yield from (form for form in spelled if len(form) >= _SHORTEST)


def _lower_escapes(text: str) -> str:
    import re

    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), text)
