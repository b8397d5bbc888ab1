"""Letters that only look like others are escaped; words of other scripts stay as they are."""

from __future__ import annotations

from sessionctl.core.text.lookalike import unmistakable
from sessionctl.core.text.source import visible
from tests.together import together


@together(
    ("text", "shown"),
    [
        ("Ada's laptop", "Ada's laptop"),
        ("Zo\u00eb", "Zo\u00eb"),
        (
            "\u041d\u043e\u0443\u0442\u0431\u0443\u043a",
            "\u041d\u043e\u0443\u0442\u0431\u0443\u043a",
        ),
        ("\u0410da", "\\u0410da"),
        ("db.ex\u0430mple.org", "db.ex\\u0430mple.org"),
        ("\u0430\u0440\u0440", "\\u0430\\u0440\\u0440"),
        ("p\u0131ng", "p\\u0131ng"),
        ("\uff41da", "\\uff41da"),
        ("\U0001d41ada", "\\U0001d41ada"),
        ("a\u200bb", "a\\u200bb"),
        ("\u65e5\u672c", "\u65e5\u672c"),
    ],
)
def test_what_could_be_taken_for_another_is_escaped(text, shown):
    assert unmistakable(text) == shown


@together(
    "letter",
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u2060\u2063\u202e\u2066\u3164\ufeff\uffa0"
    "\U000e0041\U000e007f\U000e0100",
)
def test_what_has_no_width_is_made_visible_everywhere(letter):
    shown = visible(f"a{letter}b")
    assert shown.isascii()
    assert shown != "ab"
