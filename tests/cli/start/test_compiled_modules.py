"""Modules loaded from what Python compiled: as Python loads them, and only where it would."""

from __future__ import annotations

import importlib.util
import os
import py_compile
import subprocess
import sys
from importlib.machinery import BuiltinImporter, PathFinder
from pathlib import Path

import pytest

import sessionctl
from sessionctl.cli.start.compiled_modules import CompiledModules, use_compiled_modules
from tests.together import together

NAME = "sessionctl.thing"
TAG = sys.implementation.cache_tag
PACKAGE = Path(sessionctl.__file__).parent


def spec_of(folder):
    return CompiledModules(f".{TAG}.pyc").find_spec(NAME, [str(folder)])


def run(spec):
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def thing(tmp_path):
    source = tmp_path / "thing.py"
    source.write_text("VALUE = 1\n", encoding="utf-8")
    py_compile.compile(str(source))
    return source


def test_a_module_is_what_python_makes_of_it(thing):
    ours, pythons = spec_of(thing.parent), PathFinder.find_spec(NAME, [str(thing.parent)])
    names = ("name", "origin", "cached", "parent", "submodule_search_locations", "has_location")
    assert [getattr(ours, name) for name in names] == [getattr(pythons, name) for name in names]
    module, same = run(ours), run(pythons)
    assert module.VALUE == 1
    for name in ("__file__", "__cached__", "__package__", "__name__", "__doc__"):
        assert getattr(module, name) == getattr(same, name), name
    assert isinstance(ours.loader, type(pythons.loader))
    assert ours.loader.get_source(NAME) == "VALUE = 1\n"


def test_a_package_is_what_python_makes_of_it(tmp_path):
    source = tmp_path / "thing" / "__init__.py"
    source.parent.mkdir()
    source.write_text("VALUE = __path__\n", encoding="utf-8")
    py_compile.compile(str(source))
    ours, pythons = spec_of(tmp_path), PathFinder.find_spec(NAME, [str(tmp_path)])
    assert ours.submodule_search_locations == pythons.submodule_search_locations
    assert ours.parent == pythons.parent == NAME
    assert run(ours).__path__ == run(ours).VALUE == run(pythons).VALUE


def test_a_package_goes_before_a_module_of_its_name(tmp_path, thing):
    source = tmp_path / "thing" / "__init__.py"
    source.parent.mkdir()
    source.write_text("VALUE = 2\n", encoding="utf-8")
    py_compile.compile(str(source))
    ours, pythons = spec_of(tmp_path), PathFinder.find_spec(NAME, [str(tmp_path)])
    assert ours.origin == pythons.origin == str(source)
    assert run(ours).VALUE == run(pythons).VALUE == 2
    not_compiled(source)
    assert spec_of(tmp_path) is None


def changed(source):
    source.write_text("VALUE = 12\n", encoding="utf-8")


def touched(source):
    os.utime(source, (1, 1))


def removed(source):
    source.unlink()


def not_compiled(source):
    Path(importlib.util.cache_from_source(str(source))).unlink()


def cut_short(source):
    compiled = Path(importlib.util.cache_from_source(str(source)))
    compiled.write_bytes(compiled.read_bytes()[:-4])


def emptied(source):
    Path(importlib.util.cache_from_source(str(source))).write_bytes(b"")


def of_another_python(source):
    compiled = Path(importlib.util.cache_from_source(str(source)))
    compiled.write_bytes(b"\0\0\r\n" + compiled.read_bytes()[4:])


def checked_by_hash(source):
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    py_compile.compile(str(source), invalidation_mode=mode)


@together(
    "spoil",
    [changed, touched, removed, not_compiled, cut_short, emptied, of_another_python,
     checked_by_hash],
)  # fmt: skip
def test_what_is_not_as_it_was_compiled_is_left_to_python(tmp_path, spoil):
    source = tmp_path / spoil.__name__ / "thing.py"
    source.parent.mkdir()
    source.write_text("VALUE = 1\n", encoding="utf-8")
    py_compile.compile(str(source))
    assert spec_of(source.parent) is not None
    spoil(source)
    assert spec_of(source.parent) is None


def test_modules_of_others_are_left_to_python(thing):
    finder = CompiledModules(f".{TAG}.pyc")
    assert finder.find_spec("thing", [str(thing.parent)]) is None
    assert finder.find_spec(NAME, None) is None
    assert finder.find_spec(NAME, [str(thing.parent)] * 2) is None


def test_a_module_that_is_loaded_again_is_read_again(thing):
    spec = spec_of(thing.parent)
    module = run(spec)
    changed(thing)
    spec.loader.exec_module(module)
    assert module.VALUE == 12


def test_it_stands_behind_whoever_watches_imports(monkeypatch):
    watcher = object()
    monkeypatch.setattr(sys, "meta_path", [watcher, BuiltinImporter, PathFinder])
    use_compiled_modules()
    use_compiled_modules()
    assert [type(one) for one in sys.meta_path] == [object, CompiledModules, type, type]
    monkeypatch.setattr(sys, "meta_path", [watcher])
    use_compiled_modules()
    assert sys.meta_path == [watcher]


def test_where_others_load_what_is_in_directories_it_does_nothing(monkeypatch):
    finders = [BuiltinImporter, PathFinder]
    monkeypatch.setattr(sys, "meta_path", [*finders])
    with monkeypatch.context() as patch:
        patch.setattr(sys, "path_hooks", [lambda path: None, *sys.path_hooks])
        use_compiled_modules()
        assert sys.meta_path == finders
    # One behind Python's own is asked about no directory.
    monkeypatch.setattr(sys, "path_hooks", [*sys.path_hooks, lambda path: None])
    use_compiled_modules()
    assert sys.meta_path != finders


def test_a_command_loads_its_modules_so_and_a_host_as_ever(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    program = (
        "import sys\n"
        "from sessionctl.__main__ import main\n"
        "main(sys.argv[1:])\n"
        "print(*(type(sys.modules[n].__loader__).__module__ for n in sys.modules\n"
        "        if n.startswith('sessionctl.core')))\n"
    )
    environ = dict(os.environ)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONOPTIMIZE"):
        environ.pop(name, None)
    for name, expected in (("sessionctl", PACKAGE.name), ("host", "_frozen")):
        script = tmp_path / name
        script.write_text(program, encoding="utf-8")
        for _ in range(2):  # the first may have to compile
            done = subprocess.run(
                [sys.executable, str(script), "get", str(file), "a"],
                env=environ,
                capture_output=True,
                encoding="utf-8",
                timeout=60,
            )
        assert done.returncode == 0, done.stderr
        loaders = done.stdout.splitlines()[-1].split()
        assert len(loaders) > 20
        assert all(loader.startswith(expected) for loader in loaders), loaders
