"""File reading: what was parsed for the check of a file serves the comparison that follows."""

from __future__ import annotations

import pytest

from sessionctl.errors import ParseError
from sessionctl.services.watching import file_reading
from sessionctl.services.watching.file_reading import ContentCheck
from tests.services.watching.conftest import SESSION, session


@pytest.fixture
def check(file):
    check = ContentCheck()
    assert check(str(file), SESSION.encode()).is_valid
    return check


def test_the_document_of_the_last_check_is_at_hand(check, file):
    assert check.document(str(file), SESSION) is check.document(str(file), SESSION)
    assert check.document(str(file), SESSION).text == SESSION


def test_another_text_or_file_is_another_document(check, file):
    last = check.document(str(file), SESSION)
    other = check.document(str(file), session(port=1))
    assert (other.text, other.value) != (last.text, last.value)
    assert check.document(f"{file}.other", SESSION).name == f"{file}.other"


def test_after_a_text_that_is_broken_nothing_is_at_hand(check, file):
    last = check.document(str(file), SESSION)
    assert not check(str(file), b"a = ").is_valid
    assert check.document(str(file), SESSION) is not last
    with pytest.raises(ParseError):
        check.document(str(file), "a = ")


def test_a_long_document_is_not_held_on_to(check, file, monkeypatch):
    monkeypatch.setattr(file_reading, "_LONGEST_KEPT", len(SESSION) - 1)
    check(str(file), SESSION.encode())
    assert check.document(str(file), SESSION) is not check.document(str(file), SESSION)
