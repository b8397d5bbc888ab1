"""Vaults that users have keep opening: one that the code of before made, with all that it bound.

``vault_of_before`` holds the repository, the key and the memory of that machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.desk import FILE, Desk

MADE = Path(__file__).parent / "vault_of_before"
NAMES = [
    "prod.password", "web.key", "web.token", "cache.password", "bus.password", "hub.token",
    "api.token", "loose.note",
]  # fmt: skip


@pytest.fixture(params=[True, False], ids=["its-machine", "new-machine"])
def before(tmp_path, request):
    """Return the desk of its user: on the machine that made it, or on a new one."""
    made = Desk(tmp_path / "repo", tmp_path / "home")
    shutil.copytree(MADE / "repo", made.folder)
    made.identities.parent.mkdir(parents=True)
    shutil.copy(MADE / "identities.txt", made.identities)
    made.identities.chmod(0o600)
    if request.param:
        made.trust.parent.mkdir(parents=True)
        text = (MADE / "trust.toml").read_text()
        made.trust.write_text(text.replace("@REPO@", str(made.folder)))
        made.trust.chmod(0o600)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_shown(before, name):
    assert before.reveal(name, code=0).stdout == f"value of {name}"


def test_a_program_gets_them(before):
    done = before.run("secret", "exec", "--env", "X=prod.password", FILE, "--", "no-such-program")
    assert "no-such-program" in done.output
    assert done.exit_code not in (4, 5)


def test_values_are_set_and_readers_removed(before):
    before.set("newer")
    assert before.reveal(code=0).stdout == "newer"
    friend = "age1zkr3kmw6rr6kjrvvtrkh079kw2a82am8gcqlsryasa5symg2m5qq7lv220"
    before.run("recipients", "rm", friend, code=0)
    for name in NAMES[1:]:
        assert before.reveal(name, code=0).stdout == f"value of {name}"
