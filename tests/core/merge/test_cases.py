"""Every folder of ``tests/merge_cases``: its name is the sentence that it proves.

``expected.toml`` is the merged text, with markers where there are conflicts; these are
listed in ``conflicts.json`` as pairs of kind and path. ``schema.json`` is a schema to merge
under; ``policy.txt`` has the words of a policy, one a line. What else a result says of a case
is in ``golden/results.txt``.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pytest

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.merge import Labels, merge
from sessionctl.core.schema.model import Schema
from tests.core.merge import oracle
from tests.golden import parts_of
from tests.strategies import is_toml
from tests.together import together
from tests.world import CHECKOUT, IN_CI

FOLDERS = sorted((CHECKOUT / "tests" / "merge_cases").glob("*/"))


class Case:
    """One folder, read."""

    def __init__(self, folder):
        self.name = folder.name
        texts = {path.stem: path.read_bytes().decode() for path in folder.glob("*.toml")}
        self.sides = [texts[name] for name in ("base", "ours", "theirs")]
        self.expected = texts["expected"]
        listed = folder / "conflicts.json"
        schema, words = folder / "schema.json", folder / "policy.txt"
        self.schema = Schema(json.loads(schema.read_text())) if schema.exists() else None
        self.policy = words.read_text().split("\n")[:-1] if words.exists() else []
        self.conflicts = json.loads(listed.read_text()) if listed.exists() else []

    def merge(self, *sides, **options):
        """Merge the sides, or these texts, as the folder says."""
        return self.merged if not (sides or options) else self._merge(*sides, **options)

    @functools.cached_property
    def merged(self):
        """The result, which many tests look at."""
        return self._merge()

    @functools.cached_property
    def unguided(self):
        """The result without the schema and the policy of the folder."""
        return merge(*self.sides)

    def _merge(self, *sides, **options):
        options = {"policy": self.policy, **options}
        return merge(*(sides or self.sides), schema=self.schema, **options)

    @property
    def swapped(self):
        """The words of the policy with the sides exchanged."""
        sides = {"ours": "theirs", "theirs": "ours"}
        return [re.sub("(ours|theirs)$", lambda m: sides[m[0]], word) for word in self.policy]

    @property
    def values(self):
        return [oracle.value_of(text) for text in self.sides]

    @property
    def released(self):
        """The values, with what follows already at the version or the place of the other side."""
        values = [oracle.value_of(text) for text in oracle.with_moves(*self.sides)]
        for one in self.unguided.followed:
            if one.reason == "move":
                continue
            table = values[1 if one.side == "ours" else 2]
            for part in one.path.parent:
                table = table[part]
            assert table[one.path[-1]] == one.before
            table[one.path[-1]] = one.after
        return values


def found(result):
    return [[conflict.kind.value, str(conflict.path)] for conflict in result.conflicts]


RESULTS = parts_of(Path(__file__).parent / "golden" / "results.txt")
CASES = {folder.name: Case(folder) for folder in FOLDERS}


def each(wanted=lambda case: True):
    """Run a test with every case that is ``wanted``."""
    named = [pytest.param(case, id=name) for name, case in CASES.items() if wanted(case)]
    return together("case", named)


@each()
def test_the_merge_is_what_the_folder_says(case):
    result = case.merge()
    assert result.text == case.expected
    assert found(result) == case.conflicts


def reported(result):
    """Return what a result says beside its text: each conflict, decision and move."""
    lines = []
    for one in result.conflicts:
        lines.append(f"{one.kind.value} {one.path}")
        lines += [f"  {word}" for word in (*one.moves, one.hint, ", ".join(one.offers)) if word]
    lines += [f"{one.path} by {one.rule}: {one.way}" for one in result.decisions]
    for one in result.followed:
        lines.append(f"{one.reason} of {one.path}: {one.before} to {one.after} ({one.side})")
    return "".join(f"{line}\n" for line in lines)


@each()
def test_a_result_says_what_was_decided_and_what_is_left_to_decide(case):
    result = case.merge()
    assert reported(result) == RESULTS.get(case.name, "")
    assert result.method == ("lines" if case.name in RESULTS["by lines"].split() else "structure")
    assert result.before == case.sides[1]


@each(lambda case: case.conflicts)
def test_each_conflict_stands_where_it_says_with_the_text_of_each_side(case):
    result = case.merge()
    style = MarkerStyle(newline="\r\n" if "\r\n" in result.text else "\n")
    for one in result.conflicts:
        block = conflict_block(one.base or "", one.ours or "", one.theirs or "", style)
        assert result.text[slice(*one.span)] == block


@each()
def test_a_case_has_the_same_value_with_the_sides_swapped(case):
    base, ours, theirs = case.sides
    result = case.merge()
    swapped = case.merge(base, theirs, ours, policy=case.swapped)
    kinds = [[oracle.swapped_kind(ConflictKind(kind)).value, path] for kind, path in found(result)]
    assert sorted(found(swapped)) == sorted(kinds)
    for side, other in (("ours", "theirs"), ("theirs", "ours")):
        one, two = (
            oracle.value_of(text)
            for text in (result.resolved(side).text, swapped.resolved(other).text)
        )
        if "union" in case.policy:  # whose lines of a text come first is not the same
            assert oracle.leaves(one) == oracle.leaves(two)
        else:
            mine, theirs_ = (oracle.canonical(value, ordered=False) for value in (one, two))
            assert mine == theirs_


@each(lambda case: not any("\r" in text for text in case.sides))
def test_a_case_is_merged_alike_with_windows_line_ends(case):
    lines = case.merge()
    result = case.merge(*(text.replace("\n", "\r\n") for text in case.sides))
    assert result.text == lines.text.replace("\n", "\r\n")
    assert found(result) == found(lines)


@each(lambda case: not any("\ufeff" in text for text in case.sides))
def test_a_case_is_merged_alike_with_a_byte_order_mark(case):
    plain = case.merge()
    result = case.merge(*("\ufeff" + text for text in case.sides))
    assert result.text == "\ufeff" + plain.text
    assert found(result) == found(plain)


@each(lambda case: not case.conflicts and not case.policy and not case.schema)
def test_a_case_without_conflicts_holds_every_change_and_nothing_else(case):
    assert oracle.faults(*case.released, oracle.value_of(case.expected)) == []
    assert oracle.lost_comments(*case.sides, case.expected) == []


@each()
def test_a_case_is_toml_when_its_conflicts_are_settled(case):
    result = case.merge()
    for side in ("ours", "theirs"):
        settled = result.resolved(side)
        assert settled.is_clean
        assert is_toml(settled.text)


@each(lambda case: not case.schema)
@together("side", ["ours", "theirs"] if IN_CI else ["theirs"])
def test_a_case_merged_by_a_side_has_its_changes_and_what_does_not_clash(case, side):
    result = case.merge(policy=side)
    assert result.is_clean
    base, ours, theirs = case.released
    mine, other = (ours, theirs) if side == "ours" else (theirs, ours)
    got = oracle.value_of(result.text)
    assert oracle.lost_changes(base, mine, other, got) == []
    assert oracle.invented(base, mine, other, got) == []
    clashes = oracle.paths_of(case.unguided.conflicts)
    assert oracle.lost_changes(base, other, mine, got, clashes) == []


@each()
def test_the_labels_of_a_case_stand_behind_its_markers(case):
    labels = Labels("HEAD", "1a2b3c4", "topic")
    result = case.merge(labels=labels, marker_size=9)
    expected = case.merge().text
    for sign, old, new in zip("<|>", Labels(), labels, strict=True):
        expected = expected.replace(f"{sign * 7} {old}", f"{sign * 9} {new}")
    assert result.text.replace("=========", "=======") == expected


def test_there_are_cases_of_every_kind_of_conflict():
    kinds = {kind for case in CASES.values() for kind, _ in case.conflicts}
    assert kinds >= {"both-modified", "both-added", "deleted-by-us", "type-changed"}
    assert len(CASES) >= 45
