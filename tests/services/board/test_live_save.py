"""What a save from the list of sessions would change, and which files it leaves to others."""

from __future__ import annotations

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import UsageError
from sessionctl.services.board.live_save import _lines, propose_save
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.live_memory import LiveRecord
from sessionctl.services.live.workspace_save import SaveOutcome
from sessionctl.services.machine import Machine
from tests.together import together


def test_a_file_of_another_adapter_is_left_to_it(tmp_path):
    machine = Machine({"HOME": str(tmp_path), "TMUX_TMPDIR": str(tmp_path)})
    context = LiveContext(open_store(machine.state), machine, "s")
    file = str(tmp_path / "w.session.toml")
    agreed = AgreedWorkspace(StandingWorkspace(Workspace("my work", "/"), "1.1"), (), ())
    context.memory.keep(LiveRecord(file, "", agreed, "", 1.0, "plain"))
    with pytest.raises(UsageError) as caught:
        propose_save("my work", file, context)
    assert caught.value.message == f"{file}: it is saved with the adapter plain, not from tmux"
    assert list(caught.value.hints) == ["save it so: sessionctl save --adapter plain 'my work'"]


@together(
    "before, after, lines",
    [
        ("a = 1\n", "a = 1\n", []),
        ("a = 1\n", "a = 2\n", ["~ a: 1 -> 2"]),
        (None, "a = 2\n", ["+ a = 2"]),
        ("a = 1\n", "a = 1  # one\n", ["# comment beside a:", "    + # one"]),
    ],
)
def test_a_change_is_shown_key_by_key(before, after, lines):
    found = _lines(SaveOutcome("a.toml", "a", before, after))
    assert ["".join(text for text, _ in line) for line in found] == lines
