"""Sidecars are merged entry by entry, without a key."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.merge import Labels
from sessionctl.core.secrets.agefile import BEGIN, END
from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.core.secrets.sidecar_merge import EntryClash, find_clashes, merge_sidecars
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from tests.sidecars import armored, block, sidecar
from tests.together import together
from tests.world import IN_CI

BASE = sidecar("b", "d", "f")


def merged(ours, theirs, base=BASE, **options):
    return merge_sidecars((base, ours, theirs), **options)


def names(text):
    return list(Sidecar.parse(text).entries)


def changed(name, turn=1):
    return block(name, armored(name, turn))


def test_entries_that_both_sides_add_are_both_there_sorted():
    result = merged(sidecar("b", "c", "d", "f", "z"), sidecar("a", "b", "d", "dd", "f", "y"))
    assert result.is_clean
    assert names(result.text) == ["a", "b", "c", "d", "dd", "f", "y", "z"]
    assert result.text == sidecar("a", "b", "c", "d", "dd", "f", "y", "z")


def test_a_removal_is_kept_and_other_entries_are_as_they_were():
    result = merged(sidecar("b", changed("d"), "f"), sidecar("d", "f"))
    assert result.text == sidecar(changed("d"), "f")


def test_changes_of_neighbours_do_not_clash():
    result = merged(sidecar(changed("b"), "d", "f"), sidecar("b", changed("d"), changed("f")))
    assert result.text == sidecar(changed("b"), changed("d"), changed("f"))


def test_a_mark_of_one_side_and_a_new_value_of_the_other_are_both_there():
    ours = sidecar("b", block("d", more='rotate = "2026-10-03"\n'), "f")
    result = merged(ours, sidecar("b", changed("d"), "f"))
    assert result.is_clean
    entry = Sidecar.parse(result.text).entries["d"]
    assert (entry.armor.strip(), entry.rotate) == (armored("d", 1), "2026-10-03")


def test_comments_and_unknown_keys_of_both_sides_stay():
    ours = BASE.replace('[secret."d"]', '# the database\n[secret."d"]')
    theirs = BASE.replace('[secret."f"]\n', '[secret."f"]\nnote = "x"\n')
    result = merged(ours, theirs)
    assert result.is_clean
    assert '# the database\n[secret."d"]' in result.text
    assert 'note = "x"' in result.text


def test_one_entry_changed_by_both_is_the_only_conflict_and_it_is_named():
    labels = Labels("mine", "base", "other")
    ours = sidecar(changed("b"), changed("d", 1), "f")
    theirs = sidecar("b", changed("d", 2), changed("f"), "g")
    result = merged(ours, theirs, labels=labels)
    [conflict] = result.conflicts
    assert (conflict.kind, conflict.path) == (ConflictKind.BOTH_MODIFIED, ("secret", "d", "age"))
    begin, end = conflict.span
    assert result.text[begin:end].startswith('<<<<<<< mine\nage = """\n-----BEGIN')
    assert result.text[begin:end].endswith('-----\n"""\n>>>>>>> other\n')
    assert armored("d", 1) in conflict.ours
    assert armored("d", 2) in conflict.theirs
    assert armored("d") in conflict.base
    assert names(result.resolved("ours").text) == ["b", "d", "f", "g"]
    assert names(result.resolved("theirs").text) == ["b", "d", "f", "g"]


def test_an_entry_added_by_both_in_two_ways_is_a_conflict():
    sides = [sidecar("b", changed("c", turn), "d", "f") for turn in (1, 2)]
    result = merged(*sides)
    assert [c.kind for c in result.conflicts] == [ConflictKind.BOTH_ADDED]


def test_an_entry_removed_by_one_and_changed_by_the_other_is_a_conflict():
    result = merged(sidecar("b", "f"), sidecar("b", changed("d"), "f"))
    assert [(c.kind, c.path) for c in result.conflicts] == [
        (ConflictKind.DELETED_BY_US, ("secret", "d"))
    ]


