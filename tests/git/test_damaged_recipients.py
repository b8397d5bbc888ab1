"""A damaged line in the list of readers: named, and what is safe goes on."""

from __future__ import annotations

import pytest

from tests.desk import FILE, NAME
from tests.git.inprocess import run_inside
from tests.git.test_taken_files import desk, pushed, sync  # noqa: F401 - fixtures

LINES = {
    "ecdsa-sha2-nistp256 AAAAE2VjZHNh me": "of the type ecdsa-sha2-nistp256",
    "age1qqqqq": "an age key that is damaged",
    "AGE-SECRET" + "-KEY-1" + "Q" * 58: "holds a key",
    "age1" + "q" * 58: "a key of the type X25519 that was cut or mistyped",
}


@pytest.mark.parametrize(("line", "what"), LINES.items())
def test_reading_goes_on_and_wrapping_does_not(pushed, desk, line, what):  # noqa: F811
    path = pushed.path / ".age-recipients"
    before, vault = path.read_text(), desk.vault.read_bytes()
    path.write_text(f"{before}{line}\n")
    number = before.count("\n") + 1
    assert desk.reveal(code=0).stdout == "hunter2"
    desk.run("secret", "set", FILE, NAME, stdin=b"other", code=0)
    assert desk.reveal(code=0).stdout == "other"
    assert desk.run("validate", FILE, code=0)
    listed = desk.run("recipients", "list", code=0)
    assert before.splitlines()[-1] in listed.output
    for command in (("secret", "rekey"), ("secret", "rekey", "--new-key")):
        refused = desk.run(*command)
        assert refused.exit_code != 0, refused.output
    assert desk.vault.read_bytes() == vault
    done = sync(pushed)
    assert done.returncode != 0
    assert f".age-recipients:{number}:" in done.stdout
    assert what in done.stdout
    shown = run_inside("status", cwd=pushed.path)
    assert "invalid     .age-recipients: 1 error" in shown.stdout
    assert run_inside("validate", ".age-recipients", cwd=pushed.path).returncode != 0
    for said in [*desk.said[-4:], done.stdout, done.stderr, shown.stdout]:
        assert "QQQQQQ" not in said
    path.write_text(before)
    assert sync(pushed).returncode == 0
