"""Sidecars: what is not encrypted in one is told, and never shown."""

from __future__ import annotations

import pytest

from sessionctl import Document
from sessionctl.core.secrets.exposure import sidecar_problems
from tests.sidecars import armored
from tests.together import together

ARMORED = armored("x" * 600) + "\n"
HEAD = 'format = 1\nsession = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nvault = "age1x"\n'
ENTRY = f'[secret."prod.password"]\nage = """\n{ARMORED}"""\n'


def told(text):
    return [(p.rule, str(p.key_path)) for p in sidecar_problems(Document.parse(text))]


def test_a_sidecar_whose_values_are_age_files_is_well():
    assert told(HEAD) == []
    assert told(HEAD + ENTRY) == []
    assert told(HEAD + ENTRY + 'note = "x"\n') == []


def test_what_is_to_be_done_about_an_entry_is_a_warning():
    name = 'secret."prod.password"'
    found = told(HEAD + ENTRY + 'unsealed = true\nrotate = "2026-10-03"\n')
    assert found == [("unsealed-secret", name), ("unrotated-secret", name)]


@together(
    ("entry", "rule", "path"),
    [
        ('[secret."a.b"]\nage = "hunter2"\n', "secret-unencrypted", 'secret."a.b".age'),
        ('[secret.a]\nage = ["hunter2"]\n', "secret-unencrypted", "secret.a.age"),
        ('secret.a = "hunter2"\n', "secret-unencrypted", "secret.a"),
        ("[secret.a]\n", "sidecar", "secret.a"),
        ('[secret.a]\nvalue = "hunter2"\n', "secret-unencrypted", "secret.a.value"),
        (ENTRY + 'password = "hunter2"\n', "secret-unencrypted", 'secret."prod.password".password'),
        (ENTRY.replace("AGE ENC", "AGE-ENC"), "secret-unencrypted", 'secret."prod.password".age'),
        (ENTRY + "rotate = 1\n", "sidecar", 'secret."prod.password".rotate'),
        ('[secret."a b"]\n' + ENTRY.partition("\n")[2], "sidecar", 'secret."a b"'),
        ("# password = 'hunter2'\n", "secret-text", ""),
        ("secret = 'hunter2'\n", "sidecar", "secret"),
    ],
)
def test_what_is_not_encrypted_is_told(entry, rule, path):
    assert (rule, path) in told(HEAD + entry)
    for problem in sidecar_problems(Document.parse(HEAD + entry)):
        assert "hunter2" not in f"{problem.message} {problem.hint}"


def test_an_age_file_that_was_cut_off_is_none():
    cut = ENTRY.replace(ARMORED.splitlines()[2], "")
    assert told(HEAD + cut) == [("secret-unencrypted", 'secret."prod.password".age')]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", [("sidecar", "format"), ("sidecar", "session"), ("sidecar", "vault")]),
        (HEAD.replace("1", "9", 1), [("version", "format")]),
        (HEAD.replace("1", "'1'", 1), [("sidecar", "format")]),
        ("format = 1\nsession = 1\nvault = 'x'\n", [("sidecar", "session")]),
    ],
)
def test_the_head_says_what_it_belongs_to(head, expected):
    assert told(head) == expected
