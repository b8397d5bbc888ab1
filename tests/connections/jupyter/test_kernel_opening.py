"""How a kernel is opened and probed, step by step, and what is closed where one fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
)
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.jupyter import jupyter_adapter
from sessionctl.connections.jupyter.jupyter_adapter import JupyterAdapter
from tests.together import together

DEADLINE = Deadline(3600)
CUT = Failure(FailureKind.TRANSIENT, "the kernel at k.json cut the connection")


class Kernel:
    """A kernel whose parts note what is asked of them, and fail where they are told to."""

    place = "k.json"

    def __init__(self, monkeypatch, fails="", error=None):
        self.fails, self.error, self.asked = fails, error, []
        self.handle = SimpleNamespace(
            channels=self, beats=0, dropped=0, listen=lambda: self.did("listen")
        )
        for name, part in {
            "path_of": lambda request: f"/{request}", "read_kernel_file": self.read,
            "KernelChannels": lambda file: self.did("channels", file) or self,
            "KernelHandle": lambda channels: self.handle,
            "_welcome": lambda handle, deadline: self.did("welcome"),
            "_introduce": lambda handle, request, deadline: self.did("introduce", request),
        }.items():  # fmt: skip
            monkeypatch.setattr(jupyter_adapter, name, part)

    def did(self, *what):
        self.asked.append(what)
        if what[0] == self.fails:
            raise self.error

    def read(self, path, *, was_open):
        self.did("read", path, was_open)
        return f"file {path}"

    def connect(self, deadline):
        assert deadline is DEADLINE
        self.did("connect")

    def beat(self, number, deadline):
        assert deadline is DEADLINE
        self.did("beat", number)

    def close(self):
        self.asked.append(("close",))


ALL = [
    ("read", "/k", False), OpenStep.RESOLVE, ("channels", "file /k"), OpenStep.CONNECT,
    ("connect",), ("beat", 1), OpenStep.AUTHENTICATE, ("welcome",), OpenStep.VALIDATE,
    ("introduce", "k"),
]  # fmt: skip
WORDS = [one for one in ALL if isinstance(one, tuple)]
STEPS = [one for one in ALL if isinstance(one, OpenStep)]


def test_a_kernel_is_opened_step_by_step_and_known_again(monkeypatch):
    kernel, adapter, steps = Kernel(monkeypatch), JupyterAdapter(), []
    assert adapter.open("k", DEADLINE, steps.append) is kernel.handle
    assert (kernel.asked, steps) == (WORDS, STEPS)
    kernel.asked.clear()
    adapter.open("k", DEADLINE, steps.append)
    assert kernel.asked[0] == ("read", "/k", True)
    adapter.open("other", DEADLINE, steps.append)
    assert ("read", "/other", False) in kernel.asked


@together(
    "fails, error, expected",
    [
        ("connect", ConnectionResetError(104, "x"), CUT),
        ("beat", EOFError(), Failure(
            FailureKind.TRANSIENT, "the kernel at k.json closed the connection")),
        ("welcome", TimeoutError(), Failure(
            FailureKind.TRANSIENT, "the kernel at k.json does not answer in time")),
        ("introduce", KeyboardInterrupt(), KeyboardInterrupt),
    ],
    ids=repr,
)  # fmt: skip
def test_a_kernel_that_fails_on_the_way_is_closed(monkeypatch, fails, error, expected):
    kernel, adapter = Kernel(monkeypatch, fails, error), JupyterAdapter()
    if isinstance(expected, Failure):
        with pytest.raises(ConnectionFailure) as raised:
            adapter.open("k", DEADLINE, lambda _step: None)
        assert raised.value.failure == expected
    else:
        with pytest.raises(expected):
            adapter.open("k", DEADLINE, lambda _step: None)
    assert kernel.asked[-1] == ("close",)
    kernel.fails = ""
    adapter.open("k", DEADLINE, lambda _step: None)
    assert ("read", "/k", True) not in kernel.asked


def test_a_probe_asks_the_heart_and_says_what_was_dropped(monkeypatch):
    kernel, adapter = Kernel(monkeypatch), JupyterAdapter()
    handle = kernel.handle
    for dropped, missed in (
        (0, ()), (1, ("1 message of cells came before older ones were taken",)),
        (2, ("2 messages of cells came before older ones were taken",)),
    ):  # fmt: skip
        handle.dropped = dropped
        health = adapter.probe(handle, DEADLINE)
        assert health == Health(health.latency_s, missed=missed)
        assert 0 <= health.latency_s < 60
        assert handle.dropped == 0
    assert kernel.asked == [
        ("beat", 1), ("listen",), ("beat", 2), ("listen",), ("beat", 3), ("listen",),
    ]  # fmt: skip
    for kernel.fails in ("beat", "listen"):
        kernel.error = ConnectionResetError(104, "x")
        with pytest.raises(ConnectionFailure) as raised:
            adapter.probe(handle, DEADLINE)
        assert raised.value.failure == CUT
    adapter.close(handle)
    assert kernel.asked[-1] == ("close",)
