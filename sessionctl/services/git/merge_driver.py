"""Merge driver: merge three files of git into OURS, by key; where that cannot be, by lines.

Git starts it once per file, a rebase over a hundred commits a hundred times: what only a
conflict, a policy or a failure needs is imported there.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, Labels
from sessionctl.core.light_enum import Enum
from sessionctl.errors import DocumentError, FileError, SessionctlError, UsageError
from sessionctl.system.git.directory import find_git_dir, one_line, side_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.core.merge import MergeResult
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.errors import ParseError
    from sessionctl.services.merging.preference import Preference
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

# Their programs write them anew: git merges them line by line, as it would without us.
_LOCK_FILES = frozenset({"Cargo.lock", "pdm.lock", "poetry.lock", "pylock.toml", "uv.lock"})


class DriverCall(NamedTuple):
    """One call of git: the files of the three sides, and what the merge is to know.

    ``path`` is the way to the file from the top; ``label_words`` are git's names of base,
    ours and theirs, "" where it gave none. ``is_for_base`` makes the result the base of
    another merge: a criss-cross history. ``as_lines`` turns the merge by key off, ``prefer``
    is a policy in words. ``make_keeper`` gives the keys of this user, without a question.
    """

    base: str
    ours: str
    theirs: str
    path: str
    environ: Mapping[str, str]
    make_keeper: Callable[[], VaultKeeper]
    label_words: tuple[str, str, str] = ("", "", "")
    marker_size: int = DEFAULT_MARKER_SIZE
    is_for_base: bool = False
    as_lines: bool = False
    prefer: str = ""


class DriverState(Enum):
    """What OURS holds now."""

    MERGED = "merged"
    CONFLICTS = "conflicts"
    UNSURE = "unsure"
    """Lines that merged cleanly after a failure, which may not be harmless."""
    UNCHANGED = "unchanged"
    """What it held before: nothing could be written."""
    KEPT = "kept"
    """What it held before: the filter of the file gives no texts to merge."""


class DriverReport(NamedTuple):
    """What one call did.

    ``result`` is the merge by key, None where git merged lines: because it was asked to,
    or because of ``failure``. ``syntax_errors`` say why even the merge by key was one of
    lines. ``policy_error`` is why the policy was left out; with ``is_undated`` one asks
    for dates that git does not give. ``line_failure`` is why git could not merge the
    lines either, so that OURS holds both sides whole, or, with a ``write_failure``, is
    left as it was. ``filter_name`` is the filter of git that the file is behind.
    """

    state: DriverState
    labels: Labels = Labels()
    result: MergeResult | None = None
    syntax_errors: Sequence[ParseError] = ()
    policy_error: UsageError | None = None
    is_undated: bool = False
    failure: Exception | None = None
    line_failure: str = ""
    write_failure: str = ""
    filter_name: str = ""
    preference: Preference | None = None
    """What the settings have for conflicts, where it was asked for."""


def merge_files(call: DriverCall) -> DriverReport:
    """Merge into OURS, and never lose a side: a failure leaves conflict markers."""
    if call.as_lines or os.path.basename(call.path) in _LOCK_FILES:  # noqa: PTH119
        return _merge_filtered(call, None) or _merge_lines(call)
    policy, policy_error = None, None
    try:
        policy, policy_error = _policy(call)
        return _merge_by_key(call, policy)._replace(policy_error=policy_error)
    except Exception as error:  # noqa: BLE001 - a crash must not pass for "ours is the result"
        failure = error
    filtered = _merge_filtered(call, policy)
    if filtered is not None:
        return filtered._replace(policy_error=policy_error)
    report = _merge_lines(call)._replace(policy_error=policy_error, failure=failure)
    # Of other than TOML git's lines are as good as any. What made a merge of TOML fail is
    # not known to be harmless, so a person shall look at lines that merged cleanly.
    if report.state is DriverState.MERGED and not isinstance(report.failure, DocumentError):
        return report._replace(state=DriverState.UNSURE)
    return report


def _merge_by_key(call: DriverCall, policy: Policy | None) -> DriverReport:
    from sessionctl.system.files.text import read_text, write_text

    texts = (read_text(call.base), read_text(call.ours), read_text(call.theirs))
    report = _merged_texts(call, texts, policy)
    result = report.result
    assert result is not None
    if result.method == "text":
        # Ciphertext in lines of text would be torn apart; what is no envelope is no ciphertext.
        filtered = _merge_filtered(call, policy)
        if filtered is not None:
            return filtered
    write_text(call.ours, result.text, expected=texts[1], is_durable=False)
    if read_text(call.ours) != result.text:
        raise FileError(f"{call.ours}: does not hold what was written")
    return report


def _merged_texts(
    call: DriverCall, texts: tuple[str, str, str], policy: Policy | None
) -> DriverReport:
    """Return the report of a merge whose result is not written yet."""
    from sessionctl.services.merging.three_way import MergeOptions, merge_texts

    labels = _labels(call)
    how = MergeOptions(labels, call.marker_size, policy, call.as_lines)
    named = how.for_file(call.path)
    if not call.is_for_base:  # what is only compared with need not be valid
        how = named
    if named.is_sidecar:
        how = how._replace(is_sidecar=True, chosen=_chosen_sides(call, texts))
    result = merge_texts(texts, how)
    preference = None
    if result.conflicts and not call.prefer and not call.is_for_base:
        preference = _preference(call)
        policy = preference.policy
        if policy is not None:
            result = merge_texts(texts, how._replace(policy=policy))
    if result.conflicts:
        result = _with_virtual_base(call, texts, result)
    report = DriverReport(DriverState.MERGED, labels, result, preference=preference)
    if result.method == "text" and not call.is_for_base:
        from sessionctl.services.merging.three_way import syntax_errors

        names = [f"{label}:{call.path}" for label in (labels.base, labels.ours, labels.theirs)]
        report = report._replace(syntax_errors=syntax_errors(texts, names))
    if not result.conflicts:
        return report
    paths = [conflict.path for conflict in result.conflicts]
    is_undated = policy is not None and policy.leaves_undated(paths)
    return report._replace(state=DriverState.CONFLICTS, is_undated=is_undated)


def _merge_filtered(call: DriverCall, policy: Policy | None) -> DriverReport | None:
    """Merge what the filter of the file gives; None where it has none, or it is not needed.

    Where the filter gives nothing, or does not take the result back, ours is kept.
    """
    from sessionctl.core.text.envelope_text import is_envelope
    from sessionctl.system.files.text import read_bytes

    files = (call.base, call.ours, call.theirs)
    try:
        if not any(is_envelope(read_bytes(file)) for file in files):
            return None
        from sessionctl.services.git.filtered_merge import find_filtered

        filtered = find_filtered(files, call.path, call.environ)
    except SessionctlError:
        return None
    if filtered is None:
        return None
    kept = DriverReport(DriverState.KEPT, _labels(call), filter_name=filtered.name)
    if filtered.texts is None:
        return kept
    try:
        report = _merged_texts(call, filtered.texts, policy)
        assert report.result is not None
        filtered.store(report.result.text, call.ours)
    except Exception as error:  # noqa: BLE001 - ciphertext must not be merged as lines instead
        return kept._replace(failure=error)
    return report


def _with_virtual_base(call: DriverCall, texts: Sequence[str], result: MergeResult) -> MergeResult:
    """Return the result with placeholders for its conflicts, or without those of its base."""
    from sessionctl.core.merge.virtual_base import PLACEHOLDER, text_for_base, without_placeholders

    if call.is_for_base:
        return result._replace(text=text_for_base(result))
    is_known = PLACEHOLDER not in texts[0] or any(PLACEHOLDER in text for text in texts[1:])
    return result if is_known else without_placeholders(result)


def _chosen_sides(call: DriverCall, texts: tuple[str, str, str]) -> Mapping[str, str] | None:
    """Return the side that each clashing entry takes, where a key shows that it is no clash.

    A key is only looked for where entries clash; without one the clash is a conflict, as
    it is for anybody.
    """
    from sessionctl.core.secrets.sidecar_merge import find_clashes

    clashes = find_clashes(*texts)
    if not clashes:
        return None
    from sessionctl.core.toml.document import Document
    from sessionctl.services.secrets.entries.entry_merge import settle_clashes

    session = Document.parse(texts[1]).value.get("session")
    if not isinstance(session, str):
        return None
    try:
        return settle_clashes(call.make_keeper(), call.path, session, clashes)
    except SessionctlError:
        return None


def _preference(call: DriverCall) -> Preference:
    """Return the policy of the settings: looked up only where something is in conflict."""
    from sessionctl.services.machine import Machine
    from sessionctl.services.merging.preference import preference_for

    found = preference_for(Machine(call.environ), call.path)
    return found._replace(policy=_dated(found.policy, call)) if found.policy else found


def _dated(policy: Policy, call: DriverCall) -> Policy:
    if not policy.asks_for_dates:
        return policy
    from sessionctl.system.git.side_dates import dates_of_sides

    return policy._replace(dates=dates_of_sides(call.path, call.environ))


def _policy(call: DriverCall) -> tuple[Policy | None, UsageError | None]:
    """Return what settles conflicts, or why its words mean nothing.

    No side of what is only compared with is preferred.
    """
    if not call.prefer or call.is_for_base:
        return None, None
    from sessionctl.core.merge.policy.policy import Policy

    try:
        return _dated(Policy.parse(call.prefer), call), None
    except UsageError as error:
        return None, error


def _merge_lines(call: DriverCall) -> DriverReport:
    from sessionctl.services.git.merge_file import merge_file_lines, put_both_sides

    labels = _labels(call)
    files = (call.base, call.ours, call.theirs)
    report = DriverReport(DriverState.CONFLICTS, labels)
    try:
        has_conflicts = merge_file_lines(files, labels, call.marker_size)
        return report if has_conflicts else report._replace(state=DriverState.MERGED)
    except SessionctlError as error:
        report = report._replace(line_failure=error.message)
    try:
        put_both_sides(call.ours, call.theirs, labels, call.marker_size)
    except OSError as error:
        from sessionctl.system.os_errors import reason_of

        unchanged = DriverState.UNCHANGED
        return report._replace(state=unchanged, write_failure=reason_of(error))
    return report


def _labels(call: DriverCall) -> Labels:
    """Return the names of branches or commits: git's own, where it hands them on."""
    base, ours, theirs = map(one_line, call.label_words)
    if ours in ("", "HEAD") or not theirs:
        git_dir = find_git_dir(".", call.environ)
        found = side_names(git_dir, call.environ) if git_dir else ("ours", "theirs")
        ours = found[0] if ours in ("", "HEAD") else ours
        theirs = theirs or found[1]
    return Labels(ours, base or "base", theirs)
