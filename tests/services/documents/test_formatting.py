"""Which files are formatted: those that are named, and the sessions in directories."""

from __future__ import annotations

from sessionctl.services.documents.formatting import files_to_format


def test_a_directory_stands_for_the_sessions_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("d/sub", "d/own", "-"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.session.toml").touch()
    (tmp_path / "d" / "other.toml").touch()
    named = ["-", "b.toml", "d", "b.toml", "d/sub/a.session.toml", "none"]
    wanted = ["-", "b.toml", "d/sub/a.session.toml", "none"]
    assert files_to_format(named, [str(tmp_path / "d" / "own")]) == wanted
    assert len(files_to_format(["d"])) == 2
