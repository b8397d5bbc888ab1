"""Save run: sessions captured and written, and what is said about it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.cli.live.live_session import (
    adapter_context,
    live_context,
    session_lookup,
    tmux_adapter,
)
from sessionctl.core.filename import SESSION_SUFFIX, is_session_name
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.text.source import visible
from sessionctl.errors import KeyNotFoundError, ToolError, UsageError
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace
from sessionctl.system.tmux.tmux_server import NoServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.services.live.adapters.workspace_adapter import Detection
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.session_lookup import SessionLookup
    from sessionctl.services.live.tmux.adapter import TmuxAdapter
    from sessionctl.services.live.workspace_save import SaveOutcome
    from sessionctl.services.secrets.own_seal import OwnSeal


CONFLICTS = 1
"""The exit code where the file kept its own somewhere."""


class SaveOptions(NamedTuple):
    """The options of 'sessionctl save'."""

    is_all: bool = False
    file: str | None = None
    snapshot: str | None = None
    windows: tuple[str, ...] = ()
    scrollback: bool = False
    yes: bool = False
    socket: str = ""
    dry_run: bool = False
    as_json: bool = False
    adapter: str = ""


def save(
    console: Console, name: str | None, options: SaveOptions, adapter: TmuxAdapter | None = None
) -> bool:
    """Save the session ``name``, or all; return whether a file kept its own somewhere.

    An ``adapter`` that captured just these sessions is not asked again.
    """
    outcomes = save_sessions(console, name, options, adapter)
    if options.as_json:
        data = [outcome_data(outcome) for outcome in outcomes]
        console.print_json("save", dry_run=options.dry_run, sessions=data)
    else:
        for outcome in outcomes:
            print_outcome(console, outcome, options)
    return any(outcome.conflicts for outcome in outcomes)


def save_sessions(
    console: Console, name: str | None, options: SaveOptions, captured: TmuxAdapter | None = None
) -> list[SaveOutcome]:
    """Save the session ``name``, or all, and return what became of each."""
    _check_file(options.file)
    context = live_context(console, options.socket)
    lookup = session_lookup(context)
    tmux = captured if captured is not None else tmux_adapter(context)
    if captured is None:
        from sessionctl.cli.live.adapter_choice import choose_for_save

        choice = choose_for_save(options.adapter, name, lookup, tmux, is_all=options.is_all)
        if choice.note:
            console.note(choice.note)
        if choice.name != "tmux":
            return _save_with(choice.name, name, options, context, lookup)
        _capture(tmux, name, options)
    seal = None
    if options.scrollback and not options.dry_run:
        from sessionctl.cli.live.live_session import own_seal

        seal = own_seal(console)
        seal.recipients()  # a key that was asked for and cannot be used stops all before it begins
    requests = [_request(standing, options, lookup) for standing in tmux.standings()]
    if not (options.file or options.snapshot):
        for request in requests:
            _say_whose(console, request, lookup)
    return [_save_one(request, seal, context, tmux) for request in requests]


def _check_file(file: str | None) -> None:
    """Refuse a new file that no other command would take for a session."""
    import os

    if file is None or is_session_name(os.path.basename(file)) or os.path.exists(file):  # noqa: PTH110, PTH119
        return
    fit = f"{os.path.splitext(file)[0]}{SESSION_SUFFIX}"  # noqa: PTH122
    raise UsageError(
        f"{visible(file)}: a session file is called NAME{SESSION_SUFFIX}",
        hints=[f"choose a name that 'list' and 'sync' find, such as {visible(fit)}"],
    )


def _say_whose(console: Console, request: SaveRequest, lookup: SessionLookup) -> None:
    """Say which of two files a session is of, and where it was of none so far."""
    name, file = request.standing.workspace.name, request.file
    other = lookup.namesake(name, file)
    if other is not None:
        console.note(f"the session {visible(name)} is of {visible(file)}, not of {visible(other)}")
        words = f"--file {path_word(other)} {last_words(name)}"
        console.hint(f"save it there instead: sessionctl save {words}")
    elif lookup.saved_into(name) is None and lookup.target_of(name) is not None:
        console.warn(
            f"{visible(file)}: the session {visible(name)} was never saved into it or restored"
            " from it, only the name is the same",
        )


def _capture(tmux: TmuxAdapter, name: str | None, options: SaveOptions) -> None:
    try:
        tmux.capture(None if options.is_all else [name or tmux.current()])
    except (NoServerError, KeyNotFoundError) as error:
        hints = list(error.hints)
        if not (options.adapter or options.socket or options.is_all or name is None):
            word = last_words(name)
            hints.append(f"or save this terminal: sessionctl save --adapter plain {word}")
        raise ToolError(error.message, hints=hints) from None


def _save_with(
    adapter: str,
    name: str | None,
    options: SaveOptions,
    context: LiveContext,
    lookup: SessionLookup,
) -> list[SaveOutcome]:
    """Save with an adapter other than tmux, into files that are no other's."""
    from sessionctl.cli.live.adapter_choice import check_owner
    from sessionctl.services.live.adapters.adapter_registry import open_adapter

    if options.scrollback:
        raise UsageError(f"save: the adapter {adapter} has no text to keep (--scrollback)")
    opened = open_adapter(adapter, adapter_context(context))
    names = None if options.is_all else [name] if name else _current(adapter, opened.detect())
    outcomes = []
    for standing in opened.capture(names):
        request = _request(standing, options, lookup)._replace(adapter=adapter)
        if not options.yes:
            check_owner(adapter, request.file, context)
        outcomes.append(save_workspace(request, context))
    return outcomes


