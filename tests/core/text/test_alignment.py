"""Alignment of sequences, and their three-way merge."""

from __future__ import annotations

import itertools
import subprocess
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.text import alignment
from sessionctl.core.text.alignment import Chunk, Hunk, hunks, longest_rising, merge_chunks
from tests.together import together
from tests.world import need

# Few different elements: many that repeat.
sequences = st.lists(st.sampled_from("abcd"), max_size=14)


def replaced(before, after, found):
    """Return ``before`` with every hunk carried out."""
    result = list(before)
    for hunk in reversed(found):
        result[hunk.a : hunk.b] = after[hunk.c : hunk.d]
    return result


def unmatched(before, after):
    """Return the size of the shortest edit, by the textbook's table."""
    row = list(range(len(after) + 1))
    for i, one in enumerate(before, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(after, 1):
            last, row[j] = row[j], last if one == other else 1 + min(row[j], row[j - 1])
    return row[-1]


# -- hunks -----------------------------------------------------------------------------


@given(sequences, sequences)
def test_the_hunks_turn_one_sequence_into_the_other(before, after):
    assert replaced(before, after, hunks(before, after)) == after


@given(sequences, sequences)
def test_the_hunks_are_a_shortest_edit(before, after):
    found = hunks(before, after)
    assert sum(h.b - h.a + h.d - h.c for h in found) == unmatched(before, after)


@given(sequences, sequences)
def test_hunks_are_apart_and_in_order(before, after):
    found = hunks(before, after)
    for one, other in itertools.pairwise(found):
        assert one.b < other.a
        assert one.d < other.c


def test_an_insertion_that_may_stand_at_several_places_stands_at_the_last():
    assert hunks("aab", "aaab") == [Hunk(2, 2, 2, 3)]
    assert hunks("x{}y", "x{}{}y") == [Hunk(3, 3, 3, 5)]
    assert hunks("ab", "babb") == [Hunk(0, 0, 0, 1), Hunk(2, 2, 3, 4)]


def test_a_deletion_that_may_stand_at_several_places_stands_at_the_last():
    assert hunks("aaab", "aab") == [Hunk(2, 3, 2, 2)]
    assert hunks("babb", "ab") == [Hunk(0, 1, 0, 0), Hunk(3, 4, 2, 2)]


@pytest.mark.parametrize("seed", range(3))
def test_a_gap_with_too_many_differences_is_anchored_at_unique_elements(seed, monkeypatch):
    monkeypatch.setattr(alignment, "_MAX_DIFFERENCES", 4)
    rng = Random(seed)
    before = [rng.randrange(60) for _ in range(120)]
    after = [n for n in before if rng.random() < 0.7] + [rng.randrange(60) for _ in range(40)]
    rng.shuffle(before)
    found = hunks(before, after)
    assert replaced(before, after, found) == after
    assert sum(h.b - h.a for h in found) < len(before)


def test_the_longest_run_of_unique_elements_is_kept_when_some_moved(monkeypatch):
    monkeypatch.setattr(alignment, "_MAX_DIFFERENCES", 1)
    before = [5, 1, 2, 3, 4, 9, 9, 0]
    after = [1, 7, 2, 8, 3, 6, 4, 5, 9]
    found = hunks(before, after)
    assert replaced(before, after, found) == after
    kept = [n for n in before if not any(n in before[h.a : h.b] for h in found)]
    assert [n for n in kept if n in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_a_gap_without_a_unique_element_is_replaced_as_a_whole(monkeypatch):
    monkeypatch.setattr(alignment, "_MAX_DIFFERENCES", 1)
    assert hunks("xabababy", "xbabacbay") == [Hunk(1, 7, 1, 8)]


def all_texts(letters, longest):
    """Return every text of some letters, up to a length."""
    sizes = range(longest + 1)
    return ["".join(one) for size in sizes for one in itertools.product(letters, repeat=size)]


def test_of_all_short_texts_the_hunks_are_a_shortest_edit_as_far_behind_as_can_be():
    for before, after in itertools.product(all_texts("ab", 4), all_texts("abc", 3)):
        found = hunks(before, after)
        assert "".join(replaced(before, after, found)) == after
        size = sum(h.b - h.a + h.d - h.c for h in found)
        assert size == unmatched(before, after), (before, after)
        for one, other in itertools.pairwise(found):
            assert (one.b < other.a, one.d < other.c) == (True, True), (before, after)
        for index, (a, b, c, d) in enumerate(found):
            after_it = found[index + 1] if index + 1 < len(found) else None
            is_last = b == (after_it.a if after_it else len(before))
            is_last |= d == (after_it.c if after_it else len(after))
            if a == b:
                assert is_last or after[c] != after[d], (before, after)
            elif c == d:
                assert is_last or before[a] != before[b], (before, after)


@together(
    ("before", "after", "found"),
    [
        ("dd", "cdbdbbaacd", [(0, 0, 0, 1), (1, 1, 2, 9)]),
        ("bcacbaddaab", "dddbb", [(0, 6, 0, 0), (8, 10, 2, 4)]),
        ("xax", "xbxcx", [(1, 2, 1, 4)]),
        ("abcab", "ab", [(2, 5, 2, 2)]),
    ],
)
def test_of_edits_as_short_as_each_other_one_keeps_the_common_ends(before, after, found):
    assert [tuple(hunk) for hunk in hunks(before, after)] == found


# -- merge_chunks ----------------------------------------------------------------------


def merged(base, ours, theirs):
    """Return what the chunks make of it; a conflict is both sides in brackets."""
    result = []
    for chunk in merge_chunks(base, ours, theirs):
        if chunk.changed == "conflict":
            result += ["<", *ours[chunk.ours], "|", *theirs[chunk.theirs], ">"]
        else:
            result += theirs[chunk.theirs] if chunk.changed == "theirs" else ours[chunk.ours]
    return "".join(result)


@given(sequences, sequences, sequences)
def test_the_chunks_cover_all_three_sequences(base, ours, theirs):
    chunks = merge_chunks(base, ours, theirs)
    for name, sequence in (("base", base), ("ours", ours), ("theirs", theirs)):
        parts = [sequence[getattr(chunk, name)] for chunk in chunks]
        assert [element for part in parts for element in part] == sequence


@given(sequences, sequences, sequences)
def test_a_chunk_tells_who_changed_it(base, ours, theirs):
    for chunk in merge_chunks(base, ours, theirs):
        b, o, t = base[chunk.base], ours[chunk.ours], theirs[chunk.theirs]
        if chunk.changed == "":
            assert b == o == t
        elif chunk.changed == "ours":
            assert b == t
        elif chunk.changed == "theirs":
            assert b == o
        elif chunk.changed == "both":
            assert o == t
        else:
            assert o != t


@given(sequences, sequences)
def test_a_change_on_one_side_is_the_merge(base, changed):
    base, changed = "".join(base), "".join(changed)
    assert merged(base, base, changed) == merged(base, changed, base) == changed


@given(sequences, sequences)
def test_equal_changes_are_no_conflict(base, changed):
    assert merged("".join(base), "".join(changed), "".join(changed)) == "".join(changed)


def test_of_all_short_texts_the_chunks_cover_them_and_tell_who_changed_what():
    texts = all_texts("ab", 3)
    for base, ours, theirs in itertools.product(texts, texts, all_texts("ab", 2)):
        chunks = merge_chunks(base, ours, theirs)
        for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            edges = [(part.start, part.stop) for part in (getattr(c, name) for c in chunks)]
            assert [0, *(stop for _, stop in edges)] == [*(start for start, _ in edges), len(text)]
        for chunk in chunks:
            b, o, t = base[chunk.base], ours[chunk.ours], theirs[chunk.theirs]
            said = {
                "": b == o == t,
                "ours": b == t != o,
                "theirs": b == o != t,
                "both": b != o == t,
                "conflict": o != t,
            }
            assert said[chunk.changed], (base, ours, theirs, chunk)
        # Two that one side changed would be one.
        for one, other in itertools.pairwise(chunks):
            assert "" in (one.changed, other.changed) or one.changed != other.changed


@together(
    ("base", "ours", "theirs", "result"),
    [
        ("abcde", "abXcde", "abcYde", "abXcYde"),
        ("abcde", "abXde", "abcYe", "ab<Xd|cY>e"),
        ("abcde", "ade", "abce", "a<d|bc>e"),
        ("abcde", "ade", "abcd", "ad"),
        ("abcde", "Xabcde", "abcdeY", "XabcdeY"),
        ("abcde", "abcdeX", "abcdeY", "abcde<X|Y>"),
        ("abcde", "abcdeX", "abcdeX", "abcdeX"),
        ("abcde", "abXYe", "abXYe", "abXYe"),
        ("abcde", "abXYe", "abXZe", "ab<XY|XZ>e"),
        ("abcde", "", "abcde", ""),
        ("abcde", "", "abXcde", "<|abXcde>"),
        ("", "x", "", "x"),
        ("", "", "y", "y"),
        ("", "x", "y", "<x|y>"),
        ("abc", "abc", "abc", "abc"),
        ("abcdefgh", "aXcdefgh", "abcdYfgZ", "aXcdYfgZ"),
        ("abcdefgh", "aXcYefgh", "abcdefZh", "aXcYefZh"),
        ("abcdef", "abXXXf", "aYcdZf", "a<bXXX|YcdZ>f"),
    ],
)
def test_a_merge_of_two_changes_is_this(base, ours, theirs, result):
    assert merged(base, ours, theirs) == result
    other = merged(base, theirs, ours)
    if "<" not in result:
        assert other == result
    assert sorted(other) == sorted(result)


def test_changes_apart_are_both_made():
    assert merged("abcde", "Abcde", "abcdE") == "AbcdE"
    assert merge_chunks("abc", "Abc", "abc")[0] == Chunk(
        "ours", slice(0, 1), slice(0, 1), slice(0, 1)
    )


def test_changes_that_touch_are_a_conflict():
    assert merged("abc", "Abc", "aBc") == "<Ab|aB>c"
    assert merged("abc", "axbc", "aybc") == "a<x|y>bc"


def test_a_long_change_takes_in_all_that_it_touches_on_the_other_side():
    assert merged("abcdefg", "aXYZVfg", "aBcDeFg") == "a<XYZVf|BcDeF>g"
    assert merged("abcdefg", "aBcDeFg", "aXYZVfg") == "a<BcDeF|XYZVf>g"


def test_two_empty_sequences_have_no_chunks():
    assert merge_chunks("", "", "") == []


@together("seed", range(40))
def test_a_merge_of_lines_is_clean_where_gits_is_and_has_the_same_lines(seed, tmp_path):
    need("git")
    rng = Random(seed)
    base = [rng.choice("abcdefgh") for _ in range(rng.randrange(12))]
    ours, theirs = (list(base) for _ in range(2))
    for side in (ours, theirs):
        for _ in range(rng.randrange(3)):
            place = rng.randrange(len(side) + 1)
            side[place : place + rng.randrange(2)] = rng.choice(["x", "y", "z", ""])
    for name, side in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in side))
    git = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=tmp_path, capture_output=True
    )
    found = merged("".join(base), "".join(ours), "".join(theirs))
    if git.returncode == 0 and "<" not in found:
        assert found == git.stdout.decode().replace("\n", "")
    else:
        assert ("<" in found) == (git.returncode != 0)


@given(st.lists(st.integers(0, 50), max_size=8, unique=True))
def test_no_rising_part_is_longer_than_the_longest(numbers):
    places = longest_rising(numbers)
    picked = [numbers[place] for place in places]
    assert places == sorted(places)
    assert picked == sorted(picked)
    longer = itertools.combinations(numbers, len(places) + 1)
    assert not any(list(part) == sorted(part) for part in longer)
