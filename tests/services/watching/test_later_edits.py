"""A file that is only watched: what was valid last is what the next edit is compared with."""

from __future__ import annotations

from sessionctl.services.watching.live_side import LastGood
from tests.services.watching.conftest import session


def test_the_last_good_text_is_remembered():
    live = LastGood("one")
    assert live.get(None) == "one"
    assert live.apply("two", "one")
    assert live.get(None) == "two"


def test_edits_one_after_another_stay_each(watching, file):
    for port in range(6001, 6004):
        text = session(port=port)
        file.write_text(text)
        watching.until(lambda text=text: watching.live_text(file) == text, f"port {port}")
        watching.rests()
        assert file.read_text() == text
    assert "conflict" not in watching.whats
