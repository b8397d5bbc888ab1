"""Hints on git: installation, the hook, status, sync, conflicts, filters."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.hints.stage import SMALL, Oddity, Situation, Stage, assert_hint_helps, parametrize
from tests.hints.test_history import _words
from tests.hints.test_secrets import _no, _recipient
from tests.hints.test_usage import _has
from tests.world import GitRepo

OURS, THEIRS = SMALL.replace("small", "ours"), SMALL.replace("small", "theirs")
BROKEN = "name = \n"


def _clashing(s):
    return s.init().clash(OURS, THEIRS)


def _fresh(s):
    s.git("init", "-q", "--initial-branch=main")
    return s


def _without_program(s):
    s.patch.setenv("SAVED_PATH", os.environ["PATH"])
    folders = os.environ["PATH"].split(os.pathsep)
    kept = [one for one in folders if not Path(one, "sessionctl").exists()]
    s.patch.setenv("PATH", os.pathsep.join(kept))
    return s


def _with_program(s, words):
    s.patch.setenv("PATH", os.environ["SAVED_PATH"])
    return s.good(*words)


def _cloned(s, hint):
    s.repo.commit("attributes")
    place = s.folder.parent / "it's a clone"
    subprocess.run(["git", "clone", "-q", str(s.folder), str(place)], check=True)
    other = Stage(place, s.home, s.patch, Oddity(s.stem))
    other.type(hint.partition("run: ")[2])
    return other.good("git", "status")


def _remote(s, name="origin"):
    """Give the repository a remote that has what it has."""
    place = s.folder.parent / f"{name}.git"
    GitRepo(s.folder.parent).run("init", "-q", "--bare", "--initial-branch=main", str(place))
    s.git("remote", "add", name, str(place))
    return place


def _in_step(s, text=SMALL):
    s.init().commit(s.file, text)
    _remote(s)
    s.git("push", "-q", "-u", "origin", "main")
    return s


def _diverged(s, ours=OURS, theirs=THEIRS):
    """Let somebody else push a change, and make another here."""
    _in_step(s)
    place = s.folder.parent / "other"
    subprocess.run(["git", "clone", "-q", str(s.folder.parent / "origin.git"), place], check=True)
    other = GitRepo(place)
    if theirs is None:
        (place / s.file).unlink()
    else:
        other.write(s.file, theirs)
    other.commit("theirs")
    other.run("push", "-q")
    s.write(s.file, ours)
    return s


def _resolved_sync(s):
    _diverged(s).say("sync", code=1)
    return s.good("resolve", s.file, "--prefer", "ours")


def _two_readers(s):
    """Let a reader be added here, and another one elsewhere; a sync ends in the conflict."""
    _in_step(s).secret()
    s.repo.commit("a secret")
    s.git("push", "-q")
    place = s.folder.parent / "other"
    subprocess.run(["git", "clone", "-q", str(s.folder.parent / "origin.git"), place], check=True)
    s.good("recipients", "add", _recipient(s), "--dir", str(place), cwd=s.folder)
    other = GitRepo(place)
    other.commit("theirs")
    other.run("push", "-q")
    s.good("recipients", "add", _recipient(s), cwd=s.folder)
    return s.say("sync", code=1)


def _join_lists(s, hint=""):
    lines = s.read(".age-recipients").splitlines(keepends=True)
    s.write(".age-recipients", "".join(line for line in lines if line[0] not in "<=>"))
    return s.type(hint.partition("then: ")[2]) if hint else s.git("add", ".age-recipients")


def _join_vaults(s, hint):
    _join_lists(s)
    s.git("checkout", "--ours", "--", ".sessionctl")
    s.git("add", ".sessionctl")
    keys = [line for line in s.read(".age-recipients").splitlines() if line[0] != "#"]
    return s.type(f"{hint.partition(': ')[2]} {' '.join(f'--accept {key}' for key in keys)}")


def _middle(s):
    _clashing(s)
    s.write(s.file, OURS)
    s.git("add", "--", s.file)
    return s


def _unreachable(s):
    _in_step(s).write(s.file, OURS)
    (s.folder.parent / "origin.git").rename(s.folder.parent / "away.git")
    return s.say("sync", code=3)


def _back(s):
    (s.folder.parent / "away.git").rename(s.folder.parent / "origin.git")


def _refusing_remote(s):
    _in_step(s).write(s.file, OURS)
    hook = s.folder.parent / "origin.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    said = s.say("sync", code=3)
    hook.unlink()
    return said


def _stopped_commit(s):
    s.init().write(s.file)
    hook = s.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    said = s.say("sync", code=3)
    hook.unlink()
    return said


def _strangers(s):
    """Give a repository the history of another one."""
    _in_step(s)
    place = s.folder.parent / "other"
    GitRepo(s.folder.parent).run("init", "-q", "--initial-branch=main", str(place))
    other = GitRepo(place)
    other.write("b.session.toml", SMALL)
    other.commit("another root")
    other.run("push", "-q", "--force", str(s.folder.parent / "origin.git"), "main")
    return s.say("sync", code=5)


def _elsewhere_pushed(s):
    _in_step(s).write(s.file, OURS)
    _remote(s, "mine")
    s.git("config", "remote.pushDefault", "mine")
    s.git("config", "push.default", "current")
    return s.say("sync")


def _lfs(s):
    _fresh(s)
    s.write(".gitattributes", "*.session.toml filter=lfs\n")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 1\n"
    s.write(s.file, pointer)
    s.git("add", "--", s.file)
    return s


def _left_sidecar(s):
    s.init().secret()
    s.repo.commit("base")
    s.folder.joinpath("new").mkdir()
    (s.folder / s.file).rename(s.folder / "new" / s.file)
    return s.say("sync")


def _moved(s):
    assert (s.folder / "new" / s.file.replace(".session.", ".secrets.")).exists()


def _worktrees(s):
    s.init().commit()
    s.git("worktree", "add", "-q", str(s.folder.parent / "second"))
    return s.say("git", "install", "--worktree", code=3)


def _missing_blob(s):
    s.init().write(s.file)
    s.git("add", "--", s.file)
    blob = s.git("rev-parse", f":{s.file}").strip()
    (s.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    return s.say("git", "hook", "pre-commit")


def _prose(s, hint):
    """Type the command, where git-lfs is; its pointer is not what it was then."""
    if shutil.which("git-lfs") is None:
        return hint
    return s.type(hint)


def _sessions(s):
    return Path(os.environ["XDG_CONFIG_HOME"], "sessionctl", "sessions")


def _elsewhere_kept(s):
    """Keep the session where the user's sessions are, in a repository; say what sync says here."""
    folder = _sessions(s)
    folder.mkdir(parents=True)
    (folder / s.file).write_text(SMALL)
    GitRepo(folder).run("init", "--quiet", "--initial-branch=main")
    return s.say("sync")


