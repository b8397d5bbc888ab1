"""pgdesk on PostgreSQL: the server goes away while somebody types, and comes back."""

from __future__ import annotations

import time

import pytest

from tests.connections.servers.tcp_proxy import TcpProxy
from tests.pgdesk.conftest import PASSWORD, describe
from tests.world import REPEATS

BACK_WITHIN_S = 10


def outage(desk, server, number):
    """Stop the server while somebody types; return how long it took to be connected again."""
    desk.type(f"select {number} + 1000 as sum")
    server.stop()
    desk.until(lambda: "main: connected" not in desk.screen, lambda: desk.screen)
    desk.type(f", 'typed{number}' as what")
    desk.press("F5")
    desk.shows("nothing was sent")
    server.start()
    begin = time.monotonic()
    desk.shows("main: connected")
    took_s = time.monotonic() - begin
    desk.press("F5")
    desk.shows(f"{number + 1000}", f"typed{number}", "1 rows")
    return took_s


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_stops_at_once(on_postgres, server):
    desk = on_postgres
    assert outage(desk, server, 1) < BACK_WITHIN_S
    desk.press("C-n")
    desk.has_focus("sql2")
    desk.type("select 2")
    desk.press("Enter")
    desk.type("-- half")
    desk.holds("sql2-text", "select 2\n-- half")
    desk.keeps("typed1")
    desk.keeps("[1, 7]")
    assert PASSWORD not in desk.session.read_text()
    assert "typed1" not in str(desk.stored().get("result")), "rows stay on this machine"
    desk.kill()

    desk.start()
    desk.shows("sql1", "sql2", "-- half", "1001", "typed1", "main: connected")
    desk.type("!")
    desk.holds("sql2-text", "select 2\n-- half!")


@pytest.mark.slow
def test_a_cut_of_the_network_while_somebody_types(desk, server):
    with TcpProxy(server.port) as proxy:
        describe(desk, proxy.port)
        desk.start()
        desk.shows("main: connected")
        desk.type("select 'before")
        proxy.refuse()
        proxy.reset()
        desk.until(lambda: "main: connected" not in desk.screen, lambda: desk.screen)
        desk.type(" and after' as text")
        proxy.listen()
        desk.shows("main: connected")
        desk.press("F5")
        desk.shows("before and after", "1 rows")
        desk.holds("sql1-text", "select 'before and after' as text")


@pytest.mark.slow
def test_quitting_while_it_reconnects_saves_and_ends(on_postgres, server):
    desk = on_postgres
    server.stop()
    desk.until(lambda: "main: connected" not in desk.screen, lambda: desk.screen)
    desk.type("last words")
    desk.press("C-q")
    desk.until(lambda: not desk.tmux("list-sessions", check=False), lambda: desk.screen)
    server.start()
    assert desk.stored()["widgets"]["sql1-text"]["text"] == "last words"


@pytest.mark.slow
def test_connections_are_favourites_and_used_last(on_postgres):
    desk = on_postgres
    desk.press("F3")
    desk.shows("used last", "postgres")
    desk.press("f")
    desk.shows("main ★")
    desk.press("q")
    desk.kill()
    desk.start()
    desk.shows("main: connected")
    desk.press("F3")
    desk.shows("main ★", "s ago")


def everything(desk, server, number):
    """Go through all that somebody may do to a session; return the time to be connected again."""
    took_s = outage(desk, server, number)
    desk.press("C-n")
    desk.has_focus("sql2")
    desk.type(f"text {number}")
    desk.holds("sql2-text", f"text {number}")
    desk.keeps(f"typed{number}")
    desk.kill()
    desk.start()
    desk.shows("sql1", "sql2", f"text {number}", f"{number + 1000}", "main: connected")
    desk.edit(f'"text {number}"', f'"text {number} by hand"')
    desk.shows(f"text {number} by hand")
    desk.edit('"textual-dark"', '"textual-light"')
    # Where the cursor was: an edit by hand leaves it there.
    desk.type(" typed and")
    desk.holds("sql2-text", f"text {number} typed and by hand")
    desk.until(lambda: desk.stored()["appearance"]["theme"] == "textual-light")
    desk.shows(f"text {number} typed and by hand")
    return took_s


@pytest.mark.sweep
@pytest.mark.parametrize("turn", range(REPEATS or 1))
def test_every_time(on_postgres, server, turn, record_property):
    took_s = everything(on_postgres, server, turn)
    record_property("connected_again_s", round(took_s, 1))
    assert took_s < BACK_WITHIN_S
