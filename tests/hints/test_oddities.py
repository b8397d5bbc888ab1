"""Every hint again in odd surroundings: names that a shell reads, and other directories."""

from __future__ import annotations

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


@pytest.mark.sweep
@pytest.mark.parametrize("situation", TABLES, ids=_name)
@pytest.mark.parametrize("stage", ODDITIES, ids=_name, indirect=True)
def test_a_hint_in_odd_surroundings(situation, stage):
    if situation.only and stage.oddity.place not in situation.only:
        return
    if situation.is_new and stage.stem[0] in "-:":
        return
    play(situation, stage)
