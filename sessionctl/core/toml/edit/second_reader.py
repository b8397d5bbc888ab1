"""The second reader: ``tomllib``, which reads what an edit makes, started quickly.

To import it takes longer than all else an edit does, since it imports ``re``, ``typing`` and
``string``: for three expressions, a base class and the names of some characters. So a command
runs the code of ``tomllib``, the file that Python would import, and gives it these. Nothing of its
code is ours. Where it asks for anything else, as that of another Python may, it is imported.
"""

from __future__ import annotations

import sys
from _frozen_importlib_external import PathFinder

from sessionctl.core.memory import remembered
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import VERBOSE, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from types import ModuleType
    from typing import Any

_PACKAGE = "tomllib"
_HEAVY = ("re", "typing")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


def second_reader() -> ModuleType:
    """Return ``tomllib``, or its parser as a module that no one else sees."""
    is_quick = any(name not in sys.modules for name in _HEAVY)
    parser = _quick_parser() if is_quick else None
    if parser is not None:
        return parser
    import tomllib

    return tomllib


@remembered()
def _quick_parser() -> ModuleType | None:
    """Return the module ``tomllib._parser``; None where it asks for what is not given here."""
    package = PathFinder.find_spec(_PACKAGE)
    if package is None or package.submodule_search_locations is None:
        return None
    try:
        return _Loading(package.submodule_search_locations).parser()
    except (AttributeError, ImportError, TypeError):
        return None


class _Loading:
    """Runs modules of one package, and gives them what they import."""

    def __init__(self, places: Any) -> None:
        import builtins

        self._places = places
        self._given = _given()
        self._builtins = vars(builtins) | {"__import__": self._import}

    def parser(self) -> ModuleType:
        """Return the module that reads; what its functions import is given by Python again."""
        made = self._module("_parser")
        self._builtins["__import__"] = __import__
        return made

    def _module(self, name: str) -> ModuleType:
        """Return a new module of the package; raises ``ImportError``."""
        whole = f"{_PACKAGE}.{name}"
        spec = PathFinder.find_spec(whole, self._places)
        code = spec.loader.get_code(whole) if spec and spec.loader else None  # type: ignore[attr-defined]
        if code is None:
            raise ImportError(whole)
        made = _module(whole, __builtins__=self._builtins)
        exec(code, made.__dict__)  # noqa: S102 - what an import does
        return made

    def _import(self, name: str, *rest: Any) -> object:
        """Stand for ``__import__`` while the modules are made; raises ``ImportError``."""
        if name in self._given:
            return self._given[name]
        level = rest[3] if len(rest) > 3 else 0
        if level != 1:
            raise ImportError(name)
        return self._module(name)


def _given() -> dict[str, ModuleType]:
    """Return what stands for the modules that ``tomllib`` imports."""
    import _collections_abc

    try:
        import _datetime as moments  # type: ignore[import-not-found]
    except ImportError:  # another interpreter than CPython
        import datetime as moments
    letters = _LETTERS + _LETTERS.upper()
    return {
        "__future__": _module("__future__", annotations=annotations),
        "_types": _module("_types", Key=None, ParseFloat=None, Pos=None),  # for annotations alone
        "collections.abc": _collections_abc,
        "datetime": moments,
        "functools": _module("functools", lru_cache=_lru_cache),
        "re": _module("re", VERBOSE=VERBOSE, compile=_compiled),
        "string": _module(
            "string", ascii_letters=letters, digits=_DIGITS, hexdigits=f"{_DIGITS}abcdefABCDEF"
        ),
        "types": _module("types", MappingProxyType=type(type.__dict__)),
        "typing": _module("typing", Any=None, BinaryIO=None, NamedTuple=NamedTuple),
    }


def _module(name: str, **names: object) -> ModuleType:
    made = type(sys)(name)
    made.__dict__.update(names)
    return made


def _lru_cache(maxsize: int | None) -> object:
    return remembered(maxsize)


def _compiled(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` does; raises ``ImportError`` where that has to do it."""
    made = known(source, flags)
    if made is None:
        raise ImportError("re")
    return made
