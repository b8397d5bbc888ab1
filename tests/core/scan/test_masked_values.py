"""Values for showing: the secrets in them are masked."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.masked_values import literal_secrets, masked
from sessionctl.core.scan.text_scan import without_secrets
from tests.together import together


def test_urls_lose_their_password_only():
    text = "see postgres://app:hunter2@db/app and https://example.org:8080/@x, redis://:pw@h"
    shown = "see postgres://app:***@db/app and https://example.org:8080/@x, redis://:***@h"
    assert without_secrets(text) == shown
    assert without_secrets("git@example.org:x/y") == "git@example.org:x/y"


def test_masking_keeps_the_shape_and_every_other_value():
    value = {
        "name": "api",
        "connections": {
            "a": {"password": "hunter2", "port": 1, "token": ["x", {"k": "v"}]},
            "b": {"password": {"secret": "b.password"}, "url": "pg://u:pw@h"},
        },
        "apps": {"x": {"secret": True, "pwd": 7}},
    }
    assert masked(value, in_session=True) == {
        "name": "api",
        "connections": {
            "a": {"password": "***", "port": 1, "token": ["***", {"k": "v"}]},
            "b": {"password": {"secret": "b.password"}, "url": "pg://u:***@h"},
        },
        "apps": {"x": {"secret": True, "pwd": "***"}},
    }
    assert set(map(str, literal_secrets(value, in_session=True))) == {
        "connections.a.password", "connections.a.token[0]", "connections.b.url", "apps.x.pwd",
    }  # fmt: skip


def test_a_value_without_secrets_is_returned_as_it_is():
    value = {"a": [1, {"b": 2}]}
    assert masked(value, in_session=False) is value


def test_the_path_of_a_piece_counts():
    path = KeyPath.parse("connections.a.password")
    assert masked("hunter2", in_session=True, path=path) == "***"


@together(
    ("path", "value", "shown"),
    [
        ("passwords", ["x1", "x2"], ["***", "***"]),
        ("connections.a.token", ["x1"], ["***"]),
        ("connections.a.name", ["x1"], ["x1"]),
        ("tokens", ["x1"], ["x1"]),
        ("login", {"pass": "x1", "user": "ada"}, {"pass": "***", "user": "ada"}),
        ("passwords", {"ada": "x1"}, {"ada": "***"}),
        ("names", {"ada": "x1"}, {"ada": "x1"}),
        ("passwords[0]", "x1", "***"),
        ("", ["x1"], ["x1"]),
        ("", {"token": "ident", "auth": "ident"}, {"token": "***", "auth": "ident"}),
    ],
)
def test_what_stands_above_a_list_or_a_table_counts(path, value, shown):
    assert masked(value, in_session=True, path=KeyPath.parse(path)) == shown


_WRITTEN = 'password = { secret = "db.password" }'


@together(
    ("text", "shown"),
    [
        (f"# {_WRITTEN}", f"# {_WRITTEN}"),
        (f"# {_WRITTEN}  # as in the sidecar", f"# {_WRITTEN}  # as in the sidecar"),
        ("# token: {secret='a_b-c'}", "# token: {secret='a_b-c'}"),
        (f"# {_WRITTEN} token = hunter3", f"# {_WRITTEN} token = ***"),
        ('# password = { secret = "hunter2" }', "# password = ***"),
        ('# password = { secret = "x", y = "hunter2" }', "# password = ***"),
        ('# password = { secrets = "x" }', "# password = ***"),
    ],
)
def test_a_reference_in_a_comment_stays(text, shown):
    assert without_secrets(text) == shown
