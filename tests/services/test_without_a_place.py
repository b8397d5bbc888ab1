"""A user without a home directory: whatever needs a place says what is missing and what to set."""

from __future__ import annotations

import pytest

from sessionctl.cli.output.trust_text import user_trust
from sessionctl.errors import FileError, GitError, UsageError
from sessionctl.sdk.sessions.instances import hold_instance, list_instances
from sessionctl.sdk.sessions.session_place import sessions_directory
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.git.installation import InstallTarget
from sessionctl.services.live.autosave.tmux_autosave import TmuxAutosave
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.session_lookup import SessionLookup
from sessionctl.services.live.tmux_setup.configuration import configuration_file
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.watching.background_service import find_home
from sessionctl.system.git.program import Git
from tests.together import together

HOMELESS = Machine({}, user_id=2**31 - 9)
STORE = open_store(None)
LIVE = LiveContext(STORE, HOMELESS)
GIT = InstallTarget(Git({}, "."), "global")


@together(
    "call, kind, message, hints",
    [
        (lambda: sessions_directory(HOMELESS), UsageError,
         "there is no directory for sessions", ["set HOME"]),
        (lambda: list_instances(HOMELESS, "a"), UsageError,
         "there is no directory for instances", ["set HOME or XDG_STATE_HOME"]),
        (lambda: hold_instance(HOMELESS, "a"), UsageError,
         "there is no directory for instances", ["set HOME or XDG_STATE_HOME"]),
        (lambda: user_trust(HOMELESS), UsageError,
         "there is no home directory to store it in", ["set HOME"]),
        (lambda: SecretContext(HOMELESS, "2026-01-02").config, UsageError,
         "there is no home directory for keys", ["set HOME"]),
        (lambda: SecretContext(HOMELESS, "2026-01-02").state, UsageError,
         "there is no home directory for keys", ["set HOME"]),
        (lambda: find_home(HOMELESS), FileError,
         "service: there is no home directory", ["set HOME"]),
        (lambda: configuration_file(HOMELESS), FileError,
         "tmux: there is no home directory", ["set HOME, or use --file"]),
        (lambda: TmuxAutosave(LIVE, print), FileError,
         "watch: no directory to keep its state in", ["set HOME or XDG_STATE_HOME"]),
        (lambda: SessionLookup(LIVE, "").new_file("a"), UsageError,
         "there is no directory for new session files",
         ["name the file: --file FILE", "or set HOME or XDG_CONFIG_HOME"]),
        (lambda: STORE.archive("a"), FileError,
         "a: no backups are kept: there is no state directory", ["set HOME or XDG_STATE_HOME"]),
        (GIT.config_file, GitError, "HOME is not set", ["set HOME, or use --local"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_needs_a_place_says_that_there_is_none(call, kind, message, hints):
    with pytest.raises(kind) as caught:
        call()
    assert (caught.value.message, list(caught.value.hints)) == (message, hints)
