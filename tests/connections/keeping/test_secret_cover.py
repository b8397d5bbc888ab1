"""A server may send back what it was sent: no form of it is shown."""

from __future__ import annotations

import base64
import urllib.parse

import pytest

from sessionctl.connections import Failure, FailureKind
from sessionctl.connections.keeping.secret_cover import SecretCover
from sessionctl.core.secrets.secret import Secret

SECRET = "p@ss/w+rd é?1"
FORMS = {
    "as it is": SECRET,
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    "in a path": urllib.parse.quote(SECRET),
    "in a query": urllib.parse.quote_plus(SECRET),
    "all encoded": urllib.parse.quote(SECRET, safe=""),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_covered_in_every_form_it_travels_in(form):
    cover = SecretCover([Secret(SECRET), Secret("x")])
    text = f"server said <{form}> twice <{form}>"
    covered = cover.failure(Failure(FailureKind.AUTH, text, found=form)).message
    assert form.rstrip("=") not in covered
    assert covered.count("***") == 2


def test_nothing_else_is_covered():
    assert SecretCover([Secret("abc")]).text("abc is too short to be looked for") == (
        "abc is too short to be looked for"
    )


def test_a_secret_that_is_not_utf8_is_covered_however_it_was_read():
    data = b"caf\xe9-hunter2"
    cover = SecretCover([Secret(data)])
    for form in (
        data.decode(errors="surrogateescape"), data.decode(errors="replace"),
        data.decode("latin-1"), base64.b64encode(data).decode().rstrip("="), "caf%E9-hunter2",
    ):  # fmt: skip
        assert cover.text(f"a {form} b") == "a *** b"
    assert SecretCover([Secret(b"\xe9\xe9\xe9")]).text("\ufffd" * 3) == "\ufffd" * 3
    assert SecretCover([Secret("\u00e9" * 3)]).text("\u00e9" * 3) == "\u00e9" * 3
    assert SecretCover([Secret("\u00e9" * 4)]).text("\u00e9" * 4) == "***"
    assert SecretCover([Secret("")]).text("abc") == "abc"
