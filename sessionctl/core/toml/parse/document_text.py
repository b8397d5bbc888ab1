"""DocumentText: TOML text with its value and a map of what lies where."""

from __future__ import annotations

from sessionctl.core.keypath import ItemKey, KeyPath, as_path
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.parser import parse
from sessionctl.core.toml.parse.statement import ParseMemory, Statement
from sessionctl.core.values import described
from sessionctl.errors import KeyNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from sessionctl.core.keypath import Part
    from sessionctl.core.text.source import Source
    from sessionctl.core.toml.parse.tree import Node, Tree
    from sessionctl.core.values import Table, Value

_LISTED = 8


class DocumentText:
    """A TOML 1.0 text as it was parsed, to be read only; ``Document`` edits it.

    ``text`` is what was parsed, byte for byte; ``statements`` are its keys and headers in
    their order. ``pattern`` is the tree of another text with the same statements, if there is
    one; ``is_verified`` is false when an edit had only what it changed read a second time, by
    tomllib. Paths are given as a ``KeyPath``, a tuple of parts, or the text form
    ``"windows[0].name"``.
    """

    __slots__ = (
        "_tree", "is_verified", "name", "pattern", "statements", "text", "value",
    )  # fmt: skip

    def __init__(
        self, text: str, value: Table, statements: Sequence[Statement], name: str = ""
    ) -> None:
        self.text = text
        self.value = value
        self.statements = statements
        self.name = name
        self._tree: Tree | None = None
        self.pattern: Tree | None = None
        self.is_verified = True

    @classmethod
    def parse(cls, text: str, name: str = "", *, memory: ParseMemory | None = None) -> Self:
        """Return the document that ``text`` holds; ``name`` stands in error messages.

        Versions of one text parse faster when they are given the same ``memory``.

        Raises:
          ParseError: the text is not TOML 1.0; the message reads ``name:line:col: ...``.
        """
        value, statements = parse(text, name, memory)
        return cls(text, value, statements, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name or 'unnamed'}, {len(self.text)} characters>"

    @property
    def tree(self) -> Tree:
        """The tables and sections of the document, made when first asked for."""
        if self._tree is None:
            from sessionctl.core.toml.parse.tree import Tree

            self._tree = Tree(self.statements)
        return self._tree

    @property
    def outline(self) -> Tree:
        """A tree with the same statements, of which only the places may be other ones."""
        return self.pattern or self.tree

    @property
    def source(self) -> Source:
        """The text with its line numbers."""
        from sessionctl.core.text.source import Source

        return Source(self.text, self.name or "<string>")

    def get(self, path: str | Iterable[Part]) -> Value:
        """Return the value at ``path``.

        Raises:
          KeyNotFoundError: there is none; the hint names near keys.
        """
        value: Value = self.value
        for part in self.resolve(path):
            value = value[part]  # type: ignore[index]
        return value

    def __contains__(self, path: str | Iterable[Part]) -> bool:
        return self.reached(path) is not None

    def reached(self, path: str | Iterable[Part]) -> KeyPath | None:
        """Return what ``resolve`` returns, None where it would raise."""
        value: Value = self.value
        found: list[Part] = []
        for part in as_path(path):
            try:
                step = _step(value, part)
            except KeyNotFoundError:
                return None
            if step is None:
                return None
            found.append(step)
            value = value[step]  # type: ignore[index]
        return KeyPath(found)

    def resolve(self, path: str | Iterable[Part]) -> KeyPath:
        """Return ``path`` as keys and indexes only, each of which is there.

        Item keys become the index of the one item they name, negative indexes count
        from the end, and digits stand for an index where an array is.

        Raises:
          KeyNotFoundError: nothing sits at the path, or an item key names two items.
        """
        wanted = as_path(path)
        value: Value = self.value
        found: list[Part] = []
        for depth, part in enumerate(wanted):
            step = _step(value, part)
            if step is None:
                raise _not_found(wanted, KeyPath(wanted[:depth]), part, value)
            found.append(step)
            value = value[step]  # type: ignore[index]
        return KeyPath(found)

    def node(self, path: str | Iterable[Part]) -> Node:
        """Return the tree node at ``path``, inside inline values too.

        Raises:
          KeyNotFoundError: nothing sits at the path.
        """
        return self.tree.node_at(self.text, self.resolve(path))

    def leaf(self, path: KeyPath) -> Node | None:
        """Return the node at ``path`` in a key's value, without making the tree for it.

        Only its own place and what is inside it may be asked of it. ``path`` is resolved;
        None where a table or an array of tables with headers is there.
        """
        found = self.outline.leaf_at(path)
        if found is None:
            return None
        known, depth = found
        from sessionctl.core.toml.parse.tree import Leaf, within

        statement = self.statements[known.statement]
        span = Span(statement.value_start, statement.value_end)
        leaf = Leaf(known.parent, known.key, span, known.statement)
        return within(self.text, leaf, KeyPath(path[depth:]))

    def span(self, path: str | Iterable[Part]) -> Span:
        """Return where the value at ``path`` lies.

        A table with a header is placed at its header, a dotted or implicit table and an
        array of tables at the key of the first statement that makes it.

        Raises:
          KeyNotFoundError: nothing sits at the path.
        """
        return self.tree.value_span(self.node(path))

    def key_span(self, path: str | Iterable[Part]) -> Span:
        """Return where the key at ``path`` is written; the value's place for an element.

        Raises:
          KeyNotFoundError: nothing sits at the path.
        """
        return self.tree.key_span(self.node(path))


