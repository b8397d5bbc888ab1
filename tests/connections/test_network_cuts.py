"""Every kind of cut on ssh, http, line, zmq-json and jupyter, watched through the real manager."""

from __future__ import annotations

import sys
from statistics import median

import pytest

from sessionctl.testing.adapters import Cut, run_cut, run_once, why_not
from tests.connections.network_benches import (
    HttpBench,
    KernelBench,
    LineBench,
    SshBench,
    ZmqBench,
)
from tests.world import REPEATS, repeated

BUSY_S = 10
"""How much longer a machine with much else to do may take."""
BENCHES = {bench.name: bench for bench in (SshBench, HttpBench, LineBench, ZmqBench, KernelBench)}
NO_CUT = {
    "http": {Cut.RESET, Cut.HANG_UP},  # the next request makes another connection
}
DOES_NOT_APPLY = {
    "ssh": {Cut.TLS_REFUSED},
    "zmq-json": {Cut.TLS_REFUSED},
    "jupyter": set(Cut) - {Cut.KILLED, Cut.HALF_OPEN},
}
CASES = [
    (kind, cut)
    for kind in BENCHES
    for cut in Cut
    if cut not in NO_CUT.get(kind, set()) | DOES_NOT_APPLY.get(kind, set())
]


@pytest.fixture
def make_bench():
    """Return what makes a bench of a kind; all end with the test."""
    benches = []

    def make(kind):
        bench = BENCHES[kind]()
        benches.append(bench)
        return bench

    yield make
    for bench in benches:
        bench.close()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "cut"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_cut_is_noticed_and_the_connection_comes_back(make_bench, kind, cut):
    bench = make_bench(kind)
    assert why_not(bench, cut) == ""
    assert run_cut(bench, cut, allowance_s=BUSY_S).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ssh", "line", "zmq-json"])
def test_what_was_cut_before_its_answer_is_carried_out_once(make_bench, kind):
    assert run_once(make_bench(kind)) == 1


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("kind", BENCHES)
def test_repeated_cuts_come_back_in_time(make_bench, kind):
    bench = make_bench(kind)
    problems = []
    for _, cut in [case for case in CASES if case[0] == kind]:
        results = [run_cut(bench, cut, allowance_s=BUSY_S) for _ in range(REPEATS)]
        detected = sorted(result.detected_s or 0 for result in results)
        reopened = sorted(result.reopened_s or 0 for result in results)
        sys.stdout.write(
            f"{kind} {cut.name.lower()}: noticed {median(detected):.2f} s, {detected[-1]:.2f} at"
            f" most; ready {median(reopened):.2f} s, {reopened[-1]:.2f} at most\n"
        )
        problems += [result for result in results if result.problems]
    assert problems == []
