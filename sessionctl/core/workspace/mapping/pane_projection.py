"""Pane projection: a pane as it stands, written over the table of its document."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.workspace.mapping.agreement import runs_as_asked
from sessionctl.core.workspace.mapping.value_maps import put, put_env, put_options
from sessionctl.core.workspace.raw_text import from_value, to_value
from sessionctl.core.workspace.workspace import WorkspacePane
from sessionctl.core.workspace.workspace_reader import read_argv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.path_scope import PathScope

_ORDER = ("name", "cwd", "run", "resume", "shell", "start", "float", "env", "options", "size")
_RANKS = {key: number for number, key in enumerate(_ORDER)}


class PaneContext(NamedTuple):
    """Where a pane lies: ``above`` is the directory that its own is relative to."""

    scope: PathScope
    above: str


def put_pane(
    item: Table,
    live: WorkspacePane,
    asked: WorkspacePane | None,
    before: WorkspacePane | None,
    context: PaneContext,
) -> Table:
    """Return ``item`` as it says what the pane ``live`` is.

    Args:
      item: the table of the pane, empty for a new one; it is not changed.
      live: the pane as it stands.
      asked: what ``item`` says; None for a new one.
      before: the pane as it stood when the document was last in step; None for a new one.
      context: where it lies.
    """
    new = dict(item)
    spec = asked or WorkspacePane(cwd=context.above)
    _put_directory(new, live, spec, before, context)
    _put_resume(new, live, spec, before)
    if asked is not None:
        spec = spec._replace(resume=read_argv(new.get("resume")))  # what counts from now on
    _put_program(new, live, spec, before)
    floating = None if live.floating is None else dict(live.floating._asdict())
    if live.floating != spec.floating:
        put(new, "float", floating)
    # Variables that a program was started with are seen while it runs: absence says nothing.
    put_env(new, spec.env, live.env, None, may_remove=False)
    put_options(new, spec.options, live.options, before and before.options)
    return dict(sorted(new.items(), key=lambda pair: _RANKS.get(pair[0], 0)))


def argv_value(argv: Sequence[str]) -> Value:
    """Return an argv as the value of a document."""
    return [to_value(word) for word in argv]


def _put_directory(
    new: Table,
    live: WorkspacePane,
    asked: WorkspacePane,
    before: WorkspacePane | None,
    context: PaneContext,
) -> None:
    scope, above = context
    # Where the directory above has moved, what is written means another place now.
    meant = scope.resolve(from_value(new.get("cwd")) or ".", above)
    is_as_before = before is not None and before.cwd == live.cwd and meant == asked.cwd
    if not live.cwd or is_as_before or scope.is_same(meant, live.cwd):
        return
    text = scope.express(live.cwd, above)
    put(new, "cwd", None if text == "." else to_value(text))


def _put_resume(
    new: Table, live: WorkspacePane, asked: WorkspacePane, before: WorkspacePane | None
) -> None:
    """Write what a program registered; what it withdrew since the last save goes."""
    if live.resume is not None and live.resume != asked.resume:
        new["resume"] = argv_value(live.resume)
    elif live.resume is None and before is not None and before.resume is not None:
        new.pop("resume", None)


def _put_program(
    new: Table, live: WorkspacePane, asked: WorkspacePane, before: WorkspacePane | None
) -> None:
    is_as_before = before is not None and (before.run, before.shell) == (live.run, live.shell)
    if is_as_before or runs_as_asked(asked, live):
        return
    if live.run != asked.run:
        put(new, "run", argv_value(live.run) if isinstance(live.run, tuple) else live.run)
        if live.start:
            new.setdefault("start", live.start)
    if live.shell != asked.shell:
        shell = live.shell if isinstance(live.shell, bool) else argv_value(live.shell)
        put(new, "shell", None if shell is True else shell)
