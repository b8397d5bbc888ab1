"""Secret: bytes that are shown nowhere by accident."""

from __future__ import annotations

from sessionctl.core.sha256 import is_same_digest
from sessionctl.core.text.mask import MASK


class Secret:
    """A value that no ``repr``, ``str``, format, pickle or traceback shows.

    Only ``reveal`` and ``text`` give it out. Two secrets are compared in constant time; a
    secret has no hash, for a hash in a set or dict invites keeping it.
    """

    __slots__ = ("_data",)
    __hash__ = None  # type: ignore[assignment]
    _data: bytes

    def __init__(self, value: bytes | str) -> None:
        object.__setattr__(self, "_data", _encoded(value))

    def reveal(self) -> bytes:
        """Return the bytes; the caller hands them on and keeps none."""
        return self._data

    @property
    def text(self) -> str | None:
        """The value as text, or None where it is not UTF-8."""
        try:
            return self.reveal().decode()
        except UnicodeDecodeError:
            return None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a secret does not change")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return is_same_digest(self.reveal(), other.reveal())

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> str:
        raise TypeError("a secret is neither copied nor pickled")

    def __reduce_ex__(self, protocol: object) -> str:
        return self.__reduce__()


def _encoded(value: bytes | str) -> bytes:
    if not isinstance(value, str):
        return bytes(value)
    try:
        # What a terminal or the environment gave that is not UTF-8 becomes its bytes again.
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        pass  # left here: the error holds the whole value
    raise ValueError("a secret with half of a surrogate pair")
