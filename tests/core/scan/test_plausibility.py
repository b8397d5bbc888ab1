"""What each test of plausibility says of a value; they are laid over each other in a scan."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.scan.rules.key_names import LOOSE, PASSWORD, TOKEN
from sessionctl.core.scan.rules.plausibility import (
    has_password_shape,
    has_user_and_password,
    is_placeholder,
    is_plausible,
    is_strong,
    looks_chosen,
    looks_random,
    names_a_place,
)
from tests.together import together

# A value, then behind " → " what holds of it. "password", "token", "loose": it is plausible for a
# key of that kind; with "!" only in a session, which has no other use for such a key.
VALUES = (Path(__file__).parent / "plausible_values.txt").read_text(encoding="utf-8")
TESTS = {
    "placeholder": is_placeholder,
    "place": names_a_place,
    "strong": is_strong,
    "random": looks_random,
    "chosen": looks_chosen,
    "shape": has_password_shape,
    "user:password": has_user_and_password,
}


def said(value):
    words = [name for name, test in TESTS.items() if test(value)]
    for kind in (PASSWORD, TOKEN, LOOSE):
        by_strictness = [is_plausible(value, kind, is_strict=strict) for strict in (False, True)]
        words += {(True, True): [kind], (False, True): [f"{kind}!"]}.get(tuple(by_strictness), [])
    return ", ".join(words)


@together("line", VALUES.strip("\n").split("\n"))
def test_this_is_what_a_value_looks_like(line):
    value = line.partition(" → ")[0].replace("\\n", "\n").replace("\\t", "\t")
    assert said(value) == line.partition(" → ")[2]


def test_a_value_is_strong_within_these_lengths_only():
    pair = "q9Zk2VxT"
    assert [size for size in (11, 12, 4096, 4097) if is_strong((pair * 600)[:size])] == [12, 4096]
    sign = "a1!" * 40
    assert [size for size in (3, 4, 120, 121) if looks_chosen((sign * 2)[:size])] == [4, 120]
    assert [size for size in (5, 6, 64, 65) if has_password_shape((sign)[:size])] == [6, 64]
    loose = [size for size in (3, 4, 40, 41) if is_plausible(sign[:size], LOOSE, is_strict=False)]
    assert loose == [4, 40]
    assert is_placeholder("z" * 194 + " your-")
    assert not is_placeholder("z" * 195 + " your-")
