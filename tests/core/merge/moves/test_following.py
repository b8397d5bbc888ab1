"""What one side changed is found where the other side moved it, or is a conflict."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import merge
from sessionctl.core.merge.result import FollowedMove
from tests.together import together

POETRY = """\
[tool.poetry]
name = "x"

[tool.poetry.dev-dependencies]
pytest = "^7"
black = "22"
mypy = "1.0"

[build-system]
requires = ["a"]
"""
GROUP = POETRY.replace("dev-dependencies", "group.dev.dependencies")

RUFF = """\
[tool.ruff]
line-length = 88
select = ["E"]
ignore = ["F401"]
fixable = ["I"]

[z]
q = 1
"""
LINT = RUFF.replace("select", "\n[tool.ruff.lint]\nselect")

RULES = """\
[[branch-protections]]
pattern = "main"
required = true

[[branch-protections]]
pattern = "dev"
required = false
"""


def services(*ports):
    """Return numbered tables, one for each port."""
    return "".join(
        f'[services.s{number:02}]\nname = "n{port}"\nport = {port}\n\n'
        for number, port in enumerate(ports, 1)
    )


SERVICES = services(10, 20, 30, 40, 50)


def merged(base, ours, theirs):
    """Return the merged text, which is clean and the same in value with the sides swapped."""
    result, swapped = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (result.conflicts, swapped.conflicts) == ((), ())
    assert tomllib.loads(result.text) == tomllib.loads(swapped.text)
    assert {(one.before, one.after) for one in result.followed} == {
        (one.before, one.after) for one in swapped.followed
    }
    return result.text


EDITS = {
    "a value is changed": (POETRY, '"22"', '"23"', GROUP),
    "the value beside the header is changed": (POETRY, '"^7"', '"^8"', GROUP),
    "a key is added": (POETRY, 'mypy = "1.0"\n', 'mypy = "1.0"\nruff = "1"\n', GROUP),
    "a key is deleted": (POETRY, 'black = "22"\n', "", GROUP),
    "a key below a new header is deleted": (RUFF, 'ignore = ["F401"]\n', "", LINT),
    "a key below a new header is changed": (RUFF, '"F401"', '"F402"', LINT),
    "a key is added below a new header": (RUFF, "fix", 'extend = ["X"]\nfix', LINT),
    "a key is added at the end below a new header": (RUFF, '["I"]\n', '["I"]\nlast = 1\n', LINT),
    "a key below a header taken out is deleted": (LINT, 'ignore = ["F401"]\n', "", RUFF),
    "a key below a header taken out is changed": (LINT, '"F401"', '"F402"', RUFF),
    "a key is added below a header taken out": (LINT, "fix", 'extend = ["X"]\nfix', RUFF),
    "an item of a renamed array is changed": (
        RULES, "false", "true", RULES.replace("branch-protections", "rulesets"),
    ),
    "a table that got another number is changed": (
        SERVICES, "port = 40", "port = 41", services(10, 20, 30, 35, 40, 50),
    ),
    "a table after one that was taken out is changed": (
        SERVICES, "port = 40", "port = 41", services(10, 30, 40, 50),
    ),
}  # fmt: skip


# Which move each of these edits follows.
DEV = "tool.poetry.dev-dependencies", "tool.poetry.group.dev.dependencies"
FOLLOWED = {
    **dict.fromkeys(EDITS, DEV),
    **{
        edit: tuple(f"tool.ruff.{path}" for path in paths)
        for edit, paths in {
            "a key below a new header is deleted": ("ignore", "lint.ignore"),
            "a key below a new header is changed": ("ignore", "lint.ignore"),
            "a key is added below a new header": ("extend", "lint.extend"),
            "a key is added at the end below a new header": ("last", "lint.last"),
            "a key below a header taken out is deleted": ("lint.ignore", "ignore"),
            "a key below a header taken out is changed": ("lint.ignore", "ignore"),
            "a key is added below a header taken out": ("lint.extend", "extend"),
        }.items()
    },
    "an item of a renamed array is changed": ("branch-protections", "rulesets"),
    "a table that got another number is changed": ("services.s04", "services.s05"),
    "a table after one that was taken out is changed": ("services.s04", "services.s03"),
}


@together("side", ["ours", "theirs"])
@together("edit", EDITS)
def test_a_change_is_made_at_the_new_place(edit, side):
    base, old, new, moved = EDITS[edit]
    before, after = FOLLOWED[edit]
    sides = (base.replace(old, new), moved)
    result = merge(base, *(sides if side == "ours" else sides[::-1]))
    assert (result.text, result.conflicts) == (moved.replace(old, new), ())
    assert result.followed == (FollowedMove(KeyPath.parse(after), before, after, side),)


def both_ways(base, ours, theirs):
    """Return the text of a clean merge, and the keys that are reported with who changed them."""
    result, swapped = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (result.conflicts, result.text) == (swapped.conflicts, swapped.text) == ((), result.text)
    sides = {"ours": "theirs", "theirs": "ours"}
    assert [one._replace(side=sides[one.side]) for one in swapped.followed] == [*result.followed]
    return result.text, [(one.before, one.after, one.side) for one in result.followed]


def test_a_key_that_was_renamed_goes_where_it_would_have_gone():
    renamed = RUFF.replace("ignore =", "extend-ignore =")
    assert both_ways(RUFF, LINT, renamed) == (
        LINT.replace("ignore =", "extend-ignore ="),
        [
            (f"tool.ruff.{key}", f"tool.ruff.lint.{key}", "theirs")
            for key in ("ignore", "extend-ignore")
        ],
    )


def test_what_stands_at_the_end_of_the_file_stays_there():
    for end in ("\n# the end\n", "\n\n# one\n\n# two", "\n\n"):
        edited = RUFF.replace('"F401"', '"F402"') + end
        text, _ = both_ways(RUFF + end, LINT + end, edited)
        assert text == LINT.replace('"F401"', '"F402"') + end
    text, _ = both_ways(RUFF, LINT, RUFF.replace('"F401"', '"F402"') + "\n# new\n")
    assert text == LINT.replace('"F401"', '"F402"') + "\n# new\n"


KEYS = "a = 1\nb = 2\nc = 3\n"


@together("place", [0, 1])
def test_of_two_places_that_keys_may_have_gone_to_the_one_in_their_table_is_it(place):
    base = f"[t]\nq = 0\n{KEYS}\n[z]\nw = 1\n"
    other = f"[other]\n{KEYS}\n"
    moved = f"[t]\nq = 0\n\n[t.in]\n{KEYS}\n"
    ours = (moved + other if place else other + moved) + "[z]\nw = 1\n"
    text, followed = both_ways(base, ours, base.replace("a = 1", "a = 9"))
    assert text == ours.replace(moved, moved.replace("a = 1", "a = 9"))
    assert followed == [("t.a", "t.in.a", "theirs")]


PARTS = "[a.b]\nx = 1\ny = 'two words'\n[a.d]\nx = 5\ny = 'three words'\n"


def test_a_table_that_is_new_beside_what_moved_stays_where_it_was_put():
    new = "[a.new]\nq = 1\n"
    moved = PARTS.replace("[a.", "[c.")
    assert both_ways(PARTS, moved, PARTS + new) == (moved + new, [])
    edited = PARTS.replace("x = 5", "x = 6") + new
    assert both_ways(PARTS, moved, edited) == (
        moved.replace("x = 5", "x = 6") + new,
        [("a.d", "c.d", "theirs")],
    )


def test_the_side_that_moved_may_change_too():
    text = merged(POETRY, POETRY.replace('"^7"', '"^8"'), GROUP.replace('"1.0"', '"1.1"'))
    assert text == GROUP.replace('"^7"', '"^8"').replace('"1.0"', '"1.1"')


def test_a_value_both_changed_is_a_conflict_at_the_new_place():
    result = merge(POETRY, POETRY.replace('"22"', '"23"'), GROUP.replace('"22"', '"24"'))
    assert [str(conflict.path) for conflict in result.conflicts] == [
        "tool.poetry.group.dev.dependencies.black"
    ]
    assert result.resolved("ours").text == GROUP.replace('"22"', '"23"')


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_table_that_one_side_moved_and_the_other_deleted_is_a_conflict(is_swapped):
    start, end = POETRY.index("[tool.poetry.dev"), POETRY.index("[build")
    deleted = POETRY[:start] + POETRY[end:]
    sides = {"ours": deleted, "theirs": GROUP}
    if is_swapped:
        sides = {"ours": GROUP, "theirs": deleted}
    result = merge(POETRY, **sides)
    assert [str(conflict.path) for conflict in result.conflicts] == [
        "tool.poetry.group.dev.dependencies"
    ]
    for side, text in sides.items():
        assert tomllib.loads(result.resolved(side).text) == tomllib.loads(text)
    assert not result.followed


def test_a_table_deleted_by_one_side_that_got_another_number_is_gone():
    theirs = services(10, 20, 30, 35, 40, 50)
    ours = services(10, 20, 30, 40)
    assert tomllib.loads(merged(SERVICES, ours, theirs)) == tomllib.loads(
        services(10, 20, 30, 35, 40)
    )


def test_what_nobody_else_changed_is_not_reported():
    result = merge(POETRY, POETRY.replace('name = "x"', 'name = "y"'), GROUP)
    assert (result.text, result.followed) == (GROUP.replace('name = "x"', 'name = "y"'), ())


def test_comments_move_with_what_they_describe():
    ours = POETRY.replace("black", "# pinned\nblack")
    assert merged(POETRY, ours, GROUP) == GROUP.replace("black", "# pinned\nblack")


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        pytest.param(
            "[tool.black]\nline-length = 88\n",
            "[tool.black]\nline-length = 100\n",
            "[tool.ruff]\nline-length = 88\n",
            id="one equal value and another name",
        ),
        pytest.param(
            "[a]\nx = 1\ny = 2\n",
            "[a]\nx = 1\ny = 3\n",
            "[b]\nx = 1\ny = 2\n[c]\nx = 1\ny = 2\n",
            id="two places that fit alike",
        ),
        pytest.param(
            "[old-a]\nx = 1\ny = 2\n",
            "[old-a]\nx = 1\ny = 3\n[new-a]\nz = 1\n",
            "[new-a]\nx = 1\ny = 2\n",
            id="a place that is taken",
        ),
    ],
)
def test_what_is_not_sure_is_a_conflict(base, ours, theirs):
    result = merge(base, ours, theirs)
    assert result.conflicts
    assert not result.followed


# -- the law: a change and a move give the moved change, whoever made which -------------

names = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta"])
values = st.integers(0, 10**9).map(str) | st.text("abcdefg ", min_size=3, max_size=9).map(
    lambda text: f'"{text}"'
)
tables = st.dictionaries(names, values, min_size=3, max_size=6)


@st.composite
def edited_tables(draw):
    """Generate the keys of a table and the same with one of them changed, added or deleted."""
    table = draw(tables)
    kind = draw(st.sampled_from(["change", "add", "delete"]))
    edited = dict(table)
    key = draw(st.sampled_from(sorted(table)))
    if kind == "change":
        edited[key] = "false"
    elif kind == "delete":
        del edited[key]
    else:
        edited["added"] = "true"
    return table, edited


def write(header, table, *, around=""):
    lines = "".join(f"{key} = {value}\n" for key, value in table.items())
    return f"[first]\na = 1\n\n{around}{header}\n{lines}\n[last]\nz = 1\n"


RENAMES = [
    ("[tool.one]", "[tool.two.three]"),
    ("[one]", "[other]"),
    ("[a.b.c]", "[d]"),
    ("[[jobs]]\nname = 'x'", "[[tasks]]\nname = 'x'"),
    ("[one]", "[one.inner]"),
    ("[one.inner]", "[one]"),
]


@given(edited_tables(), st.sampled_from(RENAMES), st.booleans())
def test_a_table_that_one_side_renames_takes_the_change_of_the_other(change, headers, is_swapped):
    (table, edited), (old, new) = change, headers
    sides = [write(old, edited), write(new, table)]
    result = merge(write(old, table), *(reversed(sides) if is_swapped else sides))
    assert result.is_clean
    assert tomllib.loads(result.text) == tomllib.loads(write(new, edited))


@given(edited_tables(), st.integers(1, 3), st.booleans())
def test_keys_below_a_header_that_one_side_puts_in_take_the_change(change, at, is_swapped):
    table, edited = change
    keys = list(table)
    above, below = keys[:at], keys[at:]
    if not below:
        return

    def with_header(entries):
        upper = {key: value for key, value in entries.items() if key in above}
        lower = {key: value for key, value in entries.items() if key not in above}
        lines = "".join(f"{key} = {value}\n" for key, value in lower.items())
        return write("[one]", upper).replace("\n[last]", f"\n[one.inner]\n{lines}\n[last]")

    sides = [write("[one]", edited), with_header(table)]
    result = merge(write("[one]", table), *(reversed(sides) if is_swapped else sides))
    # The one key below the new header was deleted: whether the header stays is to be decided.
    if not result.is_clean:
        assert not edited.keys() - above
        return
    assert tomllib.loads(result.text) == tomllib.loads(with_header(edited))
