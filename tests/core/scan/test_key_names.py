"""Which values are secrets by their key, and how they are masked."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.rules.key_names import (
    PASSWORD,
    is_secret_key,
    is_secret_path,
    secret_kind_at,
)
from sessionctl.core.values import is_reference
from tests.together import together


@together(
    "key",
    [
        "password", "PASSWORD", "db_password", "dbPassword", "DB_TOKEN", "api-key", "apiKey",
        "APIKEY", "passphrase", "client_secret", "aws_secret_access_key", "private.key", "pwd",
        "GITHUB_TOKEN", "credentials", "signing_key",
    ],
)  # fmt: skip
def test_a_key_that_holds_a_secret_is_known_by_its_last_word(key):
    assert is_secret_key(key)


@together(
    "key",
    ["", "---", "password_file", "token_count", "max_tokens", "key", "monkey", "name", "x-item-key",
     "passwords_allowed", "keyboard", "secretary"],
)  # fmt: skip
def test_a_key_that_only_tells_of_a_secret_is_none(key):
    assert not is_secret_key(key)


def test_a_reference_is_a_table_with_the_key_secret_and_nothing_else():
    assert is_reference({"secret": "prod.password"})
    assert not is_reference({"secret": "x", "more": 1})
    assert not is_reference({"secret": 1})
    assert not is_reference("secret")


@together(
    ("path", "in_session", "expected"),
    [
        ("connections.prod.password", True, True),
        ("connections.prod.password.secret", True, False),
        ("connections.prod.password.secret", False, False),
        ("env.FOO.secret", True, False),
        ("env.FOO.secret", False, True),
        ("secret", True, True),
        ("tokens[0]", False, False),
        ("token[0]", False, True),
        ("name", True, False),
        ("", True, False),
    ],
)
def test_the_name_in_a_reference_is_no_secret(path, in_session, expected):
    assert is_secret_path(KeyPath.parse(path), in_session=in_session) is expected


def test_each_item_of_a_list_of_passwords_is_one_whatever_it_is_in():
    for above in ((), ("apps",), ("users", "ada")):
        assert secret_kind_at((*above, "passwords", 0), in_session=False) == PASSWORD
        assert secret_kind_at((*above, "passwords"), in_session=False) != PASSWORD
        assert secret_kind_at((*above, "names", 0), in_session=False) == ""
