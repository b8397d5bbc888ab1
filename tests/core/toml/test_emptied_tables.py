"""A key that is added and removed again leaves the bytes that were there."""

from __future__ import annotations

from itertools import product

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.emptied_tables import removed_whole
from tests.together import together

HEAD = 'schema_version = 1\nname = "a"\n'
WINDOWS = '\n[[windows]]\nname = "w"\n\n  [[windows.panes]]\n  run = "ls"\n'
TEXTS = {
    "keys alone": HEAD,
    "no final newline": HEAD.rstrip("\n"),
    "CRLF": (HEAD + WINDOWS).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + HEAD,
    "windows": HEAD + WINDOWS,
    "windows, no final newline": HEAD + WINDOWS.rstrip("\n"),
    "dotted": HEAD + 'preferences.theme = "dark"\n',
    "inline": HEAD + 'preferences = { theme = "dark" }\n',
    "a comment at the end": HEAD + '\n[connections.prod]\ndriver = "sqlite"\n\n# end\n',
    "no blank lines": HEAD + "[preferences]\na=1\n[apps.x]\nb=2\n",
    "a table that only a sub-table makes": HEAD + "\n[apps.x.y]\nb = 2\n",
    "empty": "",
    "a comment alone": "# mine\n",
}
ADDED = [
    ("env.X", "y"),
    ("env.X", {"secret": "db.password"}),
    ('env."a#b"', "y"),
    ("connections.new.host", "h"),
    ("apps.x.z", True),
    ("a.b.c.d", [1, 2]),
    ("t", {"k": 1}),
    ("t.u", {"k": 1, "l": 2}),
    ("windows", [{"name": "n"}]),
]


@together(
    ("text", "path", "value"),
    [(text, path, value) for text, (path, value) in product(TEXTS.values(), ADDED)],
    ids=[f"{path} in {name}" for name, (path, _) in product(TEXTS, ADDED)],
)
def test_what_is_added_and_removed_leaves_nothing(text, path, value):
    document = Document.parse(text)
    if path in document:
        return
    added = document.set(path, value)
    assert removed_whole(added, KeyPath.parse(path)).text == text


@together(
    ("text", "path", "after"),
    [
        ("# mine\n[env]\nX = 1\n", "env.X", "# mine\n[env]\n"),
        ("[env] # mine\nX = 1\n", "env.X", "[env] # mine\n"),
        ("[env]\nX = 1\n# Y = 2\n", "env.X", "[env]\n# Y = 2\n"),
        ("[a] # mine\n[a.b]\nc = 1\n", "a.b.c", "[a] # mine\n"),
        ("[a] # mine\nc = 1\n[a.b]\nd = 1\n", "a.c", "[a] # mine\n[a.b]\nd = 1\n"),
        ("[[w]]\n[[w.p]]\nrun = 1\n", "w[0].p[0].run", "[[w]]\n[[w.p]]\n"),
        ("[[w]]\n[[w.p]]\nrun = 1\n", "w[0].p[0]", "[[w]]\n"),
        ("run = ['a']\n", "run[0]", "run = []\n"),
        ("[a]\n[a.b]\nc = 1\n[d]\n", "a.b.c", "[d]\n"),
    ],
)
def test_what_a_person_wrote_beside_it_stays(text, path, after):
    document = Document.parse(text)
    assert removed_whole(document, document.resolve(path)).text == after
