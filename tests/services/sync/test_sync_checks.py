"""What keeps a sync from taking files of the work tree: each fault whole, in the order asked."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.sync.sync_checks import check_files, is_refused
from tests.desk import SESSION

GOOD = 'schema_version = 1\nname = "a"\n'


@pytest.fixture
def top(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(found):
    """Return the name of each file with what is wrong: rule, place and message, or the failure."""
    return [
        (
            one.name,
            one.failure.message if one.failure else
            [(p.rule, tuple(p.span), p.message, p.hint) for p in one.problems],
        )
        for one in found
    ]  # fmt: skip


def test_each_file_with_a_fault_is_named(top):
    files = {
        "good.session.toml": GOOD,
        "bad.session.toml": GOOD + "colour = 1\n",
        "refers.session.toml": SESSION,
        "keys.txt": "AGE-SECRET-KEY-1" + "A" * 30,
        "other.txt": "x",
        ".age-recipients": "# nobody\nage1x\n",
        "kept.session.toml": SESSION,
        "kept.secrets.toml": "format = 1\n",
    }
    for name, text in files.items():
        (top / name).write_text(text)
    (top / "link.session.toml").symlink_to("bad.session.toml")
    os.mkfifo(top / "pipe.session.toml")
    wanted = [*files, "link.session.toml", "pipe.session.toml", "none.session.toml"]
    wanted.remove("kept.secrets.toml")
    found = check_files(top, wanted, gone=["refers.secrets.toml"])
    answers = dict(said(found))
    assert list(answers) == [
        "bad.session.toml", "refers.session.toml", "keys.txt", ".age-recipients",
        "pipe.session.toml", "none.session.toml",
    ], "of a sidecar that is damaged, that is said where it is checked itself"  # fmt: skip
    [(rule, span, message, hint)] = answers["bad.session.toml"]
    assert (rule, span, message) == ("unknown-key", (30, 36), "unknown key")
    assert hint.startswith("known keys: ")
    reference = '{ secret = "prod.password" }'
    place = SESSION.index(reference)
    dangling = (
        "dangling-secret",
        (place, place + len(reference)),
        'no secret "prod.password" is stored',
    )
    assert answers["refers.session.toml"] == [
        (*dangling, "store it: sessionctl secret set refers.session.toml prod.password")
    ]
    assert answers["keys.txt"] == [
        (
            "secret-identity", (0, 46), "holds a key that opens secrets",
            "move it out of the repository, or make git ignore it",
        )
    ]  # fmt: skip
    assert answers["pipe.session.toml"] == (
        f"{top}/pipe.session.toml: not a regular file, a named pipe"
    )
    assert answers["none.session.toml"] == f"{top}/none.session.toml: cannot read: no such file"
    assert is_refused(found)
    assert not is_refused(check_files(top, ["good.session.toml", "other.txt"]))
    assert "refers.session.toml" not in dict(said(check_files(top, ["refers.session.toml"])))


def test_paths_are_said_from_here(top, monkeypatch):
    (top / "sub").mkdir()
    (top / "bad.session.toml").write_text("a = \n")
    monkeypatch.chdir(top / "sub")
    assert said(check_files(top, ["bad.session.toml"])) == [
        (
            "../bad.session.toml",
            [("syntax", (4, 5), "expected a value, found the end of the line", "")],
        )
    ]