def test_a_file_both_sides_made_has_the_entries_of_both():
    result = merged(sidecar("a"), sidecar("b"), base="")
    assert result.text == sidecar("a", "b")


def test_another_vault_on_both_sides_is_a_conflict_of_its_own():
    ours, theirs = (BASE.replace('vault = "', f'vault = "{who}') for who in ("x", "y"))
    result = merged(ours, theirs)
    assert [c.path for c in result.conflicts] == [("vault",)]


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_clash_that_was_settled_is_none(side):
    ours = sidecar("b", changed("d", 1), "f")
    theirs = sidecar("b", changed("d", 2), "f", "g")
    result = merged(ours, theirs, chosen={"d": side})
    turn = 1 if side == "ours" else 2
    assert result.text == sidecar("b", changed("d", turn), "f", "g")


def test_an_entry_both_added_can_be_settled_too():
    sides = [sidecar("b", changed("c", turn), "d", "f") for turn in (1, 2)]
    assert merged(*sides, chosen={"c": "theirs"}).text == sides[1]


def test_clashes_are_entries_with_three_age_files():
    ours = sidecar("a", "b", changed("d", 1), changed("f", 1), changed("n", 1))
    theirs = sidecar(changed("b", 2), changed("d", 2), changed("f", 1), changed("n", 2), "z")
    assert find_clashes(BASE, ours, theirs) == [
        EntryClash("d", armored("d"), armored("d", 1), armored("d", 2)),
        EntryClash("n", "", armored("n", 1), armored("n", 2)),
    ]


def test_windows_line_ends_are_kept():
    ours, theirs, base = (
        text.replace("\n", "\r\n")
        for text in (sidecar("b", "d", "f", "z"), sidecar("a", "d", "f"), BASE)
    )
    result = merged(ours, theirs, base=base)
    assert result.is_clean
    assert names(result.text) == ["a", "d", "f", "z"]
    assert "\n" not in result.text.replace("\r\n", "")


def test_an_order_of_their_own_is_left_alone():
    base = sidecar("z", "a")
    result = merged(sidecar("z", "a", "m"), sidecar(changed("z"), "a"), base=base)
    assert names(result.text) == ["z", "a", "m"]


def test_entries_written_inline_are_merged_too():
    head = BASE.partition("[")[0]
    base = head + "[secret]\na = { age = 'x' }\nb = { age = 'y' }\n"
    result = merged(base.replace("'x'", "'x1'"), base.replace("'y'", "'y1'"), base=base)
    assert result.text == base.replace("'x'", "'x1'").replace("'y'", "'y1'")


@pytest.mark.parametrize("text", ["<<<<<<< a\n", "= 1"])
def test_what_is_not_toml_is_not_merged_here(text):
    with pytest.raises(ParseError):
        merged(BASE, text)


def test_one_line_of_a_ciphertext_is_never_mixed_with_another():
    """By lines these two would merge: each changes another line of one age file."""
    body = "\n".join(f"{n:064d}" for n in range(12))
    edits = (body, body.replace("0" * 63 + "1", "x" * 64), body.replace("0" * 62 + "10", "y" * 64))
    armors = (f"{BEGIN}\n{text}\n{END}" for text in edits)
    base, ours, theirs = (sidecar(block("a", armor)) for armor in armors)
    assert len(merged(ours, theirs, base=base).conflicts) == 1


def _edited(r, entries, mine, new):
    """Return ``entries`` with a few of ``mine`` changed, marked, removed, and ``new`` added."""
    edited = dict(entries)
    for name in r.sample(mine, min(len(mine), r.randint(1, 3))):
        what = r.choice(["change", "change", "remove", "mark"])
        if what == "remove":
            del edited[name]
        else:
            mark = 'rotate = "2026-10-03"\n' if what == "mark" else ""
            turn = r.randint(1, 4) if what == "change" else 0
            edited[name] = block(name, armored(name[:1], turn), mark)
    for name in r.sample(new, r.randint(0, 2)):
        edited[name] = block(name, armored(name[:1], r.randint(5, 8)))
    return edited


