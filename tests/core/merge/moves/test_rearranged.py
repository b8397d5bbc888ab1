"""The law of rearranged files: git is not better, nothing is lost, nothing is mixed up.

Tables and items are renamed, keys moved, last children dropped, folded strings edited, tables
made inline and split, numbered ones shifted; on the other side, so they are too.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from random import Random

import pytest

from sessionctl.core.merge import merge
from tests.core.merge import oracle
from tests.rearranged import rearranged
from tests.strategies import is_toml
from tests.together import together
from tests.world import IN_CI, need

SHARES = 4
# What did not hold once is among FOUND; the deep profile looks for more.
EXAMPLES = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 3_000
FOUND = (
    8831, 14965, 16311, 16504, 17318, 17453, 18639, 19446,
    22091, 28174, 30332, 33065, 33290, 38567, 39191, 40916, 50744, 59435, 100103,
    101941, 118175, 203510, 204379, 211588, 217067,
)  # fmt: skip
"""Seeds whose case did not hold once: git was better, or a value was there twice."""


def values_in(value, key=""):
    """Yield the values in ``value`` with the last key of each, wherever they are."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from values_in(child, name)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for item in value:
            yield from values_in(item, key)
    else:
        yield key, oracle.tell(value)


def merged_by_git(texts, folder):
    """Return the value of git's line merge; None where it conflicts or is no TOML."""
    names = [folder / name for name in ("ours", "base", "theirs")]
    for name, text in zip(names, (texts[1], texts[0], texts[2]), strict=True):
        name.write_text(text)
    done = subprocess.run(["git", "merge-file", "-p", *names], capture_output=True)
    text = done.stdout.decode()
    return oracle.value_of(text) if done.returncode == 0 and is_toml(text) else None


def check(seed, folder):
    """Hold the merge of one generated case to the law."""
    case = rearranged(Random(seed), most=1 + seed % 3)
    result = merge(*case.texts)
    for side in ("ours", "theirs"):
        assert is_toml(result.resolved(side).text)
    if case.wanted is None:
        return
    wanted = oracle.canonical(case.wanted)
    if result.is_clean:
        # Where a key goes whose neighbours were parted may be open; that it is there once is not.
        got = oracle.value_of(result.text)
        assert Counter(values_in(got)) == Counter(values_in(case.wanted))
        if oracle.canonical(got) == wanted:
            return
    by_git = merged_by_git(case.texts, folder)
    assert by_git is None or oracle.canonical(by_git) != wanted


@together("seed", [*range(300 if IN_CI else 30), *FOUND])
def test_a_rearranged_file_is_merged_as_well_as_git_does(seed, tmp_path):
    need("git")
    check(seed, tmp_path)


@pytest.mark.sweep
@pytest.mark.parametrize("share", range(SHARES))
def test_rearranged_files_by_the_thousand_are_merged_as_well_as_git_does(share, tmp_path):
    need("git")
    for seed in range(share, EXAMPLES, SHARES):
        check(seed, tmp_path)
