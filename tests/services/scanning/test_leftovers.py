"""Where git still holds values: each place, and what of the history was not looked at."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import GitError
from sessionctl.services.scanning.history_gaps import HistoryGaps, find_gaps
from sessionctl.services.scanning.key_files import check_key_file, may_hold_key
from sessionctl.services.scanning.leftovers import GitSearch, Leftover, find_leftovers
from sessionctl.services.scanning.purge import _forms
from sessionctl.system.git.program import Git
from tests.together import together

NAME = "a.session.toml"


@pytest.fixture(autouse=True)
def here(git_repo, monkeypatch):
    """Call git in the repository, so that commands to type need not name it."""
    monkeypatch.chdir(git_repo.path)


def held(repo, **secrets):
    """Return what git holds of ``secrets``, from the spellings of each."""
    spelled = {name: [Secret(one) for one in values] for name, values in secrets.items()}
    return find_leftovers(Git(os.environ, repo.path), NAME, spelled)


def test_each_place_in_git_that_holds_a_value_is_named(git_repo):
    old = git_repo.commit("old", a__session__toml='p = "hunter2x"\nq = "abc"\n')
    again = git_repo.commit("again", other__txt="hunter2x\nabc\n")
    git_repo.commit("gone", a__session__toml='p = "x"\n', other__txt="")
    git_repo.run("checkout", "-q", "--detach")
    git_repo.write(NAME, 'p = "thrown-away"\n')
    aside = git_repo.commit("aside")
    git_repo.run("checkout", "-q", "main")
    git_repo.write("staged.txt", 'the "quoted" one: a\\"b\\\\c-long\n')
    git_repo.run("add", "staged.txt")
    loose = git_repo.write("loose", "never-added")
    blob = git_repo.run("hash-object", "-w", str(loose)).stdout.strip()
    assert held(
        git_repo, big=["hunter2x"], short=["abc"], away=["thrown-away"], quoted=['a"b\\c-long'],
        loose=["nowhere", "never-added"], none=["not-in-here"],
    ) == GitSearch(
        (
            Leftover("big", commits=(again[:10], old[:10])),
            Leftover("short", commits=(old[:10],)),
            Leftover("away", aside=(aside[:10],)),
            Leftover("quoted", staged=("staged.txt",)),
            Leftover("loose", loose=(blob[:10],)),
        ),
        HistoryGaps(0, is_shallow=False, is_partial=False, filtered=(), git="git"),
    )  # fmt: skip
    one = Leftover("x", ("s",), ("c",), ("a",), ("l",))
    assert one.places == (("c",), ("s",), ("a",), ("l",))
    for field in ("staged", "commits", "aside", "loose"):
        assert Leftover("x")._replace(**{field: ("y",)}).is_somewhere
    assert not Leftover("x").is_somewhere


def test_how_short_a_value_may_be_to_be_looked_for_everywhere(git_repo):
    git_repo.commit("one", other__txt="abcdef\n12345\n")
    names = [one.name for one in held(git_repo, six=["abcdef"], five=["12345"]).leftovers]
    assert names == ["six"]


def test_before_the_first_commit_the_index_is_searched(git_repo):
    git_repo.write("new.txt", "hunter2x")
    git_repo.run("add", "new.txt")
    assert held(git_repo, big=["hunter2x"]) == GitSearch(
        (Leftover("big", staged=("new.txt",)),), HistoryGaps(git="git")
    )


@together(
    "gaps, reasons, hints",
    [
        (HistoryGaps(), [], []),
        (
            HistoryGaps(missing=1),
            ["1 object is missing or damaged"],
            ["see which objects: git fsck --full"],
        ),
        (
            HistoryGaps(missing=2, git="git -C x"),
            ["2 objects are missing or damaged"],
            ["see which objects: git -C x fsck --full"],
        ),
        (
            HistoryGaps(missing=1, is_partial=True),
            ["1 object is kept by the remote alone"],
            ["get all objects, then search again: git fetch --refetch --no-filter"],
        ),
        (
            HistoryGaps(missing=3, is_partial=True, is_shallow=True, git="git -C x"),
            [
                "3 objects are kept by the remote alone",
                "this is a shallow clone, older commits are not here",
            ],
            [
                "get all commits, then search again: git -C x fetch --unshallow",
                "get all objects, then search again: git -C x fetch --refetch --no-filter",
            ],
        ),
        (
            HistoryGaps(filtered=(("", 1), ("lfs", 2))),
            ["1 content that is not text", "2 contents behind the filter 'lfs'"],
            ["set the filter up, then search again: git lfs install --local"],
        ),
        (
            HistoryGaps(filtered=(("", 2), ("other", 1))),
            ["2 contents that are not text", "1 content behind the filter 'other'"],
            [],
        ),
    ],
    ids=map(str, range(7)),
)
def test_what_was_not_looked_at_is_said_with_what_to_do(gaps, reasons, hints):
    assert (gaps.reasons, gaps.hints) == (reasons, hints)
    assert bool(gaps) == bool(reasons)
    error = gaps.error
    assert isinstance(error, GitError)
    assert error.message == f"git was not searched wholly: {', '.join(reasons)}"
    assert list(error.hints) == hints


def test_a_history_with_holes_has_gaps(git_repo, tmp_path):
    git_repo.commit("one", a__txt="1")
    git_repo.commit("two", a__txt="2")
    git = Git(os.environ, git_repo.path)
    nothing = {"has_stopped": False, "filtered": {}}
    assert find_gaps(git, 0, **nothing) == HistoryGaps(git="git")
    assert find_gaps(git, 2, has_stopped=False, filtered={"z": 1, "a": 2}) == HistoryGaps(
        2, filtered=(("a", 2), ("z", 1)), git="git"
    )
    assert find_gaps(git, 0, has_stopped=True, filtered={}).missing == 1, "one at least"
    assert find_gaps(git, 5, has_stopped=True, filtered={}).missing == 5
    git_repo.run("clone", "-q", "--depth", "1", f"file://{git_repo.path}", str(tmp_path / "c"))
    clone = Git(os.environ, tmp_path / "c")
    assert find_gaps(clone, 0, **nothing)[:3] == (0, True, False)
    clone.run("config", "remote.origin.promisor", "true")
    assert find_gaps(clone, 0, **nothing)[:3] == (0, True, False), "nothing is missing"
    assert find_gaps(clone, 1, **nothing)[:3] == (1, True, True)


def test_which_files_may_hold_a_key():
    keys = "identities.txt; a/identities; key.txt; a/keys.txt; b.age; x/c.age-key; d.agekey"
    keys += "; .age-recipients; id_rsa; a/id_ed25519"
    others = "my-keys.txt; identities.txt.bak; keys; b.age.txt; agekey; id_; x.age-keys; id_RSA"
    for names, expected in ((keys, True), (others, False)):
        for name in names.split("; "):
            assert may_hold_key(name) is expected, name


@together(
    "path, text, message, span",
    [
        ("keys.txt", "x", None, None),
        ("keys.txt", "# a\nAGE-SECRET-KEY-1" + "A" * 20, "holds a key that opens secrets", (4, 40)),
        ("k.age", "AGE-SECRET-KEY-PQ-1" + "0" * 25, "holds a key that opens secrets", (0, 44)),
        ("keys.txt", "AGE-SECRET-KEY-1" + "A" * 19, None, None),
        (
            "id_rsa", "é-----BEGIN OPENSSH PRIVATE KEY-----", "holds a key that opens secrets",
            (1, 36),
        ),
        ("vault.age", "plain", "the vault is not encrypted", (0, 1)),
        ("x/.sessionctl/vault.age", "", "the vault is not encrypted", (0, 1)),
        ("other.age", "plain", None, None),
    ],
    ids=map(str, range(8)),
)  # fmt: skip
def test_what_speaks_against_committing_a_file(path, text, message, span):
    for step, hint in (
        (None, "move it out of the repository, or make git ignore it"), ("git rm x", "git rm x"),
    ):  # fmt: skip
        found = check_key_file(path, text.encode(), step)
        if message is None:
            assert found is None
            continue
        [problem] = found.problems
        assert (problem.rule, problem.message, tuple(problem.span), problem.hint) == (
            "secret-identity", message, span, hint,
        )  # fmt: skip
        assert (found.name, found.source.text, found.source.name) == (path, text, path)


def test_what_is_masked_in_texts_that_are_kept():
    forms = _forms([Secret("abcdef"), Secret('a"b'), Secret("x\ny-long")])
    sizes = [len(form) for form, _ in forms]
    assert sizes == sorted(sizes, reverse=True), "the longest first"
    assert dict(forms) == {
        b"abcdef": b"***", b"x\ny-long": b"***", rb"x\ny-long": b"***",
        b'"a"b"': b'"***"', b"'a\"b'": b"'***'", b':a"b@': b":***@",
        rb'"a\"b"': b'"***"', rb"'a\"b'": b"'***'", rb':a\"b@': b":***@",
    }  # fmt: skip
    assert dict(_forms([Secret("12345")])) == {
        b'"12345"': b'"***"', b"'12345'": b"'***'", b":12345@": b":***@",
    }  # fmt: skip
