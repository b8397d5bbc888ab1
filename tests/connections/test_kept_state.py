"""What the manager keeps of the state of a connection, with real servers."""

from __future__ import annotations

import pytest

from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.keeping.target import Recollection, Target
from tests.connections.benches import PostgresBench, RedisBench
from tests.connections.servers.server_process import need_module, wait_until


class Memory:
    """What is remembered, as the state directory does."""

    def __init__(self):
        self.last = Recollection()

    def keep(self, state, peer):
        self.last = Recollection(state, peer.key, peer.text)

    def recall(self):
        return self.last


@pytest.fixture
def kept():
    """Return what keeps a connection of a bench open, and its memory."""
    keepers, benches = [], []

    def kept(bench, where=None):
        bench.where = where or bench.address
        memory = Memory()
        target = Target(
            bench.name, bench.adapter, lambda: bench.request(bench.where()), bench.name,
            recall=memory.recall, keep=memory.keep,
        )  # fmt: skip
        keepers.append(Keeper([target], watches_network=False))
        benches.append(bench)
        bench.start()
        keepers[-1].open(bench.name)
        wait_until(lambda: keepers[-1].opened(bench.name), "an open connection")
        return keepers[-1], memory

    yield kept
    for keeper in keepers:
        keeper.close()
    for bench in benches:
        bench.close()


def report_after_a_crash(keeper, bench):
    before = keeper.opened(bench.name)
    bench.kill()
    bench.start()
    wait_until(lambda: keeper.opened(bench.name) not in (None, before), "the connection is back")
    return keeper.opened(bench.name).report


@pytest.mark.slow
def test_a_transaction_that_was_open_is_reported_as_lost(kept, postgres_template):
    bench = PostgresBench(postgres_template)
    keeper, memory = kept(bench)
    with keeper.lend(bench.name) as handle:
        handle.connection.execute("BEGIN")
        handle.connection.execute("INSERT INTO hits VALUES (1)")
    wait_until(lambda: "in_transaction" in memory.last.state, "the manager knows of it")
    assert report_after_a_crash(keeper, bench).lost[0].startswith("the open transaction")
    assert bench.counted() == 0
    wait_until(lambda: "in_transaction" not in memory.last.state, "it is over")


@pytest.mark.slow
def test_commands_that_were_queued_are_reported_as_lost(kept):
    need_module("redis")
    bench = RedisBench()
    keeper, memory = kept(bench)
    with keeper.lend(bench.name) as handle:
        handle.client.execute_command("MULTI")
        handle.client.execute_command("INCR", "hits")
    wait_until(lambda: "transaction" in memory.last.state, "the manager knows of it")
    assert report_after_a_crash(keeper, bench).lost[0].startswith("the open transaction (MULTI)")
    assert bench.counted() == 0


@pytest.mark.slow
def test_what_was_set_on_a_lent_connection_is_known_soon_after(kept, monkeypatch):
    need_module("redis")
    monkeypatch.setattr("sessionctl.connections.keeping.kept_line._CAPTURE_EVERY_S", 1000)
    bench = RedisBench()
    keeper, memory = kept(bench)
    with keeper.lend(bench.name) as handle:
        bench.change(handle)
    wait_until(lambda: "channels" in memory.last.state, "the subscription is known")
    assert bench.restored() <= set(report_after_a_crash(keeper, bench).restored)


@pytest.mark.slow
def test_a_name_that_is_not_found_any_more_is_the_network(kept):
    need_module("redis")
    bench = RedisBench()
    names = []
    keeper, _ = kept(bench, lambda: (names[-1], 1) if names else bench.address())
    names.append("no-such-host.invalid")
    bench.kill()
    wait_until(lambda: "no-such-host" in keeper.status(bench.name).reason, "it is not found")
    assert keeper.status(bench.name).next_at is not None
    names.clear()
    bench.start()
    wait_until(lambda: keeper.opened(bench.name), "the way back")
