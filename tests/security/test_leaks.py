"""Leaks: what may be read of a secret in what is shown, and what masked text may not become."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.git.inprocess import run_inside
from tests.main_inside import main_inside
from tests.together import together

NAME = "api.session.toml"
WAIVED = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~"

[connections.p]
driver = "postgres"
host = "h"
password = "tangerine"  # sessionctl: allow-secret the throw-away database
user = "u"
port = 1
database = "d"
"""


@pytest.fixture
def waived(repo):
    """A repository with a session whose password may stand there."""
    repo.commit("waived", api__session__toml=WAIVED)
    return repo


def applied(repo, *options, apply=()):
    """Apply what git diff shows to the index; return git's code, and what the index has."""
    patch = repo.run("diff", *options).stdout
    (repo.path.parent / "patch").write_text(patch)
    done = repo.run("apply", "--cached", *apply, str(repo.path.parent / "patch"), check=False)
    return done.returncode, repo.run("show", f":{NAME}").stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"tangerine"', '"clementine"'),
        ('user = "u"', 'user = "v"'),
        ("port = 1\n", 'port = 1\ntoken = "abcdef12"  # sessionctl: allow-secret x\n'),
        ("port = 1\n", "port = 1\n# sent: postgres://u:clementine@h\n"),
    ],
    ids=["the value", "the line below", "another one", "in a comment"],
)
def test_masked_text_is_never_applied_as_content(waived, old, new):
    waived.write(NAME, WAIVED.replace(old, new))
    code, staged = applied(waived)
    assert code != 0
    assert staged == WAIVED


@pytest.mark.parametrize(("old", "new"), [("port = 1", "port = 2"), ('name = "api"', 'name = "b"')])
def test_what_is_apart_from_secrets_applies_as_it_is(waived, old, new):
    text = WAIVED.replace("port", "# a\n# b\n# c\n# d\nport")
    waived.commit("apart", api__session__toml=text)
    waived.write(NAME, text.replace(old, new))
    assert applied(waived) == (0, text.replace(old, new))


def test_masked_text_that_git_takes_for_a_new_file_is_no_toml(waived):
    waived.write("new.session.toml", WAIVED)
    waived.run("add", "-N", "new.session.toml")
    applied(waived)
    waived.write("new.session.toml", waived.run("show", ":new.session.toml").stdout)
    done = run_inside("validate", "new.session.toml", cwd=waived.path)
    assert done.returncode == 1
    assert "error[masked-text]" in done.stdout
    assert "git diff --no-textconv" in done.stdout


def test_a_change_of_a_masked_value_is_a_change(waived):
    waived.write(NAME, WAIVED.replace("tangerine", "clementine"))
    shown = waived.run("diff").stdout
    before, after = (line for line in shown.splitlines() if line[:2] in ("-p", "+p"))
    assert before[1:] != after[1:]
    assert "tangerine" not in shown
    assert "clementine" not in shown
    waived.commit("changed")
    assert before in waived.run("log", "-p", "-1").stdout


def test_a_mark_cannot_be_tried_out_on_another_machine(waived, tmp_path, monkeypatch):
    here = waived.run("show", "--textconv", f"HEAD:{NAME}").stdout
    assert here == waived.run("show", "--textconv", f"HEAD:{NAME}").stdout
    key = os.path.join(os.environ["XDG_STATE_HOME"], "sessionctl", "mask.key")
    assert os.stat(key).st_mode & 0o777 == 0o600
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    assert here != waived.run("show", "--textconv", f"HEAD:{NAME}").stdout


