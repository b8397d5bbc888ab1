"""What a connection or variable that trust covers looks like to the one who is asked."""

from __future__ import annotations

from sessionctl.core.session.startup import _shown_setting, _shown_variable
from tests.together import together


@together(
    "value, words",
    [
        ("a b", "'a b'"),
        (["ü", 1], '["ü", 1]'),
        ({"name": "Zoë"}, '{"name": "Zoë"}'),
        (5432, "5432"),
        (True, "true"),
        ({"secret": "prod.password"}, "the secret prod.password"),
    ],
)
def test_a_setting_is_shown_as_it_is_read(value, words):
    assert _shown_setting(value) == words


def test_a_variable_that_is_removed_is_said_so():
    assert _shown_variable("A", False) == "A removed"
    assert _shown_variable("A", "ü") == "A=ü"
