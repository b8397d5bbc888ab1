from __future__ import annotations

import pytest

from sessionctl.connections import Deadline, DeadlineError


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_what_is_left_shrinks_with_the_clock_and_is_never_negative():
    clock = Clock()
    deadline = Deadline(5, clock)
    assert (deadline.remaining_s, deadline.timeout_s(2)) == (5, 2)
    clock.now += 7
    assert deadline.remaining_s == 0
    assert deadline.is_over


def test_a_timeout_is_never_the_zero_that_libraries_take_for_none():
    clock = Clock()
    deadline = Deadline(1, clock)
    clock.now += 1 - 1e-9
    assert deadline.timeout_s() > 0
    clock.now += 1
    with pytest.raises(DeadlineError):
        deadline.timeout_s()


def test_a_deadline_within_another_ends_no_later():
    clock = Clock()
    outer = Deadline(3, clock)
    assert outer.within(10).at == outer.at
    assert outer.within(1).at == clock.now + 1
