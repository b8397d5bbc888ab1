"""A list of recipients that only grew since the vault was written is known by its digest."""

from __future__ import annotations

from sessionctl.core.secrets.recipients import fingerprint
from sessionctl.services.secrets.readers.reader_change import _is_grown_from
from tests.together import together

MANY = 201


@together(
    "count, added, is_grown",
    [
        (1, 0, True),
        (2, 1, True),
        (5, 2, True),
        (5, 3, True),
        (5, 4, False),
        (200, 2, True),
        (MANY, 0, True),
        (MANY, 1, True),
        (MANY, 2, False),
    ],
)
def test_up_to_three_that_were_added_are_known_one_among_very_many(count, added, is_grown):
    keys = tuple(f"age1{number}" for number in range(count))
    assert _is_grown_from(keys, fingerprint(keys[added:])) is is_grown


def test_another_list_is_not_taken_for_one_that_grew():
    assert not _is_grown_from(("age1a", "age1b"), fingerprint(["age1c"]))
    assert not _is_grown_from(("age1a",), fingerprint(["age1a", "age1b"]))
