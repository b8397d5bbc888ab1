"""Real merges of public repositories, against what their maintainers committed.

Every case is one TOML file at a merge commit in which both sides had changed it. In CI
all of them are replayed and compared with git, elsewhere a fixed tenth.
"""

from __future__ import annotations

import subprocess
import tarfile
from collections import defaultdict
from typing import NamedTuple

import pytest

from sessionctl.core.merge import MergeResult, merge
from tests.core.merge import oracle
from tests.strategies import is_toml
from tests.world import IN_CI, need, shared_data

NAMES = ("base", "ours", "theirs", "merged")
SHARE = 1 if IN_CI else 10


class Replayed(NamedTuple):
    """One case: its texts, what we made of it, and what went wrong."""

    name: str
    texts: dict[str, str]
    result: MergeResult | None
    fault: str = ""

    @property
    def is_clean(self):
        return self.result is not None and self.result.is_clean

    @property
    def is_right(self):
        """Whether the maintainers' value came out."""
        return self.is_clean and is_same(self.result.text, self.texts["merged"])


@pytest.fixture(scope="module")
def replayed():
    """Replay the cases, each once for all tests."""
    return [replay(name, texts) for name, texts in read_cases(shared_data("merges-dev.tar.xz"))]


def read_cases(archive):
    """Yield the name and the four texts of every ``SHARE``-th case."""
    found = defaultdict(dict)
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(".toml"):
                *_, name, version = member.name.split("/")
                found[name][version.removesuffix(".toml")] = tar.extractfile(member).read().decode()
    for name in sorted(found)[::SHARE]:
        assert found[name].keys() == set(NAMES)
        yield name, found[name]


def replay(name, texts):
    try:
        result = merge(texts["base"], texts["ours"], texts["theirs"])
    except Exception as error:  # noqa: BLE001 - any of them is the finding
        return Replayed(name, texts, None, f"{type(error).__name__}: {error}")
    if result.is_clean and not is_toml(result.text):
        return Replayed(name, texts, None, "the result is not TOML")
    if result.method != "text" and result.resolved("ours").conflicts:
        return Replayed(name, texts, None, "its conflicts cannot be settled")
    return Replayed(name, texts, result)


def is_same(text, merged):
    return oracle.canonical(oracle.value_of(text)) == oracle.canonical(oracle.value_of(merged))


def git_merges(cases, folder):
    """Return for each case the text git makes of it; None is for a conflict."""
    need("git")
    merged = {}
    for case in cases:
        paths = [folder / name for name in ("ours", "base", "theirs")]
        for path in paths:
            path.write_bytes(case.texts[path.name].encode())
        done = subprocess.run(["git", "merge-file", "-p", *paths], capture_output=True)
        merged[case.name] = done.stdout.decode() if done.returncode == 0 else None
    return merged


@pytest.mark.slow
def test_no_real_merge_raises_or_makes_what_is_not_toml(replayed):
    assert {case.name: case.fault for case in replayed if case.fault} == {}
    assert len(replayed) > 100


@pytest.mark.slow
@pytest.mark.skipif(not IN_CI, reason="git is run for every case in CI only")
def test_real_merges_are_never_worse_than_git_and_solve_most_of_its_conflicts(replayed, tmp_path):
    by_git = git_merges(replayed, tmp_path)
    worse = [
        case.name
        for case in replayed
        if not case.is_right
        and (text := by_git[case.name]) is not None
        and is_toml(text)
        and is_same(text, case.texts["merged"])
    ]
    assert worse == []
    hard = [case for case in replayed if by_git[case.name] is None]
    solved = [case for case in hard if case.is_clean]
    assert len(solved) >= 0.62 * len(hard)
    assert sum(case.is_right for case in solved) >= 0.71 * len(solved)


@pytest.mark.slow
def test_most_real_merges_are_clean_and_right(replayed):
    # The cases were chosen so that git has a conflict in about half of them.
    clean = [case for case in replayed if case.is_clean]
    assert len(clean) >= 0.75 * len(replayed)
    assert sum(case.is_right for case in clean) >= 0.8 * len(clean)


@pytest.mark.slow
def test_comments_of_both_sides_of_a_real_merge_survive(replayed):
    lost = {}
    for case in replayed:
        texts = [case.texts[name] for name in NAMES[:3]]
        if case.is_clean and (gone := oracle.lost_comments(*texts, case.result.text)):
            lost[case.name] = gone
    assert lost == {}
