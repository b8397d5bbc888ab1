"""The progress line: on a terminal, after a second, and gone before anything else is written."""

from __future__ import annotations

import io

import pytest

from sessionctl.cli import progress_line
from sessionctl.cli.progress_line import ProgressLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    times = [100.0]
    monkeypatch.setattr(progress_line.time, "monotonic", lambda: times[0])
    return times


def test_nothing_is_written_within_the_first_second(clock):
    stream = Terminal()
    line = ProgressLine(stream, "checked")
    clock[0] += 0.9
    line.show(1, 2)
    line.clear()
    assert stream.getvalue() == ""


def test_it_is_written_anew_ten_times_a_second_and_taken_away(clock):
    stream = Terminal()
    line = ProgressLine(stream, "checked")
    for _ in range(3):
        clock[0] += 1.05
        line.show(1, 2)
        line.show(2, 2)
    line.clear()
    line.clear()
    assert stream.getvalue() == "\r\x1b[Kchecked: 1 of 2" * 3 + "\r\x1b[K"


@pytest.mark.parametrize(("stream", "is_wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_written_elsewhere_or_when_quiet(clock, stream, is_wanted):
    line = ProgressLine(stream, "checked", is_wanted=is_wanted)
    clock[0] += 5
    line.show(1, 2)
    line.clear()
    assert stream.getvalue() == ""
