"""Git's pre-commit hook: where it is, whose it is, and the steps that put ours there and away."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import GitError, NoRepositoryError
from sessionctl.services.git.hook import (
    CALL,
    HOOK,
    KEPT,
    SCRIPT,
    Hook,
    hook_path,
    plan_hook,
    plan_unhook,
    read_hook,
)
from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile
from sessionctl.system.git.program import Git
from tests.together import together

FOREIGN = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def place(git_repo):
    return git_repo.path / ".git" / "hooks" / HOOK


@pytest.fixture
def git(git_repo):
    return Git(os.environ, git_repo.path)


def put(path, text, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def refused(call, *arguments, **more):
    with pytest.raises(GitError) as caught:
        call(*arguments, **more)
    return caught.value.message, list(caught.value.hints)


def test_where_git_looks_for_hooks(git_repo, git, place, home):
    assert hook_path(git) == place
    top = git_repo.path
    for configured, found in (
        ("my/../hooks.d", top / "hooks.d" / HOOK), ("/etc/hooks/", "/etc/hooks/pre-commit"),
        ("~/hooks", home / "hooks" / HOOK), ("no-file", None),
    ):  # fmt: skip
        git_repo.run("config", "core.hooksPath", configured)
        (top / "no-file").write_text("")
        assert str(hook_path(git)) == str(found)
    assert refused(plan_hook, git) == (
        "core.hooksPath is not a directory: git runs no hooks here",
        ["see who sets it: git config --show-origin core.hooksPath"],
    )
    assert plan_unhook(git) == ()
    with pytest.raises(NoRepositoryError):
        hook_path(Git(os.environ, home))


def test_a_place_for_all_repositories_is_the_user_s_own_directory(git_repo, git, home):
    nowhere = (
        "core.hooksPath names no directory of hooks for all repositories of this user",
        ["run it in each repository: sessionctl git install --hook"],
    )
    git_repo.run("config", "core.hooksPath", "/etc/hooks")
    assert hook_path(git, for_all=True) is None
    assert refused(plan_hook, git, for_all=True) == nowhere
    for configured, found in (
        ("~/hooks", home / "hooks" / HOOK), ("relative", None), ("~/no-file", None),
    ):  # fmt: skip
        git_repo.run("config", "--global", "core.hooksPath", configured)
        (home / "no-file").write_text("")
        assert hook_path(git, for_all=True) == found
    git_repo.run("config", "--global", "core.hooksPath", "~/hooks")
    path = home / "hooks" / HOOK
    assert plan_hook(git, for_all=True) == (WriteFile(path, None, SCRIPT), MakeExecutable(path))
    put(path, SCRIPT)
    assert plan_unhook(git, for_all=True) == (WriteFile(path, SCRIPT, None),)
    assert plan_unhook(git, for_all=True, own_only=True) == ()


@together(
    "text, mode, is_ours, calls_us",
    [
        (None, 0, False, False), (SCRIPT, 0o755, True, True), (SCRIPT, 0o644, True, True),
        (FOREIGN, 0o755, False, False), (f"{FOREIGN}{CALL} || exit\n", 0o755, False, True),
    ],
)  # fmt: skip
def test_whose_a_hook_is(tmp_path, text, mode, is_ours, calls_us):
    path = tmp_path / HOOK
    if text is not None:
        put(path, text, mode)
    found = read_hook(path)
    content = None if text is None else text.encode()
    assert found == Hook(path, content, text is not None and mode == 0o755, False)
    assert (found.is_ours, found.calls_us, found.kept) == (is_ours, calls_us, tmp_path / KEPT)


def test_a_framework_of_hooks_calls_ours_where_it_kept_it(tmp_path):
    path = put(tmp_path / HOOK, "#!/bin/sh\n# https://pre-commit.com\n")
    assert not read_hook(path).calls_us
    put(tmp_path / f"{HOOK}.legacy", FOREIGN)
    assert not read_hook(path).calls_us
    put(tmp_path / f"{HOOK}.legacy", SCRIPT)
    assert read_hook(path).calls_us
    put(path, FOREIGN)
    assert not read_hook(path).calls_us


def test_a_link_to_nowhere_is_a_hook_that_does_nothing(tmp_path):
    path = tmp_path / HOOK
    path.symlink_to("none")
    (tmp_path / KEPT).symlink_to("none")
    assert read_hook(path) == Hook(path, b"", False, True)


def test_the_steps_that_put_ours_there_and_away_again(git, place):
    kept = place.with_name(KEPT)
    write, make = WriteFile(place, None, SCRIPT), MakeExecutable(place)
    assert plan_hook(git) == (write, make)
    assert plan_unhook(git) == ()
    put(place, SCRIPT, 0o644)
    assert plan_hook(git) == (make,)
    put(place, SCRIPT)
    assert plan_hook(git) == ()
    assert plan_unhook(git) == plan_unhook(git, own_only=True) == (WriteFile(place, SCRIPT, None),)
    put(place, FOREIGN)
    assert plan_hook(git) == (MoveFile(place, kept), write, make)
    assert plan_unhook(git) == ()
    put(kept, FOREIGN)
    put(place, SCRIPT)
    assert plan_unhook(git) == (WriteFile(place, SCRIPT, None), MoveFile(kept, place))
    put(place, f"{SCRIPT}# mine\n")
    assert refused(plan_unhook, git) == (
        f"{place}: was edited since sessionctl wrote it",
        [f"take '{CALL}' out of it by hand, or remove it; then run this again"],
    )
    put(place, FOREIGN)
    add = f"add this line to it: {CALL} || exit"
    assert refused(plan_hook, git) == (
        f"{kept}: in the way: a hook was kept there, and another one came since",
        [f"move it away, or leave {HOOK} in place and {add}"],
    )
    kept.unlink()
    put(place, '#!/bin/sh\ncase "$(basename "$0")" in x) ;; esac\n')
    assert refused(plan_hook, git) == (
        f"{place}: acts by the name it is called by, so it cannot be moved",
        [f"leave it in place and {add}"],
    )


@together(
    "line, is_moved",
    [
        ('name=$(basename "$0")', False), ("name=`basename ${0}`", False), ("n=${0##*/}", False),
        ("os.path.basename(__file__)", False), ("basename(sys.argv[0])", False),
        ('. "$(dirname "$0")/_/husky.sh"', False), ("source ${0}.d/x", False),
        ('echo "$0"', True), ("basename x", True), ("echo . $0", True), ("basename $1", True),
    ],
)  # fmt: skip
def test_a_hook_that_acts_by_its_name_stays(git, place, line, is_moved):
    put(place, f"#!/bin/sh\n{line}\n")
    if is_moved:
        assert plan_hook(git)[0] == MoveFile(place, place.with_name(KEPT))
    else:
        assert refused(plan_hook, git)[0].endswith("so it cannot be moved")