def test_a_state_directory_that_cannot_be_written_stops_nothing(waived, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    waived.write(NAME, WAIVED.replace("tangerine", "clementine"))
    shown = waived.run("diff").stdout
    assert "\n-password" in shown
    assert "ine" not in shown.split("\n+password")[1].split("#")[0]


def test_for_a_pager_the_text_has_no_marks_of_lines(waived, monkeypatch):
    assert "\x7f" in waived.run("show", "--textconv", f"HEAD:{NAME}").stdout
    monkeypatch.setenv("GIT_PAGER_IN_USE", "true")
    assert "\x7f" not in waived.run("show", "--textconv", f"HEAD:{NAME}").stdout


def test_what_makes_patches_has_the_whole_text(waived):
    waived.write(NAME, WAIVED.replace("tangerine", "clementine"))
    assert '+password = "clementine"' in waived.run("diff", "--no-textconv").stdout
    waived.commit("changed")
    assert '+password = "clementine"' in waived.run("format-patch", "--stdout", "-1").stdout
    assert applied(waived, "--no-textconv", "HEAD~1", apply=("-R",)) == (0, WAIVED)


LEAKY = WAIVED.replace("  # sessionctl: allow-secret the throw-away database", "")


@pytest.fixture
def origin(git_repo):
    """A repository whose oldest commit has a secret, and the newest none."""
    git_repo.commit("leak", api__session__toml=LEAKY)
    git_repo.commit("clean", api__session__toml=WAIVED.replace("tangerine", "{ }"))
    git_repo.run("config", "uploadpack.allowFilter", "true")
    return git_repo


def clone(origin, *options):
    path = origin.path.parent / "clone"
    url = f"file://{origin.path}"
    origin.run("clone", "--quiet", "--no-local", *options, url, str(path))
    return path


def run(path, *argv):
    subprocess.run(argv, cwd=path, check=True, capture_output=True, timeout=60)


def scanned(path, *options):
    return run_inside("secret", "scan", "--history", *options, cwd=path)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--depth=1"], "git fetch --unshallow"),
        (["--filter=blob:none"], "git fetch --refetch --no-filter"),
        (["--filter=tree:0"], "git fetch --refetch --no-filter"),
    ],
    ids=["shallow", "without contents", "without trees"],
)
def test_a_clone_that_lacks_history_is_not_called_clean(origin, options, hint):
    path = clone(origin, *options)
    done = scanned(path)
    assert done.returncode == 3
    assert "git was not searched wholly" in done.stdout
    assert hint in done.stdout
    run(path, *hint.split())  # as it is typed
    done = scanned(path)
    assert done.returncode == 1
    assert "tangerine" not in done.stdout + done.stderr


def test_a_search_fetches_nothing(origin):
    path = clone(origin, "--filter=blob:none")
    before = sorted(file.name for file in path.rglob("*.pack"))
    assert scanned(path).returncode == 3
    assert sorted(file.name for file in path.rglob("*.pack")) == before


