"""Hold the check of schemas to a directory of public ones and their examples.

``python -m tools.public_schemas DIRECTORY``: below it are ``schemas/json/NAME.json``, files that
are valid in ``test/NAME/`` and others in ``negative_test/NAME/``: TOML, JSON or YAML. Each schema
is loaded, each example that TOML can express is checked, and the verdict compared with that of
jsonschema. Prints what took long, what was refused and where the verdicts differ; exit code 1 when
something did.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections import Counter
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import referencing
import referencing.jsonschema
import yaml
from jsonschema_specifications import REGISTRY as SPECIFICATIONS

from sessionctl import Document, SessionctlError, validate
from sessionctl.core.keypath import render_key
from sessionctl.core.schema.check.formats import has_format
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.words.forms import FORMATS
from sessionctl.core.toml.write.value_writer import render_pair
from sessionctl.services.documents.schema_source import read_schema

SLOW_S = 2.0


class Example(NamedTuple):
    """One value that a schema is applied to; ``is_valid`` is where it was found."""

    path: Path
    is_valid: bool
    value: Any


class Verdicts:
    """What was found, and counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.remarks: list[str] = []

    def count(self, what: str, remark: str = "") -> None:
        """Count one more of its kind; ``remark`` says which."""
        self.counts[what] += 1
        if remark:
            self.remarks.append(f"{what}: {remark}")


class _Loader(yaml.SafeLoader):
    """Takes dates for strings, as JSON has them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_value(path: Path) -> Any:
    """Return the value of an example; raises ``ValueError`` where it cannot be read."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    if path.suffix == ".json":
        return json.loads(text)
    if path.suffix in (".yaml", ".yml"):
        try:
            return yaml.load(text, _Loader)  # noqa: S506
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error
    raise ValueError("neither TOML, JSON nor YAML")


def is_table(value: Any) -> bool:
    """Return whether TOML can express ``value`` as a document."""
    return isinstance(value, dict) and _is_expressible(value)


def _is_expressible(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_expressible(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_expressible, value))
    return value is not None


def as_json(value: Any) -> Any:
    """Return ``value`` with its dates as strings."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime | date | clock) else value


def toml_text(value: dict[str, Any]) -> str:
    """Return ``value`` as a TOML document, one line for each key."""
    return "".join(f"{render_pair(render_key(key), item)}\n" for key, item in value.items())


def stock_validator(path: Path) -> Any:
    """Return jsonschema's validator for the schema in a file, which looks beside it.

    What is neither there nor a file allows everything, as for sessionctl.
    """
    data = json.loads(path.read_text(encoding="utf-8"))

    def retrieve(address: str) -> Any:
        near = path.parent / address.rpartition("/")[2]
        for file in (near, near.with_name(f"{near.name}.json")):
            if file.is_file():
                return referencing.Resource.from_contents(
                    json.loads(file.read_text(encoding="utf-8")),
                    default_specification=referencing.jsonschema.DRAFT7,
                )
        if not address.startswith("http"):
            raise referencing.exceptions.NoSuchResource(ref=address)
        return referencing.Resource.from_contents({}, referencing.jsonschema.DRAFT7)

    kind = jsonschema.validators.validator_for(data)
    registry = SPECIFICATIONS.combine(referencing.Registry(retrieve=retrieve))
    return kind(data, registry=registry, format_checker=_formats())


def _formats() -> jsonschema.FormatChecker:
    """Return a checker that holds strings to the formats that sessionctl does."""
    checker = jsonschema.FormatChecker(formats=())
    for name in FORMATS:
        checker.checks(name)(lambda value, name=name: _has(name, value))
    return checker


def _has(name: str, value: object) -> bool:
    return not isinstance(value, str) or has_format(name, value)


def examples(folder: Path, name: str) -> list[Example]:
    """Return the examples of a schema, those that can be read and written as TOML."""
    found = []
    for kind, is_valid in (("test", True), ("negative_test", False)):
        for path in sorted((folder / kind / name).rglob("*.*")):
            try:
                value = read_value(path)
            except (ValueError, RecursionError):
                continue
            if is_table(value):
                found.append(Example(path, is_valid, value))
    return found


def _load(path: Path, verdicts: Verdicts) -> Schema | None:
    start = time.process_time()
    try:
        schema = read_schema(str(path))
    except SessionctlError as error:
        what = "not self-contained" if "never fetched" in error.message else "refused"
        verdicts.count(what, error.message)
        return None
    took = time.process_time() - start
    verdicts.count("loaded")
    for address in schema.registry.absent_addresses:
        verdicts.count("without another one", f"{path.name}: {address}")
    if took > SLOW_S:
        verdicts.count("slow", f"{path.name} took {took:.1f} s")
    return schema


def _check(schema: Schema, stock: Any, example: Example, verdicts: Verdicts) -> None:
    where = "/".join(example.path.parts[-3:])
    try:
        problems = validate(Document.parse(toml_text(example.value)), schema)
    except SessionctlError as error:
        verdicts.count("could not", f"{where}: {error.message}")
        return
    errors = [problem for problem in problems if problem.is_error]
    verdicts.count("examples")
    if len(errors) < len(problems):
        verdicts.count("with a warning", f"{where}: {problems[0].message}")
    try:
        is_valid = stock.is_valid(as_json(example.value))
    except Exception as error:  # noqa: BLE001 - a pattern that Python does not know, a reference
        verdicts.count("not compared", f"{where}: {type(error).__name__}")
        is_valid = example.is_valid
    if is_valid is bool(errors):
        told = [problem.message for problem in errors]
        ours = "valid" if not errors else f"invalid: {told[0][:90]}"
        by_rule = {problem.rule for problem in errors}
        why = "stricter by TOML's types" if by_rule and by_rule <= _STRICTER else "differs"
        verdicts.count(why, f"{where}: {ours}")
    elif example.is_valid is bool(errors):
        verdicts.count("against the directory, as jsonschema", where)


_STRICTER = {"type"}


def main(arguments: list[str]) -> int:
    """Check every schema below the directory that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_AS_IT_IS)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--only", default="", help="only schemas with this in their name")
    options = parser.parse_args(arguments)
    verdicts = Verdicts()
    slowest = (0.0, "")
    for path in sorted((options.directory / "schemas" / "json").glob("*.json")):
        if options.only not in path.name:
            continue
        start = time.process_time()
        schema = _load(path, verdicts)
        slowest = max(slowest, (time.process_time() - start, path.name))
        if schema is None:
            continue
        stock = stock_validator(path)
        for example in examples(options.directory, path.stem):
            _check(schema, stock, example, verdicts)
    counts = [f"{count:6} {what}" for what, count in sorted(verdicts.counts.items())]
    lines = [*sorted(verdicts.remarks), *counts]
    lines.append(f"the slowest to load: {slowest[1]}, {slowest[0]:.2f} s")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if verdicts.counts["slow"] or verdicts.counts["differs"] else 0


_AS_IT_IS = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
