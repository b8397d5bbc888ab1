"""What is to be done with each kind of file that a merge left to a person."""

from __future__ import annotations

from sessionctl.cli.output.sync_output import unresolved_reason, unresolved_step
from sessionctl.services.sync.merge_state import UnresolvedFile, UnresolvedKind
from tests.together import together

NAME = "a b.session.toml"
KEEP = f"git -C x add '{NAME}'"
STEPS = {
    UnresolvedKind.CONFLICTS: f"sessionctl resolve '{NAME}'",
    UnresolvedKind.DELETED: f"{KEEP}, or delete it: git -C x rm '{NAME}'",
    UnresolvedKind.RENAMED: f"{KEEP}, or delete it: git -C x rm '{NAME}'",
    UnresolvedKind.FOREIGN: f"resolve it in an editor, then: {KEEP}",
    UnresolvedKind.ONE_SIDED: f"git -C x mergetool '{NAME}', or: {KEEP}",
}


@together("kind", UnresolvedKind)
def test_the_step_is_a_command_for_just_this_file(kind):
    file = UnresolvedFile(NAME, NAME, kind, git="git -C x", word=f"'{NAME}'")
    assert unresolved_step(file) == STEPS[kind]
    assert unresolved_reason(file)
