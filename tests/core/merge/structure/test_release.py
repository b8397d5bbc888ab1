"""What one side added follows the release of the other; nothing else is ever touched."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import merge
from tests.together import together

BASE = """\
[package]
version = "1.4.0"

[need]
core = { path = "../core", version = "1.4.0" }
text = { path = "../text", version = "1.4.0" }
other = "2.0"
"""
NEXT = BASE.replace("1.4.0", "1.5.0")


def added(line):
    return BASE.replace("other =", f"{line}\nother =")


def follows(base, ours, theirs):
    """Return the paths that followed, the same with the sides swapped."""
    result, swapped = merge(base, ours, theirs), merge(base, theirs, ours)
    assert [one._replace(side="") for one in result.followed] == [
        one._replace(side="") for one in swapped.followed
    ]
    return [str(one.path) for one in result.followed]


def test_an_added_entry_gets_the_version_of_the_release():
    ours = added('net = { version = "1.4.0", path = "../net" }  # sockets')
    result = merge(BASE, ours, NEXT)
    assert result.is_clean
    assert result.text == ours.replace("1.4.0", "1.5.0")
    [one] = result.followed
    assert (str(one.path), one.before, one.after, one.side) == (
        "need.net.version", "1.4.0", "1.5.0", "ours",
    )  # fmt: skip
    assert follows(BASE, ours, NEXT) == ["need.net.version"]


def test_an_entry_with_a_header_of_its_own_follows_too():
    ours = BASE.replace("other = ", "# two\nother = ") + (
        '\n[dev.test]\npath = "../test"\nversion = "1.4.0"\n'
    )
    theirs = NEXT.replace('other = "2.0"', 'other = "2.1"') + "\n[dev.lint]\nx = 1\n"
    result = merge(BASE, ours, theirs)
    assert [str(one.path) for one in result.followed] == ["dev.test.version"]
    assert 'path = "../test"\nversion = "1.5.0"\n' in result.text
    assert "1.4.0" not in result.text


def test_what_clashes_elsewhere_does_not_keep_an_entry_from_following():
    ours = added('net = { path = "../net", version = "1.4.0" }').replace('"2.0"', '"2.1"')
    result = merge(BASE, ours, NEXT.replace('"2.0"', '"3.0"'))
    assert [str(conflict.path) for conflict in result.conflicts] == ["need.other"]
    assert 'net = { path = "../net", version = "1.5.0" }' in result.text


@together(
    ("ours", "theirs"),
    [
        pytest.param(added('net = { version = "1.4.0" }'), NEXT, id="of-another-kind"),
        pytest.param(added('net = { path = "n", version = "1.3.0" }'), NEXT, id="another-version"),
        pytest.param(added('net = { path = "n", version = "dev" }'), NEXT, id="not-a-version"),
        pytest.param(added('net = { path = "n", version = 1 }'), NEXT, id="a-number"),
        pytest.param(added('net = "1.4.0"'), NEXT, id="not-in-a-table"),
        pytest.param(
            added('net = { path = "n", version = "1.4.0" }'),
            NEXT.replace('text", version = "1.5.0"', 'text", version = "1.4.0"'),
            id="the-old-version-stays-somewhere",
        ),
        pytest.param(
            added('net = { path = "n", version = "1.4.0" }'),
            NEXT.replace('text", version = "1.5.0"', 'text", version = "1.6.0"'),
            id="to-two-versions",
        ),
        pytest.param(
            added('net = { path = "n", version = "1.4.0" }'),
            NEXT.replace('text = { path = "../text", version = "1.5.0" }', 'text = "1"'),
            id="one-of-its-kind",
        ),
        pytest.param(
            added('net = { path = "n", version = "1.4.0" }'),
            BASE.replace('"2.0"', '"2.1"'),
            id="no-release",
        ),
        pytest.param(
            added('net = { path = "n", version = "1.4.0" }'),
            NEXT.replace("other =", 'net = { path = "n" }\nother ='),
            id="known-to-the-other-side",
        ),
    ],
)
def test_all_else_keeps_its_version(ours, theirs):
    assert follows(BASE, ours, theirs) == []


def test_an_entry_that_was_there_in_base_keeps_what_its_side_gave_it():
    base = BASE.replace("other =", 'net = { path = "n" }\nother =')
    ours = base.replace('"n" }', '"n", version = "1.4.0" }')
    assert follows(base, ours, base.replace("1.4.0", "1.5.0")) == []


def test_lines_that_merge_cleanly_stay_as_git_merges_them():
    base = BASE + "\n" * 5 + "[end]\n"
    ours = base + 'net = { path = "n", version = "1.4.0" }\n'
    result = merge(base, ours, base.replace("1.4.0", "1.5.0"))
    assert (result.method, result.followed) == ("lines", ())
    assert 'version = "1.4.0"' in result.text
