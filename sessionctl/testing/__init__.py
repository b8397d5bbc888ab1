"""For tests of what embeds sessionctl or plugs into it.

A host of the SDK has a clock and a watcher that do what a test says, points at which it can be
crashed, and a workspace of its own::

    from sessionctl.testing import TemporaryWorkspace

    with TemporaryWorkspace("notes") as desk:
        workspace = desk.open()
        ...
        desk.advance(0.5)

``sessionctl.testing.adapters`` cuts the connections of adapters.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.testing.crash_point import CRASH_CODE, crash_at, crash_points, point_text
    from sessionctl.testing.fake_clock import FakeClock
    from sessionctl.testing.fake_watcher import FakeWatcher
    from sessionctl.testing.temporary_workspace import TemporaryWorkspace

__all__ = [
    "CRASH_CODE",
    "FakeClock",
    "FakeWatcher",
    "TemporaryWorkspace",
    "crash_at",
    "crash_points",
    "point_text",
]

_HOMES = {
    "CRASH_CODE": "crash_point",
    "FakeClock": "fake_clock",
    "FakeWatcher": "fake_watcher",
    "TemporaryWorkspace": "temporary_workspace",
    "crash_at": "crash_point",
    "crash_points": "crash_point",
    "point_text": "crash_point",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
