"""The shape of the package: public names, sizes, docstrings, what start-up may import."""

from __future__ import annotations

import ast
import functools
import os
import re
import subprocess
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

import sessionctl
from sessionctl import errors
from sessionctl.cli.commands.help import EXIT_CODES
from sessionctl.core.regex.lazy_pattern import COMPILES_AHEAD
from tests.package_code import code_of, module_code
from tests.together import together
from tests.world import PACKAGE

MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {
    "importlib.metadata", "jsonschema", "pyrage", "referencing", "rich", "textual", "tomlkit",
    "watchdog",
}  # fmt: skip


def name_of(module):
    return str(module.relative_to(PACKAGE.parent))


def unmeasured():
    """Return the environment without coverage's, which loads modules of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def modules_after(*arguments, cwd=None):
    """Return the modules that are loaded when sessionctl has run ``arguments``."""
    program = (
        "import sys\n"
        "from sessionctl.__main__ import main\n"
        "main(sys.argv[1:])\n"
        "print(); print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env=unmeasured(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_public_names_are_sorted():
    assert sessionctl.__all__ == sorted(sessionctl.__all__)


def test_every_public_name_has_a_home():
    assert set(sessionctl.__all__) == set(sessionctl._HOMES)


@together("name", sessionctl.__all__)
def test_a_public_name_can_be_imported(name):
    assert getattr(sessionctl, name) is not None
    assert name in dir(sessionctl)


def test_every_error_but_the_abstract_ones_is_public():
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert defined <= set(sessionctl.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sessionctl.nonsense


@together("module", MODULES, ids=name_of)
def test_a_module_has_a_docstring_and_a_readable_size(module):
    code = module_code(module)
    assert code.docstring, "a module opens with what lives here"
    is_generated = "Made by ``python -m tools." in code.docstring
    assert is_generated or code.lines <= 400


# -- imports: whoever changes a module knows that nothing below it can change -------------


def dotted_name(module):
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(code, names):
    """Yield what a module imports of ``names``, for types and inside functions too."""
    for node in code.imports:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        else:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                name = whole if whole in names else node.module
                if name in names:
                    yield name


def import_graph(codes):
    """Return which modules each one imports; ``codes`` has the code of each by its name."""
    return {name: set(imports_of(code, codes.keys())) - {name} for name, code in codes.items()}


def graph_of(sources):
    return import_graph({name: code_of(text) for name, text in sources.items()})


def package_graph():
    return import_graph({dotted_name(module): module_code(module) for module in MODULES})


def circle_in(graph):
    """Return the modules of one circle of imports, each imported by the next; none: []."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_module_imports_itself_by_way_of_others():
    assert circle_in(package_graph()) == []


@pytest.mark.parametrize(
    "line",
    [
        "import p.b",
        "from p import b",
        "from p.b import B",
        "if TYPE_CHECKING:\n    from p.b import B",
        "def f():\n    from p.b import B",
    ],
)
def test_every_kind_of_import_can_close_a_circle(line):
    sources = {"p": "", "p.a": line, "p.b": "from p import c", "p.c": "import p.a"}
    assert set(circle_in(graph_of(sources))) == {"p.a", "p.b", "p.c"}
    sources["p.c"] = "import os\nfrom p import b"
    assert set(circle_in(graph_of(sources))) == {"p.b", "p.c"}
    assert circle_in(graph_of(sources | {"p.c": "from os import path"})) == []


def test_importing_the_library_loads_nothing_else():
    program = "import sys, sessionctl; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=unmeasured(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stdout.split())
    assert not loaded & (HEAVY | {"click", "re", "typing"})
    assert {name for name in loaded if name.startswith("sessionctl")} == {"sessionctl"}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_no_click_and_nothing_heavy(argument):
    assert not modules_after(argument) & (HEAVY | {"click", "re", "typing"})


def test_a_light_command_loads_click_and_nothing_heavy():
    loaded = modules_after("help", "exit-codes")
    assert "click" in loaded
    assert not loaded & HEAVY


def test_the_merge_driver_loads_no_click_and_nothing_heavy(tmp_path):
    for name, text in {"base": "a = 1\n", "ours": "a = 2\n", "theirs": "a = 1\nb = 1\n"}.items():
        (tmp_path / name).write_text(text)
    call = ["--marker-size=7", "--path=x.toml", "--", "base", "ours", "theirs"]
    loaded = modules_after("git", "merge-driver", *call, cwd=tmp_path)
    assert (tmp_path / "ours").read_text() == "a = 2\nb = 1\n"
    assert not loaded & (HEAVY | {"click"})


def test_an_edit_of_a_key_loads_no_click_and_nothing_heavy(tmp_path):
    (tmp_path / "x.toml").write_text("a = 1\n")
    loaded = modules_after("set", "x.toml", "a", "2", cwd=tmp_path)
    assert (tmp_path / "x.toml").read_text() == "a = 2\n"
    slow = {"click", "filelock", "json", "logging", "pathlib", "platformdirs", "subprocess"}
    assert not loaded & (HEAVY | slow)


