"""Calls that are counted where they are made: what a test holds instead of a time."""

from __future__ import annotations


def log_calls(monkeypatch, owner, name, noted=lambda first, *_, **__: first):
    """Return the list of what ``noted`` takes from each call of ``owner.name``, as it grows."""
    found = []
    function = getattr(owner, name)

    def logged(*arguments, **named):
        found.append(noted(*arguments, **named))
        return function(*arguments, **named)

    monkeypatch.setattr(owner, name, logged)
    return found
