"""Problems about secrets: what a session refers to must be stored."""

from __future__ import annotations

from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.session.secret_problems import (
    StoredNames,
    dangling,
    secrets_in_text,
    with_secrets,
)
from sessionctl.core.toml.document import Document
from tests.together import together

TOKEN = "ghp_" + "aB3xK9mQ2wZ7" * 3
ELSEWHERE = "remove it, and replace it where it is used, because it has been seen"


def test_a_reference_to_what_is_not_stored_is_told_with_the_command_that_stores_it():
    document = Document.parse(
        '[connections.a]\npassword = { secret = "a.b" }\nx = [{ secret = "c" }]\n'
        '[env]\nT = { secret = "d" }\n'
    )
    found = list(dangling(document, StoredNames({"a.b"}, "set {name}")))
    assert [(p.rule, p.hint, p.message) for p in found] == [
        ("dangling-secret", "set c", 'no secret "c" is stored'),
        ("dangling-secret", "set d", 'no secret "d" is stored'),
    ]
    assert document.text[slice(*found[0].span)] == '{ secret = "c" }'


@together(
    "text, name, hint",
    [
        ('[connections.a]\npassword = "Tr0ub4dor!9x"\n', "a.session.toml",
         "move it to the sidecar: sessionctl secret extract a.session.toml"),
        ('[connections.a]\npassword = "Tr0ub4dor!9x"\n', "it's.session.toml",
         """move it to the sidecar: sessionctl secret extract 'it'\"'\"'s.session.toml'"""),
        ('[connections.a]\npassword = "Tr0ub4dor!9x"\n', "",
         'keep only its name in the file: password = { secret = "a.password" }'),
        ('[connections.a]\nurl = "https://ada:Tr0ub4dor!9x@db/x"\n', "",
         'keep only its name in the file: url = { secret = "a.url" }'),
        (f'[[windows]]\npanes = [{{ run = "curl -H token:{TOKEN}" }}]\n', "",
         'keep only its name, env = { NAME = { secret = "panes.run" } },'
         " and run the program with secret exec"),
        ('a = 1 # password = "Tr0ub4dor!9x"\n', "", "remove it from the comment"),
    ],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_each_secret_of_a_session_comes_with_what_to_do(text, name, hint):
    (problem,) = with_secrets(Document.parse(text, name), (), None, None)
    assert "Tr0ub4dor" not in problem.message
    assert problem.hint == hint


def test_a_secret_in_another_text_is_to_be_removed_and_replaced():
    for text, is_toml in ((f"x {TOKEN}\n", False), (f'token = "{TOKEN}\n', True)):
        (problem,) = secrets_in_text(text, Judgement(), is_toml=is_toml)
        assert problem.hint == ELSEWHERE
    _, waived = secrets_in_text(
        f"{TOKEN}  # sessionctl: allow-secret\n", Judgement(), is_toml=False
    )
    assert waived.message == "a waiver gives no reason"
    assert waived.hint == "allow it with a reason: # sessionctl: allow-secret REASON"


def test_of_one_value_a_secret_says_more_than_its_type_and_all_come_in_order():
    document = Document.parse('a = "***0a1b2c"\n[connections.a]\npassword = "Tr0ub4dor!9x"\n')
    (secret,) = with_secrets(Document.parse(document.text[16:]), (), None, None)
    first, second = with_secrets(document, (), None, None)
    assert first.rule == "masked-secret" or "git diff" in first.message
    assert first.hint == "restore the file, and make patches with: git diff --no-textconv"
    assert second.message == secret.message
    wrong = second._replace(rule="type", message="expected an integer")
    assert with_secrets(document, (wrong,), None, None) == (first, second)


def test_what_is_not_stored_is_reported_where_it_is_known_what_is():
    text = '[connections.a]\npassword = { secret = "a.b" }\ntoken = "Tr0ub4dor!9x"\n'
    document = Document.parse(text)
    for stored, rules in (
        (None, ["secret-key"]),
        (StoredNames({"a.b"}, "set {name}"), ["secret-key"]),
        (StoredNames(set(), "set {name}"), ["dangling-secret", "secret-key"]),
    ):
        assert [one.rule for one in with_secrets(document, (), None, stored)] == rules
