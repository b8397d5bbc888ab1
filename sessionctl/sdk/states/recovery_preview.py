"""Recovery preview: what a state that can be brought back would change, before it is done."""

from __future__ import annotations

from sessionctl.core.diff.change import Diff
from sessionctl.core.diff.comparison import diff
from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.diff_text import render_diff
from sessionctl.core.render.masked_diff import Mask
from sessionctl.core.toml.document import Document
from sessionctl.core.values import table_in
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.render.drawing import Line
    from sessionctl.core.values import Table


def preview_lines(now: str | None, then: str | None, app: str) -> list[Line]:
    """Return the change from the text ``now`` to ``then``, for the state of ``app`` alone.

    None stands for no state: to start over. Secrets are covered.
    """
    found = diff(_only(now, app), _only(then, app))
    masked = Mask(in_session=True).diff(Diff(found.changes, found.before, found.after))
    return render_diff(masked)


def _only(text: str | None, app: str) -> Document:
    try:
        value: Table = {} if text is None else Document.parse(text).value
    except SessionctlError:
        value = {}
    state = table_in(table_in(value, "apps"), app)
    empty = Document.parse("")
    for name, table in state.items():
        empty = empty.set(KeyPath((name,)), table)
    return empty
