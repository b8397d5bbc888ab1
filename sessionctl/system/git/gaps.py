"""Gaps: what a clone does not hold of a repository's history, and a git that fetches none of it."""

from __future__ import annotations

from sessionctl.core.frozen_class import replace
from sessionctl.system.git.program import Git


def offline(git: Git) -> Git:
    """Return ``git`` as one that never gets missing objects from a remote.

    A partial clone would fetch each content that is read; that is network use nobody asked
    for. Git before 2.44 does not know the first variable; the second forbids all transports.
    """
    never = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    return replace(git, environ={**git.environ, **never})


def is_shallow(git: Git) -> bool:
    """Return whether the history of this clone was cut off somewhere."""
    return git.text("rev-parse", "--is-shallow-repository", ok=(0, 128)) == "true"


def is_partial(git: Git) -> bool:
    """Return whether a remote keeps some of the objects of this clone."""
    return bool(git.text("config", "--get-regexp", r"^remote\..*\.promisor$", ok=(0, 1)))


def has_commits(git: Git) -> bool:
    """Return whether any commit is there; one that cannot be read counts."""
    done = git.run("rev-list", "-n", "1", "--all", "--reflog", ok=(0, 128), timeout_s=None)
    return done.returncode != 0 or bool(done.stdout.strip())


def count_missing(git: Git) -> int:
    """Return how many objects that a branch, a tag or the reflog leads to are not there."""
    done = git.run(
        "rev-list", "--objects", "--all", "--reflog", "--missing=print", "--no-object-names",
        ok=(0, 128), timeout_s=None,
    )  # fmt: skip
    missing = sum(line.startswith(b"?") for line in done.stdout.splitlines())
    return missing + (done.returncode != 0)
