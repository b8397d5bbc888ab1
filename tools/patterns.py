"""Write the tables of compiled regular expressions that commands start with.

Run it after an edit of an expression: ``python -m tools.patterns [PYTHON]...``. A test fails until
then. Name the other versions of Python that the tables are for: each is asked for its code, and
counts when that is the same. One that is not named counts as before, until an expression is new;
all others compile at run time. ``--check`` writes nothing and exits with 1 where it would.
"""

# ruff: noqa: TID251 - each Python is asked for its code in a process of its own
from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from unittest.mock import patch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "sessionctl" / "core" / "regex"
CORE = "sessionctl.core"
PACKAGES = (
    "conflict", "diff", "keypath", "leftover", "render", "scan", "schema", "secrets", "session",
    "text", "toml", "workspace",
)  # fmt: skip
"""The parts of core that the commands of every day look through texts with."""
USE_CASES = (
    "sessionctl.services.documents.schema_choice",
    "sessionctl.services.scanning.key_files",
)
READING = frozenset(
    {
        "keypath", "scan.rules.key_names", "secrets.agefile", "secrets.identityfile",
        "secrets.sidecar", "text.shellwords", "toml.parse.inline_value", "toml.parse.lexer",
    }
)  # fmt: skip
"""The modules whose expressions are all that a command needs that reads one value."""
EVERYDAY = frozenset(
    {
        "sessionctl.services.documents.schema_choice",
        "conflict.marked_text", "diff.word_changes", "leftover", "scan.judgement",
        "scan.rules.commands.programs", "scan.rules.key_words", "scan.rules.shapes",
        "scan.rules.signs", "scan.rules.tokens", "schema.check.pattern", "secrets.exposure",
        "secrets.recipients", "text.managed_block", "text.source", "toml.edit.array_elements",
        "toml.escaped_paths", "toml.formatter", "toml.literal", "toml.parse.partial_reading",
        "toml.write.value_writer", "workspace.layout_cells",
    }
)  # fmt: skip
"""The modules whose expressions most files need; what neither has is in a table of its own."""
LARGEST = 1000
"""The most words of code of an expression in the first three tables."""

_HEAD = '''"""{title}

Made by ``python -m tools.patterns``: flags, number of groups, names of groups, code in hexadecimal,
which is loaded as one text and not as many numbers.
"""

from __future__ import annotations

# ruff: noqa: E501
# fmt: off
'''
_TYPE = "dict[tuple[str, int], tuple[int, int, tuple[tuple[str, int], ...], str]]"
_COMPILER = """
import json, re, re._compiler as compiler, sys, _sre
rows = []
for source, flags in json.load(sys.stdin):
    made = re.compile(source, flags)
    code = compiler._code(re._parser.parse(source, flags), flags)
    names = sorted(made.groupindex.items())
    rows.append([source, flags, made.flags, made.groups, names, [int(word) for word in code]])
json.dump([sys.implementation.cache_tag, int(_sre.MAGIC), rows], sys.stdout)
"""

_TRANSLATIONS = "# What the patterns of the session schema are for Python.\nTRANSLATIONS = {\n"

Expression = tuple[str, int]


def expressions() -> tuple[set[Expression], set[Expression], set[Expression]]:
    """Return source and flags of the expressions: for reading, of every day, and the others."""
    from sessionctl.core.regex import lazy_pattern

    reading: set[Expression] = set()
    everyday: set[Expression] = set()
    others: set[Expression] = set()
    later: list[Callable[[], Iterable[object]]] = []

    def noted(make: Callable[[str, int], object]) -> Callable[..., object]:
        def note(source: str, flags: int = 0) -> object:
            name = sys._getframe(1).f_globals["__name__"].removeprefix(f"{CORE}.")
            found = everyday if name in EVERYDAY else reading if name in READING else others
            (others if later else found).add((source, int(flags)))
            return make(source, flags)

        return note

    parts = {name: noted(getattr(lazy_pattern, name)) for name in ("late", "ready")}
    with patch.multiple(lazy_pattern, **parts):
        modules = list(map(import_module, module_names()))
        later += [module.ready_later for module in modules if hasattr(module, "ready_later")]
        for made_later in later:
            list(made_later())
    everyday.update((source, 0) for source in translations().values())
    everyday.update(patterns_of_tomllib())
    return reading, everyday - reading, others - everyday - reading


def translations() -> dict[str, str]:
    """Return the patterns of the session schema, each as Python writes it."""
    from sessionctl.core.schema.check.pattern import translated
    from sessionctl.core.schema.session_schema import SESSION

    return {pattern: translated(pattern) for pattern in sorted(patterns_in(SESSION))}


