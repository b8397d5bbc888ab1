"""Without an identity: what needs none works, what needs one says where it looked."""

from __future__ import annotations

import pytest

from tests.desk import FILE, NAME, files_of
from tests.world import GitRepo, need

LOCKED = 4


@pytest.fixture
def blind(desk):
    """Return the desk of somebody who has the repository and no key."""
    need("git")
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("one")
    desk.set(b"newer")
    repo.commit("two")
    return desk.elsewhere("carol")


@pytest.mark.parametrize(
    "command",
    [
        ["show", FILE],
        ["show", "--resolved", FILE],
        ["list"],
        ["validate"],
        ["validate", "api.secrets.toml"],
        ["fmt", "--check", FILE],
        ["diff", "--exit-zero", "--rev", "HEAD~1", FILE],
        ["diff", "--exit-zero", "--rev", "HEAD~1", "api.secrets.toml"],
        ["log", FILE],
        ["log", "api.secrets.toml"],
        ["status"],
        ["get", FILE, "connections.prod.password"],
        ["secret", "list", FILE],
        ["secret", "doctor"],
        ["recipients", "list"],
    ],
    ids=" ".join,
)
def test_what_only_reads_works(blind, command):
    before = files_of(blind.folder)
    result = blind.run(*command, code=0)
    assert "hunter2" not in result.output
    assert files_of(blind.folder) == before


@pytest.mark.parametrize(
    "command",
    [
        ["secret", "reveal", FILE, NAME, "--stdout"],
        ["secret", "exec", FILE, "--", "true"],
        ["secret", "rotate", "--generate", FILE, NAME],
        ["secret", "accept", "--yes", FILE],
        ["secret", "rekey"],
        ["secret", "set", "--require-seal", FILE, NAME],
        ["recipients", "rm", "KEY"],
    ],
    ids=" ".join,
)
def test_what_needs_a_key_changes_nothing_and_lists_the_places(blind, command):
    listed = blind.run("recipients", "list").stdout.split()[0]
    words = [listed if word == "KEY" else word for word in command]
    before = files_of(blind.folder)
    result = blind.run(*words, stdin=b"canary", code=LOCKED)
    assert result.stdout == ""
    assert "canary" not in result.stderr
    for place in ("sessionctl/identities.txt", "sops/age/keys.txt", ".passage/identities",
                  ".ssh/id_ed25519", ".ssh/id_rsa"):  # fmt: skip
        assert f"{place}: no such file" in result.stderr
    assert files_of(blind.folder) == before


def test_a_value_is_stored_and_waits_for_one_who_has_a_key(blind, desk):
    result = blind.set(b"from carol")
    assert "warning: prod.password: without a key that opens the vault it is" in result.stderr
    assert "sessionctl secret accept" in result.stderr
    assert desk.reveal().exit_code == 5
    desk.run("secret", "accept", "--yes", FILE, NAME, code=0)
    assert desk.reveal(code=0).stdout == "from carol"


def test_only_the_first_use_of_a_vault_is_told(blind):
    assert "first use of the vault" in blind.set(b"x").stderr
    assert "first use" not in blind.set(b"y").stderr
