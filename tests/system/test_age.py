"""Age in memory: identities that show nothing, errors that quote nothing."""

from __future__ import annotations

import pickle

import pyrage
import pytest

from sessionctl.core.secrets.agefile import NotAgeError
from sessionctl.core.secrets.identityfile import read_identity_file
from sessionctl.core.secrets.recipients import parse_recipient
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import RefusedError, ToolError, UsageError
from sessionctl.system import age
from sessionctl.system.prompt import PluginPrompt, SilentPrompt
from tests import fake_age_plugin
from tests.quick_passphrase import sealed

VALUE = Secret("canary-value")


def load(text, prompt=None):
    return age.load_identities(read_identity_file(Secret(text)), prompt or SilentPrompt())


def test_what_is_encrypted_is_decrypted_by_its_identity_alone():
    secret, recipient = age.generate_identity()
    stranger, _ = age.generate_identity()
    text = age.encrypt(VALUE, age.encryptors([recipient], SilentPrompt()))
    assert age.decrypt(text.encode(), load(secret.text)) == VALUE
    assert age.decrypt(text.encode(), load(stranger.text)) is None
    assert age.decrypt(text.encode(), ()) is None


def test_an_identity_shows_nothing_of_itself():
    secret, recipient = age.generate_identity()
    [identity] = load(secret.text)
    assert repr(identity) == str(identity) == f"<Identity X25519 {recipient}>"
    assert identity.recipient == recipient
    assert identity.is_quiet
    with pytest.raises(TypeError):
        pickle.dumps(identity)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("AGE-SECRET-KEY-1CANARY", "a damaged key"),
        ("AGE-PLUGIN-X-1CANARY", "a damaged identity of the plug-in x"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\ncanary", "a damaged ssh key"),
    ],
)
def test_a_key_that_cannot_be_used_is_not_quoted(text, told):
    with pytest.raises(age.UnusableIdentityError, match=told) as caught:
        load(text)
    error = caught.value
    assert "canary" not in str(error).lower()
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_plug_in_that_is_missing_is_named():
    with pytest.raises(ToolError, match="age-plugin-fake: not found on PATH"):
        load(fake_age_plugin.IDENTITY)
    with pytest.raises(ToolError, match="age-plugin-fake: not found on PATH"):
        age.encryptors([fake_age_plugin.RECIPIENT], SilentPrompt())


@pytest.mark.parametrize(
    "text", ["canary", "age1canary", f"age1{'q' * 58}", "ssh-ed25519 AAAA", "ssh-rsa AAAA x"]
)
def test_what_is_no_recipient_is_refused(text):
    with pytest.raises(UsageError, match="not a recipient"):
        age.encryptors([text], SilentPrompt())
    recipient = parse_recipient(text)
    if recipient is not None:
        with pytest.raises(UsageError, match="its key is damaged"):
            age.check_recipient(recipient)


def test_a_plug_in_recipient_is_checked_without_its_program():
    age.check_recipient(parse_recipient(fake_age_plugin.RECIPIENT))
    damaged = parse_recipient(f"{fake_age_plugin.RECIPIENT[:-1]}q")
    with pytest.raises(UsageError, match="its key is damaged"):
        age.check_recipient(damaged)


def test_nobody_to_encrypt_to_is_an_error():
    with pytest.raises(ToolError, match="could not encrypt"):
        age.encrypt(VALUE, [])


@pytest.mark.slow
def test_a_passphrase_opens_what_it_closed():
    text = age.encrypt_with_passphrase(VALUE, Secret("correct horse"))
    assert age.decrypt_with_passphrase(text.encode(), Secret("correct horse"), "x") == VALUE


def test_another_passphrase_and_no_passphrase_open_nothing():
    data = sealed(VALUE.text.encode(), "correct horse").encode()
    assert age.decrypt_with_passphrase(data, Secret("correct horse"), "x") == VALUE
    assert age.decrypt_with_passphrase(data, Secret("wrong"), "x") is None
    assert age.decrypt_with_passphrase(data, Secret(b"\xff"), "x") is None
    assert age.decrypt(data, load(age.generate_identity().secret.text)) is None
    _, recipient = age.generate_identity()
    other = age.encrypt(VALUE, age.encryptors([recipient], SilentPrompt()))
    with pytest.raises(NotAgeError, match="without a passphrase"):
        age.decrypt_with_passphrase(other.encode(), Secret("x"), "x")


def test_an_absurd_work_factor_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda *_: pytest.fail("scrypt was begun"))
    stanza = f"-> scrypt {'A' * 22} 21\n{'A' * 43}\n--- {'A' * 43}\n{'n' * 32}"
    with pytest.raises(RefusedError, match=r"x: its passphrase would cost 2\^21 steps"):
        age.decrypt_with_passphrase(
            f"age-encryption.org/v1\n{stanza}".encode(), Secret("canary"), "x"
        )


def test_hardware_keys_are_encrypted_to_without_a_plug_in():
    recipient = "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e"
    kind = parse_recipient(recipient).kind
    assert kind == "tag"


def test_nobody_answers_for_a_plug_in_that_may_not_ask():
    silent = SilentPrompt()
    assert silent.ask_secret("x") is silent.ask_text("x") is silent.confirm("x") is None
    assert silent.say("x") is None


def test_what_a_plug_in_asks_is_handed_on():
    said = []

    class Answers(SilentPrompt):
        def ask_secret(self, question):
            return Secret(f"secret of {question}")

        def ask_text(self, question):
            return f"text of {question}"

        def confirm(self, question):
            said.append(question)
            return True

        def say(self, message):
            said.append(message)

    callbacks = PluginPrompt(Answers())
    assert callbacks.request_passphrase("PIN") == "secret of PIN"
    assert callbacks.request_public_string("name") == "text of name"
    assert callbacks.confirm("sure", "yes", None) is True
    callbacks.display_message("touch it")
    assert said == ["sure (yes / no)", "touch it"]
    assert PluginPrompt(SilentPrompt()).request_passphrase("PIN") is None


def test_an_error_while_a_plug_in_asks_is_no_crash():
    class Breaks(SilentPrompt):
        def ask_secret(self, question):
            raise KeyboardInterrupt

        def say(self, message):
            raise ValueError("canary")

    asker = PluginPrompt(Breaks())
    assert asker.display_message("x") is None
    asker.raise_interrupt()
    assert asker.request_passphrase("PIN") is None
    with pytest.raises(KeyboardInterrupt):
        asker.raise_interrupt()
