"""Session table: a table that knows by which columns it is sorted, so that this can be saved."""

from __future__ import annotations

from textual.widgets import DataTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Self

    from textual.widgets.data_table import ColumnKey


class SessionTable(DataTable[object]):
    """A ``DataTable`` whose order of rows is saved; ``sort`` as ever.

    Give columns keys of their own: by these they are known again. An order by a function is not
    saved: the host knows it.
    """

    _order: tuple[tuple[str, ...], bool] | None = None

    def sort(
        self,
        *columns: ColumnKey | str,
        key: Callable[[Any], Any] | None = None,
        reverse: bool = False,
    ) -> Self:
        """Sort the rows, and remember how."""
        names = tuple(str(getattr(one, "value", one)) for one in columns)
        self._order = None if key is not None or not names else (names, reverse)
        return super().sort(*columns, key=key, reverse=reverse)

    def clear(self, columns: bool = False) -> Self:  # noqa: FBT001, FBT002 - as the class above
        """Take all rows away; without its columns the order is gone too."""
        if columns:
            self._order = None
        return super().clear(columns)

    def session_state(self) -> dict[str, Any]:
        """Return the order of the rows."""
        if self._order is None:
            return {}
        return {"sort": list(self._order[0]), "reverse": self._order[1]}

    def restore_session_state(self, state: Mapping[str, Any]) -> bool:
        """Sort as the state says; False while the columns are not there."""
        names = state.get("sort")
        if not isinstance(names, list) or not names:
            return True
        keys = {str(key.value): key for key in self.columns}
        if not all(name in keys for name in names):
            return False
        try:
            self.sort(*(keys[name] for name in names), reverse=bool(state.get("reverse")))
        except TypeError:  # cells that cannot be compared any more
            return True
        return True
