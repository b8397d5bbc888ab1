"""A real black hole: the kernel drops all packets of a server, in a network of its own.

Run as ``unshare -n python -m tests.connections.black_hole postgres``; prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.keeping.target import Target
from tests.connections.benches import PostgresBench, RedisBench
from tests.connections.servers.postgres_server import PostgresTemplate
from tests.connections.servers.server_process import wait_until

OUTAGE_S = 6


def run(*words: str) -> None:
    subprocess.run(words, check=True)


def drop(port: int) -> None:
    """Let the kernel drop all that goes to ``port`` and comes from it."""
    run("nft", "add", "table", "inet", "hole")
    run("nft", "add", "chain", "inet", "hole", "in", "{ type filter hook input priority 0; }")
    for side in ("dport", "sport"):
        run("nft", "add", "rule", "inet", "hole", "in", "tcp", side, str(port), "drop")


def seconds_until(holds, what: str) -> float:
    began_s = time.monotonic()
    wait_until(holds, what, 60)
    return time.monotonic() - began_s


def measure(bench) -> dict[str, float]:
    """Return how long it took to notice, and to come back."""
    target = Target(bench.name, bench.adapter, lambda: bench.request(bench.address()), bench.name)
    keeper = Keeper([target], watches_network=False)
    try:
        keeper.open(bench.name)
        wait_until(lambda: keeper.opened(bench.name), "an open connection")
        with keeper.lend(bench.name) as handle:
            bench.change(handle)
        drop(bench.server.port)
        noticed_s = seconds_until(lambda: not keeper.opened(bench.name), "the black hole")
        time.sleep(OUTAGE_S)
        run("nft", "delete", "table", "inet", "hole")
        ready_s = seconds_until(lambda: keeper.opened(bench.name), "the way back")
    finally:
        keeper.close()
    return {"noticed_s": noticed_s, "ready_s": ready_s}


def main(kind: str) -> None:
    """Measure one kind of server."""
    run("ip", "link", "set", "lo", "up")
    template = PostgresTemplate() if kind == "postgres" else None
    bench = PostgresBench(template) if template else RedisBench()
    try:
        bench.start()
        sys.stdout.write(json.dumps(measure(bench)))
    finally:
        bench.close()
        if template:
            template.remove()


if __name__ == "__main__":
    main(sys.argv[1])
