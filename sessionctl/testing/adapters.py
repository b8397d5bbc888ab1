"""Adapters: every kind of cut on any adapter, watched through the real manager.

Write a subclass of ``AdapterBench`` for your adapter; then, with any test runner::

    @pytest.mark.parametrize("cut", Cut)
    def test_cut(bench, cut):
        if reason := why_not(bench, cut):
            pytest.skip(reason)
        assert run_cut(bench, cut).problems == ()

docs/adapters.md has a whole example.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import NamedTuple

from sessionctl.connections import Deadline, FailureKind, Secret
from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.keeping.target import Recollection, Target
from sessionctl.connections.manager.connection_state import OPEN_STATES, ConnectionState
from sessionctl.testing.adapter_bench import AdapterBench, Cut, why_not
from sessionctl.testing.tcp_proxy import HOST, TcpProxy, free_port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.connections import ConnectionRequest, Failure, ResumeReport
    from sessionctl.connections.keeping.keeper import KeeperEvent
    from sessionctl.testing.adapter_bench import Address

__all__ = [
    "AdapterBench",
    "Cut",
    "CutResult",
    "TcpProxy",
    "free_port",
    "run_cut",
    "run_once",
    "why_not",
]

DETECTED_S = 6.0
"""Within this, a cut must be noticed."""
REOPENED_S = 10.0
"""Within this after the service is back, the connection must be ready."""

_PATIENCE_S = 60.0
_CALL_S = 10.0
_SLOW_S = 0.6
_NOWHERE = "no-such-host.invalid"
_WRONG = "not-the-secret"

_EXPECTED = {
    Cut.WRONG_SECRET: (FailureKind.AUTH,),
    Cut.OLD_VERSION: (FailureKind.INCOMPATIBLE,),
    Cut.NO_SUCH_NAME: (FailureKind.CONFIG, FailureKind.TRANSIENT),
    Cut.TLS_REFUSED: (FailureKind.CONFIG, FailureKind.INCOMPATIBLE),
}
"""How what never opens is to be classified."""


class CutResult(NamedTuple):
    """What a cut came to: times in seconds, None where there is none, and what is wrong."""

    cut: Cut
    detected_s: float | None = None
    reopened_s: float | None = None
    failure: Failure | None = None
    report: ResumeReport | None = None
    problems: tuple[str, ...] = ()


def run_cut(bench: AdapterBench, cut: Cut, *, allowance_s: float = 0.0) -> CutResult:
    """Do ``cut`` to a connection of ``bench`` and watch it come back, or be refused.

    The server of ``bench`` is started, and runs at the end. ``allowance_s`` is added to both
    limits, for machines that have much else to do.

    Raises:
      ValueError: the cut does not apply.
    """
    if reason := why_not(bench, cut):
        raise ValueError(f"{cut.value}: {reason}")
    bench.start()
    if cut in _EXPECTED:
        return _run_refusal(bench, cut)
    with _Line(bench) as line:
        return _run_loss(line, cut, allowance_s)


def run_once(bench: AdapterBench) -> int:
    """Cut between a command that counts and its answer; return how often it was carried out.

    The connection is opened again, with its state; anything but 1 is a fault.
    """
    bench.start()
    with _Line(bench) as line:
        line.open()
        before = bench.counted()
        with line.keeper.lend(bench.name, _CALL_S) as handle:
            assert line.proxy is not None
            line.proxy.black_hole("down")
            thread = threading.Thread(target=_quietly, args=(lambda: bench.count(handle),))
            thread.start()
            _wait(lambda: bench.counted() > before, "the server has counted")
            line.proxy.reset()
            line.proxy.go_on()
            thread.join(_CALL_S)
        line.wait_until_lost()
        line.wait_until_open()
    return bench.counted() - before


class _Line:
    """A kept connection through a proxy, and what the manager said of it."""

    def __init__(
        self, bench: AdapterBench, request: Callable[[], ConnectionRequest] | None = None
    ) -> None:
        self.bench = bench
        address = bench.address()
        self.proxy = TcpProxy(address) if address is not None else None
        self.where: Address | None = (HOST, self.proxy.port) if self.proxy else None
        self.attempts = 0
        self.events: list[KeeperEvent] = []
        self.failures: list[Failure] = []
        self.recollection = Recollection()
        self._request = request or (lambda: bench.request(self.where))
        target = Target(
            bench.name, bench.adapter, self._counted_request, bench.name,
            recall=lambda: self.recollection,
        )  # fmt: skip
        self.keeper = Keeper([target], self._hear, watches_network=False)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.keeper.close()
        if self.proxy is not None:
            self.proxy.close()

    def _counted_request(self) -> ConnectionRequest:
        self.attempts += 1
        return self._request()

    def _hear(self, event: KeeperEvent) -> None:
        self.events.append(event)
        if event.failure is not None:
            self.failures.append(event.failure)

    @property
    def state(self) -> ConnectionState:
        return self.keeper.status(self.bench.name).state

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES and self.keeper.opened(self.bench.name) is not None

    def open(self) -> None:
        self.keeper.open(self.bench.name)
        self.wait_until_open()
        with self.keeper.lend(self.bench.name, _CALL_S) as handle:
            self.bench.change(handle)
            state = self.bench.adapter.capture(handle, Deadline(_CALL_S))
        opened = self.keeper.opened(self.bench.name)
        assert opened is not None
        self.recollection = Recollection(state, opened.peer.key, opened.peer.text)

    def wait_until_open(self) -> None:
        _wait(lambda: self.is_open, "it is open", self._last)

    def wait_until_lost(self) -> None:
        _wait(lambda: any(e.status.after not in OPEN_STATES and e.status.before in OPEN_STATES
                          for e in self.events), "the cut is noticed")  # fmt: skip

    def _last(self) -> str:
        message = self.failures[-1].message if self.failures else "no failure"
        return f"; it is {self.state.value}: {message}"


def _run_loss(line: _Line, cut: Cut, allowance_s: float) -> CutResult:
    line.open()
    began_s = time.monotonic()
    heal = _begin(line, cut)
    if cut is Cut.SLOW:
        return _run_slow(line, heal)
    line.wait_until_lost()
    detected_s = time.monotonic() - began_s
    lost = line.failures[-1] if line.failures else None
    _wait(lambda: line.attempts > 1 or cut in {Cut.RESET, Cut.HANG_UP}, "it is tried again")
    heal()
    healed_s = time.monotonic()
    line.wait_until_open()
    reopened_s = time.monotonic() - healed_s
    opened = line.keeper.opened(line.bench.name)
    assert opened is not None
    problems = [
        *_too_long("noticed", detected_s, DETECTED_S + allowance_s),
        *_too_long("ready again", reopened_s, REOPENED_S + allowance_s),
        *_report_problems(line.bench, opened.report),
    ]
    if lost is None or lost.kind not in {FailureKind.TRANSIENT, FailureKind.BUSY}:
        problems.append(f"the loss was taken for {lost}")
    with line.keeper.lend(line.bench.name, _CALL_S) as handle:
        problems += line.bench.faults(handle)
    return CutResult(cut, detected_s, reopened_s, lost, opened.report, tuple(problems))


def _run_slow(line: _Line, heal: Callable[[], None]) -> CutResult:
    _wait(lambda: line.state is not ConnectionState.READY, "the manager finds it slow")
    is_open = line.is_open
    heal()
    _wait(lambda: line.state is ConnectionState.READY, "it is as before")
    problems = () if is_open else ("a slow server was taken for one that is gone",)
    return CutResult(Cut.SLOW, problems=problems)


def _run_refusal(bench: AdapterBench, cut: Cut) -> CutResult:
    with _refusing(bench, cut) as request, _Line(bench, request) as line:
        began_s = time.monotonic()
        line.keeper.open(bench.name)
        _wait(lambda: bool(line.failures) and line.state is not ConnectionState.CONNECTING,
              "it is refused")  # fmt: skip
        detected_s = time.monotonic() - began_s
        failure = line.failures[-1]
        status = line.keeper.status(bench.name)
        problems = []
        if failure.kind not in _EXPECTED[cut]:
            problems.append(f"it was taken for {failure.kind.value}: {failure.message}")
        if failure.kind is not FailureKind.TRANSIENT and (status.next_at or line.attempts != 1):
            problems.append(f"it was tried again: {line.attempts} attempts")
        if failure.kind is FailureKind.INCOMPATIBLE and not (failure.found and failure.wanted):
            problems.append("it does not say which version it found and which it wanted")
        said = failure.message + "".join(failure.hints)
        if any(secret in said for secret in _secrets(request())):
            problems.append("its message holds a secret")
    return CutResult(cut, detected_s, failure=failure, problems=tuple(problems))


@contextlib.contextmanager
def _refusing(bench: AdapterBench, cut: Cut) -> Iterator[Callable[[], ConnectionRequest]]:
    address = bench.address()
    if cut is Cut.WRONG_SECRET:
        found = bench.request(address)
        wrong = {key: Secret(_WRONG) for key in found.secrets}
        yield lambda: found._replace(secrets=wrong)
    elif cut is Cut.OLD_VERSION:
        with _fake_server(bench.speak_as_old) as port:
            yield lambda: bench.request((HOST, port))
    elif cut is Cut.NO_SUCH_NAME:
        assert address is not None
        yield lambda: bench.request((_NOWHERE, address[1]))
    else:
        assert address is not None
        yield lambda: bench.tls_request(address)


@contextlib.contextmanager
def _fake_server(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                client.settimeout(_CALL_S)
                with client:
                    _quietly(lambda client=client: speak(client))  # type: ignore[misc]

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(_CALL_S)


def _begin(line: _Line, cut: Cut) -> Callable[[], None]:
    """Do the cut; return what brings the service back."""
    bench, proxy = line.bench, line.proxy
    if cut is Cut.KILLED:
        bench.kill()
        return bench.start
    if cut is Cut.HALF_OPEN:
        bench.pause()
        return bench.go_on
    assert proxy is not None
    if cut is Cut.SLOW:
        proxy.latency_s = _SLOW_S
        return lambda: setattr(proxy, "latency_s", 0.0)
    cuts: dict[Cut, Callable[[], None]] = {
        Cut.RESET: proxy.reset,
        Cut.HANG_UP: proxy.hang_up,
        Cut.BLACK_HOLE: proxy.black_hole,
        Cut.ANSWERS_LOST: lambda: proxy.black_hole("down"),
        Cut.HALF_CLOSED: proxy.half_close,
    }
    cuts[cut]()
    return proxy.go_on


def _report_problems(bench: AdapterBench, report: ResumeReport | None) -> list[str]:
    restored, lost = (set(report.restored), set(report.lost)) if report else (set(), set())
    problems = [f"not reported as restored: {each}" for each in bench.restored() - restored]
    problems += [f"not reported as lost: {each}" for each in bench.lost() - lost]
    return problems


def _too_long(what: str, seconds: float, limit_s: float) -> list[str]:
    return [f"{what} after {seconds:.1f} s, {limit_s:g} are allowed"] if seconds > limit_s else []


def _secrets(request: ConnectionRequest) -> list[str]:
    return [text for secret in request.secrets.values() if (text := secret.text)]


def _quietly(call: Callable[[], object]) -> None:
    with contextlib.suppress(Exception):
        call()


def _wait(holds: Callable[[], bool], what: str, but: Callable[[], str] = str) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > end_s:
            raise AssertionError(f"not within {_PATIENCE_S:g} s: {what}{but()}")
        time.sleep(0.01)
