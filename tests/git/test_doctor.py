"""sessionctl doctor: every fault is really made, and found; a healthy set-up has none."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from sessionctl._version import __version__
from sessionctl.services.doctor import CHECKS, Setup, examine
from sessionctl.services.doctor.checks import installation_facts
from sessionctl.services.machine import Machine
from sessionctl.system.git.program import Git
from tests.git.conftest import folders_without_program, read_answer
from tests.git.inprocess import run_inside
from tests.git.test_hooks import hook_of, snapshot, write_hook
from tests.record import note
from tests.world import GitRepo, need, run_sessionctl

NAME = "api.session.toml"
GOOD = 'schema_version = 1\nname = "api"\nroot = "~/src"\n'
INSTALL = "sessionctl git install"
HOOK = "sessionctl git install --hook"
COMMAND = re.compile(
    r"(?:\S+/)?(?:sessionctl|python\S* -m|pipx|type|chmod|ls|rm|mv) ?|git (?!does|has|is|merges)"
    r"""|"\$\{EDITOR|export PATH=|echo '|sudo |install git|cat """
)
BLOCK = "<<<<<<< main\na = 1\n||||||| base\n=======\na = 2\n>>>>>>> topic\n"


def machine(**changes):
    known = {"python": (3, 11, 0), "executable": "/nowhere/python"}
    return Machine(os.environ, **{**known, **changes})


@pytest.fixture
def look(program_path, monkeypatch):
    """Return a function that examines a directory: the findings by the id of the check.

    ``check`` is the id of the one that is made; without it, all are.
    The sessionctl on PATH is the one that looks, and alone there: a check starts each other one.
    """
    monkeypatch.setenv("PATH", os.pathsep.join([str(program_path), *folders_without_program()]))
    started_as = str(program_path / "sessionctl")

    def examined(path, *, check="", place=None, **changes):
        git = Git(os.environ, Path(path), **(place or {}))
        changes = {"started_as": started_as, **changes}
        checks = [one for one in CHECKS if check in ("", one.id)]
        found = {f.check.id: f for f in examine(Setup(git, machine(**changes)), checks)}
        for fault in (fault for finding in found.values() for fault in finding.faults):
            assert not fault.fix or COMMAND.match(fault.fix), fault
        note_findings(found)
        return found

    return examined


def note_findings(found):
    """Put what was found, whole, into the record of the test."""
    for name, finding in found.items():
        if finding.skipped:
            note(f"{name}: skipped: {finding.skipped}")
        for fault in finding.faults if name not in ("git", "watching") else ():
            remedy = f"   (or: doctor --fix, {fault.remedy})" if fault.remedy else ""
            note(f"{name}: {fault.severity}: {fault.message}\n  at: {fault.place}")
            note(f"  fix: {fault.fix}{remedy}")


def unwell(findings):
    """Return what is not as it should be; notes about this very machine are left out."""
    return {
        name: finding.status
        for name, finding in findings.items()
        if finding.status in ("note", "warning", "error") and name not in ("git", "watching")
    }


def only(findings, name):
    """Return the one fault of one check."""
    (fault,) = findings[name].faults
    return fault


@pytest.fixture
def well(program_path, git_place, repository_templates):
    """Return a repository in which all is as it should be."""

    def build():
        git_place.run("init", "--quiet", "--initial-branch=main")
        run_sessionctl("git", "install", "--local", "--hook", cwd=git_place.path)
        git_place.run("config", "rerere.enabled", "true")
        git_place.write(NAME, GOOD)
        git_place.commit("base")

    return repository_templates.fill(git_place, "well", build)


def doctor(path, *options, code=0):
    """Run the doctor as the program on PATH, which a check would start otherwise."""
    with patch.object(sys, "argv", [shutil.which("sessionctl") or ""]):
        done = run_inside("doctor", *options, cwd=path)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_healthy_set_up_has_no_fault(well, look):
    findings = look(well.path)
    assert unwell(findings) == {}
    assert [f.check.id for f in findings.values() if f.skipped] == []


def test_there_are_many_checks_each_with_a_name_of_its_own():
    assert len(CHECKS) >= 20
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", check.id) for check in CHECKS)
    assert all(check.title and check.look.__doc__ for check in CHECKS)


def test_looking_changes_nothing(well):
    hook_of(well).chmod(0o644)
    well.run("config", "--unset", "merge.sessionctl.driver")
    before = snapshot(well.path)
    doctor(well.path, code=1)
    assert snapshot(well.path) == before


