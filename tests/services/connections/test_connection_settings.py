"""What the keys that all connections have come to: limits, and the server of a circuit."""

from __future__ import annotations

from sessionctl.connections.manager.backoff import RetryLimits
from sessionctl.services.connections.connection_settings import limits_of, server_of
from tests.together import together


@together(
    ("retry", "limits"),
    [
        (None, RetryLimits()),
        (True, RetryLimits()),
        (False, RetryLimits(attempts=0)),
        ({}, RetryLimits()),
        ({"attempts": 3}, RetryLimits(attempts=3)),
        ({"attempts": True}, RetryLimits()),
        ({"initial_s": 1, "multiplier": 3, "most_s": 9}, RetryLimits(None, 1.0, 3.0, 9.0)),
        ({"initial_s": "x", "multiplier": 1.5, "most_s": "x"},
         RetryLimits(multiplier=1.5, most_s=RetryLimits().initial_s)),
    ],
)  # fmt: skip
def test_what_retry_says(retry, limits):
    assert limits_of(retry) == limits


@together(
    ("settings", "server"),
    [
        ({"driver": "http", "url": "https://api.example.org:8443/x"}, "api.example.org:8443"),
        ({"driver": "http", "url": "nothing", "host": "h"}, "nothing"),
        ({"driver": "postgres", "service": "prod", "host": "h"}, "postgres prod"),
        ({"driver": "redis", "socket": "/run/r"}, "redis /run/r"),
        ({"driver": "sqlite", "file": "a.db"}, "sqlite a.db"),
        ({"driver": "postgres", "hosts": ["a", "b:1"], "host": "h"}, "postgres a, b:1"),
        ({"driver": "redis", "sentinels": ["s:1"]}, "redis s:1"),
        ({"driver": "redis", "sentinels": []}, "redis localhost"),
        ({"driver": "ssh", "host": "h"}, "ssh h"),
        ({"driver": "ssh", "host": "h", "port": 22}, "h:22"),
        ({"driver": "line", "port": 7}, "localhost:7"),
        ({"driver": "line", "port": True}, "line localhost"),
    ],
)
def test_connections_to_one_server_share_its_name(settings, server):
    assert server_of(settings) == server
