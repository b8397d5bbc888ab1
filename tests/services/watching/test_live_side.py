"""The copies of one file: what one of them gets, all others hold, and hear of."""

from __future__ import annotations

from sessionctl.services.watching.live_side import LastGood, SharedCopies


def test_the_live_side_of_a_file_that_is_only_watched_is_its_last_good_text():
    side = LastGood("a")
    assert side.get("x") == "a"
    assert side.apply("b", "anything")
    assert side.get(None) == "b"


def test_what_one_copy_gets_the_others_hold_and_hear_of():
    heard = []
    shared = SharedCopies("a")
    one, two, three = (shared.copy(lambda name=name: heard.append(name)) for name in "123")
    assert [copy.get(None) for copy in (one, two, three)] == ["a"] * 3
    assert one.apply("b", "a")
    assert heard == ["2", "3"]
    assert [copy.get("x") for copy in (one, two, three)] == ["b"] * 3
    assert not two.apply("c", "a")
    assert (heard, three.get(None)) == (["2", "3"], "b")
    assert two.apply("d", "b")
    assert (heard, one.get(None)) == (["2", "3", "1", "3"], "d")
