"""Copies of one file in two directories: an edit of one reaches the other, none is lost."""

from __future__ import annotations

import subprocess

import pytest

from sessionctl.errors import FileError, UsageError
from sessionctl.services.watching.file_set import FileSet, Mirror, read_mirrors
from tests.desk import SESSION as SECRET_SESSION
from tests.desk import Desk
from tests.services.watching.conftest import SESSION, hint, message, session
from tests.together import together

NAME = "api.session.toml"


@pytest.fixture
def live(tmp_path):
    (tmp_path / "live").mkdir()
    return tmp_path / "live"


@pytest.fixture
def repository(folder):
    return folder


@pytest.fixture
def both(start, live, repository):
    """Return a function that starts to watch the mirror."""

    def begin(**options):
        return start(mirrors=[(live, repository)], **options)

    return begin


def assert_same(watching, live, repository, text):
    watching.until(lambda: (live / NAME).exists() and (live / NAME).read_text() == text)
    watching.until(lambda: (repository / NAME).read_text() == text)
    watching.rests()
    assert (live / NAME).read_text() == (repository / NAME).read_text() == text


def test_a_copy_that_is_not_there_yet_is_made(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    assert watching.whats == ["saved"]
    assert message(watching.hears("saved")).startswith(f"made, from {repository / NAME}")


def test_an_edit_of_either_copy_reaches_the_other_and_does_not_come_back(both, live, repository):
    watching = both()
    watching.hears("saved")
    for number, folder in enumerate((live, repository, live, repository), start=7000):
        (folder / NAME).write_text(session(port=number))
        assert_same(watching, live, repository, session(port=number))
    assert watching.whats == ["saved", *["applied", "saved"] * 4]


def test_edits_of_both_copies_are_merged(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    watching.watch.loop.call(
        lambda: (
            (live / NAME).write_text(session(port=6432)),
            (repository / NAME).write_text(session(theme="light")),
        )
    )
    assert_same(watching, live, repository, session(port=6432, theme="light"))


def test_edits_made_while_nobody_watched_are_merged_at_the_next_start(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    watching.stop()
    (live / NAME).write_text(session(port=6432))
    (repository / NAME).write_text(session(theme="light"))
    assert_same(both(), live, repository, session(port=6432, theme="light"))


def test_what_clashes_stays_on_its_side_and_is_told_with_the_next_step(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    watching.stop()
    (live / NAME).write_text(session(port=6432, theme="light"))
    (repository / NAME).write_text(session(port=7432, host="db"))
    again = both()
    happening = again.hears("conflict")
    again.rests()
    other, value = (7432, 6432) if happening.file == str(live / NAME) else (6432, 7432)
    assert f"sessionctl set {happening.file} connections.prod.port {other}" in hint(happening)
    assert value != other
    assert (live / NAME).read_text() == session(port=6432, theme="light", host="db")
    assert (repository / NAME).read_text() == session(port=7432, theme="light", host="db")
    again.stop()
    once_more = both()
    once_more.hears("conflict")
    (live / NAME).write_text(session(port=7432, theme="light", host="db"))
    once_more.hears("settled")
    assert_same(once_more, live, repository, session(port=7432, theme="light", host="db"))


def test_a_secret_that_clashes_is_not_shown(both, live, repository):
    secret = SESSION.replace('theme = "dark"', 'api_token = "{}"')
    watching = both()
    assert_same(watching, live, repository, SESSION)
    watching.stop()
    (live / NAME).write_text(secret.format("env:ONE"))
    (repository / NAME).write_text(secret.format("$TWO"))
    again = both()
    again.rests()
    assert all("TWO" not in hint(one) for one in again.told)


def test_an_invalid_copy_is_neither_spread_nor_overwritten(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    (live / NAME).write_text("port = ")
    watching.hears("invalid", live / NAME)
    (repository / NAME).write_text(session(port=6432))
    watching.hears("applied", repository / NAME)
    watching.rests()
    assert (live / NAME).read_text() == "port = "
    (live / NAME).write_text(session(theme="light"))
    assert_same(watching, live, repository, session(port=6432, theme="light"))


def test_a_copy_that_is_removed_is_told_and_the_other_stays(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    (live / NAME).unlink()
    watching.hears("missing", live / NAME)
    (repository / NAME).write_text(session(port=6432))
    watching.hears("applied", repository / NAME)
    watching.rests()
    assert not (live / NAME).exists()
    (live / NAME).write_text(SESSION)
    assert_same(watching, live, repository, session(port=6432))


def test_a_new_file_on_either_side_gets_its_copy(both, live, repository):
    watching = both()
    assert_same(watching, live, repository, SESSION)
    (live / "b.session.toml").write_text(SESSION)
    watching.until((repository / "b.session.toml").exists)
    (repository / "sub").mkdir()
    (repository / "sub" / "c.session.toml").write_text(SESSION)
    (live / "sub").mkdir()
    watching.watch.loop.call(watching.watch._find)
    watching.until((live / "sub" / "c.session.toml").exists)


def test_sidecars_are_copied_too(both, live, repository):
    from sessionctl.core.secrets.exposure import sidecar_problems
    from sessionctl.core.toml.document import Document

    sidecar = 'format = 1\nsession = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nvault = "x"\n'
    if any(p.severity == "error" for p in sidecar_problems(Document.parse(sidecar))):
        pytest.skip("a sidecar needs more keys")
    (repository / "api.secrets.toml").write_text(sidecar)
    watching = both()
    watching.until((live / "api.secrets.toml").exists)


def test_a_copy_that_cannot_be_written_is_told_and_tried_again(both, live, repository):
    (live / NAME).symlink_to("missing/api.session.toml")
    watching = both()
    assert "no such directory" in message(watching.hears("failed", live / NAME))
    (live / "missing").mkdir()
    watching.until((live / NAME).exists)
    assert_same(watching, live, repository, SESSION)


def test_a_link_into_the_repository_is_one_file(start, live, repository):
    (live / NAME).symlink_to(repository / NAME)
    watching = start(mirrors=[(live, repository)])
    watching.rests()
    assert [replica.file for replica in watching.watch.replicas] == [str(live / NAME)]
    assert (live / NAME).is_symlink()


def test_a_path_in_a_mirrored_directory_is_kept_in_step_too(start, live, repository):
    watching = start(repository / NAME, mirrors=[(live, repository)])
    assert_same(watching, live, repository, SESSION)


def test_a_path_elsewhere_is_only_watched(start, live, repository, tmp_path):
    (tmp_path / "other.session.toml").write_text(SESSION)
    watching = start(tmp_path / "other.session.toml", mirrors=[(live, repository)])
    watching.rests()
    assert list(live.iterdir()) == []
    assert watching.watch._files.roots == [str((tmp_path / "other.session.toml").resolve())]


def test_a_mirror_of_which_a_directory_is_missing_waits_for_it(start, live, repository):
    (live / NAME).write_text(SESSION)
    for path in repository.iterdir():
        path.unlink()
    repository.rmdir()
    watching = start(mirrors=[(live, repository)])
    watching.hears("failed")
    repository.mkdir()
    watching.until((repository / NAME).exists)


def test_a_copy_that_a_file_carrier_left_is_told_once(start, folder):
    watching = start(folder)
    losing = folder / "api.session.sync-conflict-20260102-030405-ABCDEFG.toml"
    losing.write_text(SESSION)
    happening = watching.hears("stray")
    assert hint(happening) == f"see what differs: sessionctl diff {folder / NAME} {losing}"
    losing.write_text(session(port=1))
    (folder / "new.session.toml").write_text(SESSION)
    watching.hears("valid", folder / "new.session.toml")
    assert watching.whats == ["stray"]


def test_leftovers_of_editors_and_file_carriers_are_not_taken_in(start, folder):
    watching = start(folder)
    for name in ("._new.session.toml", ".#new.session.toml", ".~new.session.toml"):
        (folder / name).write_text("no = toml = at all")
    (folder / "new.session.toml").write_text(SESSION)
    watching.hears("valid", folder / "new.session.toml")
    assert watching.whats == []


def test_mirrors_are_read_from_the_settings():
    value = [{"live": "~/live", "repository": "/dotfiles/"}]
    assert read_mirrors(value, "/home/ada") == [Mirror("/home/ada/live", "/dotfiles")]


@together(
    "live, repository, message",
    [
        ("live", "/b", "live: not an absolute path"),
        ("~/live", "/b", "~/live: not an absolute path"),
        ("/a", "/a/", "/a: both directories are the same, or nested"),
        ("/a/b", "/a", "/a/b: both directories are the same, or nested"),
        ("/a", "/a/b", "/a: both directories are the same, or nested"),
    ],
)
def test_mirrors_that_make_no_sense_are_refused(live, repository, message):
    with pytest.raises(UsageError, match=f"^mirrors: {message}$"):
        read_mirrors([{"live": live, "repository": repository}], None)


def test_a_path_that_leads_nowhere_is_refused(tmp_path):
    with pytest.raises(FileError, match="no such file or directory"):
        FileSet([str(tmp_path / "missing")], [])


def test_without_paths_and_mirrors_this_directory_is_meant(folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = FileSet([], []).find()
    assert found.groups == ((NAME,),)
    assert found.folders == {str(folder.resolve())}


def test_a_sidecar_is_no_copy_without_its_vault_and_the_command_that_helps_is_shown(
    both, live, repository, tmp_path
):
    home = tmp_path / "desk-home"
    home.mkdir()
    desk = Desk(repository, home)
    desk.new_key()
    desk.session.write_text(SECRET_SESSION)
    desk.set(b"hunter2")
    watching = both()
    watching.until((live / NAME).exists)
    event = watching.hears("failed")
    assert event.file == str(live / "api.secrets.toml")
    said = message(event)
    assert "cannot be decrypted without the vault" in said
    assert not (live / "api.secrets.toml").exists()
    command = said.partition("copy that first: ")[2]
    subprocess.run(["sh", "-c", command], check=True)
    assert (live / ".sessionctl" / "vault.age").exists()
    again = desk.sidecar.read_text()
    desk.sidecar.write_text(f"# touched\n{again}")
    watching.until((live / "api.secrets.toml").exists)
    copied = Desk(live, home)
    assert copied.reveal(code=0).stdout == "hunter2"


def test_a_sidecar_is_no_copy_where_another_vault_is(both, live, repository, tmp_path):
    home = tmp_path / "desk-home"
    home.mkdir()
    desk, other = Desk(repository, home), Desk(live, home)
    desk.new_key()
    for one, folder in ((desk, repository), (other, live)):
        one.session.write_text(SECRET_SESSION.replace("3f0d8c2e", f"{len(folder.name):08x}"))
        one.set(b"hunter2")
    other.session.unlink()
    other.sidecar.unlink()
    watching = both()
    event = watching.hears("failed", live / "api.secrets.toml")
    said = message(event)
    assert str(repository) in said and str(live) in said
    assert "another one is in" in said
    assert not (live / "api.secrets.toml").exists()
    assert desk.reveal(code=0).stdout == "hunter2"


@pytest.mark.slow
def test_of_many_files_too_edits_made_while_no_one_watched_are_merged(both, live, repository):
    """What is read first takes longer than the quiet after which a file is looked at again."""
    names = [f"s{number:03}.session.toml" for number in range(60)]
    for name in names:
        (live / name).write_text(SESSION)
    watching = both()
    watching.until(lambda: all((repository / name).exists() for name in names))
    watching.rests()
    watching.stop()
    for name in names:
        (live / name).write_text(session(port=6432))
        (repository / name).write_text(session(theme="light"))
    again = both()
    again.rests()
    merged = session(port=6432, theme="light")
    assert {(folder / name).read_text() for folder in (live, repository) for name in names} == {
        merged
    }
