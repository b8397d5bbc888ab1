"""Every hint again in odd surroundings: names that a shell reads, and other directories."""

from __future__ import annotations

import os

import pytest

from tests.hints.stage import Oddity, assert_hint_helps
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
    for number, situation in enumerate(TABLES):
        met = [oddity for oddity in ODDITIES if _may_meet(situation, oddity)]
        for oddity in met if is_deep or not met else [met[number % len(met)]]:
            yield pytest.param(situation, oddity, id=f"{_name(oddity)}-{_name(situation)}")


def _may_meet(situation, oddity):
    if situation.only and oddity.place not in situation.only:
        return False
    return not (situation.is_new and oddity.stem[0] in "-:")


@pytest.mark.sweep
@pytest.mark.parametrize(("situation", "stage"), list(_rows()), indirect=["stage"])
def test_a_hint_in_odd_surroundings(situation, stage):
    assert_hint_helps(situation, stage)
