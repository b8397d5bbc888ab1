"""Installing and uninstalling in real repositories: what is written, and that it goes again."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.git.conftest import BASE, read_answer
from tests.git.inprocess import run_inside
from tests.world import GitRepo, need

ATTRIBUTES = """\
*.session.toml merge=sessionctl diff=sessionctl
*.session.toml##* merge=sessionctl diff=sessionctl
*.secrets.toml merge=sessionctl diff=sessionctl
*.secrets.toml##* merge=sessionctl diff=sessionctl
"""


def install(*options, cwd, command="install", code=0):
    done = run_inside("git", command, *options, cwd=cwd)
    assert done.returncode == code, done.stderr
    return done


def uninstall(*options, cwd):
    return install(*options, cwd=cwd, command="uninstall")


def snapshot(directory):
    """Return every file below ``directory`` with its bytes."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "objects" not in path.parts
    }


def test_install_writes_the_drivers_and_the_attributes(program_path, git_repo):
    install(cwd=git_repo.path)
    assert git_repo.read(".gitattributes") == (
        f"# >>> sessionctl >>> [new file]\n{ATTRIBUTES}# <<< sessionctl <<<\n"
    )
    driver = git_repo.run("config", "--local", "merge.sessionctl.driver").stdout
    found = "command -v sessionctl >/dev/null 2>&1 &&"
    assert (
        f"{found} SESSIONCTL_WARM=${{SESSIONCTL_WARM:-$PPID}} sessionctl git merge-driver "
        in driver
    )
    assert "git merge-file" in driver


def test_install_says_what_comes_next(program_path, git_repo):
    done = install(cwd=git_repo.path)
    assert "hint: commit .gitattributes" in done.stderr
    assert "sessionctl git status" in done.stderr
    assert done.stdout == ""


def test_install_twice_changes_nothing(program_path, git_repo):
    install(cwd=git_repo.path)
    before = snapshot(git_repo.path)
    done = install(cwd=git_repo.path)
    assert "nothing to install" in done.stderr
    assert snapshot(git_repo.path) == before


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_a_dry_run_prints_the_plan_and_writes_nothing(program_path, git_repo, command):
    if command == "uninstall":
        install(cwd=git_repo.path)
    before = snapshot(git_repo.path)
    done = install("--dry-run", cwd=git_repo.path, command=command)
    assert snapshot(git_repo.path) == before
    assert str(git_repo.path / ".gitattributes") in done.stdout
    assert "git config --local " in done.stdout


def test_the_printed_plan_is_what_install_does(program_path, git_repo):
    plan = install("--dry-run", cwd=git_repo.path).stdout
    for line in plan.splitlines():
        if line.startswith("git config"):
            subprocess.run(line, shell=True, cwd=git_repo.path, check=True)
    (git_repo.path / ".gitattributes").write_text(
        "".join(line[4:] + "\n" for line in plan.splitlines() if line.startswith("  + "))
    )
    assert "nothing to install" in install(cwd=git_repo.path).stderr


@pytest.mark.parametrize(
    ("attributes", "config_end"),
    [
        (None, ""),
        ("", "[user]\n\tname = A"),
        ("*.png binary\n", "# note\n"),
        ("*.png binary", "\n"),
        ("a b\r\n", ""),
        ("\ufeff*.x y\n", "[user]"),
        ("\n\n", "\n\n"),
    ],
)
def test_uninstall_gives_every_file_back_byte_for_byte(
    program_path, git_repo, attributes, config_end
):
    if attributes is not None:
        git_repo.write(".gitattributes", attributes)
    config = git_repo.path / ".git" / "config"
    config.write_text(config.read_text() + config_end)
    before = snapshot(git_repo.path)
    install(cwd=git_repo.path)
    assert snapshot(git_repo.path) != before
    uninstall(cwd=git_repo.path)
    assert snapshot(git_repo.path) == before


def test_uninstall_where_nothing_is_installed_changes_nothing(program_path, git_repo):
    before = snapshot(git_repo.path)
    assert "nothing to uninstall" in uninstall(cwd=git_repo.path).stderr
    assert snapshot(git_repo.path) == before


def test_lines_added_around_the_block_stay(program_path, git_repo):
    git_repo.write(".gitattributes", "*.a x")
    install(cwd=git_repo.path)
    git_repo.write(".gitattributes", git_repo.read(".gitattributes") + "*.b y\n")
    uninstall(cwd=git_repo.path)
    assert git_repo.read(".gitattributes") == "*.a x\n*.b y\n"


