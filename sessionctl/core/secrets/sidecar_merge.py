"""Sidecar merge: entry by entry: a ciphertext is one value, and never merged by lines.

Each age file is replaced by a stand-in, a string of one line, for the merge by key; in the
result the age files are put back. So entries that one side added, changed, marked or
removed are taken over, whether anybody can read them or not.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import NamedTuple

from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE
from sessionctl.core.merge import Labels, MergeResult, merge
from sessionctl.core.problem import Span
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import DocumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.core.merge.policy.policy import Policy

OURS, THEIRS = "ours", "theirs"
_STAND_IN = "sessionctl: age file"


class EntryClash(NamedTuple):
    """An entry whose age file both sides changed, or added; ``base`` is "" where added."""

    name: str
    base: str
    ours: str
    theirs: str


class _StandIns:
    """The strings of one merge that stand for age files.

    They hold a digest of all three texts, so that none of these can hold one: what an
    attacker typed would be taken for an age file, and become another one's.
    """

    def __init__(self, texts: tuple[str, str, str]) -> None:
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")) for text in texts]
        self._key = b"".join(digest.digest() for digest in digests)
        self._pattern = re.compile(rf'"{_STAND_IN} [0-9a-f]{{64}}"')

    def of(self, armor: str) -> str:
        """Return what stands for ``armor``, however its lines end."""
        lines = "\n".join(armor.split()).encode("utf-8", "surrogatepass")
        return f'"{_STAND_IN} {hashlib.sha256(self._key + lines).hexdigest()}"'

    def filled(self, text: str, originals: Mapping[str, str]) -> str:
        """Return ``text`` with the age files in the place of their stand-ins."""
        if _STAND_IN not in text:
            return text
        return self._pattern.sub(lambda match: originals.get(match[0], match[0]), text)


class _StandInText(NamedTuple):
    """A text with stand-ins, and the source text that each of them stands for."""

    text: str
    originals: dict[str, str]


def find_clashes(base: str, ours: str, theirs: str) -> list[EntryClash]:
    """Return the entries with three different age files, by name.

    Raises:
      ParseError: a text is not TOML.
    """
    before, mine, other = (_age_files(Document.parse(text)) for text in (base, ours, theirs))
    return [
        EntryClash(name, before.get(name, ""), mine[name], other[name])
        for name in sorted(mine.keys() & other.keys())
        if len({before.get(name), mine[name], other[name]}) == 3
        or (name not in before and mine[name] != other[name])
    ]


def merge_sidecars(
    texts: tuple[str, str, str],
    *,
    chosen: Mapping[str, str] | None = None,
    labels: Labels = Labels(),  # noqa: B008 - an immutable value
    marker_size: int = DEFAULT_MARKER_SIZE,
    policy: Policy | None = None,
) -> MergeResult:
    """Return the merge of base, ours and theirs; ``chosen`` says which side a clash takes.

    Entries stay sorted where they were on both sides.

    Raises:
      ParseError: a text is not TOML.
    """
    documents = [Document.parse(text) for text in texts]
    _, ours, theirs = documents
    stand_ins = _StandIns(texts)
    reduced = [_reduced(document, stand_ins) for document in documents]
    originals = reduced[2].originals | reduced[0].originals | reduced[1].originals
    for side, winner, index in ((OURS, ours, 2), (THEIRS, theirs, 1)):
        names = [name for name, taken in (chosen or {}).items() if taken == side]
        if names:
            files = _age_files(winner)
            new = {name: stand_ins.of(files[name]) for name in names}
            text = _with_stand_ins(reduced[index].text, new)
            reduced[index] = reduced[index]._replace(text=text)
    result = merge(
        *(item.text for item in reduced), labels=labels, marker_size=marker_size, policy=policy
    )
    merged = _expanded(result, partial(stand_ins.filled, originals=originals))._replace(
        before=texts[1]
    )
    if merged.conflicts or not (_is_sorted(ours) and _is_sorted(theirs)):
        return merged
    return merged._replace(text=_sorted(merged.text))


def _age_files(document: Document) -> dict[str, str]:
    """Return the value of ``age`` of each entry that has a text there."""
    secrets = document.value.get("secret")
    found: dict[str, str] = {}
    if isinstance(secrets, dict):
        for name, entry in secrets.items():
            armor = entry.get("age") if isinstance(entry, dict) else None
            if isinstance(armor, str):
                found[name] = armor.strip()
    return found


def _reduced(document: Document, stand_ins: _StandIns) -> _StandInText:
    places = sorted(
        (document.span(("secret", name, "age")), stand_ins.of(armor))
        for name, armor in _age_files(document).items()
    )
    # Of two that are alike the last is kept, as it stands.
    originals = {stand_in: document.text[span.start : span.end] for span, stand_in in places}
    return _StandInText(spliced(document.text, places), originals)


def _with_stand_ins(text: str, new: Mapping[str, str]) -> str:
    """Return a text with stand-ins in which the entries of ``new`` have those."""
    document = Document.parse(text)
    places = ((document.span(("secret", name, "age")), stand_in) for name, stand_in in new.items())
    return spliced(text, sorted(places))


def _expanded(result: MergeResult, filled: Callable[[str], str]) -> MergeResult:
    """Return the result with the age files in the place of their stand-ins."""
    parts: list[str] = []
    spans: list[Span] = []
    position = length = 0

    def take(end: int) -> int:
        nonlocal position, length
        part = filled(result.text[position:end])
        parts.append(part)
        position, length = end, length + len(part)
        return length

    for conflict in result.conflicts:
        start = take(conflict.span.start)
        spans.append(Span(start, take(conflict.span.end)))
    take(len(result.text))
    conflicts = tuple(
        conflict._replace(
            base=_filled_side(conflict.base, filled),
            ours=_filled_side(conflict.ours, filled),
            theirs=_filled_side(conflict.theirs, filled),
            span=span,
        )
        for conflict, span in zip(result.conflicts, spans, strict=True)
    )
    return result._replace(text="".join(parts), conflicts=conflicts)


def _filled_side(text: str | None, filled: Callable[[str], str]) -> str | None:
    return None if text is None else filled(text)


def _is_sorted(document: Document) -> bool:
    names = list(_age_files(document))
    return names == sorted(names)


def _sorted(text: str) -> str:
    """Return a sidecar with its blocks in the order of their names, a blank line between."""
    try:
        sidecar = Sidecar.parse(text)
    except DocumentError:
        return text
    head, blocks = sidecar.blocks()
    ordered = sorted(blocks, key=lambda block: block.name)
    if list(blocks) == ordered:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    bodies = [block.text.rstrip("\r\n") for block in ordered]
    made = head + f"{newline}{newline}".join(bodies) + newline
    is_same = same_value(Document.parse(made).value, sidecar.document.value)
    return made if is_same else text