def _current(adapter: str, found: Detection) -> list[str]:
    names = [found.current] if found.current else list(found.sessions)
    if len(names) == 1:
        return names
    if not names:
        raise ToolError(f"adapter {adapter}: no session runs")
    known = ", ".join(map(visible, names))
    raise UsageError("which session? several run", hints=[f"name one, or --all: {known}"])


def _save_one(
    request: SaveRequest, seal: OwnSeal | None, context: LiveContext, adapter: TmuxAdapter
) -> SaveOutcome:
    if seal is not None:
        texts = adapter.texts(request.standing.workspace.name)
        request = request._replace(old_texts=texts, seal=seal)
    return save_workspace(request, context)


def _request(
    standing: StandingWorkspace, options: SaveOptions, lookup: SessionLookup
) -> SaveRequest:
    name = standing.workspace.name
    file = options.file
    if file is None and options.snapshot is not None:
        file = lookup.new_file(options.snapshot)
    elif file is None:
        file = lookup.target_of(name) or lookup.new_file(name)
    return SaveRequest(
        _only(standing, options.windows),
        file,
        is_partial=bool(options.windows),
        is_snapshot=options.snapshot is not None,
        may_shrink=options.yes,
        dry_run=options.dry_run,
    )


def _only(standing: StandingWorkspace, names: tuple[str, ...]) -> StandingWorkspace:
    """Return what stands with the windows of these names alone; all without names."""
    if not names:
        return standing
    windows = standing.workspace.windows
    chosen = [j for j, window in enumerate(windows) if window.name in names]
    missing = sorted(set(names) - {windows[j].name for j in chosen})
    if missing:
        from sessionctl.core.text.near_words import near_hints

        name = visible(standing.workspace.name)
        raise UsageError(
            f"save: the session {name} has no window {' and no window '.join(missing)}",
            hints=near_hints(missing[0], [window.name for window in windows]),
        )
    return standing._replace(
        workspace=standing.workspace._replace(windows=tuple(windows[j] for j in chosen)),
        windows=tuple(standing.windows[j] for j in chosen),
        panes=tuple(standing.panes[j] for j in chosen),
    )


def print_outcome(console: Console, outcome: SaveOutcome, options: SaveOptions) -> None:
    """Print what a save did, and what the user should know about it."""
    file = visible(outcome.file)
    if options.dry_run and outcome.before is not None and outcome.is_change:
        _print_diff(console, outcome)
    verb = "would save" if options.dry_run else "saved"
    if outcome.before is None:
        console.out(f"{verb} {visible(outcome.name)} into the new file {file}")
    elif outcome.is_change:
        console.out(f"{verb} {visible(outcome.name)} into {file}")
    else:
        console.note(f"{file}: nothing changed")
    for part in outcome.masked:
        how = "left out" if part.is_left_out else "masked"
        console.warn(f"{file}: {part.path}: {part.what} was {how}")
    if outcome.masked:
        keep = f"sessionctl secret set {path_word(outcome.file)} NAME"
        console.hint(f"keep it, and refer to it by that name: {keep}")
    for note, hint in outcome.notes:
        console.warn(note, hints=[hint] if hint else [])
    if outcome.conflicts:
        paths = ", ".join(str(conflict.path) for conflict in outcome.conflicts)
        number = counted(len(outcome.conflicts), "place")
        console.warn(
            f"{file}: edited there and changed in the session, the file keeps its own in"
            f" {number}: {visible(paths)}"
        )


def _print_diff(console: Console, outcome: SaveOutcome) -> None:
    from sessionctl.cli.output.terminal import print_lines
    from sessionctl.core.render.diff_text import render_diff
    from sessionctl.services.documents.document_comparison import DocumentVersion, compare

    assert outcome.before is not None
    before = DocumentVersion(outcome.file, outcome.before)
    found = compare(before, DocumentVersion(outcome.file, outcome.after))
    print_lines(console, render_diff(found.shown))


def outcome_data(outcome: SaveOutcome) -> dict[str, object]:
    """Return what a save did as plain data for JSON."""
    return {
        "name": outcome.name,
        "file": outcome.file,
        "is_new": outcome.before is None,
        "changed": outcome.is_change,
        "written": outcome.is_written,
        "conflicts": [conflict.path for conflict in outcome.conflicts],
        "masked": [{"path": part.path, "what": part.what} for part in outcome.masked],
        "notes": [message for message, _ in outcome.notes],
    }