def test_more_patterns_can_be_handed_over_and_stay(program_path, git_repo):
    install("--pattern", "Cargo.toml", cwd=git_repo.path)
    install("--pattern", "my dir/*.toml", cwd=git_repo.path)
    install(cwd=git_repo.path)
    checked = git_repo.run("check-attr", "merge", "Cargo.toml", "my dir/a.toml", "b.toml").stdout
    assert checked == (
        "Cargo.toml: merge: sessionctl\n"
        "my dir/a.toml: merge: sessionctl\n"
        "b.toml: merge: unspecified\n"
    )


@pytest.mark.parametrize("pattern", ["", " ", "!x", "a\nb"])
def test_a_pattern_that_git_does_not_read_is_refused(program_path, git_repo, pattern):
    done = install("--pattern", pattern, cwd=git_repo.path, code=2)
    assert "--pattern: expected a pattern of .gitattributes" in done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("*.x y\n# >>> sessionctl >>>\n*.z\n", "2:1: '# >>> sessionctl >>>' without"),
        ("# <<< sessionctl <<<\n", "1:1: '# <<< sessionctl <<<' without"),
        (f"# >>> sessionctl >>>\n{ATTRIBUTES}# <<< sessionctl <<<\n" * 2, "7:1: a second block"),
    ],
)
def test_a_broken_block_is_refused_with_its_place(program_path, git_repo, text, place):
    path = git_repo.write(".gitattributes", text)
    before = snapshot(git_repo.path)
    for command in ("install", "uninstall"):
        done = install(cwd=git_repo.path, command=command, code=1)
        assert f"{path}:{place}" in done.stderr
        assert "hint: edit the file" in done.stderr
    assert snapshot(git_repo.path) == before


def test_outside_of_a_repository_install_says_what_to_do(program_path, tmp_path):
    need("git")
    done = install(cwd=tmp_path, code=3)
    assert f"{tmp_path}: not in a git repository" in done.stderr
    assert "--global" in done.stderr


@pytest.mark.parametrize("has_xdg_home", [True, False])
def test_a_global_install_works_in_a_repository_and_goes_again(
    program_path, git_repo, home, monkeypatch, has_xdg_home
):
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    if not has_xdg_home:
        monkeypatch.delenv("XDG_CONFIG_HOME")
    before = snapshot(home)
    install("--global", cwd=git_repo.path.parent)
    git_repo.write("a.session.toml", BASE)
    git_repo.commit()
    assert run_inside("git", "status", cwd=git_repo.path).returncode == 0
    config_home = "config" if has_xdg_home else ".config"
    assert (home / config_home / "git" / "attributes").exists()
    uninstall("--global", cwd=git_repo.path.parent)
    assert snapshot(home) == before


def test_a_global_install_uses_the_attributes_file_git_is_configured_for(
    program_path, git_repo, home
):
    git_repo.run("config", "--global", "core.attributesFile", "~/my attributes")
    (home / "my attributes").write_text("*.x y\n")
    before = snapshot(home)
    install("--global", cwd=git_repo.path)
    checked = git_repo.run("check-attr", "merge", "a.session.toml").stdout
    assert checked.endswith("sessionctl\n")
    uninstall("--global", cwd=git_repo.path)
    assert snapshot(home) == before


def test_a_global_install_uses_gits_second_configuration_file_when_only_that_is_there(
    program_path, git_repo, home, monkeypatch
):
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    (home / "config" / "git").mkdir(parents=True)
    (home / "config" / "git" / "config").write_text("[user]\n\tname = A")
    before = snapshot(home)
    install("--global", cwd=git_repo.path)
    assert not (home / ".gitconfig").exists()
    uninstall("--global", cwd=git_repo.path)
    assert snapshot(home) == before


@pytest.mark.parametrize("known", [(), ("GIT_CONFIG_GLOBAL",), ("XDG_CONFIG_HOME",)])
def test_without_home_a_global_install_says_so(program_path, tmp_path, monkeypatch, known):
    need("git")
    for name in ("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"):
        if name not in known:
            monkeypatch.delenv(name)
    assert "HOME" in install("--global", cwd=tmp_path, code=3).stderr


@pytest.mark.parametrize("before", [None, "[user]\n\tname = A"])
def test_settings_added_since_the_install_stay(program_path, tmp_path, home, monkeypatch, before):
    need("git")
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    config = home / ".gitconfig"
    if before is not None:
        config.write_text(before)
    install("--global", cwd=tmp_path)
    GitRepo(tmp_path).run("config", "--global", "x.y", "z")
    uninstall("--global", cwd=tmp_path)
    assert config.read_text() == (f"{before}\n" if before else "") + "[x]\n\ty = z\n"


