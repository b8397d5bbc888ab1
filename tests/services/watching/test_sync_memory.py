"""What is remembered of a document: the last agreed text, and what waits for its file."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.documents.cleanup import plan_cleanup
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.recovery import pending
from sessionctl.services.machine import Machine
from sessionctl.services.plan.runner import run
from sessionctl.services.settings.settings_files import load_settings
from sessionctl.services.settings.user_store import user_store
from sessionctl.services.watching.sync_memory import AgreedState, SyncMemory
from tests.git.inprocess import run_inside
from tests.services.watching.conftest import SESSION, session


@pytest.fixture
def store(home):
    return open_store(str(home / "state" / "sessionctl"))


@pytest.fixture
def memory(store, file):
    return SyncMemory(store, str(file))


def test_at_first_nothing_is_remembered(memory):
    assert memory.recall() == AgreedState()
    assert memory.recall().live is None


def test_the_newest_agreed_text_is_the_base(memory):
    memory.keep_base(SESSION)
    memory.keep_base(session(port=1))
    found = memory.recall()
    assert (found.base, found.pending, found.live) == (session(port=1), None, session(port=1))
    assert found.time_ns > 0


def test_a_pending_text_counts_until_both_sides_agree_again(memory):
    memory.keep_base(SESSION)
    agreed_ns = memory.recall().time_ns
    memory.keep_pending(session(port=1))
    found = memory.recall()
    assert (found.base, found.pending, found.live) == (SESSION, session(port=1), session(port=1))
    assert found.time_ns > agreed_ns
    memory.keep_base(SESSION)
    assert memory.recall().pending is None


def test_a_pending_text_may_be_all_there_is(memory):
    memory.keep_pending(SESSION)
    assert memory.recall()[:2] == (None, SESSION)
    assert memory.recall().time_ns > 0


def test_without_a_state_directory_nothing_is_remembered(file):
    memory = SyncMemory(open_store(None), str(file))
    memory.keep_base(SESSION)
    memory.keep_pending(SESSION)
    assert memory.recall() == AgreedState()


def test_a_damaged_text_is_forgotten(memory, store, file):
    memory.keep_base(SESSION)
    archive = store.archive(str(file))
    [address] = archive.sizes()
    with open(os.path.join(archive.directory, address), "a") as stream:
        stream.write("x")
    assert memory.recall().base is None


def test_what_waits_for_the_file_is_listed_by_recover_until_it_is_settled(memory, store, file):
    memory.keep_base(SESSION)
    assert pending(store) == []
    memory.keep_pending(session(port=1))
    [found] = pending(store)
    assert found.kinds == ("pending",)
    assert "pending" in run_inside("recover", file).stdout
    memory.keep_base(SESSION)
    assert pending(store) == []


def test_cleaning_keeps_the_newest_base_and_what_waits(memory, store, file):
    memory.keep_base(SESSION)
    memory.keep_pending(session(port=1))
    for port in range(100, 110):
        store.save(str(file), session(port=port))
    settings = load_settings(
        Machine({"SESSIONCTL_BACKUPS_COUNT": "1", "SESSIONCTL_BACKUPS_DAYS": "0", "HOME": "/none"})
    ).settings
    run(plan_cleanup(store, settings), 0).check()
    assert len(store.archive(str(file)).entries()) == 3
    assert memory.recall()[:2] == (SESSION, session(port=1))


def test_of_a_file_that_is_only_watched_no_more_is_kept_than_of_one_that_is_saved(home, file):
    store = user_store(Machine({"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}))
    memory = SyncMemory(store, str(file))
    counts = []
    for port in range(1000, 1200):
        memory.keep_base(session(port=port), is_durable=False)
        counts.append(len(store.archive(str(file)).entries()))
    assert max(counts) < 100
    assert memory.recall().base == session(port=1199)
    assert len(store.archive(str(file)).sizes()) < 100


def test_hand_edits_that_a_watch_saw_can_be_had_back(start, folder, file, home):
    watching = start(folder)
    for port in (1, 2):
        file.write_text(session(port=port))
        watching.until(lambda p=port: watching.live_text(file) == session(port=p))
    watching.rests()
    store = open_store(watching.state)
    texts = {store.archive(str(file)).read(a).decode() for a in store.archive(str(file)).sizes()}
    assert texts == {SESSION, session(port=1), session(port=2)}
