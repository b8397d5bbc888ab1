"""What doctor says of the machine: directories that cannot be made, settings that are not read."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.services.doctor.check import CheckFault
from sessionctl.services.doctor.checks import installation_facts
from sessionctl.services.machine import Machine


def test_a_directory_that_cannot_be_made_is_named_with_what_is_there(tmp_path):
    def found(config, state):
        machine = SimpleNamespace(
            config=None if config is None else str(config),
            state=None if state is None else str(state),
        )
        return list(installation_facts.directories(SimpleNamespace(machine=machine)))

    (tmp_path / "a file").write_text("")
    (tmp_path / "link").symlink_to("nowhere")
    assert found(None, None) == []
    assert found(tmp_path, tmp_path / "new" / "deep") == []
    below = tmp_path / "a file" / "x"
    assert found(None, below) == [
        CheckFault(
            f"the directory for state cannot be made: {tmp_path}/a file is not a directory",
            f"ls -ld '{tmp_path}/a file'", str(below),
        )
    ]  # fmt: skip
    assert found(tmp_path / "link", None) == [
        CheckFault(
            f"the directory for settings cannot be made: {tmp_path}/link leads nowhere",
            f"ls -ld {tmp_path}/link", f"{tmp_path}/link",
        )
    ]  # fmt: skip


def test_settings_that_cannot_be_read_are_said_with_the_way_to_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    machine = Machine({"HOME": str(tmp_path / "home")})
    scene = SimpleNamespace(machine=machine, git=SimpleNamespace(directory=str(tmp_path)))

    def found():
        return list(installation_facts.settings(scene))

    assert found() == []
    own = tmp_path / "home" / ".config" / "sessionctl" / "config.toml"
    own.mkdir(parents=True)
    assert found() == [
        CheckFault("cannot read: a directory, not a file", f"ls -ld {own}", str(own))
    ]
    own.rmdir()
    own.write_text("colour = 1\n")
    [fault] = found()
    assert (fault.fix, fault.message.partition(":")[0]) == ("sessionctl config edit", "colour")
