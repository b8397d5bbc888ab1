"""Damaged files and state directories: the host starts, nothing is lost without a word."""

from __future__ import annotations

import contextlib
import shutil
import zlib

import pytest

from sessionctl.sdk import Status
from sessionctl.testing import TemporaryWorkspace
from tests.sdk import damages

FIRST = {"text": "first", "cursor": [1, 7], "tabs": []}
STATE = {
    "text": "select 1;\nselect 2;\n",
    "cursor": [1, 7],
    "tabs": [{"name": "a", "open": True}, {"name": "b", "open": False}],
}
SEED_TEXT = """\
schema_version = 1
name = "notes"

[apps.notes.editor]
text = "select 1;\\nselect 2;\\n"
cursor = [1, 7]
tabs = [{name = "a", open = true}, {name = "b", open = false}]
"""


class Desk(TemporaryWorkspace):
    """A host with one provider."""

    def start(self):
        workspace = self.open()
        self.state, self.events = {}, []
        workspace.on_status(self.events.append)
        workspace.provide("editor", lambda: dict(self.state), self.apply)
        self.status = workspace.restore()
        return workspace

    def apply(self, state):
        self.state = state


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A file and a state directory as a host left them, and a copy of both."""
    place, copy = tmp_path_factory.mktemp("damage"), tmp_path_factory.mktemp("copy")
    desk = Desk("notes", place)
    desk.edit(SEED_TEXT.replace("select 1;\\nselect 2;\\n", "first"))
    workspace = desk.start()
    desk.state = FIRST
    workspace.mark_changed()
    assert workspace.flush()
    desk.state = STATE
    workspace.mark_changed()
    assert workspace.close()
    shutil.copytree(place, copy / "as-it-was", symlinks=True)
    return place, copy / "as-it-was"


@pytest.fixture
def desk(template):
    place, copy = template
    shutil.rmtree(place)
    shutil.copytree(copy, place, symlinks=True)
    with Desk("notes", place) as desk:
        yield desk


def cases():
    """Return the damages of each case: of the file, of files of the archive, of both."""
    found = [(one, None, 0) for one in (*damages.ANY_FILE, *damages.SESSION_ONLY)]
    found += [(one, None, n) for one in damages.BY_CHANCE for n in range(damages.KEPT)]
    found += [(None, one, n) for one in damages.ANY_FILE for n in range(4)]
    found += [(None, one, n) for one in damages.BY_CHANCE for n in range(damages.KEPT)]
    found += [(None, one, 0) for one in damages.WHOLE]
    several = (*damages.ANY_FILE, *damages.SESSION_ONLY[:12], *damages.BY_CHANCE)
    # Of a text that is gone, or cut at its end, nobody knows once all that was kept is gone too.
    unknown = (damages.gone, damages.truncated)
    found += [
        (one, other, 0)
        for one in several
        for other in (damages.flipped, damages.archive_without_texts, damages.state_gone)
        if not (one in unknown and other is damages.state_gone)
    ]
    return found


CASES = cases()


def name_of(case):
    return "-".join(str(getattr(one, "__name__", one)) for one in case)


def damage(desk, case):
    of_file, of_state, number = case
    chance = damages.chance_of(name_of(case))
    if of_state in damages.WHOLE:
        of_state(desk.file, chance)
    elif of_state is not None:
        files = sorted(path for path in desk.home.rglob("*") if path.is_file())
        if of_state in damages.BY_CHANCE:
            files = [path for path in files if path.stat().st_size]
        of_state(files[(number or chance.randrange(99)) % len(files)], chance)
    if of_file is not None:
        of_file(desk.file, chance)


def test_there_are_at_least_two_hundred_cases():
    assert len({name_of(case) for case in CASES}) == len(CASES) >= 200


def is_like_another(case):
    """Return whether it is two damages at once, or one more of a kind: CI tries these."""
    of_file, of_state, number = case
    return number > 0 or (of_file and of_state)


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, marks=pytest.mark.slow if is_like_another(one) else ()) for one in CASES],
    ids=name_of,
)
def test_the_state_comes_back_or_is_offered(desk, case):
    damage(desk, case)
    judge(desk, is_double=None not in case[:2])


def test_a_text_cut_at_any_statement_costs_nothing(desk, template):
    place, copy = template
    for cut in damages.at_statements(desk.file):
        shutil.rmtree(place)
        shutil.copytree(copy, place, symlinks=True)
        cut(desk.file, None)
        judge(desk, is_double=False)
        desk.close()


def judge(desk, *, is_double):
    """Start on what is damaged: what came back, or what is offered and what was said."""
    is_file = desk.file.is_file()
    before = desk.file.read_bytes() if is_file else b""
    workspace = desk.start()
    came_back = desk.state
    desk.advance(10)
    offered = workspace.recovery()
    told = [e for e in desk.events if e.status in (Status.FAILED, Status.DEGRADED)]
    assert all(event.text for event in told if event.status is Status.FAILED), desk.events
    if came_back != STATE:
        found = [recovered(desk, workspace, one) for one in offered if one.kind != "fresh"]
        is_offered = STATE in found or (is_double and FIRST in found)
        assert is_offered or told, (desk.status, desk.events, offered)
        if not is_double:
            assert is_offered, (desk.status, desk.events, offered)
        assert desk.status is not Status.FRESH or told or is_offered
    assert workspace.close() or told
    if before and not is_double:
        assert before in archived(desk.directory), "what was damaged is still there"


def recovered(desk, workspace, option):
    desk.state = {}
    workspace.recover(option)
    return desk.state


def archived(folder):
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found.append(data)
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompress(data))
    return found


def test_a_state_directory_that_is_gone_costs_backups_only(desk):
    shutil.rmtree(desk.home)
    workspace = desk.start()
    assert desk.status is Status.RESTORED
    assert desk.state == STATE
    assert workspace.close()
