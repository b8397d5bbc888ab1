"""Three-way merge: read base, ours and theirs, merge them by what they are, write the result."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, MarkerStyle
from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX, STDIN
from sessionctl.core.merge import Labels, MergeResult, merge
from sessionctl.core.merge.line_merge import merge_lines
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import ParseError, UsageError
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.schema.model import Schema
    from sessionctl.system.store.store import SaveResult, Store

    Texts = tuple[str, str, str]


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
    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.policy.policy_application import apply_policy

    return apply_policy(result, how.policy, texts, MergeContext(style, ParseMemory()))


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


def syntax_errors(texts: Texts, names: Sequence[str]) -> list[ParseError]:
    """Return why texts are not TOML, of each its first error; each message begins with a name."""
    from sessionctl.core.toml.document import Document

    found = []
    for text, name in zip(texts, names, strict=True):
        try:
            Document.parse(text, name)
        except ParseError as error:
            found.append(error)
    return found


def _newline(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
