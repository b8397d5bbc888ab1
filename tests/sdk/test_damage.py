"""Damaged files and state directories: the host starts, nothing is lost without a word."""

from __future__ import annotations

import contextlib
import random
import shutil
import zlib

import pytest

from sessionctl.sdk import Status
from tests.sdk.conftest import Host

STATE = {
    "text": "select 1;\nselect 2;\n",
    "cursor": [1, 7],
    "tabs": [{"name": "a", "open": True}, {"name": "b", "open": False}],
}


@pytest.fixture
def world(tmp_path, file, environ):
    """A file and a state directory as a host left them; returns the folder of both."""
    host = Host(file, environ)
    host.provide()
    host.workspace.restore()
    host.set("editor", text="first")
    host.workspace.flush()
    host.set("editor", **STATE)
    host.workspace.close()
    return tmp_path


def truncated(data, chance):
    return data[: chance.randrange(len(data) + 1)]


def flipped(data, chance):
    at = chance.randrange(len(data) * 8)
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def half_merged(data, _chance):
    text = data.decode()
    return text.replace(
        "cursor", "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\ncursor", 1
    ).encode()


def newer(data, _chance):
    return data.replace(b"schema_version = 1", b"schema_version = 99")


def emptied(_data, _chance):
    return b""


DAMAGES = [truncated, flipped, half_merged, newer, emptied]


def damage(folder, kind, place, chance):
    """Damage the session file, or one file of the state directory."""
    if place == "file":
        [target] = folder.glob("work/*.session.toml")
    else:
        files = sorted(path for path in (folder / "home").rglob("*") if path.is_file())
        target = chance.choice([path for path in files if path.stat().st_size])
    target.write_bytes(kind(target.read_bytes(), chance))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", DAMAGES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("place", ["file", "state"])
def test_the_state_comes_back_or_is_offered(world, environ, file, kind, place, seed):
    chance = random.Random(f"{kind.__name__}{place}{seed}")
    damage(world, kind, place, chance)
    before = file.read_bytes()
    host = Host(file, environ)
    host.provide()
    status = host.workspace.restore()
    offered = host.workspace.recovery()
    try:
        if status is Status.RESTORED and host.state["editor"] == STATE:
            return
        if place == "file" and status is Status.RESTORED:
            return  # an edit that is valid is an edit
        assert {one.kind for one in offered} >= {"backup", "fresh"}, (status, host.events)
        found = [one for one in offered if one.kind != "fresh"]
        assert any(recovered(host, one) == STATE for one in found[:5]), host.events
    finally:
        host.workspace.close()
        assert before in archived(world) or before == file.read_bytes()


def recovered(host, option):
    host.workspace.recover(option)
    return host.state["editor"]


def archived(folder):
    found = []
    for path in (folder / "home").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found.append(data)
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompress(data))
    return found


def test_a_state_directory_that_is_gone_costs_backups_only(world, environ, file):
    shutil.rmtree(world / "home")
    host = Host(file, environ)
    host.provide()
    assert host.workspace.restore() is Status.RESTORED
    assert host.state["editor"] == STATE
    assert host.workspace.close()
