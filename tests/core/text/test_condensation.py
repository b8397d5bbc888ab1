"""Long texts are shown where they differ, and what is left out is counted."""

from __future__ import annotations

from sessionctl.core.text.condensation import condensed
from tests.together import together

SAME = "=" * 1_000


@together(
    "texts, most, shown",
    [
        ([], 5, []),
        (["", ""], 0, ["", ""]),
        (["abcde", "abc"], 5, ["abcde", "abc"]),
        (["abcdef", "x", ""], 5, ["abcde\n... 1 character more", "x", ""]),
        (["a" * 1_205], 5, ["aaaaa\n... 1,200 characters more"]),
        ([SAME + "a", SAME + "b"], 1_001, [SAME + "a", SAME + "b"]),
        ([SAME, SAME, ""], 5, [*["=====\n... 995 characters more"] * 2, ""]),
        ([SAME + "abc", SAME + "xyz"], 203, [
            f"... 800 characters\n{'=' * 200}{text}" for text in ("abc", "xyz")
        ]),
        ([SAME + "abc", SAME + "ab"], 199, [
            f"... 802 characters\n{'=' * 198}a\n... {more} more"
            for more in ("2 characters", "1 character")
        ]),
        (["=" * 200 + "a", "=" * 200 + "b"], 200, ["=" * 200 + "\n... 1 character more"] * 2),
        (["=" * 201 + "a", "=" * 201 + "b"], 201, [
            f"... 1 character\n{'=' * 200}{text}" for text in "ab"
        ]),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_all_begin_with_is_left_out_and_counted(texts, most, shown):
    assert condensed(texts, most) == shown
