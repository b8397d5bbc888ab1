"""Bad input of every kind: files as they are found, and what must be said about them.

``TEXTS`` are contents, ``OBJECTS`` what can stand where a file should, ``UNREADABLE``
those of both that every command refuses, ``VERY_DEEP`` more of them. Each is a ``BadInput``
that makes itself in a directory. A command that reads a file answers a ``kind`` "toml" with
exit code 1 and "read" with 3; a "session" is TOML, only not a valid session.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "bad.session.toml"
EXIT_CODES = {"toml": 1, "session": 1, "read": 3}
HEAD = b'schema_version = 1\nname = "api"\n'


@dataclass(frozen=True)
class BadInput:
    """One kind of bad input.

    ``place`` is the line and column that must be named, empty where there is no text;
    ``rule`` the word in brackets.
    """

    kind: str
    rule: str
    place: str
    make: Callable[[Path], Path]

    @property
    def exit_code(self) -> int:
        """The documented exit code of a command that checks sessions."""
        return EXIT_CODES[self.kind]


def _text(content: bytes | str, kind: str, rule: str, place: str, name: str = NAME) -> BadInput:
    def make(directory: Path) -> Path:
        path = directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return BadInput(kind, rule, place, make)


def _toml(content: bytes | str, place: str, rule: str = "syntax") -> BadInput:
    return _text(content, "toml", rule, place)


def _session(content: bytes | str, place: str, rule: str) -> BadInput:
    return _text(content, "session", rule, place)


def _deep(levels: int) -> dict[str, BadInput]:
    """Return texts that nest deeper than a TOML file may; ``levels`` says how deep."""
    key = ".".join("a" * levels)
    headers = [f"[{'.'.join('a' * n)}]\n" for n in range(1, min(levels // 8, 300))]
    return {
        "deep arrays": _toml(f"a = {'[' * levels}{']' * levels}\n", "1:132", "limit"),
        "deep arrays, never closed": _toml(f"a = {'[' * levels}\n", "1:132", "limit"),
        "deep inline tables": _toml(f"a = {'{a=' * levels}1{'}' * levels}\n", "1:386", "limit"),
        "a deep dotted key": _toml(f"{key} = 1\n", f"1:{2 * levels - 1}", "limit"),
        "a deep header": _toml(f"[{key}]\n", "1:2", "limit"),
        "a deep array of tables": _toml(f"[[{key}]]\n", "1:3", "limit"),
        "headers that go deeper and deeper": _toml("".join(headers), "129:2", "limit"),
    }


TEXTS = {
    # -- bytes that are no text
    "empty": _session(b"", "1:1", "missing-key"),
    "only a byte order mark": _session(b"\xef\xbb\xbf", "1:1", "missing-key"),
    "only white space": _session(b" \n\t\n", "1:1", "missing-key"),
    "binary": _toml(b"\x7fELF\x02\x01\x01\x00\x00\x00", "1:1"),
    "binary in the middle": _toml(HEAD + b"\x00\x01\x02\n", "3:1"),
    "invalid UTF-8": _toml(b'name = "caf\xe9"\n', "1:12", "encoding"),
    "invalid UTF-8, late": _toml(HEAD + b"# " + b"x" * 70_000 + b"\xff\n", "3:70003", "encoding"),
    "half a UTF-8 character": _toml(b'name = "\xf0\x9f\x98', "1:9", "encoding"),
    "an encoded surrogate": _toml(b'name = "\xed\xa0\x80"\n', "1:9", "encoding"),
    "an overlong encoding": _toml(b'name = "\xc0\xaf"\n', "1:9", "encoding"),
    "UTF-16 with its mark": _toml('name = "api"\n'.encode("utf-16"), "1:1", "encoding"),
    "UTF-16 without its mark": _toml('name = "api"\n'.encode("utf-16-le"), "1:2"),
    "UTF-32": _toml('name = "api"\n'.encode("utf-32"), "1:1", "encoding"),
    # -- depth and length
    **_deep(1_100),
    # -- half-written and merged by hand
    "half-written in a string": _toml(HEAD + b'root = "~/src', "3:8"),
    "half-written in a key": _toml(HEAD + b"roo", "3:1"),
    "half-written behind the equals sign": _toml(HEAD + b"root =", "3:7"),
    "half-written in an array": _toml(HEAD + b'windows = [{ name = "a" },', "3:11"),
    "half-written in an inline table": _toml(HEAD + b"env = { A = 'b'", "3:7"),
    "half-written in a header": _toml(HEAD + b"[[windows]", "3:10"),
    "half-written in a string of several lines": _toml(HEAD + b'description = """\nmore', "3:15"),
    "half-written in a literal of several lines": _toml(HEAD + b"description = '''\nmo", "3:15"),
    "a conflict marker of ours": _toml(
        HEAD + b"<<<<<<< ours\nroot = 'a'\n=======\nroot = 'b'\n>>>>>>> theirs\n",
        "3:1", "conflict-marker",
    ),
    "a conflict marker of the base": _toml(HEAD + b"||||||| base\n", "3:1", "conflict-marker"),
    "a conflict marker of theirs": _toml(HEAD + b">>>>>>> theirs\n", "3:1", "conflict-marker"),
    "a conflict marker between the two": _toml(HEAD + b"=======\n", "3:1", "conflict-marker"),
    # -- control characters
    "NUL in a key": _toml(HEAD + b"a\x00b = 1\n", "3:2"),
    "NUL in a string": _toml(HEAD + b'root = "a\x00b"\n', "3:10"),
    "NUL in a comment": _toml(HEAD + b"# a\x00b\n", "3:4"),
    "a lone carriage return": _toml(b'schema_version = 1\rname = "api"\r', "1:19"),
    "a lone carriage return in a comment": _toml(HEAD + b"# a\rb\n", "3:4"),
    "a lone carriage return in a string": _toml(HEAD + b'root = "a\rb"\n', "3:10"),
    "a terminal escape in a string": _toml(HEAD + b'root = "\x1b[2J\x1b[31mred"\n', "3:9"),
    "a terminal escape in a literal": _toml(HEAD + b"root = '\x1b]0;title\x07'\n", "3:9"),
    "a terminal escape in a comment": _toml(HEAD + b"# \x1b[1A\x1b[2K\n", "3:3"),
    "a terminal escape in a key": _toml(HEAD + b"\x1b[2J = 1\n", "3:1"),
    "a backspace": _toml(HEAD + b"root = 'a\x08b'\n", "3:10"),
    "DEL": _toml(HEAD + b"root = 'a\x7fb'\n", "3:10"),
    "a C1 control in a value": _session(HEAD + "id = '\x9b2J'\n".encode(), "3:6", "pattern"),
    "an escaped control in a value": _session(
        HEAD + b'id = "\\u001b[2J\\u0007"\n', "3:6", "pattern"
    ),
    "a control in a quoted key": _session(HEAD + b'"\\u001b[2J" = 1\n', "3:1", "unknown-key"),
    "a line end in a quoted key": _session(HEAD + b'"a\\nb: error" = 1\n', "3:1", "unknown-key"),
    "text that runs backwards": _session(HEAD + "id = '\u202eabc'\n".encode(), "3:6", "pattern"),
    "a line separator": _session(HEAD + "id = 'a\u2028b'\n".encode(), "3:6", "pattern"),
    "a byte order mark in the middle": _toml(HEAD + b"\xef\xbb\xbfroot = 'a'\n", "3:1"),
    "two byte order marks": _toml(b"\xef\xbb\xbf\xef\xbb\xbfa = 1\n", "1:1"),
    "a form feed between statements": _toml(HEAD + b"\x0croot = 'a'\n", "3:1"),
    "a no-break space before a key": _toml(HEAD + "\u00a0root = 'a'\n".encode(), "3:1"),
    # -- syntax
    "an unclosed string": _toml(HEAD + b'root = "a\n[env]\n', "3:8"),
    "an unclosed literal": _toml(HEAD + b"root = 'a\n", "3:8"),
    "an unclosed array": _toml(HEAD + b"a = [1, 2\n[env]\n", "4:1"),
    "an unclosed header": _toml(HEAD + b"[env\nA = 'b'\n", "3:5"),
    "a value without quotes": _toml(HEAD + b"root = here\n", "3:8"),
    "a key without a value": _toml(HEAD + b"root\n", "3:1"),
    "a value without a key": _toml(HEAD + b'= "x"\n', "3:1"),
    "two statements on a line": _toml(HEAD + b"a = 1 b = 2\n", "3:7"),
    "a key defined twice": _toml(HEAD + b"name = 'again'\n", "3:1", "duplicate"),
    "a table defined twice": _toml(HEAD + b"[env]\n[env]\n", "4:2", "duplicate"),
    "a key defined twice, once in quotes": _toml(HEAD + b"'name' = 'b'\n", "3:1", "duplicate"),
    "a table where a value is": _toml(HEAD + b"[name]\n", "3:2", "duplicate"),
    "an array of tables where a table is": _toml(HEAD + b"[env]\n[[env]]\n", "4:3", "duplicate"),
    "more in an inline table": _toml(HEAD + b"env = {}\n[env.x]\n", "4:2", "duplicate"),
    "an integer of 5000 digits": _toml(HEAD + b"a = " + b"9" * 5000 + b"\n", "3:5"),
    "a number with a leading zero": _toml(HEAD + b"a = 007\n", "3:5"),
    "a date that is none": _toml(HEAD + b"a = 2026-02-30\n", "3:5"),
    "a month that is none": _toml(HEAD + b"a = 2026-13-01\n", "3:5"),
    "a time of TOML 1.1": _toml(HEAD + b"a = 12:30\n", "3:5"),
    "a line end of TOML 1.1": _toml(HEAD + b"a = { b = 1,\n}\n", "3:13"),
    "an escape that is none": _toml(HEAD + b'a = "\\q"\n', "3:6"),
    "an escape that is no character": _toml(HEAD + b'a = "\\ud800"\n', "3:6"),
    "JSON": _toml(b'{"name": "api"}\n', "1:1"),
    "YAML": _toml(b"name: api\n", "1:5"),
    # -- TOML, and no session
    "a newer version": _session(b"schema_version = 99\nname = 'a'\n", "1:18", "version"),
    "a much newer version": _session(b"schema_version = 99999999999999999999\n", "1:18", "version"),
    "a version in quotes": _session(b"schema_version = '1'\nname = 'a'\n", "1:18", "type"),
    "a version that is a float": _session(b"schema_version = 1.0\nname = 'a'\n", "1:18", "type"),
    "a version that is a boolean": _session(b"schema_version = true\nname = 'a'\n", "1:18", "type"),
    "a version that never was": _session(b"schema_version = -1\nname = 'a'\n", "1:18", "const"),
    "no version": _session(b"name = 'a'\n", "1:1", "missing-key"),
    "an unknown key": _session(HEAD + b"rot = '~'\n", "3:1", "unknown-key"),
    "a wrong type": _session(HEAD + b"root = 1\n", "3:8", "type"),
    "not a number": _session(HEAD + b"root = nan\n", "3:8", "type"),
    "a huge integer": _session(HEAD + b"root = " + b"9" * 3000 + b"\n", "3:8", "type"),
    "windows that are none": _session(HEAD + b"windows = ['a', 1]\n", "3:12", "type"),
    "an unknown driver": _session(HEAD + b"connections.c.driver = 'psotgres'\n", "3:24", "enum"),
    "a password in the file": _session(
        HEAD + b"[connections.c]\ndriver = 'redis'\npassword = 'hunter2'\n", "5:12", "secret-key"
    ),
    "a schema that is not there": _text(
        b"#:schema ./nope.json\n" + HEAD, "read", "unreadable", "1:10", "x.toml"
    ),
    "a schema that is this file": _text(
        b"#:schema ./x.toml\n" + HEAD, "read", "unreadable", "1:10", "x.toml"
    ),
}  # fmt: skip


