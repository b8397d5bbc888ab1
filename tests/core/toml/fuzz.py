"""Random edits of documents, each checked against plain data and the oracle of lines."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta, timezone

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from tests.core.toml.corpus import complaints, plain_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random

SCALARS = [
    0, -17, 1.0, 2.5e-7, float("inf"), float("nan"), True, False, "", "text", "a 'q' and \"p\"",
    "back\\slash", "two\nlines", "tab\tand\x01", "é 漢 \U0001f600", "# no comment",
    date(2024, 2, 29),
    time(1, 2, 3, 500000), datetime(2024, 1, 1, 12, 0),  # noqa: DTZ001
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime(2024, 1, 1, 1, 2, 3, 40, timezone(timedelta(hours=-3, minutes=-30))),
]  # fmt: skip
KEYS = ["new", "name", "a", "b", "x", "a b", "", "dotted.key", "ünï", "b\nc", "port"]


def random_value(rng: random.Random, depth: int = 0):
    kind = rng.random()
    if kind < 0.55 or depth > 2:
        return rng.choice(SCALARS)
    if kind < 0.75:
        return {rng.choice(KEYS): random_value(rng, depth + 1) for _ in range(rng.randrange(4))}
    if kind < 0.9:
        return [random_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return [{rng.choice(KEYS): random_value(rng, depth + 2)} for _ in range(rng.randrange(3))]


def all_paths(value, path=()):
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += all_paths(item, (*path, key))
    return found


def at(value, path):
    for part in path:
        value = value[part]
    return value


def random_edit(rng: random.Random, value: dict):
    """Return the name of an edit, its arguments, the value meant and the path it touches."""
    paths = all_paths(value)
    meant = deepcopy(value)
    tables = [(), *(p for p in paths if isinstance(at(value, p), dict))]
    lists = [p for p in paths if isinstance(at(value, p), list)]
    kind = rng.choice(["set", "set", "insert", "insert", "item", "append", "delete", "rename"])
    if kind == "set" and paths:
        path, new = rng.choice(paths), random_value(rng)
        siblings = at(meant, path[:-1])
        is_mixed = isinstance(siblings, list) and _are_tables(siblings) and type(new) is not dict
        siblings[path[-1]] = new
        return "set", (path, new), meant, path[:-1] if is_mixed else path
    if kind in ("item", "append") and lists:
        path, new = rng.choice(lists), random_value(rng)
        if rng.random() < 0.5:
            new = {rng.choice(KEYS): random_value(rng, 2)}
        items = at(meant, path)
        index = len(items) if kind == "append" else rng.randrange(len(items) + 1)
        items.insert(index, new)
        scope = (*path, len(items)) if _are_tables(items) and len(items) > 1 else path
        call = ("append", (path, new)) if kind == "append" else ("insert", ((*path, index), new))
        return *call, meant, scope
    if kind == "delete" and paths:
        path = rng.choice(paths)
        del at(meant, path[:-1])[path[-1]]
        is_last = isinstance(path[-1], int) and not at(meant, path[:-1])
        return "delete", (path,), meant, path[:-1] if is_last else path
    named = [p for p in paths if isinstance(p[-1], str)]
    if kind == "rename" and named:
        path, key = rng.choice(named), rng.choice(KEYS)
        table = at(meant, path[:-1])
        if key not in table:
            table[key] = table.pop(path[-1])
            return "rename", (path, key), meant, path
    path = (*rng.choice(tables), *rng.sample(KEYS, rng.choice([1, 1, 1, 2])))
    new = random_value(rng)
    return _insertion(path, new, meant)


def _insertion(path, new, meant):
    table = meant
    for part in path[:-1]:
        table = table.setdefault(part, {}) if isinstance(part, str) else table[part]
        if not isinstance(table, dict | list):
            return None
    if isinstance(table, list):
        return None
    if path[-1] in table:
        return None
    table[path[-1]] = new
    return "set", (path, new), meant, path


def _are_tables(items) -> bool:
    return all(isinstance(item, dict) for item in items)


def run_edit(document: Document, rng: random.Random) -> tuple[Document, list[str]]:
    """Return the document after a random edit, and what is wrong with it."""
    edit = random_edit(rng, document.value)
    if edit is None:
        return document, []
    name, arguments, meant, scope = edit
    after = getattr(document, name)(*arguments)
    wrong = []
    if not same_value(plain_value(after.text), meant):
        wrong.append("wrong value")
    if not same_value(after.value, meant):
        wrong.append("wrong own value")
    wrong += complaints(document.text, after.text, scope, deletes=name == "delete")
    if wrong:
        wrong = [f"{name} {arguments}: {each}" for each in wrong]
    return after, wrong