def test_one_work_tree_alone_can_be_installed(program_path, git_repo, tmp_path):
    git_repo.commit()
    git_repo.run("config", "extensions.worktreeConfig", "true")
    other = GitRepo(tmp_path / "other")
    git_repo.run("worktree", "add", "--quiet", str(other.path))
    before = snapshot(git_repo.path)
    install("--worktree", cwd=other.path)
    assert other.run("config", "merge.sessionctl.name").returncode == 0
    assert git_repo.run("config", "merge.sessionctl.name", check=False).returncode == 1
    uninstall("--worktree", cwd=other.path)
    assert snapshot(git_repo.path) == before


@pytest.mark.slow
def test_a_repository_whose_git_directory_lies_apart_gets_no_file_among_the_users_own(
    program_path, home, tmp_path
):
    need("git")
    bare = tmp_path / "dotfiles"
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    before = snapshot(home)
    place = ("--git-dir", str(bare), "--work-tree", str(home))
    install(*place, cwd=tmp_path)
    assert ATTRIBUTES in (bare / "info" / "attributes").read_text()
    assert snapshot(home) == before

    def git(*arguments):
        return GitRepo(home).run(f"--git-dir={bare}", f"--work-tree={home}", *arguments)

    (home / "a.session.toml").write_text(BASE)
    git("add", "a.session.toml")
    git("commit", "--quiet", "--message", "base")
    git("checkout", "--quiet", "-b", "topic")
    (home / "a.session.toml").write_text(BASE.replace("tiled", "even"))
    git("commit", "--quiet", "--all", "--message", "topic")
    git("checkout", "--quiet", "main")
    (home / "a.session.toml").write_text(BASE.replace("~/src/api", "~/api"))
    git("commit", "--quiet", "--all", "--message", "main")
    git("merge", "topic")
    merged = BASE.replace("tiled", "even").replace("~/src/api", "~/api")
    assert (home / "a.session.toml").read_text() == merged
    status = run_inside("git", "status", *place, "--json", cwd=tmp_path)
    assert json.loads(status.stdout)["files"] == [
        {"path": "a.session.toml", "merge": "sessionctl", "diff": "sessionctl"}
    ]
    uninstall(*place, cwd=tmp_path)
    assert not (bare / "info" / "attributes").exists()


def test_attributes_behind_a_symlink_which_git_does_not_read_are_not_written(
    program_path, git_repo
):
    git_repo.write("real", "*.x y\n")
    (git_repo.path / ".gitattributes").symlink_to("real")
    before = snapshot(git_repo.path)
    install(cwd=git_repo.path)
    assert git_repo.read("real") == "*.x y\n"
    checked = git_repo.run("check-attr", "merge", "a.session.toml").stdout
    assert checked == "a.session.toml: merge: sessionctl\n"
    uninstall(cwd=git_repo.path)
    assert snapshot(git_repo.path) == before


def test_the_repository_named_by_the_environment_is_meant(
    program_path, home, tmp_path, monkeypatch
):
    need("git")
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "dotfiles")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "dotfiles"))
    monkeypatch.setenv("GIT_WORK_TREE", str(home))
    install(cwd=home)
    assert ATTRIBUTES in (tmp_path / "dotfiles" / "info" / "attributes").read_text()


def test_the_plan_is_there_as_json_too(program_path, git_repo):
    answer = read_answer(install("--dry-run", "--json", cwd=git_repo.path).stdout, "git-install")
    assert answer["schema"] == "sessionctl/v1"
    assert answer["done"] is False
    assert {step["action"] for step in answer["steps"]} == {"set-config", "write-file"}
    answer = read_answer(install("--json", cwd=git_repo.path).stdout, "git-install")
    assert answer["done"] is True
    answer = read_answer(
        install("--json", "-n", cwd=git_repo.path, command="uninstall").stdout, "git-install"
    )
    assert {step["action"] for step in answer["steps"]} == {"remove-section", "write-file"}


def test_the_plan_for_a_configuration_file_that_was_not_there_is_json_too(
    program_path, tmp_path, monkeypatch
):
    need("git")
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    install("--global", cwd=tmp_path)
    done = install("--global", "--json", "-n", cwd=tmp_path, command="uninstall")
    answer = read_answer(done.stdout, "git-install")
    assert answer["steps"][-1]["action"] == "restore-config"
