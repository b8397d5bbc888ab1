"""Secrets are unreadable in what is shown, and nothing else changes."""

from __future__ import annotations

import pytest

from sessionctl.core.filename import is_session_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.masked_text import mask_fragment, mask_secrets, mask_text, masked_lines
from sessionctl.core.toml.document import Document

TEXT = '''\
# keep
[connections.prod]
"password" = 'hunter2'   # why
api_key = """
hunter2
"""
opts = { token = "hunter2", port = 1 }
urls = ["http://u:hunter2@h", "http://h"]

[[x]]
y.secret = { secret = "name" }
'''


def test_each_literal_secret_is_masked_and_the_rest_stays():
    assert mask_secrets(Document.parse(TEXT), "a.session.toml") == (
        TEXT.replace("'hunter2'", '"***"')
        .replace('"""\nhunter2\n"""', '"***"')
        .replace('"hunter2"', '"***"')
        .replace("u:hunter2@", "u:***@")
    )


def test_a_document_without_secrets_stays():
    text = "\ufeffa = 1\r\n"
    assert mask_secrets(Document.parse(text), "x.toml") == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.session.toml", True),
        ("/tmp/x/a.session.toml##os.Linux", True),
        ("a.toml", False),
        ("session.toml", False),
    ],
)
def test_a_session_is_known_by_its_name(name, expected):
    assert is_session_name(name) is expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (None, "a", None),
        ('password = "hunter2"\n', "password", "***"),
        ('"hunter2"', "x.token", "***"),
        ('token = "hunter2"\nb = 1\n', "x", 'token = "***"\nb = 1\n'),
        ('"http://u:hunter2@h"', "url", '"http://u:***@h"'),
        ('<<<\ntoken = "hunter2"\nb = \n', "x", '<<<\ntoken = "***"\nb = \n'),
        ("b = \n", "x", "b = \n"),
    ],
)
def test_a_piece_of_a_document_is_masked(text, path, expected):
    assert mask_fragment(text, KeyPath.parse(path), "a.session.toml") == expected


def test_secrets_in_comments_are_masked_and_other_comments_stay():
    text = (
        "\ufeff# password = 'hunter2'\r\na = 1  # was http://u:hunter2@h\r\n"
        "b = [ # the list\r\n  # token: hunter2\r\n  '# x = 1',\r\n]\r\n# end\r\n"
    )
    assert mask_text(text, "a.session.toml") == (
        "\ufeff# password = '***'\r\na = 1  # was http://u:***@h\r\n"
        "b = [ # the list\r\n  # token: ***\r\n  '# x = 1',\r\n]\r\n# end\r\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        '<<<<<<< main\npassword = "hunter2"\n=======\npassword = "hunter22"\n>>>>>>> t\n',
        'password = "hunter2',
        'password = """\nhunter2\n"""\nx = ',
        'url = "redis://u:hunter2@h"\nx = ',
    ],
)
def test_in_a_text_that_is_not_toml_all_that_looks_like_a_secret_is_hidden(text):
    shown = mask_text(text, "a.session.toml")
    assert "hunter" not in shown
    assert shown.split("\n")[0].partition(" ")[0] == text.split("\n")[0].partition(" ")[0]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            TEXT.replace("port = 1", "port = 2"),
            (7, *((f'opts = {{ token = "***", port = {port} }}\n',) for port in (1, 2))),
        ),
        (TEXT.replace("http://h", "http://i"), (8, *(
            (f'urls = ["http://u:***@h", "http://{host}"]\n',) for host in "hi"
        ))),
        (TEXT.replace("# keep\n", "# keep\nz = 1\n"), (2, (), ("z = 1\n",))),
        (TEXT.replace("# keep\n", ""), (1, ("# keep\n",), ())),
        (TEXT.replace("'hunter2'   # why", "'hunter3' # why"), (
            3, ('"password" = "***"   # why\n',), ('"password" = "***" # why\n',),
        )),
        (TEXT.replace("hunter2'", "hunter3'"), None),
        (TEXT.replace("\nhunter2\n", "\nhunter3\n"), None),
        (TEXT, None),
    ],
)  # fmt: skip
def test_the_lines_of_a_change_are_shown_with_their_secrets_masked(new, expected):
    old = Document.parse(TEXT)
    assert masked_lines(old, Document.parse(new), "a.session.toml") == expected
