"""Live save: what saving a session that runs would change, and the save itself."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import UsageError
from sessionctl.services.live.session_lookup import SessionLookup
from sessionctl.services.live.tmux.adapter import TmuxAdapter
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.render.drawing import Line
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.workspace_save import SaveOutcome


class SaveProposal(NamedTuple):
    """What a save would do; ``lines`` show the change of the file, key by key."""

    request: SaveRequest
    outcome: SaveOutcome
    lines: tuple[Line, ...]


def propose_save(name: str, file: str, context: LiveContext) -> SaveProposal:
    """Capture the session ``name`` and return what saving it changes; nothing is written.

    ``file`` is its file, "" where it has none: then one is found or begun for it.

    Raises:
      ToolError, KeyNotFoundError: tmux is missing, or the session is gone.
      FileError, ParseError, RefusedError: as a save.
      UsageError: another adapter keeps the file, or there is no place for a new one.
    """
    config = context.machine.config
    lookup = SessionLookup(context, f"{config}/sessions" if config else "")
    file = file or lookup.file_of(name) or lookup.new_file(name)
    record = context.memory.recall(file)
    if record is not None and record.adapter != "tmux":
        raise UsageError(
            f"{file}: it is saved with the adapter {record.adapter}, not from tmux",
            hints=[f"save it so: sessionctl save --adapter {record.adapter} {path_word(name)}"],
        )
    adapter = TmuxAdapter(context.machine.environ, context.socket, context.store.directory)
    standing = adapter.capture([name])[0]
    request = SaveRequest(standing, file, dry_run=True)
    outcome = save_workspace(request, context)
    return SaveProposal(request, outcome, tuple(_lines(outcome)))


def carry_out_save(proposal: SaveProposal, context: LiveContext) -> SaveOutcome:
    """Write what was proposed.

    Raises:
      FileError, RefusedError: it cannot be written, or little is left of what the file has.
    """
    return save_workspace(proposal.request._replace(dry_run=False), context)


def _lines(outcome: SaveOutcome) -> list[Line]:
    from sessionctl.core.render.diff_text import render_diff
    from sessionctl.services.documents.document_comparison import DocumentVersion, compare

    if not outcome.is_change:
        return []
    before = DocumentVersion(outcome.file, outcome.before or "")
    return render_diff(compare(before, DocumentVersion(outcome.file, outcome.after)).shown)