class TestMachine:
    def test_an_old_python(self, well, look):
        findings = look(well.path, python=(3, 10, 4))
        assert unwell(findings) == {"python": "error"}
        assert "Python 3.10 is too old" in only(findings, "python").message

    def test_a_program_that_git_does_not_find(self, well, look, program_path, monkeypatch):
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        findings = look(well.path)
        assert unwell(findings) == {"program": "error"}
        fix = only(findings, "program").fix
        assert fix == f'export PATH={program_path}:"$PATH"'
        told = subprocess.run(["sh", "-c", f"{fix}; command -v sessionctl"], capture_output=True)
        assert told.stdout.decode().strip() == str(program_path / "sessionctl")
        assert (
            only(look(well.path, started_as="", check="program"), "program").fix
            == "pipx install sessionctl"
        )

    def test_another_version_on_path(self, well, look, tmp_path, monkeypatch):
        write_hook(tmp_path / "old" / "sessionctl", "#!/bin/sh\necho sessionctl 0.0.1\n")
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{tmp_path / 'old'}")
        findings = look(well.path)
        assert unwell(findings) == {"versions": "warning"}
        fault = only(findings, "versions")
        assert fault.message.startswith(f"version 0.0.1, where this one is {__version__}")
        assert fault.place == str(tmp_path / "old" / "sessionctl")

    def test_one_program_by_two_names_is_told_once(self, well, look, tmp_path, monkeypatch):
        write_hook(tmp_path / "old" / "sessionctl", "#!/bin/sh\necho sessionctl 0.0.1\n")
        (tmp_path / "other").symlink_to("old")
        added = f"{tmp_path / 'old'}:{tmp_path / 'other'}"
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{added}")
        assert only(look(well.path, check="versions"), "versions").place == str(
            tmp_path / "old" / "sessionctl"
        )

    @pytest.mark.parametrize(("is_first", "status"), [(True, "error"), (False, "warning")])
    def test_a_program_that_does_not_run(self, well, look, tmp_path, monkeypatch, is_first, status):
        write_hook(tmp_path / "bad" / "sessionctl", "#!/bin/sh\necho no module >&2\nexit 1\n")
        directories = [str(tmp_path / "bad"), os.environ["PATH"]]
        monkeypatch.setenv("PATH", ":".join(directories if is_first else directories[::-1]))
        findings = look(well.path)
        assert unwell(findings) == {"versions": status}
        assert "no module" in only(findings, "versions").message

    def test_a_program_that_says_nothing_is_of_an_unknown_version(
        self, well, look, tmp_path, monkeypatch
    ):
        write_hook(tmp_path / "bad" / "sessionctl", "#!/bin/sh\n")
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{tmp_path / 'bad'}")
        assert "version unknown" in only(look(well.path, check="versions"), "versions").message

    def test_a_file_in_the_place_of_a_directory(self, well, look, home):
        (home / "state").write_text("")
        fault = only(look(well.path, check="directories"), "directories")
        assert fault.message == (
            f"the directory for state cannot be made: {home}/state is not a directory"
        )
        assert fault.place == str(home / "state" / "sessionctl")
        (home / "state").unlink()
        (home / "state").symlink_to("gone")
        assert "leads nowhere" in only(look(well.path, check="directories"), "directories").message

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_directory_that_cannot_be_written(self, well, look, home):
        (home / "state").mkdir(mode=0o500)
        fault = only(look(well.path, check="directories"), "directories")
        assert fault.fix == f"chmod u+rwx {home}/state"

    def test_a_directory_that_the_system_does_not_let_write(self, well, look, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_: False)
        faults = look(well.path, check="directories")["directories"].faults
        assert [fault.message for fault in faults] == [
            "the directory for settings cannot be written",
            "the directory for state cannot be written",
        ]

    @pytest.mark.parametrize("is_project", [False, True])
    @pytest.mark.parametrize("kind", ["syntax", "value", "loop", "dangling"])
    def test_settings_that_cannot_be_read(self, well, look, home, kind, is_project):
        file = home / "config" / "sessionctl" / "config.toml"
        if is_project:
            file = well.path / ".sessionctl.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        place, fix = str(file), f"ls -ld {file}"
        if kind in ("loop", "dangling"):
            file.symlink_to(file.name if kind == "loop" else "not-there")
        else:
            file.write_text("oops = [\n" if kind == "syntax" else "[merge]\nprefer = 1\n")
            fix = "sessionctl config edit" + (" --project" if is_project else "")
        findings = look(well.path, check="settings-files")
        assert findings["settings-files"].status == "error"
        fault = only(findings, "settings-files")
        assert fault.place.startswith(place)
        assert fault.fix == fix


