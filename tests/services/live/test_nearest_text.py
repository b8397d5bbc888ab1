"""What a document shall say, in a text that keeps what is written there."""

from __future__ import annotations

from sessionctl.core.toml.document import Document
from sessionctl.services.live.nearest_text import nearest_text, set_value
from tests.together import together


@together(
    "text, value, after",
    [
        ("a = 1 # x\n", {"a": 1}, "a = 1 # x\n"),
        ("a = 1 # x\n", {"a": 2}, "a = 2 # x\n"),
        ("a = 1\nb = 2\n", {"b": 2}, "b = 2\n"),
        ("a = 1\n", {"a": 1, "b": "x"}, 'a = 1\nb = "x"\n'),
        # A number, a truth value and a float are not the same, however deep.
        ("a = 1\n", {"a": True}, "a = true\n"),
        ("a = false\n", {"a": 0}, "a = 0\n"),
        ("a = 1\n", {"a": 1.0}, "a = 1.0\n"),
        ('[options]\n"@x" = 1  # mine\n', {"options": {"@x": True}},
         '[options]\n"@x" = true  # mine\n'),
        ("a = [1, 2]\n", {"a": [True, 2]}, "a = [true, 2]\n"),
        ("a = nan # x\n", {"a": float("nan")}, "a = nan # x\n"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_says_the_same_stays_as_it_is(text, value, after):
    assert set_value(Document.parse(text), value).text == after


FILE = """\
name = "a"
[[windows]]
name = "one"
options.mouse = true
options.x = 1
"""


@together(
    "merged, renames, after",
    [
        # Set in the file, it is spelled as there.
        ('name = "a"\n[[windows]]\nname = "one"\n[windows.options]\nmouse = true\nx = 2\n', {},
         FILE.replace("x = 1", "x = 2")),
        # What keeps all lines is taken as it is.
        (FILE + "# more\n", {}, FILE + "# more\n"),
        (FILE, {"one": "two", "none": "x"}, FILE.replace("one", "two")),
        (FILE.replace("x = 1", "x = true"), {}, FILE.replace("x = 1", "x = true")),
    ],
    ids=repr,
)  # fmt: skip
def test_the_text_that_keeps_most_lines_of_the_file_is_taken(merged, renames, after):
    assert nearest_text(FILE, merged, renames) == after
