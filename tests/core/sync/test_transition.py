"""Each state of the machine, and what leads into and out of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.sync.actions import ApplyLive, KeepBase, KeepConflicts, Report, SaveFile, Topic
from sessionctl.core.sync.events import (
    ActionOutcome,
    ApplyResult,
    Begin,
    FileKind,
    FileNoticed,
    FileSeen,
    Flush,
    LiveNoticed,
    Recreate,
    Settle,
    SidesSeen,
    Tick,
    WatchLost,
    WriteResult,
)
from sessionctl.core.sync.reconciliation import Cause, SyncRules, reconcile, settle
from sessionctl.core.sync.state import Phase, SyncState
from sessionctl.core.sync.timing import Timing
from sessionctl.core.sync.transition import step
from tests.core.merge.test_laws import changed_triple
from tests.core.sync.simulation import World

BASE = "a = 1\nb = 1\nc = 1\n"


def with_(**values):
    text = BASE
    for key, value in values.items():
        text = text.replace(f"{key} = 1", f"{key} = {value}")
    return text


@pytest.fixture
def world():
    world = World(BASE, BASE, BASE)
    world.send(Begin(0))
    return world


def phase_of(world):
    return world.state.phase


# -- clean, and edits of one side --------------------------------------------------------


def test_a_document_whose_sides_agree_is_clean_and_waits_for_nothing(world):
    assert phase_of(world) is Phase.CLEAN
    assert world.state.wake_at_ms(world.rules.timing) is None
    assert not world.told


def test_an_edit_of_the_file_reaches_the_live_side_after_80_ms_of_quiet(world):
    world.save(with_(a=2))
    world.wait(79)
    assert not world.applied
    world.wait(1)
    assert world.live == with_(a=2)
    assert world.base == with_(a=2)
    assert world.told == [Report(Topic.APPLIED, before=BASE, after=with_(a=2))]


def test_a_file_that_never_comes_to_rest_is_looked_at_after_a_second(world):
    for _ in range(30):
        world.save(with_(a=world.now_ms))
        world.wait(50)
    assert world.looks == 2
    assert len(world.applied) == 1


def test_a_change_of_the_live_side_is_saved_half_a_second_after_the_last_one(world):
    world.change(with_(a=2))
    assert phase_of(world) is Phase.LIVE_DIRTY
    world.wait(400)
    world.change(with_(a=3))
    world.wait(499)
    assert not world.writes
    world.wait(1)
    assert world.writes == [with_(a=3)]
    assert world.told == [Report(Topic.SAVED, before=BASE, after=with_(a=3))]
    assert phase_of(world) is Phase.CLEAN


def test_a_live_side_that_is_to_be_saved_at_once_is_not_waited_for(world):
    world.change(with_(a=2))
    world.send(Flush(0))
    assert world.writes == [with_(a=2)]
    world.wait(10_000)
    assert len(world.writes) == 1


def test_a_live_side_that_goes_on_changing_is_saved_every_five_seconds(world):
    for number in range(110):
        world.change(with_(a=number + 2))
        world.wait(100)
    assert len(world.writes) == 2


def test_our_own_write_is_not_taken_for_an_edit(world):
    world.change(with_(a=2))
    world.wait(10_000)
    assert len(world.told) == 1
    assert not world.applied


def test_equal_content_raises_nothing(world):
    world.save(BASE)
    world.change(BASE)
    world.wait(10_000)
    assert (world.writes, world.applied, world.told) == ([], [], [])


def test_the_same_change_on_both_sides_raises_nothing(world):
    world.file = with_(a=2)
    world.notice()
    world.change(with_(a=2))
    world.wait(10_000)
    assert (world.writes, world.applied, world.told) == ([], [], [])
    assert world.base == with_(a=2)


def test_an_edit_that_puts_back_what_was_written_before_is_an_edit(world):
    world.change(with_(a=2))
    world.wait(1000)
    world.save(with_(a=3))
    world.wait(100)
    world.save(with_(a=2))
    world.wait(100)
    assert world.live == with_(a=2)


def test_touching_the_file_does_not_save_the_live_side_early(world):
    world.change(with_(a=2))
    world.notice()
    world.wait(100)
    assert world.looks == 2
    assert not world.writes
    world.wait(400)
    assert world.writes == [with_(a=2)]


def test_a_file_that_is_being_saved_is_looked_at_first_when_the_live_side_is_due(world):
    world.change(with_(a=2))
    world.wait(450)
    world.save(with_(b=2))
    world.wait(79)
    assert world.looks == 1
    world.wait(1)
    assert world.file == world.live == with_(a=2, b=2)


def test_a_live_side_that_is_not_there_yet_is_given_the_file():
    world = World(BASE)
    world.send(Begin(0))
    assert world.live == BASE
    assert world.base == BASE


def test_a_file_that_was_never_there_is_made_of_the_live_side():
    world = World(live=BASE)
    world.send(Begin(0))
    assert world.file == BASE
    assert world.whats == ["saved"]


def test_a_new_file_waits_for_the_quiet_of_the_live_side():
    world = World(live=BASE)
    world.change(BASE)
    world.notice()
    world.wait(100)
    assert world.looks == 1
    assert world.file is None
    world.wait(400)
    assert world.file == BASE


def test_nothing_on_both_sides_is_clean():
    world = World()
    world.send(Begin(0))
    world.wait(10_000)
    assert phase_of(world) is Phase.CLEAN
    assert not world.told


# -- both sides --------------------------------------------------------------------------


def test_changes_of_both_sides_are_merged_and_given_to_both(world):
    world.change(with_(c=3))
    world.save(with_(a=2))
    world.wait(80)
    assert world.file == world.live == world.base == with_(a=2, c=3)
    assert world.whats == ["merged"]


def test_two_sides_without_a_common_past_are_merged():
    world = World("a = 1\nx = 1\n", "a = 1\ny = 1\n")
    world.send(Begin(0))
    assert world.file == world.live == "a = 1\nx = 1\ny = 1\n"


def test_what_clashes_stays_on_its_side_and_all_else_is_exchanged(world):
    world.change(with_(a=3, c=3))
    world.save(with_(a=2, b=2))
    world.wait(80)
    assert world.file == with_(a=2, b=2, c=3)
    assert world.live == with_(a=3, b=2, c=3)
    assert phase_of(world) is Phase.CONFLICT
    assert [str(found.path) for found in world.conflicts] == ["a"]
    assert world.whats == ["conflict"]
    assert world.pending == world.live


def test_in_a_conflict_later_edits_of_other_keys_go_on_being_exchanged(world):
    world.change(with_(a=3))
    world.save(with_(a=2))
    world.wait(1000)
    for number in (5, 6):
        world.save(with_(a=2, b=number))
        world.wait(100)
        assert world.live == with_(a=3, b=number)
    world.change(with_(a=3, b=6, c=7))
    world.wait(1000)
    assert world.file == with_(a=2, b=6, c=7)
    assert [str(found.path) for found in world.conflicts] == ["a"]
    assert world.whats == ["conflict", "merged", "merged", "merged"]


def test_a_conflict_writes_and_tells_nothing_more_while_nothing_changes(world):
    world.change(with_(a=3))
    world.save(with_(a=2))
    world.wait(1000)
    done = (len(world.writes), len(world.applied), len(world.told))
    for _ in range(5):
        world.notice()
        world.wait(1000)
    assert (len(world.writes), len(world.applied), len(world.told)) == done


def test_an_edit_that_makes_both_sides_equal_settles_the_conflict(world):
    world.change(with_(a=3))
    world.save(with_(a=2))
    world.wait(1000)
    world.save(with_(a=3))
    world.wait(100)
    assert phase_of(world) is Phase.CLEAN
    assert world.conflicts == ()
    assert world.whats == ["conflict", "settled"]
    assert world.pending is None


@pytest.mark.parametrize(("by_file", "value"), [(True, 2), (False, 3)])
def test_a_conflict_is_settled_by_the_side_that_is_asked_for(world, by_file, value):
    world.change(with_(a=3, b=3))
    world.save(with_(a=2, b=2))
    world.wait(1000)
    world.send(Settle(world.now_ms, by_file, ("a",)))
    assert [str(found.path) for found in world.conflicts] == ["b"]
    assert (world.file, world.live) == (with_(a=value, b=2), with_(a=value, b=3))
    world.send(Settle(world.now_ms, by_file))
    assert world.file == world.live == with_(a=value, b=value)
    assert phase_of(world) is Phase.CLEAN
    assert world.whats == ["conflict", "settled", "settled"]


def test_settling_where_there_is_no_conflict_changes_nothing(world):
    world.send(Settle(0, by_file=True))
    assert (world.writes, world.applied, world.told) == ([], [], [])
    assert world.state.wish is None


def test_a_conflict_is_found_again_by_the_next_process(world):
    world.change(with_(a=3, c=3))
    world.save(with_(a=2))
    world.wait(1000)
    world.restart(world.pending)
    assert [str(found.path) for found in world.conflicts] == ["a"]
    assert phase_of(world) is Phase.CONFLICT
    assert (world.file, world.live) == (with_(a=2, c=3), with_(a=3, c=3))


def test_a_merge_that_would_not_be_valid_is_a_conflict_and_changes_nothing():
    schema = load_schema({"maxProperties": 3})
    world = World(BASE, BASE, BASE, SyncRules(schema))
    world.send(Begin(0))
    world.change("a = 1\nb = 1\nd = 1\n")
    world.save("a = 1\nb = 1\ne = 1\n")
    world.wait(1000)
    assert phase_of(world) is Phase.CONFLICT
    assert (world.file, world.live) == ("a = 1\nb = 1\ne = 1\n", "a = 1\nb = 1\nd = 1\n")
    world.send(Settle(world.now_ms, by_file=True))
    assert world.file == world.live == "a = 1\nb = 1\ne = 1\n"


def test_the_rest_is_not_exchanged_where_a_side_would_not_be_valid_by_it():
    schema = load_schema({"if": {"properties": {"a": {"const": 2}}}, "then": {"required": ["b"]}})
    base = "a = 1\nb = 1\n"
    plan = reconcile(base, "a = 2\nb = 1\n", "a = 3\n", SyncRules(schema))
    assert plan.cause is Cause.BOTH
    assert (plan.file_text, plan.live_text, plan.base) == ("a = 2\nb = 1\n", "a = 3\n", base)
    assert plan.conflicts


def test_a_choice_that_would_not_be_valid_settles_nothing():
    schema = load_schema({"if": {"properties": {"a": {"const": 2}}}, "then": {"required": ["b"]}})
    texts = ("a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 3\n")
    assert settle(texts, (), SyncRules(schema), by_file=True) is None


def test_a_live_side_that_is_not_toml_is_never_half_merged():
    plan = reconcile(BASE, with_(a=2), "a = \n", SyncRules())
    assert (plan.file_text, plan.live_text) == (with_(a=2), "a = \n")
    assert plan.conflicts


# -- half-written and invalid ------------------------------------------------------------


def test_a_half_written_file_is_looked_at_again_before_it_counts_as_invalid(world):
    world.save("a = ")
    world.wait(80 + 50 + 100)
    assert not world.told
    world.file = with_(a=2)
    world.wait(200)
    assert world.live == with_(a=2)
    assert world.whats == ["applied"]


def test_an_invalid_file_is_told_once_and_the_live_side_is_left_alone(world):
    world.save("a = ")
    world.wait(80 + 50 + 100 + 200 + 400)
    assert phase_of(world) is Phase.INVALID
    world.notice()
    world.wait(10_000)
    assert world.whats == ["invalid"]
    assert world.told[0].after == "a = "
    assert (world.file, world.live, world.base) == ("a = ", BASE, BASE)


def test_the_next_mistake_is_told_too(world):
    for text in ("a = ", "a = 1\nb = "):
        world.save(text)
        world.wait(1000)
    assert world.whats == ["invalid", "invalid"]


def test_while_the_file_is_invalid_changes_of_the_live_side_are_kept_and_later_merged(world):
    world.save("a = 2\nb = 1\nc = ")
    world.wait(1000)
    world.change(with_(b=5))
    world.wait(1000)
    assert world.file == "a = 2\nb = 1\nc = "
    assert world.pending == with_(b=5)
    world.save(with_(a=2))
    world.wait(100)
    assert world.file == world.live == with_(a=2, b=5)
    assert world.pending is None


def test_an_invalid_file_that_is_put_back_is_mended(world):
    world.save("a = ")
    world.wait(1000)
    world.save(BASE)
    world.wait(100)
    assert phase_of(world) is Phase.CLEAN
    assert world.whats == ["invalid", "mended"]


def test_a_file_that_is_mended_while_the_live_side_is_typing_is_told_and_not_written_yet(world):
    world.save("a = ")
    world.wait(1000)
    world.change(with_(b=2))
    world.save(BASE)
    world.wait(100)
    assert world.whats == ["invalid", "mended"]
    assert not world.writes


def test_a_file_that_lost_all_its_text_is_doubted_first(world):
    world.save("")
    world.wait(700)
    assert not world.told
    world.wait(200)
    assert world.live == ""
    assert world.whats == ["applied"]


def test_a_file_that_cannot_be_read_is_told_and_blocks(world):
    world.seen = lambda: FileSeen(FileKind.UNREADABLE, note="permission denied")
    world.notice()
    world.wait(1000)
    assert world.whats == ["unreadable"]
    assert world.told[0].note == "permission denied"
    assert phase_of(world) is Phase.INVALID


def test_what_somebody_still_writes_is_waited_for(world):
    world.is_open = True
    world.save("a = 2\n")
    world.wait(3000)
    assert not world.applied
    world.is_open = False
    world.save(with_(a=2, b=2))
    world.wait(100)
    assert world.applied == [with_(a=2, b=2)]


def test_a_file_that_is_never_closed_is_taken_as_it_is_in_the_end(world):
    world.is_open = True
    world.save(with_(a=2))
    world.wait(4900)
    assert not world.applied
    world.wait(300)
    assert world.applied == [with_(a=2)]


def test_nothing_is_written_while_another_program_could_write_too(world):
    world.is_open = True
    world.change(with_(a=2))
    world.wait(2000)
    assert not world.writes
    assert world.pending == with_(a=2)
    world.is_open = False
    world.wait(100)
    assert world.writes == [with_(a=2)]


def test_what_is_opened_again_is_waited_for_as_long_as_the_first_time(world):
    world.is_open = True
    world.save(with_(a=2))
    world.wait(1000)
    world.is_open = False
    world.wait(5000)
    assert world.applied == [with_(a=2)]
    world.is_open = True
    world.change(with_(a=3))
    world.wait(4500)
    assert not world.writes
    world.wait(1500)
    assert world.writes == [with_(a=3)]


# -- git ---------------------------------------------------------------------------------


def test_while_git_is_at_work_nothing_is_written_and_nothing_applied(world):
    world.git = "rebase"
    world.change(with_(b=2))
    world.save(with_(a=2))
    world.wait(5000)
    assert phase_of(world) is Phase.GIT_BUSY
    assert (world.writes, world.applied) == ([], [])
    assert world.pending == with_(b=2)
    assert world.whats == ["git-busy"]
    world.git = ""
    world.wait(500)
    assert world.file == world.live == with_(a=2, b=2)
    assert world.whats == ["git-busy", "git-done", "merged"]


def test_a_lock_of_a_moment_is_nothing_to_tell(world):
    world.git = "lock"
    world.notice()
    world.wait(200)
    world.git = ""
    world.wait(1000)
    assert not world.told


def test_an_edit_that_is_made_while_git_is_long_at_work_is_looked_at(world):
    world.git = "commit"
    world.notice()
    world.wait(2000)
    assert world.whats == ["git-busy"]
    world.is_open = True
    world.save("a = ")
    world.wait(2000)
    assert world.whats == ["git-busy"]
    world.is_open = False
    world.wait(2000)
    assert world.whats == ["git-busy", "invalid"]
    world.save("a = [")
    world.wait(2000)
    assert world.whats == ["git-busy", "invalid", "invalid"]
    world.save(BASE)
    world.wait(2000)
    assert world.whats == ["git-busy", "invalid", "invalid", "mended"]
    world.git = ""
    world.wait(2000)
    assert world.whats == ["git-busy", "invalid", "invalid", "mended", "git-done"]
    assert (world.writes, world.applied) == ([], [])


def test_a_file_with_conflict_markers_is_not_touched(world):
    marked = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
    world.save(marked)
    world.change(with_(b=2))
    world.wait(5000)
    assert phase_of(world) is Phase.GIT_BUSY
    assert world.file == marked
    assert world.whats == ["marked"]
    world.save(with_(a=2))
    world.wait(100)
    assert world.file == with_(a=2, b=2)


# -- missing -----------------------------------------------------------------------------


def test_a_file_that_is_gone_for_a_moment_is_not_missing(world):
    world.save(None)
    world.wait(900)
    world.save(with_(a=2))
    world.wait(100)
    assert world.whats == ["applied"]


def test_a_missing_file_is_told_and_never_made_again_unasked(world):
    world.save(None)
    world.wait(1100)
    assert phase_of(world) is Phase.MISSING
    world.change(with_(a=2))
    world.notice()
    world.wait(10_000)
    assert world.file is None
    assert world.whats == ["missing"]
    assert world.pending == with_(a=2)


def test_a_missing_file_that_comes_back_is_checked_like_any_edit(world):
    world.save(None)
    world.wait(1100)
    world.save(with_(a=2))
    world.wait(100)
    assert world.live == with_(a=2)
    assert world.whats == ["missing", "back", "applied"]


@pytest.mark.parametrize("live", [with_(a=2), None])
def test_a_missing_file_is_written_again_when_that_is_asked_for(world, live):
    world.save(None)
    world.live = live
    world.wait(1100)
    world.send(Recreate(world.now_ms))
    assert world.file == (live or BASE)
    assert world.whats[:2] == ["missing", "back"]
    assert phase_of(world) is Phase.CLEAN


def test_a_wish_for_a_file_ends_when_it_comes_back_in_another_way(world):
    world.save(None)
    world.wait(1100)
    world.failure = "no space left on device"
    world.send(Recreate(world.now_ms))
    world.save("a = ")
    world.wait(1000)
    world.failure = ""
    world.save(None)
    world.wait(10_000)
    assert world.file is None


def test_a_file_that_is_there_is_not_made_again(world):
    world.send(Recreate(0))
    assert (world.writes, world.told, world.state.wish) == ([], [], None)


# -- failures ----------------------------------------------------------------------------


def test_an_edit_right_before_the_write_is_merged_into_it(world):
    def edit():
        world.file = with_(b=2)

    world.meddle = edit
    world.change(with_(a=2))
    world.wait(1000)
    assert world.file == world.live == with_(a=2, b=2)


def test_a_live_side_that_moves_on_while_it_is_given_an_edit_is_merged(world):
    def edit():
        world.live = with_(a=4)

    world.meddle = edit
    world.save(with_(b=2))
    world.wait(1000)
    assert world.file == world.live == with_(a=4, b=2)
    assert not world.conflicts


def test_a_live_side_that_moves_on_after_the_file_was_merged_does_not_clash_with_itself(world):
    meddling = [lambda: None, lambda: world.change_quietly(with_(a=4))]
    world.change_quietly = lambda text: setattr(world, "live", text)
    world._meddle = lambda: meddling.pop(0)() if meddling else None
    world.live = with_(a=3)
    world.save(with_(b=2))
    world.wait(1000)
    assert world.file == world.live == with_(a=4, b=2)
    assert not world.conflicts


def test_a_file_that_changes_faster_than_it_can_be_written_is_waited_for(world):
    count = iter(range(2, 100))
    world._meddle = lambda: setattr(world, "file", with_(b=next(count)))
    world.change(with_(a=2))
    world.wait(500)
    assert world.looks == 5
    world.wait(70)
    assert world.looks == 5
    del world._meddle
    world.wait(100)
    assert world.file == world.live == with_(a=2, b=5)


def test_a_write_that_fails_is_told_once_and_tried_again(world):
    world.failure = "no space left on device"
    world.change(with_(a=2))
    world.wait(20_000)
    assert world.told == [Report(Topic.FAILED, note="no space left on device")]
    assert world.pending == with_(a=2)
    world.failure = ""
    world.wait(30_000)
    assert world.file == with_(a=2)
    assert world.state.failure == ""


def test_an_edit_that_the_live_side_refuses_is_offered_again(world):
    world.refusal = "a transaction is open"
    world.save(with_(a=2))
    world.wait(2000)
    assert world.whats == ["failed"]
    world.refusal = ""
    world.wait(30_000)
    assert world.live == with_(a=2)


def test_a_document_that_cannot_be_watched_says_so_once(world):
    world.send(WatchLost(0, "inotify limit reached"))
    world.send(WatchLost(1, "inotify limit reached"))
    assert phase_of(world) is Phase.DEGRADED
    world.send(WatchLost(2, ""))
    assert world.whats == ["degraded", "recovered"]
    assert phase_of(world) is Phase.CLEAN


# -- single steps ------------------------------------------------------------------------


def test_the_file_is_written_before_the_live_side_is_told():
    rules = SyncRules()
    state, _ = step(SyncState(base=BASE), Begin(0), rules)
    seen = FileSeen(FileKind.TEXT, with_(a=2))
    state, actions = step(state, SidesSeen(0, seen, with_(b=2)), rules)
    assert actions == (SaveFile(with_(a=2, b=2), with_(a=2)),)
    assert state.phase is Phase.BOTH_DIRTY
    state, actions = step(state, WriteResult(0), rules)
    assert actions == (KeepBase(with_(b=2)), ApplyLive(with_(a=2, b=2), with_(b=2)))
    assert state.phase is Phase.FILE_DIRTY
    state, actions = step(state, ApplyResult(0), rules)
    assert actions[0] == KeepBase(with_(a=2, b=2))
    assert not any(isinstance(action, KeepConflicts) for action in actions)


def test_events_while_a_plan_is_carried_out_only_count_for_later():
    rules = SyncRules()
    state, _ = step(SyncState(base=BASE), Begin(0), rules)
    assert step(state, Begin(1), rules).actions == ()
    seen = FileSeen(FileKind.TEXT, with_(a=2))
    state, _ = step(state, SidesSeen(0, seen, BASE), rules)
    for event in (FileNoticed(1), LiveNoticed(1), Tick(9000), Settle(1, by_file=True)):
        state, actions = step(state, event, rules)
        assert actions == ()
    assert state.wake_at_ms(rules.timing) is None
    state, _ = step(state, ApplyResult(1, ActionOutcome.DONE), rules)
    assert state.wake_at_ms(rules.timing) == 81


def test_a_tick_before_its_time_does_nothing():
    timing = Timing()
    state, _ = step(SyncState(), FileNoticed(0), SyncRules(timing=timing))
    assert step(state, Tick(79), SyncRules(timing=timing)).actions == ()


# -- any documents -----------------------------------------------------------------------


@pytest.mark.parametrize("by_file", [True, False])
@given(triple=st.integers(0, 2**32).map(changed_triple))
def test_any_two_edits_of_any_document_end_in_step_or_in_a_conflict_that_can_be_settled(
    triple, by_file
):
    base, file, live = triple
    world = World(file, live, base)
    world.send(Begin(0))
    world.wait(1000)  # a file that lost all its text is doubted first
    before = (world.file, world.live)
    world.restart(world.live)
    world.wait(1000)
    assert phase_of(world) in {Phase.CLEAN, Phase.CONFLICT}
    if phase_of(world) is Phase.CLEAN:
        assert before == (world.file, world.live) == (world.base, world.base)
        return
    assert before == (world.file, world.live)
    assert world.pending == world.live
    world.send(Settle(world.now_ms, by_file))
    if phase_of(world) is Phase.CLEAN:
        assert world.file == world.live == world.base
        assert world.pending is None


# -- to the millisecond ------------------------------------------------------------------


def moment_of(world, is_there):
    """Return after how many milliseconds something is there."""
    start = world.now_ms
    while not is_there():
        world.wait(1)
        assert world.now_ms - start < 60_000
    return world.now_ms - start


def test_each_wait_is_as_long_as_its_timing_says(world):
    quiet = 80
    retries = 50 + 100 + 200 + 400
    world.save("a = ")
    assert moment_of(world, lambda: world.whats == ["invalid"]) == quiet + retries
    world.save(BASE)
    assert moment_of(world, lambda: world.whats[1:] == ["mended"]) == quiet
    world.save(None)
    assert moment_of(world, lambda: world.whats[2:] == ["missing"]) == quiet + 1000
    world.save(BASE)
    assert moment_of(world, lambda: world.whats[3:] == ["back"]) == quiet
    world.git = "rebase"
    world.notice()
    assert moment_of(world, lambda: world.whats[4:] == ["git-busy"]) == quiet + retries
    world.git = ""
    assert moment_of(world, lambda: world.whats[5:] == ["git-done"]) <= 400
    world.is_open = True
    world.save(with_(a=2))
    assert moment_of(world, lambda: world.live == with_(a=2)) == quiet + 5000
    world.save(with_(a=3))
    world.wait(quiet)
    world.is_open = False
    assert moment_of(world, lambda: world.live == with_(a=3)) == 100


def test_what_failed_is_tried_again_later_and_later(world):
    world.failure = "disk full"
    attempts = []
    write = world.write

    def noted(text, expected):
        attempts.append(world.now_ms)
        return write(text, expected)

    world.write = noted
    world.change(with_(a=2))
    world.wait(100_000)
    waits = [later - one for one, later in pairwise(attempts)]
    assert attempts[0] == 500
    assert waits == [1000, 2000, 5000, 15_000, 30_000, 30_000]
