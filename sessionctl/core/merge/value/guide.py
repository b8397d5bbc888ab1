"""Guide: how the value at one place of the document merges, how items there are distinguished."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from sessionctl.core.merge.value.fragment import Fragment
    from sessionctl.core.schema.model import Schema


class Guide:
    """What a schema says of the place at ``keys``; by itself it resolves no conflict.

    A policy is a guide that does: see ``PolicyGuide``.
    """

    __slots__ = ("keys", "schema")

    def __init__(self, schema: Schema | None = None, keys: tuple[str, ...] = ()) -> None:
        self.schema = schema
        self.keys = keys

    @property
    def item_key(self) -> str | None:
        """The field that identifies the items of the array here, if the schema names one."""
        return self.schema.item_key(self.keys) if self.schema is not None else None

    @property
    def rule(self) -> str | None:
        """How the value here merges by ``x-merge``: atomic, list, set, text, max, newest."""
        return self.schema.merge_rule(self.keys) if self.schema is not None else None

    def below(self, *keys: str) -> Self:
        """Return the guide for what is at ``keys`` in the table here."""
        if self.schema is None or not keys:
            return self
        return type(self)(self.schema, (*self.keys, *keys))

    # -- conflicts -------------------------------------------------------------------

    def winner(self) -> str:
        """Return who wins a conflict of two orders here; "" for nobody.

        "ours", "theirs" or "both". A guide that answers has resolved the conflict.
        """
        return ""

    def survivor(self) -> str:
        """Return who wins where one side deleted an entry or element that the other changed.

        As ``winner`` does, or "nobody": whoever changed it loses to the deletion.
        """
        return ""

    def resolve(self, base: Fragment | None, ours: Fragment, theirs: Fragment) -> str | None:
        """Return the source text that resolves a conflict of two values here, None for nothing."""
        return None

    def rival(self, ours: Fragment, theirs: Fragment) -> str:
        """Return which of two new elements about one subject stays, as ``winner`` does."""
        return ""


ANYWHERE = Guide()
