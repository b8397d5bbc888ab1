"""A real file system without room: nothing is damaged, the text is kept, the way out is told."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.durability.tracing import sessionctl
from tests.together import together
from tests.world import need

OLD = "# " + "x" * 20_000 + "\na = 1\n"
SCRIPT = """
set -eu
mount -t tmpfs -o size=64k,mode=777 none "$DISK"
cp "$BEGIN" "$DISK/x.toml"
fill() { dd if=/dev/zero of="$DISK/filler" bs=4096 2>/dev/null || true; }
"""


@pytest.fixture
def on_small_disk(tmp_path):
    """Return a function that runs shell lines with a disk of 64 KB at $DISK, full after fill."""
    shell, unshare = need("sh"), shutil.which("unshare")
    apart = [unshare, "--mount"] if os.geteuid() == 0 else [unshare, "-Urm"]
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if unshare is None or subprocess.run([*apart, *mount], capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    begin = tmp_path / "begin"
    begin.write_text(OLD)

    def run(lines, state):
        env = {**os.environ, "DISK": str(disk), "BEGIN": str(begin), "XDG_STATE_HOME": str(state)}
        command = [*apart, shell, "-c", SCRIPT + lines, "-", *sessionctl()]
        return subprocess.run(command, env=env, capture_output=True, encoding="utf-8", timeout=60)

    return run


@pytest.mark.slow
def test_a_full_disk_leaves_the_file_as_it_was_and_the_change_is_kept(on_small_disk, tmp_path):
    done = on_small_disk(
        """
        fill
        "$@" set "$DISK/x.toml" a 2 && exit 9 || echo "exit $?"
        cmp "$BEGIN" "$DISK/x.toml" && echo unchanged
        "$@" recover "$DISK/x.toml"
        rm "$DISK/filler"
        "$@" recover --yes "$DISK/x.toml" 1
        grep "^a" "$DISK/x.toml"
        ls -A "$DISK"
        """,
        tmp_path / "state",
    )
    assert "x.toml: cannot write: no space left on device" in done.stderr
    assert "hint: make room and run the command again; the file is as it was" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["exit 3", "unchanged"]
    assert lines[2].split()[0] == "1", "the change that found no room"
    assert lines[-2:] == ["a = 2", "x.toml"]


@pytest.mark.slow
def test_a_full_disk_for_backups_is_reported_and_no_obstacle(on_small_disk, tmp_path):
    (tmp_path / "x.toml").write_text(OLD)
    done = on_small_disk(
        f"""
        fill
        "$@" set "{tmp_path}/x.toml" a 2
        """,
        tmp_path / "disk",
    )
    assert done.returncode == 0
    assert (tmp_path / "x.toml").read_text() == OLD.replace("a = 1", "a = 2")
    assert "x.toml: no backup is kept: " in done.stderr
    assert "no space left on device" in done.stderr
    assert "hint: make room there: sessionctl gc" in done.stderr


@pytest.mark.slow
def test_a_read_only_disk_is_told(on_small_disk, tmp_path):
    done = on_small_disk(
        """
        mount -o remount,ro "$DISK"
        "$@" set "$DISK/x.toml" a 2 || echo "exit $?"
        """,
        tmp_path / "state",
    )
    assert done.stdout == "exit 3\n"
    assert "x.toml: cannot write: the file system is mounted read-only" in done.stderr
    assert "hint: mount it writable" in done.stderr


@pytest.mark.slow
def test_a_read_only_state_directory_is_no_obstacle(on_small_disk, tmp_path):
    (tmp_path / "x.toml").write_text("a = 1\n")
    done = on_small_disk(
        f"""
        mount -o remount,ro "$DISK"
        "$@" set "{tmp_path}/x.toml" a 2
        """,
        tmp_path / "disk",
    )
    assert done.returncode == 0
    assert "no backup is kept" in done.stderr
    assert (tmp_path / "x.toml").read_text() == "a = 2\n"


def test_a_new_session_that_found_no_room_never_was(on_small_disk, tmp_path):
    done = on_small_disk(
        """
        fill
        cd "$DISK"
        "$@" new foo && exit 9 || echo "exit $?"
        "$@" recover
        rm filler
        "$@" recover --yes foo.session.toml 1
        "$@" validate foo.session.toml
        """,
        tmp_path / "state",
    )
    assert "foo.session.toml: cannot write: no space left on device" in done.stderr
    assert "hint: make room and run the command again; no file was made" in done.stderr
    assert "as it was" not in done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "exit 3"
    assert lines[1].endswith("foo.session.toml: a change that was not written")
    assert "1 valid" in done.stderr


@pytest.mark.slow
@together(
    ("obstacle", "reason", "command"),
    [
        ("mount -o remount,ro .", "the file system is mounted read-only", "rename"),
        ("fill", "no space left on device", "rename"),
        ("fill", "no space left on device", "cp"),
    ],
)
def test_a_rename_that_cannot_begin_leaves_no_trace(
    on_small_disk, tmp_path, obstacle, reason, command
):
    state = tmp_path / "state"
    begun = f"schema_version = 1\nname = 'shop'\n# {'x' * 12_000}\n"
    (tmp_path / "shop").write_text(begun)
    done = on_small_disk(
        f"""
        cd "$DISK"
        cp "{tmp_path}/shop" shop.session.toml
        {obstacle}
        "$@" {command} shop.session.toml shop9 || echo "exit $?"
        mount -o remount,rw .
        rm -f filler
        ls -A
        "$@" recover
        "$@" doctor >"{tmp_path}/doctor" 2>&1 || true
        cmp shop.session.toml "{tmp_path}/shop" && echo same
        """,
        state,
    )
    assert f"shop9.session.toml: cannot write: {reason}" in done.stderr
    assert done.stdout.splitlines() == ["exit 3", "shop.session.toml", "x.toml", "same"]
    assert not list(state.glob("sessionctl/naming/*"))
    assert "rename" not in (tmp_path / "doctor").read_text()
