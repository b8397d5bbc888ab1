"""A watcher that is just starting holds its lock, and has not said yet what it watches."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from sessionctl.services.watching import watcher_registry as module
from sessionctl.services.watching.watcher_registry import Registry, RunningWatcher
from sessionctl.system.store.lock import Lock


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """Return a registry that looks at a held lock five times, and no longer."""
    moments = iter(range(100))
    monkeypatch.setattr(module, "monotonic", lambda: next(moments))
    monkeypatch.setattr(module, "_LOOKED_AT_S", 5)
    directory = tmp_path / "watchers"
    directory.mkdir(mode=0o700)
    return Registry(str(directory))


@pytest.fixture
def held(registry):
    with ExitStack() as stack:
        stack.enter_context(Lock(f"{registry.directory}/watch-a.lock", "the watcher"))
        yield stack


def then(monkeypatch, *steps):
    """Carry out a step at each pause, and nothing at the pauses after them."""
    left = list(steps)
    monkeypatch.setattr(module, "sleep", lambda _s: left.pop(0)() if left else None)


def described(registry, text):
    return lambda: Path(registry.directory, "watch-a.json").write_text(text)


def test_it_is_listed_as_soon_as_it_says_what_it_watches(registry, held, monkeypatch):
    whole = json.dumps({"pid": 7, "roots": ["/work"]})
    then(
        monkeypatch,
        described(registry, ""),
        described(registry, whole[:9]),
        described(registry, "{}"),
        described(registry, whole),
    )
    [found] = registry.running()
    assert found == RunningWatcher(7, ("/work",), f"{registry.directory}/watch-a.sock")


def test_one_who_only_looked_is_no_watcher(registry, held, monkeypatch):
    then(monkeypatch, held.close)
    assert registry.running() == []


def test_one_that_never_says_what_it_watches_is_listed_without_a_process(
    registry, held, monkeypatch
):
    then(monkeypatch)
    [found] = registry.running()
    assert found == RunningWatcher(0, (), f"{registry.directory}/watch-a.sock")
