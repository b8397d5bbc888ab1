"""What speaks against committing a file, told by its content alone."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.marked_text import whole_conflicts
from sessionctl.services.documents.validation import Validator
from sessionctl.services.git.commit_check import check_for_commit
from tests.together import together

SESSION = 'schema_version = 1\nname = "api"\n'
BLOCK = "<<<<<<< main\na = 1\n||||||| base\n=======\na = 2\n>>>>>>> topic\n"


def check(text, name="api.session.toml"):
    data = text if isinstance(text, bytes) else text.encode()
    return check_for_commit(Validator(), name, data)


def found(text, name="api.session.toml"):
    checked = check(text, name)
    return [
        f"{problem.rule} {line}:{column}"
        for problem in checked.problems
        for line, column, _, _ in [checked.place(problem)]
    ]


@together(
    ("text", "problems"),
    [
        (SESSION, []),
        (SESSION + "x = ?\n", ["syntax 3:5"]),
        (SESSION + "x = 1\n", ["unknown-key 3:1"]),
        (SESSION + BLOCK, ["conflict-marker 3:1"]),
        (SESSION + BLOCK + BLOCK, ["conflict-marker 3:1", "conflict-marker 9:1"]),
        (SESSION + f"description = '''\n{BLOCK}'''\n", ["conflict-marker 4:1"]),
        (SESSION + '[connections.p]\ndriver = "redis"\npassword = "x"\n', ["secret-key 5:12"]),
        (SESSION + '[env]\nAPI_TOKEN = "x"\n', ["secret-key 4:13"]),
        (SESSION + '[env]\nDSN = "postgres://u:pw@h/x"\n', ["secret-url 4:21"]),
        (SESSION + "[apps.a]\npassword = 1234\n", ["secret-key 4:12"]),
        (SESSION + '[apps.a]\nkeys = [{ token = "x" }]\n', ["secret-key 4:19"]),
        ("schema_version = 9\npassword = 'x'\n", ["version 1:18", "secret-key 2:12"]),
        (b"a = '\xe9'\n", ["encoding 1:6"]),
    ],
)
def test_everything_that_is_wrong_is_found_with_its_place(text, problems):
    assert found(text) == problems
    assert check(text).is_valid is not bool(problems)


@pytest.mark.parametrize(
    "value",
    ['""', '"$TOKEN"', '"${TOKEN}"', '{ secret = "a.token" }', "true"],
)
def test_what_only_names_where_a_secret_is_is_none(value):
    assert found(f"{SESSION}[apps.a]\ntoken = {value}\n") == []


def test_an_address_whose_password_is_a_variable_holds_none():
    assert found(f'{SESSION}[apps.a]\nurl = "redis://u:${{PW}}@h:1"\n') == []


def test_no_value_of_a_secret_is_told():
    checked = check(SESSION + '[env]\nAPI_TOKEN = "hunter2"\nDSN = "a://u:hunter2@h"\n')
    told = [
        text
        for problem, excerpt in zip(checked.problems, checked.excerpts(), strict=True)
        for text in (problem.message, problem.hint, *excerpt)
    ]
    assert len(checked.problems) == 2
    assert "hunter2" not in "\n".join(told)


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ("[connections.prod]\npassword = 'x1'", "sessionctl secret extract api.session.toml"),
        ("[env]\nDSN = 'a://u:pw@h'", "sessionctl secret extract api.session.toml"),
        ("description = 'tool --password=x1'", 'env = { NAME = { secret = "description" } }'),
        ("# password = 'x1'", "remove it from the comment"),
    ],
)
def test_the_hint_is_the_next_step(where, hint):
    problems = check(f"{SESSION}{where}\n").problems
    assert [hint in problem.hint for problem in problems if "secret" in problem.rule] == [True]


def test_the_hint_for_a_text_without_a_name_shows_the_reference_to_write():
    checked = Validator().check_text("<stdin>", f"{SESSION}[connections.p]\npassword = 'x1'\n")
    assert any('password = { secret = "p.password" }' in p.hint for p in checked.problems)


def test_other_toml_is_held_to_its_syntax_only():
    name = "Cargo.toml"
    assert found('[a]\npassword = "x"\n', name) == []
    assert found(BLOCK, name) == ["conflict-marker 1:1"]
    assert found("a = ?\n", name) == ["syntax 1:5"]


@together(
    ("text", "number"),
    [
        ("", 0),
        ("=======\n", 0),
        ("<<<<<<< a\n>>>>>>> b\n", 0),
        ("<<<<<<< a\n=======\n", 0),
        (">>>>>>> b\n=======\n<<<<<<< a\n", 0),
        ("<<<<<<<\r\n=======\r\n>>>>>>>\r\n", 1),
        ("<<<<<<<<< a\n=======\n>>>>>>> x\n", 0),
        ("<<<<<<<<< a\n=======\n=========\n>>>>>>>>> b", 1),
        ("<<<<<<< a\n<<<<<<< a\n=======\n>>>>>>> b", 1),
    ],
)
def test_only_whole_conflicts_count(text, number):
    assert len(whole_conflicts(text)) == number