class TestGit:
    def test_limits_of_watching_that_are_low(self, well, look, monkeypatch, tmp_path):
        (tmp_path / "max_user_instances").write_text("4\n")
        (tmp_path / "max_user_watches").write_text("65536\n")
        monkeypatch.setattr(installation_facts, "_INOTIFY", tmp_path)
        finding = look(well.path, check="watching")["watching"]
        assert finding.status == "note"
        fix = only({"watching": finding}, "watching").fix
        assert fix == "sudo sysctl -w fs.inotify.max_user_instances=128"
        monkeypatch.setattr(installation_facts, "_INOTIFY", tmp_path / "not-linux")
        assert look(well.path, check="watching")["watching"].status == "ok"

    def test_a_missing_git(self, look, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        findings = look(tmp_path)
        assert findings["git"].status == "error"
        assert only(findings, "git").message == "git: not found on PATH"
        assert only(findings, "git").fix.startswith("install git")
        assert findings["driver"].skipped == "git does not work here"

    @pytest.mark.parametrize(("version", "status"), [("2.39.5", "note"), ("2.44.0", "ok")])
    def test_an_older_git_is_worth_a_note(self, well, look, program_path, version, status):
        real = need("git")
        write_hook(
            program_path / "git",
            f'#!/bin/sh\n[ "$1" = version ] && echo git version {version} && exit\n'
            f'exec {real} "$@"\n',
        )
        assert look(well.path, check="git")["git"].status == status

    def test_outside_of_a_repository_its_checks_are_skipped(self, program_path, tmp_path, look):
        need("git")
        findings = look(tmp_path)
        assert unwell(findings) == {"driver": "note"}
        assert only(findings, "driver").fix == f"{INSTALL} --global"
        for name in ("repository", "attributes", "hook", "valid", "ignored", "rerere"):
            assert findings[name].skipped == "not in a git repository"

    def test_a_repository_that_git_refuses(self, well, look, monkeypatch):
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        findings = look(well.path)
        assert findings["repository"].status == "error"
        fault = only(findings, "repository")
        assert fault.fix == f"git config --global --add safe.directory {well.path}"
        assert findings["valid"].skipped == "git does not work here"
        subprocess.run(["sh", "-c", fault.fix], check=True)
        assert look(well.path, check="repository")["repository"].status == "ok"

    def test_a_broken_configuration(self, well, look):
        config = well.path / ".git" / "config"
        config.write_text(config.read_text() + "[broken\n")
        findings = look(well.path, check="repository")
        assert "bad config line" in only(findings, "repository").message
        assert only(findings, "repository").fix == "git status"

    def test_a_driver_that_is_not_installed(self, well, look):
        run_inside("git", "uninstall", cwd=well.path)
        well.run("rm", "--quiet", "--cached", ".gitattributes")
        findings = look(well.path)
        assert unwell(findings) == {
            "driver": "error",
            "attributes": "error",
            "diff-attributes": "warning",
            "hook": "note",
        }
        assert only(findings, "driver").fix == INSTALL
        assert findings["settings"].skipped

    def test_without_session_files_nothing_need_be_installed(self, program_path, git_repo, look):
        findings = look(git_repo.path)
        assert set(unwell(findings).values()) == {"note"}
        assert findings["valid"].skipped == "no session file is tracked here"

    def test_a_clone_that_was_not_set_up(self, well, look, tmp_path):
        well.run("clone", "--quiet", ".", str(tmp_path / "clone"))
        findings = look(tmp_path / "clone")
        assert findings["driver"].status == "error"
        assert findings["attributes"].status == "ok"

    def test_a_name_without_a_command(self, well, look):
        well.run("config", "--unset", "merge.sessionctl.driver")
        well.commit("more", api__session__toml=GOOD + "options = {}\n")
        findings = look(well.path)
        assert unwell(findings) == {"driver-command": "error"}
        fault = only(findings, "driver-command")
        assert (fault.place, fault.fix) == ("merge.sessionctl.driver", INSTALL)
        assert findings["driver"].skipped == "see driver-command"

    @pytest.mark.parametrize("scope", ["--local", "--global"])
    def test_a_name_without_a_command_of_another_driver(self, well, look, scope):
        well.write(".git/info/attributes", "*.toml merge=other\n")
        well.run("config", scope, "merge.other.name", "x")
        findings = look(well.path)
        assert unwell(findings) == {"driver-command": "error", "foreign-attributes": "error"}
        fault = only(findings, "driver-command")
        assert fault.fix == f"git config {scope} --remove-section merge.other"
        well.run(*fault.fix.split()[1:])
        assert look(well.path, check="driver-command")["driver-command"].status == "ok"

    def test_settings_of_another_version(self, well, look):
        well.run("config", "merge.sessionctl.driver", "sessionctl git merge-driver %O %A %B")
        findings = look(well.path)
        assert unwell(findings) == {"settings": "warning"}
        assert only(findings, "settings").place == "merge.sessionctl.driver"

    @pytest.mark.parametrize("command", ["no-such-program", "/no/such/program -x", "'no such' x"])
    def test_a_textconv_program_that_is_missing(self, well, look, command):
        well.run("config", "diff.sessionctl.textconv", command)
        well.write(NAME, GOOD + "options = {}\n")
        assert well.run("diff", check=False).returncode != 0
        findings = look(well.path)
        assert unwell(findings) == {"textconv": "error", "settings": "warning"}
        assert only(findings, "textconv").place == "diff.sessionctl.textconv"

    @pytest.mark.parametrize(
        "command", ["cat", "f() { nosuch; }; f", "'open", "$NOSUCH x", "X=1 nosuch"]
    )
    def test_a_textconv_that_is_there_or_takes_a_shell_to_tell(self, well, look, command):
        well.run("config", "diff.sessionctl.textconv", command)
        assert look(well.path, check="textconv")["textconv"].status == "ok"

    def test_a_diff_program_that_is_missing(self, well, look):
        well.run("config", "diff.sessionctl.command", "no-such-program")
        findings = look(well.path)
        assert unwell(findings) == {"textconv": "error"}
        fault = only(findings, "textconv")
        assert fault.fix == "git config --local --unset diff.sessionctl.command"
        assert not fault.remedy

    def test_a_missing_memory_of_conflicts_is_worth_a_note(self, well, look):
        well.run("config", "--unset", "rerere.enabled")
        shutil.rmtree(well.path / ".git" / "rr-cache", ignore_errors=True)
        assert unwell(look(well.path)) == {"rerere": "note"}
        (well.path / ".git" / "rr-cache").mkdir()
        assert unwell(look(well.path)) == {}
        well.run("config", "rerere.enabled", "false")
        assert unwell(look(well.path)) == {"rerere": "note"}


class TestAttributes:
    def test_a_file_that_is_not_handed_over(self, well, look):
        well.write("sub/b.session.toml", GOOD)
        well.write("sub/.gitattributes", "b.session.toml !merge\n")
        well.commit()
        findings = look(well.path)
        assert unwell(findings) == {"attributes": "error"}
        assert only(findings, "attributes").place == "sub/b.session.toml"
        assert (
            only(look(well.path / "sub", check="attributes"), "attributes").place
            == "b.session.toml"
        )

    @pytest.mark.parametrize(
        ("place", "line", "merge"),
        [
            (".git/info/attributes", "*.toml merge=union", "union"),
            (".gitattributes", "/a*.session.toml merge=binary", "binary"),
            (".git/info/attributes", "*.toml -merge", "unset"),
            (".git/info/attributes", "api.session.toml merge", "set"),
            (".git/info/attributes", "*.toml binary", "unset"),
        ],
    )
    def test_another_driver_that_wins(self, well, look, place, line, merge):
        old = well.read(place) if (well.path / place).exists() else ""
        well.write(place, f"{old}*.png merge=union -merge binary merge\n{line}\n")
        findings = look(well.path, check="foreign-attributes")
        assert findings["foreign-attributes"].status == "error"
        fault = only(findings, "foreign-attributes")
        number = well.read(place).count("\n")
        assert fault.message == f"git merges it by 'merge={merge}', not by key"
        assert fault.place == f"{place}:{number}"
        assert fault.fix == f'"${{EDITOR:-vi}}" +{number} {place}'

    def test_another_driver_that_wins_below(self, well, look):
        well.write("sub/.gitattributes", "x/*.toml merge=union\n")
        well.write(f"sub/x/{NAME}", GOOD)
        well.commit()
        fault = only(
            look(well.path / "sub" / "x", check="foreign-attributes"), "foreign-attributes"
        )
        assert fault.place == "../.gitattributes:1"

    def test_another_driver_whose_line_is_not_found(self, well, look):
        well.write(".git/info/attributes", "[attr]other merge=union\n*.toml other\n")
        fault = only(look(well.path, check="foreign-attributes"), "foreign-attributes")
        assert fault.place == NAME
        assert fault.fix == f"git check-attr -a -- {NAME}"

    def test_a_file_that_git_diff_shows_as_it_is(self, well, look):
        well.write(".git/info/attributes", "*.toml diff=other\n")
        findings = look(well.path)
        assert unwell(findings) == {"diff-attributes": "warning"}
        assert only(findings, "diff-attributes").fix == f"git check-attr -a -- {NAME}"
        well.write(".git/info/attributes", "*.toml !diff\n")
        assert only(look(well.path, check="diff-attributes"), "diff-attributes").fix == INSTALL

    def test_a_broken_block(self, well, look):
        well.write(".gitattributes", well.read(".gitattributes").replace("# <<<", "# <"))
        findings = look(well.path)
        assert unwell(findings) == {"attributes-block": "error"}
        fault = only(findings, "attributes-block")
        assert fault.place == f"{well.path}/.gitattributes:1:1"
        assert fault.fix == f'"${{EDITOR:-vi}}" +1 {well.path}/.gitattributes'
        assert "without" in fault.message

    def test_attributes_that_are_not_in_git(self, well, look):
        well.run("rm", "--quiet", "--cached", ".gitattributes")
        findings = look(well.path)
        assert unwell(findings) == {"shared-attributes": "warning"}
        fix = only(findings, "shared-attributes").fix.removesuffix(" && git commit")
        subprocess.run(["sh", "-c", fix], cwd=well.path, check=True)
        assert unwell(look(well.path)) == {}

    def test_a_global_installation(self, program_path, git_repo, look):
        run_inside("git", "install", "--global", cwd=git_repo.path)
        git_repo.commit("base", api__session__toml=GOOD)
        findings = look(git_repo.path)
        assert set(unwell(findings).values()) == {"note"}
        assert "no block" in findings["shared-attributes"].skipped

    def test_files_that_lie_apart(self, program_path, home, tmp_path, look):
        need("git")
        bare = tmp_path / "dots"
        GitRepo(tmp_path).run("init", "--quiet", "--bare", str(bare))
        options = ("--git-dir", bare, "--work-tree", home)
        run_inside("git", "install", *options, cwd=tmp_path)
        place = (f"--git-dir={bare}", f"--work-tree={home}")
        GitRepo(home).write(f"etc/{NAME}", GOOD + "x = 1\n")
        GitRepo(home).run(*place, "add", f"etc/{NAME}")
        findings = look(tmp_path, place={"git_dir": bare, "work_tree": home})
        assert findings["attributes"].status == "ok"
        assert "outside" in findings["ignored"].skipped
        shown = os.path.relpath(home / "etc" / NAME, tmp_path)
        assert only(findings, "valid").place == f"{shown}:4:1"
        done = doctor(tmp_path, *options, "--json", code=1)
        checks = {check["id"]: check for check in read_answer(done.stdout, "doctor")["checks"]}
        assert checks["valid"]["faults"][0]["place"] == f"{shown}:4:1"

    def test_a_bare_repository_has_no_files(self, program_path, tmp_path, look):
        need("git")
        GitRepo(tmp_path).run("init", "--quiet", "--bare", "bare")
        findings = look(tmp_path / "bare")
        assert findings["valid"].skipped == "this repository has no work tree"
        assert "error" not in unwell(findings).values()


class TestHooks:
    def test_no_hook_is_worth_a_note(self, well, look):
        hook_of(well).unlink()
        assert unwell(look(well.path)) == {"hook": "note"}
        write_hook(hook_of(well), "#!/bin/sh\n")
        assert unwell(look(well.path)) == {"hook": "note"}
        assert only(look(well.path, check="hook"), "hook").fix == HOOK

    def test_a_hook_that_git_does_not_run(self, well, look):
        hook_of(well).chmod(0o644)
        findings = look(well.path)
        assert unwell(findings) == {"hook": "error"}
        assert only(findings, "hook").place == str(hook_of(well))

    def test_a_hook_that_took_the_place_of_ours(self, well, look):
        write_hook(hook_of(well).with_name("pre-commit.before-sessionctl"), "#!/bin/sh\n")
        write_hook(hook_of(well), "#!/bin/sh\n")
        findings = look(well.path)
        assert unwell(findings) == {"hook": "error"}
        assert "sessionctl git hook pre-commit || exit" in only(findings, "hook").message

    def test_a_kept_hook_that_nothing_runs(self, well, look):
        write_hook(hook_of(well).with_name("pre-commit.before-sessionctl"), "#!/bin/sh\n")
        hook_of(well).unlink()
        assert unwell(look(well.path)) == {"hook": "error"}

    def test_a_hook_where_git_does_not_look(self, well, look):
        well.run("config", "core.hooksPath", ".hooks")
        findings = look(well.path)
        assert unwell(findings) == {"hook": "note", "hooks-path": "warning"}
        fault = only(findings, "hooks-path")
        assert (fault.place, fault.fix) == ("core.hooksPath", HOOK)
        write_hook(well.path / ".hooks" / "pre-commit", hook_of(well).read_text())
        assert unwell(look(well.path)) == {}

    def test_hooks_that_are_turned_off(self, well, look):
        well.run("config", "core.hooksPath", "/dev/null")
        findings = look(well.path)
        assert unwell(findings) == {"hooks-path": "warning"}
        fault = only(findings, "hooks-path")
        assert fault.fix == "git config --unset core.hooksPath"
        assert not fault.remedy

    def test_hooks_that_are_turned_off_where_ours_was_elsewhere(self, well, look):
        hook_of(well).unlink()
        well.run("config", "core.hooksPath", "/dev/null")
        findings = look(well.path)
        assert unwell(findings) == {"hook": "note"}
        assert only(findings, "hook").fix == "git config --show-origin core.hooksPath"


class TestFiles:
    @pytest.mark.parametrize(
        ("check", "text", "place"),
        [
            ("conflict-markers", GOOD + BLOCK, "4:1"),
            ("conflict-markers", GOOD + f"description = '''\n{BLOCK}'''\n", "5:1"),
            ("format-version", "schema_version = 99\n", "1:18"),
            ("valid", GOOD + "colour = 1\n", "4:1"),
            ("valid", GOOD + "x 1\n", "4:3"),
            ("secrets", GOOD + '[env]\nAPI_TOKEN = "hunter2"\n', "5:13"),
        ],
    )
    def test_what_stands_in_a_file(self, well, look, check, text, place):
        well.write(NAME, text)
        findings = look(well.path)
        assert unwell(findings) == {check: "error"}
        fault = only(findings, check)
        assert fault.place == f"{NAME}:{place}"
        assert "hunter2" not in fault.message

    def test_a_file_with_several_mistakes_is_told_once(self, well, look):
        well.write(NAME, GOOD + "a = 1\nb = 1\nc = 1\n")
        fault = only(look(well.path, check="valid"), "valid")
        assert fault.message.endswith(", and 2 more")
        assert fault.fix == f"sessionctl validate -- {NAME}"

    def test_a_file_that_cannot_be_read(self, well, look):
        (well.path / NAME).unlink()
        os.mkfifo(well.path / NAME)
        findings = look(well.path, check="valid")
        assert findings["valid"].status == "error"
        assert "named pipe" in only(findings, "valid").message

    def test_a_file_that_was_removed_is_no_fault(self, well, look):
        (well.path / NAME).unlink()
        assert unwell(look(well.path)) == {}

    def test_a_symlink_that_leads_nowhere(self, well, look):
        (well.path / NAME).unlink()
        (well.path / NAME).symlink_to("gone.toml")
        well.commit()
        findings = look(well.path)
        assert unwell(findings) == {"symlinks": "error"}
        assert "to gone.toml" in only(findings, "symlinks").message
        (well.path / "gone.toml").write_text(GOOD)
        assert unwell(look(well.path)) == {}

    def test_a_file_that_took_the_place_of_a_symlink(self, well, look):
        link = well.path / "b.session.toml"
        link.symlink_to(NAME)
        well.commit()
        assert unwell(look(well.path)) == {}
        link.unlink()
        link.write_text(GOOD)
        findings = look(well.path)
        assert unwell(findings) == {"symlinks": "warning"}
        assert only(findings, "symlinks").place == "b.session.toml"

    def test_a_file_that_git_ignores(self, well, look):
        well.write(".gitignore", "# private\n*.toml\n!keep*\n")
        well.write("sub/b.session.toml", GOOD)
        well.write("keep.session.toml", GOOD)
        findings = look(well.path)
        assert unwell(findings) == {"ignored": "warning"}
        fault = only(findings, "ignored")
        assert fault.message == "git ignores it, by '*.toml' in .gitignore:2"
        subprocess.run(["sh", "-c", fault.fix], cwd=well.path, check=True)
        assert look(well.path, check="ignored")["ignored"].status == "ok"

    def test_two_kinds_of_line_ends(self, well, look):
        well.write(NAME, GOOD.replace("\n", "\r\n", 1))
        findings = look(well.path)
        assert unwell(findings) == {"line-ends": "warning"}
        fix = only(findings, "line-ends").fix
        subprocess.run(["sh", "-c", fix], cwd=well.path, check=True)
        assert unwell(look(well.path)) == {}

    def test_windows_line_ends_that_stay_are_no_fault(self, well, look):
        well.commit("crlf", api__session__toml=GOOD.replace("\n", "\r\n"))
        assert unwell(look(well.path)) == {}

    def test_line_ends_that_git_will_turn(self, well, look):
        well.commit("crlf", api__session__toml=GOOD.replace("\n", "\r\n"))
        well.write(".git/info/attributes", "*.toml text\n")
        findings = look(well.path)
        assert unwell(findings) == {"line-ends": "warning"}
        fix = only(findings, "line-ends").fix
        subprocess.run(["sh", "-c", fix], cwd=well.path, check=True)
        assert unwell(look(well.path)) == {}

    @pytest.mark.parametrize("attribute", ["-text", "text eol=lf", None])
    def test_line_ends_that_git_turns_at_each_checkout(self, well, look, attribute):
        well.run("config", "core.autocrlf", "true")
        if attribute:
            well.write(".git/info/attributes", f"*.toml {attribute}\n")
            assert unwell(look(well.path)) == {}
            return
        findings = look(well.path)
        assert unwell(findings) == {"line-ends": "warning"}
        fix = only(findings, "line-ends").fix
        subprocess.run(["sh", "-c", fix], cwd=well.path, check=True)
        assert unwell(look(well.path)) == {}

    def test_paths_are_told_from_here_and_fit_for_a_shell(self, well, look):
        for name in ("-x.session.toml", "a b/é.session.toml"):
            well.write(name, GOOD + BLOCK)
        well.run("add", "--all")
        below = well.path / "a b"
        faults = look(below, check="conflict-markers")["conflict-markers"].faults
        assert faults[0].fix == "sessionctl resolve -- ../-x.session.toml"
        assert [fault.place for fault in faults] == ["../-x.session.toml:4:1", "é.session.toml:4:1"]
        for name in ("-x.session.toml", "a b/é.session.toml"):
            well.write(name, f'{GOOD}[env]\nTOKEN = "x"\n')
        assert [fault.fix for fault in look(well.path, check="secrets")["secrets"].faults] == [
            '"${EDITOR:-vi}" +5 ./-x.session.toml',
            "\"${EDITOR:-vi}\" +5 'a b/é.session.toml'",
        ]


class TestFixing:
    @pytest.mark.parametrize(
        ("break_it", "check"),
        [
            (lambda repo: repo.run("config", "--remove-section", "merge.sessionctl"), "driver"),
            (lambda repo: repo.run("config", "--unset", "merge.sessionctl.driver"), "driver"),
            (lambda repo: repo.run("config", "merge.sessionctl.driver", "x %A"), "settings"),
            (lambda repo: repo.run("config", "diff.sessionctl.textconv", "gone"), "textconv"),
            (lambda repo: repo.write(".gitattributes", "*.png binary\n"), "attributes"),
            (lambda repo: hook_of(repo).chmod(0o644), "hook"),
            (lambda repo: repo.run("config", "core.hooksPath", ".hooks"), "hooks-path"),
        ],
        ids=["driver", "command", "settings", "textconv", "attributes", "hook", "hooks-path"],
    )
    def test_fix_mends_it(self, well, look, break_it, check):
        break_it(well)
        assert unwell(look(well.path))
        plan = doctor(well.path, "--fix", "--dry-run", "--json", code=code_now(look, well))
        assert read_answer(plan.stdout, "doctor")["steps"]
        assert unwell(look(well.path)), "a dry run mends nothing"
        doctor(well.path, "--fix", "--yes")
        assert unwell(look(well.path)) == {}
        assert "nothing that --fix can fix" in doctor(well.path, "--fix").stderr

    def test_a_global_installation_is_mended_where_it_is(self, program_path, git_repo, look):
        run_inside("git", "install", "--global", cwd=git_repo.path)
        git_repo.commit("base", api__session__toml=GOOD)
        git_repo.run("config", "--global", "--unset", "merge.sessionctl.driver")
        doctor(git_repo.path, "--fix", "--yes")
        assert git_repo.run("config", "--global", "merge.sessionctl.driver").stdout
        assert not (git_repo.path / ".gitattributes").exists()

    def test_what_fix_leaves_to_the_user_is_said(self, well):
        well.run("config", "rerere.enabled", "false")
        said = doctor(well.path, "--fix")
        assert "fix: git config rerere.enabled true\n" in said.stdout
        assert "--fix can fix; the lines after fix: are for you to run\n" in said.stderr

    def test_what_only_the_user_can_mend_stays_and_is_told(self, well):
        well.run("config", "--unset", "merge.sessionctl.driver")
        well.write(NAME, GOOD + "x = 1\n")
        done = doctor(well.path, "--fix", "--yes", "-v", code=1)
        assert "git config --local merge.sessionctl.driver" in done.stderr
        assert done.stdout.count("error    valid") == 1
        assert "ok       driver-command" in done.stdout
        assert well.read(NAME) == GOOD + "x = 1\n"

    @pytest.mark.parametrize("options", [(), ("--no-input",), ("--json",)])
    def test_nothing_is_mended_when_nobody_can_be_asked(self, well, options):
        hook_of(well).chmod(0o644)
        done = doctor(well.path, "--fix", *options, code=2)
        line = " ".join(["confirm it: sessionctl doctor --fix", *options, "--yes"])
        assert line in done.stderr
        assert not os.access(hook_of(well), os.X_OK)

    @pytest.mark.slow
    @pytest.mark.parametrize(("answer", "is_mended"), [("y", True), ("n", False), ("", False)])
    def test_on_a_terminal_the_plan_is_shown_and_asked_for(self, well, answer, is_mended):
        hook_of(well).chmod(0o644)
        told = on_terminal(["doctor", "--fix"], f"{answer}\n", well.path)
        assert f"make {hook_of(well)} executable" in told
        assert "Do this? [y/N]" in told
        assert os.access(hook_of(well), os.X_OK) is is_mended

    def test_a_dry_run_prints_the_plan(self, well):
        hook_of(well).chmod(0o644)
        done = doctor(well.path, "--fix", "--dry-run", code=1)
        assert f"Steps:\nmake {hook_of(well)} executable\n" in done.stdout


class TestTelling:
    def test_all_is_well(self, well):
        assert doctor(well.path).stdout == ""
        done = doctor(well.path, "-v")
        lines = done.stdout.splitlines()
        assert f"{'ok':<8} {'driver':<18} git knows the merge driver" in lines
        assert len(lines) == len(CHECKS)
        assert f"{len(CHECKS)} checks: " in done.stderr
        assert "-v" not in done.stderr
        assert "(-v lists all)" in doctor(well.path).stderr

    def test_the_sum_counts_what_is_listed_and_says_what_only_v_lists(self, well):
        hook_of(well).chmod(0o644)
        (well.path / ".gitattributes").write_text("")
        listed, everything = doctor(well.path, code=1), doctor(well.path, "-v", code=1)
        shown, whole = (
            [line.partition(" ")[0] for line in done.stdout.splitlines() if line[:1] != " "]
            for done in (listed, everything)
        )
        for word in ("note", "warning", "error"):
            count, hidden = whole.count(word), whole.count(word) - shown.count(word)
            told = f"{count} {word}{'' if count == 1 else 's'}"
            told += f" ({hidden} only with -v)" if hidden else ""
            assert not count or f" {told}" in listed.stderr
        assert "only with -v" in listed.stderr
        assert "only with -v" not in everything.stderr

    def test_what_is_wrong_has_its_place_and_its_fix(self, well):
        hook_of(well).chmod(0o644)
        done = doctor(well.path, code=1)
        assert (
            f"error    hook               not executable: git does not run it\n"
            f"         at: {hook_of(well)}\n"
            f"         fix: {HOOK}   (or: sessionctl doctor --fix)\n"
        ) in done.stdout
        assert "hint: fix what can be fixed: sessionctl doctor --fix" in done.stderr

    def test_a_warning_alone_is_no_failure(self, well):
        well.run("config", "merge.sessionctl.recursive", "text")
        assert "warning  settings" in doctor(well.path).stdout

    def test_many_faults_of_one_kind_are_not_all_told(self, well):
        for number in range(12):
            well.write(f"{number:02}.session.toml", GOOD + "x = 1\n")
        well.run("add", "--all")
        done = doctor(well.path, code=1)
        assert "error    valid              12 times:\n" in done.stdout
        assert "         09.session.toml:4:1: x: " in done.stdout
        assert "10.session.toml" not in done.stdout
        assert "         and 2 more\n" in done.stdout

    def test_one_fix_for_several_faults_is_told_once(self, well):
        well.write("b.session.toml", GOOD)
        run_inside("git", "uninstall", cwd=well.path)
        well.run("add", "--all")
        told = doctor(well.path, code=1).stdout
        after = told[told.index("error    attributes") :].splitlines()
        assert after[1].startswith(f"         {NAME}: ")
        assert after[2].startswith("         b.session.toml: ")
        assert after[3].startswith(f"         fix: {INSTALL} ")
        assert not after[4].startswith(" ")

    @pytest.mark.parametrize("is_well", [True, False])
    def test_the_answer_is_there_as_json_too(self, well, is_well):
        if not is_well:
            hook_of(well).unlink()
            well.write(NAME, GOOD + '[env]\nTOKEN = "hunter2"\n')
        done = doctor(well.path, "--json", code=0 if is_well else 1)
        answer = read_answer(done.stdout, "doctor")
        assert answer["healthy"] is is_well
        assert [check["id"] for check in answer["checks"]] == [check.id for check in CHECKS]
        assert answer["steps"] == []
        assert "hunter2" not in done.stdout

    def test_outside_of_a_repository_it_works_too(self, program_path, tmp_path):
        need("git")
        answer = read_answer(doctor(tmp_path, "--json").stdout, "doctor")
        skipped = {check["id"]: check["skipped"] for check in answer["checks"]}
        assert skipped["attributes"] == "not in a git repository"
        assert skipped["program"] is None

    def test_without_a_home_it_works_too(self, well, monkeypatch):
        for name in ("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"):
            monkeypatch.delenv(name)
        answer = read_answer(doctor(well.path, "--json").stdout, "doctor")
        statuses = {finding["id"]: finding["status"] for finding in answer["checks"]}
        assert statuses["program"] == statuses["attributes"] == "ok"

    def test_the_help_begins_with_what_it_does(self):
        done = run_sessionctl("doctor", "--help")
        assert "Check the setup: git, its hooks, the tracked session files" in done.stdout


def code_now(look, repo):
    return 1 if "error" in unwell(look(repo.path)).values() else 0


def on_terminal(arguments, answer, cwd):
    """Return what sessionctl prints on a terminal where ``answer`` is typed."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sessionctl", *arguments],
        cwd=cwd,
        stdin=there,
        stdout=there,
        stderr=there,
        close_fds=True,
    )
    os.close(there)
    told, typed = b"", False
    while select.select([here], [], [], 30)[0]:
        try:
            piece = os.read(here, 4096)
        except OSError:
            break
        if not piece:
            break
        told += piece
        if not typed and b"[y/N]" in told:
            typed = True
            os.write(here, answer.encode())
    process.wait(30)
    os.close(here)
    return re.sub(r"\x1b\[[0-9;]*m", "", told.decode()).replace("\r\n", "\n")


def test_git_is_asked_each_question_once(well, tmp_path):
    trace = tmp_path / "trace"
    environ = os.environ | {"GIT_TRACE": str(trace)}
    done = subprocess.run(
        [sys.executable, "-m", "sessionctl", "doctor"], cwd=well.path, env=environ,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    asked = re.findall(r"built-in: (git .*)", trace.read_text())
    assert len(asked) > 5
    assert sorted(asked) == sorted(set(asked))
