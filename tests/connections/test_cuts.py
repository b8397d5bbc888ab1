"""Every kind of cut on PostgreSQL and Redis, watched through the real manager."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sessionctl.testing.adapters import Cut, run_cut, run_once, why_not
from tests.connections.benches import PostgresBench, RedisBench
from tests.connections.servers.server_process import need_module
from tests.world import repeated

BUSY_S = 10
"""How much longer a machine with much else to do may take."""
KINDS = ["postgres", "redis", "redis, RESP3"]


@pytest.fixture
def make_bench(request):
    """Return what makes a bench of a kind; all end with the test."""
    benches = []

    def make(kind):
        if kind == "postgres":
            bench = PostgresBench(request.getfixturevalue("postgres_template"))
        else:
            need_module("redis")
            bench = RedisBench(3 if "RESP3" in kind else 2)
        benches.append(bench)
        return bench

    yield make
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(request, make_bench):
    return make_bench(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.name.lower())
@pytest.mark.parametrize("bench", KINDS, indirect=True)
def test_a_cut_is_noticed_and_the_connection_comes_back(bench, cut):
    assert why_not(bench, cut) == ""
    result = run_cut(bench, cut, allowance_s=BUSY_S)
    assert result.problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("bench", KINDS, indirect=True)
def test_what_was_cut_before_its_answer_is_carried_out_once(bench):
    assert run_once(bench) == 1


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("kind", KINDS)
def test_ten_of_each_cut_come_back_in_time(make_bench, kind):
    def twice(bench):
        return [run_cut(bench, cut, allowance_s=BUSY_S) for cut in Cut for _ in range(2)]

    with ThreadPoolExecutor(5) as pool:
        results = [each for some in pool.map(twice, map(make_bench, [kind] * 5)) for each in some]
    for cut in Cut:
        mine = [result for result in results if result.cut is cut]
        assert len(mine) == 10
        detected = sorted(result.detected_s or 0 for result in mine)
        reopened = sorted(result.reopened_s or 0 for result in mine)
        sys.stdout.write(
            f"{kind} {cut.name.lower()}: noticed {detected[5]:.2f} s, {detected[-1]:.2f} at"
            f" most; ready {reopened[5]:.2f} s, {reopened[-1]:.2f} at most\n"
        )
    assert [result for result in results if result.problems] == []
