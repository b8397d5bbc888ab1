"""Values that are known are found as they stand, in addresses and in base64."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

from sessionctl.core.scan.known_values import KnownValues
from tests.together import together

VALUE = "Tür+Schloß/9 >?~"
KNOWN = KnownValues([VALUE, "abc", "   ", "", "kupfer"])


def found(text):
    return [(part.rule, part.what, text[part.start : part.end]) for part in KNOWN.parts(text)]


def known(*texts):
    return [("secret-known", "a secret of a sidecar", text) for text in texts]


@together(
    "spelled",
    [
        VALUE,
        quote(VALUE),
        quote(VALUE, safe=""),
        quote_plus(VALUE),
        quote(VALUE, safe="").replace("%2B", "%2b").replace("%C3%BC", "%c3%bc")
        .replace("%C3%9F", "%c3%9f").replace("%2F", "%2f").replace("%3E", "%3e")
        .replace("%3F", "%3f").replace("%7E", "%7e"),
    ],
)  # fmt: skip
def test_a_value_is_found_in_each_spelling_of_an_address(spelled):
    assert found(spelled) == known(spelled)
    assert found(f"see {spelled} and {spelled}.") == known(spelled, spelled)


@together("encode", [b64encode, urlsafe_b64encode], ids=["plain", "for addresses"])
@together("lead", ["", "a", "ab", "user:"])
@together("tail", ["", "z", "zz"])
def test_a_value_is_found_in_base64_wherever_it_begins(encode, lead, tail):
    spelled = encode(f"{lead}{VALUE}{tail}".encode()).decode()
    [(rule, what, part)] = found(spelled)
    assert (rule, what) == known("")[0][:2]
    # What stands before and behind it shares a letter at most.
    assert len(spelled.rstrip("=")) - len(part) <= (len(lead) + len(tail)) * 8 // 6 + 2


def test_a_value_with_half_a_character_is_found_too():
    value = "kupfer\ud800"
    known = KnownValues([value])
    for spelled in (value, "kupfer%ED%A0%80", "kupfer%ed%a0%80"):
        [part] = known.parts(f"x{spelled}x")
        assert (part.start, part.end) == (1, 1 + len(spelled))


def test_a_short_value_is_found_only_where_it_is_all_there_is():
    assert found("abc") == known("abc")
    assert found("xabcx") == []
    assert found("xkupferx kupfer") == known("kupfer", "kupfer")
    assert found("   ") == []


def test_they_show_nothing_and_are_there_or_not():
    assert repr(KNOWN) == "<KnownValues, 3 of them>"
    assert KNOWN
    assert not KnownValues(["", " "])
