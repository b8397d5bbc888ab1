"""State undo: the last change of a host's file is taken back, by a merge."""

from __future__ import annotations

from sessionctl.errors import EditError
from sessionctl.services.history.undo_plan import plan_undo
from sessionctl.services.plan.runner import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.store.store import Store


def take_back(file: str, environ: Mapping[str, str], store: Store) -> bool:
    """Undo the last change of ``file``; return whether there was one.

    Raises:
      EditError: there is nothing to undo, or later changes stand in the way.
    """
    undo = plan_undo(file, environ, store)
    if not undo.is_fit:
        raise EditError(f"{file}: later changes conflict with the undo")
    run(undo.plan(), store).check()
    return undo.is_change
