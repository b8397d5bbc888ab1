"""The list of recipients: a file for age -R, with labels; edits leave other lines alone."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets.recipients import Recipient, Recipients, fingerprint, parse_recipient
from sessionctl.errors import DocumentError, UsageError
from tests.together import together

ADA = "age1" + "q" * 58
BOB = "age1" + "p" * 58
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO"
TEXT = f"""\
# who may read

# Ada's laptop
{ADA}

{SSH} bob@laptop
"""


def test_labels_are_the_comments_above_keys_and_those_of_ssh_keys():
    found = Recipients.parse(TEXT).recipients
    assert found == (
        Recipient(ADA, "X25519", "Ada's laptop"),
        Recipient(SSH, "ssh-ed25519", "bob@laptop"),
    )
    assert found[0].shown == f"Ada's laptop ({ADA})"
    assert found[1].shown == "bob@laptop (ssh-ed25519 ...NzaC1lZDI1NTE5AAAAIO)"
    assert Recipient(BOB, "X25519").shown == BOB
    assert found[1].key_word == f"'{SSH}'"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ADA, "X25519"),
        (f"  {ADA}\t", "X25519"),
        (SSH, "ssh-ed25519"),
        ("ssh-rsa\tAAAA== a comment", "ssh-rsa"),
        ("age1yubikey1" + "q" * 20, "yubikey"),
        ("age1tag1" + "q" * 20, "tag"),
        ("age1a.b-c1" + "q" * 20, "a.b-c"),
    ],
)
def test_the_kind_of_a_recipient_is_told_by_its_form(text, kind):
    assert parse_recipient(text).kind == kind


@together(
    "text",
    ["", "x", "AGE-SECRET-KEY-1QQ", "age1", ADA[:-1], ADA + "q", ADA.upper(), "ssh-dss AAAA"],
)
def test_what_is_no_recipient_is_none(text):
    assert parse_recipient(text) is None


def test_a_label_that_is_given_wins():
    assert parse_recipient(f"{SSH} bob@laptop", "Bob").label == "Bob"


@given(st.permutations([ADA, BOB, SSH]))
def test_the_fingerprint_is_that_of_the_set(keys):
    assert fingerprint(keys) == fingerprint([*keys, keys[0]]) == fingerprint([ADA, BOB, SSH])
    assert fingerprint(keys[:2]) != fingerprint(keys)
    assert Recipients.parse("\n".join(keys)).fingerprint == fingerprint(keys)
    digest = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
    assert fingerprint(keys) == f"sha256:{digest}"


def test_what_is_added_goes_again_without_a_trace():
    one = Recipients.parse(TEXT)
    two = one.add(Recipient(BOB, "X25519", "Bob"))
    assert two.text == f"{TEXT}# Bob\n{BOB}\n"
    assert two.keys == (ADA, SSH, BOB)
    assert two.remove(BOB).text == TEXT
    bare = Recipients.parse(ADA).add(Recipient(BOB, "X25519"))
    assert bare.text == f"{ADA}\n{BOB}\n"
    assert bare.remove(BOB).text == f"{ADA}\n"


def test_a_key_goes_with_its_label_wherever_it_is_listed():
    twice = Recipients.parse(f"# a\n# b\n{ADA}\n\n# c\n{BOB}\n{ADA}\n")
    assert twice.keys == (ADA, BOB)
    assert twice.remove(ADA).text == f"# a\n\n# c\n{BOB}\n"


def test_a_recipient_is_found_by_key_or_label():
    listed = Recipients.parse(TEXT, "list")
    assert listed.find(ADA).key == ADA
    assert listed.find(f"{SSH} another comment").key == SSH
    assert listed.find("bob@laptop").key == SSH
    with pytest.raises(UsageError) as refused:
        listed.find("Bob")
    assert refused.value.message == "list: no such recipient: Bob"
    assert list(refused.value.hints) == ["list them: sessionctl recipients list"]
    with pytest.raises(UsageError) as refused:
        Recipients.parse(f"# x\n{ADA}\n# x\n{BOB}\n").find("x")
    assert refused.value.message == "recipients: 2 recipients have this label: x"
    hint = "give the key of one; they are listed by: sessionctl recipients list"
    assert list(refused.value.hints) == [hint]


def test_a_label_is_shown_so_that_none_of_its_letters_passes_for_another():
    recipient = Recipient(ADA, "X25519", "\u0410da")
    assert recipient.shown_label == "\\u0410da"
    assert recipient.shown == f"\\u0410da ({ADA})"


def test_a_line_that_is_no_recipient_is_refused_without_being_quoted():
    with pytest.raises(DocumentError) as caught:
        Recipients.parse(f"{ADA}\nAGE-SECRET-KEY-1CANARY\n", "list")
    assert caught.value.message == (
        "list:2:1: not a recipient that is known: a private key, which must not be here"
    )
    with pytest.raises(DocumentError, match="recipients:1:1"):
        Recipients.parse("x")


def test_two_spellings_of_one_ssh_key_are_one_key():
    one, other = (parse_recipient(f"ssh-ed25519 {text}") for text in ("AAAAQQ==", "AAAAQR=="))
    assert one is not None
    assert one == other


@together(
    ("line", "what"),
    [
        (
            "ecdsa-sha2-nistp256 AAAA me",
            "an ssh key of the type ecdsa-sha2-nistp256, which age cannot use",
        ),
        ("ssh-dss AAAA", "an ssh key of the type ssh-dss, which age cannot use"),
        (
            "sk-ssh-ed25519@openssh.com AAAA",
            "an ssh key of the type sk-ssh-ed25519@openssh.com, which age cannot use",
        ),
        (f"{ADA[:-3]}", "an age key that is damaged: it was cut or mistyped"),
        (f"{ADA[:-3].upper()}", "an age key that is damaged: it was cut or mistyped"),
        ("ssh-rsa", "an ssh-rsa key that is damaged"),
        (">>>>>>> other", "a marker of a conflict"),
        ("||||||| base", "a marker of a conflict"),
        ("=======", "a marker of a conflict"),
        ("gitlab:ada", "the place of keys, and no key"),
        ("http://example.org/ada.keys", "the place of keys, and no key"),
        ("AGE-SECRET-KEY-1QQ", "a private key, which must not be here"),
        ("0xDEADBEEF", "a key of PGP, which age cannot use"),
        ("https://example.org/ada.keys", "the place of keys, and no key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key, which must not be here"),
        ("ssh-ed25519", "an ssh-ed25519 key that is damaged"),
        (f'command="x" {SSH}AAAAAAAAAAAAAAAA', "an ssh key with options before it"),
        ("github:ada", "the place of keys, and no key"),
        ("<<<<<<< main", "a marker of a conflict"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "a key of PGP, which age cannot use"),
        ("hunter2", "it starts with no known word"),
    ],
)
def test_a_line_that_is_no_recipient_is_named_and_the_others_are_read(line, what):
    listed = Recipients(f"{ADA}\n{line}\n\n{BOB}\n", "list")
    assert listed.keys == (ADA, BOB)
    assert listed.damaged == ((2, what),)
    with pytest.raises(DocumentError) as refused:
        Recipients.parse(f"{listed.text}x\n", "list")
    assert refused.value.message == (
        f"list:2:1: not a recipient that is known: {what}; line 5: it starts with no known word"
    )
    hint = "a recipient begins with age1, ssh-ed25519 or ssh-rsa, and is public"
    assert list(refused.value.hints) == [hint]
    assert listed.remove(BOB).text == f"{ADA}\n{line}\n\n"


@together(
    ("text", "label", "after"),
    [
        ("", "", f"{BOB}\n"),
        ("", "Bob", f"# Bob\n{BOB}\n"),
        (ADA, "Bob", f"{ADA}\n# Bob\n{BOB}\n"),
        (f"{ADA}\r\n", "Bob", f"{ADA}\r\n# Bob\r\n{BOB}\r\n"),
        (f"# Ada\r\n{ADA}", "", f"# Ada\r\n{ADA}\r\n{BOB}\r\n"),
    ],
)
def test_what_is_added_stands_at_the_end_in_the_line_ends_of_the_file(text, label, after):
    assert Recipients.parse(text).add(Recipient(BOB, "X25519", label)).text == after


def test_a_label_belongs_to_the_key_directly_below():
    assert Recipients(f"#xaver\n{ADA}\n").recipients[0].label == "xaver"
    text = f"# gone\n\n# two\n# Ada\n{ADA}\n{BOB}\n##  Eve \n\n{SSH} eve\n# x\nnot a key\n{SSH}\n"
    read = Recipients(text)
    shown = [(one.key, one.label) for one in read.recipients]
    assert shown == [(ADA, "Ada"), (BOB, ""), (SSH, "eve"), (SSH, "")]
    assert read.keys == (ADA, BOB, SSH)
    assert read.remove(ADA).text == text.replace(f"# Ada\n{ADA}\n", "")
    assert read.remove(SSH).text == text.replace(f"{SSH} eve\n", "").replace(f"{SSH}\n", "")
