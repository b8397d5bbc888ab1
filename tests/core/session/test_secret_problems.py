"""Problems about secrets: what a session refers to must be stored."""

from __future__ import annotations

from sessionctl.core.session.secret_problems import StoredNames, dangling
from sessionctl.core.toml.document import Document


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
