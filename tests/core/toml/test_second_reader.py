"""The second reader is tomllib: what it reads and what it says, however it is started."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from sessionctl.core.regex.reading_codes import MAGICS
from sessionctl.core.toml.edit.second_reader import second_reader
from tests.core.toml.corpus import TRICKY, toml_test_list
from tests.world import PACKAGE, find_shared

HAS_TABLES = sys.implementation.cache_tag in MAGICS
needs_tables = pytest.mark.skipif(not HAS_TABLES, reason="no tables for this version of Python")

COMPARISON = """
def answer(reader, text):
    try:
        return repr(reader.loads(text))
    except RecursionError:
        return "too deep"
    except ValueError as error:
        return type(error).__name__, str(error)

first = second_reader()
texts = [open(name, encoding="utf-8", errors="surrogateescape").read() for name in sys.argv[1:]]
quick = [answer(first, text) for text in texts]
assert first.__name__ == "tomllib._parser", first
assert {"re", "string", "tomllib", "typing"}.isdisjoint(sys.modules), sys.modules.keys()
import tomllib
assert second_reader() is tomllib
for name, text, found in zip(sys.argv[1:], texts, quick, strict=True):
    assert found == answer(tomllib, text), (name, found)
print(len(quick), sum(isinstance(one, str) for one in quick))
"""


def run(program, *arguments, before=""):
    """Return what ``program`` prints in a Python that has imported nothing of site's."""
    head = (
        f"import sys; sys.path[:0] = {[str(PACKAGE.parent)]!r}; {before}\n"
        "from sessionctl.core.toml.edit.second_reader import second_reader\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", head + program, *arguments],
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_tables
def test_started_quickly_it_says_of_every_text_what_tomllib_says(tmp_path):
    names = []
    for number, text in enumerate([*TRICKY.values(), "a = 1\na = 2\n", "[" * 2000]):
        path = tmp_path / f"{number}.toml"
        path.write_bytes(text.encode())
        names.append(str(path))
    names += [
        str(find_shared("toml-test", "tests", name))
        for name in toml_test_list()
        if name.endswith(".toml")
    ]
    count, valid = map(int, run(COMPARISON, *names).split())
    assert count == len(names)
    assert 0 < valid < count


def test_where_tomllib_is_loaded_already_that_is_it():
    assert second_reader() is tomllib


@needs_tables
def test_it_is_started_once_in_a_process():
    assert run("print(second_reader() is second_reader())") == "True"


@pytest.mark.parametrize(
    "before",
    [
        "sys.implementation.cache_tag = 'another'",
        "import re, typing",
    ],
)
def test_where_that_is_not_possible_or_saves_nothing_tomllib_is_imported(before):
    program = "print(second_reader().__name__, second_reader().loads('a = 1979-05-27'))"
    assert run(program, before=before).startswith("tomllib {'a': datetime.date(1979")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import zlib", "tomllib"),
        ("import re; re.compile('an expression that no table has')", "tomllib"),
        ("import string; string.Template", "tomllib"),
        ("from typing import Protocol", "tomllib"),
        ("from functools import lru_cache; lru_cache(typed=True)", "tomllib"),
        ("from .other import nothing", "tomllib"),
        ("import re", "tomllib._parser"),
    ],
)
@needs_tables
def test_a_tomllib_that_asks_for_more_is_imported_as_usual(tmp_path, line, expected):
    package = tmp_path / "tomllib"
    package.mkdir()
    (package / "__init__.py").write_text("from ._parser import loads\n")
    (package / "other.py").write_text("import zlib\nnothing = 0\n")
    (package / "_parser.py").write_text(f"{line}\ndef loads(text):\n    return text\n")
    program = "print(second_reader().__name__, second_reader().loads('x'))"
    assert run(program, before=f"sys.path.insert(0, {str(tmp_path)!r})") == f"{expected} x"


@needs_tables
def test_what_its_functions_import_when_they_run_is_given_by_python(tmp_path):
    package = tmp_path / "tomllib"
    package.mkdir()
    (package / "__init__.py").write_text("from ._parser import loads\n")
    (package / "_parser.py").write_text(
        "def loads(text):\n    import zlib\n    from typing import Protocol\n    return 'y'\n"
    )
    program = "print(second_reader().__name__, second_reader().loads('x'))"
    before = f"sys.path.insert(0, {str(tmp_path)!r})"
    assert run(program, before=before) == "tomllib._parser y"


def test_a_module_in_its_place_is_imported_as_usual(tmp_path):
    (tmp_path / "tomllib.py").write_text("def loads(text):\n    return text\n")
    program = "print(second_reader().__name__, second_reader().loads('x'))"
    before = f"sys.path.insert(0, {str(tmp_path)!r})"
    assert run(program, before=before) == "tomllib x"
