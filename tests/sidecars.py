"""Sidecars with real age files in them, for tests that need no vault."""

from __future__ import annotations

import base64
from functools import cache

import pyrage

from sessionctl.core.secrets.agefile import BEGIN, END

SESSION = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"


@cache
def key():
    """Return the one identity of a test run, and its recipient."""
    identity = pyrage.x25519.Identity.generate()
    return identity, identity.to_public()


@cache
def armored(plaintext="x", turn=0):
    """Return an age file in armor; another ``turn`` gives another one of the same text."""
    return pyrage.encrypt(plaintext.encode(), [key()[1]], armored=True).decode().strip()


def opened(armor):
    """Return what ``armored`` was given."""
    return pyrage.decrypt(armor.encode(), [key()[0]]).decode()


def in_armor(data):
    """Return the binary age file ``data`` in its text form, with a last line end."""
    text = base64.b64encode(data).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([BEGIN, *lines, END]) + "\n"


def block(name, armor=None, more=""):
    """Return the block of one entry."""
    return f'[secret."{name}"]\n{more}age = """\n{armor or armored(name)}\n"""\n'


def sidecar(*blocks, session=SESSION):
    """Return the text of a sidecar with ``blocks``, or names that are made blocks."""
    made = (item if "[" in item else block(item) for item in blocks)
    head = f'format = 1\nsession = "{session}"\nvault = "{key()[1]}"\n'
    return "\n".join([head, *made])
