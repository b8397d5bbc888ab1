"""Secret fields: which paths of a document must not be shown."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.secret_fields import is_secret, secret_spans
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from tests.together import together


@together(
    ("path", "expected"),
    [
        ("connections.c.password", True),
        ("connections.c.password.value", True),
        ("connections.c.password.secret", False),
        ("env.TOKEN.secret", False),
        ("env.API_KEY", True),
        ("env.RUST_LOG", False),
        ("apps.x.secret", True),
        ("apps.x.privateKey", True),
        ("connections.c.host", False),
    ],
)
def test_a_path_is_secret_by_the_schema_or_by_its_name(path, expected):
    assert is_secret(KeyPath.parse(path), Schema.session()) is expected


def test_any_schema_may_mark_a_secret():
    data = {"properties": {"a": {"items": {"properties": {"b": {"x-secret": True}}}}}}
    assert is_secret(KeyPath.parse("a[0].b.c"), Schema(data))


def test_secrets_are_found_where_they_lie_and_references_are_none():
    text = (
        'password = { user = "ada", value = "x" }\nplain = "y"\n[a]\ntoken = { secret = "n" }\n'
        'keys = []\napi_key = ["k1", "k2"]\n[[items]]\nsecret = "z"\n'
        '[b]\nplain = { secret = "n" }\n'
    )
    document = Document.parse(text)
    found = secret_spans(document.value, KeyPlaces(document), Schema({}))
    assert [text[slice(*span)] for span in found] == ['"ada"', '"x"', '["k1", "k2"]', '"z"', '"n"']


@together(
    ("path", "value", "expected"),
    [
        ("model.max_tokens", 500, False),
        ("model.max_tokens", "many", False),
        ("model.max_tokens", "hunter2xK9!", True),
        ("ui.show_tokens", True, False),
        ("ui.show_tokens", "yes", True),
        ("limits.tokens", 4096, False),
        ("auth.token_ttl", 3600.5, False),
        ("auth.password_length", 12, False),
        ("auth.password_file", "/run/secrets/db", False),
        ("auth.reset_password", False, False),
        ("auth.password", 12345, True),
        ("auth.api_key", 54321, True),
        ("auth.api_key", "abc", True),
        ("auth.password", 20.5, True),
        ("auth.passwords.me", 12345, True),
        ("credentials.port", 5432, False),
        ("credentials.note", "abc", True),
        ("plain", "hunter2xK9!", False),
    ],
)
def test_a_value_is_secret_by_what_its_name_says_and_what_it_is(path, value, expected):
    assert is_secret(KeyPath.parse(path), Schema({}), value) is expected


def test_a_word_where_the_schema_asks_for_a_number_or_boolean_is_shown():
    kinds = {"show_tokens": "boolean", "tokens": "integer", "token": "boolean", "cookie": "string"}
    schema = Schema({"properties": {key: {"type": kind} for key, kind in kinds.items()}})
    assert not is_secret(KeyPath(["show_tokens"]), schema, "yes")
    assert not is_secret(KeyPath(["tokens"]), schema, "many")
    assert is_secret(KeyPath(["tokens"]), schema, "hunter2xK9!")
    assert is_secret(KeyPath(["token"]), schema, "yes")
    assert is_secret(KeyPath(["cookie"]), schema, "yes")


def test_write_only_is_secret_save_what_the_schema_describes_below_it():
    marked = {
        "a": {"writeOnly": True, "type": "string"},
        "hooks": {"writeOnly": True, "items": {"properties": {"id": {"type": "string"}}}},
        "list": {"writeOnly": True, "items": {"type": "string"}},
        "p": {"format": "password", "properties": {"x": {}}},
    }
    schema = Schema({"properties": marked})
    secret = {
        "a": "x", "a.b": "x", "hooks[0]": "x", "hooks[0].other": "x", "list[0]": "x", "p.x": "x",
    }  # fmt: skip
    for path, value in secret.items():
        assert is_secret(KeyPath.parse(path), schema, value), path
    assert is_secret(KeyPath.parse("a"), schema, 12345)
    assert not is_secret(KeyPath.parse("a"), schema, True)
    assert not is_secret(KeyPath.parse("hooks[0].id"), schema, "black")


SHOWN = {
    "max_tokens = 500\n": "max_tokens = 500",
    "show_tokens = true # no\n": "show_tokens = true # no",
    "x = { max_tokens = 5, password = 'hunter2' }\n": "x = { max_tokens = 5, password = *** }",
    "token_url = 'https://x.example/a'\n": "token_url = 'https://x.example/a'",
    "api_key = 54321\n": "api_key = ***",
    "api_key = 'true'\n": "api_key = ***",
    "show_tokens = 'maybe'\n": "show_tokens = ***",
    "tokens = [1, 'hunter2']\n": "tokens = ***",
    "tokens = [1, 2]\n": "tokens = [1, 2]",
    "token = 'hunter2'\n": "token = ***",
}


@together("text", SHOWN)
def test_an_excerpt_hides_secrets_and_no_other_words(text):
    from sessionctl.core.problem import Span
    from sessionctl.core.render.problem_excerpt import safe_source
    from sessionctl.core.text.source import Source

    source = safe_source(Source(text, "x.toml"), [], None, in_session=False)
    assert "\n".join(source.excerpt(Span(0, 1))).split("| ")[1].split("\n")[0] == SHOWN[text]


def test_an_excerpt_shows_a_word_where_the_schema_asks_for_a_boolean():
    from sessionctl.core.problem import Span
    from sessionctl.core.render.problem_excerpt import safe_source
    from sessionctl.core.text.source import Source

    schema = Schema({"properties": {"show_tokens": {"type": "boolean"}}})
    source = Source("show_tokens = 'false'\n", "x.toml")
    shown = safe_source(source, [], schema, in_session=False).excerpt(Span(0, 1))
    assert "1 | show_tokens = 'false'" in "\n".join(shown)


def test_a_number_of_the_wrong_kind_under_such_a_name_is_named():
    from sessionctl import validate

    schema = {"properties": {"max_tokens": {"maximum": 100}, "show_tokens": {"type": "string"}}}
    messages = [
        problem.message for problem in validate("max_tokens = 500\nshow_tokens = 3", schema)
    ]
    assert messages == ["expected a number of at most 100, got 500", "expected a string, got 3"]
