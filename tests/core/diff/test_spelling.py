"""Numbers and dates that say the same in other characters are found by their keys."""

from __future__ import annotations

from sessionctl.core.diff.spelling import respelled_keys
from sessionctl.core.toml.parse.document_text import DocumentText
from tests.together import together


@together(
    "before, after, keys",
    [
        ("a = 1000\n", "a = 1_000\n", ["a"]),
        ("a = 255\nb = 1\n", "a = 0xff\nb = 1\n", ["a"]),
        ("a = 1.0\n", "a = 1e0\n", ["a"]),
        ("a = +1\n", "a = 1\n", ["a"]),
        ("a = 1979-05-27T07:32:00Z\n", "a = 1979-05-27 07:32:00Z\n", ["a"]),
        ("a = 07:32:00\n", "a = 07:32:00.0\n", ["a"]),
        ("a = 1 # 1000\n", "a = 1 # 1_000\n", []),
        ("a = '1000'\n", 'a = "1000"\n', []),
        ("a = '''\n1000'''\n", 'a = """1000"""\n', []),
        ('a = "x\\"1"\n', "a = 'x\"1'\n", []),
        ('a = """x\\"""1""" # 2\n', 'a = """x\\"""1"""\n', []),
        ("a = [1, 1000, '2']\n", 'a = [ 1, # 1\n 1_000, "2" ]\n', ["a"]),
        ("a = { b = 1, c = 2 }\n", "a = { b = 1, c = 0x2 }\n", ["a"]),
        ("[t]\na = 1\nb.c = 2\n", "[t]\na = 0x1\nb.c = 0x2\n", ["t.a", "t.b.c"]),
        ("[[t]]\na = 1\n[[t]]\na = 2\n", "[[t]]\na = 1\n[[t]]\na = 0x2\n", ["t.a"]),
        ("a = 1\n[t]\n", "a = 1\n", []),
        # Where a key stands may be another place: then it is the words of its value that count.
        ("t.a = 16\n", "[t]\na = 0x10\n", ["t.a"]),
        ("t = { a = 16 }\n", "[t]\na = 0x10\n", []),
        ("", "a = 1\n", []),
    ],
)
def test_a_value_in_other_characters_is_found(before, after, keys):
    found = respelled_keys(DocumentText.parse(before), DocumentText.parse(after))
    assert list(map(str, found)) == keys