def _elsewhere_linked(s):
    """Keep it in the repository that the configuration directory is a link into."""
    place = s.home / "dot files"
    (place / "sessionctl").mkdir(parents=True)
    config = _sessions(s).parent
    config.parent.mkdir(parents=True, exist_ok=True)
    config.symlink_to(place / "sessionctl")
    _sessions(s).mkdir()
    (_sessions(s) / s.file).write_text(SMALL)
    GitRepo(place).run("init", "--quiet", "--initial-branch=main")
    return s.say("sync")


GIT = [
    Situation(
        "installed, and not committed",
        lambda s: _fresh(s).good("git", "install"),
        "commit {}; other clones run: sessionctl git install",
        lambda s, said: None,
        types=_cloned,
    ),
    Situation(
        "installed",
        lambda s: _fresh(s).good("git", "install"),
        "check it: sessionctl git status",
        lambda s, said: None,
    ),
    Situation(
        "installed, the program not on PATH",
        lambda s: _without_program(s.init()).say("git", "status", code=1),
        "put the directory of sessionctl on PATH; until then git merges line by line",
        lambda s, said: None,
        types=lambda s, hint: _with_program(s, ["git", "status"]),
    ),
    Situation(
        "not installed",
        lambda s: [_fresh(s).commit(), s.say("git", "status", code=1)][1],
        "{}sessionctl git install",
        lambda s, said: s.good("git", "status"),
    ),
    Situation(
        "attributes that others do not get after a sync",
        lambda s: [
            _fresh(s).good("git", "install"),
            s.git("config", "core.editor", "echo x >"),
            s.say("sync"),
        ][2],
        "{} add -f ':(top).gitattributes' && {} commit",
        lambda s, said: _has(s.git("show", "--stat", "HEAD"), ".gitattributes"),
    ),
    Situation(
        "attributes for this clone alone",
        lambda s: [_fresh(s).good("git", "install"), s.say("sync")][1],
        "or, if it is for this clone alone: {} config sessionctl.attributes local",
        lambda s, said: _no(s.say("sync"), ".gitattributes"),
    ),
    Situation(
        "attributes that are not committed",
        lambda s: [
            _in_step(s).write(".gitattributes", "*.png binary\n"),
            s.git("add", "-A"),
            s.git("commit", "-qm", "x"),
            s.good("git", "install"),
            s.git("config", "core.editor", "echo x >"),
            s.say("sync"),
        ][5],
        "{} commit ':(top).gitattributes'",
        lambda s, said: _has(s.git("show", "--stat", "HEAD"), ".gitattributes"),
    ),
    Situation(
        "attributes that others do not get",
        lambda s: [
            _fresh(s).good("git", "install"),
            s.git("config", "core.editor", "echo x >"),
            s.say("doctor"),
        ][2],
        "git add ':(top).gitattributes' && git commit",
        lambda s, said: _has(s.git("show", "--stat", "HEAD"), ".gitattributes"),
    ),
    Situation(
        "what can be repaired",
        lambda s: [_fresh(s).commit(), s.say("doctor")][1],
        "fix what can be fixed: sessionctl doctor --fix",
        lambda s, said: s.good("git", "status"),
        types=lambda s, hint: s.say(*_words(s, hint), "--yes"),
    ),
    Situation(
        "hooks of nowhere",
        lambda s: [
            _fresh(s).git("config", "core.hooksPath", "/dev/null"),
            s.say("git", "install", "--hook", code=3),
        ][1],
        "see who sets it: git config --show-origin core.hooksPath",
        lambda s, said: _has(said, "/dev/null", "config"),
    ),
    Situation(
        "two work trees, one configuration",
        _worktrees,
        "git config extensions.worktreeConfig true",
        lambda s, said: s.good("git", "install", "--worktree"),
    ),
    Situation(
        "an object that is missing",
        _missing_blob,
        "see: git fsck",
        lambda s, said: _has(said, "missing blob"),
        code=2,
    ),
    Situation(
        "a file outside of the work tree",
        lambda s: [
            s.init().commit(),
            s.patch.setenv("GIT_DIR", str(s.folder / ".git")),
            s.patch.setenv("GIT_WORK_TREE", str(s.folder)),
            (s.folder.parent / "b.session.toml").write_text(SMALL),
            s.say("log", "../b.session.toml", code=3),
        ][4],
        "name a file of the repository, or unset GIT_DIR",
        lambda s, said: None,
        types=lambda s, hint: s.good("log", s.file),
        only=("here",),
    ),
    Situation(
        "a staged file with a mistake",
        lambda s: [
            s.init().write(s.file, BROKEN),
            s.git("add", "--", s.file),
            s.say("git", "hook", "pre-commit", code=1),
        ][2],
        "fix it, stage it again, and commit: git add -- {}",
        lambda s, said: s.good("git", "hook", "pre-commit"),
        types=lambda s, hint: [s.write(s.file), s.type(hint.partition(": ")[2])][1],
    ),
    Situation(
        "a staged file that goes in as it is",
        lambda s: [
            s.init().write(s.file, BROKEN),
            s.git("add", "--", s.file),
            s.say("git", "hook", "pre-commit", code=1),
        ][2],
        "to commit anyway: git commit --no-verify",
        lambda s, said: _has(s.git("show", "HEAD"), "+name = "),
    ),
    Situation(
        "an untracked session",
        lambda s: [s.init().write(s.file), s.say("status")][1],
        "{} add {}",
        lambda s, said: _has(s.git("status", "--porcelain"), "A "),
    ),
    Situation(
        "a conflict in status",
        lambda s: _clashing(s).say("status", code=1),
        "sessionctl resolve {}",
        lambda s, said: _has(s.git("status", "--porcelain"), "UU"),
        types=lambda s, hint: s.good(*_words(s, hint), "--prefer", "ours"),
    ),
    Situation(
        "a conflict without a terminal",
        lambda s: _clashing(s).say("resolve", s.file, code=1),
        "resolve them on a terminal: sessionctl resolve {}",
        lambda s, said: None,
        types=lambda s, hint: s.good(*_words(s, hint), "--prefer", "ours"),
    ),
    Situation(
        "a file that one side deleted, kept",
        lambda s: s.init().clash(OURS, None).say("status", code=1),
        "{} add {}  # to keep it",
        lambda s, said: _has(s.git("status", "--porcelain") + "ok", "ok"),
    ),
    Situation(
        "a merge that is ready",
        lambda s: _middle(s).say("status"),
        "next: {}",
        lambda s, said: _has(s.git("log", "-1", "--format=%P"), " "),
    ),
    Situation(
        "markers in a file",
        lambda s: [
            _clashing(s).write(s.file, s.read(s.file).replace("=======", "")),
            s.say("resolve", s.file),
        ][1],
        "{}, or start over: {}",
        lambda s, said: _has(s.read(s.file), "<<<<<<<"),
        way=1,
    ),
    Situation(
        "markers without a base",
        lambda s: [
            _fresh(s).write(s.file, "<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n"),
            s.say("resolve", s.file, "--prefer", "x=base", code=2),
        ][1],
        "make git write it: {} config merge.conflictStyle diff3",
        lambda s, said: _has(s.git("config", "merge.conflictStyle"), "diff3"),
    ),
    Situation(
        "a sync where the sessions are not",
        _elsewhere_kept,
        "your sessions are in one: sessionctl sync {}",
        lambda s, said: _has(
            s.good("sync", "--dry-run", cwd=_sessions(s)), "nothing would be done"
        ),
        only=("here", "below"),
    ),
    Situation(
        "a sync where the sessions are not, but a link to them",
        _elsewhere_linked,
        "your sessions are in one: sessionctl sync {}",
        lambda s, said: _has(
            s.good("sync", "--dry-run", cwd=_sessions(s)), "nothing would be done"
        ),
        only=("here", "below"),
    ),
    Situation(
        "a commit where a file is expected",
        lambda s: [
            s.init().commit(s.file),
            s.write(s.file, OURS),
            s.say("diff", "HEAD", s.file, code=2),
        ][2],
        "compare with that commit: sessionctl diff --rev {}",
        lambda s, said: _has(said, "ours"),
        code=1,
        only=("here", "below"),
    ),
    Situation(
        "no remote",
        lambda s: [s.init().commit(), s.say("sync")][1],
        "{} remote add origin URL",
        lambda s, said: _has(s.say("sync"), "upstream"),
        types=lambda s, hint: [_remote(s, "hub"), s.type(hint.replace("URL", "../hub.git"))][1],
    ),
    Situation(
        "a push that goes elsewhere",
        _elsewhere_pushed,
        "push it: {} push",
        lambda s, said: _has(s.git("ls-remote", "mine"), "refs/heads/main"),
    ),
    Situation(
        "a remote that cannot be reached",
        _unreachable,
        "{}; when it can be reached again: {}",
        lambda s, said: _has(said, "pushed"),
        types=lambda s, hint: [_back(s), s.type(hint.rpartition(": ")[2])][1],
    ),
    Situation(
        "a remote that refuses",
        _refusing_remote,
        "your commits stay here; try again: {}",
        lambda s, said: _has(said, "pushed"),
    ),
    Situation(
        "a commit that a hook stops",
        _stopped_commit,
        "nothing was committed; see: {} status",
        lambda s, said: _has(said, "session.toml"),
    ),
    Situation(
        "two histories",
        _strangers,
        "look at both: {} log --oneline --graph HEAD {}",
        lambda s, said: _has(said, "another root", "change"),
    ),
    Situation(
        "two histories that are joined",
        _strangers,
        "if they belong together, join them once: {} merge --allow-unrelated-histories {}",
        lambda s, said: s.good("sync"),
    ),
    Situation(
        "a sync that ends in a conflict",
        lambda s: _diverged(s).say("sync", code=1),
        "then: sessionctl sync{}",
        lambda s, said: _has(said, "pushed"),
        types=lambda s, hint: [s.good("resolve", s.file, "--prefer", "ours"), s.good("sync")][1],
    ),
    Situation(
        "a conflict of a sync that is resolved",
        _resolved_sync,
        "sessionctl sync{}",
        lambda s, said: _has(said, "pushed"),
    ),
    Situation(
        "a sync of a file that the others deleted",
        lambda s: _diverged(s, theirs=None).say("sync", code=1),
        "{}, or delete it: {} rm {}",
        lambda s, said: s.good("sync"),
    ),
    Situation(
        "a list of readers that both sides changed",
        _two_readers,
        "remove the markers and keep the keys of both sides, then: {} add {}",
        lambda s, said: _no(s.git("status", "--short"), "UU .age-recipients"),
        types=_join_lists,
    ),
    Situation(
        "a vault that both sides changed",
        _two_readers,
        "take either one: {} checkout --ours -- {} && {} add {}",
        lambda s, said: _no(s.git("status", "--short"), "UU .sessionctl/vault.age"),
    ),
    Situation(
        "two vaults that are joined",
        _two_readers,
        "encrypt the vault to the readers of both: {}",
        lambda s, said: _no(s.good("recipients", "list", cwd=s.folder), "the vault was not"),
        types=_join_vaults,
    ),
    Situation(
        "a sync of a file with a mistake",
        lambda s: [s.init().write(s.file, BROKEN), s.say("sync", code=1)][1],
        "fix it, then: sessionctl sync{}",
        lambda s, said: _has(s.git("log", "-1", "--format=%s"), "sync"),
        types=lambda s, hint: [s.write(s.file), s.type(hint.partition(": ")[2])][1],
    ),
    Situation(
        "a sync during a merge",
        lambda s: _middle(s).say("sync", code=5),
        "finish it: {} --continue, or abort it: {} --abort",
        lambda s, said: s.good("sync"),
        types=lambda s, hint: s.type(hint.split(": ")[1].split(", or")[0]),
    ),
    Situation(
        "a sync during a merge that is given up",
        lambda s: _middle(s).say("sync", code=5),
        "then: sessionctl sync{}",
        lambda s, said: None,
        types=lambda s, hint: [s.git("merge", "--abort"), s.type(hint.partition(": ")[2])][1],
    ),
    Situation(
        "secrets that stayed behind", _left_sidecar, "mv -- {} {}", lambda s, said: _moved(s)
    ),
    Situation(
        "a pointer of git-lfs",
        lambda s: _lfs(s).say("git", "hook", "pre-commit"),
        "git lfs install --local",
        lambda s, said: None,
        types=_prose,
    ),
]


@parametrize(GIT)
def test_a_hint_on_git(situation, stage):
    assert_hint_helps(situation, stage)
