"""Values as they are typed: what is plainly no TOML is a string without asking the parser."""

from __future__ import annotations

from sessionctl.core.toml import literal
from sessionctl.core.toml.literal import read_literal
from sessionctl.core.toml.parse.parser import parse
from sessionctl.errors import ParseError
from tests.together import together

PIECES = (
    "", " ", "true", "false", "inf", "nan", "+inf", "-nan", "True", "truex", "t", "i", "n", "f",
    "sepia", "'a'", '"a"', '"""a"""', "[1]", "[", "{}", "{ a = 1 }", "{", "0", "1", "-1", "+1",
    "1e3", "0x1f", "1979-05-27", "07:32:00", "1.0", ".5", "_1", "#", "# a", "a # b", "true # b",
    "\u00a0true", "\u00fc", "=", ",", "]", "}", "\n", "true\n", "a\nb = 1", "true\nb = 1", "(",
    "~/src", "/usr", "a.b", "-", "+", "--", "\x00", "\ufeff", "\ufeff1", "*",
)  # fmt: skip


def as_parsed(text):
    """Return what the parser reads from ``text`` as a value, else the text."""
    typed = text.strip()
    try:
        value, statements = parse(f"v = {typed}")
    except ParseError:
        return text
    return value["v"] if [one.value_end for one in statements] == [len(typed) + 4] else text


@together("text", [*PIECES, *(f"{one}{other}" for one in PIECES for other in PIECES)])
def test_a_typed_text_is_the_value_that_the_parser_reads_or_itself(text):
    assert repr(read_literal(text)) == repr(as_parsed(text))


def test_a_plain_word_is_no_question_for_the_parser(monkeypatch):
    monkeypatch.setattr(literal, "parse", None)
    assert read_literal("sepia") == "sepia"
    assert read_literal("~/src/api") == "~/src/api"
