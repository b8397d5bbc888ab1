"""The register: each hint that the code can give has a situation in which it is typed.

A new hint needs one: a line in the table of its package (``stage.py`` says how).
"""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.hints.collector import collect
from tests.hints.hint_typing import SITUATIONS

_HERE = Path(__file__).parent


def test_each_hint_has_a_situation():
    for path in _HERE.glob("test_*.py"):
        importlib.import_module(f"tests.hints.{path.stem}")
    known = set(collect())
    assert sorted(known - set(SITUATIONS)) == []
    assert sorted(set(SITUATIONS) - known) == []
