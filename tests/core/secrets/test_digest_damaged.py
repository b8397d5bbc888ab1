"""A sidecar with values that are not encrypted, or that is not TOML, shows none of them."""

from __future__ import annotations

import pytest

from sessionctl.cli.git.drivers import main
from sessionctl.core.secrets.digest import show_sidecar
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.validation import Validator
from tests.sidecars import block, sidecar

TYPED = "canary-7f3e9d"
HEAD = sidecar("a")
VALUES = {
    "in place of the age file": f'[secret.b]\nage = "{TYPED}"\n',
    "as a key of another name": f'[secret.b]\nage = "x"\nval = "{TYPED}"\n',
    "in a list": f'[secret.b]\nage = ["{TYPED}"]\n',
    "below the age file": f'[secret.b.age]\nx = "{TYPED}"\n',
    "in a table too deep": f'[secret.b.c]\nage = "{TYPED}"\n',
    "in a table of another name": f'[secrets.b]\nage = "{TYPED}"\n',
    "at the top": f'[other]\nx = [{{ y = "{TYPED}" }}]\n',
}
BROKEN = {
    "beside a conflict marker": f'[secret.b]\nage = """\n{TYPED}\n"""\n<<<<<<< ours\n',
    "with an open quote": f'[secret.b]\nage = "{TYPED}\n',
    "without quotes": f"[secret.b]\nage = {TYPED}\n",
    "below a broken header": f"[secret.b\nage = '''\n{TYPED}\n'''\n",
    "alone": f"{TYPED}\n",
    "with a key before it": f"x = y = {TYPED}\n",
}


@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_a_value_that_is_not_encrypted_is_masked_wherever_it_stands(text):
    shown = show_sidecar(HEAD + text)
    assert TYPED not in shown
    assert 'age = "sealed sha256:' in shown


@pytest.mark.parametrize("text", ["[[secret]]\n", "secret = ", "[secret]\nx = "])
def test_a_value_in_another_shape_is_masked_too(text):
    end = "age = " if text.startswith("[[") else ""
    head = HEAD.partition("\n[")[0] + "\n"
    assert TYPED not in show_sidecar(f'{head}{text}{end}"{TYPED}"\n')


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_sidecar_that_is_not_toml_shows_only_what_surely_is_no_value(text, tmp_path, capfdbinary):
    shown = show_sidecar(HEAD + text)
    assert TYPED not in shown
    assert HEAD.partition("age =")[0] in shown
    checked = Validator().check_text("x.secrets.toml", HEAD + text)
    assert isinstance(checked, CheckedFile)
    assert checked.problems
    for problem, excerpt in zip(checked.problems, checked.excerpts(), strict=True):
        assert TYPED not in "".join(excerpt) + problem.message
    file = tmp_path / "x.secrets.toml"
    file.write_bytes((HEAD + text).encode() + b"\xe9\n")
    assert main(["textconv", str(file)]) == 0
    assert TYPED.encode() not in capfdbinary.readouterr().out


def test_what_is_no_value_is_shown_as_it_is():
    text = sidecar(block("a", more='rotate = "2026-10-03"\nunsealed = true\n')) + "# a note\n"
    shown = show_sidecar(text)
    for line in ('rotate = "2026-10-03"', "unsealed = true", "# a note", "format = 1"):
        assert f"{line}\n" in shown
        assert f"{line}\n" in show_sidecar(f"{text}=======\n")
