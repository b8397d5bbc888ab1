"""What the search for secrets makes of each kind of file: its rules, its kind, or why not."""

from __future__ import annotations

import io
import sys

from sessionctl.services.scanning.file_scan import Scanner, toml_files, unread_file
from tests.together import together

SESSION = 'schema_version = 1\nname = "a"\n'
TYPED = SESSION + '[connections.a]\ndriver = "postgres"\npassword = "hunter2-Xy77zz"\n'
PAGER = b"U2FsdGVkX1" + b"A" * 30
LONG = "# " + "x" * 8_189 + "\n"  # 8,192 bytes


def said(checked):
    """Return the rules that a file breaks, its kind, and why it was not read."""
    failure = "" if checked.failure is None else checked.failure.message
    return [problem.rule for problem in checked.problems], checked.schema, failure


@together(
    "name, data, found",
    [
        ("a.session.toml", SESSION, ([], "session", "")),
        ("a.session.toml", TYPED, (["secret-key"], "session", "")),
        ("a.toml", TYPED, (["secret-key"], "", "")),
        ("<stdin>", TYPED, (["secret-key"], "session", "")),
        ("<stdin>", TYPED.replace("schema_version", "version"), (["secret-key"], "", "")),
        ("a.session.toml", TYPED.encode("utf-16"), (["secret-key"], "session", "")),
        ("a.secrets.toml", "format = 1\n", ([], "secrets", "")),
        ("a.toml", TYPED + "broken =\n", (["secret-key"], "", "")),
        ("a.txt", 'password = "hunter2-Xy77zz"\n<\n', (["secret-text"], "", "")),
        ("a.txt", LONG.encode() + b"\0" + TYPED.encode(), (["secret-text"], "", "")),
        ("a.txt", LONG.encode()[1:] + b"\0" + TYPED.encode(), ([], "", "")),
        ("a.txt", PAGER, ([], "", "")),
        ("a.toml", b"\0\1", ([], "", "a.toml: not searched: it is not text")),
        ("a.toml~", b"\0\1", ([], "", "")),
        ("a.toml", PAGER, (
            [], "", "a.toml: not searched: the filter 'crypt' of git does not give its content here"
        )),
        ("<stdin>", b"\0\1", ([], "", "<stdin>: not searched: it is not text")),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_searched_in_its_way(name, data, found):
    data = data.encode() if isinstance(data, str) else data
    assert said(Scanner().scan_bytes(name, data)) == found


def test_a_content_is_searched_as_the_file_it_belongs_to():
    [problem] = Scanner().scan_bytes("abc123", TYPED.encode(), "sub/a.session.toml").problems
    assert problem.rule == "secret-key"
    checked = unread_file("x", "lfs")
    assert list(checked.failure.hints) == [
        "set the filter up, then search again: git lfs install --local"
    ]


def test_each_file_is_searched_once_and_what_cannot_be_read_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.toml", "a.toml", "sub/c.toml", "a.txt", "own/d.toml"):
        path = tmp_path / "dir" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    stdin = io.TextIOWrapper(io.BytesIO(TYPED.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    scanner = Scanner(own=[str(tmp_path / "dir" / "own")])
    found = list(scanner.scan_paths(["dir/a.toml", "dir", "gone.toml", "-", "dir/a.txt"]))
    assert [one.name for one in found] == [
        "dir/a.toml", "dir/b.toml", "dir/sub/c.toml", "gone.toml", "<stdin>", "dir/a.txt"
    ]  # fmt: skip
    assert [said(one) for one in found if one.problems or one.failure] == [
        ([], "", "gone.toml: cannot read: no such file"), (["secret-key"], "session", "")
    ]  # fmt: skip
    assert toml_files("-") == ["-"]
