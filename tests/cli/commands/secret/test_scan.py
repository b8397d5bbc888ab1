"""sessionctl secret scan: files, stdin, the index, and all that git keeps."""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from tests.sidecars import armored, sidecar

VALUE = "q9Zk2" + "VxT8w" + "Lm4Rb7"
SESSION = f"""\
schema_version = 1
name = "api"
[connections.prod]
driver = "redis"
# token = "{VALUE}"
password = "hunter2x"
"""
CLEAN = 'schema_version = 1\nname = "b"\n'


@pytest.fixture(autouse=True)
def folder(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    git_repo.write("api.session.toml", SESSION)
    git_repo.write("b.session.toml", CLEAN)
    git_repo.write("other.toml", f'[x]\ntoken = "{VALUE}"\n')
    git_repo.write("notes.txt", "mysql -u root -phunter2x\n")
    return git_repo


def run(*arguments, code, stdin=None):
    result = CliRunner().invoke(app, ["secret", "scan", *arguments], input=stdin)
    assert result.exit_code == code, result.output
    assert "hunter2x" not in result.output
    assert VALUE not in result.output
    return result


def heads(result):
    return [line.partition("]:")[0] for line in result.stdout.splitlines() if "error[" in line]


def answer(*arguments, code):
    data = json.loads(run(*arguments, "--json", code=code).stdout)
    schema = json.loads(schema_text("output-secret-scan.v1"))
    jsonschema.Draft202012Validator(schema).validate(data)
    return data


def test_this_directory_is_scanned_with_all_its_toml():
    result = run(code=1)
    assert heads(result) == [
        "api.session.toml:5:12: error[secret-text",
        "api.session.toml:6:12: error[secret-key",
        "other.toml:2:9: error[secret-key",
    ]
    assert "password = ***" in result.stdout
    assert result.stderr == "3 secrets in 2 files\n"


def test_files_that_are_named_are_scanned_whatever_they_are():
    assert heads(run("notes.txt", "b.session.toml", code=1)) == [
        "notes.txt:1:17: error[secret-argument"
    ]
    assert run("b.session.toml", code=0).stderr == "no secrets found in 1 file\n"


def test_stdin_is_scanned_as_a_session_or_as_text():
    assert heads(run("-", code=1, stdin=CLEAN + "token = 'ident'\n")) == [
        "<stdin>:3:9: error[secret-key"
    ]
    run("-", code=0, stdin="token = 'ident'\n")
    assert heads(run("-", code=1, stdin="a b: redis://:hunter2x@h")) == [
        "<stdin>:1:15: error[secret-url"
    ]


def test_a_key_that_opens_secrets_is_found_in_the_index_and_in_the_history(folder):
    key = "AGE-SECRET-KEY-1" + "Q" * 58
    folder.write("dot/identities.txt", f"# public key: age1\n{key}\n")
    folder.run("add", "dot/identities.txt")
    assert heads(run("--staged", code=1)) == ["dot/identities.txt:2:1: error[secret-identity"]
    folder.commit("oops")
    found = [head for head in heads(run("--history", code=1)) if "identities" in head]
    assert len(found) == 1
    assert found[0].endswith(":dot/identities.txt:2:1: error[secret-identity")


def test_what_is_staged_counts_as_it_is_in_the_index(folder):
    folder.run("add", "other.toml", "b.session.toml")
    folder.write("other.toml", "")
    assert heads(run("--staged", code=1)) == ["other.toml:2:9: error[secret-key"]
    folder.run("add", "other.toml")
    run("--staged", code=0)


def test_history_tells_each_secret_once_where_it_came_in(folder):
    first = folder.commit("first")
    folder.write("api.session.toml", SESSION + "timeout_s = 1\n")
    folder.commit("second")
    folder.write("api.session.toml", CLEAN)
    folder.write("other.toml", "")
    folder.commit("taken out")
    result = run("--history", code=1)
    assert sorted(heads(result)) == [
        f"{first[:10]}:api.session.toml:5:12: error[secret-text",
        f"{first[:10]}:api.session.toml:6:12: error[secret-key",
        f"{first[:10]}:other.toml:2:9: error[secret-key",
    ]
    assert "change these secrets" in result.stderr
    run(code=0)


def test_history_knows_the_index_stashes_and_what_no_commit_leads_to(folder):
    folder.write("api.session.toml", CLEAN)
    folder.write("other.toml", "")
    folder.commit("clean")
    run("--history", code=0)
    folder.write("api.session.toml", SESSION)
    folder.run("add", "api.session.toml")
    assert [head[:17] for head in heads(run("--history", code=1))] == [":api.session.toml"] * 2
    folder.run("stash")
    assert all(":api.session.toml:" in head for head in heads(run("--history", code=1)))
    folder.run("stash", "drop")
    left = heads(run("--history", code=1))
    assert len(left) == 2
    assert all(len(head.split(":")[0]) == 10 for head in left)


def test_history_of_nothing_is_clean(folder):
    assert heads(run("--history", code=0)) == []


def test_a_directory_that_is_no_repository_has_no_history(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "not in a git repository" in run("--history", code=3).stderr


def test_the_answer_in_json_keeps_to_its_schema(folder):
    data = answer(code=1)
    assert data["clean"] is False
    assert [(file["file"], file["clean"]) for file in data["files"]] == [
        ("api.session.toml", False), ("b.session.toml", True), ("other.toml", False),
    ]  # fmt: skip
    assert data["files"][0]["problems"][1]["key"] == "connections.prod.password"
    folder.commit("x")
    assert answer("--history", code=1)["files"]
    assert answer("nope.toml", code=3)["files"][0]["failure"]


def test_the_forms_for_ci(folder):
    github = run("--format=github", "other.toml", code=1).stdout
    assert github.startswith("::error file=other.toml,line=2,")
    sarif = json.loads(run("--format=sarif", "other.toml", code=1).stdout)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "secret-key"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--format=sarif"),
        ("--staged", "--history"),
        ("--staged", "x"),
        ("--history", "x"),
    ],
)
def test_what_excludes_each_other_is_told(arguments):
    assert "exclude each other" in run(*arguments, code=2).stderr


