"""Each table that a broken text is read as: where it stands, its values, the place of each."""

from __future__ import annotations

import ast
from pathlib import Path

from sessionctl.core.scan.broken_text import read_tables
from tests.together import together

# A text is a Python string, read without long strings where "short" stands before it. Below are
# its tables, each with the place of every value: its key path, and what is there.
TABLES = (Path(__file__).parent / "broken_tables.txt").read_text(encoding="utf-8")


def cases():
    """Return each text, whether it has long strings, and what stands below it."""
    texts = []
    for line in TABLES.strip("\n").split("\n"):
        if line.startswith("  "):
            texts[-1][2].append(line)
        else:
            kind, text = ("short", line[6:]) if line.startswith("short ") else ("", line)
            texts.append((ast.literal_eval(text), kind != "short", []))
    return texts


@together(("text", "has_long_strings", "expected"), cases())
def test_a_text_is_read_as_these_tables(text, has_long_strings, expected):
    shown = []
    for table in read_tables(text, has_long_strings=has_long_strings):
        shown.append(f"  [{table.path}] {table.value}")
        places = [
            f"{'.'.join(map(str, path))}: {text[place.start : place.end]!r}"
            for path, place in table.places.items()
        ]
        shown += [f"    {' | '.join(places)}"] if places else []
    assert shown == expected


def test_a_table_of_many_keys_begins_again_with_none_of_them():
    for size, kept in ((32, 32), (33, 1)):
        text = "".join(f"k{number} = 0\n" for number in range(size)) + "k0 = 1\n"
        first, second = read_tables(text, has_long_strings=True)
        assert (len(first.value), len(second.value), second.value["k0"]) == (size, kept, 1)


def test_what_is_deeper_than_64_is_read_flat_and_keys_are_16_deep():
    [table] = read_tables("a = " + "[" * 70 + "1", has_long_strings=True)
    assert max(map(len, table.places)) == 65
    [table] = read_tables(".".join("abcdefghijklmnopqrst") + " = 1", has_long_strings=True)
    assert ["".join(path) for path in table.places] == ["abcdefghijklmnop"]
