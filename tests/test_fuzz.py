"""The fuzz: it runs, the same seed gives the same cases, and a broken law is told."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from tests.world import CHECKOUT, IN_CI
from tools.fuzz import laws
from tools.fuzz.__main__ import make_case, run_case
from tools.fuzz.texts import Texts


@pytest.fixture(scope="module")
def texts():
    return Texts()


@pytest.mark.parametrize("target", ["parse", "diff", "merge"])
def test_no_law_is_broken_in_the_first_cases(texts, target):
    count = {"parse": 1, "diff": 2, "merge": 3}[target]
    for number in range(150 if IN_CI else 20):
        case = make_case(texts, random.Random(f"day/{number}"), count)
        assert run_case(target, case) == [], case


def test_the_same_seed_gives_the_same_case(texts):
    assert make_case(texts, random.Random(1), 3) == make_case(texts, random.Random(1), 3)


def test_a_lost_change_is_told(monkeypatch):
    merge = laws.merge

    def keeps_ours(base, ours, theirs, **options):
        if base in (ours, theirs) or ours == theirs:
            return merge(base, ours, theirs, **options)
        return merge(base, ours, base)

    monkeypatch.setattr(laws, "merge", keeps_ours)
    found = run_case("merge", ["a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\nb = 2\n"])
    assert any("a clean result is not both changes" in fault for fault in found)


@pytest.mark.parametrize(
    ("target", "case"), [("parse", ["a = 1\n"]), ("diff", ["a = 1\n"] * 2), ("merge", [""] * 3)]
)
def test_a_crash_is_told(monkeypatch, target, case):
    monkeypatch.setattr(laws, "Document", None)
    monkeypatch.setattr(laws, "merge", None)
    assert run_case(target, case)[0].startswith("crashed: Traceback")


@pytest.mark.slow
def test_it_runs_as_a_program(tmp_path):
    words = ["--minutes", "0.002", "--seed", "5", "--target", "parse", "--keep", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "tools.fuzz", *words],
        cwd=CHECKOUT, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" cases, 0 broken laws\n")
