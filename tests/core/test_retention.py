"""Which changes are kept: the newest, the last of each day, the last good one, the bases."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.retention import BASE, PENDING, Retention, retained

DAY_NS = 24 * 60 * 60 * 10**9
NOW_NS = 1000 * DAY_NS


class Change(NamedTuple):
    time_ns: int
    why: str = "set"


def ago(days, why="set"):
    return Change(int(NOW_NS - days * DAY_NS), why)


def test_the_newest_stay_whatever_their_age():
    changes = [ago(500), ago(400), ago(300)]
    assert retained(changes, NOW_NS, Retention(2, 0)) == {1, 2}


def test_of_each_day_the_last_stays_for_some_days():
    changes = [ago(9), ago(2.9), ago(2.1), ago(1.5), ago(0.5), ago(0.1), ago(0)]
    assert retained(changes, NOW_NS, Retention(1, 3)) == {2, 3, 6}


def test_a_day_ends_with_its_last_moment():
    days = Retention(1, 3)
    assert retained([ago(3), ago(0)], NOW_NS, days) == {1}
    assert retained([ago(2.999), ago(0)], NOW_NS, days) == {0, 1}


def test_of_the_texts_that_are_pending_the_newest_stays():
    changes = [ago(5, PENDING), ago(4, PENDING), ago(1), ago(0)]
    assert retained(changes, NOW_NS, Retention(1, 0)) == {1, 3}


def test_many_saves_of_one_hour_do_not_push_out_yesterday():
    changes = [ago(1.5)] + [ago(0.001 * n) for n in range(50, 0, -1)]
    kept = retained(changes, NOW_NS, Retention(10, 30))
    assert 0 in kept
    assert len(kept) == 11


def test_the_last_good_one_stays_though_it_is_old():
    changes = [ago(90), ago(80), ago(1), ago(0)]
    kept = retained(changes, NOW_NS, Retention(2, 0), lambda index: index < 2)
    assert kept == {1, 2, 3}


def test_where_none_is_good_nothing_more_is_kept():
    changes = [ago(90), ago(1)]
    assert retained(changes, NOW_NS, Retention(1, 0), lambda _index: False) == {1}


def test_one_look_is_enough_where_the_newest_is_good():
    looked = []
    changes = [ago(n) for n in range(100, 0, -1)]
    retained(changes, NOW_NS, Retention(), lambda index: looked.append(index) or True)
    assert looked == [99]


def test_bases_are_counted_apart():
    changes = [ago(0.03, BASE), ago(0.02, BASE), ago(0.01), ago(0, BASE)]
    assert retained(changes, NOW_NS, Retention(1, 0, bases=2)) == {1, 2, 3}


@given(
    st.lists(
        st.builds(Change, st.integers(0, NOW_NS), st.sampled_from(["set", BASE])), max_size=80
    ).map(sorted),
    st.integers(1, 20),
    st.integers(0, 40),
    st.sets(st.integers(0, 80)),
)
def test_what_is_kept_is_bounded_and_has_the_newest_and_a_good_one(changes, newest, days, good):
    retention = Retention(newest, days)
    kept = retained(changes, NOW_NS, retention, good.__contains__)
    others = [index for index, change in enumerate(changes) if change.why != BASE]
    assert set(others[-newest:]) <= kept
    assert len(kept) <= newest + days + retention.bases + 1
    if good & set(others):
        assert kept & good & set(others)
