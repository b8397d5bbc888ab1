"""The veil: what is shown last, and whether a line of it may hold a token."""

from __future__ import annotations

from sessionctl.core.scan.veil import holds_token, veiled
from tests.together import together

TOKEN = "ghp_q9Zk2VxT8wLm4Rb7q9Zk2VxT8wLm4Rb7q9Zk"


@together(
    "text, shown",
    [
        ("", ""),
        ("a plain line", "a plain line"),
        ("postgres://ada:draht@web/db", "postgres://ada:***@web/db"),
        ("postgres://ada:$PASS@web/db", "postgres://ada:$PASS@web/db"),
        ("postgres://ada@web/db", "postgres://ada@web/db"),
        (f"use {TOKEN}, or not", "use ***, or not"),
        (f"{TOKEN}\n{TOKEN}", "***\n***"),
        ("-----BEGIN RSA PRIVATE KEY-----\nq9Zk\n-----END RSA PRIVATE KEY-----\nend", "***\nend"),
        ("q9Zk2VxT8wLm4Rb7q9Zk", "q9Zk2VxT8wLm4Rb7q9Zk"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_masked_at_last(text, shown):
    assert veiled(text) == shown


@together(
    "text, holds",
    [
        ("", False),
        ("a plain line", False),
        ("q9Zk2VxT8wLm4Rb7q9Zk", False),
        (f"x {TOKEN}", True),
        ("-----BEGIN RSA PRIVATE KEY-----", True),
        ("-----BEGIN CERTIFICATE-----", True),
        ("PuTTY-User-Key-File-2: x", True),
    ],
)
def test_a_line_may_hold_a_token_or_the_beginning_of_a_key(text, holds):
    assert holds_token(text) is holds
    assert holds_token(f"one\n{text}\nthree") is holds
