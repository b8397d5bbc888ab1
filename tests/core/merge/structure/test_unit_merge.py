"""Units of two versions: the comments above them, by line."""

from __future__ import annotations

import pytest

from sessionctl.core.merge.structure.unit_merge import merge_lead

BASE = "# a\n# b\n# c\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (BASE, "# A\n# b\n# c\n", "# A\n# b\n# c\n"),
        ("# A\n# b\n# c\n", "# a\n# b\n# C\n", "# A\n# b\n# C\n"),
        ("# a\n# b\n# C\n", "# A\n# b\n# c\n", "# A\n# b\n# C\n"),
        ("# b\n# c\n", "# a\n# b\n# C\n", "# b\n# C\n"),
        ("# A\n# b\n# c\n", "# a\n# b\n# c\n# d\n", "# A\n# b\n# c\n# d\n"),
        ("# x\n# b\n# c\n", "# y\n# b\n# c\n", "# x\n# y\n# b\n# c\n"),
        ("# x\n# b\n# c\n", "# x\n# y\n# b\n# c\n", "# x\n# y\n# b\n# c\n"),
    ],
)
def test_lines_of_comments_that_each_side_changed_are_all_there(ours, theirs, merged):
    assert merge_lead(BASE, ours, theirs) == merged
