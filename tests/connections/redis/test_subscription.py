"""What a subscription gives its user, and what it keeps from him: the answers to our own PING."""

from __future__ import annotations

import pytest
import redis

from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.redis import subscription
from sessionctl.connections.redis.subscription import Subscription
from tests.connections.adapter_calls import soon


class Clock:
    """A clock that goes on by what is waited for."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def news(monkeypatch):
    """A subscription whose connection says what is in ``said``; None is silence."""
    clock = Clock()
    monkeypatch.setattr(subscription, "time", clock)
    said, asked = [], []

    def get_message(_self, ignore_subscribe_messages, timeout):
        asked.append((ignore_subscribe_messages, timeout))
        clock.now += timeout
        return said.pop(0) if said else None

    monkeypatch.setattr(redis.client.PubSub, "get_message", get_message)
    news = Subscription(redis.ConnectionPool())
    news.said, news.asked, news.pinged = said, asked, []
    news.ping = news.pinged.append
    return news


def message(data, kind="message"):
    return {"type": kind, "data": data}


SLICE_S = subscription._SLICE_S


def test_a_message_is_waited_for_no_longer_than_asked(news):
    assert news.get_message() is None
    assert news.get_message(timeout=2.5 * SLICE_S, ignore_subscribe_messages=True) is None
    assert news.asked == [
        (False, 0.0), (True, SLICE_S), (True, SLICE_S), (True, pytest.approx(SLICE_S / 2)),
    ]  # fmt: skip
    news.asked.clear()
    news.said += [None, None, None, message(b"a"), message(b"b")]
    assert news.get_message(timeout=None) == message(b"a")
    assert news.asked == [(False, SLICE_S)] * 4
    assert news.get_message() == message(b"b")


def test_a_pong_of_ours_is_not_the_user_s_and_what_came_before_it_is(news):
    first, second = news.say_ping(), news.say_ping()
    assert news.pinged == [first, second] == ["sessionctl-1", "sessionctl-2"]
    theirs = message(b"mine", "pong")
    news.said += [message(b"a"), theirs, message(second.encode(), "pong"), message(b"b")]
    news.said += [message(first, "pong"), message(b"c")]
    news.await_pong(first, soon())
    news.await_pong(second, soon())
    assert [news.get_message() for _ in range(4)] == [
        message(b"a"), theirs, message(b"b"), message(b"c"),
    ]  # fmt: skip
    assert news._pongs == set()
    with pytest.raises(DeadlineError, match=r"\Ano answer to PING while subscribed\Z"):
        news.await_pong(first, Deadline(0))


def test_one_that_listens_ends_with_the_subscription(news, monkeypatch):
    states = [True, True, True, False]
    monkeypatch.setattr(Subscription, "subscribed", property(lambda _self: states.pop(0)))
    news.said += [message(b"a"), message(b"b"), message(b"c")]
    assert list(news.listen()) == [message(b"a"), message(b"b"), message(b"c")]


def test_what_is_subscribed_to_is_sorted_text(news):
    assert news.names() == {}
    news.channels = {b"b": None, "a": None, b"\xff": None}
    assert news.names() == {"channels": ["a", "b", "\ufffd"]}
    news.patterns = {b"p*": None}
    assert news.names() == {"channels": ["a", "b", "\ufffd"], "patterns": ["p*"]}
