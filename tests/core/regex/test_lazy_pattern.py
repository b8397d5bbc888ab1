"""Expressions that are compiled beforehand are what ``re`` makes of them."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from sessionctl.core.regex import lazy_pattern
from sessionctl.core.regex.everyday_codes import CODES as EVERYDAY_CODES
from sessionctl.core.regex.further_codes import CODES as FURTHER_CODES
from sessionctl.core.regex.large_codes import CODES as LARGE_CODES
from sessionctl.core.regex.lazy_pattern import known, known_for_schema, late, late_bytes, ready
from sessionctl.core.regex.old_engine import is_affected
from sessionctl.core.regex.reading_codes import CODES, MAGICS
from sessionctl.core.schema.check.pattern import translated
from sessionctl.core.schema.session_schema import SESSION
from tests.world import PACKAGE
from tools.patterns import patterns_in

ALL = CODES | EVERYDAY_CODES | FURTHER_CODES | LARGE_CODES
HAS_TABLES = sys.implementation.cache_tag in MAGICS
needs_tables = pytest.mark.skipif(not HAS_TABLES, reason="no tables for this version of Python")


@needs_tables
@pytest.mark.parametrize(
    "table",
    [CODES, EVERYDAY_CODES, FURTHER_CODES, LARGE_CODES],
    ids=["reading", "everyday", "further", "large"],
)
def test_an_expression_of_a_table_is_the_one_that_re_compiles(table):
    for source, flags in table:
        if lazy_pattern._HAS_FAULT and is_affected(source):
            continue
        made = known(source, flags)
        compiled = re.compile(source, flags)
        assert made == compiled, source  # flags, groups and code
        assert (made.groupindex, made.groups) == (compiled.groupindex, compiled.groups)


@needs_tables
def test_every_expression_has_its_place_in_the_tables():
    done = subprocess.run(
        [sys.executable, "-m", "tools.patterns", "--check"],
        cwd=PACKAGE.parent, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"run: python -m tools.patterns\n{done.stdout}{done.stderr}"


@needs_tables
def test_names_and_numbers_of_groups_go_together():
    source, flags = next(key for key, entry in ALL.items() if len(entry[2]) > 1)
    made = known(source, flags)
    for name, number in made.groupindex.items():
        assert re.compile(source, flags).groupindex[name] == number
    assert known(r"[A-Za-z0-9_-]+").fullmatch("a-b").lastgroup is None


def test_an_expression_without_a_place_is_compiled_by_re():
    assert known("an expression that nobody has") is None
    assert ready("(a)(?P<b>b)", re.IGNORECASE) == re.compile("(a)(?P<b>b)", re.IGNORECASE)


def test_a_late_expression_says_what_is_wrong_with_it_at_its_first_use():
    wrong = late("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.match("")


def test_an_expression_of_bytes_is_compiled_with_its_flags_when_it_is_used():
    assert late_bytes(b"a+", re.IGNORECASE).fullmatch(b"aA")[0] == b"aA"
    assert late_bytes(b"a+").fullmatch(b"aA") is None


def test_the_flags_are_those_of_re():
    for name in ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE"):
        assert getattr(lazy_pattern, name) == getattr(re, name)


@pytest.mark.parametrize(
    "other",
    [
        "sys.implementation.cache_tag = 'pypy311'",
        "sys.byteorder = 'big'",
        "import _sre; _sre.MAGIC += 1",
        "import _sre; _sre.CODESIZE = 2",
    ],
)
def test_the_code_of_another_python_is_never_run(other):
    program = (
        f"import sys; sys.path[:0] = {sys.path!r}; {other}\n"
        "from sessionctl.core.regex.lazy_pattern import known\n"
        "assert known('[A-Za-z0-9_-]+') is None\n"
    )
    subprocess.run([sys.executable, "-S", "-c", program], check=True, timeout=60)


@needs_tables
def test_the_patterns_of_the_session_schema_are_translated_beforehand():
    for pattern in patterns_in(SESSION):
        assert known_for_schema(pattern) == re.compile(translated(pattern)), pattern
    assert known_for_schema("^a pattern of somebody else$") is None
