"""Cases that are checked together: as many checks as without, and every failure has its name."""

from __future__ import annotations

import os
import sys

import pytest

from tests.together import together


def failures_of(test, **fixtures):
    with pytest.raises(ExceptionGroup) as caught:
        test(**fixtures)
    return str(caught.value), [one.__notes__ for one in caught.value.exceptions]


def test_all_cases_run_and_those_that_fail_are_named():
    seen = []

    @together("number", [1, 2, pytest.param(3, id="three"), 4])
    def check(number):
        seen.append(number)
        assert number % 2 == 0

    message, names = failures_of(check)
    assert seen == [1, 2, 3, 4]
    assert message.startswith("2 of 4 cases")
    assert names == [["The case: 1"], ["The case: three"]]


def test_tables_are_multiplied_and_the_names_of_both_are_given():
    seen = []

    @together(("one", "two"), [(1, 2), (3, 4)], ids=["low", "high"])
    @together("word", ["a", "b"], ids=str.upper)
    def check(one, two, word):
        seen.append((one, two, word))
        assert seen[-1] != (3, 4, "b")

    message, names = failures_of(check)
    assert seen == [(1, 2, "a"), (1, 2, "b"), (3, 4, "a"), (3, 4, "b")]
    assert message.startswith("1 of 4 cases")
    assert names == [["The case: high, B"]]


def test_a_case_that_calls_fail_is_named_too():
    @together("number", [1, 2])
    def check(number):
        if number == 1:
            pytest.fail("as it says")

    with pytest.raises(BaseExceptionGroup) as caught:
        check()
    assert [one.__notes__ for one in caught.value.exceptions] == [["The case: 1"]]


def test_a_skipped_case_is_said_and_keeps_none_from_failing():
    @together("number", [1, 2])
    def check(number, last):
        assert number != last
        pytest.skip("no such program")

    with pytest.raises(pytest.skip.Exception, match="2 of 2 cases: no such program"):
        check(last=3)
    assert failures_of(check, last=2)[0].startswith("1 of 2 cases")


@together("number", range(3))
def test_each_case_has_a_directory_of_its_own(number, tmp_path, monkeypatch, capsys):
    assert not list(tmp_path.iterdir())
    assert os.environ.get("NUMBER") is None
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("NUMBER", str(number))
    (tmp_path / "file").touch()
    sys.stdout.write("of this case")
