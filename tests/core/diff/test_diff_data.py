"""A diff as data: each kind of change with its values and its places, whole."""

from __future__ import annotations

from sessionctl.core.diff.change import Comment
from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.diff_data import diff_data
from sessionctl.core.keypath import KeyPath
from tests.core.diff.test_change_rows import AFTER, BEFORE
from tests.together import together


def at(line, column=1):
    return {"line": line, "column": column}


EACH_KIND = [
    {"kind": "modified", "path": "name", "before": "api", "after": "web", "comments": (),
     "before_at": at(1), "after_at": at(1)},
    {"kind": "removed", "path": "gone", "before": 1, "before_at": at(2)},
    {"kind": "moved", "path": "windows[name=one]", "from": 0, "to": 1,
     "before_at": at(6), "after_at": at(8)},
    {"kind": "modified", "path": "windows[name=two].layout",
     "before": "tiled", "after": "even-vertical", "comments": (),
     "before_at": at(10), "after_at": at(7)},
    {"kind": "renamed", "path": "old", "to": "new", "before_at": at(11), "after_at": at(10)},
    {"kind": "added", "path": "added", "after": {"t": {"u": [1]}},
     "comments": (Comment(KeyPath.parse("t"), "above", "# why"),), "after_at": at(13)},
    {"kind": "comment-changed", "path": "a.b.c.x", "before": "# old", "after": "# new",
     "position": "beside", "before_at": at(5), "after_at": at(4)},
]  # fmt: skip
# (before, after), then same_value, same_text and the changes
CASES = {
    "each kind": (BEFORE, AFTER, False, False, EACH_KIND),
    "one text": (AFTER, AFTER, True, True, []),
    "layout only": ("a=1\n", "a = 1\n", True, False, []),
    "an element of an array, behind others": (
        "x = [1, 2,\n # a\n 3]\n", "x = [1, 2, 3]\n", True, False,
        [{"kind": "comment-changed", "path": "x[2]", "before": "# a", "after": "",
          "position": "above", "before_at": at(3, 2), "after_at": at(1, 12)}],
    ),
    "a new value with a comment in it": (
        "x = 1\n", "x = [ # why\n 1]\n", False, False,
        [{"kind": "modified", "path": "x", "before": 1, "after": [1],
          "comments": (Comment(KeyPath((0,)), "above", "# why"),),
          "before_at": at(1), "after_at": at(1)}],
    ),
}  # fmt: skip


@together("name", CASES)
def test_a_diff_as_data_has_each_change_whole(name):
    before, after, same_value, same_text, changes = CASES[name]
    assert diff_data(diff(before, after)) == {
        "same_value": same_value,
        "same_text": same_text,
        "changes": [{**change, "path": KeyPath.parse(change["path"])} for change in changes],
    }
