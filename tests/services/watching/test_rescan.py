"""How often everything is looked at again, whatever events say."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from sessionctl.services.watching.file_set import without_known
from sessionctl.services.watching.loop.loop import RESCAN_MS, TURN_MS, Loop
from sessionctl.system.files.real_names import RealNames
from sessionctl.system.watch.wakeup import Clock


class _Hours(Clock):
    """A clock on which a wait takes no time, and a rescan as long as it is said to take."""

    def __init__(self):
        self.now = 1_000_000

    def now_ms(self):
        return self.now

    def time_s(self):
        return self.now / 1000


@pytest.mark.parametrize(
    ("took_ms", "rest_ms"), [(0, RESCAN_MS), (20, RESCAN_MS), (60, 60_000), (5000, 120_000)]
)
def test_the_longer_a_rescan_takes_the_rarer_it_is(took_ms, rest_ms):
    clock = _Hours()
    began = []

    def rescanned():
        began.append(clock.now)
        clock.now += took_ms

    loop = Loop(None, clock)
    loop.rescanned = rescanned
    loop.start()
    try:
        while len(began) < 4:
            clock.now = max(clock.now, loop.next_ms())
            loop.turn()
    finally:
        loop.close()
    rests = [later - earlier for earlier, later in pairwise(began)]
    assert all(rest_ms <= rest <= rest_ms + TURN_MS + took_ms for rest in rests), rests


def test_a_file_by_another_name_is_no_new_one(tmp_path):
    file, link, other = (tmp_path / f"{name}.session.toml" for name in ("a", "link", "b"))
    file.write_text("")
    other.write_text("")
    link.symlink_to(file)
    groups = [(str(link),), (str(file),), (str(other),)]
    assert without_known(groups, [str(file)]) == [(str(other),)]
    assert without_known([(str(file),)], [str(file)]) == []


def test_a_name_is_that_of_the_real_directory(tmp_path, monkeypatch):
    (tmp_path / "real" / "below").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/below")
    (tmp_path / "real" / "own").symlink_to("elsewhere")
    monkeypatch.chdir(tmp_path / "link")
    names = RealNames()
    words = ("a", "./a", "../a", "..", ".", "b/", f"{tmp_path}/link/a", f"{tmp_path}/link/../a",
             f"{tmp_path}/real/own", f"{tmp_path}//link//a", "/a", "/", "//a")  # fmt: skip
    for word in (*words, *words):
        folder, name = os.path.split(os.path.abspath(word))
        assert names.name(word) == os.path.join(os.path.realpath(folder), name), word
