"""A disk that may lose power: what can be on it after a crash in the midst of some calls.

The model is stricter than the file systems of today: data that was not flushed may be there
in part or not at all, and names in a directory that was not flushed may be there in any
order. Only one call is atomic by itself: a name is changed wholly or not.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass, field


@dataclass(eq=False)
class Node:
    """A file's data, or a directory's names; what is ``safe`` is surely on the disk.

    ``pending`` are the changes of names since the directory was last flushed.
    """

    data: bytes = b""
    safe: bytes = b""
    names: dict[str, Node] | None = None
    safe_names: dict[str, Node] = field(default_factory=dict)
    pending: list[tuple] = field(default_factory=list)


class Disk:
    """The work directory as calls change it, and the states it may be found in."""

    def __init__(self, root: str) -> None:
        """Take what is in ``root`` as safely on the disk."""
        self.root = root
        self.top = self._load(root)
        self._open: dict[int, Node] = {}

    def _load(self, path: str) -> Node:
        if os.path.isdir(path):
            names = {name: self._load(os.path.join(path, name)) for name in os.listdir(path)}
            return Node(names=names, safe_names=dict(names))
        with open(path, "rb") as stream:
            data = stream.read()
        return Node(data, data)

    # -- calls -----------------------------------------------------------------------------

    def apply(self, call) -> None:
        """Change the disk as a call that went well does."""
        if call.result >= 0:
            getattr(self, f"_{call.name}", lambda _call: None)(call)

    def _openat(self, call) -> None:
        found = self._find(call.strings[0])
        if found is None:
            return
        directory, name = found
        if name is None:
            self._open[call.result] = directory
            return
        node = directory.names.get(name)
        if node is None:
            node = Node()
            self._name(directory, name, node)
        if "O_TRUNC" in call.arguments:
            node.data = b""
        self._open[call.result] = node

    def _write(self, call) -> None:
        node = self._open.get(call.descriptor)
        if node is not None:
            node.data += call.strings[0][: call.result]

    def _fsync(self, call) -> None:
        node = self._open.get(call.descriptor)
        if node is None:
            return
        node.safe = node.data
        node.safe_names = dict(node.names or {})
        node.pending.clear()

    def _close(self, call) -> None:
        self._open.pop(call.descriptor, None)

    def _mkdir(self, call) -> None:
        directory, name = self._find(call.strings[0])
        self._name(directory, name, Node(names={}))

    def _rename(self, call) -> None:
        (source, old), (target, new) = map(self._find, call.strings)
        node = source.names[old]
        assert source is target, "names move within one directory only"
        source.pending.append(("rename", old, new))
        target.names[new] = node
        del source.names[old]

    def _renameat2(self, call) -> None:
        (source, one), (_, other) = map(self._find, call.strings)
        source.pending.append(("exchange", one, other))
        source.names[one], source.names[other] = source.names[other], source.names[one]

    def _link(self, call) -> None:
        (source, old), (target, new) = map(self._find, call.strings)
        self._name(target, new, source.names[old])

    def _unlink(self, call) -> None:
        found = self._find(call.strings[0])
        if found is not None:
            directory, name = found
            directory.pending.append(("unlink", name))
            del directory.names[name]

    def _name(self, directory: Node, name: str, node: Node) -> None:
        directory.pending.append(("name", name, node))
        directory.names[name] = node

    def _find(self, path: bytes) -> tuple[Node, str | None] | None:
        """Return the directory and the name of a path; no name for a directory itself."""
        text = os.fsdecode(path)
        if text != self.root and not text.startswith(f"{self.root}/"):
            return None
        node = self.top
        parts = [part for part in re.split("/+", text[len(self.root) :]) if part]
        for part in parts[:-1]:
            node = node.names[part]
        if not parts:
            return node, None
        child = node.names.get(parts[-1])
        if child is not None and child.names is not None:
            return child, None
        return node, parts[-1]

    # -- states ----------------------------------------------------------------------------

    def states(self):
        """Yield every tree that may be on the disk if the power goes now."""
        yield from _trees(self.top)


def _trees(node: Node):
    """Yield what a node may be: bytes, or a dict of names."""
    if node.names is None:
        yield from _datas(node)
        return
    for names in _listings(node):
        keys = sorted(names)
        for children in itertools.product(*(list(_trees(names[key])) for key in keys)):
            yield dict(zip(keys, children, strict=True))


def _datas(node: Node):
    yield node.safe
    if node.data != node.safe:
        yield node.data
        yield node.data[: (len(node.safe) + len(node.data)) // 2]
        if not node.data.startswith(node.safe):
            yield b""


def _listings(node: Node):
    """Return the names that a directory may have: any of its pending changes may be missing."""
    seen = []
    for size in range(len(node.pending) + 1):
        for chosen in itertools.combinations(node.pending, size):
            names = _after(node.safe_names, chosen)
            if names is not None and names not in seen:
                seen.append(names)
    return seen


def _after(start: dict[str, Node], changes) -> dict[str, Node] | None:
    """Return the names after some changes; None where one of them is not possible."""
    names = dict(start)
    for change in changes:
        match change:
            case ("name", name, node):
                names[name] = node
            case ("rename", old, new):
                if old not in names:
                    return None
                names[new] = names.pop(old)
            case ("exchange", one, other):
                if one not in names or other not in names:
                    return None
                names[one], names[other] = names[other], names[one]
            case ("unlink", name):
                if names.pop(name, None) is None:
                    return None
    return names


def frozen(tree) -> object:
    """Return a state as a value that can be in a set."""
    if isinstance(tree, bytes):
        return tree
    return tuple(sorted((name, frozen(child)) for name, child in tree.items()))


def write_tree(tree, path: str) -> None:
    """Make a state real, in a directory of its own."""
    if isinstance(tree, bytes):
        with open(path, "wb") as stream:
            stream.write(tree)
        return
    os.makedirs(path, exist_ok=True)
    for name, child in tree.items():
        write_tree(child, os.path.join(path, name))
