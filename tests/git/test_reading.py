"""Reading history: git diff and git log show session files, without their secrets."""

from __future__ import annotations

import json
import subprocess
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.render.masked_text import mask_text
from sessionctl.core.scan.rules.commands.programs import roles_of, table
from sessionctl.services.git.shell.secret_grep import MAY_HOLD_SECRETS
from tests.git.conftest import BASE
from tests.git.test_merges import branch_off
from tests.scan_corpus import held_back, trades, tuned
from tests.scan_corpus.values import fill

NAME = "api.session.toml"
SECRETS = '[connections.p]\npassword = "hunter2"\nurl = "redis://u:hunter2@h"\n'
keys = st.sampled_from(
    ["password", "db_token", "apiKey", "secret", "x", "PWD", "auth-token", '"my password"', "port"]
)
values = st.sampled_from(
    ['"hunter2"', "'x'", "12", '{ secret = "n" }', "{ secret = 'n', x = 1 }", '"http://u:p@h"',
     '["a"]', '{ password = "x" } # = { secret = "n" }', '{ token = { secret = "n" } }']
)  # fmt: skip


@pytest.mark.parametrize(
    "command", [["diff", "HEAD~1"], ["log", "-p"], ["show"], ["blame", NAME], ["stash", "show"]]
)
def test_no_secret_is_shown(repo, command):
    repo.commit("secrets", api__session__toml=BASE + SECRETS)
    if command[0] == "stash":
        repo.write(NAME, BASE + SECRETS + 'token = "hunter2"\n')
        repo.run("stash", "--quiet")
        command = ["stash", "show", "-p", "--textconv"]
    shown = repo.run(*command).stdout
    assert "***" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    "data",
    [
        (BASE + SECRETS + 'x = "not finished').encode(),
        (BASE + SECRETS).encode() + b'x = "\xe9"\n',
        f"{BASE}# {SECRETS.splitlines()[1]}\n# was redis://u:hunter2@h\n".encode(),
        f"{BASE}<<<<<<< a\n{SECRETS}=======\n>>>>>>> b\n".encode(),
    ],
    ids=["no TOML", "no UTF-8", "comments", "markers"],
)
def test_no_secret_of_a_broken_file_is_shown(repo, data):
    (repo.path / NAME).write_bytes(data)
    done = subprocess.run(["git", "diff"], cwd=repo.path, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert b"***" in done.stdout
    assert b"hunter2" not in done.stdout


def test_a_name_that_begins_like_an_option_is_one_of_a_file(repo, no_program):
    files = ("-dash.session.toml", "-fa.session.toml", "--kept=a.session.toml")
    for file in files:
        repo.write(file, BASE + SECRETS)
        repo.run("add", "--intent-to-add", f"./{file}")
    shown = repo.run("diff").stdout
    assert shown.count("***") == 2 * len(files)
    assert "hunter2" not in shown
    no_program()
    assert repo.run("diff").stdout.count("hunter2") == 2 * len(files)


def test_no_secret_is_shown_while_a_merge_is_under_way(repo):
    secret = '[connections.p]\npassword = "hunter2"\n'
    repo.commit("secret", api__session__toml=BASE + secret)
    branch_off(repo, BASE + secret.replace("2", "3"), BASE + secret.replace("2", "4"))
    repo.run("merge", "topic", check=False)
    for command in (["diff"], ["diff", "HEAD"], ["diff", "--ours"], ["blame", NAME]):
        shown = repo.run(*command).stdout
        assert "***" in shown
        assert "hunter" not in shown


def test_a_change_is_shown_with_the_table_it_is_in(repo):
    text = BASE + "a = 1\nb = 1\nc = 1\nd = 1\n"
    repo.commit("long", api__session__toml=text)
    repo.write(NAME, text.replace("d = 1", "d = 2"))
    shown = repo.run("diff").stdout
    assert "@@ [[windows]]\n" in shown
    assert "-d = 1\n+d = 2\n" in shown


def test_a_patch_holds_the_file_as_it_is(repo):
    repo.commit("secrets", api__session__toml=BASE + SECRETS)
    assert "hunter2" in repo.run("format-patch", "-1", "--stdout").stdout


def test_difftool_lets_files_that_are_not_toml_through(repo):
    repo.write("notes.txt", "one\n")
    repo.commit("notes")
    repo.write("notes.txt", "two\n")
    done = repo.run("difftool", "--no-prompt", "--tool=sessionctl", "notes.txt", check=False)
    assert "-one" in done.stdout
    assert "+two" in done.stdout
    assert done.stderr == ""


def test_difftool_shows_the_change_key_by_key(repo):
    repo.commit("more", api__session__toml=BASE.replace("tiled", "even"))
    done = repo.run("difftool", "--no-prompt", "--tool=sessionctl", "HEAD~1", check=False)
    if "no such command: diff" in done.stderr:
        pytest.skip("there is no diff command yet")
    assert "layout" in done.stdout


@pytest.fixture(scope="module")
def worth_a_look(tmp_path_factory):
    """Return what tells which of many texts git's quick look takes for worth a closer one."""
    folder = tmp_path_factory.mktemp("grep")

    def ask(texts):
        for old in folder.iterdir():
            old.unlink()
        for number, text in enumerate(texts):
            (folder / str(number)).write_bytes(text.encode())
        script = f"f() {{ {MAY_HOLD_SECRETS}; }}; for x in *; do f $x && echo $x; done; true"
        done = subprocess.run(
            ["sh", "-c", script], cwd=folder, stdout=subprocess.PIPE, timeout=60, check=True
        )
        return {int(number) for number in done.stdout.split()}

    return ask


def masked_ones(texts):
    return {n for n, text in enumerate(texts) if mask_text(text, NAME) != text}


@given(pairs=st.lists(st.tuples(keys, values), max_size=4), end=st.sampled_from(["\n", "\r\n"]))
def test_no_file_with_a_secret_is_passed_by_without_a_look(worth_a_look, pairs, end):
    text = "".join(f"{key} = {value}{end}" for key, value in pairs)
    assert masked_ones([text]) <= worth_a_look([text])


@pytest.mark.parametrize("half", [tuned, held_back], ids=["tuned", "held back"])
def test_no_secret_of_the_corpus_is_passed_by_without_a_look(worth_a_look, half):
    random = Random(half.SEED)
    lines = [line for _, form in half.FORMS for line, _ in fill(form, random) if line.strip()]
    texts = [f"{line}\n" for line in dict.fromkeys(lines)]
    masked = [texts[n] for n in masked_ones(texts)]
    assert len(masked) > 50
    seen = worth_a_look(masked)
    assert [text for n, text in enumerate(masked) if n not in seen] == []


@pytest.mark.parametrize(
    "line",
    ["x = 'http://u:p@h'", "PassWd = 1", "pwd = 1", "a.secret = 1", "aToken = 1", "apikey = 1",
     "credentials = 1", "x = { secret = 'n' }", 'password = { secret = "n" } # token', "\xff pwd",
     "run = 'mysql -phunter2'", 'run = ["curl", "-u", "me:hunter2"]', "CI_AUTH = 'hunter2'",
     '"pass\\u0077ord" = "hunter2"', "x = 'ghp_" + "a1B2" * 9 + "'", "gitPat = 'hunter2'",
     "PAT = 1", "'hunter2!' = 1", "[a.'Tr0ub$dor3']", "layout = 'x%y7zz9'",
     "'glpat-Zx9Qv2Lm7Kd4Rt8Wp1Ns' = 1"],
)  # fmt: skip
def test_one_line_with_a_secret_is_worth_a_look(worth_a_look, line):
    assert worth_a_look([f"{BASE}{line}\n"])


def test_references_and_harmless_words_start_nothing(worth_a_look):
    references = 'password = { secret = "p.password" }\n  db_token={secret="x"} \r\n'
    harmless = (
        'path = "~/ping/spin"\nurl = "https://example.org/x"\nrun = "pytest -x --user en-us"\n'
    )
    assert not worth_a_look([BASE + references + harmless])


def _calls():
    """Yield a call of every program in the table for every place of a secret it has."""
    for program, places in table().items():
        roles = roles_of(program)
        for option, where in {**roles.options, **roles.login}.items():
            secret = {"user": "ada:kupfer", "percent": "ada%kupfer", "cookie": "sid=kupferkabel"}
            value = secret.get(where, "kupfer")
            glue = "" if where == "attached" else " "
            login = "login " if option in roles.login else ""
            yield f"{program} {login}{option}{glue}{value} x"
        for behind, place in roles.places:
            yield f"{program} {behind} {'a ' * (place or 3)}kupfer"
            yield f"{program} {behind} {'a ' * ((place or 3) - 1)}kupfer"
        yield from (f"{program} {word} kupfer" for word in roles.before)
        yield from (f"echo kupfer | {program} {word}" for word in roles.readers)
        yield from (f"{program} {word} <<< kupfer" for word in roles.readers)
        if "@" in places:
            yield f"{program} corp/ada:kupfer@web1"


def _in_sessions(calls):
    texts = [f"[[windows.panes]]\nrun = {json.dumps(call)}\n" for call in calls]
    return texts + [f"[[windows.panes]]\nrun = {json.dumps(call.split())}\n" for call in calls]


@pytest.mark.slow
def test_the_quick_look_knows_where_programs_take_a_secret(worth_a_look):
    texts = _in_sessions(Random(11).sample(list(_calls()), 15))  # all of them: the next test
    masked = [texts[n] for n in masked_ones(texts)]
    assert len(masked) >= 20
    assert len(worth_a_look(masked)) == len(masked)


@pytest.mark.slow
def test_the_quick_look_knows_every_place_where_a_program_takes_a_secret(worth_a_look):
    calls = list(_calls())
    assert len(calls) >= 700
    for start in range(0, len(calls), 100):
        texts = _in_sessions(calls[start : start + 100])
        missed = masked_ones(texts) - worth_a_look(texts)
        assert not missed, [texts[n] for n in missed]


@pytest.mark.slow
def test_no_line_of_a_trade_is_passed_by_without_a_look(worth_a_look):
    lines = [line[1:] for text in vars(trades).values() if isinstance(text, str)
             for line in text.split("\n") if line[:1] == "!"]  # fmt: skip
    for texts in (
        Random(3).sample(lines, 60),
        [json.dumps(x) for x in Random(4).sample(lines, 30)],
    ):
        missed = masked_ones(texts) - worth_a_look(texts)
        assert not missed, [texts[n] for n in missed]
