"""What tmux's options are before anybody sets them: asked once for each version, and kept."""

from __future__ import annotations

import os
import subprocess
import tempfile

import pytest

from sessionctl.system.tmux.option_defaults import OptionTexts, read_defaults
from sessionctl.system.tmux.tmux_server import TmuxServer
from tests.world import need


@pytest.fixture
def environ():
    """An environment for tmux whose sockets have short names: the system allows 107 characters."""
    with tempfile.TemporaryDirectory() as place:
        yield {"PATH": os.environ["PATH"], "TMUX_TMPDIR": place}


def test_the_defaults_are_asked_for_once_and_kept_for_the_user_alone(tmp_path, environ):
    need("tmux")
    version = subprocess.run(["tmux", "-V"], capture_output=True, text=True).stdout.split()[1]
    state = tmp_path / "state"
    found = read_defaults(TmuxServer(environ, "none"), version, str(state))
    assert found.value("history-limit") is not None
    [kept] = (state / "tmux").iterdir()
    assert kept.name == f"options-{version}"
    assert kept.stat().st_mode & 0o777 == 0o600
    nowhere = TmuxServer({"PATH": "/nowhere"}, "none")
    assert read_defaults(nowhere, version, str(state)) == found
    assert read_defaults(nowhere, "0.1", str(state)) is None
    assert list((state / "tmux").iterdir()) == [kept]


def test_those_of_another_version_or_without_a_place_are_not_known(tmp_path, environ):
    need("tmux")
    server = TmuxServer(environ, "none")
    assert read_defaults(server, "0.1", str(tmp_path / "state")) is None
    assert not (tmp_path / "state").exists()
    assert read_defaults(server, "0.1", None) is None


def test_a_file_that_was_cut_is_not_believed(tmp_path):
    folder = tmp_path / "tmux"
    folder.mkdir()
    (folder / "options-9.9").write_text("a 1\x1eb 2")
    assert read_defaults(TmuxServer({"PATH": "/nowhere"}, "none"), "9.9", str(tmp_path)) is None
    (folder / "options-9.9").write_text("a 1\x1eb 2\x1ec 3")
    found = read_defaults(TmuxServer({"PATH": "/nowhere"}, "none"), "9.9", str(tmp_path))
    assert found == OptionTexts("a 1", "b 2", "c 3")