def _text(entries):
    return sidecar(*(entries[name] for name in sorted(entries)))


@together("seed", range(300 if IN_CI else 60))
def test_edits_of_different_entries_never_clash(seed):
    r = random.Random(seed)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    r.shuffle(letters)
    held = letters[: r.randint(2, 16)]
    base = {name: block(name, armored(name[:1])) for name in held}
    cut = r.randint(1, len(held) - 1)
    free = letters[16:]
    ours = _edited(r, base, held[:cut], free[:4])
    theirs = _edited(r, base, held[cut:], free[4:])
    expected = {
        name: ours[name] if ours.get(name) != base.get(name) else theirs[name]
        for name in {*ours, *theirs}
        if not (name in base and (name not in ours or name not in theirs))
    }
    result = merge_sidecars((_text(base), _text(ours), _text(theirs)))
    assert not result.conflicts
    assert result.text == _text(expected)


@given(st.integers(0, 10**9))
def test_the_sides_can_be_swapped(seed):
    r = random.Random(seed)
    held = list("abcdef")
    base = {name: block(name, armored(name)) for name in held}
    ours, theirs = (_edited(r, base, held, list("xyz")) for _ in range(2))
    one = merge_sidecars((_text(base), _text(ours), _text(theirs)))
    other = merge_sidecars((_text(base), _text(theirs), _text(ours)))
    assert {c.path for c in one.conflicts} == {c.path for c in other.conflicts}
    if one.is_clean:
        assert one.text == other.text


def test_what_is_no_sidecar_at_all_is_merged_all_the_same():
    base = "[secret.b]\nage = 'x'\n[secret.c]\nage = 'y'\n[secret.d]\nnote = 1\n"
    result = merged(base + "[secret.a]\nage = 'z'\n", base + "[secret.e]\nage = 'v'\n", base=base)
    assert result.is_clean
    assert "[secret.a]" in result.text
    assert merged("secret = 1\n", "x = 2\nsecret = 1\n", base="secret = 1\n").is_clean


def test_a_text_that_looks_like_a_stand_in_stays_what_it_is():
    from sessionctl.core.secrets import sidecar_merge

    lines = "\n".join(armored("b").split()).encode()
    digest = sidecar_merge.hashlib.sha256(lines).hexdigest()
    for prefix in ("sessionctl: age file sha256:", "sessionctl: age file "):
        evil = block("c", more=f'note = "{prefix}{digest}"  # "{prefix}{digest}"\n')
        theirs = sidecar("b", evil, "d", "f")
        result = merged(sidecar("a", "b", "d", "f"), theirs)
        assert result.is_clean
        assert f'note = "{prefix}{digest}"  # "{prefix}{digest}"\n' in result.text
        assert names(result.text) == ["a", "b", "c", "d", "f"]


def test_many_chosen_sides_are_put_in_at_once(monkeypatch):
    names = [f"n{number:02}" for number in range(30)]

    def of(turn):
        return sidecar(*(block(name, armored(name, turn)) for name in names))

    parsed = []
    parse = Document.parse
    monkeypatch.setattr(Document, "parse", lambda *words: parsed.append(1) or parse(*words))
    chosen = {name: ("ours", "theirs")[index % 2] for index, name in enumerate(names)}
    result = merge_sidecars((of(0), of(1), of(2)), chosen=chosen)
    assert result.is_clean
    assert len(parsed) < 20
    entries = Sidecar.parse(result.text).entries
    for index, name in enumerate(names):
        assert entries[name].armor.strip() == armored(name, 1 + index % 2)


def test_new_entries_stand_before_the_first_that_is_greater_in_any_order():
    made = Sidecar.parse(sidecar("m", "c", "x", "d")).put_all(
        [SidecarEntry(name, armored(name) + "\n") for name in ("a", "n", "e", "z", "y")]
    )
    assert list(made.entries) == ["a", "e", "m", "c", "n", "x", "d", "y", "z"]
