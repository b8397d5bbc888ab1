"""Laws of overrides: what one machine changes is written where it came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.session.override_layers import ItemOrigin, item_parts, with_changes
from sessionctl.core.session.session import resolve_overrides
from sessionctl.core.values import same_value
from tests.together import together

HOSTS = ("a", "b")
words = st.sampled_from(["x", "y", "z", "~/src", "$PROJECT/x"])
maps = st.dictionaries(st.sampled_from(["P", "Q"]), words, max_size=2)


def tables(*, is_named):
    fields = {
        "cwd": words,
        "env": maps,
        "options": maps,
        "run": st.lists(words, min_size=1, max_size=2),
    }
    name = {"name": st.sampled_from(["n1", "n2", "n3"])}
    return st.fixed_dictionaries(name if is_named else {}, optional=fields)


def named(items):
    """Return ``items`` with each name once."""
    return list({item.get("name", number): item for number, item in enumerate(items)}.values())


panes = st.lists(tables(is_named=True), min_size=1, max_size=3).map(named)
plain_panes = st.lists(tables(is_named=False), min_size=1, max_size=3)


@st.composite
def windows(draw):
    window = draw(tables(is_named=True))
    if draw(st.booleans()):
        window["panes"] = draw(panes | plain_panes)
    return window


window_lists = st.lists(windows(), min_size=1, max_size=3).map(named)


@st.composite
def overrides(draw, hosts=("a", "b", "*")):
    host = draw(st.sampled_from(hosts))
    optional = {"root": words, "env": maps, "options": maps, "windows": window_lists}
    return {"when": {"host": host}, **draw(st.fixed_dictionaries({}, optional=optional))}


@st.composite
def sessions(draw, hosts=("a", "b", "*")):
    optional = {"root": words, "env": maps, "options": maps, "windows": window_lists}
    base = draw(st.fixed_dictionaries({"name": st.just("s")}, optional=optional))
    return {**base, "overrides": draw(st.lists(overrides(hosts), min_size=1, max_size=3))}


def on(value, host):
    return resolve_overrides(value, host, "linux")


def origins_of(value):
    return [
        ItemOrigin(i, tuple(range(len(window.get("panes", [])))))
        for i, window in enumerate(value.get("windows", []))
    ]


def put(value, after, host="a", origins=None):
    return with_changes(
        value, after, origins_of(after) if origins is None else origins, host, "linux"
    )


def leaves(value, path=()):
    """Yield the places of all texts and lists of words in a value, but names."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "name":
                yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path


def replaced(value, path, item):
    if not path:
        return item
    if isinstance(value, list):
        return [
            replaced(old, path[1:], item) if n == path[0] else old for n, old in enumerate(value)
        ]
    return {k: replaced(old, path[1:], item) if k == path[0] else old for k, old in value.items()}


@given(sessions())
def test_what_did_not_change_is_written_as_it_was(value):
    assert same_value(put(value, on(value, "a")), value)


@given(sessions(), st.data())
def test_a_changed_value_comes_back_on_the_machine_that_changed_it(value, data):
    before = on(value, "a")
    places = list(leaves(before))
    for path in data.draw(st.lists(st.sampled_from(places), max_size=3)) if places else ():
        old = before
        for key in path:
            old = old[key]
        before = replaced(before, path, [*old, "new"] if isinstance(old, list) else f"{old}+")
    assert same_value(on(put(value, before), "a"), before)


@given(sessions(("a", "b")), st.data())
def test_what_an_override_of_one_machine_says_changes_on_no_other(value, data):
    """A value that only an override of this machine says is not the base's, nor the others'."""
    bare = {**value, "overrides": [o for o in value["overrides"] if o["when"]["host"] != "a"]}
    before, without = on(value, "a"), on(bare, "a")
    places = [path for path in leaves(before) if not _says(without, path, before)]
    if not places:
        return
    path = data.draw(st.sampled_from(places))
    after = replaced(before, path, ["changed"] if path[-1] == "run" else "changed")
    new = put(value, after)
    assert same_value(on(new, "b"), on(value, "b"))
    assert same_value(on(new, "a"), after)