def patterns_of_tomllib() -> set[Expression]:
    """Return the expressions of the parser that guards edits."""
    import re

    module = vars(import_module("tomllib._re"))
    made = [value for value in module.values() if isinstance(value, re.Pattern)]
    return {(one.pattern, int(one.flags & re.VERBOSE)) for one in made}


def module_names() -> list[str]:
    """Return the modules to look for expressions in."""
    names = list(USE_CASES)
    for package in PACKAGES:
        name = f"{CORE}.{package}"
        names.append(name)
        path = getattr(import_module(name), "__path__", None)
        if path is not None:
            names += [module.name for module in walk_packages(path, f"{name}.")]
    return names


def patterns_in(schema: object) -> set[str]:
    """Return the patterns of a schema."""
    if isinstance(schema, list):
        return set().union(*map(patterns_in, schema))
    if not isinstance(schema, dict):
        return set()
    inner = set().union(*map(patterns_in, schema.values()))
    pattern = schema.get("pattern")
    keys = schema.get("patternProperties")
    return inner | ({pattern} if isinstance(pattern, str) else set()) | set(keys or ())


def compiled(python: str, wanted: set[Expression]) -> tuple[str, int, list[list]]:
    """Return the tag of ``python``, the number of its kind of code, and a row per expression."""
    done = subprocess.run(
        [python, "-c", _COMPILER],
        input=json.dumps(sorted(wanted)),
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(json.loads(done.stdout))


def table(title: str, rows: list[list], more: str = "") -> str:
    """Return the module with ``rows``."""
    lines = [_HEAD.format(title=title), more, f"CODES: {_TYPE} = {{\n"]
    for source, flags, all_flags, groups, names, code in rows:
        entry = (all_flags, groups, tuple(map(tuple, names)), written(code))
        lines.append(f"    ({source!a}, {flags}): {entry!r},\n")
    return "".join(lines) + "}\n"


def written(code: list[int]) -> str:
    """Return the words of a code as the tables have them."""
    return b"".join(word.to_bytes(4, "little") for word in code).hex(" ", 4)


def kept_magics(rows: list[list]) -> dict[str, int]:
    """Return what the tables count for, where they have the code of every expression already."""
    from sessionctl.core.regex.everyday_codes import CODES as EVERYDAY_CODES
    from sessionctl.core.regex.further_codes import CODES as FURTHER_CODES
    from sessionctl.core.regex.large_codes import CODES as LARGE_CODES
    from sessionctl.core.regex.reading_codes import CODES, MAGICS

    codes = CODES | EVERYDAY_CODES | FURTHER_CODES | LARGE_CODES
    has_all = all(
        (row[0], row[1]) in codes and codes[row[0], row[1]][-1] == written(row[-1]) for row in rows
    )
    return dict(MAGICS) if has_all else {}


def tables(pythons: list[str]) -> dict[Path, str]:
    """Return the text of each table."""
    reading, everyday, others = expressions()
    wanted = reading | everyday | others
    tag, magic, rows = compiled(sys.executable, wanted)
    magics = kept_magics(rows) | {tag: magic}
    for python in pythons:
        tag, magic, same = compiled(python, wanted)
        if same == rows:
            magics[tag] = magic
        else:
            sys.stderr.write(f"{python}: another code: it compiles at run time\n")
    counts = f"MAGICS = {dict(sorted(magics.items()))!r}\n"
    lines = (
        _TRANSLATIONS
        + "".join(f"    {one!a}: {other!a},\n" for one, other in translations().items())
        + "}\n"
    )
    large = [row for row in rows if len(row[-1]) > LARGEST]
    small = [row for row in rows if len(row[-1]) <= LARGEST]
    first = [row for row in small if (row[0], row[1]) in reading]
    often = [row for row in small if (row[0], row[1]) in everyday]
    rare = [row for row in small if (row[0], row[1]) in others]
    one_value = "The expressions that reading one value needs."
    return {
        TABLES / "reading_codes.py": table(one_value, first, counts),
        TABLES / "everyday_codes.py": table("The expressions that most files need.", often, lines),
        TABLES / "further_codes.py": table("The expressions that some files need.", rare),
        TABLES / "large_codes.py": table("The largest expressions.", large),
    }


def main() -> int:
    """Write the tables that are out of step."""
    is_check = "--check" in sys.argv
    stale = [
        (path, text)
        for path, text in tables([word for word in sys.argv[1:] if word != "--check"]).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if not is_check:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'stale' if is_check else 'wrote'}: {path.relative_to(ROOT)}\n")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