@pytest.mark.parametrize("damage", ["gone", "broken"])
@pytest.mark.parametrize("what", [f"HEAD~1:{NAME}", "HEAD~1^{tree}", "HEAD~1"])
def test_an_object_that_cannot_be_read_is_counted(origin, what, damage):
    blob = origin.run("rev-parse", what).stdout.strip()
    file = origin.path / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:15])
    done = scanned(origin.path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "git was not searched wholly" in done.stdout


def test_a_version_that_is_too_large_is_reported(git_repo):
    git_repo.commit("large", big__toml=f"{LEAKY}x = '{'x' * 1_100_000}'\n")
    done = scanned(git_repo.path)
    assert done.returncode == 3
    assert "above 1 MB" in done.stdout


def test_an_empty_repository_and_a_whole_one_are_searched(git_repo):
    assert scanned(git_repo.path).returncode == 0
    git_repo.commit("one", a__toml="a = 1\n")
    assert scanned(git_repo.path).returncode == 0


CANARIES = ["hunter2!", "Tr0ub$dor3", "glpat-Zx9Qv2Lm7Kd4Rt8Wp1Ns", "postgres://u:tangerine7@h/d"]
HEAD = 'schema_version = 1\nid = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nname = "x"\nroot = "~"\n'
PLACES = [
    '[connections.p]\ndriver = "postgres"\npassword = { secret = "CANARY" }\n',
    '[connections.p]\ndriver = "postgres"\npassword = { value = "CANARY" }\n',
    '[connections.p]\ndriver = "CANARY"\n',
    '[connections."CANARY"]\ndriver = 1\n',
    '[[windows]]\nname = "a"\n[[windows.panes]]\nstart = "CANARY"\n',
    '[[windows]]\nlayout = "CANARY"\n',
    '"CANARY" = 1\n',
    '"CANARY" = 1\n"CANARY" = 2\n',
    "x = CANARY\n",
    'password = ["a",\n<<<<<<< a\n"CANARY",\n=======\n',
]
READERS = [
    ["validate"], ["validate", "--json"], ["validate", "--format=sarif"],
    ["validate", "--format=github"], ["show"], ["diff", "/dev/null"], ["secret", "scan"],
    ["secret", "scan", "--json"], ["fmt", "--check"],
]  # fmt: skip
KEY = "AGE-SECRET-KEY-1QQPQ2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q2H0Q7CTAAU"


def shown(*arguments):
    from click.testing import CliRunner

    from sessionctl.cli.app import app

    return CliRunner().invoke(app, list(arguments), prog_name="sessionctl").output


@together("place", PLACES)
@together("canary", CANARIES)
def test_what_was_typed_at_the_wrong_place_is_echoed_by_nothing(tmp_path, canary, place):
    file = tmp_path / NAME
    file.write_text(HEAD + place.replace("CANARY", canary))
    secret = "tangerine7" if "tangerine7" in canary else canary
    for reader in READERS:
        assert secret not in shown(*reader, str(file)), reader


@together(
    "words",
    [
        ["recipients", "rm", KEY], ["recipients", "add", KEY], ["secret", "list", KEY],
        ["validate", KEY], [f"--{KEY}"], [KEY], ["get", NAME, KEY], ["set", NAME, KEY, "1"],
        ["secret", "rm", NAME, KEY], ["secret", "set", NAME, KEY], ["diff", NAME, "--rev", KEY],
        ["secret", "scan", f"--identity={KEY}"], ["config", KEY],
    ],
)  # fmt: skip
def test_a_private_key_in_the_arguments_is_echoed_by_nothing(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_text(HEAD)
    done = main_inside(*words, cwd=tmp_path)
    said = done.stdout + done.stderr
    assert said
    assert KEY[15:40] not in said


def test_plain_words_are_echoed_so_that_mistakes_can_be_seen(tmp_path):
    file = tmp_path / NAME
    file.write_text(f'{HEAD}[[windows]]\nlayout = "evn-vertical"\n')
    assert 'got "evn-vertical"' in shown("validate", str(file))


def commit_of_masked_text(waived, *, way):
    """Bring masked text into the index in one of the ways that git allows."""
    changed = WAIVED.replace('"tangerine"', '"clementine"')
    patch = waived.path.parent / "patch"
    if way == "a new file":
        waived.write("new.session.toml", WAIVED.replace("3f0d8c2e", "4f0d8c2e"))
        waived.run("add", "-N", "new.session.toml")
        patch.write_text(waived.run("diff").stdout)
        waived.run("apply", "--cached", str(patch))
        return "new.session.toml"
    waived.write(NAME, changed)
    if way == "no context":
        more = 'port = 1\ntoken = "clementine"  # sessionctl: allow-secret x\n'
        waived.write(NAME, WAIVED.replace("port = 1\n", more))
        patch.write_text(waived.run("diff", "-U0").stdout)
        waived.run("apply", "--cached", "--unidiff-zero", str(patch))
    elif way == "by hand":
        text = waived.run("show", "--textconv", f"HEAD:{NAME}").stdout
        waived.write(NAME, text.replace("\x7f", ""))
        waived.run("add", NAME)
    else:  # out of a pager, whose text has no marks of lines
        env = {**os.environ, "GIT_PAGER_IN_USE": "true"}
        argv = ["git", "diff", "--no-color", "HEAD"]
        done = subprocess.run(argv, cwd=waived.path, env=env, capture_output=True, check=True)
        old = waived.run("show", "--textconv", f"HEAD:{NAME}").stdout.replace("\x7f", "")
        waived.write(NAME, old)
        waived.run("add", NAME)
        patch.write_bytes(done.stdout)
        waived.run("apply", "--cached", str(patch))
    return NAME


@pytest.mark.parametrize("way", ["a new file", "no context", "by hand", "a pager"])
def test_masked_text_that_git_took_is_refused_by_the_hook(waived, way):
    waived.run("config", "user.useConfigOnly", "false")
    assert run_inside("git", "install", "--hook", cwd=waived.path).returncode == 0
    before = waived.run("rev-parse", "HEAD").stdout
    file = commit_of_masked_text(waived, way=way)
    done = waived.run("commit", "-m", "masked", check=False)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert waived.run("rev-parse", "HEAD").stdout == before
    assert "error[masked-text]" in said
    assert f"{file}:" in said
    assert "git diff --no-textconv" in said
    assert "ine" not in said.partition("masked-text")[2].partition("hint")[0].replace("line", "")
    waived.write(file, waived.run("show", f":{file}").stdout)
    checked = run_inside("validate", file, cwd=waived.path)
    assert (checked.returncode, "error[masked-text]" in checked.stdout) == (1, True)


@pytest.mark.parametrize("word", ["***", "***abc***", "**bold**", "***important", "***12345"])
def test_stars_that_are_no_mark_may_stand(tmp_path, word):
    file = tmp_path / NAME
    file.write_text(f'{HEAD}description = "{word}"\n# {word}\n')
    assert "masked-text" not in shown("validate", str(file))


def test_what_git_offers_piece_by_piece_has_the_whole_text(waived):
    waived.write(NAME, WAIVED.replace('"tangerine"', '"clementine"'))
    for argv in (["add", "-p"], ["stash", "-p"]):
        done = subprocess.run(
            ["git", *argv], cwd=waived.path, input=b"y\n", capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert b"***" not in done.stdout
        if argv[0] == "add":
            assert '"clementine"' in waived.run("show", f":{NAME}").stdout
            waived.run("reset", "-q")
    assert '"clementine"' in waived.run("show", "--no-textconv", f"stash@{{0}}:{NAME}").stdout
    waived.run("checkout", "-q", ".")
    waived.run("stash", "pop", "-q")
    subprocess.run(
        ["git", "checkout", "-p"], cwd=waived.path, input=b"y\n", capture_output=True, timeout=60
    )
    assert waived.read(NAME) == WAIVED
