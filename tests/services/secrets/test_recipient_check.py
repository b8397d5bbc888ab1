"""Which lines of a list of recipients are none, and what is shown of them."""

from __future__ import annotations

import base64

from sessionctl.core.problem import Problem, Span
from sessionctl.services.secrets.recipient_check import check_recipients
from tests.together import together

AGE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
BLOB = b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes(range(32))
SSH = f"ssh-ed25519 {base64.b64encode(BLOB).decode()}"
RSA = f"ssh-rsa {base64.b64encode(b'%c%c%c%cssh-rsa' % (0, 0, 0, 7) + bytes(20)).decode()}"
HINT = "correct or remove the line; nothing is encrypted while it is there"


@together(
    ("line", "what"),
    [
        (AGE, None),
        (f"  {AGE}  ", None),
        (SSH, None),
        (f"{SSH} ada@desk", None),
        (RSA, None),
        ("age1yubikey1" + "q" * 40, None),  # its plug-in knows
        ("# a label", None),
        ("", None),
        (AGE.replace("ql3z", "ql3y"), "a key of the type X25519 that was cut or mistyped"),
        ("age1" + "q" * 58, "a key of the type X25519 that was cut or mistyped"),
        (SSH[:-8], "a key of the type ssh-ed25519 that was cut or mistyped"),
        (f"{SSH[:-1]}", "a key of the type ssh-ed25519 that was cut or mistyped"),
        (SSH.replace("d25519 ", "d25519 AAAA"), "a key of the type ssh-ed25519 that was cut or"
         " mistyped"),
        (RSA.replace("ssh-rsa", "ssh-ed25519", 1), "a key of the type ssh-ed25519 that was cut or"
         " mistyped"),
        (SSH.replace("ssh-ed25519", "ssh-rsa", 1), "a key of the type ssh-rsa that was cut or"
         " mistyped"),
        (AGE[:-3], "an age key that is damaged: it was cut or mistyped"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_key_is_a_problem_and_not_repeated(line, what):
    before, after = f"# Ada\n{AGE}\n\n", f"{SSH}\n"
    checked = check_recipients("list", f"{before}{line}\n{after}")
    assert checked.name == "list"
    if what is None:
        assert checked.problems == ()
        assert checked.text == f"{before}{line}\n{after}"
        return
    place = Span(len(before), len(before))
    message = f"not a recipient that is known: {what}"
    assert checked.problems == (Problem("recipient", message, place, hint=HINT),)
    assert checked.text == f"{before}***\n{after}"
    assert checked.place(checked.problems[0])[:2] == (4, 1)