SESSION = """
schema_version = 1
name = "api"
since = 2026-11-01T10:00:00Z

[[windows]]
name = "editor"
layout = "c195,80x24,0,0[80x12,0,0,0,80x11,0,13,1]"

  [[windows.panes]]
  run = ["nvim", "a.py"]

  [[windows.panes]]
  run = "watchexec pytest"

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432
"""


@pytest.mark.skipif(not COMPILES_AHEAD, reason="expressions are compiled when they are used")
@pytest.mark.parametrize(
    "line",
    [
        "get api.session.toml connections.prod.port",
        "get api.session.toml windows[name=editor].panes[0].run",
        "list",
        "show api.session.toml",
    ],
)
def test_a_command_that_reads_compiles_no_expression(line, tmp_path):
    (tmp_path / "api.session.toml").write_text(SESSION)
    loaded = modules_after(*line.split(), cwd=tmp_path)
    slow = {
        "click", "contextlib", "datetime", "enum", "filelock", "functools", "importlib", "json",
        "pathlib", "re", "subprocess", "typing",
    }  # fmt: skip
    assert not loaded & (HEAVY | slow)


def test_the_page_of_the_command_line_lists_the_exit_codes_as_the_program_does():
    page = (PACKAGE.parent / "docs/command-line.md").read_text(encoding="utf-8")
    for code, meaning in EXIT_CODES:
        cell = meaning.replace("|", "\\|").replace("'", "`")
        assert f"| {code} | {cell} |" in page


# -- the house rules: a reader who opens a folder guesses where a thing lives, and is right --

LARGEST_FOLDER = 15
LARGE_FOLDERS = {
    "sessionctl/cli/commands": "one module a command: the table of commands is the way in",
}
COMMANDS = "a command's module has the name of the command, whatever else has it"
SHARED_MODULE_NAMES = {
    "sessionctl/cli/commands": COMMANDS,
    "sessionctl/cli/commands/secret": COMMANDS,
}
IRREGULAR = (
    "Begun|Bound|Broken|Brought|Chosen|Done|Drawn|Found|Given|Gone|Held|Kept|Known|Left|Lost|"
    "Made|Meant|Met|Seen|Sent|Shown|Taken|Told|Understood|Written"
)
PARTICIPLES = re.compile(f"_?(?:[A-Z][a-z]*[a-df-z]ed|{IRREGULAR})")
DIFF_CHANGE = "a change of a diff: the design names it so"
PARTICIPLE_CLASSES = {
    "Added": DIFF_CHANGE,
    "Modified": DIFF_CHANGE,
    "Moved": DIFF_CHANGE,
    "Removed": DIFF_CHANGE,
    "Renamed": DIFF_CHANGE,
}
TESTS = PACKAGE.parent / "tests"
MIRRORED = ("cli", "core", "services", "system")


@functools.cache
def classes():
    """Return each class of the package: its name and its module."""
    return tuple((name, module) for module in MODULES for name in module_code(module).classes)


def homes(pairs):
    """Return the places of each name that has more than one."""
    found = defaultdict(list)
    for name, module in pairs:
        found[name].append(name_of(module))
    return {name: places for name, places in found.items() if len(places) > 1}


def test_a_class_name_stands_for_one_thing_in_the_package():
    assert homes(classes()) == {}


def test_a_class_is_not_named_by_a_bare_participle():
    bare = {name for name, _ in classes() if PARTICIPLES.fullmatch(name)}
    assert bare == PARTICIPLE_CLASSES.keys()


@pytest.mark.parametrize("name", ["Settled", "Looked", "Told", "Found", "_Seen", "Kept", "Dated"])
def test_a_bare_participle_is_seen(name):
    assert PARTICIPLES.fullmatch(name)


@pytest.mark.parametrize("name", ["Seed", "_Feed", "CommentChanged", "Edition", "Keeper"])
def test_a_noun_is_no_participle(name):
    assert not PARTICIPLES.fullmatch(name)


def test_a_module_name_stands_for_one_idea():
    modules = [module for module in MODULES if module.stem not in {"__init__", "__main__"}]
    free = [m for m in modules if name_of(m.parent) not in SHARED_MODULE_NAMES]
    assert homes((module.stem, module) for module in free) == {}


def test_no_folder_is_too_large_to_be_taken_in():
    folders = defaultdict(int)
    for module in MODULES:
        folders[name_of(module.parent)] += module.stem != "__init__"
    assert {name for name, size in folders.items() if size > LARGEST_FOLDER} == LARGE_FOLDERS.keys()


def test_the_tests_mirror_the_packages():
    folders = [
        folder for area in MIRRORED for folder in [TESTS / area, *(TESTS / area).rglob("*/")]
    ]
    for folder in folders:
        if any(folder.glob("test_*.py")):
            assert (PACKAGE / folder.relative_to(TESTS) / "__init__.py").is_file(), name_of(folder)
