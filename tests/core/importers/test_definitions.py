"""Files of other programs that describe connections: each becomes what is written below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sessionctl.core.importers.definitions.connection_definition import clean_name, secret_name
from sessionctl.core.importers.definitions.definition_kind import (
    DEFINITION_KINDS,
    definition_kind,
    kind_of_text,
    read_definitions,
)
from tests.together import together

# A text begins below "=== KIND: NAME"; below "---" is a line for each connection: where it is, its
# name and table, the secrets it refers to, the notes; "!" is before what was skipped.
FILES = (Path(__file__).parent / "definitions.txt").read_text(encoding="utf-8")
_FILE = re.compile(r"^=== (\w+): [^\n]*\n(.*?)^---\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)


# An ssh_config that ssh does not read by itself.
UNREAD = "unread_ssh_config"


def became(kind, text):
    try:
        name = kind.removeprefix("unread_")
        reading = read_definitions(name, text, is_read=name == kind)
    except ValueError as error:
        return f"refused: {error}\n"
    lines = [
        f"{one.line}: {one.name} {one.table} {list(one.secrets)} {list(one.notes)}\n"
        for one in reading.found
    ]
    lines += [f"! {one.line}: {one.what}: {one.why}\n" for one in reading.skipped]
    return "".join(lines)


@together(("kind", "text", "becomes"), _FILE.findall(FILES))
def test_a_file_becomes_what_is_written_below_it(kind, text, becomes):
    assert became(kind, text) == becomes


def test_each_kind_has_a_sample():
    assert {kind for kind, _, _ in _FILE.findall(FILES)} == {*DEFINITION_KINDS, UNREAD}


def test_what_is_nested_too_deeply_is_refused():
    with pytest.raises(ValueError, match=r"\Ait is nested too deeply\Z"):
        read_definitions("dbeaver", "[" * 100_000)


@together(
    ("path", "kind"),
    [
        (".env", "env"),
        ("/a/.env.local", "env"),
        ("/a/shop.env", "env"),
        ("/a/env", ""),
        ("/a/.env/x", ""),
        ("C:\\a\\.env", "env"),
        ("/a/data-sources.json", "dbeaver"),
        ("/a/data-sources-2.json", "dbeaver"),
        ("/a/data-sources.xml", ""),
        ("/a/sources.json", ""),
        ("/home/ada/.pg_service.conf", "pg_service"),
        ("/etc/ssh/ssh_config", "ssh_config"),
        ("/home/ada/.ssh/config", "ssh_config"),
        ("C:\\ada\\.ssh\\config", "ssh_config"),
        ("/home/ada/config", ""),
        ("/home/.ssh/x/config", ""),
        ("/etc/ssh/ssh_config.d/a.conf", "ssh_config"),
        ("/etc/ssh_config.d/x/a.conf", ""),
        ("/a/x", ""),
    ],
)
def test_the_name_of_a_file_says_whose_it_is(path, kind):
    assert definition_kind(path) == kind


@together(
    ("text", "kind"),
    [
        ("# mine\n\nHost prod\n  Port 22\n", "ssh_config"),
        ("ServerAliveInterval 5\nhost a b\n", "ssh_config"),
        ("Match user ada\n", "ssh_config"),
        ("; x\n[prod]\nhost=db\n", "pg_service"),
        ("A_URL=redis://x\n", "env"),
        ("export A_URL=redis://x\n", "env"),
        ('\n{"folders": {}}\n', "dbeaver"),
        ("Host\n", ""),
        ("hello = there is\nsome text\n", "env"),
        ("set -a\nA=b\n", ""),
        ("a-b=c\n", ""),
        ("# only a comment\n", ""),
        ("", ""),
    ],
)
def test_the_text_of_a_file_says_whose_it_is(text, kind):
    assert kind_of_text(text) == kind


def test_names_are_fit_for_a_session_and_for_a_secret():
    assert [clean_name(name) for name in ("a\tb\n", " a ", "\x00", "")] == [
        "a b", "a", "connection", "connection",
    ]  # fmt: skip
    assert [secret_name(name, "password") for name in ("a b/c!", "--", "é", "A_1-b")] == [
        "a-b-c.password", "connection.password", "connection.password", "A_1-b.password",
    ]  # fmt: skip
