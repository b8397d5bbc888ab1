"""Releases: what one side added follows the version that the other moved everything to.

A release replaces one version by the next wherever it stands. An entry that the other
side added meanwhile still names the old one, and no longer fits in: in all of the real
merges where this happened, the maintainers gave it the new version.
"""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.result import FollowedRelease

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table

    Keys = tuple[str, ...]

_KEY = "version"
_VERSION = re.compile(r"[v^~=<>\s]*[0-9]+(\.[0-9A-Za-z+-]+)+")

# One entry may keep its version for reasons of its own; two that moved alike did not.
_MIN_MOVED = 2


def follow_releases(
    documents: Sequence[DocumentText],
) -> tuple[list[DocumentText], tuple[FollowedRelease, ...]]:
    """Return base, ours and theirs, with the versions that follow a release, and those.

    A side made a release of a version when in base it stands at the key "version" of two
    tables or more, and that side has one other version in all of them that it kept, and
    nowhere the old one. What follows is the version of a table that is new on the other
    side, holds the old version, and has another key in common with two of those tables,
    as the entries of one family have ("path").
    """
    base, ours, theirs = documents
    if any(_KEY not in document.text for document in documents):
        return list(documents), ()
    found = [dict(_versions(document.value)) for document in documents]
    tables = [{keys: version for keys, (version, _) in side.items()} for side in found]
    followed: list[FollowedRelease] = []
    for side, other, name in ((1, 2, "ours"), (2, 1, "theirs")):
        release = _releases(found[0], tables[other])
        for keys, (version, beside) in found[side].items():
            moved = release.get(version)
            # Only what is new: an entry that the other side has too, or had, was in front of
            # whoever made the release and kept its version.
            if moved is None or _is_known(keys, documents[0].value, documents[other].value):
                continue
            after, families = moved
            # A version of something else may read the same by chance; entries of one family are
            # written alike (an_entry_of_another_kind_keeps_its_version_in_a_release).
            if sum(bool(family & beside) for family in families) >= _MIN_MOVED:
                followed.append(FollowedRelease(KeyPath([*keys, _KEY]), version, after, name))
    return [
        base,
        _moved(ours, [one for one in followed if one.side == "ours"]),
        _moved(theirs, [one for one in followed if one.side == "theirs"]),
    ], tuple(followed)


def _versions(table: Table, keys: Keys = ()) -> Iterator[tuple[Keys, tuple[str, frozenset[str]]]]:
    """Yield each table that has a version: its keys, the version, its other keys."""
    version = table.get(_KEY)
    if isinstance(version, str) and _VERSION.fullmatch(version):
        yield keys, (version, frozenset(table) - {_KEY})
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _versions(value, (*keys, key))


def _releases(
    base: dict[Keys, tuple[str, frozenset[str]]], side: dict[Keys, str]
) -> dict[str, tuple[str, list[frozenset[str]]]]:
    """Return for each version that a side moved on from: the new one, and who moved."""
    # A version that stays somewhere was not released, only raised here and there
    # (a_version_that_stays_somewhere_was_not_released).
    remaining = set(side.values())
    moved: dict[str, dict[str, list[frozenset[str]]]] = {}
    for keys, (version, beside) in base.items():
        if keys in side and version not in remaining:
            moved.setdefault(version, {}).setdefault(side[keys], []).append(beside)
    releases = {version: next(iter(to.items())) for version, to in moved.items() if len(to) == 1}
    return {
        version: release for version, release in releases.items() if len(release[1]) >= _MIN_MOVED
    }


def _is_known(keys: Keys, *tables: Table) -> bool:
    """Return whether one of ``tables`` has anything at ``keys``."""
    for table in tables:
        value: object = table
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return True
    return False


def _moved(document: DocumentText, followed: Sequence[FollowedRelease]) -> DocumentText:
    if not followed:
        return document
    from sessionctl.core.toml.document import Document

    return Document.of(document).apply([("set", one.path, one.after) for one in followed])
