"""What is active: one window of a session, one pane of a window."""

from __future__ import annotations

from sessionctl.core.importers.parts.ledger import NOTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table


def keep_one(ledger: Ledger, items: list[Table], node: Node | None, *, last: bool = True) -> None:
    """Leave one of ``items`` active, the ``last`` that is said to be, or the first."""
    active = [item for item in items if item.get("focus")]
    for item in active[:-1] if last else active[1:]:
        del item["focus"]
        item.pop("zoomed", None)
    if len(active) > 1 and node is not None:
        kept = "the last" if last else "the first"
        message = f"{len(active)} are marked active here; {kept} of them is"
        ledger.report(NOTE, node, message)
