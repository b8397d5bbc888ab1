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
