"""Options as tmux prints them, as values and as commands again."""

from __future__ import annotations

from sessionctl.system.tmux.option_text import assignments, option_word, read_options, typed
from tests.together import together

PRINTED = """\
status on
mouse off
history-limit 2000
status-left "#[fg=red] a b"
default-shell /bin/sh
prefix C-b
base -1
zero 0
padded 007
long 1234567890123456789
update-environment[0] DISPLAY
update-environment[1] "SSH AUTH"
user-keys[2] x
user-keys[7] "y z"
terminal-overrides
@empty ""
after-new[0] "run-shell 'a b' ; display x"
pane-border run "a b"
"""


def test_what_is_printed_is_read_as_values():
    found = read_options(PRINTED)
    assert found == {
        "status": True, "mouse": False, "history-limit": 2000, "status-left": "#[fg=red] a b",
        "default-shell": "/bin/sh", "prefix": "C-b", "base": -1, "zero": 0, "padded": "007",
        "long": "1234567890123456789", "terminal-overrides": (), "@empty": "",
        "pane-border": 'run "a b"', "update-environment": ("DISPLAY", "SSH AUTH"),
        "user-keys[2]": "x", "user-keys[7]": "y z",
        "after-new": ("run-shell 'a b' ; display x",),
    }  # fmt: skip
    assert [type(found[name]) for name in ("status", "zero")] == [bool, int]
    assert list(assignments(found)) == [
        ("status", "on"), ("mouse", "off"), ("history-limit", "2000"),
        ("status-left", "#[fg=red] a b"), ("default-shell", "/bin/sh"), ("prefix", "C-b"),
        ("base", "-1"), ("zero", "0"), ("padded", "007"), ("long", "1234567890123456789"),
        ("terminal-overrides", ""), ("@empty", ""), ("pane-border", 'run "a b"'),
        ("update-environment[0]", "DISPLAY"), ("update-environment[1]", "SSH AUTH"),
        ("user-keys[2]", "x"), ("user-keys[7]", "y z"),
        ("after-new[0]", "run-shell 'a b' ; display x"),
    ]  # fmt: skip
    assert read_options("") == {}


@together(
    "text, value",
    [
        ("on", True), ("off", False), ("On", "On"), ("0", 0), ("1", 1), ("-1", -1), ("-0", "-0"),
        ("+1", "+1"), ("01", "01"), ("1 ", "1 "), ("1.5", "1.5"), ("", ""),
        ("9" * 18, int("9" * 18)), ("9" * 19, "9" * 19), ("\u0661", "\u0661"),
    ],
)  # fmt: skip
def test_a_text_is_the_value_it_stands_for_and_back(text, value):
    found = typed(text)
    assert (found, type(found)) == (value, type(value))
    assert option_word(found) == text
