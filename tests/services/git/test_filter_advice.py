"""A file that cannot be checked because of a filter of git, and what helps."""

from __future__ import annotations

import os

from sessionctl.core.problem import Problem, Span
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.git.filter_advice import filter_step, unchecked
from sessionctl.services.git.staged_files import check_staged
from sessionctl.system.git.program import Git
from tests.together import together

SEALED = "age-encryption.org/v1 x\n"


@together(
    "name, step",
    [
        ("crypt", ("transcrypt --display",)),
        ("git-crypt", ("git-crypt unlock",)),
        ("git-crypt-team", ("git-crypt unlock",)),
        ("lfs", ("git lfs install --local",)),
        ("own", ()),
        ("crypt-team", ()),
    ],
)
def test_a_filter_is_made_known_by_its_own_command(name, step):
    assert filter_step(name) == step
    message = f"not checked: the filter '{name}' of git does not give its content here"
    problem = Problem("filtered", message, Span(0, 0), hint="".join(step), severity="warning")
    assert unchecked("a b", name) == CheckedFile("a b", (problem,), fixed_place=(1, 1))


def test_what_is_staged_behind_a_filter_is_checked_as_it_reads_or_not_at_all(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write('[filter "rev"]\n\tclean = rev\n\tsmudge = rev\n')
        config.write('[filter "none"]\n\tclean = cat\n')
    git_repo.write(
        ".gitattributes",
        "sub/r*.session.toml filter=rev\n[nk].session.toml filter=none\n",
    )
    good = 'schema_version = 1\nname = "a"\n'
    git_repo.write("sub/r1.session.toml", good)
    git_repo.write("sub/r2.session.toml", good + "colour = 1\n")
    git_repo.write("n.session.toml", SEALED)
    git_repo.write("k.session.toml", "name = \n")
    git_repo.run("add", "--all")

    def found(folder):
        checked = check_staged(Git(os.environ, folder))
        return {one.name: [problem.rule for problem in one.problems] for one in checked}

    expected = {
        "k.session.toml": ["syntax"], "n.session.toml": ["filtered"],
        "sub/r1.session.toml": [], "sub/r2.session.toml": ["unknown-key"],
    }  # fmt: skip
    assert found(git_repo.path) == expected
    assert found(git_repo.path / "sub") == {
        name.removeprefix("sub/") if "/" in name else f"../{name}": rules
        for name, rules in expected.items()
    }
