"""What a sync takes of the changes of a work tree, and what would be missing elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from sessionctl.services.sync import taken_files
from sessionctl.services.sync.taken_files import (
    VAULT_PATHSPECS,
    Absence,
    MissingFile,
    TakenFiles,
    is_synced,
    pathspecs_of,
    taken_of,
    without_own,
)
from sessionctl.system.git.work_state import DELETED, NEW, ChangedFile, UnmergedFile, WorkChanges
from tests.together import together

EDITED = "edited"
A, SIDE = "a.session.toml", "a.secrets.toml"
READERS, VAULT, INFO = ".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml"


@together(
    "path, synced",
    [
        (A, True), ("x/a.session.toml", True), (SIDE, True), (READERS, True),
        (f"x/{READERS}", True), (VAULT, True), (f"x/{INFO}", True), ("vault.age", False),
        ("x.sessionctl/vault.age", False), (".sessionctl/x/vault.age", False), ("a.toml", False),
        ("Cargo.toml", False), (".a.session.toml.swp", False), ("a.session.toml~", False),
        (".sessionctl/trust.toml", False),
    ],
)  # fmt: skip
def test_which_files_sync_commits(path, synced):
    assert is_synced(path) is synced


def test_the_sidecar_of_a_session_and_the_vaults_are_looked_at_too():
    top = Path("/r")
    assert pathspecs_of(top, [top / "x" / A, top / "d[1]", top]) == [
        f":(top,literal)x/{A}", f":(top,literal)x/{SIDE}", ":(top,literal)d[1]",
        ":(top)",
        *VAULT_PATHSPECS,
    ]  # fmt: skip


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A work tree; ``taken`` says what a sync takes in it, and what git ignores."""

    class Tree:
        top = tmp_path
        ignored: ClassVar[set] = set()

        def put(self, *paths):
            for path in paths:
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text("")

        def taken(self, *files, tracked=(), **more):
            found = [ChangedFile(path, change) for path, change in files]
            changes = WorkChanges(tuple(found), (), frozenset(), ())._replace(**more)
            return taken_of(None, tmp_path, changes, set(tracked))

    def without_ignored(_git, paths):
        return (
            [path for path in paths if path not in Tree.ignored],
            [path for path in paths if path in Tree.ignored],
        )

    monkeypatch.setattr(taken_files, "without_ignored", without_ignored)
    return Tree()


def changed(**files):
    return tuple(ChangedFile(path, change) for path, change in files.items())


def test_what_opens_the_secrets_of_a_session_goes_along(tree):
    tree.put(A, SIDE, READERS, VAULT, INFO, "b.session.toml", "notes.txt")
    every = (SIDE, READERS, VAULT, INFO)
    found = tree.taken((A, NEW), ("notes.txt", NEW))
    assert found == TakenFiles((ChangedFile(A, NEW), *(ChangedFile(path, NEW) for path in every)))
    assert found.on_disk == [A, *every]
    # Tracked or changed already, they are not new.
    found = tree.taken((A, EDITED), (VAULT, EDITED), tracked=(A, SIDE, READERS, INFO))
    assert found == TakenFiles((ChangedFile(A, EDITED), ChangedFile(VAULT, EDITED)))
    # A session without a sidecar needs nothing.
    assert tree.taken(("b.session.toml", NEW)).files == (ChangedFile("b.session.toml", NEW),)


def test_what_git_ignores_or_let_go_would_be_missing(tree):
    tree.put(A, SIDE, READERS, VAULT, INFO)
    tree.ignored.add(READERS)
    found = tree.taken((A, NEW), let_go=frozenset({VAULT}))
    assert found.missing == (
        MissingFile(READERS, A, Absence.IGNORED), MissingFile(VAULT, A, Absence.LET_GO),
    )  # fmt: skip
    assert [file.path for file in found.files] == [A, SIDE, INFO]


def test_a_vault_that_is_deleted_is_missed_by_the_sidecars_that_it_opens(tree):
    tree.put(A, SIDE, READERS, f"x/{A}", f"x/{SIDE}", f"x/{VAULT}", f"x/{READERS}")
    tracked = (A, SIDE, READERS, f"x/{A}", f"x/{SIDE}", f"x/{VAULT}", f"x/{READERS}")
    lost = tree.taken((VAULT, DELETED), tracked=tracked)
    assert lost.missing == (MissingFile(VAULT, A, Absence.DELETED),)
    assert lost.files == (ChangedFile(VAULT, DELETED),)
    assert lost.on_disk == []
    # A vault below opens what is there.
    gone = [path for path in tracked if path not in (A, SIDE)]
    assert tree.taken((VAULT, DELETED), tracked=gone).missing == ()
    # One that is no vault is not missed.
    assert tree.taken((INFO, DELETED), tracked=tracked).missing == ()
    lost = tree.taken((f"x/{VAULT}", DELETED), tracked=tracked)
    assert [one.needed_by for one in lost.missing] in ([], [f"x/{A}"])


def test_a_session_whose_sidecar_alone_changes_is_checked(tree):
    tree.put(A, SIDE)
    found = tree.taken((SIDE, EDITED), tracked=(A, SIDE))
    assert (found.touched, found.on_disk) == ((A,), [SIDE, A])
    assert tree.taken((SIDE, EDITED), (A, EDITED), tracked=(A, SIDE)).touched == ()
    assert tree.taken((SIDE, EDITED), (A, DELETED), tracked=(A, SIDE)).touched == ()
    assert tree.taken(("b.secrets.toml", EDITED), tracked=(A, SIDE)).touched == ()


def test_what_is_staged_in_part_or_unmerged_is_handed_on(tree):
    tree.put(A)
    unmerged = (UnmergedFile(A, "1", "2", "3"),)
    found = tree.taken(
        (A, EDITED), partly_staged=(A, "notes.txt"), unmerged=unmerged, has_own_attributes=True
    )
    assert found == TakenFiles((ChangedFile(A, EDITED),), (A,), (), (), unmerged, True)


def test_a_draft_of_ours_in_a_home_directory_is_no_session_to_commit(tmp_path):
    own = [str(tmp_path / "state" / "sessionctl"), str(tmp_path / "cache")]
    for place in own:
        Path(place).mkdir(parents=True)
    files = changed(**{
        "state/sessionctl/x.session.toml": NEW, "state/sessionctl/y.session.toml": EDITED,
        "state/sessionctl2/x.session.toml": NEW, "cache/z.session.toml": NEW, A: NEW,
    })  # fmt: skip
    changes = WorkChanges(files, (), frozenset(), ())
    assert without_own(changes, tmp_path, own).files == (files[1], files[2], files[4])
    assert without_own(changes, tmp_path, []) == changes
