"""What a host that saves for weeks leaves behind is bounded, by the settings of its user."""

from __future__ import annotations

import pytest

from sessionctl.services.settings.user_store import user_store

SAVES = 100


@pytest.mark.parametrize(("count", "least", "most"), [(5, 25, 60), (500, SAVES, 2 * SAVES)])
def test_old_states_are_dropped_as_the_settings_say(start, file, environ, count, least, most):
    environ |= {"SESSIONCTL_BACKUPS_COUNT": str(count), "SESSIONCTL_BACKUPS_DAYS": "0"}
    host = start()
    host.workspace.restore()
    for number in range(SAVES):
        host.set("editor", text=f"line {number}")
        assert host.workspace.flush(20)
    entries = user_store(host.workspace.machine).archive(str(file)).entries()
    # The newest 20 texts on which both sides agreed are kept too; every 16th save looks.
    assert least <= len(entries) <= most
