"""A sidecar for reading shows digests of ciphertexts, and no value."""

from __future__ import annotations

from sessionctl.core.secrets.digest import digested, show_sidecar
from sessionctl.core.secrets.sidecar import digest_of
from tests.sidecars import armored, block, sidecar
from tests.together import together


def test_each_age_file_is_a_digest_and_the_rest_is_as_it_is():
    text = sidecar("a", block("b", more='rotate = "2026-10-03"\n')) + "# end\n"
    digest = f'"sealed {digest_of(armored("a"))[:19]}"'
    shown = show_sidecar(text)
    assert f'[secret."a"]\nage = {digest}\n' in shown
    assert 'rotate = "2026-10-03"\n' in shown
    assert shown.endswith("# end\n")
    assert "AGE ENCRYPTED" not in shown


DAMAGED = '''\
<<<<<<< x
format = 1
session = "3f0d"
vault = "age1x"
=======
[secret."a.b"]
age = 'hunter2
unsealed = true
rotate = "2026-10-03"
[secret.c]
value = "***"
"""
# c
>>>>>>> y
what is this
plain = hunter2
age = """
hunter2
"""
format = x
age = "sealed sha256:0011"
b64 = "x" y\r
nage = z
'''
DAMAGED_SHOWN = '''\
<<<<<<< x
format = 1
session = "3f0d"
vault = "age1x"
=======
[secret."a.b"]
age = "***"
unsealed = true
rotate = "2026-10-03"
[secret.c]
value = "***"
"""
# c
>>>>>>> y
***
plain = ***
age = "***"
format = ***
age = "sealed sha256:0011"
b64 = "***"\r
***
'''


@together(
    "text",
    [
        'secret.a = "hunter2"\n',
        '[secret.a]\nage = "hunter2"\n',
        '[secret.a]\nage = ["hunter2"]\n',
        '[secret.a]\nvalue = "hunter2"\n',
        'secret = "hunter2"\n',
        "# password = 'hunter2'\n",
        "[secret.a]\nage = 'hunter2\n<<<<<<< x\n",
        '[secret.a]\nage = """\nhunter2\n"""\n<<<<<<< x\n',
        "[secret.a]\nage = '''\nhunter2\n",
        "password = hunter2\n",
    ],
)
def test_what_is_not_encrypted_is_masked(text):
    shown = show_sidecar(text)
    assert "hunter2" not in shown


@together(
    ("text", "shown"),
    [
        (
            'format = 1\nsession = "3f0d"\nvault = "age1x"\n',
            'format = 1\nsession = "3f0d"\nvault = "age1x"\n',
        ),
        (
            'secret.a = "hunter2"\n',
            'secret.a = "***"\n',
        ),
        (
            "[secret.a]\nage = \"hunter2\"\n# password = 'x9draht'\n[secret.b]\nage = 'x'\n",
            '[secret.a]\nage = "***"\n# password = \'***\'\n[secret.b]\nage = "***"\n',
        ),
        (
            '[secret.a]\nage = "hunter2"\nrotate = "2026-10-03"\nunsealed = true\n',
            '[secret.a]\nage = "***"\nrotate = "2026-10-03"\nunsealed = true\n',
        ),
        (
            '[secret.a]\nage = ["hunter2", 3, true]\n',
            '[secret.a]\nage = ["***", "***", true]\n',
        ),
        (
            "[secret.a]\nvalue = 5\n",
            '[secret.a]\nvalue = "***"\n',
        ),
        (
            'secret = "hunter2"\n',
            'secret = "***"\n',
        ),
        (
            'other = "hunter2"\nn = 5\n[t]\nsession = "x"\n',
            'other = "***"\nn = 5\n[t]\nsession = "***"\n',
        ),
        (
            '[secret.a.b]\nrotate = "x"\n',
            '[secret.a.b]\nrotate = "***"\n',
        ),
        (
            "# password = 'hunter2'\n# hello\n",
            "# password = '***'\n# hello\n",
        ),
        (DAMAGED, DAMAGED_SHOWN),
        (
            "password = hunter2\n[x\n",
            "***\n***\n",
        ),
    ],
    ids=repr,
)
def test_the_rest_of_a_sidecar_is_shown_as_it_is(text, shown):
    assert show_sidecar(text) == shown


def test_age_files_between_conflict_markers_are_digests_too():
    text = f"<<<<<<< a\n{block('b')}=======\n{block('b', armored('b', 1))}>>>>>>> c\n"
    shown = show_sidecar(text)
    assert shown.count('age = "sealed sha256:') == 2
    assert "AGE ENCRYPTED" not in shown
    assert shown.count("\n") == 7


def test_of_a_value_only_age_files_become_digests_and_all_else_stays():
    sealed, digest = armored("a"), f"sealed {digest_of(armored('a'))[:19]}"
    kept = ["", "x", " y\n", "AGE", 1, True, 1.5, [], {}, ["z"], {"t": "u"}]
    value = {"a": sealed, "b": [sealed, f"\n  {sealed}", {"c": sealed}], "kept": kept}
    assert digested(value) == {"a": digest, "b": [digest, digest, {"c": digest}], "kept": kept}
