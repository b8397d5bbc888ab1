"""secret scan knows the values of sealed secrets, where a key opens them."""

from __future__ import annotations


def test_sealed_values_are_known_wherever_they_were_typed(desk):
    desk.set(b"plain words of mine")
    (desk.folder / "n.txt").write_text("he said: plain words of mine!\n")
    result = desk.run("secret", "scan", "n.txt", ".", code=1)
    assert (
        "n.txt:1:10: error[secret-known]: a secret of a sidecar is in plain text here"
        in result.stdout
    )
    assert "plain words" not in result.output
    friend = desk.elsewhere("friend")
    result = friend.run("secret", "scan", "-v", "n.txt", ".", code=0)
    assert "values of sealed secrets are not looked for" in result.stderr
