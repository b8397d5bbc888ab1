"""A moment in time for people and for JSON, also one that no calendar has."""

from __future__ import annotations

import time

import pytest

from sessionctl.services.history.moment_text import moment, moment_data
from tests.together import together


@pytest.fixture
def zone(monkeypatch):
    """Be two hours east of Greenwich."""
    monkeypatch.setenv("TZ", "XXX-2")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@together(
    ("time_s", "local", "data"),
    [
        (0, "1970-01-01 02:00:00", "1970-01-01T00:00:00.000+00:00"),
        (1_767_225_599.9996, "2026-01-01 01:59:59", "2025-12-31T23:59:59.999+00:00"),
        (1_767_222_000.25, "2026-01-01 01:00:00", "2025-12-31T23:00:00.250+00:00"),
        (1e18, "9999-12-31 02:00:00", "9999-12-31T00:00:00.000+00:00"),
        (-1e18, "0001-01-02 02:00:00", "0001-01-02T00:00:00.000+00:00"),
    ],
)
@pytest.mark.usefixtures("zone")
def test_a_moment(time_s, local, data):
    assert (moment(time_s).lstrip("0"), moment_data(time_s)) == (local.lstrip("0"), data)
