"""A text that is not TOML at the moment shows the scan what the whole text shows."""

from __future__ import annotations

import functools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessionctl import Document
from sessionctl.core.render.masked_text import mask_text
from sessionctl.core.scan.broken_scan import find_in_broken
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.errors import ParseError
from tests.together import together

SESSION = Judgement(in_session=True)
WHOLE = '''\
[apps.x]
passwords = [
  "gingerbread",
  "clementine one",  # c
]
vars = [{ name = "DB_PASSWORD", value = "nutmeg" }, { name = "PORT", value = "1" }]
run = ["sshpass", "-p", "cinnamon", "ssh", "h"]
note = """
the root password is cardamom
machine h login a password saffron
"""
# the old one: token = "coriander9X77"
[credentials]
user = "a"
value = "vanilla"
[[apps.y.env]]
name = "ADMIN_PASSWORD"
value = "turmeric"
[connections.a]
password = { value = "paprika" }
url = "postgres://u:oregano@h/d"
port = 1
[[windows.panes]]
run = "mysql -u root -pmarjoram db"
'''
SECRETS = [
    "gingerbread", "clementine", "nutmeg", "cinnamon", "cardamom", "saffron", "coriander",
    "vanilla", "turmeric", "paprika", "oregano", "marjoram",
]  # fmt: skip
PIECES = st.sampled_from(
    [*"\"'[]{}=#,\n", '"""', "<<<<<<< a\n", "=======\n", "||||||| b\n", ">>>>>>> c\n"]
)


def place(text, secret):
    """Return where a secret and what makes it one stand: its lines, and the key above them."""
    at = text.index(secret)
    start = text.rfind("\n", 0, at) + 1
    for above, below in (("passwords", "clementine"), ('name = "ADM', "turmeric")):
        if secret in (below, "gingerbread") and secret in WHOLE[WHOLE.index(above) :][:70]:
            start = min(start, text.index(above))
    if secret == "vanilla":
        start = text.index("[credentials]")
    return start, text.index("\n", at)


def is_found(text, secret):
    at = text.index(secret)
    spans = (found.span for found in found_in(text))
    return any(span.start < at + len(secret) and at < span.end for span in spans)


@functools.lru_cache(maxsize=1)
def found_in(text):
    return find_in_broken(text, SESSION)


def test_the_whole_text_shows_all_of_them():
    shown = {WHOLE[f.span.start : f.span.end] for f in find_secrets(Document.parse(WHOLE), SESSION)}
    assert all(any(secret in text for text in shown) for secret in SECRETS)
    assert all(is_found(WHOLE, secret) for secret in SECRETS)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 12), PIECES | st.just(""))
def test_a_corruption_hides_no_secret_that_it_does_not_touch(at, length, piece):
    end = min(len(WHOLE), at + length)
    broken = WHOLE[:at] + piece + WHOLE[end:]
    with pytest.raises(ParseError):
        Document.parse(broken)
        assume(False)
    masked = mask_text(broken, "x.session.toml")
    for secret in SECRETS:
        start, stop = place(WHOLE, secret)
        if end < start or at > stop:
            assert is_found(broken, secret), secret
            assert secret not in masked


def test_both_sides_of_a_conflict_are_looked_at():
    text = (
        '[apps.x]\npasswords = [\n<<<<<<< a\n  "gingerbread",\n=======\n  "clementine",\n'
        '>>>>>>> b\n]\n<<<<<<< a\n[login]\n=======\n[log]\n>>>>>>> b\npass = "nutmeg"\n'
    )
    assert all(is_found(text, secret) for secret in ("gingerbread", "clementine", "nutmeg"))


@together(
    "ours, theirs",
    [
        ("login.pass", "login.pass"),
        ("x.passwords = ['a']\nlogin.pass", "login.pass"),
        ("login.passwords.first", "login.passwords.first"),
        ("login.password", "login.password.value"),
        ("login.password.value", "login.password"),
    ],
)
def test_a_dotted_key_of_one_side_hides_that_of_the_other_nowhere(ours, theirs):
    text = f'[apps]\n<<<<<<< a\n{ours} = "nutmeg"\n=======\n{theirs} = "clementine"\n>>>>>>> b\n'
    assert is_found(text, "nutmeg")
    assert is_found(text, "clementine")


@pytest.mark.parametrize(
    "text",
    [
        'name = "api\nroot = "~"\n[[windows]]\nrun = ["nvim", "src/token.rs"]\n',
        'password = { secret = "prod.password" }\n<<<<<<< a\nport = 1\n=======\n'
        "port = 2\n>>>>>>> b\n",
        '[env]\nDB_PASSWORD = "$PW"\nx = [1, 2\nMAX_TOKENS = 4096\n',
    ],
)
def test_what_is_none_in_the_whole_text_is_none_in_a_broken_one(text):
    assert find_in_broken(text, SESSION) == []


def test_a_waiver_holds_in_a_broken_text_and_hides_nothing_less():
    text = 'password = "nutmeg"  # sessionctl: allow-secret x\n= oops\n'
    assert find_in_broken(text, SESSION) == []
    assert "nutmeg" not in mask_text(text, "x.session.toml")


@pytest.mark.slow
def test_it_takes_linear_time():
    import time

    def taken(text):
        start = time.process_time()
        find_in_broken(text, SESSION)
        return time.process_time() - start

    for piece in ("[", "a = [", '"""', "a = {b = ", "<<<<<<< a\n", "x = 1\n", "[ \t", "# a\n"):
        text = piece * (20_000 // len(piece))
        assert taken(text * 4) < 12 * taken(text) + 0.3, piece
