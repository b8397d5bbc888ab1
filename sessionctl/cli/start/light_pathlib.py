"""Light pathlib: loaded without ``urllib.parse``, which it needs for ``as_uri`` alone.

That module, with ``ipaddress`` below it, takes more of a short command than the rest of pathlib.
While pathlib is loaded, a module of that name has the one function that pathlib takes from it; the
function loads the real one when it is called. Afterwards the name is free again.
"""

from __future__ import annotations

# pathlib itself is what is loaded here: plain os calls.
# ruff: noqa: PTH120
import os
import sys
from _frozen_importlib_external import PathFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _frozen_importlib import ModuleSpec
    from types import ModuleType

_NAME = "pathlib"
_HEAVY = "urllib.parse"


def light_spec() -> ModuleSpec | None:
    """Return how pathlib is loaded lightly; None where Python should load it as ever.

    That is where the heavy module is there already, where other threads could ask for it, and
    where another pathlib than that of Python comes first, of which nothing is known.
    """
    if _HEAVY in sys.modules or "threading" in sys.modules:
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
        """Run the code of pathlib; as ever where it asks for more than is given here."""
        light = type(sys)(_HEAVY)
        light.quote_from_bytes = _quote_from_bytes  # type: ignore[attr-defined]
        is_loaded = False
        sys.modules[_HEAVY] = light
        try:
            super().exec_module(module)
            is_loaded = True
        except ImportError:
            pass
        finally:
            del sys.modules[_HEAVY]
        if not is_loaded:
            super().exec_module(module)


def _quote_from_bytes(data: bytes, safe: str | bytes = "/") -> str:
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(data, safe)
