"""Where the file of a live session is found, and where a new one is made."""

from __future__ import annotations

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import UsageError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.session_lookup import SessionLookup
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.machine import Machine
from sessionctl.services.naming.session_names import NamePlaces, SessionNames

TEXT = 'schema_version = 1\nname = "web"\n'


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Return the lookup of a user, the directory it begins in, and that of the user's sessions."""
    here, own = tmp_path / "here", tmp_path / "own"
    for folder in (here / "one", here / "two", own):
        folder.mkdir(parents=True)
    monkeypatch.chdir(here)
    machine = Machine({"HOME": str(tmp_path / "home")})
    context = LiveContext(open_store(str(tmp_path / "state")), machine)
    return SessionLookup(context, str(own)), here, own


def mark(lookup, name, file):
    standing = StandingWorkspace(Workspace(name, "/"), "1")
    StandingMarks(lookup.context.store.directory).keep(str(file), standing, TEXT)


def test_of_several_files_the_one_it_was_saved_into_is_meant(places):
    known, here, _ = places

    def lookup():  # each looks below the directory once
        return SessionLookup(known.context, known.directory)

    assert (known.file_of("web"), known.saved_into("web"), known.known_names()) == (None, None, [])
    (here / "one" / "web.session.toml").write_text(TEXT)
    assert known.file_of("web") is None
    assert lookup().file_of("web") == "one/web.session.toml"
    second = here / "two" / "web.session.toml"
    second.write_text(TEXT)
    with pytest.raises(UsageError) as caught:
        lookup().file_of("web")
    message = caught.value.message
    assert ("web" in message, lookup().known_names()) == (True, ["web"])
    mark(known, "web", second)
    assert (lookup().file_of("web"), known.saved_into("web")) == (str(second), str(second))
    # A file that is not among those called so does not decide.
    (here / "other.toml").write_text(TEXT)
    mark(known, "web", here / "other.toml")
    with pytest.raises(UsageError) as again:
        lookup().file_of("web")
    assert again.value.message == message


def test_a_session_is_saved_where_it_was_or_here_or_with_the_users_own(places):
    lookup, here, own = places
    (here / "one" / "web.session.toml").write_text(TEXT)
    assert lookup.target_of("web") is None, "what lies below is not written over"
    (own / "web.session.toml").write_text(TEXT)
    assert lookup.target_of("web") == f"{own}/web.session.toml"
    assert lookup.namesake("web", f"{own}/web.session.toml") is None
    (here / "web.session.toml").write_text(TEXT)
    assert lookup.target_of("web") == "web.session.toml"
    assert lookup.namesake("web", f"{own}/web.session.toml") == "web.session.toml"
    assert lookup.namesake("web", str(here / "web.session.toml")) is None
    mark(lookup, "web", here / "one" / "web.session.toml")
    assert lookup.target_of("web") == str(here / "one" / "web.session.toml")
    assert lookup.new_file("a") == f"{own}/a.session.toml"
    with pytest.raises(UsageError) as caught:
        SessionLookup(lookup.context, "").new_file("a")
    assert caught.value.message == "there is no directory for new session files"
    assert list(caught.value.hints) == [
        "name the file: --file FILE", "or set HOME or XDG_CONFIG_HOME"
    ]  # fmt: skip
    assert SessionLookup(lookup.context, "").target_of("b") is None


def test_without_places_only_what_is_here_and_below_is_found(places):
    _, here, own = places
    for folder in (here / "one", own):
        (folder / "web.session.toml").write_text(TEXT)
    names = SessionNames(NamePlaces())
    assert (names.find("web"), names.known()) == (["one/web.session.toml"], ["web"])
    (here / "web.session.toml").write_text(TEXT)
    assert names.find("web") == ["web.session.toml"]
    assert SessionNames(NamePlaces(own=(str(here / "one"),))).files() == {"web": "web.session.toml"}
