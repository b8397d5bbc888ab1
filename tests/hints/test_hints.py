"""Hints in many variants of their situations, each typed as it stands, and it helps."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.desk import FILE, NAME, SESSION, Desk
from tests.git.test_sync import clone, remote  # noqa: F401 - fixtures
from tests.hints.hint_typing import command_of, hint_in, situation, type_it
from tests.world import GitRepo, need, run_sessionctl

SMALL = 'schema_version = 1\nname = "small"\n'
NAMES = ["api", "two words", "it's", "-dash", "\u00fcber"]


def say(*arguments, cwd, env=None, stdin=""):
    """Return all that sessionctl says, and its exit code."""
    if "exec" in arguments:  # it becomes the program: not this process
        done = run_sessionctl(*arguments, cwd=cwd, env=env, stdin=stdin)
        return done.stdout + done.stderr, done.returncode
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(app, [*map(str, arguments)], env=env, input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output, done.exit_code


@pytest.fixture
def repo(program_path, git_place, repository_templates):
    """Return a repository with sessionctl installed, and an editor that writes messages."""

    def build():
        git_place.run("init", "--quiet", "--initial-branch=main")
        assert run_sessionctl("git", "install", cwd=git_place.path).returncode == 0
        git_place.run("config", "core.editor", "echo typed >")
        git_place.commit("attributes")

    return repository_templates.fill(git_place, "with an editor", build)


@pytest.fixture
def desk(repo, tmp_path, monkeypatch):
    """Return a desk in a repository, with a session and one secret; nothing is committed."""
    home = tmp_path / "desk-home"
    home.mkdir()
    desk = Desk(repo.path, home)
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    desk.new_key()
    repo.write(FILE, SESSION)
    desk.set(b"hunter2")
    return desk


def clash(repo, name, ours, theirs, base=SMALL):
    """Bring a merge to a stop at the file ``name``; None stands for a deleted file."""

    def write(text, message):
        if text is None:
            repo.run("rm", "-q", "--", name)
        else:
            repo.write(name, text)
            repo.run("add", "--", name)
        repo.run("commit", "-qm", message)

    write(base, "base")
    repo.run("checkout", "-qb", "topic")
    write(theirs, "theirs")
    repo.run("checkout", "-q", "main")
    write(ours, "ours")
    repo.run("merge", "topic", check=False)


# -- repositories --------------------------------------------------------------------------


@situation("make one here: git init")
def test_no_repository(program_path, tmp_path):
    (tmp_path / "a.session.toml").write_text(SMALL)
    text, code = say("sync", cwd=tmp_path)
    assert code == 3 and "--global" not in text
    type_it(command_of(hint_in(text, "make one here: git init")), tmp_path)
    assert say("sync", cwd=tmp_path)[1] == 0


@pytest.mark.slow
@situation("it may be this one, then run the command again: export {}")
@pytest.mark.parametrize("place", ["yadm", ".cfg", ".dotfiles.git"])
def test_a_repository_of_dotfiles(program_path, home, place):
    if place == "yadm":
        subprocess.run([need("yadm"), "init", "-q"], cwd=home, check=True)
    else:
        GitRepo(home).run("init", "-q", "--bare", place)
    (home / "sub").mkdir()
    for folder in (home, home / "sub"):
        text, _ = say("sync", cwd=folder)
        assert "git init" not in text
        hint = hint_in(text, "it may be this one, then run the command again: export {}")
        type_it(f"{command_of(hint)} && sessionctl sync", folder)


@situation("unset GIT_DIR")
def test_a_git_dir_that_is_none(repo, tmp_path):
    env = {"GIT_DIR": str(tmp_path / "none")}
    text, _ = say("sync", cwd=repo.path, env=env)
    command = command_of(hint_in(text, "unset GIT_DIR"))
    done = type_it(f"{command}; sessionctl sync", repo.path, env={**os.environ, **env})
    assert done.returncode == 0


@situation("or for all repositories: sessionctl git install --global")
def test_an_installation_outside_of_a_repository(program_path, tmp_path):
    text, _ = say("git", "install", cwd=tmp_path)
    hint = hint_in(text, "or for all repositories: sessionctl git install --global")
    assert type_it(command_of(hint), tmp_path).returncode == 0


@situation("to resolve conflicts as most people do: {}")
def test_conflicts_to_be_settled_from_now_on(program_path, git_repo):
    text, _ = say("git", "install", cwd=git_repo.path)
    hint = hint_in(text, "to resolve conflicts as most people do: {}")
    type_it(hint.partition("people do: ")[2], git_repo.path)
    listed, code = say("config", "merge.prefer", cwd=git_repo.path)
    assert (listed, code) == ('merge.prefer = ["usual"]\n', 0)


@situation("to decide yourself: sessionctl config set merge.prefer '[]'")
def test_conflicts_that_a_repository_settles(program_path, git_repo, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "my config"))
    git_repo.write(".sessionctl.toml", '[merge]\nprefer = ["usual"]\n')
    text, _ = say("git", "install", cwd=git_repo.path)
    hint = hint_in(text, "to decide yourself: sessionctl config set merge.prefer '[]'")
    type_it(hint.partition("yourself: ")[2], git_repo.path)
    listed, code = say("config", "merge.prefer", cwd=git_repo.path)
    assert (listed, code) == ("merge.prefer = []\n", 0)


@situation("go to a branch: {} switch main, or make one: {} switch -c NAME")
def test_a_detached_head(repo):
    repo.run("checkout", "-q", "--detach")
    text, _ = say("sync", cwd=repo.path)
    hint = hint_in(text, "go to a branch: {} switch main, or make one: {} switch -c NAME")
    type_it(command_of(hint, alternative=1), repo.path)
    assert say("sync", cwd=repo.path)[1] == 0


@situation("restore that, or remove the symlink: rm {}")
def test_a_sidecar_that_leads_nowhere(desk):
    desk.sidecar.unlink()
    desk.sidecar.symlink_to("gone/api.secrets.toml")
    text, _ = say("secret", "list", FILE, cwd=desk.folder)
    hint = hint_in(text, "restore that, or remove the symlink: rm {}")
    type_it(command_of(hint, alternative=1), desk.folder)
    assert say("secret", "list", FILE, cwd=desk.folder)[1] == 0


_LEFT = "if none on another machine does, remove it: rm {}"


@situation(_LEFT)
def test_a_lock_that_was_left(repo):
    repo.write(".git/index.lock", "")
    text, _ = say("sync", cwd=repo.path)
    type_it(command_of(hint_in(text, _LEFT)), repo.path)
    assert say("sync", cwd=repo.path)[1] == 0


@situation("let it end; see it: ps -fp {}")
def test_a_lock_that_git_holds(repo):
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\nread answer < .git/pipe\n")
    hook.chmod(0o755)
    os.mkfifo(repo.path / ".git" / "pipe")
    process = subprocess.Popen(["git", "commit", "-qam", "a", "--allow-empty"], cwd=repo.path)
    text, end = "", time.monotonic() + 60
    while f"process {process.pid}" not in text:
        assert process.poll() is None
        assert time.monotonic() < end, text
        text, _ = say("sync", cwd=repo.path)
    assert "rm " not in text and f"git commit (process {process.pid})" in text
    shown = type_it(command_of(hint_in(text, "let it end; see it: ps -fp {}")), repo.path)
    assert "commit" in shown.stdout
    (repo.path / ".git" / "pipe").write_text("go on\n")
    assert process.wait(60) == 0
    assert say("sync", cwd=repo.path)[1] == 0


@situation(
    'set it: git config --global user.name "Your Name"',
    "and: git config --global user.email you@example.org",
)
def test_an_unknown_author(repo, monkeypatch):
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}")
    repo.run("config", "user.useConfigOnly", "true")
    repo.write(FILE, SMALL)
    text, _ = say("sync", cwd=repo.path)
    for hint in (
        'set it: git config --global user.name "Your Name"',
        "and: git config --global user.email you@example.org",
    ):
        type_it(command_of(hint_in(text, hint)), repo.path)
    assert say("sync", cwd=repo.path)[1] == 0


# -- what sync takes -----------------------------------------------------------------------


@situation("{} add -- {}")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["top", "below", "elsewhere"])
def test_a_partly_staged_file(repo, tmp_path, name, where):
    file = f"sub dir/{name}.session.toml"
    repo.write(file, SMALL)
    repo.run("add", "--", file)
    repo.write(file, f"# more\n{SMALL}")
    (tmp_path / "other").mkdir()
    cwd = {"top": repo.path, "below": repo.path / "sub dir", "elsewhere": tmp_path / "other"}[where]
    paths = [str(repo.path)] if where == "elsewhere" else []
    text, code = say("sync", *paths, cwd=cwd)
    assert code == 1
    type_it(command_of(hint_in(text, "{} add -- {}")), cwd)
    assert say("sync", *paths, cwd=cwd)[1] == 0


@situation("{} {} -- {}")
def test_a_vault_that_is_deleted(desk, repo):
    assert say("sync", cwd=repo.path)[1] == 0
    desk.vault.unlink()
    text, _ = say("sync", cwd=repo.path)
    type_it(command_of(hint_in(text, "{} {} -- {}")), repo.path)
    assert say("sync", cwd=repo.path)[1] == 0


@situation("commit it with git: {}")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_no_session(repo, name):
    repo.write(f"{name}.txt", "1\n")
    text, _ = say("sync", "--", f"{name}.txt", cwd=repo.path)
    type_it(command_of(hint_in(text, "commit it with git: {}")), repo.path)
    assert repo.run("status", "--porcelain").stdout == ""


@situation("{} push --set-upstream {} {}")
def test_a_branch_without_an_upstream(clone):  # noqa: F811
    repo = clone("one")
    repo.write(FILE, SMALL)
    repo.commit("base")
    repo.run("checkout", "-qb", "topic")
    text, _ = say("sync", cwd=repo.path)
    type_it(command_of(hint_in(text, "{} push --set-upstream {} {}")), repo.path)
    assert "in sync" in say("sync", cwd=repo.path)[0]


# -- merges --------------------------------------------------------------------------------


@situation("{} rm {}  # or to delete it")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["top", "below", "linked"])
def test_a_file_that_one_side_deleted(repo, name, home, where):
    clash(repo, f"s/{name}.session.toml", SMALL.replace("small", "ours"), None)
    (home / "s").symlink_to(repo.path / "s")  # as stow links a directory
    cwd = {"top": repo.path, "below": repo.path / "s", "linked": home / "s"}[where]
    text, _ = say("status", cwd=cwd)
    hint = hint_in(text, "{} rm {}  # or to delete it")
    type_it(hint[hint.index("git ") :], cwd)
    assert repo.run("diff", "--name-only", "--diff-filter=U").stdout == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_file_behind_a_link_is_let_go_from_elsewhere(repo, name, home):
    file = f"s/{name}.session.toml"
    clash(repo, file, SMALL.replace("small", "ours"), None)
    (home / "s").symlink_to(repo.path / "s")
    text, _ = say("status", "--", f"s/{name}.session.toml", cwd=home)
    hint = hint_in(text, "{} rm {}  # or to delete it")
    type_it(hint[hint.index("git ") :].partition("  #")[0], home)
    assert repo.run("diff", "--name-only", "--diff-filter=U").stdout == ""


@situation("resolve it, and stage the file again: sessionctl resolve -- {}")
def test_a_conflict_that_is_staged(repo):
    clash(repo, FILE, SMALL.replace("small", "ours"), SMALL.replace("small", "theirs"))
    repo.run("add", FILE)
    text, code = say("git", "hook", "pre-commit", cwd=repo.path)
    assert code == 1
    hint = hint_in(text, "resolve it, and stage the file again: sessionctl resolve -- {}")
    # On a terminal it asks; here the answer is given.
    command = command_of(hint).replace("resolve", "resolve --prefer ours")
    type_it(f"{command} && git add {FILE}", repo.path)
    assert say("git", "hook", "pre-commit", cwd=repo.path)[1] == 0


# -- encodings, ciphertext -----------------------------------------------------------------


@situation("convert it: iconv -f {} -t UTF-8 {} > {} && cat {} > {} && rm {}")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding(program_path, tmp_path, name, encoding):
    file = tmp_path / f"{name}.session.toml"
    kept = tmp_path / "kept.toml"
    file.symlink_to(kept)
    kept.touch(0o600)
    file.write_bytes(SMALL.replace("small", "caf\u00e9").encode(encoding))
    text, code = say("validate", "--", file.name, cwd=tmp_path)
    assert code == 1
    type_it(command_of(hint_in(text, "convert it: iconv -f {}")), tmp_path)
    assert say("validate", "--", file.name, cwd=tmp_path)[1] == 0
    assert file.is_symlink()
    assert kept.stat().st_mode & 0o777 == 0o600


@situation("all else is UTF-8; replace what is at {}{}: vi '+e ++enc=utf-8 ++bad=keep' +{} {}")
@pytest.mark.parametrize("name", NAMES)
def test_single_bytes_of_another_encoding(program_path, tmp_path, name):
    need("vi")
    file = tmp_path / f"{name}.session.toml"
    before = SMALL.replace("small", "größe").encode()
    file.write_bytes(before + b"# caf\xe9\n")
    text, code = say("validate", "--", file.name, cwd=tmp_path)
    assert code == 1
    assert "iconv" not in text
    command = command_of(hint_in(text, "all else is UTF-8; replace what is at"))
    # The person in the editor is a script: of the line where it opens, one byte is replaced.
    command = f"printf '%s\\n' 's/caf./café/' 'wq!' | {command.replace('vi ', 'vi -es ', 1)}"
    type_it(command, tmp_path)
    assert file.read_bytes() == before + "# café\n".encode()
    assert say("validate", "--", file.name, cwd=tmp_path)[1] == 0


@pytest.mark.slow
@situation("it is encrypted: git-crypt unlock")
def test_ciphertext_of_git_crypt(repo):
    need("git-crypt")
    key = repo.path.parent / "key"
    subprocess.run(["git-crypt", "init"], cwd=repo.path, check=True, capture_output=True)
    subprocess.run(["git-crypt", "export-key", str(key)], cwd=repo.path, check=True)
    with open(repo.path / ".gitattributes", "a") as stream:
        stream.write("*.session.toml filter=git-crypt\n")
    repo.commit("base", api__session__toml=SMALL)
    subprocess.run(["git-crypt", "lock"], cwd=repo.path, check=True)
    text, _ = say("validate", FILE, cwd=repo.path)
    assert "iconv" not in text
    command = command_of(hint_in(text, "it is encrypted: git-crypt unlock"))
    type_it(f"{command} {key}", repo.path)  # which key it is, nobody but the user knows
    assert say("validate", FILE, cwd=repo.path)[1] == 0


@pytest.mark.parametrize("data", [b"\0\1\2", b"\x89PNG\r\n\0", b"\xfe\xed\0\0"])
def test_what_is_no_text_is_not_to_be_converted(program_path, tmp_path, data):
    (tmp_path / FILE).write_bytes(data)
    assert "iconv" not in say("validate", FILE, cwd=tmp_path)[0]


# -- new -----------------------------------------------------------------------------------


@situation("edit it, then: sessionctl validate {} && sessionctl show {}")
@pytest.mark.parametrize("name", ["api", "my app", "it's", "\u00fcber"])
@pytest.mark.parametrize("folder", [".", "a b"])
def test_a_new_session(program_path, tmp_path, name, folder):
    (tmp_path / folder).mkdir(exist_ok=True)
    text, _ = say("new", name, "--dir", folder, cwd=tmp_path)
    hint = hint_in(text, "edit it, then: sessionctl validate {}")
    assert type_it(command_of(hint), tmp_path).returncode == 0


# -- secrets -------------------------------------------------------------------------------


@situation("restore it: {} checkout HEAD -- {}")
@pytest.mark.parametrize("where", ["top", "below"])
@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_vault_that_git_has(desk, repo, where, harm):
    assert say("sync", cwd=repo.path)[1] == 0
    if harm == "gone":
        shutil.rmtree(desk.vault.parent)
    else:
        desk.vault.write_bytes(b"age-encryption.org/v1\ngarbage")
    (repo.path / "sub").mkdir()
    cwd, file = (repo.path, FILE) if where == "top" else (repo.path / "sub", f"../{FILE}")
    text, code = say("secret", "reveal", file, NAME, "--stdout", cwd=cwd)
    assert code == 5
    type_it(command_of(hint_in(text, "restore it: {} checkout HEAD -- {}")), cwd)
    assert say("secret", "reveal", file, NAME, "--stdout", cwd=cwd) == ("hunter2", 0)


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_vault_that_git_does_not_have_is_not_to_be_had_from_git(desk, repo, harm):
    if harm == "gone":
        shutil.rmtree(desk.vault.parent)
    else:
        desk.vault.write_bytes(b"age-encryption.org/v1\ngarbage")
    for _ in ("in a repository", "outside"):
        text, code = say("secret", "reveal", FILE, NAME, "--stdout", cwd=repo.path)
        assert code == 5
        assert "git restore" not in text and "git checkout" not in text
        assert "from a backup" in text
        shutil.rmtree(repo.path / ".git", ignore_errors=True)


@pytest.mark.slow
@situation("chmod +x {}")
@pytest.mark.parametrize("name", ["tool", "two words", "it's", "-dash"])
def test_a_program_that_is_not_executable(desk, repo, name):
    program = repo.path / name
    program.write_text("#!/bin/sh\nexit 0\n")
    run = ("secret", "exec", FILE, "--", f"./{name}")
    text, code = say(*run, cwd=repo.path)
    assert code == 3 and "install" not in text
    type_it(command_of(hint_in(text, "chmod +x {}")), repo.path)
    assert say(*run, cwd=repo.path)[1] == 0


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("#!/no/such/program", "its first line names '/no/such/program'"),
        ("#!", "its first line names no program"),
        ("echo hello", "begin it with the program that runs it"),
    ],
)
def test_a_script_that_nothing_runs(desk, repo, first, said):
    program = repo.path / "tool"
    program.write_text(f"{first}\necho x\n")
    program.chmod(0o755)
    text, code = say("secret", "exec", FILE, "--", "./tool", cwd=repo.path)
    if first == "#!" and code == 0:
        pytest.skip("this system runs it")
    assert code == 3
    assert said in text
    assert "install " not in text and "on PATH" not in text


def test_arguments_that_are_too_long(desk, repo):
    run = ["secret", "exec", FILE, "--", "/bin/true", *(["x" * 100_000] * 40)]
    try:
        text, code = say(*run, cwd=repo.path)
    except OSError:
        many = desk.run(*run)
        text, code = many.output, many.exit_code
    assert code == 3
    assert "too long together" in text and "install" not in text


@situation("unstage it: git reset -q -- {}")
@pytest.mark.parametrize("name", ["keys.txt", "a b/keys.txt", "it's/keys.txt"])
def test_a_key_that_is_staged(repo, name):
    repo.write(name, "AGE-SECRET" + "-KEY-1" + "Q" * 58)
    repo.run("add", "--", name)
    text, _ = say("git", "hook", "pre-commit", cwd=repo.path)
    type_it(command_of(hint_in(text, "unstage it: git reset -q -- {}")), repo.path)
    assert say("git", "hook", "pre-commit", cwd=repo.path)[1] == 0


@situation("the session still refers to it: sessionctl unset {} {}")
def test_a_secret_that_is_removed_and_referred_to(desk, repo):
    text, _ = say("secret", "rm", FILE, NAME, cwd=repo.path)
    hint = hint_in(text, "the session still refers to it: sessionctl unset {} {}")
    type_it(command_of(hint), repo.path)
    assert say("validate", FILE, cwd=repo.path)[1] == 0


@situation("move it to the sidecar: sessionctl secret extract {}")
@pytest.mark.parametrize("name", ["web", "two words", "it's"])
def test_a_typed_secret(desk, repo, name):
    text = SESSION.replace('{ secret = "prod.password" }', '"hunter2!"')
    text = text.replace("3f0d8c2e", "3f0d8c2f")
    repo.write(f"{name}.session.toml", text)
    shown, _ = say("validate", f"{name}.session.toml", cwd=repo.path)
    hint = hint_in(shown, "move it to the sidecar: sessionctl secret extract {}")
    type_it(command_of(hint), repo.path)
    assert say("validate", f"{name}.session.toml", cwd=repo.path)[1] == 0


# -- secrets out of reach, masked text --------------------------------------------------------


@situation("move them below their vault: mv -- {} {}")
@pytest.mark.parametrize("folder", ["other", "two words", "-dash"])
def test_a_session_and_its_sidecar_out_of_the_reach_of_their_vault(desk, repo, folder):
    dots = repo.path / "dots"
    (dots / "below").mkdir(parents=True)
    for name in (".age-recipients", ".sessionctl"):
        shutil.move(repo.path / name, dots)
    (repo.path / folder).mkdir()
    for name in (FILE, "api.secrets.toml"):
        shutil.move(repo.path / name, repo.path / folder)
    text, code = say("validate", "--", folder, cwd=repo.path)
    assert code == 1
    command = command_of(hint_in(text, "move them below their vault: mv -- {} {}"))
    type_it(command, repo.path)
    assert say("validate", "--", "dots", cwd=repo.path)[1] == 0


@situation("restore the file, and make patches with: git diff --no-textconv")
def test_a_mark_of_git_diff_where_a_value_belongs(repo):
    repo.commit("small", api__session__toml=SMALL)
    repo.write(FILE, SMALL.replace('"small"', '"***3fa9c1"'))
    text, code = say("validate", FILE, cwd=repo.path)
    assert code == 1
    template = "restore the file, and make patches with: git diff --no-textconv"
    type_it(command_of(hint_in(text, template)), repo.path)
