"""The places of identities: in which order they are looked at, and why one offers none."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import SessionctlError
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.identity_source import identity_source
from sessionctl.services.secrets.access.keyring import Keyring
from sessionctl.services.secrets.access.secret_context import SecretContext
from tests.quick_passphrase import sealed
from tests.record import note
from tests.sidecars import key

PLACES = ("c/sessionctl/identities.txt", "c/sops/age/keys.txt", ".passage/identities",
          ".ssh/id_ed25519", ".ssh/id_rsa")  # fmt: skip


class Answers:
    """A prompt that answers every question with one text, and counts them."""

    def __init__(self, text):
        self.text, self.asked = text, []

    def ask_secret(self, question):
        self.asked.append(question)
        return None if self.text is None else Secret(self.text)


def keyring(home, answer=None, **more):
    """Return a keyring at ``home``, and what was asked."""
    machine = Machine({"HOME": str(home), "XDG_CONFIG_HOME": f"{home}/c", **more})
    prompt = Answers(answer)
    source = identity_source(machine.environ)
    return Keyring(SecretContext(machine, "2026-02-03", source, prompt=prompt)), prompt


def put(home, contents, mode=0o600):
    """Write files at ``home`` for one user alone."""
    for name, text in contents.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)


def look(ring, *listed):
    """Put down what each place offers, or why none."""
    for one in ring.candidates(lambda: listed):
        note(f"used {one.place}: {len(one.identities)}")
    for one in ring.tried:
        note(f"tried {one.place}: {one.outcome}")


def test_each_place_says_why_it_offers_nothing(tmp_path):
    identity = str(key()[0])
    look(keyring(tmp_path)[0])
    put(tmp_path, dict.fromkeys(PLACES, identity), mode=0o640)
    note("-- for others")
    look(keyring(tmp_path)[0])
    put(tmp_path, {PLACES[0]: f"# mine\n{identity}\n", PLACES[1]: "AGE-SECRET-KEY-1X\n",
                   PLACES[2]: pyrage.encrypt(b"x", [key()[1]]), PLACES[3]: identity,
                   f"{PLACES[4]}.pub": "ssh-rsa AAAAB3NzaC1yc2E me"})  # fmt: skip
    note("-- one is right")
    ring, prompt = keyring(tmp_path)
    look(ring)
    (tmp_path / PLACES[4]).chmod(0o644)
    note("-- a key that is listed, but for all to read")
    look(keyring(tmp_path)[0], "ssh-rsa AAAAB3NzaC1yc2E")
    assert prompt.asked == []


def test_a_passphrase_is_asked_for_once(tmp_path):
    put(tmp_path, {PLACES[0]: sealed(b"no identity", "good"), PLACES[1]: sealed(b"x", "good")})
    for answer in (None, "bad", "good"):
        ring, prompt = keyring(tmp_path, answer)
        note(f"-- {answer}")
        look(ring)
        look(ring)
        for question in prompt.asked:
            note(f"asked {question}")


def test_what_was_asked_for_is_the_only_place(tmp_path):
    put(tmp_path, {PLACES[0]: str(key()[0]), "other": f"{key()[0]}\n{key()[0]}\n"})
    look(keyring(tmp_path, SESSIONCTL_IDENTITY_FILE=f"{tmp_path}/other")[0])
    look(keyring(tmp_path, SESSIONCTL_IDENTITY=str(key()[0]))[0])
    look(keyring(tmp_path, SESSIONCTL_IDENTITY_CMD=f"cat {tmp_path}/other")[0])
    (tmp_path / "other").chmod(0o604)
    for name, value in (
        ("FILE", f"{tmp_path}/none"), ("FILE", f"{tmp_path}/other"), ("CMD", "false"),
        ("CMD", "true"), ("CMD", "no-such-program"),
    ):  # fmt: skip
        with pytest.raises(SessionctlError):
            list(keyring(tmp_path, **{f"SESSIONCTL_IDENTITY_{name}": value})[0].candidates())
    with pytest.raises(SessionctlError):
        list(keyring(tmp_path, SESSIONCTL_IDENTITY="x")[0].candidates())


def test_who_is_locked_out_gets_the_next_step(tmp_path):
    ring, _ = keyring(tmp_path, USER="ada")
    for needs_reader in (True, False):
        list(ring.candidates())
        with pytest.raises(SessionctlError):
            raise ring.locked("v: no identity opens it", needs_reader=needs_reader)
    put(tmp_path, {PLACES[0]: str(key()[0])})
    ring, _ = keyring(tmp_path, USER="ada")
    list(ring.candidates())
    ring.note("here", "opens nothing")
    with pytest.raises(SessionctlError):
        raise ring.locked("v: no identity opens it")
    put(tmp_path, {PLACES[0]: "x"})
    ring, _ = keyring(tmp_path, SESSIONCTL_IDENTITY_FILE=str(Path(tmp_path, "none")))
    with pytest.raises(SessionctlError):
        raise ring.locked("v: no identity opens it")
