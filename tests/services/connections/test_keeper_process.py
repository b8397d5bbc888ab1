"""The keeper of a session as others see it: what it says, how it is woken, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from types import SimpleNamespace

import pytest

from sessionctl.errors import FileError
from sessionctl.services.connections import keeper_process as module
from sessionctl.services.connections.keeper_process import KeeperAnswer, KeeperPlace
from tests.played_time import play_time
from tests.together import together

FILE = "/x/a.session.toml"


def keeper(*places):
    return KeeperPlace(SimpleNamespace(runtime_places=[str(place) for place in places]), FILE)


def saying(monkeypatch, *answers):
    """Let the sockets say ``answers`` in turn, the last for ever; return who is asked."""
    asked, left = [], list(answers)

    def hear(path):
        asked.append(path)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return json.dumps(answer).encode() if isinstance(answer, dict) else answer

    monkeypatch.setattr(module, "hear", hear)
    return asked


SAID = {"pid": 17, "digest": "d", "connections": [{"name": "db"}]}
ANSWER = KeeperAnswer(17, "d", ({"name": "db"},))


@together(
    "answers, found, times",
    [
        ((None,), None, 2), ((b"",), None, 2), ((b"{}",), None, 2), ((SAID,), ANSWER, 1),
        ((None, SAID), ANSWER, 2), ((b"{", SAID), ANSWER, 2), ((b"[1]", SAID), ANSWER, 2),
        ((b'{"pid": 1}', SAID), ANSWER, 2),
        ((b'{"pid": "x", "digest": 1, "connections": []}', SAID), ANSWER, 2),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_keeper_says_is_read_and_what_is_no_answer_is_not(
    monkeypatch, answers, found, times
):
    asked = saying(monkeypatch, *answers)
    assert keeper("/run/a", "/run/b").answer() == found
    folders, names = zip(*(path.rsplit("/", 1) for path in asked), strict=True)
    assert folders == (f"/run/a/{module.FOLDER}", f"/run/b/{module.FOLDER}")[:times]
    assert len(set(names)) == 1


@pytest.fixture
def clock(monkeypatch):
    return play_time(monkeypatch, module)


def test_an_answer_is_awaited_for_a_while(monkeypatch, clock):
    saying(monkeypatch, None, None, SAID)
    assert keeper("/run").await_answer(5.0) == ANSWER
    assert 0 < clock.now < 1
    saying(monkeypatch, None)
    before = clock.now
    assert keeper("/run").await_answer(5.0) is None
    assert 5 <= clock.now - before < 5.5


@pytest.fixture
def sent(monkeypatch):
    signals = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append((pid, number)))
    return signals


def test_a_keeper_is_woken_if_there_is_one(monkeypatch, sent):
    saying(monkeypatch, None)
    keeper("/run").wake()
    assert sent == []
    saying(monkeypatch, SAID)
    keeper("/run").wake()
    assert sent == [(17, module.WAKE_SIGNAL)]

    def gone(_pid, _number):
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", gone)
    keeper("/run").wake()
    assert keeper("/run").stop() is True


def test_a_keeper_is_ended_and_killed_if_it_does_not_end(monkeypatch, sent, clock):
    saying(monkeypatch, None)
    assert (keeper("/run").stop(), sent) == (False, [])
    alive = [True, True, False]
    monkeypatch.setattr(module, "_is_alive", lambda _pid: alive.pop(0))
    saying(monkeypatch, SAID, SAID, None)
    assert (keeper("/run").stop(), sent, alive) == (True, [(17, signal.SIGTERM)], [])
    sent.clear()
    monkeypatch.setattr(module, "_is_alive", lambda _pid: True)
    before = clock.now
    saying(monkeypatch, SAID)
    assert keeper("/run").stop() is True
    assert sent == [(17, signal.SIGTERM), (17, signal.SIGKILL)]
    assert clock.now - before >= module._END_S + module._KILL_S


def test_a_process_is_alive_until_it_is_waited_for_or_a_zombie():
    assert module._is_alive(os.getpid())
    with subprocess.Popen(["sleep", "0"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not module._is_alive(child.pid)  # a zombie
    assert not module._is_alive(child.pid)
    assert module._answers(os.getpid())
    assert not module._answers(child.pid)


def test_the_first_private_directory_is_taken(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "run").mkdir()
    one = keeper(tmp_path / "file", tmp_path / "run")
    with one.listening():
        [folder] = (tmp_path / "run").iterdir()
        assert folder.name == module.FOLDER
        assert folder.stat().st_mode & 0o777 == 0o700
        assert any(name.endswith(".sock") for name in os.listdir(folder))
        with pytest.raises(FileError), one.listening():
            pytest.fail("there are two")
    assert not any(name.endswith(".sock") for name in os.listdir(folder))
    nowhere = keeper(tmp_path / "file")
    with pytest.raises(FileError) as caught, nowhere.listening():
        pytest.fail("there is a place")
    assert caught.value.message == (
        f"there is no directory for the socket of a keeper: {tmp_path}/file/{module.FOLDER}"
    )
