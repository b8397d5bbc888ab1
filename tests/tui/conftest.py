"""Screens without a terminal: only what a test looks at is drawn."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from tests.quick_pilot import quick_pilot, undrawn


@pytest.fixture
def draws_all():
    """Whether each change is drawn; a file of tests may say so."""
    return False


@pytest.fixture(autouse=True)
def _quick_pilot(draws_all):
    with quick_pilot(), nullcontext() if draws_all else undrawn():
        yield
