"""A session is renamed, copied and removed with all that is its own, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.errors import EditError, SessionctlError, UsageError
from sessionctl.services.live.live_memory import LiveMemory
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.trust import TrustStore, items_on
from sessionctl.services.naming.naming_steps import NamingTools
from sessionctl.services.naming.session_naming import plan_copy, plan_remove, plan_rename
from sessionctl.services.plan.plan import SkipStep
from sessionctl.services.plan.runner import run
from sessionctl.system.store.store import Store

SESSION = 'schema_version = 1\nname = "api"  # mine\n\n[[windows]]\nname = "w"\n'
SIDECAR = "# not read here\n"


class World:
    def __init__(self, folder):
        self.folder = folder
        self.store = Store(str(folder / "state"))
        self.renamed = []
        self.file("api.session.toml").write_text(SESSION)
        self.file("api.secrets.toml").write_text(SIDECAR)
        self.store.save(str(self.file("api.session.toml")), f"{SESSION}# more\n", why="set")
        self.trust = TrustStore(Path(self.store.directory))
        items = items_on({"windows": [{"panes": [{"run": ["vi"]}]}]}, "h", "linux")
        self.trust.allow(str(self.file("api.session.toml")), items)
        Path(self.store.directory, "live").mkdir(exist_ok=True)
        StandingMarks(self.store.directory).assign("api", str(self.file("api.session.toml")))

    def file(self, name):
        return self.folder / name

    @property
    def tools(self):
        def keeper():
            raise AssertionError("no secret is opened")

        def rename(*names):
            self.renamed.append(names)

        return NamingTools(self.store, {**os.environ}, keeper, rename)

    def whole(self):
        """Return the names under which the session is there with all that is its own."""
        found = []
        for name in ("api", "web"):
            file = self.file(f"{name}.session.toml")
            if not file.exists():
                continue
            assert file.read_text() == f"{SESSION}# more\n".replace("api", name)
            assert self.file(f"{name}.secrets.toml").read_text() == SIDECAR
            assert self.trust.is_known(str(file))
            assert any(e.why == "set" for e in self.store.archive(str(file)).entries())
            found.append(name)
        return found


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


def rename(world, standing=()):
    return plan_rename("api.session.toml", "web", world.store, standing)


def test_all_of_a_session_is_renamed(world):
    assert not run(rename(world, ["api"]).plan, world.tools).failures
    assert world.whole() == ["web"]
    assert not world.file("api.secrets.toml").exists()
    assert world.renamed == [("api", "web")]
    marks = StandingMarks(world.store.directory)
    assert marks.file_of("web") == str(world.file("web.session.toml"))
    assert marks.file_of("api") is None
    assert not world.trust.is_known(str(world.file("api.session.toml")))
    assert not world.store.archive(str(world.file("api.session.toml"))).is_there


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("end", range(12))
@pytest.mark.parametrize("is_inside", [False, True])
def test_a_rename_that_is_cut_short_leaves_the_session_whole_and_is_ended_by_the_next(
    world, end, is_inside, monkeypatch
):
    plan = rename(world).plan
    for number, step in enumerate(plan[: end + 1]):
        if number == end and not is_inside:
            break
        try:
            if number == end:
                monkeypatch.setattr(os, "replace", killing)
                monkeypatch.setattr(os, "link", killing)
            step.carry_out(world.tools)
        except (SkipStep, Killed):
            pass
        finally:
            monkeypatch.undo()
            monkeypatch.chdir(world.folder)
    assert world.whole(), "under one of its names all of it is there"
    if world.file("api.session.toml").exists():
        assert not run(rename(world).plan, world.tools).failures
        assert world.whole() == ["web"]


def killing(*_words, **_more):
    raise Killed


def test_what_somebody_wrote_meanwhile_is_kept(world):
    plan = rename(world).plan
    world.file("api.session.toml").write_text("name = 'other'\n")
    assert run(plan, world.tools).failures
    assert world.file("api.session.toml").read_text() == "name = 'other'\n"
    assert world.file("api.secrets.toml").exists()


@pytest.mark.parametrize("taken", ["web.session.toml", "web.secrets.toml"])
def test_nothing_is_replaced(world, taken):
    world.file(taken).write_text("x = 1\n")
    with pytest.raises(EditError, match="there is already a file"):
        rename(world)
    with pytest.raises(EditError, match="there is already a file"):
        plan_copy("api.session.toml", "web", "id", lambda *_: ())
    assert world.file(taken).read_text() == "x = 1\n"
    world.file(taken).unlink()
    assert world.whole() == ["api"]


@pytest.mark.parametrize("word", ["a.b", "-x", "a:b", "", "x.toml", "a\nb"])
def test_what_cannot_name_a_session_is_refused(world, word):
    with pytest.raises(UsageError):
        plan_rename("api.session.toml", word, world.store)


def test_its_own_name_is_no_new_one(world):
    with pytest.raises(EditError, match="has this name already"):
        plan_rename("api.session.toml", "api", world.store)


def test_a_tmux_session_of_the_new_name_is_in_the_way(world):
    with pytest.raises(EditError, match="a tmux session web runs already"):
        rename(world, ["api", "web"])


def test_a_link_and_the_file_that_it_leads_to_get_the_name(world):
    home = world.file("home")
    home.mkdir()
    link = home / "api.session.toml"
    link.symlink_to("../api.session.toml")
    (home / "api.secrets.toml").symlink_to("../api.secrets.toml")
    assert not run(plan_rename(str(link), "web", world.store).plan, world.tools).failures
    assert world.whole() == ["web"]
    assert sorted(os.listdir(home)) == ["web.secrets.toml", "web.session.toml"]
    assert os.readlink(home / "web.session.toml") == "../web.session.toml"
    assert (home / "web.secrets.toml").read_text() == SIDECAR


def test_a_link_to_a_file_of_another_name_is_renamed_alone(world):
    world.file("x.session.toml").symlink_to("api.session.toml")
    plan = plan_rename("x.session.toml", "y", world.store).plan
    assert not run(plan, world.tools).failures
    assert os.readlink(world.file("y.session.toml")) == "api.session.toml"
    assert not world.file("x.session.toml").is_symlink()
    assert world.whole() == ["api"]


def test_a_broken_session_is_renamed_as_it_is(world):
    world.file("api.session.toml").write_text("name = \n")
    assert not run(rename(world).plan, world.tools).failures
    assert world.file("web.session.toml").read_text() == "name = \n"


def test_a_removed_session_comes_back_byte_for_byte(world):
    text = world.file("api.session.toml").read_bytes()
    found = plan_remove("api.session.toml", world.store, ["api"])
    assert found.notes == ("the tmux session api keeps running, and is no longer saved",)
    assert not run(found.plan, world.tools).failures
    assert sorted(world.folder.glob("*.toml")) == []
    assert not world.trust.is_known(str(world.file("api.session.toml")))
    for name, kept in (("api.session.toml", text), ("api.secrets.toml", SIDECAR.encode())):
        archive = world.store.archive(str(world.file(name)))
        last = max(archive.entries())
        assert (last.why, archive.read(last.before)) == ("rm", kept)


def test_without_a_place_for_backups_nothing_is_removed(world):
    world.store = Store(None)
    report = run(plan_remove("api.session.toml", world.store).plan, world.tools)
    assert isinstance(report.failures[0], SessionctlError)
    assert world.file("api.session.toml").exists()
    assert world.file("api.secrets.toml").exists()


def test_a_removed_link_leaves_the_file(world):
    world.file("x.session.toml").symlink_to("api.session.toml")
    found = plan_remove("x.session.toml", world.store)
    assert not run(found.plan, world.tools).failures
    assert world.whole() == ["api"]


def test_a_copy_is_a_session_of_its_own(world):
    world.file("api.secrets.toml").unlink()
    text = f'id = "old"\n{SESSION}'
    world.file("api.session.toml").write_text(text)
    world.file("sub").mkdir()
    found = plan_copy("api.session.toml", "sub/web", "new-id", lambda *_: ())
    assert not run(found.plan, world.tools).failures
    copied = world.file("sub/web.session.toml").read_text()
    assert copied == text.replace('"old"', '"new-id"').replace('"api"', '"web"')
    assert not world.trust.is_known(str(world.file("sub/web.session.toml")))
    assert LiveMemory(world.store.directory).recall("sub/web.session.toml") is None
