"""The laws of merging under policies: they settle conflicts, and change nothing else."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.marked_text import read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.merge import merge
from sessionctl.core.merge.policy.versions import order
from sessionctl.core.merge.resolution.policy_resolution import resolve_by_policy
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate
from tests.core.merge import oracle
from tests.core.merge.test_laws import changed_triple, conflicting_triple, is_opaque
from tests.strategies import edit_pairs, edit_triples, is_toml

WAYS = ("ours", "theirs", "union", "newest", "max", "usual")
SWAPPED = {"ours": "theirs", "theirs": "ours"}
PATTERNS = ("*", "t.*", "windows", "deps.**", "a", "*.key", "u[name=one].*")

seeds = st.integers(0, 2**32)
conflicting = seeds.map(conflicting_triple)
triples = edit_triples() | seeds.map(changed_triple) | conflicting
words = st.tuples(st.sampled_from((*PATTERNS, "")), st.sampled_from(WAYS)).map(
    lambda pair: f"{pair[0]}={pair[1]}" if pair[0] else pair[1]
)
policies = st.lists(words, max_size=3)

VERSIONS = (
    "1",
    "1.2",
    "1.10",
    "1.2.0-rc.1",
    ">=1.2",
    ">=1.2,<2",
    "^1.3",
    "v2",
    "v10",
    "2024-01-02",
)


@st.composite
def version_triples(draw):
    """Generate files of dependencies in which both sides raised versions, of one shape or not."""
    rng = draw(st.randoms(use_true_random=False))
    names = [f"k{number}" for number in range(rng.randint(1, 6))]

    def write(chosen):
        lines = []
        for name in names:
            version = chosen[name]
            forms = (
                f'{name} = "{version}"',
                f'{name} = {{ version = "{version}", path = "{name}" }}',
                f'{name} = ["first", "{name}{version}", "last"]',
                f'[{name}]\nversion = "{version}"',
            )
            lines.append(forms[len(name) % 2 + 2 * (name in headers)])
        return "\n".join(lines) + "\n"

    headers = set(names[rng.randint(0, len(names)) :])
    base = dict.fromkeys(names, "1.0")
    sides = [{name: rng.choice((old, *VERSIONS)) for name, old in base.items()} for _ in range(2)]
    return write(base), write(sides[0]), write(sides[1])


def swapped(policy):
    """Return the words of a policy with the sides exchanged."""
    found = []
    for word in policy:
        pattern, equals, way = word.rpartition("=")
        found.append(f"{pattern}{equals}{SWAPPED.get(way, way)}")
    return found


def lines_of(value, path=()):
    """Return the lines of the texts in ``value``, and its other leaves, each with its path."""
    if isinstance(value, dict):
        return {one for key, item in value.items() for one in lines_of(item, (*path, key))}
    if isinstance(value, list):
        return {one for item in value for one in lines_of(item, (*path, oracle.ITEM))}
    if isinstance(value, str):
        return {(path, f"line {line!r}") for line in value.split("\n")}
    return {(path, oracle.tell(value))}


def assert_alike(one, two, *, has_union):
    """Compare two values but for the order of elements; after a union, of lines too.

    Of two lines that both sides have in two orders, a union may keep either one twice.
    """
    if has_union:
        assert lines_of(one) == lines_of(two)
    else:
        assert oracle.canonical(one, ordered=False) == oracle.canonical(two, ordered=False)


def lf(text):
    return text.replace("\r\n", "\n")


# -- off by default, and only for conflicts --------------------------------------------


@given(edit_pairs(), policies)
def test_a_change_of_one_side_alone_is_the_result_under_every_policy(pair, policy):
    base, changed = pair
    assert merge(base, base, changed, policy=policy).text == changed
    assert merge(base, changed, base, policy=policy).text == changed
    assert merge(base, changed, changed, policy=policy).text == changed


@given(triples, policies)
def test_a_policy_does_not_touch_a_merge_without_conflicts(triple, policy):
    plain = merge(*triple)
    result = merge(*triple, policy=policy)
    if plain.is_clean:
        assert result == plain
    if not policy:
        assert result == plain
        assert result.decisions == ()


@given(triples | version_triples(), policies)
def test_a_conflict_is_settled_and_told_or_stays_as_it_was(triple, policy):
    plain, result = merge(*triple), merge(*triple, policy=policy)
    before = [(c.kind, c.path, c.base, c.ours, c.theirs) for c in plain.conflicts]
    after = [(c.kind, c.path, c.base, c.ours, c.theirs) for c in result.conflicts]
    assert [one for one in before if one in after] == after
    gone = [one for one in before if one not in after]
    told = [settlement.path for settlement in result.decisions]
    for _, path, *_ in gone:
        assert any(one[: len(path)] == path for one in told)
    assert bool(gone) == bool(told)
    for conflict in result.conflicts:
        block = lf(result.text[slice(*conflict.span)])
        assert block.startswith("<<<<<<<")
        assert block.rstrip("\n").endswith(">>>>>>> theirs")


# -- symmetry --------------------------------------------------------------------------


@given(triples | version_triples(), policies)
def test_swapping_the_sides_and_the_policy_gives_the_same_conflicts_and_values(triple, policy):
    base, ours, theirs = triple
    one = merge(base, ours, theirs, policy=policy)
    two = merge(base, theirs, ours, policy=swapped(policy))
    kinds = sorted((str(c.path), c.kind.value) for c in one.conflicts)
    assert kinds == sorted((str(c.path), oracle.swapped_kind(c.kind).value) for c in two.conflicts)
    if is_opaque(one):
        return
    for side, other in SWAPPED.items():
        values = oracle.value_of(one.resolved(side).text), oracle.value_of(two.resolved(other).text)
        assert_alike(*values, has_union="union" in "".join(policy))


@given(version_triples())
def test_max_is_symmetric_and_takes_the_higher_of_each_pair(triple):
    base, ours, theirs = triple
    result = merge(base, ours, theirs, policy="max")
    b, o, t = map(oracle.value_of, oracle.with_moves(*triple))
    got = [oracle.value_of(result.resolved(side).text) for side in ("ours", "theirs")]
    for key in b:
        mine, other = o[key], t[key]
        if isinstance(mine, dict):
            mine, other, old = mine["version"], other["version"], b[key]["version"]
            found = [value[key]["version"] for value in got]
        else:
            old, found = b[key], [value[key] for value in got]
            if isinstance(mine, list):
                mine, other, old = mine[1], other[1], old[1]
                found = [value[1] for value in found]
        if mine == other or old in (mine, other):
            assert set(found) == {other if mine == old else mine}
        elif order(mine, other):
            assert set(found) == {mine if order(mine, other) > 0 else other}
        else:
            assert found == [mine, other]


@given(triples | version_triples())
def test_a_merge_by_max_or_union_is_the_same_value_from_both_sides(triple):
    base, ours, theirs = triple
    for way in ("max", "union", "usual"):
        results = merge(base, ours, theirs, policy=way), merge(base, theirs, ours, policy=way)
        if all(result.is_clean for result in results):
            values = [oracle.value_of(result.text) for result in results]
            assert_alike(*values, has_union=way == "union")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("a\nb\n", "c\nd", "a\nb\nc\nd\n"),
        ("a\nb", "c\nd\n", "a\nb\nc\nd\n"),
        ("a\nb", "c\nd", "a\nb\nc\nd"),
        ("a\nb\n\n", "c\nd\n", "a\nb\n\nc\nd\n"),
    ],
)
def test_a_union_of_texts_has_no_line_that_nobody_wrote(ours, theirs, expected):
    texts = [f"a = {json.dumps(text)}\n" for text in ("x", ours, theirs)]
    assert oracle.value_of(merge(*texts, policy="union").text) == {"a": expected}


# -- nothing is lost that was not decided ----------------------------------------------


@given(triples | version_triples(), st.sampled_from(["ours", "theirs"]))
def test_a_preferred_side_has_all_its_changes_and_what_does_not_clash_is_there(triple, side):
    base, ours, theirs = triple
    result = merge(base, ours, theirs, policy=side)
    assert result.is_clean
    if is_opaque(merge(*triple)):
        return
    b, o, t = map(oracle.value_of, oracle.with_moves(*triple))
    mine, other = (o, t) if side == "ours" else (t, o)
    got = oracle.value_of(result.text)
    assert oracle.lost_changes(b, mine, other, got) == []
    assert oracle.invented(b, o, t, got) == []
    clashes = oracle.paths_of(merge(*triple).conflicts)
    assert oracle.lost_changes(b, other, mine, got, clashes) == []


@given(triples, policies)
def test_changes_outside_of_what_was_settled_are_in_the_result(triple, policy):
    plain = merge(*triple)
    assume(not plain.is_clean and not is_opaque(plain))
    result = merge(*triple, policy=policy)
    b, o, t = map(oracle.value_of, oracle.with_moves(*triple))
    clashes = oracle.paths_of(plain.conflicts)
    for side in ("ours", "theirs"):
        got = oracle.value_of(result.resolved(side).text)
        assert oracle.lost_changes(b, o, t, got, clashes) == []
        assert oracle.lost_changes(b, t, o, got, clashes) == []
        assert oracle.invented(b, o, t, got) == []


@given(triples)
def test_a_union_of_arrays_has_every_element_that_a_side_added(triple):
    plain = merge(*triple)
    assume(not is_opaque(plain))
    result = merge(*triple, policy="union")
    b, o, t = map(oracle.value_of, oracle.with_moves(*triple))
    left = oracle.paths_of(result.conflicts)
    got = oracle.value_of(result.resolved("ours").text)
    for side, other in ((o, t), (t, o)):
        lost = oracle.lost_changes(b, side, other, got, left)
        # What one side deleted and the other edited is there, edited.
        assert [leaf for leaf in lost if leaf[0] == "added"] == []


@given(conflicting | version_triples(), st.sampled_from(["max", "union"]))
def test_the_comments_of_both_sides_survive_where_nothing_is_dropped(triple, way):
    plain = merge(*triple)
    assume(not is_opaque(plain))
    settled = merge(*triple, policy=way)
    assert oracle.lost_comments(*triple, settled.text) == []


# -- the result ------------------------------------------------------------------------


@given(triples | version_triples(), policies)
def test_a_result_under_a_policy_is_toml_when_the_rest_is_settled(triple, policy):
    result = merge(*triple, policy=policy)
    if is_opaque(result):
        return
    for side in ("ours", "theirs"):
        settled = result.resolved(side)
        assert settled.is_clean
        assert is_toml(settled.text)


LIMITED = Schema(
    {
        "type": "object",
        "properties": {
            "t": {"type": "object", "maxProperties": 3},
            "a": {"not": {"type": "boolean"}},
            "deps": {"type": ["object", "array"], "x-merge": "atomic"},
        },
        "additionalProperties": {"x-merge": "set", "items": {"not": {"const": 1}}},
    }
)


def is_valid(text):
    return not any(p.severity == "error" for p in validate(text, LIMITED))


@given(triples, policies)
def test_a_clean_result_under_a_policy_and_a_schema_is_valid_when_all_inputs_are(triple, policy):
    assume(all(map(is_valid, triple)))
    result = merge(*triple, policy=policy, schema=LIMITED)
    if result.is_clean:
        assert is_valid(result.text)
    else:
        assert "<<<<<<<" in result.text


@given(triples, policies)
def test_line_ends_do_not_decide_under_a_policy(triple, policy):
    triple = [lf(text) for text in triple]
    assume(any("\n" in text for text in triple))
    lines = merge(*triple, policy=policy)
    crlf = merge(*(text.replace("\n", "\r\n") for text in triple), policy=policy)
    assert lf(crlf.text) == lines.text
    assert crlf.text.count("\n") == crlf.text.count("\r\n")
    assert crlf.decisions == lines.decisions


@given(triples | version_triples())
def test_what_a_hint_offers_settles_that_conflict(triple):
    plain = merge(*triple)
    for conflict in plain.conflicts:
        for way in conflict.offers:
            result = merge(*triple, policy=[f"{conflict.path}={way}"])
            assert conflict.path not in [c.path for c in result.conflicts]
            assert f"{conflict.path}={way}" in conflict.hint


@pytest.mark.slow
def test_the_generated_merges_meet_every_policy():
    met = set()
    for seed in range(200):
        triple = conflicting_triple(Random(seed).random())
        for way in WAYS:
            met |= {s.way for s in merge(*triple, policy=way).decisions}
    assert met >= {"ours", "theirs", "union", "max"}
    kinds = {c.kind for seed in range(50) for c in merge(*conflicting_triple(seed)).conflicts}
    assert ConflictKind.BOTH_MODIFIED in kinds


@given(conflicting | version_triples())
def test_resolving_by_max_gives_what_merging_by_it_gives(triple):
    plain = merge(*triple)
    assume(plain.conflicts and not is_opaque(plain))
    settled = ResolvedText(read_conflicts(plain.text))
    assume(len(settled.marked.conflicts) == len(plain.conflicts))
    found = {
        index: resolve_by_policy(settled, index, "max") for index in range(len(plain.conflicts))
    }
    text = settled.marked.resolve({i: taken for i, taken in found.items() if taken is not None})
    assert text == merge(*triple, policy="max").text
