"""Times with more digits than Python keeps are told apart by all of them."""

from __future__ import annotations

import tomllib

import pytest

from sessionctl.core.diff.comparison import diff
from sessionctl.core.merge import merge
from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value, type_name

MOMENTS = {
    "local time": ("07:32:00.1234567", "07:32:00.1234568"),
    "local date-time": ("1979-05-27T07:32:00.0000001", "1979-05-27T07:32:00.0000002"),
    "date-time": ("1979-05-27T07:32:00.999999999Z", "1979-05-27T07:32:00.999999998Z"),
    "date-time with an offset": (
        "1979-05-27T07:32:00.1234567-07:00", "1979-05-27T07:32:00.123456-07:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", MOMENTS)
def test_the_last_digit_counts(kind):
    one, other = (f"t = {text}\n" for text in MOMENTS[kind])
    assert len(diff(one, other)) == 1
    assert not same_value(Document.parse(one).value, Document.parse(other).value)
    assert merge(one, other, f"u = 1\n{one}").text == f"u = 1\n{other}"
    assert Document.parse(one).value == tomllib.loads(one)
    assert type_name(Document.parse(one).value["t"]) == kind.split(" with")[0]


@pytest.mark.parametrize("kind", MOMENTS)
def test_two_that_differ_in_the_last_digit_are_a_conflict(kind):
    one, other = (f"t = {text}\n" for text in MOMENTS[kind])
    assert merge("t = 00:00:00\n", one, other).conflicts


@pytest.mark.parametrize("kind", MOMENTS)
def test_it_is_written_with_all_digits(kind):
    document = Document.parse(f"t = {MOMENTS[kind][0]}\n")
    copied = Document.parse("a = 1\n").set("t", document.get("t"))
    assert copied.text == f"a = 1\n{document.text}"
    assert validate(document) is not None


def test_zeros_at_the_end_are_spelling():
    assert not diff("t = 07:32:00.1\n", "t = 07:32:00.1000000\n")


def test_zero_and_minus_zero_are_two_values():
    assert len(diff("z = 0.0\n", "z = -0.0\n")) == 1
    assert len(diff("z = [0.0]\n", "z = [-0.0]\n")) == 1
    assert not diff("z = 0.0\n", "z = 0.00\n")
    assert merge("z = 0.0\n", "z = -0.0\n", "z = 0.00\n").text == "z = -0.0\n"