def _step(value: Value, part: Part) -> str | int | None:
    if isinstance(value, dict):
        return part if isinstance(part, str) and part in value else None
    if not isinstance(value, list):
        return None
    if isinstance(part, ItemKey):
        matches = [index for index, item in enumerate(value) if _is_named(item, part)]
        return matches[0] if len(matches) == 1 else None
    if isinstance(part, str):
        if not part.isascii() or not part.isdigit() or len(part) > 18:
            return None
        part = int(part)
    if -len(value) <= part < len(value):
        return part % len(value)
    return None


def _is_named(item: Value, name: ItemKey) -> bool:
    if not isinstance(item, dict) or name.field not in item:
        return False
    value = item[name.field]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text == name.value


def near_items(found: KeyPath, part: ItemKey, items: Sequence[Value]) -> list[str]:
    """Return the hint on items of the list at ``found`` whose names are nearly that of ``part``."""
    from sessionctl.core.text.near_words import nearest

    names = [item.get(part.field) for item in items if isinstance(item, dict)]
    # Of another field the value may be a secret.
    near = nearest(part.value, names, count=3) if part.field in ("name", "id") else []
    if not near:
        named = [name for name in names if isinstance(name, str)]
        return (
            _listed(found / ItemKey("name", name) for name in named) if part.field == "name" else []
        )
    return [f"did you mean {' or '.join(str(found / ItemKey(part.field, n)) for n in near)}?"]


def _near_keys(found: KeyPath, part: str, table: Table) -> list[str]:
    """Return the hint on keys of the table at ``found`` that are nearly ``part``, else on all."""
    from sessionctl.core.text.near_words import nearest

    near = nearest(part, table, count=3)
    if near:
        return [f"did you mean {' or '.join(str(found / key) for key in near)}?"]
    return _listed(found / key for key in table)


def _listed(paths: Iterable[KeyPath]) -> list[str]:
    """Return the hint that lists ``paths``, or their beginning; none of nothing."""
    names = list(map(str, paths))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [f"there are: {', '.join(names[:_LISTED])}{more}"] if names else []


def _not_found(wanted: KeyPath, found: KeyPath, part: Part, value: Value) -> KeyNotFoundError:
    from sessionctl.core.text.plural import counted

    place = f'"{found}"' if found else "the document"
    hints: list[str] = []
    if isinstance(value, dict) and isinstance(part, str):
        hints = _near_keys(found, part, value)
        what = f'{place} has no key "{part}"'
    elif isinstance(value, dict):
        what = f"{place} is a table, it has no item {KeyPath([part])}"
        if isinstance(part, ItemKey) and part.value in value:
            hints = [f"did you mean {found / part.value}?"]
    elif isinstance(value, list):
        what = f"{place} has {counted(len(value), 'item')}, and no item {KeyPath([part])}"
        if isinstance(part, ItemKey):
            same = [index for index, item in enumerate(value) if _is_named(item, part)]
            if same:
                what = f"{place} has {len(same)} items {KeyPath([part])}"
                hints = [f"name one by its place: {' or '.join(str(found / n) for n in same[:3])}"]
            else:
                hints = near_items(found, part, value)
        elif isinstance(part, int) and value:
            hints = [
                f"the first is {found / 0}"
                if part < 0
                else f"the last is {found / (len(value) - 1)}"
            ]
        elif isinstance(part, str):  # windows.web for windows[name=web]
            name = ItemKey("name", part)
            if any(_is_named(item, name) for item in value):
                meant = KeyPath((*found, name, *wanted[len(found) + 1 :]))
                hints = [f"did you mean {meant}?"]
            else:
                hints = near_items(found, name, value)
    else:
        what = f"{place} is {described(value)}, it has no keys"
    return KeyNotFoundError(f"{wanted}: {what}", hints=hints)