def _missing(directory: Path) -> Path:
    return directory / NAME


def _below_a_file(directory: Path) -> Path:
    (directory / "file").write_text("")
    return directory / "file" / NAME


def _loop(directory: Path) -> Path:
    (directory / NAME).symlink_to(directory / "other")
    (directory / "other").symlink_to(directory / NAME)
    return directory / NAME


def _dangling(directory: Path) -> Path:
    (directory / NAME).symlink_to(directory / "gone")
    return directory / NAME


def _fifo(directory: Path) -> Path:
    os.mkfifo(directory / NAME)
    return directory / NAME


def _device(directory: Path) -> Path:
    (directory / NAME).symlink_to("/dev/zero")
    return directory / NAME


def _huge(directory: Path) -> Path:
    with (directory / NAME).open("wb") as stream:
        stream.truncate(1 << 30)
    return directory / NAME


def _unreadable(directory: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may read any file")
    (directory / NAME).write_bytes(HEAD)
    (directory / NAME).chmod(0)
    return directory / NAME


def _long_name(directory: Path) -> Path:
    return directory / ("x" * 5000)


def _strange_name(directory: Path) -> Path:
    return directory / "a\x1b[2J\r\nb: error.session.toml"


def _read(make: Callable[[Path], Path]) -> BadInput:
    return BadInput("read", "unreadable", "", make)


OBJECTS = {
    "a missing file": _read(_missing),
    "a file below a file": _read(_below_a_file),
    "a symlink loop": _read(_loop),
    "a dangling symlink": _read(_dangling),
    "a named pipe": _read(_fifo),
    "a device": _read(_device),
    "a file of a gigabyte": _read(_huge),
    "an unreadable file": _read(_unreadable),
    "a name that is too long": _read(_long_name),
    "a name with control characters": _read(_strange_name),
}

BAD_INPUTS = TEXTS | OBJECTS
UNREADABLE = {name: bad for name, bad in TEXTS.items() if bad.kind == "toml"} | OBJECTS
# More than a program that calls itself for each level could go down; they take long to read.
VERY_DEEP = _deep(10_000)


def snapshot(directory: Path) -> dict[str, object]:
    """Return what is in a directory, so that it can be compared: bytes, targets, modes."""
    found: dict[str, object] = {}
    for path in sorted(directory.rglob("*")):
        status = path.lstat()
        content: object = status.st_size
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file() and status.st_size < 1 << 20 and os.access(path, os.R_OK):
            content = path.read_bytes()
        found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found
