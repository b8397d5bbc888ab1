"""Adapter registry: workspace adapters by their names, our own and those of other packages."""

from __future__ import annotations

from importlib import import_module

from sessionctl.errors import ToolError, UsageError
from sessionctl.services.live.adapters.workspace_adapter import GROUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint

    from sessionctl.services.live.adapters.workspace_adapter import (
        AdapterContext,
        WorkspaceAdapter,
    )

TMUX, PLAIN = "tmux", "plain"

BUILT_IN = {
    PLAIN: "sessionctl.services.live.plain.plain_adapter:open_plain",
    TMUX: "sessionctl.services.live.tmux.adapter:open_tmux",
}
"""Our own, as the entry points of this package name them: to find them, nothing is searched."""


def open_adapter(name: str, context: AdapterContext) -> WorkspaceAdapter:
    """Return the adapter called ``name``; only for one of another package a search begins.

    Raises:
      UsageError: there is none of this name.
      ToolError: it cannot be opened; the message names the package that brings it.
    """
    target = BUILT_IN.get(name)
    if target is not None:
        module, _, attribute = target.partition(":")
        opened: WorkspaceAdapter = getattr(import_module(module), attribute)(context)
        return opened
    from sessionctl.services.live.adapters.guarded_adapter import GuardedAdapter

    points = [point for point in _foreign() if point.name == name]
    if not points:
        raise UsageError(
            f"there is no workspace adapter {name}",
            hints=[f"there are: {', '.join(adapter_names())}"],
        )
    if len(points) > 1:
        origins = ", ".join(_origin(point) for point in points)
        raise ToolError(
            f"adapter {name}: {len(points)} packages bring it: {origins}",
            hints=["remove all but one of them"],
        )
    return GuardedAdapter.of(name, _origin(points[0]), points[0].load, context)


def adapter_names() -> tuple[str, ...]:
    """Return the names of all adapters, our own first."""
    foreign = {point.name for point in _foreign()} - BUILT_IN.keys()
    return (*sorted(BUILT_IN), *sorted(foreign))


def _foreign() -> Iterator[EntryPoint]:
    """Yield the entry points of other packages; the names of our own are taken."""
    from importlib.metadata import entry_points

    yield from (point for point in entry_points(group=GROUP) if point.name not in BUILT_IN)


def _origin(point: EntryPoint) -> str:
    dist = point.dist
    return f"{dist.name} {dist.version}" if dist is not None else point.value
