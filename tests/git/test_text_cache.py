"""The cache of masked texts: git asks once, nothing in it is secret, and nothing is stale."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import sessionctl
from sessionctl.services.git.cache import text_cache
from sessionctl.services.git.cache.kept_command import FILE, REF, SCRIPT, kept_command
from tests.git.conftest import BASE, make_repository, read_answer
from tests.git.inprocess import run_inside
from tests.git.test_install import install, snapshot, uninstall
from tests.git.test_without_sessionctl import BROKEN

NAME = "api.session.toml"
SECRETS = ("Tr0ub4dor-and-3-horses", "c0rrect-h0rse-battery")
TEXTS = [f'{BASE}[connections.p]\npassword = "{secret}"\nport = 1\n' for secret in SECRETS]
LOG = ("log", "-p", "--format=%s", "--", NAME)


@pytest.fixture
def cached(program_path, git_place, repository_templates):
    """Return a repository with two secrets in its history, whose texts git may keep."""

    def build():
        make_repository(git_place)
        for text in TEXTS:
            git_place.write(NAME, text)
            git_place.commit("secret")
        install("--cache", cwd=git_place.path)

    return repository_templates.fill(git_place, "cached", build)


def shown(repo, *command):
    """Return what git shows; there is no secret in it."""
    text = repo.run(*(command or LOG)).stdout
    assert not any(secret in text for secret in SECRETS), text
    return text


def kept(repo):
    """Return the texts that git keeps."""
    done = repo.run("ls-tree", "-r", "--format=%(objectname)", REF, check=False)
    return [repo.run("cat-file", "blob", oid).stdout for oid in done.stdout.split()]


def objects(repo):
    """Return the content of every object, reachable or not, by its name."""
    done = repo.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
    names = [line.split(" ") for line in done.stdout.splitlines()]
    return {
        oid: subprocess.run(
            ["git", "cat-file", kind, oid], cwd=repo.path, capture_output=True, check=True
        ).stdout
        for oid, kind in names
    }


def name_of(repo):
    lines = repo.read(f".git/{FILE}").splitlines()
    return next((x.removeprefix("# name ") for x in lines if x.startswith("# name ")), "")


def test_git_asks_once_and_shows_the_same_again(cached, no_program):
    uncached = shown(cached, "-c", "diff.sessionctl.cachetextconv=false", *LOG)
    first = shown(cached)
    assert len(kept(cached)) == 3
    no_program()
    assert shown(cached) == first == uncached
    assert "+password" in first.replace("-password", "")
    assert "***" in shown(cached, "blame", NAME), "the file of the work tree is known too"


@pytest.mark.parametrize(
    ("in_folders", "asked"),
    [(True, ["hash-object", "cat-file"]), (False, ["hash-object", "cat-file", "cat-file"])],
)
def test_a_known_file_of_the_work_tree_is_found_with_few_questions(
    cached, no_program, tmp_path, monkeypatch, in_folders, asked
):
    first = shown(cached, "blame", NAME)
    if in_folders:  # as git keeps them from a hundred texts on
        _in_folders(cached)
    no_program()
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    assert shown(cached, "blame", NAME) == first
    assert "***" in first
    assert re.findall(r"built-in: git (\S+)", trace.read_text()) == ["blame", *asked]


def _in_folders(repo):
    """Move the texts that git keeps into folders by the first two digits of their names."""

    def made(rows):
        done = subprocess.run(
            ["git", "mktree"], cwd=repo.path, input=rows, text=True, capture_output=True, check=True
        )
        return done.stdout.strip()

    rows = repo.run("ls-tree", REF).stdout.splitlines()
    folders = []
    for row in rows:
        about, name = row.split("\t")
        tree = made(f"{about}\t{name[2:]}\n")
        folders.append(f"040000 tree {tree}\t{name[:2]}\n")
    top = made("".join(sorted(folders, key=lambda row: row[-3:])))
    message = repo.run("log", "-1", "--format=%B", REF).stdout
    commit = repo.run("commit-tree", "-m", message.rstrip("\n"), top).stdout.strip()
    repo.run("update-ref", REF, commit)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_object_of_the_cache_holds_a_secret(cached, secret):
    before = objects(cached)
    cached.write(NAME, TEXTS[0].replace("port", "# port"))
    for command in (LOG, ("diff",), ("blame", NAME), ("grep", "--textconv", "port")):
        shown(cached, *command)
    made = objects(cached).keys() - before.keys()
    after = objects(cached)
    assert len(made) > 3
    assert not any(secret.encode() in after[oid] for oid in made)
    key = next(x for x in cached.read(f".git/{FILE}").splitlines() if x.startswith("# key "))
    assert not any(key.removeprefix("# key ").encode() in data for data in after.values())


@pytest.mark.slow
def test_a_broken_file_and_a_sidecar_are_kept_masked(cached):
    before = objects(cached)
    for name, text in (
        ("bad.session.toml", f'password = "{SECRETS[0]}\n<<<<<<< a\n'),
        ("a.secrets.toml", f'[secret."x"]\nage = "{SECRETS[0]}"\nvalue = "{SECRETS[1]}"\n'),
        ("c.session.toml", f"# password: {SECRETS[0]}\n"),
    ):
        cached.write(name, text)
    cached.commit("more")
    own = objects(cached).keys() - before.keys()
    shown(cached, "log", "-p")
    made = objects(cached).keys() - before.keys() - own
    for oid, data in objects(cached).items():
        if oid in made:
            assert not any(secret.encode() in data for secret in SECRETS)


def test_after_an_upgrade_nothing_of_the_older_version_is_shown(cached, tmp_path, monkeypatch):
    """An older version is where its file lies; the upgrade takes that away."""
    rules = tmp_path / "old" / "kept-0.0.9.gitconfig"
    rules.parent.mkdir()
    shutil.copy(text_cache.RULES, rules)
    config = cached.path / ".git" / FILE
    old = config.read_text().replace(text_cache.RULES, str(rules))
    old = old.replace(name_of(cached), "0.0.9-0123456789abcdef")
    config.write_text(old)
    stale = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], input=b"password = \"shown\"\n",
        cwd=cached.path, capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    blobs = cached.run("rev-list", "--objects", "HEAD", "--", NAME).stdout.splitlines()
    lines = [f"100644 blob {stale}\t{x.split()[0]}\n" for x in blobs if x.endswith(NAME)]
    tree = subprocess.run(
        ["git", "mktree"], input="".join(lines).encode(), cwd=cached.path, capture_output=True,
        check=True,
    ).stdout.decode().strip()  # fmt: skip
    message = kept_command("0.0.9-0123456789abcdef")
    commit = cached.run("commit-tree", "-m", message, tree).stdout.strip()
    cached.run("update-ref", REF, commit)
    assert "shown" in shown(cached), "git uses what the older version kept"
    rules.unlink()
    assert "shown" not in shown(cached)
    assert "***" in shown(cached)
    assert text_cache.is_of_this_version(name_of(cached))
    assert "shown" not in shown(cached, "blame", NAME)
    assert len(kept(cached)) == 3
    assert all("shown" not in text for text in kept(cached))


@pytest.mark.slow
def test_another_version_on_path_ends_the_cache_of_the_last_one(cached):
    shown(cached)
    config = cached.path / ".git" / FILE
    older = name_of(cached).replace(sessionctl.__version__, "0.0.9")
    config.write_text(config.read_text().replace(name_of(cached), older))
    status = run_inside("git", "status", cwd=cached.path)
    assert "not those of this version: diff.sessionctl.textconv" in status.stderr
    shown(cached)
    assert text_cache.is_of_this_version(name_of(cached))
    assert run_inside("git", "status", cwd=cached.path).stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("how", BROKEN)
def test_what_is_shown_in_place_of_sessionctl_is_not_kept(cached, how, tmp_path, monkeypatch):
    shown(cached)
    before = name_of(cached)
    cached.run("update-ref", "-d", REF)
    package = tmp_path / "broken" / "sessionctl"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(BROKEN[how])
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(package.parent))
        assert SECRETS[0] in cached.run(*LOG).stdout
        assert SECRETS[0] in cached.run(*LOG).stdout
    assert name_of(cached) == ""
    shown(cached)
    assert name_of(cached) not in ("", before)
    shown(cached)
    assert not any(secret in text for text in kept(cached) for secret in SECRETS)
    assert len(kept(cached)) == 3


def test_without_the_program_nothing_is_kept(cached, no_program):
    no_program()
    assert SECRETS[0] in cached.run(*LOG).stdout
    assert cached.read(f".git/{FILE}") == "# off\n"


@pytest.mark.slow
def test_what_comes_through_a_filter_is_never_kept(cached):
    """The store holds ciphertext; git shows the content to textconv, and would keep it."""
    cached.run("config", "filter.turn.smudge", "tr a-z n-za-m")
    cached.run("config", "filter.turn.clean", "tr a-z n-za-m")
    attributes = cached.read(".gitattributes")
    cached.write(".gitattributes", f"{attributes}turned.session.toml filter=turn\n")
    cached.write("turned.session.toml", f'{BASE}title = "only for me"\n')
    cached.commit("turned")
    cached.write("turned.session.toml", f'{BASE}title = "only for us"\n')
    cached.commit("turned again")
    stored = objects(cached)
    assert not any(b"only for me" in data for data in stored.values())
    done = cached.run("log", "-p", check=False)
    assert done.returncode != 0
    assert "it comes through a filter of git" in done.stderr
    for _ in range(2):
        assert "only for us" in shown(cached, "log", "-p")
    assert not any(b"only for" in data for data in objects(cached).values())
    done = install("--cache", cwd=cached.path, code=3)
    assert "turned.session.toml comes through the filter 'turn'" in done.stderr
    assert "nothing to install" in install(cwd=cached.path).stderr


def test_what_comes_through_a_filter_is_not_kept_without_the_program(cached, no_program):
    cached.run("config", "filter.turn.smudge", "tr a-z n-za-m")
    cached.run("config", "filter.turn.clean", "tr a-z n-za-m")
    cached.write(".gitattributes", cached.read(".gitattributes") + "t.session.toml filter=turn\n")
    cached.write("t.session.toml", 'title = "only for me"\n')
    cached.commit("turned")
    cached.write("t.session.toml", 'title = "only for us"\n')
    no_program()
    assert cached.run("diff", check=False).returncode != 0
    assert "only for us" in cached.run("diff").stdout
    assert not any(b"only for" in data for data in objects(cached).values())


def test_all_who_share_a_repository_see_the_same_marks(cached, tmp_path, monkeypatch):
    here = shown(cached)
    cached.run("worktree", "add", "-q", str(tmp_path / "tree"))
    cached.write(NAME, TEXTS[1])
    for variable in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        (tmp_path / variable).mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(tmp_path / variable))
    before = name_of(cached)
    there = subprocess.run(
        ["git", *LOG], cwd=tmp_path / "tree", capture_output=True, text=True, timeout=60
    )
    assert there.stdout == here
    cached.run("update-ref", "-d", REF)
    assert shown(cached) == here
    assert name_of(cached) == before


def test_a_file_that_becomes_a_session_shows_no_secret_of_one(repo):
    """Git keeps texts by content, not by name; only in a session is the first one a secret."""
    install("--cache", "--pattern", "*.toml", cwd=repo.path)
    repo.write("notes.toml", f'{BASE}[credentials]\nx = "kupfer"\n')
    repo.commit("plain")
    repo.run("log", "-p")
    repo.run("mv", "notes.toml", "notes.session.toml")
    repo.commit("renamed")
    renamed = repo.run("show", "--format=", "--no-renames", "--", "notes.session.toml").stdout
    assert '+x = "***' in renamed
    assert "kupfer" not in renamed


def test_kept_text_is_no_patch(cached):
    """Also where a pager had it made, and something else reads it after that."""
    cached.run("-c", "core.pager=cat", "--paginate", *LOG)
    patch = shown(cached, "show", "--format=")
    path = cached.path / "x.patch"
    path.write_text(patch)
    cached.run("checkout", "-q", "HEAD~1")
    assert cached.run("apply", "--check", "x.patch", check=False).returncode != 0


def test_the_cache_goes_with_uninstall_byte_for_byte(program_path, git_repo):
    before = snapshot(git_repo.path)
    install("--cache", cwd=git_repo.path)
    git_repo.write(NAME, TEXTS[0])
    git_repo.commit("secret")
    shown(git_repo, "log", "-p")
    assert kept(git_repo)
    uninstall(cwd=git_repo.path)
    assert git_repo.run("for-each-ref", "refs/notes").stdout == ""
    after = snapshot(git_repo.path)
    assert after[".git/config"] == before[".git/config"]
    assert not any(FILE in path for path in after)
    assert SECRETS[0] in git_repo.run("log", "-p").stdout


def test_git_is_well_and_others_do_not_get_the_cache(cached, tmp_path):
    shown(cached)
    cached.run("gc", "-q", "--prune=now")
    assert cached.run("fsck", "--strict").stderr == ""
    assert len(kept(cached)) == 3
    shown(cached)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", cached.path, clone], check=True, timeout=60)
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True, timeout=60)
    cached.run("push", "-q", str(bare), "main")
    cached.run("push", "-q", "--all", str(bare))
    for place in (clone, bare):
        refs = subprocess.run(
            ["git", "for-each-ref"], cwd=place, capture_output=True, text=True, check=True
        )
        assert "refs/notes" not in refs.stdout
    assert (
        SECRETS[0]
        in subprocess.run(
            ["git", "log", "-p"], cwd=clone, capture_output=True, text=True, check=True
        ).stdout
    ), "a clone has no settings"


def test_install_again_changes_nothing_and_renews_what_is_off(cached):
    shown(cached)
    before = snapshot(cached.path)
    for options in ((), ("--cache",)):
        assert "nothing to install" in install(*options, cwd=cached.path).stderr
    assert snapshot(cached.path) == before
    (cached.path / ".git" / FILE).write_text("# off\n")
    assert FILE in install("--dry-run", cwd=cached.path).stdout
    install(cwd=cached.path)
    assert text_cache.is_of_this_version(name_of(cached))
    assert run_inside("git", "status", cwd=cached.path).stderr == ""
    found = read_answer(run_inside("doctor", "--json", cwd=cached.path).stdout, "doctor")
    assert "diff.sessionctl" not in str(found)


def test_an_interrupt_leaves_no_text_behind(cached, tmp_path, monkeypatch):
    package = tmp_path / "stopped" / "sessionctl"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os\nprint('half', flush=True)\nos.kill(os.getppid(), 2)\nos.kill(os.getpid(), 2)\n"
    )
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.setenv("TMPDIR", str(place))
    assert cached.run(*LOG, check=False).returncode != 0
    assert list(place.iterdir()) == []
    assert not any("half" in text for text in kept(cached))
    assert name_of(cached) != ""


def test_settings_that_stand_behind_the_cache_turn_it_off(cached):
    """Then the command is one that shows the file as it is where sessionctl is missing."""
    cached.run("config", "--remove-section", "diff.sessionctl")
    install(cwd=cached.path)
    shown(cached)
    assert len(kept(cached)) == 3
    cached.run("config", "diff.sessionctl.cachetextconv", "true")
    status = run_inside("git", "status", cwd=cached.path)
    assert status.stderr == "", "the settings of the cache stand behind it"


@pytest.mark.parametrize("scope", ["--global", "--worktree"])
def test_a_cache_is_for_one_repository(program_path, git_repo, scope):
    assert (
        "--cache: only for one repository"
        in install("--cache", scope, cwd=git_repo.path, code=2).stderr
    )


def test_a_repository_that_others_use_includes_no_file_that_they_cannot_read(
    git_repo, tmp_path, monkeypatch
):
    """Git would stop there for them, whatever they do."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    rules = private / "kept.gitconfig"
    rules.write_text("")
    monkeypatch.setattr(text_cache, "RULES", str(rules))
    cache = text_cache.TextCache(str(git_repo.path / ".git"))
    monkeypatch.setattr(text_cache, "_others_reach", lambda path: path != str(rules))
    assert "others can use this repository, and cannot read" in cache.reader_problem()
    cache.begin()
    assert git_repo.read(f".git/{FILE}") == "# off\n"
    monkeypatch.undo()
    (git_repo.path / ".git").chmod(0o2775)
    monkeypatch.setattr(text_cache, "RULES", str(rules))
    assert str(rules) in cache.reader_problem()


