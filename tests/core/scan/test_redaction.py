"""Redaction: texts and excerpts without the secrets in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.problem import Span, problem_of
from sessionctl.core.render.problem_excerpt import safe_source
from sessionctl.core.scan.redaction import SafeSource, redact
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.secret_fields import secret_spans
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.errors import ParseError
from tests.schema_cases import GOOD
from tests.together import together


def safe(text, schema=None):
    document = Document.parse(text)
    spans = secret_spans(document.value, KeyPlaces(document), schema or Schema.session())
    return SafeSource(document.source, spans)


def excerpt_of(text, word, schema=None):
    start = text.index(word)
    return safe(text, schema).excerpt(Span(start, start + len(word)))


def test_an_excerpt_masks_the_value_and_keeps_the_place():
    text = 'x = 1\npassword = "hunter2" # why\n'
    assert excerpt_of(text, '"hunter2"') == [
        "  |",
        "2 | password = *** # why",
        "  |            ^^^",
    ]
    assert excerpt_of(text, "unter2")[1:] == ["2 | password = *** # why", "  |            ^"]
    assert safe(text).place(text.index("#")) == (2, 22)


def test_an_excerpt_behind_a_secret_points_at_the_right_place():
    text = "c = { password = 'a very long secret it is', prt = 1 }\n"
    assert excerpt_of(text, "prt") == [
        "  |",
        "1 | c = { password = ***, prt = 1 }",
        "  |                       ^^^",
    ]


def test_a_secret_of_several_lines_keeps_the_numbers_of_the_lines():
    text = 'password = """\none\ntwo\n"""\nx = 1\n'
    assert excerpt_of(text, "x = 1")[1] == "5 | x = 1"
    shown = "\n".join(excerpt_of(text, "two"))
    assert "two" not in shown


def test_a_reference_is_shown():
    text = 'password = { secret = "prod.password" }\n[c]\ntoken.secret = "n"\n'
    assert excerpt_of(text, "password")[1] == '1 | password = { secret = "prod.password" }'


def test_every_kind_of_secret_value_is_masked():
    text = (
        "token = 12345\n[a]\npasswords = ['one', 'two']\nempty_token = []\n"
        "[b.credentials]\nuser = 'me'\n[[c]]\nsecret = 'three'\n"
    )
    source = safe(text)
    for word in ("12345", "one", "two", "'me'", "three"):
        start = text.index(word)
        assert word not in "\n".join(source.excerpt(Span(start, start + len(word))))


@together(
    "line",
    [
        "password = hunter2",
        'password = "hunter2',
        "password = 'hunter2' # c",
        'db_password="hunter2"',
        '"api-key" = "hunter2"',
        "# password: hunter2",
        "run = 'mysql --password=hunter2 db'",
        "url = 'postgres://me:hunter2@db/x'",
        "tokens = ['hunter2', 'b'",
        "secret = 'hunter2'",
        "password = { value = 'hunter2'",
        'passphrase = """hunter2',
        "passphrase = '''hunter2'''",
    ],
)
def test_what_was_typed_as_a_secret_is_masked_even_where_nothing_parses(line):
    text = f"x = 1\n{line}\n= oops\n"
    source = SafeSource(Source(text), [])
    start = text.index(line)
    shown = source.excerpt(Span(start, start + 3))
    assert "hunter2" not in "\n".join(shown)
    assert "***" in shown[1]


@pytest.mark.parametrize("line", ["p = { secret = 'name'", "p = {'secret'='name'", "keys = 'name'"])
def test_a_name_of_a_secret_is_shown_where_nothing_parses(line):
    assert SafeSource(Source(line), []).excerpt(Span(0, 1))[1] == f"1 | {line}"
    assert redact("password = { secret = 'a.b' }") == "password = { secret = 'a.b' }"


def test_overlapping_secrets_are_masked_once():
    text = "token = 'http://a:b@c'\n"
    assert excerpt_of(text, "token")[1] == "1 | token = ***"


@given(st.text(alphabet="ab =\"'#[]{}:@/\n.*", max_size=60))
def test_any_text_can_be_shown(text):
    text = f"password = {text}"
    source = SafeSource(Source(text), [Span(0, 1), Span(2, 2)])
    for offset in range(len(text) + 1):
        assert source.place(offset) == Source(text).place(offset)
        assert len(source.excerpt(Span(offset, offset + 1))) == 3


@pytest.mark.slow
def test_hiding_takes_linear_time():
    import time

    start = time.perf_counter()
    for text in (
        "passw" * 100_000,
        "token " * 100_000,
        "a" * 500_000,
        "'" * 300_000,
        "://a:" * 90_000,
    ):
        redact(text)
    assert time.perf_counter() - start < 20


def test_the_good_session_shows_its_references():
    assert "prod.password" in "\n".join(excerpt_of(GOOD, '{ secret = "prod.password" }'))


LINE = "x\n"
_OTHERS = "".join(
    f'[apps.x.k{number}]\nvalue = "{"some text " * 20}"\nn = {number}\n' for number in range(200)
)


@together(
    ("above", "line", "below"),
    [
        ("[connections.prod]\n", "password = hunter22", ""),
        ("[connections.prod]\nheaders = [\n", '"Authorization: Bearer hunter22hunter22', "]\n"),
        (f'[apps.y]\ntext = """\n[apps.z]\n{60 * LINE}"""\n', "token = abcdef0123456789", ""),
        ("[apps.y]\n", 'run = ["psql", "--password" "hunter22"]', ""),
        ("[apps.y]\n", 'url = "postgres://u:hunter22@h/d', ""),
        ('[apps.y]\ntext = """\n[apps.z]\npassword = 1\n"""\n', "token = abcdef0123456789", ""),
        ("[apps.y]\nlines = [\n[1],\n[2]\n", "'secret = hunter22", "]\n"),
        ("[apps.y]\n", 'plain = "no end', ""),
        ("[apps.y]\n", "# api_key = abcdef0123456789\nplain =", ""),
        ("", "<<<<<<< ours", "password = 'hunter22'\n=======\nx = 1\n>>>>>>> theirs\n"),
    ],
)  # fmt: skip
def test_the_excerpt_of_a_large_text_is_that_of_a_small_one(above, line, below):
    mistake = f"{above}{line}\n{below}"

    def excerpt(text):
        with pytest.raises(ParseError) as caught:
            Document.parse(text, "a.session.toml")
        problem = problem_of(caught.value)
        source = Source(text, "a.session.toml")
        return safe_source(source, [problem], None, in_session=True).excerpt(problem.span)[1:]

    number, shown = excerpt(mistake)[0].split(" | ")
    other, large = excerpt(f"{_OTHERS}{mistake}{_OTHERS}")[0].split(" | ")
    assert (int(other), large) == (int(number) + 600, shown)
    assert "hunter22" not in shown
