"""What the kit for adapters finds out: each cut on a server of lines, and each fault it names."""

from __future__ import annotations

import time

import pytest

from sessionctl.connections import (
    ConnectionFailure,
    ConnectionRequest,
    Failure,
    FailureKind,
    ResumeReport,
    Secret,
)
from sessionctl.testing import adapters
from sessionctl.testing.adapter_bench import AdapterBench, Cut, has, why_not
from sessionctl.testing.adapters import CutResult, run_cut, run_once
from tests.connections.keeping.echo_adapter import EchoAdapter, EchoServer
from tests.connections.servers.server_process import HOST
from tests.together import together


class PlainBench(AdapterBench):
    """A bench with only what each must have."""

    adapter = EchoAdapter()

    def __init__(self, server=None):
        self.server = server

    def start(self):
        if self.server.listener is None:
            self.server.start()

    def kill(self):
        self.server.stop()

    def address(self):
        return (HOST, self.server.port) if self.server else None

    def request(self, address, **more):
        table = {"port": address[1] if address else 0, "host": address and address[0], **more}
        return ConnectionRequest("test", table, {}, "/", "/", {}, "/")


class EchoBench(PlainBench):
    """A bench that brings all there is; ``said`` is what its adapter raises at the first sight."""

    said = None

    def __init__(self, server):
        super().__init__(server)
        self.adapter = Judged(self)
        self.phrases, self.missing = {"mood calm"}, set()

    def request(self, address, **more):
        found = super().request(address, **more)
        return found._replace(secrets={"password": Secret("right")})

    def change(self, handle):
        handle.mood = "calm"

    def faults(self, handle):
        return [] if handle.mood == "calm" else [f"the mood is {handle.mood}"]

    def restored(self):
        return self.phrases

    def lost(self):
        return self.missing

    def speak_as_old(self, client):
        client.recv(10)

    def tls_request(self, address):
        return self.request(address, tls=True)

    def count(self, handle):
        self.adapter._ask(handle, "count", Judged.deadline)

    def counted(self):
        return self.server.lines.count("count")


class Judged(EchoAdapter):
    """An adapter that refuses what the cuts of a bench ask for."""

    class deadline:  # noqa: N801
        """One that is far away."""

        timeout_s = staticmethod(lambda: 10)

    def __init__(self, bench):
        super().__init__()
        self.bench = bench

    def open(self, request, deadline, step):
        settings = request.settings
        if self.bench.said is not None and (
            settings.get("tls") or settings["host"] != HOST
            or settings["port"] != self.bench.where or request.secrets["password"].text != "right"
        ):  # fmt: skip
            raise ConnectionFailure(self.bench.said)
        return super().open(request, deadline, step)


@pytest.fixture
def server():
    server = EchoServer()
    yield server
    server.stop()


# -- what applies ------------------------------------------------------------------------------


NO_ADDRESS = "it has no address that a proxy could stand before"


def test_which_cuts_apply_to_a_bench(server):
    plain = {cut: why_not(PlainBench(server), cut) for cut in Cut}
    assert {cut.name: why for cut, why in plain.items() if why} == {
        "HALF_OPEN": "the bench has no pause()",
        "OLD_VERSION": "the bench has no speak_as_old()",
        "TLS_REFUSED": "the bench has no tls_request()",
        "WRONG_SECRET": "it has no secret",
    }
    without = {cut.name for cut in Cut if why_not(PlainBench(), cut) == NO_ADDRESS}
    assert without == {
        "RESET", "HANG_UP", "BLACK_HOLE", "ANSWERS_LOST", "HALF_CLOSED", "SLOW", "OLD_VERSION",
        "NO_SUCH_NAME", "TLS_REFUSED",
    }  # fmt: skip
    assert why_not(PlainBench(), Cut.KILLED) == ""
    assert [cut.name for cut in Cut if why_not(EchoBench(server), cut)] == ["HALF_OPEN"]
    assert has(EchoBench(server), "count")
    assert not has(PlainBench(server), "count")
    with pytest.raises(ValueError, match=r"^the secret is wrong: it has no secret$"):
        run_cut(PlainBench(server), Cut.WRONG_SECRET)