def test_the_file_that_turns_the_cache_on_is_named_by_the_version():
    folder = Path(text_cache.__file__).parent
    assert [path.name for path in folder.glob("*.gitconfig")] == [
        f"kept-{sessionctl.__version__}.gitconfig"
    ]


def test_a_bare_repository_of_dotfiles_keeps_texts_too(program_path, tmp_path):
    bare, tree = tmp_path / "dotfiles", tmp_path / "home-tree"
    tree.mkdir()
    git = ["git", f"--git-dir={bare}", f"--work-tree={tree}"]
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
    install("--cache", "--git-dir", str(bare), "--work-tree", str(tree), cwd=tmp_path)
    (tree / NAME).write_text(TEXTS[0])
    for words in (["add", NAME], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], cwd=tree, check=True, timeout=60)
    for _ in range(2):
        done = subprocess.run([*git, "log", "-p"], cwd=tree, capture_output=True, text=True)
        assert "***" in done.stdout, done.stderr
        assert SECRETS[0] not in done.stdout
    assert (bare / SCRIPT).exists()
    refs = subprocess.run([*git, "for-each-ref"], capture_output=True, text=True, check=True)
    assert REF in refs.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="names of files")
def test_odd_names_of_files_and_directories_are_kept(program_path, tmp_path, monkeypatch):
    from tests.world import GitRepo

    path = tmp_path / "a \"b' $(c)\\d; e"
    path.mkdir()
    repo = GitRepo(path)
    repo.run("init", "-q", "--initial-branch=main")
    install("--cache", cwd=path)
    for name in ("--kept=x.session.toml", "a b$(c)'\".session.toml", "git-blob-1.session.toml"):
        repo.write(name, TEXTS[0])
    repo.run("add", "-A")
    repo.commit("odd")
    assert shown(repo, "log", "-p") == shown(repo, "log", "-p")
    for name in ("--kept=x.session.toml", "a b$(c)'\".session.toml", "git-blob-1.session.toml"):
        repo.write(name, TEXTS[1])
    assert shown(repo, "diff").count("+password") == 3
