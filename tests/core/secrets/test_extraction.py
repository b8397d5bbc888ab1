"""Extraction: references stand where secrets were, and everything else is as it was."""

# ruff: noqa: E501 - texts of files, and what is told, in one piece
from __future__ import annotations

import pytest

from sessionctl import Document
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.rules.key_names import name_for
from sessionctl.core.secrets.extraction import extract
from tests.together import together

HEAD = 'schema_version = 1\nname = "api"\n'


def extracted(text, **options):
    given = {}

    def pick(path, secret):
        name = name_for(path)
        while name in given:
            name += "-2"
        given[name] = secret.text
        return name

    document = Document.parse(HEAD + text, "api.session.toml")
    extraction = extract(document, pick, **options)
    after = extraction.document.text.removeprefix(HEAD)
    return after, [(str(move.origin), move.name, move.secret.text) for move in extraction.moves]


@together(
    ("before", "after", "value"),
    [
        (
            '[connections.p]\ndriver = "redis"\npassword = "x1"  # why\n',
            '[connections.p]\ndriver = "redis"\npassword = { secret = "p.password" }  # why\n',
            "x1",
        ),
        (
            "[connections.p]\ndriver = 'redis'\npassword = '''\none\ntwo'''  # why\nhost = 'h'\n",
            "[connections.p]\ndriver = 'redis'\npassword = { secret = \"p.password\" }  # why\nhost = 'h'\n",
            "one\ntwo",
        ),
        (
            "[env]\nA = 'b'\nTOKEN = 'x1'\n",
            "[env]\nA = 'b'\nTOKEN = { secret = \"env.TOKEN\" }\n",
            "x1",
        ),
        ("[env]\nTOKEN = 'x1'\n", '[env]\nTOKEN = { secret = "env.TOKEN" }\n', "x1"),
        (
            "[env]\nDSN = 'postgres://u:pw@h/x'\n",
            '[env]\nDSN = { secret = "env.DSN" }\n',
            "postgres://u:pw@h/x",
        ),
        (
            "connections.p = { driver = 'redis', password = 'x1', db = 1 }\n",
            "connections.p = { driver = 'redis', password = { secret = \"p.password\" }, db = 1 }\n",
            "x1",
        ),
        (
            "[apps.x]\nkeys = [\n  { token = 'x1' },  # one\n]\n",
            '[apps.x]\nkeys = [\n  { token = { secret = "keys.token" } },  # one\n]\n',
            "x1",
        ),
        ("[apps.x]\npassword = 1234\n", '[apps.x]\npassword = { secret = "x.password" }\n', "1234"),
    ],
)
def test_a_reference_stands_where_the_value_was(before, after, value):
    text, moves = extracted(before)
    assert text == after
    assert [secret for _, _, secret in moves] == [value]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[connections.w]\ndriver = "http"\nurl = "https://me:p%40ss@h:1/x?a=b"  # site\n# end\n',
            '[connections.w]\ndriver = "http"\nurl = "https://h:1/x?a=b"  # site\nuser = "me"\n'
            'password = { secret = "w.password" }\n# end\n',
        ),
        (
            '[connections.w]\ndriver = "http"\nurl = "https://:p%40ss@h/"\n',
            '[connections.w]\ndriver = "http"\nurl = "https://h/"\npassword = { secret = "w.password" }\n',
        ),
        (
            '[connections.w]\ndriver = "http"\nuser = "me"\nurl = "https://me:p%40ss@h/"\n',
            '[connections.w]\ndriver = "http"\nuser = "me"\nurl = "https://h/"\n'
            'password = { secret = "w.password" }\n',
        ),
        (
            '[connections.w]\ndriver = "http"\nurl = "https://me:p%40ss@h/"\npassword = "p@ss"\n',
            '[connections.w]\ndriver = "http"\nurl = "https://h/"\nuser = "me"\n'
            'password = { secret = "w.password" }\n',
        ),
    ],
)
def test_the_password_of_an_address_gets_a_key_of_its_own(before, after):
    text, moves = extracted(before)
    assert text == after
    assert moves == [("connections.w.url", "w.password", "p@ss")]


@together(
    "text",
    [
        '[connections.w]\ndriver = "http"\nuser = "you"\nurl = "https://me:pw1@h/"\n',
        '[connections.w]\ndriver = "http"\nurl = "https://me:pw1@h/"\npassword = { secret = "a" }\n',
        '[connections.w]\ndriver = "http"\nurl = "https://h/?token=$X&api_key=q9Zk2VxT8wLm4Rb7"\n',
        '[[windows]]\nname = "w"\n  [[windows.panes]]\n  run = ["mysql", "-phunter2"]\n',
        '[[windows]]\nname = "w"\n  [[windows.panes]]\n  run = "mysql -phunter2"\n',
        "[preferences]\nnote = 'redis://:pw1@h'\n",
        "note = 'redis://:pw1@h'\n",
        "# password = 'x1'\n",
        "[env]\nTOKEN = 'x1'  # sessionctl: allow-secret a test\n",
    ],
)
def test_what_cannot_be_a_reference_or_is_waived_stays(text):
    assert extracted(text) == (text, [])


def test_comments_lose_the_values_that_were_moved_and_no_others():
    text = (
        "# the password of p is hunter2x\n[connections.p]  # hunter2x\ndriver = 'redis'\n"
        "password = 'hunter2x'  # was: password=other9x\n# see redis://:hunter2x@h\n"
        "[preferences]\nlist = [\n  1,  # hunter2x\n]\n"
    )
    after, _ = extracted(text)
    assert "hunter2x" not in after
    assert after.count("***") == 4
    assert "password=other9x" in after
    assert "other9x" not in extracted(text, comments=True)[0]


