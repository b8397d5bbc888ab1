"""Merging: three texts into one, and its conflicts told so that a person finds them."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, assert_never

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, MarkerStyle
from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX
from sessionctl.core.merge import Labels, MergeResult, merge
from sessionctl.core.merge.line_merge import merge_lines
from sessionctl.core.text.source import Source, visible
from sessionctl.errors import ParseError, UsageError
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.schema.model import Schema
    from sessionctl.system.store.store import SaveResult, Store

    Texts = tuple[str, str, str]

OURS = "ours"
THEIRS = "theirs"
STDIN = "-"

_MOST_ADVICE = 5
_OFFERS = {"max": "for the higher version", "union": "to keep both"}
_WORD_END = re.compile(r"(?<=[a-z])(?=[A-Z])")


class MergeOptions(NamedTuple):
    """How to merge.

    ``policy`` settles conflicts, as long as the result is TOML; ``as_lines`` merges any
    text line by line, as git does. What was merged of a session (``is_session``) must also
    be valid under the session schema, anything under ``schema`` where one is given. A
    sidecar (``is_sidecar``) is merged entry by entry; ``chosen`` says which side the
    entries take that clash, by name.
    """

    labels: Labels = Labels()
    marker_size: int = DEFAULT_MARKER_SIZE
    policy: Policy | None = None
    as_lines: bool = False
    is_session: bool = False
    is_sidecar: bool = False
    chosen: Mapping[str, str] | None = None
    schema: Schema | None = None

    def for_file(self, *names: str) -> MergeOptions:
        """Return how to merge what is called by one of ``names``."""
        bases = [name.rpartition("/")[2] for name in names]
        return self._replace(
            is_session=any(SESSION_SUFFIX in base for base in bases),
            is_sidecar=any(SIDECAR_SUFFIX in base for base in bases),
        )


def merge_texts(texts: Texts, how: MergeOptions) -> MergeResult:
    """Return the merge of base, ours and theirs by key; of other than TOML, by lines."""
    if how.is_sidecar and not how.as_lines:
        from sessionctl.core.secrets.sidecar_merge import merge_sidecars

        return merge_sidecars(
            texts,
            chosen=how.chosen,
            labels=how.labels,
            marker_size=how.marker_size,
            policy=how.policy,
        )
    if not how.as_lines:
        return merge(
            *texts,
            schema=how.schema or (_session_schema() if how.is_session else None),
            labels=how.labels,
            marker_size=how.marker_size,
            policy=how.policy,
        )
    style = MarkerStyle(how.labels, how.marker_size, _newline(texts[1]))
    result = MergeResult(*merge_lines(*texts, style), "text", before=texts[1])
    if how.policy is None or result.is_clean:
        return result
    from sessionctl.core.merge.policy.policy_application import apply_policy
    from sessionctl.core.merge.strategy import MergeContext

    return apply_policy(result, how.policy, texts, MergeContext(style, {}))


def _session_schema() -> Schema:
    from sessionctl.core.schema.model import Schema

    return Schema.session()


def read_inputs(names: Sequence[str]) -> Texts:
    """Return the texts of the files base, ours and theirs; "-" stands for stdin.

    Raises:
      UsageError: two of them are stdin.
      FileError: one cannot be read.
      ParseError: one is not UTF-8.
    """
    if list(names).count(STDIN) > 1:
        raise UsageError("merge: only one of the files can be '-'")
    base, ours, theirs = (read_stdin() if name == STDIN else read_text(name) for name in names)
    return base, ours, theirs


def write_result(path: str, text: str, inputs: Mapping[str, str], store: Store) -> SaveResult:
    """Write a merged text.

    Where ``path`` is one of ``inputs`` (texts by name) and was changed since it was
    read, that is merged too.

    Raises:
      FileError: it was changed and that clashes, or it cannot be written.
    """
    for name, read in inputs.items():
        if name != STDIN and os.path.exists(path) and os.path.samefile(name, path):  # noqa: PTH110,PTH121
            return store.save(path, text, expected=read, why="merge")
    return store.save(path, text, why="merge")


def find_syntax_errors(texts: Texts, names: Sequence[str]) -> list[str]:
    """Return ``name:line:col: message`` of each text that is not TOML."""
    from sessionctl.core.toml.document import Document

    found = []
    for text, name in zip(texts, names, strict=True):
        try:
            Document.parse(text, name)
        except ParseError as error:
            found.append(error.message)
    return found


def conflict_lines(result: MergeResult, name: str, labels: Labels) -> list[str]:
    """Return one line for each conflict: ``name:line:col: conflict[kind]: key: what``."""
    source = Source(result.text, name)
    lines = []
    for conflict in result.conflicts:
        line, column = source.place(conflict.span.start)
        key = f"{conflict.path}: " if conflict.path else ""
        what = f"conflict[{conflict.kind.value}]: {key}{explain(conflict, labels)}"
        lines.append(visible(f"{name}:{line}:{column}: {what}"))
    return lines


def settled_lines(result: MergeResult, name: str) -> list[str]:
    """Return one line for each conflict that a policy settled: ``name:line:col: settled[...]``.

    What the schema settles by itself is not told.
    """
    if not result.decisions:
        return []
    from sessionctl.core.merge.policy.policy_guide import ANNOTATION
    from sessionctl.core.toml.document import Document

    told = [one for one in result.decisions if one.rule != ANNOTATION]
    is_toml = result.is_clean and result.method != "text"
    document = Document.parse(result.text) if told and is_toml else None
    lines = []
    for path, way, rule in told:
        where = name
        if document is not None and path and path in document:
            line, column = document.source.place(document.key_span(path).start)
            where = f"{name}:{line}:{column}"
        words = [f"{where}: settled[{way}]:", str(path) or "lines that are not TOML"]
        words += [f"({rule})"] if rule != way else []
        lines.append(visible(" ".join(words)))
    return lines


def advice(result: MergeResult, command: str, option: str) -> list[str]:
    """Return the commands that settle conflicts by a policy and drop nothing.

    ``command`` takes a path and a policy in its ``option``, as ``sessionctl resolve FILE``
    does in ``--take``.
    """
    offers = [(conflict.path, conflict.offers) for conflict in result.conflicts]
    return offered(offers, command, option)


def offered(
    offers: Sequence[tuple[KeyPath | None, Sequence[str]]], command: str, option: str
) -> list[str]:
    """Return the commands that take up what is offered to conflicts, one for each policy."""
    from sessionctl.core.text.shellwords import quoted

    found: dict[str, list[str]] = {}
    for path, ways in offers:
        for way in ways:
            found.setdefault(way, []).append(str(path))
    lines = []
    for way, paths in found.items():
        what = _OFFERS[way]
        if len(paths) == len(offers) > 1:
            paths = ["*"]
        elif len(paths) > _MOST_ADVICE:
            what += f" ({_MOST_ADVICE} of {len(paths)} such places)"
        words = [f"{option} {quoted(visible(f'{path}={way}'))}" for path in paths[:_MOST_ADVICE]]
        lines.append(f"{what}: {command} {' '.join(words)}")
    return lines


def explain(conflict: Conflict, labels: Labels) -> str:
    """Return in words what clashed; no value is quoted, for it may be a secret."""
    match conflict.kind:
        case ConflictKind.BOTH_MODIFIED:
            return "both sides changed it"
        case ConflictKind.BOTH_ADDED:
            return "both sides added it, not alike"
        case ConflictKind.DELETED_BY_US:
            return f"deleted in {labels.ours}, changed in {labels.theirs}"
        case ConflictKind.DELETED_BY_THEM:
            return f"deleted in {labels.theirs}, changed in {labels.ours}"
        case ConflictKind.TYPE_CHANGED:
            return "both sides changed it, to different types"
        case ConflictKind.INVALID:
            return conflict.hint or "valid on both sides, but not together"
        case ConflictKind.OPAQUE:
            return "both sides changed these lines"
        case never:
            assert_never(never)


def followed_lines(result: MergeResult, name: str) -> list[str]:
    """Return one line for each version that followed a release: ``name:line:col: key: what``."""
    if not result.followed:
        return []
    from sessionctl.core.toml.document import Document

    document = Document.parse(result.text) if result.is_clean else None
    lines = []
    for one in result.followed:
        where = name
        if document is not None and one.path in document:
            line, column = document.source.place(document.span(one.path).start)
            where = f"{name}:{line}:{column}"
        what = f'"{one.before}" follows the release of the other side to "{one.after}"'
        lines.append(visible(f"{where}: {one.path}: {what}"))
    return lines


def report_conflict(conflict: Conflict, result: MergeResult, name: str) -> dict[str, object]:
    """Return a conflict as plain data for JSON, with secrets masked."""
    from sessionctl.core.render.masked_text import mask_fragment

    source = Source(result.text, name)
    last = max(conflict.span.start, conflict.span.end - 1)
    sides = {"base": conflict.base, OURS: conflict.ours, THEIRS: conflict.theirs}
    return {
        "kind": conflict.kind.value,
        "path": conflict.path,
        "line": source.place(conflict.span.start)[0],
        "end_line": source.place(last)[0],
        **{side: mask_fragment(text, conflict.path, name) for side, text in sides.items()},
        "hint": conflict.hint or None,
        "offers": list(conflict.offers),
    }


def report_settlements(result: MergeResult) -> list[dict[str, object]]:
    """Return what a policy or the schema settled as plain data: where, how, and who says so."""
    return [settlement._asdict() for settlement in result.decisions]


def report_changes(result: MergeResult) -> list[dict[str, object]]:
    """Return what the merge brought to ours as plain data: kinds and key paths, no values."""
    return [
        {"kind": _WORD_END.sub("-", type(change).__name__).lower(), "path": change.path}
        for change in result.changes
    ]


def _newline(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