def test_hints_are_warnings_and_only_told_when_asked_for(folder):
    folder.write("r.toml", 'x = "Zx8Qw2Er5Ty9Ui1Op4As7Df3Gh"\n')
    assert run("r.toml", code=0).stdout == ""
    assert "warning[secret-entropy]" in run("--hints", "r.toml", code=0).stdout


def test_a_waiver_needs_a_reason(folder):
    folder.write("w.toml", f'token = "{VALUE}"  # sessionctl: allow-secret of the test server\n')
    run("w.toml", code=0)
    folder.write("w.toml", f'token = "{VALUE}"  # sessionctl: allow-secret\n')
    result = run("w.toml", code=1)
    assert "error[waiver-without-reason]: a waiver gives no reason\n" in result.stdout


def test_a_schema_that_the_file_names_marks_fields_too(folder):
    folder.write("s.json", '{"properties": {"code": {"writeOnly": true}}}')
    folder.write("s.toml", "#:schema ./s.json\ncode = 'hunter2x'\n")
    assert heads(run("s.toml", code=1)) == ["s.toml:2:8: error[secret-field"]
    folder.write("s.json", "{")
    run("s.toml", code=0)


def test_a_sidecar_is_scanned_for_what_is_not_encrypted(folder):
    text = sidecar("a")
    folder.write("api.secrets.toml", text)
    run("api.secrets.toml", code=0)
    folder.write("api.secrets.toml", text.replace(armored("a"), "hunter2x"))
    assert heads(run("api.secrets.toml", code=1)) == [
        "api.secrets.toml:6:7: error[secret-unencrypted"
    ]


def test_binary_files_hold_no_text(folder):
    (folder.path / "x.bin").write_bytes(b"\0password=hunter2x")
    assert heads(run("x.bin", code=0)) == []
