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


PLAIN = (
    "error: not encrypted: expected an age file in armor"
    " (remove it, and store the value with: sessionctl secret set)"
)
UNDO = "(restore the version from git: sessionctl undo shop.secrets.toml)"


@together(
    ("text", "found"),
    [
        (
            HEAD + ENTRY + 'unsealed = true\nrotate = "2026-10-03"\n',
            [
                "true warning: stored without a key: unconfirmed, so it is not used"
                " (someone with a key accepts it:"
                " sessionctl secret accept shop.session.toml prod.password)",
                '"2026-10-03" warning: a recipient who was removed knows this value, since'
                " 2026-10-03 (set a new one:"
                " sessionctl secret rotate shop.session.toml prod.password)",
            ],
        ),
        (HEAD + '[secret."a.b"]\nage = "hunter2"\n', [f'"hunter2" {PLAIN}']),
        (HEAD + 'secret.a = "hunter2"\n', [f'"hunter2" {PLAIN}']),
        (
            HEAD + "[secret.a]\n",
            [f"[secret.a] error: expected the key age: an age file in armor {UNDO}"],
        ),
        (HEAD + ENTRY + "rotate = 1\n", [f"1 error: expected a date in quotes {UNDO}"]),
        (
            HEAD + '[secret."a b"]\n' + ENTRY.partition("\n")[2],
            [f'[secret."a b"] error: expected a name such as prod.password {UNDO}'],
        ),
        (
            HEAD + "# password = 'hunter2'\n",
            [
                "hunter2 error: a password is in plain text in this comment"
                " (remove it; store it with: sessionctl secret set)"
            ],
        ),
        (HEAD + "secret = 3\n", [f'3 error: expected tables [secret."NAME"] {UNDO}']),
        (
            "",
            [
                f" error: expected the format, 1 {UNDO}",
                f" error: expected a string {UNDO}",
                f" error: expected a string {UNDO}",
            ],
        ),
        (
            HEAD.replace("1", "9", 1),
            ["9 error: written in format 9, the newest known one is 1 ()"],
        ),
    ],
)
def test_each_problem_is_at_its_place_with_the_next_step(text, found):
    shown = [
        f"{text[p.span.start : p.span.end].strip()} {p.severity}: {p.message} ({p.hint})"
        for p in sidecar_problems(Document.parse(text, "shop.secrets.toml"))
    ]
    assert shown == found


def test_a_sidecar_without_a_name_is_that_of_a_file():
    hints = [p.hint for p in sidecar_problems(Document.parse(f"{HEAD}{ENTRY}unsealed = true\n"))]
    assert hints == ["someone with a key accepts it: sessionctl secret accept FILE prod.password"]
