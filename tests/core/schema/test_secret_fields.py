"""Secret fields: which paths of a document must not be shown."""

from __future__ import annotations

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.secret_fields import is_secret


@pytest.mark.parametrize(
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
