"""Guarded adapter: an adapter of another package, whose faults become a diagnosis.

Whatever it raises names the adapter, the package that brings it and the line; what it returns is
held to the types it promised, so that nothing of it fails later on.
"""

from __future__ import annotations

import os
from typing import cast

from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.discrepancy import Discrepancy, discrepancies
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace_faults import standing_faults
from sessionctl.errors import SessionctlError, ToolError
from sessionctl.services.live.adapters.workspace_adapter import Detection, Handover
from sessionctl.services.plan.plan import GuardedStep, SkipStep, StepGroup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeVar

    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.adapters.workspace_adapter import (
        AdapterContext,
        PlannedStep,
        RestoreRequest,
        WorkspaceAdapter,
    )
    from sessionctl.services.plan.plan import Note, PlanNode

    Answer = TypeVar("Answer")

METHODS = ("detect", "capture", "plan", "apply", "verify")
_MOST_FAULTS = 3


class GuardedAdapter:
    """The adapter ``name`` that the package ``origin`` brings; it does what a sound one does."""

    def __init__(self, name: str, origin: str, adapter: WorkspaceAdapter) -> None:
        self.name = name
        self.origin = origin
        self.adapter = adapter

    @classmethod
    def of(
        cls, name: str, origin: str, load: Callable[[], Any], context: AdapterContext
    ) -> GuardedAdapter:
        """Return the adapter that ``load`` leads to, opened.

        Raises:
          ToolError: it cannot be loaded or opened, or lacks a method.
        """
        guarded = cls(name, origin, _Nothing())
        factory = guarded._call("load", load)
        if not callable(factory):
            raise guarded._fault("load", f"expected a callable, got {type(factory).__name__}")
        adapter = guarded._call("open", lambda: factory(context))
        missing = [method for method in METHODS if not callable(getattr(adapter, method, None))]
        if missing:
            raise guarded._fault("open", f"it has no method {', '.join(missing)}")
        guarded.adapter = adapter
        return guarded

    def detect(self) -> Detection:
        """Return what is here; raises ``ToolError``."""
        found: Any = self._call("detect", self.adapter.detect)
        if not isinstance(found, Detection):
            raise self._fault("detect", f"expected a Detection, got {type(found).__name__}")
        is_running, names, current = cast("tuple[Any, Any, Any]", found)
        texts = (*names, current) if isinstance(names, tuple) else (None,)
        if not isinstance(is_running, bool) or not all(isinstance(text, str) for text in texts):
            raise self._fault("detect", "expected true or false, a tuple of names and a name")
        return found

    def capture(self, names: Sequence[str] | None = None) -> list[StandingWorkspace]:
        """Return the sessions called ``names``, or all, as they stand; raises ``ToolError``."""
        found = self._list("capture", lambda: self.adapter.capture(names))
        for number, standing in enumerate(found):
            faults = [f"[{number}]: {fault}" for fault in standing_faults(standing)]
            self._refuse("capture", faults)
        captured = [standing.workspace.name for standing in found]
        if len(set(captured)) != len(captured):
            raise self._fault("capture", "two of the sessions have one name")
        if names is not None:
            strange = [name for name in captured if name not in names]
            if strange:
                what = f"{visible(strange[0])} was not asked for"
                raise self._fault("capture", f"the session {what}")
            missing = [name for name in names if name not in captured]
            if missing:
                raise ToolError(
                    f"adapter {self.name}: there is no session {visible(missing[0])}",
                    hints=self._known_sessions(),
                )
        return found

    def plan(self, request: RestoreRequest) -> tuple[PlanNode[Any] | PlannedStep, ...]:
        """Return the steps that bring a session back; raises ``ToolError``."""
        found = self._list("plan", lambda: self.adapter.plan(request))
        self._refuse("plan", [fault for step in found for fault in self._step_faults(step)])
        return tuple(found)

    def apply(self, step: PlannedStep, request: RestoreRequest) -> tuple[Note, ...]:
        """Carry out a step and return its notes; raises ``ToolError``."""
        found = self._call("apply", lambda: self.adapter.apply(step, request))
        notes = self._list("apply", lambda: found or ())
        if not all(_is_note(note) for note in notes):
            raise self._fault("apply", "expected notes that are two texts each")
        return tuple(notes)

    def verify(self, workspace: Workspace) -> tuple[Discrepancy, ...]:
        """Return where what stands is not what ``workspace`` asks for.

        The adapter's own word is not enough: what it captures is compared as well.

        Raises:
          ToolError: it cannot say.
        """
        found = self._list("verify", lambda: self.adapter.verify(workspace))
        fields = [
            isinstance(one, Discrepancy) and all(isinstance(t, str) for t in one) for one in found
        ]
        if not all(fields):
            raise self._fault("verify", "expected discrepancies of four texts each")
        there = self._call("capture", lambda: self.adapter.capture(None))
        standing = [one for one in there if not any(standing_faults(one))]
        named = [one.workspace for one in standing if one.workspace.name == workspace.name]
        scope = PathScope("/", real=os.path.realpath)
        seen = discrepancies(workspace, named[0] if named else None, scope)
        known = {(one.where, one.what) for one in found}
        return (*found, *(one for one in seen if (one.where, one.what) not in known))

    def handover(self, name: str) -> Handover | None:
        """Return what takes the terminal over; None where the adapter needs no terminal."""
        method = getattr(self.adapter, "handover", None)
        found = None if method is None else self._call("handover", lambda: method(name))
        if found is not None and not (isinstance(found, Handover) and found.argv):
            raise self._fault("handover", f"expected a Handover, got {type(found).__name__}")
        return found

    def _known_sessions(self) -> list[str]:
        sessions = self.detect().sessions
        return [f"there are: {', '.join(map(visible, sessions))}"] if sessions else []

    def _step_faults(self, step: object) -> Iterable[str]:
        if isinstance(step, StepGroup):
            for part in step.steps:
                yield from self._step_faults(part)
            return
        if isinstance(step, GuardedStep):
            yield from self._step_faults(step.step)
            return
        for method in ("render", "data"):
            if not callable(getattr(step, method, None)):
                yield f"expected steps, got {type(step).__name__}"
                return
        text = self._call("plan", step.render)  # type: ignore[attr-defined]
        data = self._call("plan", step.data)  # type: ignore[attr-defined]
        if not isinstance(text, str):
            yield f"a step renders as {type(text).__name__}, not as text"
        if not isinstance(data, dict) or not isinstance(data.get("action"), str):
            yield 'the data of a step has no "action"'

    def _list(self, method: str, call: Callable[[], Iterable[Any]]) -> list[Any]:
        def listed() -> list[Any]:
            found = call()
            if isinstance(found, str | bytes | dict):
                raise self._fault(method, f"expected a sequence, got {type(found).__name__}")
            return list(found)

        return self._call(method, listed)

    def _refuse(self, method: str, faults: list[str]) -> None:
        if faults:
            more = f", and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
            raise self._fault(method, "; ".join(faults[:_MOST_FAULTS]) + more)

    def _fault(self, method: str, what: str) -> ToolError:
        return ToolError(
            f"adapter {self.name}: {method}: {what}",
            hints=[f"report it to those who make {self.origin}", "use another: --adapter tmux"],
        )

    def _call(self, method: str, call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except (SessionctlError, SkipStep):
            raise
        except (Exception, SystemExit) as error:
            # A message may hold what was captured.
            text = without_secrets(visible(" ".join(str(error).split())))
            what = f"{type(error).__name__}: {text}" if text else type(error).__name__
            raise self._fault(method, f"{what}{_place(error)}") from error


class _Nothing:
    """What stands in for an adapter until it is opened."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def _is_note(note: object) -> bool:
    return isinstance(note, tuple) and len(note) == 2 and all(isinstance(t, str) for t in note)


def _place(error: BaseException) -> str:
    """Return the innermost line of the error, " (file.py:12)"."""
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f" ({file}:{trace.tb_lineno})"