def _says(value, path, beside):
    """Return whether ``value`` has the same at ``path`` as ``beside`` has."""
    for key in path:
        try:
            value, beside = value[key], beside[key]
        except (KeyError, IndexError, TypeError):
            return False
    return same_value(value, beside)


@given(sessions(), st.data())
def test_a_window_with_another_name_has_it_in_every_override(value, data):
    before = on(value, "a")
    if not before.get("windows"):
        return
    number = data.draw(st.integers(0, len(before["windows"]) - 1))
    after = replaced(before, ("windows", number, "name"), "renamed")
    new = put(value, after)
    assert same_value(on(new, "a"), after)
    old = before["windows"][number]["name"]
    if old in [window["name"] for window in value.get("windows", [])]:
        on_b, was = on(new, "b")["windows"], on(value, "b")["windows"]
        assert [w["name"] for w in on_b] == [
            "renamed" if w["name"] == old else w["name"] for w in was
        ]


@given(sessions(), st.data())
def test_a_window_that_is_gone_leaves_nothing_behind(value, data):
    before = on(value, "a")
    if not before.get("windows"):
        return
    number = data.draw(st.integers(0, len(before["windows"]) - 1))
    rest = [w for n, w in enumerate(before["windows"]) if n != number]
    origins = [o for n, o in enumerate(origins_of(before)) if n != number]
    new = put(value, {**before, "windows": rest}, origins=origins)
    assert same_value(on(new, "a")["windows"], rest)
    name = before["windows"][number]["name"]
    if name in [window["name"] for window in value.get("windows", [])]:
        assert name not in [window["name"] for window in on(new, "b").get("windows", [])]


@given(sessions(), tables(is_named=False))
def test_a_new_window_is_the_sessions_own_or_belongs_to_the_windows_beside_it(value, window):
    before = on(value, "a")
    new = {**window, "name": "new"}
    after = {**before, "windows": [new, *before.get("windows", [])]}
    found = put(value, after, origins=[ItemOrigin(None), *origins_of(before)])
    if "windows" in value or "windows" not in before:
        assert new in found["windows"]
        assert found["overrides"] == value["overrides"]
    else:
        assert "windows" not in found
    assert same_value(on(found, "a"), after) or "windows" in value


def test_what_an_override_says_over_a_value_cannot_be_taken_away():
    value = {
        "name": "s",
        "env": {"A": "1"},
        "windows": [{"name": "w", "cwd": "x", "layout": "tiled"}],
        "overrides": [
            {
                "when": {"host": "a"},
                "env": {"A": "2", "B": "3"},
                "windows": [{"name": "w", "cwd": "y", "layout": "even-vertical"}],
            }
        ],
    }
    after = {"name": "s", "env": {}, "windows": [{"name": "w"}]}
    found = put(value, after)
    assert found["overrides"][0]["env"] == {"A": False}
    assert found["overrides"][0]["windows"] == [
        {"name": "w", "cwd": ".", "layout": "even-vertical"}
    ]
    assert same_value(on(found, "b"), on(value, "b"))


@together(
    "lists, parts",
    [
        (["a b", "b a"], [[(0, 0), (1, 1)], [(0, 1), (1, 0)]]),
        (["a", "b", "b"], [[(0, 0)], [(1, 0), (2, 0)]]),
        (["", "a b", "c b"], [[(1, 0)], [(1, 1), (2, 1)], [(2, 0)]]),
        (["a a", "a"], [[(0, 0), (1, 0)], [(0, 1)]]),
        (["a", ""], [[(0, 0)]]),
    ],
)
def test_items_of_one_name_are_one_item_of_all_layers(lists, parts):
    tables = [[{"name": name} for name in names.split()] for names in lists]
    assert item_parts(tables) == parts
