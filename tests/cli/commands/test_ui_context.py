"""What the screens are given: they never ask for a passphrase at the terminal they draw on."""

from __future__ import annotations

import io

from sessionctl.cli.commands.ui import _context
from sessionctl.cli.input import terminal_prompt
from sessionctl.cli.output.console import Console


def test_the_secrets_of_the_screens_ask_nobody(monkeypatch):
    monkeypatch.setattr(terminal_prompt, "_has_terminal", lambda: True)
    console = Console(stdout=io.StringIO(), stderr=io.StringIO())
    context = _context(console, ("a.session.toml",), "s")
    assert context.secrets().prompt.ask_secret("passphrase: ") is None
    assert (context.paths, context.live.socket) == (("a.session.toml",), "s")
