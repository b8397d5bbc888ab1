"""Where a vault that is trusted may be known: here, above, and in other work trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionctl.services.secrets.access.open_vault import info_text
from sessionctl.services.secrets.access.vault_levels import levels_above, vaults_above


def above(levels, top):
    """Return the levels below ``top`` alone, and that all above it are by themselves."""
    rest = levels[-len(top.parents) :]
    assert rest == tuple((str(one),) for one in top.parents)
    return levels[: -len(top.parents)]


def test_each_level_is_known_in_all_work_trees(git_repo, tmp_path):
    git_repo.commit("one", a__txt="1")
    for name in ("two", "three"):
        git_repo.run("worktree", "add", "-q", "--detach", str(tmp_path / name))
    main = git_repo.path.resolve()
    two, three = ((tmp_path / name).resolve() for name in ("two", "three"))
    (main / "sub").mkdir()
    assert above(levels_above(main / "sub"), main) == (
        (str(main / "sub"), str(three / "sub"), str(two / "sub")),
        (str(main), str(three), str(two)),
    )
    assert above(levels_above(two), two) == ((str(two), str(main), str(three)),)


def test_outside_of_git_and_in_a_submodule_each_level_is_alone(tmp_path):
    plain = (tmp_path / "plain").resolve()
    (plain / "sub").mkdir(parents=True)
    assert levels_above(plain / "sub") == tuple(
        (str(one),) for one in (plain / "sub", *(plain / "sub").parents)
    )
    (plain / ".git").write_text("gitdir: ../modules/x\n")
    (tmp_path / "modules" / "x").mkdir(parents=True)
    assert above(levels_above(plain), plain) == ((str(plain),),)
    assert levels_above(Path("/")) == (("/",),)


@pytest.fixture
def vault(tmp_path):
    def make(folder, recipient):
        place = tmp_path / folder / ".sessionctl"
        place.mkdir(parents=True)
        (place / "vault.toml").write_text(recipient)

    return make


def test_the_vaults_above_are_named_as_they_call_themselves(tmp_path, vault):
    key = "age1" + "q" * 58
    vault("a", info_text(key, [key]))
    vault("a/b", "nonsense")
    vault("a/b/c", info_text(key, [key]))
    (tmp_path / "a/b/c/d").mkdir()
    found = list(vaults_above(tmp_path / "a" / "b" / "c" / "d"))
    assert found == [(tmp_path / "a" / "b" / "c", key), (tmp_path / "a", key)]
    assert list(vaults_above(tmp_path / "a" / "b" / "c")) == [(tmp_path / "a", key)]
