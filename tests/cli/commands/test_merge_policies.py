"""sessionctl merge --prefer, and resolve --prefer with a policy, as a user runs them."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside

BASE = '[need]\na = "1.0"\nb = ["x>=1", "y"]\nc = "one"\n'
OURS = BASE.replace('"1.0"', '"1.2"').replace("x>=1", "x>=2").replace("one", "two")
THEIRS = BASE.replace('"1.0"', '"1.10"').replace("x>=1", "x>=3").replace("one", "three")
MAX = '[need]\na = "1.10"\nb = ["x>=3", "y"]\n'


@pytest.fixture
def merge(tmp_path):
    """Return a function that runs the command on three texts."""

    def run(*options, base=BASE, ours=OURS, theirs=THEIRS):
        for name, text in {"base": base, "ours": ours, "theirs": theirs}.items():
            (tmp_path / name).write_bytes(text.encode())
        return run_inside("merge", *options, "base", "ours", "theirs", cwd=tmp_path)

    return run


def test_a_policy_settles_what_it_can_and_says_so(merge):
    done = merge("--prefer", "max", "-o", "out.toml")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[:2] == ["out.toml: resolved[max]: need.a", "out.toml: resolved[max]: need.b"]
    assert lines[2] == "out.toml:4:1: conflict[both-modified]: need.c: both sides changed it"


def test_policies_by_path_are_tried_before_the_one_for_the_rest(merge):
    done = merge("--prefer", "need.*=max", "--prefer", "need.c=ours", "--prefer", "theirs")
    assert (done.returncode, done.stdout) == (0, MAX + 'c = "two"\n')
    assert done.stderr.splitlines() == [
        "<stdout>:2:1: resolved[max]: need.a (need.*=max)",
        "<stdout>:3:1: resolved[max]: need.b (need.*=max)",
        "<stdout>:4:1: resolved[ours]: need.c (need.c=ours)",
    ]


def test_json_tells_what_was_settled_and_what_would_settle_the_rest(merge):
    answer = read_answer(merge("--json", "--prefer", "need.a=max").stdout, "merge")
    assert answer["settled"] == [{"path": "need.a", "way": "max", "rule": "need.a=max"}]
    first, second = answer["conflicts"]
    assert (first["path"], first["offers"]) == ("need.b", ["max"])
    assert first["hint"] == "'need.b=max' resolves it: the higher version"
    assert (second["offers"], second["hint"]) == ([], None)


def test_the_hint_of_a_conflict_is_a_command_that_settles_it(merge, tmp_path):
    done = merge("-o", "out.toml")
    [hint] = [line for line in done.stderr.splitlines() if "for the higher version: " in line]
    words = shlex.split(hint.partition("version: ")[2])
    assert run_inside(*words[1:], cwd=tmp_path).returncode == 1
    assert (tmp_path / "out.toml").read_text().startswith(MAX)


def test_the_hint_without_an_output_is_the_merge_itself(merge, tmp_path):
    done = merge()
    hints = [line for line in done.stderr.splitlines() if "for the higher version: " in line]
    words = shlex.split(hints[0].partition("version: ")[2])
    assert run_inside(*words[1:], cwd=tmp_path).stdout.startswith(MAX + "<<<<<<<")


def test_of_many_conflicts_one_command_is_told(merge, tmp_path):
    texts = ["".join(f'k{i} = "{n}.{i}"\n' for i in range(5)) for n in (1, 2, 3)]
    done = merge("-o", "out.toml", base=texts[0], ours=texts[1], theirs=texts[2])
    hint = "for the higher version: sessionctl resolve out.toml --prefer '*=max'"
    assert hint in done.stderr
    assert run_inside("resolve", "out.toml", "--prefer", "*=max", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.toml").read_text() == texts[2]


def test_of_very_many_conflicts_some_are_named(merge):
    texts = ["".join(f'k{i} = "{n}.{i}"\n' for i in range(7)) + f"port = {n}\n" for n in (1, 2, 3)]
    done = merge("-o", "out.toml", base=texts[0], ours=texts[1], theirs=texts[2])
    words = " ".join(f"--prefer k{i}=max" for i in range(5))
    hint = f"for the higher version (5 of 7 such places): sessionctl resolve out.toml {words}\n"
    assert hint in done.stderr


@pytest.mark.parametrize(("dates", "text"), [("2 1", "two"), ("2026-01-01 2026-01-02", "three")])
def test_newest_goes_by_the_dates_that_are_given(merge, dates, text):
    done = merge("--prefer", "newest", "--dates", *dates.split())
    assert done.returncode == 0
    assert f'c = "{text}"' in done.stdout


def test_newest_without_dates_leaves_conflicts(merge):
    done = merge("--prefer", "newest")
    assert done.returncode == 1
    assert "hint: which side is newer is unknown: give --dates OURS THEIRS\n" in done.stderr
    dated = merge("--prefer", "newest", "--dates", "1", "1")
    assert dated.returncode == 1
    assert "--dates" not in dated.stderr


def test_a_policy_is_for_merges_by_lines_too(merge):
    done = merge("--text", "--prefer", "union", base="x\n", ours="y\n", theirs="z\n")
    assert (done.returncode, done.stdout) == (0, "y\nz\n")
    assert done.stderr == "<stdout>: resolved[union]: lines that are not TOML\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--prefer", "bigger"], "merge: --prefer: expected ours, theirs,"),
        (["--prefer", ""], "merge: --prefer: expected ours, theirs,"),
        (["--prefer", "a=b"], "or PATH=ONE-OF-THEM, got 'a=b'"),
        (["--dates", "1", "soon"], "merge: --dates: expected two dates, got '1' 'soon'"),
    ],
)
def test_a_wrong_policy_is_a_usage_error(merge, options, message):
    done = merge(*options)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_schema_says_how_to_merge_and_what_is_valid(merge, tmp_path):
    rules = {"tags": {"x-merge": "set"}, "n": {"x-merge": "max", "maximum": 9}}
    (tmp_path / "s.json").write_text(json.dumps({"properties": rules}))
    texts = [f"tags = ['{word}']\nn = {n}\n" for n, word in enumerate("abc")]
    done = merge("--schema", "s.json", "--json", base=texts[0], ours=texts[1], theirs=texts[2])
    answer = read_answer(done.stdout, "merge")
    assert answer["clean"]
    assert answer["settled"] == [{"path": "n", "way": "max", "rule": "x-merge"}]
    done = merge("--schema", "s.json", base=texts[0], ours=texts[1], theirs=texts[2])
    assert (done.stdout, done.stderr) == ("tags = ['b', 'c']\nn = 2\n", "")
    assert merge("--schema", "none.json").returncode == 3


# -- resolve ---------------------------------------------------------------------------


@pytest.fixture
def resolve(merge, tmp_path):
    """Return a function that resolves what the merge left."""
    merge("-o", "out.toml")

    def run(*options):
        return run_inside("resolve", "out.toml", *options, cwd=tmp_path)

    run.text = (tmp_path / "out.toml").read_text
    return run


def test_resolve_takes_the_higher_versions_and_leaves_the_rest(resolve):
    done = resolve("--prefer", "*=max")
    assert done.returncode == 1
    assert "2 conflicts resolved, 1 left" in done.stderr
    assert resolve.text().startswith(MAX + "<<<<<<<")


def test_resolve_lists_the_commands_that_settle_a_conflict(resolve):
    done = resolve("--no-input")
    command = "sessionctl resolve out.toml --prefer need.a=max --prefer need.b=max"
    assert f"hint: for the higher version: {command}\n" in done.stderr
    answer = read_answer(resolve("--json", "--prefer", "need.b=union").stdout, "resolve")
    assert [c["offers"] for c in answer["conflicts"]] == [["max"], ["max"], []]
    assert [c["resolution"] for c in answer["conflicts"]] == [None, "union", None]
    assert 'b = ["x>=2", "x>=3", "y"]\n' in resolve.text()


def test_a_policy_that_settles_nothing_is_told(resolve):
    done = resolve("--prefer", "need.c=max")
    assert done.returncode == 2
    assert "need.c: max does not resolve it: the sides are not two versions" in done.stderr
