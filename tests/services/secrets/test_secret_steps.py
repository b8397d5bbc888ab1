"""A file of secrets is written where it lies, and through no symlink out of its directory."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.errors import FileError, RefusedError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.secrets.secret_steps import WriteSecretFile


@pytest.fixture
def keeper(tmp_path):
    return SimpleNamespace(context=SimpleNamespace(store=open_store(str(tmp_path / "state"))))


def test_a_vault_is_never_written_through_a_symlink_out_of_its_directory(tmp_path, keeper):
    root, outside = tmp_path / "repo", tmp_path / "outside"
    for folder in (root, outside):
        folder.mkdir()
    readers, vault = outside / "authorized_keys", outside / "vault.age"
    for file in (readers, vault):
        file.write_text("old")
    (root / ".age-recipients").symlink_to(readers)
    (root / ".sessionctl").symlink_to(outside)
    for path, real in (
        (root / ".age-recipients", readers),
        (root / ".sessionctl" / "vault.age", vault),
        (root / ".sessionctl" / "new.age", outside / "new.age"),
    ):
        before = "old" if real.exists() else None
        with pytest.raises(RefusedError) as caught:
            WriteSecretFile(path, before, "new").carry_out(keeper)
        assert (
            caught.value.message == f"{path}: leads out of {root}, to {real}; nothing was written"
        )
        assert caught.value.hints[0].startswith("see who made the symlink: git ")
    assert (readers.read_text(), vault.read_text()) == ("old", "old")
    assert not (outside / "new.age").exists()
    # Within the directory, and for other files, a symlink is followed.
    (root / ".age-recipients").unlink()
    (root / "readers").write_text("old")
    (root / ".age-recipients").symlink_to("readers")
    assert WriteSecretFile(root / ".age-recipients", "old", "new").carry_out(keeper) == ()
    assert (root / "readers").read_text() == "new"
    (outside / "a.secrets.toml").write_text("a = 1\n")
    (root / "a.secrets.toml").symlink_to(outside / "a.secrets.toml")
    assert not WriteSecretFile(root / "a.secrets.toml", "a = 1\n", "a = 2\n").carry_out(keeper)
    assert (outside / "a.secrets.toml").read_text() == "a = 2\n"


def test_a_new_file_is_made_with_its_directory_and_a_changed_one_is_kept(tmp_path, keeper):
    new = tmp_path / "x" / "y" / "a.secrets.toml"
    assert WriteSecretFile(new, None, "a = 1\n").carry_out(keeper) == ()
    assert new.read_text() == "a = 1\n"
    with pytest.raises(FileError):
        WriteSecretFile(new, None, "a = 2\n").carry_out(keeper)
    with pytest.raises(FileError) as caught:
        WriteSecretFile(new / "below.toml", None, "").carry_out(keeper)
    assert caught.value.message.startswith(f"{new}/below.toml: cannot write: ")
    assert keeper.context.store.archive(new).entries() == []
    WriteSecretFile(new, "a = 1\n", "a = 2\n").carry_out(keeper)
    [entry] = keeper.context.store.archive(new).entries()[-1:]
    assert (entry.why, new.read_text()) == ("secret", "a = 2\n")
