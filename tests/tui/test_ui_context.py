"""What the screens may open secrets with: no question is asked, and the process is protected."""

from __future__ import annotations

import os

from sessionctl.system.files import private_files
from sessionctl.system.prompt import SilentPrompt
from tests.tui.screens import context_in


def test_secrets_are_opened_quietly_and_by_a_process_that_no_one_looks_into(tmp_path, monkeypatch):
    protected = []
    monkeypatch.setattr(private_files, "protect_process", lambda: protected.append(os.getpid()))
    context = context_in(tmp_path)
    given = context.secrets()
    keeper = context.vault_keeper()
    assert protected == [os.getpid()]
    assert isinstance(keeper.context.prompt, SilentPrompt)
    assert not given.is_quiet
    assert keeper.context == given._replace(is_quiet=True, prompt=keeper.context.prompt)
    seal = context.own_seal()
    assert seal._context == given._replace(is_quiet=True, prompt=seal._context.prompt)
