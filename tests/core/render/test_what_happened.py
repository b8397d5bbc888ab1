"""What each side did to what is in conflict, in words a person decides by; pairs of all kinds."""

from __future__ import annotations

from sessionctl.core.merge import Labels, merge
from sessionctl.core.render.merge_data import conflicts_data
from sessionctl.core.render.merge_text import conflict_lines
from tests.together import together

BASE = '[tool.dev]\np = "7"\nb = "22"\nm = "1"\n\n[z]\nq = 1\n'
CHANGED = BASE.replace('"22"', '"23"')
OTHER = BASE.replace('"22"', '"24"')
KEY_GONE = BASE.replace('b = "22"\n', "")
TABLE_GONE = "[z]\nq = 1\n"
MOVED = BASE.replace("tool.dev", "tool.group.dev")
RENAMED = BASE.replace("tool.dev", "tool.test")
SPELLED = BASE.replace('"22"', "'22' # pinned")
WITH_LIST = BASE.replace('"22"', '["22"]')
COMMENTED = BASE.replace('b = "22"', '# why\nb = "22"')

PAIRS = {
    "both changed": (CHANGED, OTHER, 'value changed', 'value changed'),
    "changed, deleted": (CHANGED, KEY_GONE, 'value changed', "deleted"),
    "changed to another type": (CHANGED, WITH_LIST, 'value changed', 'value changed'),
    "spelled differently, deleted": (SPELLED, KEY_GONE, "spelled differently", "deleted"),
    "commented, deleted": (COMMENTED, KEY_GONE, "comment changed", "deleted"),
    "table deleted, changed": (TABLE_GONE, CHANGED, "deleted with its table", "changed tool.dev.b"),
    "moved, deleted": (MOVED, TABLE_GONE, "moved to tool.group.dev", "deleted with its table"),
    "renamed, deleted": (RENAMED, TABLE_GONE, "renamed to tool.test", "deleted with its table"),
    "moved, renamed": (MOVED, RENAMED, "moved to tool.group.dev", "renamed to tool.test"),
    "moved and changed, changed": (
        MOVED.replace('"22"', '"23"'), OTHER,
        'its table moved to tool.group.dev, value changed', 'value changed',
    ),
    "renamed and changed, key deleted": (
        RENAMED.replace('"22"', '"23"'), KEY_GONE,
        'its table renamed to tool.test, value changed', "deleted",
    ),
}  # fmt: skip


@together("is_swapped", [False, True])
@together("pair", PAIRS)
def test_a_conflict_says_what_each_side_did(pair, is_swapped):
    one, two, *words = PAIRS[pair]
    sides = (two, one) if is_swapped else (one, two)
    result = merge(BASE, *sides)
    wanted = dict(zip(("theirs", "ours") if is_swapped else ("ours", "theirs"), words, strict=True))
    assert wanted in [one["happened"] for one in conflicts_data(result, "a.toml")]
    [line, *_] = conflict_lines(result, "a.toml", Labels())
    says_more = not {*words} <= {"added", "value changed", "deleted"}
    assert line.endswith(f"(ours: {wanted['ours']}; theirs: {wanted['theirs']})") == says_more
    assert "22" not in line


def test_a_table_that_both_moved_apart_says_so():
    [one, two] = conflict_lines(merge(BASE, MOVED, RENAMED), "a.toml", Labels())
    for line in (one, two):
        assert "both sides moved it, to two places (ours: moved to tool.group.dev; " in line


def test_of_many_keys_of_a_table_the_first_are_named():
    base = "[t]\n" + "".join(f"k{n} = {n}\n" for n in range(6)) + "[z]\nq = 1\n"
    side = base.replace(" = ", " = 1").replace("k0", "new").replace("q = 11", "q = 1")
    [found] = conflicts_data(merge(base, side, "[z]\nq = 1\n"), "a.toml")
    assert found["happened"] == {
        "ours": "deleted t.k0, added t.new, changed t.k1 and 4 more",
        "theirs": "deleted with its table",
    }


def test_a_table_around_others_that_lost_its_last_one_was_not_deleted():
    result = merge("[a.b]\nx = 1\n", "[a.b]\nx = 2\n", "")
    assert [one["happened"]["theirs"] for one in conflicts_data(result, "a.toml")] == [
        "deleted with its table"
    ]
    result = merge("a.b = 1\n", "a.b = 2\n", "")
    assert [one["happened"]["theirs"] for one in conflicts_data(result, "a.toml")] == ["deleted"]


def test_what_both_added_has_no_more_to_say():
    result = merge("", "a = 1\n", "a = 2\n")
    [found] = conflicts_data(result, "a.toml")
    assert found["happened"] == {"ours": "added", "theirs": "added"}
    assert conflict_lines(result, "a.toml", Labels())[0].endswith("both sides added it, not alike")
