"""Texts for reading: a secret is a mask with a mark, and no patch can be made of them."""

from __future__ import annotations

from sessionctl.core.render.masked_text import damaged_text, reading_text
from tests.together import together

TEXT = """\
# keep
[connections.prod]
host = "h"
"password" = 'hunter2'   # why
port = 1

opts = { token = "hunter2", port = 1 }
# token: hunter33
end = 1
last = 1
"""
SHOWN = """\
# keep
[connections.prod]
host = "h"
"password" = "***<9>"   # why
port = 1

opts = { token = "***<9>", port = 1 }
# token: ***<8>
end = 1
last = 1
"""
INERT = """\
# keep
[connections.prod]
host = "h"@
"password" = "***<9>"   # why@
port = 1@
@
opts = { token = "***<9>", port = 1 }@
# token: ***<8>@
end = 1@
last = 1
"""


def mark(text):
    return f"<{len(text)}>"


@together(
    "text, shown, inert",
    [
        (TEXT, SHOWN, INERT),
        ("a = 1\r\n", "a = 1\r\n", "a = 1\r\n"),
        ('token = "hunter2"', 'token = "***<9>"', 'token = "***<9>"@'),
        ('token = "hunter2"\n', 'token = "***<9>"\n', 'token = "***<9>"@\n'),
        ('\ntoken = "hunter2"\n', '\ntoken = "***<9>"\n', '\ntoken = "***<9>"@\n'),
        ('\n\ntoken = "hunter2"\n\n\n', '\n\ntoken = "***<9>"\n\n\n',
         '\n@\ntoken = "***<9>"@\n@\n\n'),
        ('a = 1\r\ntoken = "hunter2"\r\nb = 1\r\nc = 1\r\n',
         'a = 1\r\ntoken = "***<9>"\r\nb = 1\r\nc = 1\r\n',
         'a = 1@\r\ntoken = "***<9>"@\r\nb = 1@\r\nc = 1\r\n'),
        ('token = """\nhunter2\n"""\na = 1\n', 'token = "***<15>"\na = 1\n',
         'token = "***<15>"@\na = 1@\n'),
        # What is not TOML has no quotes that would have to match.
        ('<<<\ntoken = "hunter2"\nb = \nc = 1\n', "<<<\ntoken = ***<9>\nb = \nc = 1\n",
         "<<<@\ntoken = ***<9>@\nb = @\nc = 1\n"),
        # Two secrets whose lines are near each other.
        ('token = "a1b2c3"\nx = 1\ny = 2\npassword = "hunter2"',
         'token = "***<8>"\nx = 1\ny = 2\npassword = "***<9>"',
         'token = "***<8>"@\nx = 1@\ny = 2@\npassword = "***<9>"@'),
    ],
)  # fmt: skip
def test_a_secret_is_shown_as_a_mask_with_a_mark(text, shown, inert):
    found = [reading_text(text, "a.toml", mark, is_inert=is_inert) for is_inert in (False, True)]
    assert found == [shown, inert.replace("@", "\x7f")]


TOKENS = '[credentials]\nbuild = "x1"\napi_key = "hunter2"\n'


@together(
    "name, is_for_any_name, shown",
    [
        ("a.toml", False, '[credentials]\nbuild = "x1"\napi_key = "***<9>"\n'),
        ("a.toml", True, '[credentials]\nbuild = "***<4>"\napi_key = "***<9>"\n'),
        ("a.session.toml", False, '[credentials]\nbuild = "***<4>"\napi_key = "***<9>"\n'),
        ("a.session.toml", True, '[credentials]\nbuild = "***<4>"\napi_key = "***<9>"\n'),
    ],
)
def test_what_would_be_a_secret_in_a_session_is_masked_when_asked_for(name, is_for_any_name, shown):
    how = {"is_inert": False, "is_for_any_name": is_for_any_name}
    assert reading_text(TOKENS, name, mark, **how) == shown


@together(
    "shown, plain, inert",
    [
        ("a\nb\n", "a\nb\n# ***<7>\n", "a@\nb@\n# ***<7>@\n"),
        ("a\r\nb", "a\r\nb\n# ***<7>\n", "a@\nb\n# ***<7>@\n"),
        ("", "\n# ***<7>\n", "\n# ***<7>@\n"),
        ("hunter2", "hunter2", "hunter2"),
    ],
)
def test_what_is_shown_of_a_damaged_text_has_the_mark_of_all_of_it(shown, plain, inert):
    found = [damaged_text("hunter2", shown, mark, is_inert=is_inert) for is_inert in (False, True)]
    assert found == [plain, inert.replace("@", "\x7f")]
