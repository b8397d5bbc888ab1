"""The base of a merge, with its windows and panes as its file has them now."""

from __future__ import annotations

from sessionctl.core.session.override_layers import ItemOrigin
from sessionctl.core.workspace.mapping.base_alignment import WindowNames, align, take_names_back
from sessionctl.core.workspace.path_scope import PathScope
from tests.together import together

SCOPE = PathScope("/base")


def value(text):
    """Return a session: of each window its name, in brackets what runs in its panes."""
    windows = []
    for word in text.split():
        name, _, runs = word.rstrip("]").partition("[")
        panes = [{"run": [run]} for run in runs.split(",")] if runs else []
        windows.append({"name": name, **({"panes": panes} if panes else {})})
    return {"name": "api", "windows": windows}


def shown(table):
    """Return what ``value`` makes a session of."""
    words = []
    for window in table["windows"]:
        runs = ",".join(pane["run"][0] for pane in window.get("panes", []))
        words.append(window["name"] + (f"[{runs}]" if runs else ""))
    return " ".join(words)


@together(
    "base, file, aligned",
    [
        ("a b c", "a b c", None),
        ("a b c", "a b", None),  # what went is the merge's
        ("a b", "a x b", None),
        ("a b c", "c a b", "c a b"),
        ("a b c", "c a", "c a b"),  # what is gone follows what it followed
        ("a b c", "b a", "b c a"),
        ("a b c", "c b", "a c b"),
        ("a[v] b[t]", "x[v] b[t]", "x[v] b[t]"),  # renamed, known by its panes
        ("a[v] b[t]", "b[t] x[v]", "b[t] x[v]"),
        ("a b[t]", "x[y] b[t]", None),  # another window
        ("a[v,w] b[v]", "x[v] y[v,w]", "x[v] y[v,w]"),  # as most of the panes say
        ("a[v] b[v]", "x[v] y[v]", "x[v] y[v]"),  # the nearest first
        ("a[v] b[v] c[v]", "x[v] b[v]", "x[v] b[v] c[v]"),
        ("a[v,t,m]", "a[m,v,t]", "a[m,v,t]"),  # panes in another order
        ("a[v,t,m]", "a[m,v]", "a[m,v,t]"),
        ("a[v,t]", "a[t]", None),
        ("a[v]", "a[t,v]", None),
        ("a[v,t] b", "b x[t,v]", "b x[t,v]"),  # everything at once
    ],
)
def test_the_base_has_the_order_and_names_of_its_file(base, file, aligned):
    found = align(value(base), value(file), SCOPE)
    assert (found and shown(found.base(value(base)))) == aligned


def test_what_is_not_a_table_is_not_aligned():
    assert align({"windows": [1, {"name": "a"}]}, value("a"), SCOPE) is None
    assert align(value("a b"), {"windows": [{"name": "b"}, 1]}, SCOPE) is None
    assert align({}, value("a"), SCOPE) is None
    assert align({"windows": 1}, {"windows": 2}, SCOPE) is None


@together(
    "text, origins, followed",
    [
        ("a b c", [0, 1, 2], "c x b"),
        ("a b", [0, 1], "x b"),
        ("c a", [2, 0], "c x"),  # an order of its own stays; the name that was as before follows
        ("n a b c", [None, 0, 1, 2], "n c x b"),  # new ones follow theirs
        ("a n b c", [0, None, 1, 2], "c x n b"),
        ("mine b c", [0, 1, 2], "c mine b"),  # renamed here too
        ("a b c", [0, 1], "a b c"),  # not what it says
        ("a z", [0, 7], "x z"),
    ],
)
def test_another_version_of_the_base_follows(text, origins, followed):
    base = value("a[v] b c")
    found = align(base, value("c x[v] b"), SCOPE)
    table = found.follow(value(text), base, [ItemOrigin(place) for place in origins])
    assert shown(table) == followed
    assert table["name"] == "api"


@together(
    "text, inner, followed",
    [
        ("a[v,t,m]", (0, 1, 2), "a[m,v,t]"),
        ("a[n,v,t,m]", (None, 0, 1, 2), "a[n,m,v,t]"),
        ("a[v,n,t]", (0, None, 1), "a[v,n,t]"),
        ("a[v,t,m]", (0, 1), "a[v,t,m]"),
        ("a[v,t,m]", None, "a[v,t,m]"),
        ("a[t,v,m]", (1, 0, 2), "a[t,v,m]"),
    ],
)
def test_so_do_the_panes_of_a_window(text, inner, followed):
    base = value("a[v,t,m]")
    found = align(base, value("a[m,v,t]"), SCOPE)
    assert shown(found.follow(value(text), base, [ItemOrigin(0, inner)])) == followed


@together(
    "live, origins, edited, table, names",
    [
        ("a b", [0, 1], {}, "a b", WindowNames({})),
        ("x b", [0, 1], {}, "a b", WindowNames({"a": "x"})),
        ("b x", [1, 0], {}, "b a", WindowNames({"a": "x"})),
        ("x b n", [0, 1, None], {}, "a b n", WindowNames({"a": "x"})),
        # Another window has the name of the first now.
        ("x a", [0, 1], {}, "x b", WindowNames({"b": "a"})),
        ("x b", [0, 1], {0: "file"}, "a b", WindowNames({}, (("file", "x"),))),  # both renamed it
        ("x b", [0, 1], {0: "x"}, "a b", WindowNames({})),  # alike
        ("x b", [0], {}, "x b", WindowNames({})),
        ("x b", [0, 5], {}, "a b", WindowNames({"a": "x"})),
        ("x b", [None, 1], {}, "x b", WindowNames({})),
    ],
)
def test_windows_that_were_renamed_have_their_old_names(live, origins, edited, table, names):
    places = [ItemOrigin(place) for place in origins]
    found = take_names_back(value(live), value("a b"), value("a b"), places, edited)
    assert (shown(found[0]), found[1]) == (table, names)


def test_a_name_that_two_windows_have_is_not_taken_back():
    places = [ItemOrigin(0), ItemOrigin(1)]
    for base, file in (("a a", "a b"), ("a b", "a a"), ("a b", "b")):
        found = take_names_back(value("x y"), value(base), value(file), places, {})
        assert shown(found[0]).startswith("x ")
        assert "a" not in found[1].renames
    nameless = {"windows": [{}, {"name": "b"}]}
    found = take_names_back(nameless, value("a b"), value("a b"), places, {})
    assert found == (nameless, WindowNames({}))
