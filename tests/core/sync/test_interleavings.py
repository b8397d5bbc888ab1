"""No edit vanishes, in whatever order things happen: the machine against a simple model.

The model knows, for each key, the values that nobody has seen and replaced yet. Each of
them must be on one of the two sides at any time.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sessionctl.core.sync.events import Begin, Recreate, Settle
from sessionctl.core.sync.state import Phase
from sessionctl.core.toml.document import Document
from tests.core.sync.simulation import World

KEYS = st.sampled_from(["a", "b", "c", "t.d", "t.e"])
START = "# a file\na = 0\nb = 0 # beside\n\n# of c\nc = 0\n\n[t]\nd = 0\n"
STEPS = 100


class Interleavings(RuleBasedStateMachine):
    """Edits of both sides, between all that can go wrong."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.heads = {}
        self.broken = None  # what the file would be without the mistake in it
        self.half = None  # what is being written
        self.half_ms = 0

    @initialize()
    def begin(self):
        self.world = CheckedWorld(self)
        self.world.send(Begin(0))
        for key in ("a", "b", "c", "t.d"):
            self.heads[key] = {0}
        self.heads["t.e"] = {None}

    # -- the model -------------------------------------------------------------------

    @property
    def file(self):
        """The text of the file, as its writer means it."""
        return self.half or self.broken or self.world.file

    def values(self, text):
        if text is None:
            return {}
        document = Document.parse(text)
        return {key: document.get(key) for key in self.heads if key in document}

    def edited(self, text, key, is_deletion):
        """Return ``text`` with one edit, which replaces what it saw."""
        document = Document.parse(text)
        if is_deletion and key not in document:
            return text
        self.count += 1
        value = None if is_deletion else self.count
        self.heads[key].discard(self.values(text).get(key))
        if not is_deletion or key in Document.parse(self.world.base):
            # To add a key and to delete it again, unseen by the machine, is no edit.
            self.heads[key].add(value)
        return (document.delete(key) if is_deletion else document.set(key, value)).text

    @invariant()
    def no_edit_vanished(self):
        if not hasattr(self, "world"):
            return
        file, live = self.values(self.file), self.values(self.world.live)
        for key, heads in self.heads.items():
            seen = {live.get(key)} | ({file.get(key)} if self.file is not None else set())
            assert heads <= seen, f"{key}: {heads - seen} is neither in {file} nor in {live}"

    # -- what people and programs do -------------------------------------------------

    @rule(key=KEYS, is_deletion=st.booleans(), is_noticed=st.booleans())
    @precondition(lambda self: self.file is not None and self.half is None)
    def edit_file(self, key, is_deletion, is_noticed):
        text = self.edited(self.file, key, is_deletion)
        if self.broken is not None:
            self.broken, text = text, f"{text}\nbroken = \n"
        self.world.file = text
        if is_noticed:
            self.world.notice()

    @rule(key=KEYS, is_deletion=st.booleans())
    def edit_live(self, key, is_deletion):
        self.world.change(self.edited(self.world.live, key, is_deletion))

    @rule(keys=st.lists(KEYS, min_size=1, max_size=3))
    @precondition(lambda self: self.world.meddle is None)
    def edit_file_right_before_it_is_written(self, keys):
        def meddle():
            if self.file is not None and not self.half and not self.broken:
                for key in keys:
                    self.world.file = self.edited(self.world.file, key, is_deletion=False)

        self.world.meddle = meddle

    @rule(key=KEYS)
    @precondition(lambda self: self.world.meddle is None)
    def edit_live_right_before_it_is_written(self, key):
        def meddle():
            self.world.live = self.edited(self.world.live, key, is_deletion=False)

        self.world.meddle = meddle

    @rule()
    @precondition(lambda self: self.file is not None and not (self.half or self.broken))
    def break_file(self):
        self.broken = self.world.file
        self.world.save(f"{self.broken}\nbroken = \n")

    @rule()
    @precondition(lambda self: self.broken is not None and self.half is None)
    def mend_file(self):
        text, self.broken = self.broken, None
        self.world.save(text)

    @rule(share=st.floats(0, 1), key=KEYS)
    @precondition(lambda self: self.file is not None and not (self.half or self.broken))
    @precondition(lambda self: self.world.state.open is None)
    def begin_to_write(self, share, key):
        self.half = self.edited(self.world.file, key, is_deletion=False)
        self.half_ms = 4900
        self.world.is_open = True
        self.world.save(self.half[: int(len(self.half) * share)])

    @rule()
    @precondition(lambda self: self.half is not None)
    def end_to_write(self):
        text, self.half = self.half, None
        self.world.is_open = False
        self.world.save(text)

    @rule(operation=st.sampled_from(["merge", "rebase", "lock"]))
    @precondition(lambda self: not self.world.git)
    def begin_git(self, operation):
        self.world.git = operation
        self.world.notice()

    @rule()
    @precondition(lambda self: self.world.git)
    def end_git(self):
        self.world.git = ""

    @rule()
    @precondition(lambda self: self.file is not None and not (self.half or self.broken))
    def remove_file(self):
        self.removed = self.world.file
        live = self.values(self.world.live)
        for key, value in self.values(self.world.file).items():
            if live.get(key) != value:
                self.heads[key].discard(value)
        for key, heads in self.heads.items():
            if None in heads and live.get(key) is not None:
                heads.discard(None)
        self.world.save(None)

    @rule()
    @precondition(lambda self: self.file is None)
    def put_file_back(self):
        self.world.is_asked = False
        self.world.save(self.removed)

    @rule()
    @precondition(lambda self: self.world.state.is_missing and not self.world.git)
    def ask_for_the_file(self):
        self.world.is_asked = True
        self.world.send(Recreate(self.world.now_ms))

    @rule(by_file=st.booleans())
    @precondition(
        lambda self: (
            self.world.state.phase is Phase.CONFLICT
            and not (self.half or self.broken or self.world.git or self.world.meddle)
            and not (self.world.failure or self.world.refusal)
        )
    )
    def settle_all(self, by_file):
        kept = self.values(self.world.file if by_file else self.world.live)
        given_up = self.values(self.world.live if by_file else self.world.file)
        for key, heads in self.heads.items():
            if given_up.get(key) != kept.get(key):
                heads.discard(given_up.get(key))
        self.world.send(Settle(self.world.now_ms, by_file))

    @rule(is_failing=st.booleans())
    def fail_to_write(self, is_failing):
        self.world.failure = "no space left on device" if is_failing else ""

    @rule(is_failing=st.booleans())
    def refuse_to_apply(self, is_failing):
        self.world.refusal = "busy" if is_failing else ""

    @rule(duration_ms=st.sampled_from([1, 30, 80, 100, 300, 500, 1000, 2500, 6000]))
    def time_goes_by(self, duration_ms):
        if self.half is not None:
            duration_ms = min(duration_ms, self.half_ms)
            self.half_ms -= duration_ms
        self.world.wait(duration_ms)

    @rule()
    def rescan(self):
        self.world.notice()

    @rule()
    def crash(self):
        world = self.world
        world.meddle = None
        was_early = world.state.live_due is not None or world.state.live != world.live
        live = world.pending
        if live is None:
            is_text = self.file is not None and not (self.half or self.broken or world.git)
            live = world.file if is_text else world.base
        if was_early:
            self.forget_unsaved(live)
        world.restart(live)

    def forget_unsaved(self, live):
        """Drop what only the live side had since less than its debounce."""
        file = self.values(self.file)
        after = self.values(live)
        for key, heads in self.heads.items():
            seen = {after.get(key)} | ({file.get(key)} if self.file is not None else set())
            heads &= seen

    # -- in the end ------------------------------------------------------------------

    def teardown(self):
        if not hasattr(self, "world"):
            return
        world = self.world
        world.failure = world.refusal = world.git = ""
        if self.half is not None:
            self.end_to_write()
        if self.broken is not None:
            self.mend_file()
        if self.file is None:
            self.put_file_back()
        world.notice()
        world.wait(60_000)
        self.no_edit_vanished()
        file, live = self.values(world.file), self.values(world.live)
        different = {key for key in self.heads if file.get(key) != live.get(key)}
        # A clash may also be one in the machine's eyes only: it does not see every step.
        assert different >= {key for key, heads in self.heads.items() if len(heads) > 1}
        assert world.state.phase is (Phase.CONFLICT if different else Phase.CLEAN)
        assert world.pending == (world.live if different else None)
        done = len(world.writes), len(world.applied), len(world.told)
        world.notice()
        world.send_live_notice()
        world.wait(60_000)
        assert (len(world.writes), len(world.applied), len(world.told)) == done


class CheckedWorld(World):
    """A world that fails the test where the machine writes what it must not touch."""

    def __init__(self, model):
        super().__init__(START, START, START)
        self.model = model
        self.is_asked = False

    def write(self, text, expected):
        assert not self.git, "written while git is busy"
        assert self.model.half is None, "written while somebody else writes"
        assert expected is not None or self.is_asked, "made again unasked"
        assert self.model.broken is None or self.file != expected, "an invalid edit overwritten"
        return super().write(text, expected)

    def send_live_notice(self):
        self.change(self.live)


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(
    max_examples=max(settings().max_examples, 12), stateful_step_count=STEPS
)
