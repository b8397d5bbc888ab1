"""A kind that nobody thought of is an error, without its value in the message."""

from __future__ import annotations

import pytest

from sessionctl.core.light_typing import assert_never


def test_an_unexpected_kind_is_named_but_not_shown():
    with pytest.raises(AssertionError, match=r"^unexpected: str$"):
        assert_never("hunter2")