def test_what_a_bench_leaves_out_has_nothing_to_do(server):
    bench = PlainBench(server)
    assert (bench.change(None), bench.go_on(), bench.close()) == (None, None, None)
    assert (bench.faults(None), bench.restored(), bench.lost()) == ([], set(), set())
    for call in (
        bench.pause, bench.counted, lambda: bench.speak_as_old(None),
        lambda: bench.tls_request(None), lambda: bench.count(None),
    ):  # fmt: skip
        with pytest.raises(NotImplementedError):
            call()


# -- refusals ----------------------------------------------------------------------------------


def said(kind, message="no", **more):
    return Failure(FailureKind(kind), message, **more)


@together(
    "cut, failure, problems",
    [
        (Cut.WRONG_SECRET, said("auth"), ()),
        (Cut.WRONG_SECRET, said("config"), ("it was taken for config: no",)),
        (Cut.TLS_REFUSED, said("config"), ()),
        (Cut.TLS_REFUSED, said("incompatible", found="a", wanted="b"), ()),
        (Cut.TLS_REFUSED, said("incompatible", found="a"),
         ("it does not say which version it found and which it wanted",)),
        (Cut.TLS_REFUSED, said("incompatible", wanted="a"),
         ("it does not say which version it found and which it wanted",)),
        (Cut.TLS_REFUSED, said("transient"), ("it was taken for transient: no",)),
        (Cut.OLD_VERSION, said("incompatible", found="a", wanted="b"), ()),
        (Cut.OLD_VERSION, said("permanent"), ("it was taken for permanent: no",)),
        (Cut.NO_SUCH_NAME, said("config"), ()),
        (Cut.NO_SUCH_NAME, said("transient"), ()),
        (Cut.NO_SUCH_NAME, said("auth"), ("it was taken for auth: no",)),
    ],
    ids=str,
)  # fmt: skip
def test_what_never_opens_is_judged_by_its_failure(server, cut, failure, problems):
    bench = EchoBench(server)
    bench.said, bench.where = failure, server.port
    began_s = time.monotonic()
    found = run_cut(bench, cut)
    took_s = time.monotonic() - began_s
    assert found == CutResult(cut, found.detected_s, failure=failure, problems=problems)
    assert 0 < found.detected_s < took_s


# -- losses ------------------------------------------------------------------------------------


def test_what_comes_back_is_judged_by_its_report_and_its_state(server):
    bench = EchoBench(server)
    found = run_cut(bench, Cut.RESET, allowance_s=20)
    report = ResumeReport(restored=("mood calm",))
    assert found == CutResult(
        Cut.RESET, found.detected_s, found.reopened_s, found.failure, report, ()
    )
    assert found.failure.kind is FailureKind.TRANSIENT
    assert 0 < found.detected_s < 26
    assert 0 <= found.reopened_s < 30
    bench.phrases, bench.missing = {"mood calm", "hat"}, {"shoe"}
    bench.faults = lambda handle: [f"{handle.mood}, not merry"]
    found = run_cut(bench, Cut.HANG_UP, allowance_s=-100)
    assert [one.partition(" after")[0] for one in found.problems] == [
        "noticed", "ready again", "not reported as restored: hat", "not reported as lost: shoe",
        "calm, not merry",
    ]  # fmt: skip
    assert found.problems[0].endswith(" s, -94 are allowed")
    assert found.problems[1].endswith(" s, -90 are allowed")


def test_a_server_that_is_killed_is_started_again(server):
    bench = EchoBench(server)
    assert run_cut(bench, Cut.KILLED, allowance_s=20).problems == ()
    assert server.listener is not None


def test_what_was_cut_before_its_answer_is_counted(server):
    bench = EchoBench(server)
    assert run_once(bench) == 1
    resume = bench.adapter.resume

    def careless(handle, state, deadline):
        bench.count(handle)
        return resume(handle, state, deadline)

    bench.adapter.resume = careless
    assert run_once(bench) == 2


def test_what_is_waited_for_in_vain_is_named(monkeypatch):
    monkeypatch.setattr(adapters, "_PATIENCE_S", 0.02)
    with pytest.raises(AssertionError, match=r"^not within 0\.02 s: it rains; no cloud$"):
        adapters._wait(lambda: False, "it rains", lambda: "; no cloud")
