"""Random sequences of edits: no wrong value, no invalid text, no byte moved."""

from __future__ import annotations

import os
import random

import pytest

from sessionctl.core.toml.document import Document
from tests.core.toml.corpus import TRICKY, complaints, valid_texts
from tests.core.toml.fuzz import run_edit
from tests.world import IN_CI

_SEQUENCES = 3000 if IN_CI or os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 150
_PARTS = 4
# The first part every day, the others in CI.
PARTS = [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, _PARTS))]


@pytest.mark.parametrize("part", PARTS)
def test_random_edits_do_what_they_say_and_move_nothing(part):
    texts = TRICKY | valid_texts()
    names = list(texts)
    wrong = []
    for seed in range(part, _SEQUENCES, _PARTS):
        rng = random.Random(seed)
        # The tricky ones more often: there are ten times as many of the others.
        name = rng.choice(names) if seed % 3 else rng.choice(list(TRICKY))
        document = Document.parse(texts[name], name)
        for _ in range(5):
            document, found = run_edit(document, rng)
            wrong += [f"seed {seed}, {name}: {each}" for each in found]
    assert wrong == []


def test_the_oracle_sees_what_is_moved_torn_or_lost():
    before = "# a\na = 1\n\n# free\n\n# b\nb = 2\n"
    assert complaints(before, "# a\na = 9\n\n# free\n\n# b\nb = 2\n", ("a",), deletes=False) == []
    assert complaints(before, "# free\n\n# b\nb = 2\n", ("a",), deletes=True) == []
    for after in (
        "a = 9\n\n# free\n\n# b\nb = 2\n",  # the comment of the changed key is lost
        "# a\na = 9\n\n# free\n\nb = 2\n",  # another's comment is lost
        "# a\na = 9\n\n# free\n# b\nb = 2\n",  # a free comment is bound
        "# a\na = 9\n\n# free\n\n# b\n\nb = 2\n",  # a comment is torn off
        "# a\na = 9\n\n# free\n\n# b\nb=2\n",  # another line is changed
        "# b\nb = 2\n\n# free\n\n# a\na = 9\n",  # the order is changed
        "# a\na = 9\n\n# free\n\n# b\nb = 2",  # the final newline is lost
        "\ufeff# a\na = 9\n\n# free\n\n# b\nb = 2\n",  # a byte order mark comes in
    ):
        assert complaints(before, after, ("a",), deletes=False), after
    crlf = before.replace("\n", "\r\n")
    assert complaints(crlf, crlf.replace("a = 1\r", "a = 9"), ("a",), deletes=False)
