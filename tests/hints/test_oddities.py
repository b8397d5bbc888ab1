"""Every hint again in odd surroundings: names that a shell reads, and other directories."""

from __future__ import annotations

import os

import pytest

from tests.hints.stage import Oddity, play
from tests.hints.test_connections import CONNECTIONS
from tests.hints.test_documents import DOCUMENTS
from tests.hints.test_git import GIT
from tests.hints.test_history import HISTORY
from tests.hints.test_live import LIVE
from tests.hints.test_secrets import SECRETS
from tests.hints.test_usage import USAGE

TABLES = [*CONNECTIONS, *DOCUMENTS, *GIT, *HISTORY, *LIVE, *SECRETS, *USAGE]
ODDITIES = [
    Oddity("-n \"$HOME\" `id` 'x';&|(#)!", "here"),
    Oddity("~ü {a,b} [c]? ñ日本", "below"),
    Oddity(":two words\\*", "outside"),
]


def _name(value):
    return value.place if isinstance(value, Oddity) else value.name


def _rows():
    """Return each situation with one of the oddities; with all of them in the deep profile."""
    is_deep = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
    return [
        pytest.param(situation, oddity, id=f"{_name(oddity)}-{_name(situation)}")
        for number, situation in enumerate(TABLES)
        for oddity in (ODDITIES if is_deep else [_oddity_of(situation, number)])
    ]


def _oddity_of(situation, number):
    met = [oddity for oddity in ODDITIES if not situation.only or oddity.place in situation.only]
    met = [one for one in met if not (situation.is_new and one.stem[0] in "-:")] or ODDITIES
    return met[number % len(met)]


@pytest.mark.sweep
@pytest.mark.parametrize(("situation", "stage"), _rows(), indirect=["stage"])
def test_a_hint_in_odd_surroundings(situation, stage):
    if situation.only and stage.oddity.place not in situation.only:
        return
    if situation.is_new and stage.stem[0] in "-:":
        return
    play(situation, stage)
