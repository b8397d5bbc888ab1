"""The envelope: canonical, padded, bound by its tag, never quoted in an error."""

from __future__ import annotations

import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets.envelope import (
    STEP_BYTES,
    Envelope,
    EnvelopeError,
    ascii_text,
    canonical,
    read_envelope,
    seal_key,
    write_envelope,
)
from sessionctl.core.secrets.secret import Secret
from tests.together import together

KEY = seal_key(Secret("AGE-SECRET-KEY-1XYZ"))
OTHER = seal_key(Secret("AGE-SECRET-KEY-1ABC"))
PLAIN = Envelope(
    "3f0d", "prod.password", 1, {"host": "db", "port": 5432}, "age1abc", Secret("hunter2")
)


def test_an_envelope_reads_as_it_was_written():
    sealed = PLAIN.sealed(KEY)
    assert read_envelope(write_envelope(sealed)) == sealed
    assert sealed.is_sealed_by(KEY)


ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(ANY_JSON)
def test_what_is_bound_is_written_as_json_writes_it(value):
    try:
        expected = ENCODER.encode(value).encode()
    except ValueError:  # not a number
        with pytest.raises(ValueError, match="JSON compliant"):
            canonical(value)
        return
    assert canonical(value) == expected


@together(
    "text",
    [
        "", " ", "{", "{}x", "[]", "1", "NaN", "[NaN]", "\ufeff{}", '{"v":2.0} ',
        "[" * 100_000, '{"a":' * 100_000, '{"v":"hunter2"', '{"v":"hunter2\\x"}', '"\\ud800"',
        '{"v":Infinity}',
    ],
)  # fmt: skip
def test_what_is_not_json_alone_is_refused_and_not_quoted(text):
    with pytest.raises(EnvelopeError) as refused:
        read_envelope(Secret(text))
    assert str(refused.value) == "it has no envelope"
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


@together("odd", [lambda text: f" {text}", lambda text: f"{text}\n", lambda text: f"{text}x"])
def test_an_envelope_with_more_around_it_is_not_canonical(odd):
    text = write_envelope(PLAIN.sealed(KEY)).text
    with pytest.raises(EnvelopeError) as refused:
        read_envelope(Secret(odd(text)))
    what = (
        "it has no envelope" if odd(text).endswith("x") else "its envelope is not in canonical form"
    )
    assert str(refused.value) == what


@given(st.binary(max_size=2000), st.text(max_size=20), st.integers(1, 10**9))
def test_any_value_comes_back_and_is_padded(value, name, generation):
    envelope = PLAIN._replace(value=Secret(value), name=name, generation=generation).sealed(KEY)
    written = write_envelope(envelope)
    assert len(written.reveal()) % STEP_BYTES == 0
    assert read_envelope(written) == envelope
    assert write_envelope(read_envelope(written)) == written


def test_the_length_of_a_usual_value_does_not_show():
    sizes = {
        len(write_envelope(PLAIN._replace(value=Secret("x" * n)).sealed(KEY)).reveal())
        for n in range(1, 200)
    }
    assert sizes == {STEP_BYTES}


def test_the_plaintext_is_json_that_any_tool_reads():
    fields = json.loads(write_envelope(PLAIN.sealed(KEY)).reveal())
    assert fields["value"] == "hunter2"
    assert list(fields) == sorted(fields)
    binary = json.loads(write_envelope(PLAIN._replace(value=Secret(b"\xff")).sealed(KEY)).reveal())
    assert binary["b64"] == "/w=="


@together(
    "change",
    [
        {"session": "other"},
        {"name": "prod.token"},
        {"generation": 2},
        {"bind": {"host": "evil", "port": 5432}},
        {"bind": {"host": "db", "port": "5432"}},
        {"origin": "age1def"},
        {"value": Secret("hunter3")},
        {"tag": ""},
        {"tag": "0" * 64},
        {"tag": "\u00e9"},
    ],
    ids=str,
)
def test_the_seal_breaks_with_any_change(change):
    sealed = PLAIN.sealed(KEY)._replace(**change)
    assert not sealed.is_sealed_by(KEY)


def test_another_vault_key_has_another_seal():
    assert not PLAIN.sealed(OTHER).is_sealed_by(KEY)


def fields(**changes):
    return json.loads(write_envelope(PLAIN.sealed(KEY)).reveal()) | changes


def without(key):
    return {name: value for name, value in fields().items() if name != key}


CANARY = "canary-5d1f"


NO_ENVELOPE = "it has no envelope"
FOREIGN_FIELDS = "its envelope has fields that do not belong"
NOT_CANONICAL = "its envelope is not in canonical form"


@together(
    ("plaintext", "told"),
    [
        (b"", NO_ENVELOPE),
        (b"[]", NO_ENVELOPE),
        (b"{", NO_ENVELOPE),
        (b"\xff", NO_ENVELOPE),
        (b"[" * 100_000, NO_ENVELOPE),
        (f'{{"value":"{CANARY}'.encode(), NO_ENVELOPE),
        (canonical(fields(v=0)), NO_ENVELOPE),
        (canonical(fields(v=True)), NO_ENVELOPE),
        (canonical(fields(v="1")), NO_ENVELOPE),
        (canonical(without("v")), NO_ENVELOPE),
        (canonical(without("value")), FOREIGN_FIELDS),
        (canonical(without("gen")), FOREIGN_FIELDS),
        (canonical(fields(b64="eA==", value=CANARY)), FOREIGN_FIELDS),
        (canonical(without("value") | {"b64": CANARY + "\u00e9"}), FOREIGN_FIELDS),
        (canonical(without("value") | {"b64": 1}), FOREIGN_FIELDS),
        (canonical(fields(gen=0, value=CANARY)), FOREIGN_FIELDS),
        (canonical(fields(gen=True)), FOREIGN_FIELDS),
        (canonical(fields(gen="1")), FOREIGN_FIELDS),
        (canonical(fields(name=1)), FOREIGN_FIELDS),
        (canonical(fields(pad="x")), FOREIGN_FIELDS),
        (canonical(fields(extra=CANARY)), FOREIGN_FIELDS),
        (json.dumps(fields(value=CANARY)).encode(), NOT_CANONICAL),
        (canonical(fields())[:-1] + b',"v":1}', NOT_CANONICAL),
        (canonical(fields(value=CANARY)).replace(b"5432", b"NaN"), NOT_CANONICAL),
        (
            canonical(fields()).replace(b'"hunter2"', b'"' + CANARY.encode() + b'\\ud800"'),
            FOREIGN_FIELDS,
        ),
        (canonical(fields()).replace(b'"3f0d"', b'"\\ud800"'), NOT_CANONICAL),
    ],
)
def test_what_is_no_envelope_is_refused_without_being_quoted(plaintext, told):
    with pytest.raises(EnvelopeError) as caught:
        read_envelope(Secret(plaintext))
    assert str(caught.value) == told
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    error = caught.value
    while error is not None:
        assert CANARY not in repr(vars(error)) + repr(error.args)
        error = error.__cause__ or error.__context__


def test_an_envelope_of_a_newer_version_is_told_as_such():
    with pytest.raises(EnvelopeError, match=r"\Aa newer sessionctl wrote it\Z"):
        read_envelope(Secret(canonical({"v": 2})))


def test_a_value_in_words_is_short_in_order_and_of_ascii_only():
    value = {"b": [1, "é\u0430"], "a": {"y": None, "x": True}}
    assert ascii_text(value) == '{"a":{"x":true,"y":null},"b":[1,"\\u00e9\\u0430"]}'
