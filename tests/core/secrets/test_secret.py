"""A secret is shown nowhere by accident."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest

from sessionctl.core.secrets.secret import Secret

VALUE = "hunter2-canary"


def test_only_reveal_and_text_give_the_value_out():
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE.encode()
    assert secret.text == VALUE
    assert Secret(b"\xff").text is None
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>9}",
        f"{[secret]}",
        f"{secret}",
    ):
        assert VALUE not in shown
        assert "***" in shown


def test_a_secret_is_neither_copied_nor_pickled():
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither copied nor pickled"):
            attempt(Secret(VALUE))


def test_a_secret_does_not_change_and_has_no_hash():
    secret = Secret(VALUE)
    with pytest.raises(AttributeError):
        secret._data = b"x"
    with pytest.raises(TypeError):
        hash(secret)


def test_secrets_compare_by_value_and_to_nothing_else():
    assert Secret("a") == Secret(b"a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("a")
    assert not Secret("")


def test_a_traceback_with_locals_shows_no_secret():
    def fails(secret):
        raise ValueError("x")

    try:
        fails(Secret(VALUE))
    except ValueError as error:
        told = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "Secret(***)" in told
    assert VALUE not in told.replace(f'VALUE = "{VALUE}"', "")


def test_what_a_terminal_gave_in_another_encoding_becomes_its_bytes():
    assert Secret("\udcff").reveal() == b"\xff"
    with pytest.raises(ValueError, match="surrogate") as caught:
        Secret(f"{VALUE}\ud800")
    assert caught.value.__context__ is None
