"""Light pathlib: loaded without the modules that few of its functions need.

``urllib.parse`` is for ``as_uri`` alone, ``re`` and ``fnmatch`` are for patterns of names: with all
that they import they take several times as long as the rest of pathlib. While pathlib is
loaded, other modules have these names; each loads the real one when something of it is used.
Afterwards the names are free again.
"""

from __future__ import annotations

# pathlib itself is what is loaded here: plain os calls.
# ruff: noqa: PTH120
import os
import sys
from _frozen_importlib_external import PathFinder, SourceFileLoader
from _operator import attrgetter

from sessionctl.core.memory import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _frozen_importlib import ModuleSpec
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_NAME = "pathlib"
_URL = "urllib.parse"
_HEAVY = [_URL]
"""The modules that are not loaded."""
if sys.version_info < (3, 12):  # from there on pathlib uses some of these while it is loaded
    _HEAVY += ["fnmatch", "functools", "ntpath", "operator", "re", "warnings"]


def light_spec() -> ModuleSpec | None:
    """Return how pathlib is loaded lightly; None where Python should load it as ever.

    That is where the heaviest module is there already, where other threads could ask for it, and
    where another pathlib than that of Python comes first, of which nothing is known.
    """
    if _URL in sys.modules or "threading" in sys.modules:
        return None
    spec = PathFinder.find_spec(_NAME)
    if spec is None or type(spec.loader) is not SourceFileLoader:
        return None
    if not spec.loader.path.startswith(f"{os.path.dirname(os.__file__)}{os.sep}{_NAME}"):
        return None
    spec.loader = _LightLoader(spec.loader.name, spec.loader.path)
    return spec


class _LightLoader(SourceFileLoader):
    """Loads pathlib."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of pathlib."""
        lights = {name: _light(name) for name in _HEAVY if name not in sys.modules}
        sys.modules.update(lights)
        try:
            super().exec_module(module)
        finally:
            for name, light in lights.items():
                _free(name, light)


def _light(name: str) -> ModuleType:
    """Return a module that has what the module ``name`` has, and loads that when it is used."""
    made = type(sys)(name)

    def found(attribute: str) -> Any:
        if attribute.startswith("__"):  # what the import itself asks for
            raise AttributeError(attribute)
        _free(name, made)
        return getattr(_real(name), attribute)

    made.__getattr__ = found  # type: ignore[method-assign]
    made.__dict__.update(_TAKEN.get(name, {}))
    return made


def _free(name: str, light: ModuleType) -> None:
    if sys.modules.get(name) is light:
        del sys.modules[name]


def _real(name: str) -> ModuleType:
    __import__(name)
    return sys.modules[name]


def _quote_from_bytes(data: bytes, safe: str | bytes = "/") -> str:
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(data, safe)


def _lru_cache(most: int | None = 128) -> Callable[..., Any]:
    """Return what keeps the last ``most`` answers, as ``functools.lru_cache`` does."""
    return remembered(most)


_TAKEN: dict[str, dict[str, object]] = {
    _URL: {"quote_from_bytes": _quote_from_bytes},
    "functools": {"lru_cache": _lru_cache},
    "operator": {"attrgetter": attrgetter},
}
"""What pathlib takes from each while it is loaded."""