def test_a_session_is_clean_afterwards():
    text = (
        "[connections.a]\ndriver = 'redis'\npassword = 'x1'\n[connections.b]\ndriver = 'http'\n"
        "url = 'https://u:y2@h'\ntoken = 'z3'\nheaders = { X-Api-Key = 'w4' }\n"
        "[env]\nA_TOKEN = 'v5'\nB = 'redis://:pw6@h'\n[apps.c]\npassword = 'u7'\n"
    )
    document = Document.parse(HEAD + text)
    after = extract(document, lambda path, secret: name_for(path)).document
    assert find_secrets(document, Judgement(in_session=True))
    assert find_secrets(after, Judgement(in_session=True)) == []


def test_line_ends_and_order_stay():
    text = (HEAD + "[env]\nB_TOKEN = 'x1'\nA = 'y'\n").replace("\n", "\r\n")
    after = extract(Document.parse(text), lambda path, secret: "n").document.text
    assert after == text.replace("'x1'", '{ secret = "n" }')


@together(
    ("text", "spellings"),
    [
        ("[env]\nTOKEN = 'x1y2'\n", ["x1y2", "x1y2"]),
        ('[env]\nTOKEN = "x1\\u0079z"\n', ["x1yz", "x1yz", "x1\\u0079z"]),
        ('[env]\nTOKEN = """\nx1\\u0079z\n"""\n', ["x1yz\n", "x1yz\n", "x1\\u0079z"]),
        (
            '[connections.w]\ndriver = "http"\nurl = "https://me:p%40ss@h/"\n',
            ["p@ss", "p%40ss"],
        ),
    ],
)
def test_a_move_knows_how_its_value_was_spelled(text, spellings):
    [move] = extract(Document.parse(HEAD + text), lambda path, secret: "n").moves
    assert [secret.text for secret in move.spellings] == spellings


def test_comments_with_a_value_that_was_moved_are_counted():
    text = "# hunter2x and hunter2x\n[env]\nTOKEN = 'hunter2x'  # password=other9x\n"
    document = Document.parse(HEAD + text)
    counts = [
        extract(document, lambda path, secret: "n", comments=is_all).masked
        for is_all in (False, True)
    ]
    assert counts == [2, 3]


def test_a_move_shows_no_value():
    document = Document.parse(HEAD + "[env]\nTOKEN = 'hunter2x'\n")
    extraction = extract(document, lambda path, secret: "n")
    assert "hunter2x" not in repr(extraction)


def test_an_address_with_a_secret_in_its_query_only_is_not_taken_apart():
    text = '[connections.w]\ndriver = "http"\nurl = "https://h/?password=pw1"\n'
    assert extracted(text) == (text, [])


def test_a_connection_in_one_line_gets_its_keys_there():
    text = 'connections.w = { driver = "http", url = "https://me:pw1@h/" }\n'
    after, _ = extracted(text)
    assert after == (
        'connections.w = { driver = "http", url = "https://h/", user = "me",'
        ' password = { secret = "w.password" } }\n'
    )


def test_a_password_of_an_address_is_told_apart_from_a_value_of_its_own():
    text = "[connections.w]\ndriver = 'http'\nurl = 'https://u:y2@h'\ntoken = 'z3'\n"
    moves = extract(Document.parse(HEAD + text), lambda path, secret: name_for(path)).moves
    assert [(move.name, move.is_split) for move in moves] == [
        ("w.password", True), ("w.token", False),
    ]  # fmt: skip


def typed_passwords(count):
    return "".join(
        f'[connections.c{n}]\ndriver = "postgres"\nhost = "h{n}.example.org"\n'
        f'password = "Zq{n}xv9!Lm"\n'
        for n in range(count)
    )


@pytest.fixture
def checks(monkeypatch):
    """The texts that were held against the schema."""
    from sessionctl.core.secrets import extraction

    seen = []

    def counted(document):
        seen.append(document.text)
        return real(document)

    real = extraction.validate
    monkeypatch.setattr(extraction, "validate", counted)
    return seen


@pytest.mark.parametrize("count", [10, 80])
def test_the_session_is_not_checked_again_for_each_secret(checks, count):
    _, moves = extracted(typed_passwords(count))
    assert len(moves) == count
    assert len(checks) == 2


def test_one_that_cannot_move_keeps_no_other_from_moving(checks):
    token = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"
    after, moves = extracted(f'description = "{token}"\n' + typed_passwords(20))
    assert [origin for origin, _, _ in moves] == [f"connections.c{n}.password" for n in range(20)]
    assert token in after
    assert len(checks) < 20


def test_two_secrets_of_one_connection_are_looked_at_one_after_the_other():
    before = """[connections.p]
driver = "acme.kafka"
url = "acme://app:Zq9xvLm4@kafka.example.org"
password = "Zq9xvLm4"
token = "Tk8!xvLm-22"
"""
    after, moves = extracted(before)
    assert "Zq9xvLm4" not in after
    assert "Tk8!xvLm-22" not in after
    assert [origin for origin, _, _ in moves] == ["connections.p.url", "connections.p.token"]


def test_of_how_a_value_was_spelled_only_its_own_quotes_are_not_part():
    for written, typed in (
        (r'"\u0027kupfer\u0027"', r"\u0027kupfer\u0027"),
        ('"""\n\'kup\\u0066er\'"""', r"'kup\u0066er'"),
    ):
        text = f'{HEAD}[connections.p]\ndriver = "redis"\npassword = {written}\n'
        [move] = extract(Document.parse(text), lambda *_: "p").moves
        assert [one.text for one in move.spellings] == ["'kupfer'", "'kupfer'", typed]
