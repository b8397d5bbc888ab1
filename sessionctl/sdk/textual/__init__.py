"""For Textual applications: widgets keep their state, and screens show how it stands.

``SessionMixin`` stands before ``App``; ``StatusBar`` is one line; ``SessionTable`` is a table that
knows its order. Needs the extra ``ui``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.sdk.textual.session_mixin import SessionMixin
    from sessionctl.sdk.textual.session_table import SessionTable
    from sessionctl.sdk.textual.status_bar import StatusBar

_HOMES = {
    "SessionMixin": "session_mixin",
    "SessionTable": "session_table",
    "StatusBar": "status_bar",
}

__all__ = [
    "SessionMixin",
    "SessionTable",
    "StatusBar",
]


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
