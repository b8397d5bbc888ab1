"""Each step of a rename, a copy or a removal: done, done already, or refused, whole."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.errors import FileError, ToolError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.naming.naming_journal import NamingEntry, NamingJournal
from sessionctl.services.naming.naming_steps import (
    BeginNaming,
    EndNaming,
    MakeLink,
    MakeSessionFile,
    RemoveSessionFile,
    RenameInIndex,
    RenameLive,
)
from sessionctl.services.plan.plan import SkipStep
from sessionctl.system.store.archive_entry import NOTHING


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Return what the steps work with; the current directory is empty."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def rename_live(old, new):
        raise ToolError(f"tmux: no server runs for {old} and {new}")

    store = open_store(str(tmp_path / "state"))
    return SimpleNamespace(store=store, environ=dict(os.environ), rename_live=rename_live)


def refused(step, tools, kind=FileError):
    """Return why a step is not carried out, and what helps."""
    with pytest.raises(kind) as caught:
        step.carry_out(tools)
    error = caught.value
    return str(error), tuple(getattr(error, "hints", ()))


def test_a_link_is_made_once_and_replaces_nothing(tools):
    MakeLink("link", "to/it").carry_out(tools)
    assert os.readlink("link") == "to/it"
    assert refused(MakeLink("link", "to/it"), tools, SkipStep)[0] == "it exists already"
    assert refused(MakeLink("link", "other"), tools) == (
        "link: cannot write: file exists", (),
    )  # fmt: skip
    assert refused(MakeLink("none/link", "x"), tools) == (
        "none/link: cannot write: no such directory", ("create it first: mkdir -p none",),
    )  # fmt: skip


def test_a_file_is_removed_as_it_was_seen_and_may_be_kept(tools):
    def write(name, text):
        with open(name, "w") as stream:
            stream.write(text)

    write("a.toml", "a = 1\n")
    changed = ("a.toml: it was changed meanwhile, and is kept", ("run the command again",))
    for expected in ("a = 2\n", None):
        assert refused(RemoveSessionFile("a.toml", expected), tools) == changed
    RemoveSessionFile("a.toml", "a = 1\n").carry_out(tools)
    assert refused(RemoveSessionFile("a.toml", "a = 1\n"), tools, SkipStep)[0] == (
        "it is gone already"
    )
    assert tools.store.archive("a.toml").entries() == []
    write("b.toml", "b = 1\n")
    RemoveSessionFile("b.toml", "b = 1\n", is_kept=True).carry_out(tools)
    archive = tools.store.archive("b.toml")
    (entry,) = archive.entries()
    assert (archive.read(entry.before), entry.after, entry.why) == (b"b = 1\n", NOTHING, "rm")
    write("real.toml", "c = 1\n")
    os.symlink("real.toml", "link.toml")
    os.symlink("nowhere", "lost.toml")
    RemoveSessionFile("link.toml", "c = 1\n").carry_out(tools)
    RemoveSessionFile("lost.toml", None).carry_out(tools)
    assert os.listdir() == ["real.toml"]


def test_what_git_or_tmux_cannot_do_is_a_note_with_the_command(tools):
    step = RenameInIndex("a b.toml", "-c.toml")
    assert refused(step, tools, SkipStep)[0] == "git does not track it"
    tools.environ["PATH"] = "/nowhere"
    assert step.carry_out(tools) == (
        (
            "git's index has the old name still: git: not found on PATH",
            "name it so: git rm --cached -- 'a b.toml'; git add -- ./-c.toml",
        ),
    )
    assert RenameLive("a b", "c").carry_out(tools) == (
        ("tmux: no server runs for a b and c", "tmux rename-session -t '=a b' c"),
    )
    tools.rename_live = lambda old, new: None
    assert RenameLive("a b", "c").carry_out(tools) == ()


def test_a_naming_begins_where_all_of_it_can_be_written(tools, tmp_path):
    journal = NamingJournal(tools.store.directory)
    old, new = (str(tmp_path / "here" / name) for name in ("old.toml", "new.toml"))
    with open(old, "w") as stream:
        stream.write("a = 1\n")
    entry = NamingEntry(old, new)
    for missing, shown in (
        (str(tmp_path / "here" / "none" / "new.toml"), "none/new.toml"),
        (str(tmp_path / "none" / "new.toml"), str(tmp_path / "none" / "new.toml")),
    ):
        message, _ = refused(BeginNaming(entry._replace(new=missing)), tools)
        assert message == f"{shown}: cannot write: no such directory"
        removed = entry._replace(removals=((missing, "digest"),))
        assert refused(BeginNaming(removed), tools)[0] == message
    assert journal.entries() == []
    BeginNaming(entry._replace(removals=((old, "digest"),))).carry_out(tools)
    assert journal.entries() == [entry._replace(removals=((old, "digest"),))]
    assert os.listdir(".") == ["old.toml"]
    step = BeginNaming(entry)
    assert (step.render(), step.data()) == (
        "", {"action": "begin-naming", "path": old, "to": new},
    )  # fmt: skip
    EndNaming(entry).carry_out(tools)
    assert journal.entries() == []


def test_a_file_is_made_once_with_the_mode_of_the_other(tools):
    with open("old.toml", "w") as stream:
        stream.write("a = 1\n")
    os.chmod("old.toml", 0o640)
    path = os.path.realpath("new.toml")
    step = MakeSessionFile(path, "b = 1\n", "old.toml", before="a = 1\n")
    step.carry_out(tools)
    assert os.stat(path).st_mode & 0o777 == 0o640
    archive = tools.store.archive(path)
    [entry] = archive.entries()
    assert (archive.read(entry.before), archive.read(entry.after), entry.why) == (
        b"a = 1\n", b"b = 1\n", "rename",
    )  # fmt: skip
    assert refused(step, tools, SkipStep)[0] == "it exists already"
    other = MakeSessionFile(path, "c = 1\n", "old.toml", before="a = 1\n")
    assert "there is already a file" in refused(other, tools)[0]
    assert len(archive.entries()) == 1  # the file never had it
    MakeSessionFile(os.path.realpath("same.toml"), "x\n", "none.toml", before="x\n").carry_out(
        tools
    )
    assert tools.store.archive(os.path.realpath("same.toml")).entries() == []


def test_the_index_gets_the_new_name_within_one_repository_alone(git_repo, tools, tmp_path):
    index = {"a.toml": "one\n", "b.toml": "two\n"}
    git_repo.commit("base", **index)
    git_repo.run("switch", "--quiet", "--create", "side")
    git_repo.commit("theirs", **{"b.toml": "theirs\n"})
    git_repo.run("switch", "--quiet", "main")
    git_repo.commit("ours", **{"b.toml": "ours\n"})
    git_repo.run("merge", "--quiet", "side", check=False)
    why = "it is another repository, or a merge is under way"
    unmerged = RenameInIndex(str(git_repo.path / "b.toml"), str(git_repo.path / "e.toml"))
    assert refused(unmerged, tools, SkipStep)[0] == why
    git_repo.run("merge", "--abort")
    git_repo.write("a.toml", "edited\n")
    (git_repo.path / "sub").mkdir()

    def staged():
        return git_repo.run("ls-files", "-s").stdout.splitlines()

    before = staged()
    step = RenameInIndex(str(git_repo.path / "a.toml"), str(tmp_path / "here" / "c.toml"))
    assert refused(step, tools, SkipStep)[0] == why
    assert staged() == before
    step = RenameInIndex(str(git_repo.path / "a.toml"), str(git_repo.path / "sub" / "c d.toml"))
    assert not step.carry_out(tools)
    assert staged() == [before[1], before[0].replace("a.toml", "sub/c d.toml")]
    assert refused(step, tools, SkipStep)[0] == "git does not track it"
