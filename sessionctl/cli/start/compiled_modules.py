"""Compiled modules: the modules of this package, loaded from where Python compiled them.

For each module Python looks through a directory, tries the endings of file names and asks for the
same file several times, which takes as long as the code itself. The modules of this package are
where their names say, so each is loaded with few questions: is the source as it was compiled,
and what is the code. A module for which the answer is no is left to Python, which compiles it.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH116
import os
import sys
from _frozen_importlib import BuiltinImporter, ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

_PACKAGE = "sessionctl."
_PATHLIB = "pathlib"
_BY_TIME = MAGIC_NUMBER + bytes(4)
"""How a file begins that was compiled by this Python, and is valid by the time of its source."""
_HOOKS = ["zipimporter", "path_hook_for_FileFinder"]
"""What Python asks first how modules of a directory are loaded; others may load them otherwise."""
_HEADER = 16
_NUMBER = 0xFFFFFFFF
_PIECE = 1 << 16
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def use_compiled_modules() -> None:
    """Load the modules of this package quickly from now on, where Python is used as usual.

    Whoever looks at imports before Python does so here too.
    """
    finders = sys.meta_path
    tag = sys.implementation.cache_tag
    is_usual = tag and not sys.flags.optimize and sys.pycache_prefix is None
    hooks = [getattr(hook, "__name__", "") for hook in sys.path_hooks[:2]]
    if not is_usual or hooks != _HOOKS or BuiltinImporter not in finders:
        return
    if not any(isinstance(finder, CompiledModules) for finder in finders):
        finders.insert(finders.index(BuiltinImporter), CompiledModules(f".{tag}.pyc"))


class CompiledModules:
    """Finds the modules of this package by their names, and pathlib in its light form."""

    __slots__ = ("_ending",)

    def __init__(self, ending: str) -> None:
        self._ending = ending

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how the module is loaded; None for those of others and what is not compiled."""
        if name == _PATHLIB:
            from sessionctl.cli.start.light_pathlib import light_spec

            return light_spec()
        if not name.startswith(_PACKAGE) or not isinstance(path, list) or len(path) != 1:
            return None
        place = f"{path[0]}{os.sep}"
        last = name.rpartition(".")[2]
        # A package goes before a module of its name, which an older version may have left there.
        # To be told that there is none by an exception would take longer than to ask.
        package = f"{place}{last}{os.sep}"
        is_package = os.access(f"{package}__init__.py", os.F_OK)
        folder, stem = (package, "__init__") if is_package else (place, last)
        source = f"{folder}{stem}.py"
        try:
            of_source = os.stat(source)
        except OSError:
            return None
        compiled = f"{folder}__pycache__{os.sep}{stem}{self._ending}"
        code = _code_of(source, of_source, compiled)
        if code is None:
            return None
        loader = _Loader(name, source, code)
        spec = ModuleSpec(name, loader, origin=source, is_package=is_package)
        spec.has_location = True
        spec.cached = compiled
        if is_package:
            spec.submodule_search_locations = [folder[:-1]]
        return spec


class _Loader(SourceFileLoader):
    """Runs code that was read already; all else is as Python does it."""

    def __init__(self, name: str, source: str, code: CodeType) -> None:
        super().__init__(name, source)
        self._code: CodeType | None = code

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of the module; the second time, in a reload, as it is by then."""
        code, self._code = self._code, None
        if code is None:
            super().exec_module(module)
        else:
            exec(code, module.__dict__)  # noqa: S102 - as every import does


def _code_of(source: str, of_source: os.stat_result, compiled: str) -> CodeType | None:
    """Return the code that Python would take from ``compiled``, None where it would not."""
    try:
        data = _bytes_of(compiled)
    except OSError:
        return None
    marks = (int(of_source.st_mtime) & _NUMBER).to_bytes(4, "little")
    marks += (of_source.st_size & _NUMBER).to_bytes(4, "little")
    if data[:_HEADER] != _BY_TIME + marks:
        return None
    try:
        code = loads(memoryview(data)[_HEADER:])  # noqa: S302 - what Python would run
    except (EOFError, TypeError, ValueError):
        return None
    if not isinstance(code, type(_code_of.__code__)):
        return None
    _fix_co_filename(code, source)
    return code


def _bytes_of(path: str) -> bytes:
    descriptor = os.open(path, _READ)
    try:
        data = part = os.read(descriptor, _PIECE)
        while len(part) == _PIECE:
            part = os.read(descriptor, _PIECE)
            data += part
        return data
    finally:
        os.close(descriptor)
