"""Every command that takes a session file takes the name of the session too, in one order."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from sessionctl.__main__ import main
from sessionctl.cli.app import app
from sessionctl.cli.arguments.session_argument import SessionArgument
from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands

NAME = "a"
BY_NAME_TOO = {"close", "open", "restore", "save"}
"""These look their sessions up at the tmux server too, each in its own way."""


class Done:
    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    """Return a function that runs sessionctl in this process, here, with a home of its own."""
    home = tmp_path / "home"
    here = tmp_path / "here"
    for folder in (home, here):
        folder.mkdir()
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("SESSIONCTL_TMUX_SOCKET", "none")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.chdir(here)

    def sessionctl(*words):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
        code = main(list(words))
        out, err = capfdbinary.readouterr()
        return Done(code, out.decode(), err.decode())

    return sessionctl


def write(path, name="a", text=SESSION):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace('"a"', f'"{name}"', 1))
    return path


def session_arguments():
    """Return the words of each command that takes a session, and its argument."""
    found = []
    for words in registered_commands():
        command, context = app, click.Context(app)
        for word in words.split():
            command = command.get_command(context, word)
            context = click.Context(command, parent=context)
        found += [
            pytest.param(words, one, id=f"{words} {one.name}")
            for one in command.params
            if isinstance(one, SessionArgument)
        ]
    return found


def test_a_command_whose_invocation_names_the_session_takes_a_session():
    taking = {one.values[0] for one in session_arguments()}
    naming = {command for command, words in INVOCATIONS.items() if FILE in words}
    assert naming - taking - BY_NAME_TOO == {"diff", "git merge-driver", "git textconv"}


NOT_HERE = {"watch", "ui", "secret exec"}
"""What would not end, and what would take the place of this process."""
CASES = [case for case in session_arguments() if case.values[0] not in NOT_HERE]
OPTIONAL = {".env"}


def words_with(command, name):
    given = INVOCATIONS[command]
    if FILE in given:
        return [*command.split(), *(name if word == FILE else word for word in given)]
    return [*command.split(), *given, name]


@pytest.mark.parametrize(("command", "argument"), CASES)
def test_a_name_stands_for_its_file(run, command, argument):
    write(FILE)
    by_path = run(*words_with(command, FILE))
    write(FILE)
    by_name = run(*words_with(command, NAME))
    assert by_name.code == by_path.code
    assert "no session file is known" not in by_name.stderr
    assert "Traceback" not in by_name.stderr


@pytest.mark.parametrize(("command", "argument"), CASES)
def test_a_wrong_name_gets_the_near_one_and_changes_nothing(run, command, argument):
    write("alpha.session.toml", "alpha")
    before = sorted(Path().rglob("*"))
    done = run(*words_with(command, "alhpa"))
    assert done.code in (2, 3), done.stderr
    assert "did you mean alpha?" in done.stderr or "did you mean alpha.session" in done.stderr
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(("command", "argument"), CASES)
def test_the_only_session_here_is_the_default_for_all_alike(run, command, argument):
    if not argument.has_default:
        pytest.skip("it takes several, or has an answer without one")
    write(FILE)
    given = INVOCATIONS[command]
    done = run(*command.split(), *(word for word in given if word not in {FILE, *OPTIONAL}))
    assert "which session" not in done.stderr
    assert "missing argument" not in done.stderr
    if argument.writes and "-n" not in given:
        assert f"{FILE}: the only session here" in done.stderr
    Path(FILE).unlink()
    none = run(*command.split(), *(word for word in given if word not in {FILE, *OPTIONAL}))
    assert none.code == 2
    assert f"name one: sessionctl {command} NAME" in none.stderr


# -- the order ---------------------------------------------------------------------------------


def root_of(run, name):
    done = run("get", name, "root")
    return done.stdout.strip() if done.code == 0 else done


def session_with(path, root):
    return write(path, text=f'schema_version = 1\nname = "{Path(path).name}"\nroot = "{root}"\n')


def test_the_first_place_that_has_the_name_decides(run):
    home = Path(os.environ["XDG_CONFIG_HOME"]) / "sessionctl/sessions"
    session_with(home / "api.session.toml", "/home")
    assert root_of(run, "api") == "/home"
    session_with("deep/down/api.session.toml", "/below")
    assert root_of(run, "api") == "/below"
    session_with("api.session.toml", "/here")
    assert root_of(run, "api") == "/here"
    Path("api").write_text('root = "/path"\n')
    assert root_of(run, "api") == "/path"


def test_a_new_session_says_which_other_has_its_name_and_how_to_name_both(run):
    home = Path(os.environ["XDG_CONFIG_HOME"]) / "sessionctl/sessions"
    other = session_with(home / "api.session.toml", "/home")
    hint = f"hint: name the other one by its path: sessionctl show {other}\n"
    done = run("new", "-n", "api")
    assert f"warning: {other}: also called api\nsessionctl: {hint}" in done.stderr
    assert "also called" not in run("new", "--json", "api").stderr
    Path("api.session.toml").unlink()
    meant = "also called api; here, api means api.session.toml"
    done = run("new", "api")
    assert f"{other}: {meant}\nsessionctl: {hint}" in done.stderr
    assert root_of(run, "api") != "/home"
    assert "also called" not in run("rename", "api", "web").stderr
    assert f"{other}: {meant}\nsessionctl: {hint}" in run("rename", "web", "api").stderr
    Path("sub").mkdir()
    assert ", api.session.toml: also" not in run("cp", "api", "sub/").stderr
    Path("sub/api.session.toml").unlink()
    done = run("new", "api", "--dir", "sub")
    assert f"{other}, api.session.toml: {meant}\n" in done.stderr
    assert "name the new one by its path: sessionctl show sub/api.session.toml\n" in done.stderr


def test_several_of_one_name_are_all_reported_with_the_path_to_type(run):
    session_with("one/api.session.toml", "/1")
    session_with("two x/api.session.toml", "/2")
    done = root_of(run, "api")
    assert done.code == 2
    assert "2 sessions are called api: one/api.session.toml, two x/api.session.toml" in done.stderr
    assert "one/api.session.toml" in done.stderr.splitlines()[-1]
    assert root_of(run, "two x/api") == "/2"


def test_two_paths_of_one_file_are_one_session(run):
    session_with("real/api.session.toml", "/1")
    Path("linked").mkdir()
    Path("linked/api.session.toml").symlink_to("../real/api.session.toml")
    assert root_of(run, "api") == "/1"


@pytest.mark.parametrize(
    "name", ["a b", "naïve-日本", "x'y", "it.is", "set", "a=b", "[w]", "$HOME"]
)
def test_names_with_any_characters_are_found(run, name):
    session_with(f"{name}.session.toml", "/r")
    assert root_of(run, name) == "/r"
    assert root_of(run, f"./{name}") == "/r"
    assert root_of(run, f"{name}.session") == "/r"


def test_a_session_is_also_called_by_the_name_in_it(run):
    write("work.session.toml", text='schema_version = 1\nname = "a/b"\nroot = "/r"\n')
    assert root_of(run, "a/b") == "/r"


def test_a_twin_in_other_case_is_only_offered(run):
    session_with("API.session.toml", "/r")
    done = root_of(run, "api")
    assert done.code == 2
    assert "did you mean API?" in done.stderr


def test_a_directory_of_that_name_is_no_file_but_may_be_validated(run):
    session_with("api.session.toml", "/r")
    Path("api").mkdir()
    write("api/inner.session.toml")
    assert root_of(run, "api") == "/r"
    assert run("validate", "api").stderr == "2 files: 2 valid\n"
    assert run("validate", "api/").stderr == "1 file: 1 valid\n"


def test_a_directory_without_sessions_is_told_from_the_session_of_its_name(run):
    Path(NAME).mkdir()
    file = write(Path(os.environ["XDG_CONFIG_HOME"], "sessionctl", "sessions", FILE))
    said = f"sessionctl: hint: {NAME} is the directory here; the session is {file}\n"
    for words in (["validate"], ["status"], ["secret", "scan"], ["sync", "-n"]):
        assert said in run(*words, NAME).stderr, words
        assert said not in run(*words, ".").stderr, words
    assert f"{file.parent}: not in a git repository" in run("log", NAME).stderr
    assert run("get", NAME, "name").stdout == f"{NAME}\n"
    write(Path(NAME, "b.session.toml"), "b")
    assert said not in run("validate", NAME).stderr, "what is in it is meant"


def test_a_broken_session_is_checked_beside_a_directory_of_its_name(run):
    Path("api.session.toml").write_text("root = \n")
    Path("api").mkdir()
    for words in (("validate",), ("validate", "--strict"), ("fmt", "--check")):
        done = run(*words, "api")
        assert done.code == 1, (words, done.stderr)
        assert "api.session.toml:1:8" in done.stdout + done.stderr
    done = run("status", "api")
    assert (done.code, "api.session.toml" in done.stdout) == (1, True)
    assert "warning" not in done.stderr
    alone = run("status", "api/").stderr
    assert "warning: api/: no session files in or below it" in alone
    assert "files here" not in alone


def test_a_broken_file_is_the_only_session_too(run):
    Path("api.session.toml").write_text("root = \n")
    done = run("get", "root")
    assert done.code == 1
    assert "api.session.toml:1:8" in done.stderr


def test_a_deleted_session_is_recovered_by_its_name(run):
    session_with("api.session.toml", "/1")
    run("set", "api", "root", "/2")
    Path("api.session.toml").unlink()
    done = run("recover", "api")
    assert done.code == 0
    assert "sessionctl recover api.session.toml 1" in done.stderr


# -- windows and panes ---------------------------------------------------------------------------


def test_what_was_typed_comes_back(run):
    write(FILE)
    said = run("set", NAME, "windows[name=w].layout", "tiled").stderr
    assert "windows[name=w].layout: added" in said
    assert "windows[name=w].layout: removed" in run("unset", NAME, "windows[name=w].layout").stderr
    wrong = run("get", NAME, "windows[name=w].layuot").stderr
    assert '"windows[name=w]" has no key "layuot"' in wrong
    near = run("get", NAME, "windows[name=v].layout")
    assert (near.code, "did you mean" in near.stderr) == (1, False)


def test_several_keys_are_one_edit(run):
    write(FILE)
    done = run("set", "windows[name=new].layout", "tiled", "windows[name=new].panes[0].run", "top")
    assert done.code == 0, done.stderr
    assert f"{FILE}: the only session here" in done.stderr
    assert "windows[name=new] is new" in done.stderr
    assert run("get", NAME, "windows[name=new].panes[0].run").stdout == "top\n"
    assert run("undo", NAME).code == 0
    assert Path(FILE).read_text() == SESSION
    odd = run("set", NAME, "root", "/x", "name")
    assert (odd.code, "the key name has no value" in odd.stderr) == (2, True)


def test_a_slip_that_makes_an_item_is_told_with_the_way_back(run):
    write(FILE, text=SESSION.replace('"w"', '"editor"'))
    said = run("set", NAME, "windows[name=edtor].layout", "tiled").stderr
    assert "did you mean windows[name=editor]?" in said
    assert f"sessionctl unset {FILE} 'windows[name=edtor]'" in said


def test_an_item_that_the_schema_does_not_know_is_refused(run):
    before = write(FILE).read_text()
    done = run("set", NAME, "windows[name=new].layuot", "tiled")
    assert done.code == 1
    assert "did you mean layout?" in done.stderr
    assert Path(FILE).read_text() == before


def test_a_window_is_moved_and_renamed(run):
    write(FILE, text=f'{SESSION}\n[[windows]]\nname = "x"\n')
    assert run("move", NAME, "windows[name=x]", "--first").code == 0
    assert run("set", NAME, "windows[name=x].name", "y").code == 0
    assert run("get", NAME, "windows[0].name").stdout == "y\n"
    assert run("move", NAME, "windows[name=y]").code == 2


# -- rename, cp, rm ------------------------------------------------------------------------------


def git(*words):
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def test_a_rename_is_one_in_git_too_and_stages_no_edit(run):
    git("init", "-q")
    write(FILE)
    git("add", FILE)
    git("-c", "user.email=a@b", "-c", "user.name=n", "commit", "-qm", "x")
    run("set", NAME, "root", "/x")
    assert run("rename", "-n", NAME, "b").stderr == ""
    assert Path(FILE).exists()
    done = run("rename", NAME, "b")
    assert (done.code, done.stderr) == (0, f"renamed {FILE} to b.session.toml\n")
    assert git("status", "--short") == "RM a.session.toml -> b.session.toml\n"
    assert git("show", ":b.session.toml") == SESSION
    assert run("get", "b", "name").stdout == "b\n"
    assert 'root: "/x"' in run("undo", "-n", "b").stdout or run("backups", "list", "b").code == 0


def test_the_secrets_of_a_copy_are_its_own(run, monkeypatch):
    assert run("key", "new").code == 0
    write(FILE, text=f'{SESSION}\n[connections.db]\ndriver = "redis"\nhost = "h"\n')
    Path("value").write_text("pw-1")
    with open("value") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["secret", "set", FILE, "db.password"]) == 0
    run("secret", "set", FILE, "db.password")
    assert run("cp", NAME, "b").code == 0
    assert run("secret", "reveal", "b", "db.password", "--stdout").stdout.strip() == "pw-1"
    assert "did you mean db.password?" in run("secret", "rm", NAME, "db.pasword").stderr
    ids = {run("get", name, "id").stdout for name in (NAME, "b")}
    assert len(ids) == 2
    assert run("rename", NAME, "c").code == 0
    assert run("secret", "reveal", "c", "db.password", "--stdout").stdout.strip() == "pw-1"
    Path("none").write_text("")
    Path("none").chmod(0o600)
    before = sorted(Path().iterdir())
    assert run("cp", "c", "d", "--identity", "none").code == 4
    assert sorted(Path().iterdir()) == before


def test_secrets_that_another_vault_has_then_are_sealed_anew(run, monkeypatch):
    key = run("key", "new").stdout.strip()
    for folder in ("one", "two"):
        Path(folder).mkdir()
        Path(folder, ".age-recipients").write_text(f"{key}\n")
    write("one/a.session.toml")
    Path("value").write_text("pw-1")
    write("two/c.session.toml", "c")
    for file in ("one/a.session.toml", "two/c.session.toml"):
        with open("value") as stream:
            monkeypatch.setattr("sys.stdin", stream)
            assert main(["secret", "set", file, "db.password"]) == 0
    run("get", "one/a", "name")
    Path("none").touch(mode=0o600)
    before = sorted(Path().rglob("*"))
    assert run("rename", "one/a", "two/b", "--identity", "none").code == 4
    assert sorted(Path().rglob("*")) == before
    done = run("rename", "one/a", "two/b")
    assert done.code == 0, done.stderr
    assert run("secret", "reveal", "b", "db.password", "--stdout").stdout.strip() == "pw-1"
    assert sorted(Path("one").glob("*.toml")) == []


def test_a_removed_session_is_brought_back(run):
    write(FILE)
    assert run("rm", NAME).code == 2
    done = run("rm", "--yes", NAME)
    assert (done.code, Path(FILE).exists()) == (0, False)
    assert f"sessionctl recover {FILE} 1" in done.stderr
    assert run("recover", "--yes", NAME, "1").code == 0
    assert Path(FILE).read_text() == SESSION


def test_a_path_is_never_taken_for_a_file_elsewhere(run):
    session_with("deep/api.session.toml", "/r")
    for words in (("get", "api.session.toml", "root"), ("set", "./api", "root", "/x")):
        done = run(*words)
        assert done.code in (2, 3), words
    assert root_of(run, "api") == "/r"


# -- other files ---------------------------------------------------------------------------------

OTHERS = {
    "rm": ("-y", "{}"),
    "rename": ("{}", "other"),
    "cp": ("{}", "other"),
    "move": ("{}", "windows[0]", "--last"),
}


@pytest.mark.parametrize("command", OTHERS)
@pytest.mark.parametrize("name", ["Makefile", "id.txt", "p.toml", "./Makefile", "z.secrets.toml"])
def test_a_file_that_is_no_session_is_refused_and_kept_nowhere_else(run, command, name):
    Path(name).write_text("[[windows]]\nname = 'w'\n")
    before = sorted(Path().rglob("*"))
    done = run(command, *(word.format(name) for word in OTHERS[command]))
    assert done.code == 2, done.stderr
    assert f"{name}: {command} takes session files only" in done.stderr
    assert "hint: list the sessions here: sessionctl list" in done.stderr
    assert sorted(Path().rglob("*")) == before
    state = Path(os.environ["XDG_STATE_HOME"])
    assert not any(file.is_file() for file in state.rglob("*"))


def test_the_line_that_names_one_of_several_has_all_that_was_typed(run):
    write("a.session.toml")
    write("b.session.toml")
    for typed, hint in (
        ("unset root", "unset a.session.toml root"),
        ("connect db --once", "connect a.session.toml db --once"),
        ("get 'windows[0].name' --json", "get a.session.toml 'windows[0].name' --json"),
        ("secret rm x.y", "secret rm a.session.toml x.y"),
        ("set connections.db.password hunter2", "set a.session.toml"),
        ("show", "show a.session.toml"),
    ):
        done = run(*shlex.split(typed))
        assert done.code == 2
        assert f"hint: name one: sessionctl {hint}\n" in done.stderr, (typed, done.stderr)


def test_which_file_was_meant_is_said_once(run):
    write("build.session.toml")
    for words in (
        "fmt", "secret list", "secret doctor", "validate", "status", "import", "show", "diff",
        "sync -n", "watch -n",
    ):  # fmt: skip
        done = run(*words.split(), "biuld.session.toml")
        assert (done.stdout + done.stderr).count("did you mean build.session.toml?") == 1, words


@pytest.mark.parametrize("path", ["./build", "build.secrets.toml"])
def test_of_a_path_beside_a_session_the_session_is_offered(run, path):
    write("build.session.toml", "build")
    Path(path).write_text("")
    done = run("rm", "-y", path)
    assert done.code == 2
    assert "hint: did you mean " in done.stderr
    assert Path(path).exists()
    assert Path("build.session.toml").exists()


def test_a_session_comes_before_a_stray_file_of_its_name(run):
    Path("build").write_text("not a session")
    for command, words in OTHERS.items():
        session = write("build.session.toml", "build")
        Path("other.session.toml").unlink(missing_ok=True)
        done = run(command, *(word.format("build") for word in words))
        assert done.code == 0, (command, done.stderr)
        assert session.exists() == (command in {"cp", "move"})
        assert Path("build").read_text() == "not a session"
    write("build.session.toml", "build")
    assert "build" in run("show", "build").stdout
    assert run("trust", "-n", "build").code == 0


def test_a_command_of_any_toml_takes_the_path_first(run):
    session_with("api.session.toml", "/here")
    Path("api").write_text('root = "/path"\n')
    assert root_of(run, "api") == "/path"


# -- where it goes -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["cp", "rename"])
def test_a_tilde_that_the_shell_left_is_the_home(run, command):
    write(FILE)
    done = run(command, NAME, "~/q")
    target = Path(os.environ["HOME"], "q.session.toml")
    assert (done.code, target.exists(), Path("~").exists()) == (0, True, False)
    assert done.stderr.endswith(f"to {target}\n")
    write(FILE)
    Path("~").mkdir()
    done = run(command, NAME, "./~/q")
    assert done.stderr.endswith("to ./~/q.session.toml\n")
    assert Path("~/q.session.toml").exists()
    assert run(command, "-n", "./~/q", "r").stdout.startswith("make ./~/r.session.toml\n")


@pytest.mark.parametrize("command", ["cp", "rename"])
@pytest.mark.parametrize("new", ["gone/x", "gone/deep/x.session.toml", "gone/", "~bob/x"])
def test_a_directory_that_is_not_there_is_not_made(run, command, new):
    write(FILE)
    before = sorted(Path().rglob("*"))
    for words in ((), ("-n",)):
        done = run(command, *words, NAME, new)
        assert done.code == 3
        assert "there is no such directory; nothing was changed" in done.stderr
        assert "hint: create it first: mkdir -p " in done.stderr
    assert sorted(Path().rglob("*")) == before
    Path("nowhere").symlink_to("gone")
    Path("plain").touch()
    for name in ("nowhere", "plain"):
        done = run(command, NAME, f"{name}/x")
        assert (done.code, "it is not a directory" in done.stderr) == (3, True)
        assert f"hint: see where it leads: ls -ld {name}\n" in done.stderr


def test_every_file_that_a_copy_makes_is_named(run, monkeypatch):
    assert run("key", "new").code == 0
    write("from/a.session.toml")
    Path("value").write_text("pw-1")
    with open("value") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["secret", "set", "from/a.session.toml", "db.password"]) == 0
    run("get", "from/a", "name")
    Path("to").mkdir()
    rehearsed = run("cp", "-n", "from/a", "to/b").stdout
    assert list(Path("to").iterdir()) == []
    done = run("cp", "from/a", "to/b")
    assert done.code == 0, done.stderr
    made = [str(path) for path in Path("to").rglob("*") if path.is_file()]
    assert len(made) == 5
    for path in made:
        assert path in done.stderr
        assert f"make {path}" in rehearsed.replace(f"{Path.cwd()}/", "")


# -- a link that leads nowhere -------------------------------------------------------------------


@pytest.mark.parametrize("is_in_git", [False, True])
def test_a_link_that_leads_nowhere_is_shown_and_can_be_removed(run, is_in_git):
    if is_in_git:
        git("init", "-q")
    link = Path("gl.session.toml")
    link.symlink_to("no where")
    told = "gl.session.toml: cannot read: a link that leads nowhere: no where"
    for words in (("get", "gl", "root"), ("set", "gl", "root", "/"), ("show", "gl")):
        done = run(*words)
        assert (done.code, told in done.stderr) == (3, True), done.stderr
        assert "hint: see where it leads: ls -ld gl.session.toml" in done.stderr
    listed = run("list").stdout
    assert "gl.session.toml" in listed
    assert "a link that leads nowhere: no where" in listed
    for words in (("status",), ("status", "gl"), ("status", ".")):
        done = run(*words)
        assert done.code == 3, (words, done.stdout)
        assert "unreadable  gl.session.toml: cannot read: a link that leads nowhere" in done.stdout
    assert run("rm", "-n", "gl").stdout.startswith("remove gl.session.toml\n")
    assert link.is_symlink()
    done = run("rm", "-y", "gl")
    assert (done.code, link.is_symlink()) == (0, False)
    assert "gl.session.toml is a link that leads nowhere: no where" in done.stderr
    assert "recover" not in done.stderr


# -- names that name nothing ---------------------------------------------------------------------


def test_a_window_that_gets_a_name_twice_is_warned_of(run):
    write(FILE, text=f'{SESSION}\n[[windows]]\nname = "x"\n')
    for name, problem in (
        ("x", 'windows[0] and windows[1] are both called "x" now'),
        ("", "windows[0] has an empty name: it can only be called by its number"),
    ):
        for words in (("-n",), ("--string",), ()):
            done = run("set", *words, NAME, "windows[0].name", name)
            assert done.code == 0
            assert f"warning: {FILE}: {problem}\n" in done.stderr
            hint = f"sessionctl set {FILE} 'windows[0].name' NAME"
            assert f"hint: give it a name of its own: {hint}\n" in done.stderr
            run("set", NAME, "windows[0].name", "w")
    assert "warning" not in run("set", NAME, "windows[0].name", "y").stderr


@pytest.mark.parametrize("name", ["x:y", "a.b", "-x", "a/b", " a"])
def test_a_name_that_rename_refuses_is_refused_by_set(run, name):
    before = write(FILE).read_text()
    for words in ((), ("-n",)):
        done = run("set", "--string", *words, NAME, "name", "--", name)
        assert (done.code, Path(FILE).read_text()) == (1, before), done.stderr
        assert f'"{name}" cannot name a session: ' in done.stderr
        assert "hint: set it anyway with --force" in done.stderr
    assert run("set", "--force", "--string", NAME, "--", "name", name).code == 0
    assert run("set", NAME, "root", "/x").code == 0
    write("it.is.session.toml")
    assert run("set", "it.is", "name", "it.is").code == 0


@pytest.mark.parametrize("words", ["connections list", "get", "open", "restore", "show"])
def test_where_no_session_is_the_hint_names_the_command_that_was_typed(run, words):
    more = ["name"] if words == "get" else []
    done = run(*words.split(), *more)
    assert done.code == 2
    assert f"hint: name one: sessionctl {words} NAME" in done.stderr
