"""A replica by itself: each look, each write and each edit, with all that is said about it."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.sync.actions import Topic
from sessionctl.core.sync.events import FileNoticed, Flush, LiveNoticed, Tick
from sessionctl.core.sync.timing import Timing
from sessionctl.errors import FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.watching.file_reading import ContentCheck
from sessionctl.services.watching.file_set import MirrorSide
from sessionctl.services.watching.replica import Replica, ReplicaContext
from sessionctl.services.watching.sync_memory import AgreedState, SyncMemory
from tests.desk import SESSION as DESK_SESSION
from tests.desk import Desk
from tests.services.watching.conftest import SESSION, session
from tests.together import together

ONE, TWO = session(port=1), session(port=2)
NOTHING = AgreedState()


class Time:
    """A clock that stands still."""

    now = 1_000

    def now_ms(self):
        return self.now

    def time_s(self):
        return self.now / 1000


class Live:
    """A live side in this process; what it raises is set."""

    def __init__(self, text):
        self.text, self.error, self.bases, self.given = text, None, [], []

    def get(self, base):
        self.bases.append(base)
        if self.error is not None:
            raise self.error
        return self.text

    def apply(self, text, expected):
        self.given.append((text, expected))
        if self.error is not None:
            raise self.error
        if expected != self.text:
            return False
        self.text = text
        return True


class World:
    """A replica, what it told, and the time."""

    def __init__(self, tmp_path, live, remembered=NOTHING, name="api.session.toml", **more):
        self.file = tmp_path / "sessions" / name
        (tmp_path / "sessions").mkdir(exist_ok=True)
        self.live, self.time, self.told, self.moves = live, Time(), [], []
        self.store = open_store(str(tmp_path / "state"))
        keys = {key: more.pop(key) for key in ("live_name", "side") if key in more}
        around = ReplicaContext(
            self.store, Machine(dict(os.environ)), self.told.append, ContentCheck(),
            clock=self.time, timing=Timing(), **more,
        )  # fmt: skip
        self.replica = Replica(str(self.file), live, around, remembered, **keys)
        self.replica.moved = lambda one: self.moves.append(one.wake_at_ms())

    def later(self, event):
        """Let an event happen, and time go by until nothing is to be done soon."""
        self.replica.notice(event)
        self.rest()

    def rest(self):
        for _ in range(9):
            at = self.replica.wake_at_ms()
            if at is None or at > self.time.now + 3_000:
                return
            self.time.now = max(at, self.time.now)
            self.replica.notice(Tick)

    @property
    def words(self):
        """What was told since this was asked, in order."""
        found = [(one.what, one.note) for one in self.told]
        self.told.clear()
        return found

    @property
    def kept(self):
        return SyncMemory(self.store, str(self.file)).recall()[:2]


@pytest.fixture
def world(tmp_path):
    def make(live, **more):
        made = World(tmp_path, live, **more)
        made.file.write_text(SESSION)
        return made

    return make


def test_what_both_sides_have_is_what_they_agree_on(world):
    made = world(Live(SESSION))
    assert made.replica.has_begun
    made.replica.begin()
    assert made.live.bases == [SESSION], "nothing was agreed on: what the file was seen to hold"
    assert made.kept == (SESSION, None)
    assert made.words == []
    assert made.replica.checked.name == str(made.file)
    assert made.replica.marks
    assert made.moves == [made.replica.wake_at_ms()]


def test_a_live_side_without_a_document_gets_that_of_the_file(world):
    made = world(Live(None))
    made.replica.begin()
    assert made.live.given == [(SESSION, None)]
    assert made.kept == (SESSION, None)
    assert made.words == [("valid", "")]


def test_an_edit_of_the_file_reaches_the_live_side(world):
    made = world(Live(SESSION), remembered=AgreedState(base=SESSION))
    made.replica.begin()
    assert made.live.bases == [SESSION]
    made.file.write_text(ONE)
    made.later(FileNoticed)
    assert made.live.given == [(ONE, SESSION)]
    assert made.kept == (ONE, None)
    [event] = made.told
    assert event.what == "applied"
    assert (event.time_s, event.file, event.other) == (
        made.time.time_s(), str(made.file), "",
    )  # fmt: skip
    assert [str(change.path) for change in event.comparison.diff.changes] == [
        "connections.prod.port"
    ]


def test_a_change_of_the_live_side_reaches_the_file(world):
    made = world(Live(SESSION), remembered=AgreedState(base=SESSION))
    made.replica.begin()
    made.live.text = ONE
    made.later(LiveNoticed)
    made.later(Flush)
    assert made.file.read_text() == ONE
    assert made.kept == (ONE, None)
    assert made.words == [("saved", "")]
    assert "watch" in {entry.why for entry in made.store.archive(str(made.file)).entries()}


def test_edits_that_both_sides_made_meanwhile_are_merged(world):
    made = world(Live(session(theme="light")), remembered=AgreedState(base=SESSION))
    made.file.write_text(ONE)
    made.replica.begin()
    made.rest()
    made.later(Flush)
    both = session(theme="light", port=1)
    assert (made.live.text, made.file.read_text(), made.kept) == (both, both, (both, None))
    assert made.words == [("merged", "")]


def test_without_comparing_events_do_not_say_what_changed(world):
    made = world(Live(SESSION), remembered=AgreedState(base=SESSION), is_compared=False)
    made.replica.begin()
    made.file.write_text(ONE)
    made.later(FileNoticed)
    assert [(one.what, one.comparison) for one in made.told] == [("applied", None)]


def test_what_is_kept_without_waiting_for_the_disk_is_reported(world):
    kept = []
    made = world(Live(SESSION), kept=kept.append)
    made.replica.begin()
    assert kept == [str(made.file)]
    assert made.kept == (SESSION, None)


def test_what_was_remembered_is_looked_up_once_and_first(world):
    asked = []

    def recall():
        asked.append(1)
        return AgreedState(base=SESSION, pending=TWO)

    made = world(Live(TWO), remembered=recall)
    assert not made.replica.has_begun
    made.replica.notice(FileNoticed)
    made.replica.notice(LiveNoticed)
    assert (made.live.bases, asked, made.moves) == ([], [], [])
    made.replica.begin()
    assert made.replica.has_begun
    made.rest()
    made.later(Flush)
    assert asked == [1]
    assert made.live.bases[0] == SESSION
    assert made.file.read_text() == TWO


def test_a_live_side_that_raises_is_reported_once_and_stays_as_it_was_known(world):
    made = world(Live(SESSION), remembered=AgreedState(base=SESSION))
    made.replica.begin()
    made.live.error = FileError("the application is gone")
    made.later(FileNoticed)
    made.later(FileNoticed)
    said = ("failed", "the live side cannot be read: the application is gone")
    assert made.words == [said]
    made.live.error = KeyError("hunter2")
    made.later(FileNoticed)
    assert made.words == [("failed", "the live side cannot be read: KeyError")]
    made.live.error = None
    made.later(LiveNoticed)
    assert made.file.read_text() == SESSION
    assert made.words == []


@together("error, reason", [(FileError("no room"), "no room"), (ValueError("x"), "ValueError")])
def test_an_edit_that_the_live_side_does_not_take_is_reported(tmp_path, error, reason):
    made = World(tmp_path, Live(SESSION), AgreedState(base=SESSION))
    made.file.write_text(SESSION)
    made.replica.begin()
    made.file.write_text(ONE)
    made.live.apply = lambda *_: (_ for _ in ()).throw(error)
    made.later(FileNoticed)
    assert ("failed", f"the live side did not take an edit over: {reason}") in made.words


def test_what_is_not_valid_is_not_written(world):
    made = world(Live(SESSION), remembered=AgreedState(base=SESSION))
    made.replica.begin()
    for text, reason in (
        (SESSION + "nonsense = 1\n[windows]\n", "windows: expected an array, got a table"),
        ("a = ", "expected a value, found the end of the line"),
    ):
        made.live.text = text
        made.later(LiveNoticed)
        made.later(Flush)
        [(what, note), *_] = made.words
        assert what == Topic.FAILED.value
        assert note.startswith("not written, it would not be valid: ")
        assert reason in note
        assert made.file.read_text() == SESSION


def test_where_git_is_at_work_nothing_is_written(git_repo, tmp_path):
    own = []
    made = World(
        tmp_path, Live(SESSION), AgreedState(base=SESSION), is_own_work=lambda file: file in own
    )
    made.file = git_repo.write("api.session.toml", SESSION)
    made.replica = Replica(
        str(made.file), made.live, made.replica._around, AgreedState(base=SESSION)
    )
    made.replica.begin()
    git_repo.write(".git/index.lock", "")
    made.live.text = ONE
    made.later(LiveNoticed)
    made.later(Flush)
    assert made.file.read_text() == SESSION
    assert made.replica._around.git_work(str(made.file)) != ""
    own.append(str(made.file))  # a commit of this program leaves files alone
    assert made.replica._around.git_work(str(made.file)) == ""
    made.later(LiveNoticed)
    made.later(Flush)
    assert made.file.read_text() == ONE
    git_repo.write(".git/MERGE_HEAD", "")
    assert made.replica._around.git_work(str(made.file)) == "merge"


def test_a_new_file_gets_the_directories_that_it_needs(tmp_path):
    side = MirrorSide(str(tmp_path / "sessions"))
    made = World(tmp_path, Live(SESSION), name="a/b/api.session.toml", side=side)
    made.replica.begin()
    made.later(Flush)
    assert made.file.read_text() == SESSION


@together("is_closed", [True, False])
def test_a_closed_side_is_only_written_in(tmp_path, is_closed):
    inner = tmp_path / "sessions"
    (tmp_path / "elsewhere").mkdir()
    inner.mkdir()
    (inner / "out").symlink_to(tmp_path / "elsewhere")
    side = MirrorSide(str(inner), is_closed=is_closed)
    made = World(tmp_path, Live(SESSION), name="out/api.session.toml", side=side)
    made.replica.begin()
    made.later(Flush)
    assert made.file.exists() is not is_closed
    words = made.words
    if is_closed:
        assert ("failed", f"not written, a symlink leads out of {inner}") in words
    else:
        assert [what for what, _ in words if what == "failed"] == []


def test_a_sidecar_goes_nowhere_without_what_opens_it(tmp_path):
    desks = []
    for number in range(3):
        folder, home = tmp_path / f"repo {number}", tmp_path / f"home{number}"
        folder.mkdir()
        home.mkdir()
        desk = Desk(folder, home)
        desk.session.write_text(DESK_SESSION)
        if number < 2:
            desk.new_key()
            desk.set(b"hunter2")
        desks.append(desk)
    one, two, bare = desks

    def reason(here, there):
        made = World(tmp_path, Live(SESSION), name="x.secrets.toml", live_name=str(there))
        replica = Replica(
            str(here), made.live, made.replica._around, AgreedState(), live_name=str(there)
        )
        return replica._without_vault()

    sidecar = "api.secrets.toml"
    assert reason(one.session, two.sidecar) == "", "a session is no sidecar"
    assert reason(bare.folder / sidecar, "") == ""
    assert reason(one.folder / "b.secrets.toml", one.sidecar) == ""
    assert reason(one.sidecar, bare.folder / sidecar) == ""
    assert reason(two.sidecar, one.sidecar) == (
        "not written, its secrets are sealed for the vault in"
        f" {one.folder}, and another one is in {two.folder}"
    )
    vault = f"'{one.folder}/.age-recipients' '{one.folder}/.sessionctl'"
    assert reason(bare.folder / sidecar, one.sidecar) == (
        "not written: it cannot be decrypted without the vault; copy that first:"
        f" mkdir -p '{bare.folder}' && cp -R {vault} '{bare.folder}'"
    )
