"""Session naming: the plans that rename, copy and remove a session with all that is its own.

A step that makes something comes before the one that removes what it is made of, and the old
file goes only once all of the new one is there: cut short at any place, the session is whole
under one of its names, and the same command again ends what was begun.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH114, PTH115, PTH119
import os
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX, sidecar_name
from sessionctl.core.text.source import visible
from sessionctl.core.toml.document import Document
from sessionctl.core.values import text_in
from sessionctl.errors import EditError, ParseError, UsageError
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.naming.naming_journal import (
    NamingEntry,
    NamingJournal,
    digest_of,
    is_made,
    own_path,
)
from sessionctl.services.naming.naming_steps import (
    BeginNaming,
    CopyState,
    EndNaming,
    ForgetState,
    MakeLink,
    MakeSessionFile,
    NamingTools,
    RemoveSessionFile,
    RenameInIndex,
    RenameLive,
)
from sessionctl.services.naming.session_paper import (
    SessionPaper,
    check_free,
    check_session_file,
    new_path,
    papers_of,
)
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.store import Store

    Sealing = Callable[[Document, str], Plan[NamingTools]]
    """Returns the steps that seal the secrets of a session for its copy at a path."""


class NamingPlan(NamedTuple):
    """What is to be done to the session ``old``; ``new`` is what it is called then, or ""."""

    plan: Plan[NamingTools]
    old: str
    new: str = ""
    notes: tuple[str, ...] = ()


class SessionText(NamedTuple):
    """The text of a session file, and what it says of itself; nothing where it is broken."""

    text: str
    document: Document | None = None

    @classmethod
    def read(cls, file: str) -> SessionText:
        """Return the text of ``file``; raises ``FileError``."""
        text = read_text(file)
        try:
            return cls(text, Document.parse(text, file))
        except ParseError:
            return cls(text)

    @property
    def name(self) -> str:
        """The name in it, "" without one."""
        return "" if self.document is None else text_in(self.document.value, "name")

    def called(self, name: str) -> Document | None:
        """Return the document with another name in it, where there is one."""
        if self.document is None or not self.name:
            return self.document
        return self.document.set("name", name).verified()


def plan_rename(
    old: str,
    word: str,
    store: Store,
    standing: Collection[str] = (),
    sealing: Sealing | None = None,
    home: str = "",
) -> NamingPlan:
    """Return what gives the session file ``old`` the name, or the path, ``word``.

    A ``~/`` in it stands for ``home``. ``standing`` are the names of the tmux sessions that run.
    ``sealing`` says what its secrets take where another vault has them then.

    Raises:
      UsageError: it cannot be the name of a session, or ``old`` is no session.
      EditError: something has the name already.
      FileError: the session cannot be read.
    """
    new = new_path(old, word, home)
    begun = NamingJournal(store.directory).find(old, new)
    if begun is not None and not os.path.exists(old) and os.path.exists(new):
        return NamingPlan(_ending(begun), old, new)
    check_session_file(old, "rename")
    papers = papers_of(old, new)
    found = SessionText.read(old)
    if os.path.realpath(old) == os.path.realpath(new):
        raise EditError(f"{old}: it has this name already; nothing was changed")
    stem = os.path.basename(new).removesuffix(SESSION_SUFFIX)
    document = found.called(stem)
    text = found.text if document is None else document.text
    texts = {paper.old: read_text(paper.old) for paper in papers}
    is_sealed = is_made(begun)
    # Of secrets that were sealed already the text is another one.
    left = {paper.new: read_text(paper.new if is_sealed else paper.old) for paper in papers[1:]}
    check_free(new, {papers[0].new: text, **left})
    names = (found.name, stem) if found.name else None
    is_live = names is not None and _is_saved_into(store, names[0], papers[0].real_old)
    if is_live and names is not None and names[0] in standing and names[1] in standing:
        raise EditError(f"a tmux session {names[1]} runs already; nothing was changed")
    sealed = () if is_sealed or len(papers) == 1 else _sealed(sealing, document, new)
    is_sealed = is_sealed or bool(sealed)
    making: list[object] = list(sealed[:-1])
    removing: list[RemoveSessionFile] = []
    # The session last: while it has its old name, all of it is there.
    for paper in reversed(papers):
        is_session = paper is papers[0]
        making.append(CopyState(paper.real_old, paper.real_new, names if is_session else None))
        content = text if is_session else texts[paper.old]
        if paper.moves_file and not is_session and is_sealed:
            removing.insert(0, RemoveSessionFile(_shown_old(paper), texts[paper.old]))
        elif paper.moves_file:
            why = texts[paper.old] if is_session else content
            making.append(MakeSessionFile(_shown(paper), content, paper.real_old, why))
            removing.insert(0, RemoveSessionFile(_shown_old(paper), texts[paper.old]))
        if paper.link:
            making.append(MakeLink(paper.new, paper.link))
            if paper.moves_file or paper.old != paper.real_old:
                removing.insert(0, RemoveSessionFile(paper.old, texts[paper.old]))
    # The secrets under the old name count as older ones as soon as the new ones are remembered.
    making += sealed[-1:]
    # The last that needs the old name to be known, before the old file goes.
    making += [
        RenameInIndex(_shown_old(paper), _shown(paper)) for paper in papers if paper.moves_file
    ]
    if is_live and names is not None and names[0] in standing:
        making.append(RenameLive(*names))
    ordered = sorted(removing, key=lambda step: step.path not in texts)  # links first
    states = [
        ForgetState(paper.real_old, found.name if paper is papers[0] else "")
        for paper in papers
        if paper.moves_file
    ]
    entry = NamingEntry(
        own_path(old),
        own_path(new),
        tuple((own_path(step.path), digest_of(step.expected or "")) for step in ordered),
        tuple((state.old, state.name) for state in states),
        is_sealed,
        digest_of(text),
    )
    making = [BeginNaming(entry), *making, *ordered, *states, EndNaming(entry)]
    return NamingPlan(tuple(making), old, new)  # type: ignore[arg-type]


def _sealed(sealing: Sealing | None, document: Document | None, new: str) -> Plan[NamingTools]:
    """Return the steps that seal secrets for ``new``; none where nothing can or need be sealed."""
    return () if sealing is None or document is None else sealing(document, new)


def _ending(entry: NamingEntry) -> Plan[NamingTools]:
    """Return what is missing of a rename whose old session is gone already."""
    steps: list[object] = []
    for path, digest in entry.removals:
        if os.path.exists(path):
            text = read_text(path)
            if digest_of(text) == digest:
                steps.append(RemoveSessionFile(path, text))
    steps += [ForgetState(path, name) for path, name in entry.states]
    return (*steps, EndNaming(entry))  # type: ignore[arg-type]


def plan_copy(
    old: str,
    word: str,
    session_id: str,
    sealing: Sealing,
    home: str = "",
    state: str | None = None,
) -> NamingPlan:
    """Return what makes a session of its own of ``old``, called ``word``, with another id.

    ``sealing`` says what its secrets take, where it has any. ``state`` is the directory where
    copies that were begun are written down: one that was made already is ended.

    Raises:
      UsageError, EditError, FileError: as ``plan_rename``; what the secrets raise.
    """
    check_session_file(old, "cp")
    new = new_path(old, word, home)
    begun = NamingJournal(state).find(old, new)
    if begun is not None and is_made(begun):
        return NamingPlan((EndNaming(begun),), old, new)
    found = SessionText.read(old)
    check_free(new, {})
    stem = os.path.basename(new).removesuffix(SESSION_SUFFIX)
    document = found.called(stem)
    if document is not None and "id" in document.value:
        document = document.set("id", session_id).verified()
    text = found.text if document is None else document.text
    make = MakeSessionFile(new, text, old, why="cp")
    sealed: Plan[NamingTools] = ()
    if os.path.lexists(sidecar_name(old)):
        if document is None or "id" not in document.value:
            raise UsageError(
                f"{old}: it has secrets, and they cannot be copied while it is not valid",
                hints=["fix its errors first, and give it an id"],
            )
        sealed = sealing(document, new)
    if not sealed:
        return NamingPlan((make,), old, new)
    entry = NamingEntry(own_path(old), own_path(new), is_sealed=True, made=digest_of(text))
    return NamingPlan((BeginNaming(entry), *sealed, make, EndNaming(entry)), old, new)


def plan_remove(old: str, store: Store, standing: Collection[str] = ()) -> NamingPlan:
    """Return what removes the session file ``old`` and its secrets, their texts kept.

    A link goes alone.

    Raises:
      UsageError: ``old`` is no session file.
      FileError: one of them cannot be read.
    """
    check_session_file(old, "rm")
    notes: list[str] = []
    if os.path.islink(old):
        if os.path.exists(old):
            step = RemoveSessionFile(old, read_text(old))
            notes.append(f"{old} is a link, and the file that it leads to stays")
        else:
            step = RemoveSessionFile(old, None)
            notes.append(
                f"{visible(old)} is a link that leads nowhere: {visible(os.readlink(old))}"
            )
        return NamingPlan((step,), old, notes=tuple(notes))
    paths = [path for path in dict.fromkeys((old, sidecar_name(old))) if os.path.lexists(path)]
    if not paths:
        read_text(old)  # says that there is none
    name = SessionText.read(old).name if old in paths else ""
    steps: list[object] = [RemoveSessionFile(path, read_text(path), is_kept=True) for path in paths]
    real = os.path.realpath(old)
    if name in standing and _is_saved_into(store, name, real):
        notes.append(f"the tmux session {name} keeps running, and is no longer saved")
    # The session last: while it is there, the same command finds it.
    steps = [*steps[1:], ForgetState(real, name, keeps_texts=True), *steps[:1]]
    return NamingPlan(tuple(steps), old, notes=tuple(notes))  # type: ignore[arg-type]


def _shown(paper: SessionPaper) -> str:
    """Return what the new file is called in words: by its real path behind a link alone."""
    return paper.real_new if paper.link else paper.new


def _shown_old(paper: SessionPaper) -> str:
    return paper.real_old if paper.link else paper.old


def _is_saved_into(store: Store, name: str, real: str) -> bool:
    file = StandingMarks(store.directory).file_of(name)
    return file is not None and os.path.realpath(file) == real
