"""Validating sessions with their sidecars: what is stored, and what is not encrypted."""

from __future__ import annotations

import pytest

from sessionctl.services.documents.file_validation import check_files
from sessionctl.services.documents.validation import Validator
from tests.sidecars import armored, sidecar

SESSION = """\
schema_version = 1
name = "a"
[env]
TOKEN = { secret = "env.token" }
"""


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def vault(write):
    """A vault lies in the directory, so that what is sealed can be opened."""
    write(".sessionctl/vault.age", armored("x"))


def rules(*names):
    return [p.rule for checked in check_files(names, Validator()) for p in checked.problems]


def test_a_session_without_a_sidecar_may_refer_to_secrets_kept_elsewhere(write):
    assert rules(write("a.session.toml", SESSION)) == []


def test_a_session_with_a_sidecar_refers_to_what_is_in_it(write, vault):
    path = write("a.session.toml", SESSION)
    write("a.secrets.toml", sidecar("env.token"))
    assert rules(path) == []
    write("a.secrets.toml", sidecar("other"))
    assert rules(path) == ["dangling-secret"]
    [checked] = check_files([path], Validator())
    assert checked.place(checked.problems[0])[:2] == (4, 9)
    assert "sessionctl secret set" in checked.problems[0].hint


def test_a_session_whose_sidecar_is_gone_is_told_where_a_vault_is(write):
    path = write("sub/a.session.toml", SESSION)
    write(".sessionctl/vault.age", armored("x"))
    assert rules(path) == ["dangling-secret"]


def test_an_alternate_has_a_sidecar_of_its_own(write, vault):
    path = write("a.session.toml##os.Linux", SESSION)
    write("a.secrets.toml##os.Linux", sidecar("other"))
    assert rules(path) == ["dangling-secret"]


def test_the_sidecar_beside_the_target_of_a_symlink_counts(write, tmp_path, vault):
    write("repo/a.session.toml", SESSION)
    write("repo/a.secrets.toml", sidecar("other"))
    link = tmp_path / "a.session.toml"
    link.symlink_to("repo/a.session.toml")
    assert rules(str(link)) == ["dangling-secret"]


def test_a_directory_stands_for_its_sidecars_too(write, tmp_path, vault):
    write("a.session.toml", SESSION)
    write("a.secrets.toml", sidecar("env.token").replace(armored("env.token"), "hunter2"))
    assert rules(str(tmp_path)) == ["secret-unencrypted"]


def test_a_sidecar_that_is_no_toml_says_nothing_of_its_session(write):
    path = write("a.session.toml", SESSION)
    broken = write("a.secrets.toml", "format = \n")
    assert rules(path) == []
    assert rules(broken) == ["syntax"]


@pytest.mark.parametrize(
    "entry",
    ['[secret.a]\nage = "hunter2"\n', 'secret.a = "hunter2"\n', '[secret.a]\nvalue = "hunter2"\n'],
)
def test_an_excerpt_shows_no_value_of_a_sidecar(write, entry):
    text = f'format = 1\nsession = "x"\nvault = "y"\n{entry}'
    [checked] = check_files([write("a.secrets.toml", text)], Validator())
    assert checked.schema == "secrets"
    assert checked.problems
    shown = [line for excerpt in checked.excerpts() for line in excerpt]
    assert "hunter2" not in "\n".join(shown)


def test_an_excerpt_shows_no_secret_of_a_key_that_may_have_other_uses(write):
    text = 'schema_version = 1\nname = "a"\n[apps.x]\npin = "8153"\n'
    path = write("a.session.toml", text)
    [checked] = check_files([path], Validator())
    assert checked.excerpts()[0][1] == "4 | pin = ***"
