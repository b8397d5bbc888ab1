"""Packed statements: those of a large document as numbers, a fifth of the room."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from sessionctl.core.toml.parse.statement import KEY, Statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import overload

_NUMBERS = 5
"""So many places does a statement have: where its key starts, and four behind that."""


class PackedStatements(Sequence[Statement]):
    """A sequence of statements; each is made again whenever it is asked for.

    For documents of which few statements are ever asked for, as in a merge.
    """

    __slots__ = ("_keys", "_kinds", "_places")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._kinds = bytes([one.kind for one in statements])
        self._keys = [one.keys for one in statements]
        self._places = array("i")
        add = self._places.extend
        for one in statements:
            add(one.offsets())

    def __len__(self) -> int:
        return len(self._kinds)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Statement: ...

        @overload
        def __getitem__(self, index: slice) -> list[Statement]: ...

    def __getitem__(self, index: int | slice) -> Statement | list[Statement]:
        places = range(len(self._kinds))[index]
        return self._made(places) if isinstance(places, int) else [*map(self._made, places)]

    def __iter__(self) -> Iterator[Statement]:
        return map(self._made, range(len(self._kinds)))

    def _made(self, index: int) -> Statement:
        at = index * _NUMBERS
        start, key_end, value_start, value_end, end = self._places[at : at + _NUMBERS]
        return Statement(
            self._kinds[index],
            self._keys[index],
            start,
            start + key_end,
            start + value_start,
            start + value_end,
            start + end,
        )

    @property
    def headers(self) -> list[int]:
        """The indexes of the headers; no statement is made for that."""
        return [index for index, kind in enumerate(self._kinds) if kind != KEY]


def header_indexes(statements: Sequence[Statement]) -> list[int]:
    """Return the indexes of the headers among ``statements``."""
    if isinstance(statements, PackedStatements):
        return statements.headers
    return [index for index, one in enumerate(statements) if one.kind != KEY]
