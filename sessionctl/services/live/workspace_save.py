"""Saving a live session: captured, and merged into its file with what was edited there."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH110, PTH120
import os
import time
from typing import NamedTuple

from sessionctl.core.session.override_layers import with_changes
from sessionctl.core.toml.document import Document
from sessionctl.core.values import tables_in
from sessionctl.core.workspace.mapping.agreed_workspace import NOTHING, AgreedWorkspace
from sessionctl.core.workspace.mapping.projection import project
from sessionctl.core.workspace.mapping.volatile_fields import volatile_fields
from sessionctl.core.workspace.secret_mask import mask_secrets
from sessionctl.errors import FileError, RefusedError
from sessionctl.services.live.captured_trust import trust_captured
from sessionctl.services.live.live_memory import LiveRecord
from sessionctl.services.live.nearest_text import nearest_text, set_live, set_value
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.mapping.base_alignment import WindowNames
    from sessionctl.core.workspace.mapping.item_matching import Pairs
    from sessionctl.core.workspace.mapping.projection import ProjectedValue
    from sessionctl.core.workspace.secret_mask import MaskedPart
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.secrets.own_seal import OwnSeal
    from sessionctl.system.store.store import Note

_WHY = "save"


class SaveRequest(NamedTuple):
    """What to save where, and how.

    ``is_partial`` says that only some of the session's windows are in ``standing``. A
    snapshot (``is_snapshot``) is not the session's file: nothing saves into it later.
    ``may_shrink`` lets a poor session replace a rich file. ``old_texts`` are what the panes
    show, kept apart from the file and sealed by ``seal`` where that has a key; None leaves what
    is kept. ``adapter`` is the workspace adapter that captured the session. With ``is_update``
    the file is not made where it is not there.
    """

    standing: StandingWorkspace
    file: str
    is_partial: bool = False
    is_snapshot: bool = False
    may_shrink: bool = False
    dry_run: bool = False
    old_texts: Mapping[tuple[int, int], str] | None = None
    adapter: str = "tmux"
    is_update: bool = False
    seal: OwnSeal | None = None


class SaveOutcome(NamedTuple):
    """What a save did, or would do.

    ``before`` is None for a new file. ``conflicts`` are changes of both sides; the file has
    its own there. ``masked`` are the secrets that were kept out.
    """

    file: str
    name: str
    before: str | None
    after: str
    conflicts: tuple[Conflict, ...] = ()
    masked: tuple[MaskedPart, ...] = ()
    notes: tuple[Note, ...] = ()
    is_written: bool = False

    @property
    def is_change(self) -> bool:
        """Whether the text of the file changes."""
        return self.before != self.after


def save_workspace(request: SaveRequest, context: LiveContext) -> SaveOutcome:
    """Write the session that stands into its file, merged with what was edited there.

    An unchanged session writes nothing. Where the file and the session both changed the same,
    the file keeps its own.

    Raises:
      FileError, ParseError: the file cannot be read or written, or is not TOML.
      RefusedError: little is left of what the file has, and ``may_shrink`` is not set; or the
        file is a snapshot, or is to become one and is the file of a session.
    """
    if _is_unchanged(request, context):
        text = read_text(request.file)
        return SaveOutcome(request.file, request.standing.workspace.name, text, text)
    _check_kind(request, context)
    seen = _seen_values(request)
    workspace, masked = mask_secrets(request.standing.workspace, seen)
    standing = request.standing._replace(workspace=workspace)
    save = _DocumentSave(request._replace(standing=standing), context, seen)
    is_new = not (request.is_update or os.path.exists(request.file))
    outcome = save.new() if is_new else save.merged()
    outcome = outcome._replace(masked=masked)
    if request.dry_run:
        return outcome
    return save.write(outcome)


def _seen_values(request: SaveRequest) -> set[str]:
    """Return the secrets of the workspace and of the texts that are kept, for both to mask."""
    if request.old_texts is None:
        return set()
    from sessionctl.core.workspace.secret_mask import workspace_values
    from sessionctl.services.live.old_text import values_in

    return workspace_values(request.standing.workspace) | values_in(request.old_texts)


def _is_unchanged(request: SaveRequest, context: LiveContext) -> bool:
    is_whole = not (request.is_partial or request.is_snapshot) and request.old_texts is None
    marks = StandingMarks(context.store.directory)
    return is_whole and marks.is_unchanged(request.file, request.standing)


def _check_kind(request: SaveRequest, context: LiveContext) -> None:
    """Refuse to save into a snapshot, and to make one of the file of a session."""
    file = request.file
    if request.is_snapshot:
        if os.path.exists(file) and context.memory.recall(file) is not None:
            raise RefusedError(
                f"{file}: it is the file of a session, not a snapshot",
                hints=["give the snapshot another name: --as NAME"],
            )
    elif context.memory.is_snapshot(file) and os.path.exists(file):
        raise RefusedError(
            f"{file}: it is a snapshot, and nothing is saved into it",
            hints=["name another file: --file FILE", "or renew the snapshot: --as NAME"],
        )


class _DocumentSave:
    def __init__(self, request: SaveRequest, context: LiveContext, seen: set[str]) -> None:
        self.request = request
        self.seen = seen
        self.context = context
        self.scope = context.scope(request.file)
        self.record = None if request.is_snapshot else context.memory.recall(request.file)
        self.projected: ProjectedValue | None = None

    def new(self) -> SaveOutcome:
        """Return what a file that is not there yet gets."""
        from sessionctl.core.session.session_text import render_session

        workspace = self.request.standing.workspace
        value: Table = {"schema_version": 1, "id": _new_id(), "name": workspace.name}
        new = self._project(value, None)
        return self._outcome(None, render_session({"root": ".", **new}))

    def merged(self) -> SaveOutcome:
        """Return what the file that is there gets."""
        file = self.request.file
        text = read_text(file)
        record = self.record
        # A save that ended between the file and its record: its text is no edit by hand.
        if record is not None and record.text != text:
            is_ours = self.context.memory.was_announced(file, text)
            self.record = None if is_ours else record
        base = text if self.record is None else self.record.text
        document = Document.parse(base, file)
        value = self._project(document.value, None if self.record is None else self.record.agreed)
        live = set_live(document, value, self.projected)
        if base == text or live.text == text:
            return self._outcome(text, live.text)
        aligned, value, names = self._aligned(document, value, Document.parse(text, file))
        live = set_live(aligned, value, self.projected if aligned is document else None)
        from sessionctl.core.merge import Labels
        from sessionctl.services.merging.three_way import MergeOptions, merge_texts

        labels = Labels("the file", "the last save", "the session")
        how = MergeOptions(labels=labels).for_file(file)
        result = merge_texts((aligned.text, text, live.text), how)
        resolved = result.resolved("ours")
        after = nearest_text(text, resolved.text, names.renames) if resolved.is_clean else text
        conflicts = (*result.conflicts, *map(_both_renamed, names.clashes))
        return self._outcome(text, after)._replace(conflicts=conflicts)

    def _aligned(
        self, base: Document, live: Table, file: Document
    ) -> tuple[Document, Table, WindowNames]:
        """Return the base, and what it shall be, in the order and under the names of the file.

        So a merge sees what else was edited; what the session renamed comes with it, and is to
        be renamed then. Where overrides have windows, those follow names of their own: all stays.
        """
        from sessionctl.core.session.override_layers import OVERRIDES
        from sessionctl.core.workspace.mapping.base_alignment import (
            WindowNames,
            align,
            take_names_back,
        )

        overrides = [t for d in (base, file) for t in tables_in(d.value, OVERRIDES)]
        if self.projected is None or any("windows" in table for table in overrides):
            return base, live, WindowNames({})
        origins = self.projected.origins
        found = align(base.value, file.value, self.scope)
        edited = {} if found is None else found.names
        live, names = take_names_back(live, base.value, file.value, origins, edited)
        if found is None:
            return base, live, names
        moved = found.follow(live, base.value, origins)
        return set_value(base, found.base(base.value)), moved, names

    def write(self, outcome: SaveOutcome) -> SaveOutcome:
        """Write the file, and what is kept beside it; return the outcome with notes."""
        self._refuse_shrinking(outcome)
        store = self.context.store
        text, notes = outcome.after, outcome.notes
        if outcome.is_change and not self.request.is_snapshot:
            self.context.memory.announce(outcome.file, text)
        if outcome.before is None:
            _make_directory(os.path.dirname(os.path.abspath(outcome.file)))
            store.create(outcome.file, text, why=_WHY)
        elif outcome.is_change:
            saved = store.save(outcome.file, text, expected=outcome.before, why=_WHY)
            text, notes = saved.text, saved.notes
        document = Document.parse(text, outcome.file)
        if self.request.is_snapshot:
            self.context.memory.mark_snapshot(outcome.file)
        notes += self._kept_beside(text, document)
        return outcome._replace(after=text, notes=notes, is_written=outcome.is_change)

    def _kept_beside(self, text: str, document: Document) -> tuple[Note, ...]:
        """Keep what is not in the file, which is written by now; return why that failed."""
        file = self.request.file
        try:
            if not self.request.is_snapshot:
                self._remember(text, document)
                self._keep_texts()
            trust_captured(self.context, file, document.value, self.request.standing)
        except FileError as error:
            message = f"{file}: what is kept beside it was not stored: {error.message}"
            return ((message, error.hints[0].partition(";")[0] if error.hints else ""),)
        return ()

    def _project(self, value: Table, agreed: AgreedWorkspace | None) -> Table:
        """Return ``value`` as it says what stands, each change where the value came from."""
        resolved = self.context.resolved(value)
        self.projected = project(
            self.request.standing,
            resolved,
            self.scope,
            agreed=agreed,
            is_partial=self.request.is_partial,
        )
        machine = self.context.machine
        after, origins = self.projected.value, self.projected.origins
        return with_changes(value, after, origins, machine.host, machine.os_name)

    def _outcome(self, before: str | None, after: str) -> SaveOutcome:
        return SaveOutcome(self.request.file, self.request.standing.workspace.name, before, after)

    def _refuse_shrinking(self, outcome: SaveOutcome) -> None:
        if outcome.before is None or not outcome.is_change or self.request.may_shrink:
            return
        from sessionctl.core.diff.content_loss import losses

        found = losses(Document.parse(outcome.before), Document.parse(outcome.after))
        if found:
            raise RefusedError(
                f"{outcome.file}: the session has much less than the file: {'; '.join(found)}",
                hints=["save it anyway with --force", "or under another name: --as NAME"],
            )

    def _remember(self, text: str, document: Document) -> None:
        """Keep what both sides have now, and what changes all the time."""
        standing = self.request.standing
        items, panes = self._items(document)
        self._keep_volatile(document, items, panes)
        if self.request.is_partial:
            return
        StandingMarks(self.context.store.directory).keep(self.request.file, standing, text)
        agreed = AgreedWorkspace(
            standing,
            tuple(items.get(j, NOTHING) for j in range(len(standing.workspace.windows))),
            tuple(
                tuple(panes.get(j, {}).get(k, NOTHING) for k in range(len(window.panes)))
                for j, window in enumerate(standing.workspace.windows)
            ),
        )
        file, socket = os.path.abspath(self.request.file), self.context.socket
        record = LiveRecord(file, text, agreed, socket, adapter=self.request.adapter)
        if self.record is None or record != self.record._replace(at_s=0.0):
            self.context.memory.keep(record._replace(at_s=time.time()))

    def _items(self, document: Document) -> tuple[Pairs, dict[int, Pairs]]:
        """Return which item of the final text each window and pane is.

        Where the file was edited meanwhile the items may have moved: they are found anew.
        """
        assert self.projected is not None
        resolved = self.context.resolved(document.value)
        if resolved.get("windows") == self.projected.value.get("windows"):
            return self.projected.windows, self.projected.panes
        again = project(self.request.standing, resolved, self.scope, is_partial=True)
        # It places what the file does not have too, where that kept its own.
        counts = _pane_counts(resolved.get("windows"))
        windows = {j: i for j, i in again.windows.items() if i in counts}
        panes = {
            j: {k: o for k, o in again.panes.get(j, {}).items() if o < counts[i]}
            for j, i in windows.items()
        }
        return windows, panes

    def _keep_texts(self) -> None:
        texts, projected = self.request.old_texts, self.projected
        if texts is None or projected is None:
            return
        from sessionctl.services.live.old_text import OldTextStore

        placed = {
            (projected.windows[j], projected.panes.get(j, {}).get(k, k)): text
            for (j, k), text in texts.items()
            if j in projected.windows
        }
        OldTextStore(self.context.store.directory).keep(
            self.request.file, placed, self.request.seal, self.seen
        )

    def _keep_volatile(self, document: Document, items: Pairs, panes: Mapping[int, Pairs]) -> None:
        from sessionctl.core.schema.model import Schema
        from sessionctl.services.documents.volatile_store import VolatileStore

        standing = self.request.standing
        schema = Schema.session()
        items, panes = _in_document(document.value, items, panes)
        store = VolatileStore(self.context.store.directory)
        session_id = str(document.value.get("id", ""))
        before = store.read(self.request.file, session_id)
        fields = volatile_fields(document, standing.workspace, items, panes, schema.item_key)
        kept = {
            path: value
            for path, value in fields.items()
            # What never was otherwise need not be said.
            if value not in (False, "", [], {}) or path in before
        }
        at_ns = time.time_ns()
        store.record(self.request.file, kept, schema, at_ns=at_ns, session_id=session_id)


def _new_id() -> str:
    """Return a random UUID; the module for them takes too long to import."""
    data = bytearray(os.urandom(16))
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _pane_counts(windows: Value | None) -> dict[int, int]:
    """Return how many panes each window of a document says something of."""
    tables = windows if isinstance(windows, list) else []
    panes = [table.get("panes") if isinstance(table, dict) else None for table in tables]
    return {i: len(found) if isinstance(found, list) else 0 for i, found in enumerate(panes)}


def _both_renamed(names: tuple[str, str]) -> Conflict:
    from sessionctl.core.conflict.conflict import Conflict, ConflictKind
    from sessionctl.core.keypath import ItemKey, KeyPath

    path = KeyPath(("windows", ItemKey("name", names[0]), "name"))
    return Conflict(ConflictKind.BOTH_MODIFIED, path, None, *names)


def _in_document(
    value: Table, items: Pairs, panes: Mapping[int, Pairs]
) -> tuple[Pairs, dict[int, Pairs]]:
    """Return the windows and panes that the session itself has, without those of overrides."""
    windows = tables_in(value, "windows")
    own = {j: i for j, i in items.items() if i < len(windows)}
    counts = {j: len(tables_in(windows[i], "panes")) for j, i in own.items()}
    inner = {
        j: {k: p for k, p in panes.get(j, {}).items() if p < count} for j, count in counts.items()
    }
    return own, inner


def _make_directory(directory: str) -> None:
    from sessionctl.system.os_errors import cannot

    try:
        os.makedirs(directory, exist_ok=True)  # noqa: PTH103
    except OSError as error:
        raise cannot("make", directory, error) from error
