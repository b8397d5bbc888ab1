"""Import run: connections of other programs shown, added to a session file, and reported."""

from __future__ import annotations

from sessionctl.cli.live.live_session import known_file, live_context, session_lookup
from sessionctl.cli.output.edit_output import print_change
from sessionctl.cli.store_notes import tell_notes
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.text.source import visible
from sessionctl.services.connections.definition_import import plan_definitions, usual_sources
from sessionctl.services.documents.value_access import write_change
from sessionctl.services.settings.user_store import user_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.services.connections.definition_import import DefinitionPlan

_NOTHING = 1


def import_definitions(
    console: Console,
    name: str,
    sources: Sequence[str],
    *,
    kind: str | None,
    only: Sequence[str],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add the connections of ``sources`` to a session; return the exit code."""
    file = known_file(session_lookup(live_context(console, "")), name)
    chosen = list(sources) or usual_sources(console.machine, file)
    home = console.machine.home or ""
    plan = plan_definitions(file, chosen, kind=kind, only=only, home=home)
    if plan.added and not dry_run:
        saved = write_change(plan.change, user_store(console.machine), why="connections import")
        tell_notes(console, saved.notes)
    if as_json:
        console.print_json(
            "connections import",
            file=file,
            sources=chosen,
            added=[one._asdict() for one in plan.added],
            left_out=[one._asdict() for one in plan.left],
            dry_run=dry_run,
        )
    else:
        _print(console, plan, dry_run=dry_run)
    return 0 if plan.added else _NOTHING


def _print(console: Console, plan: DefinitionPlan, *, dry_run: bool) -> None:
    file = path_word(plan.change.file)
    if dry_run and plan.added:
        print_change(console, plan.change)
    for one in plan.added:
        lead = "would add" if dry_run else "added"
        console.out(f"{lead} {visible(one.name)}: {one.driver}, {visible(one.source)}:{one.line}")
        for note in one.notes:
            console.note(f"{visible(one.name)}: {visible(note)}")
    for left in plan.left:
        console.note(f"{visible(left.source)}:{left.line}: {visible(left.what)}: {left.why}")
    for one in plan.added if not dry_run else ():
        for secret in one.secrets:
            console.hint(f"store its password: sessionctl secret set {file} {last_words(secret)}")
    if not plan.added:
        console.note(f"{plan.change.file}: nothing to add")
