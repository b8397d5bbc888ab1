"""Registry: every schema within a schema, looked through once, and where references lead."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.schema.reference.dialect import (
    NEWEST,
    Dialect,
    dialect_at,
    inner_schemas,
)
from sessionctl.core.schema.reference.equality import frozen
from sessionctl.core.schema.reference.saved_copy import is_of_network, names_itself, saved_copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import Any

    Node = dict[str, Any]
    Target = Node | bool

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class UnresolvedError(LookupError):
    """A reference leads nowhere; the argument is its address, ``reason`` more about it.

    ``origin`` is the schema that has it under ``keyword``. ``is_absent``: there is no such file,
    or it is an address of the network and no copy is at hand.
    """

    def __init__(self, address: str, reason: str = "", *, is_absent: bool = False) -> None:
        super().__init__(address)
        self.address = address
        self.reason = reason
        self.is_absent = is_absent
        self.origin: Node | None = None
        self.keyword = ""


class SchemaFile(NamedTuple):
    """A schema that others refer to by a relative address, and what its file is called.

    The one that all began with has no name.
    """

    name: str
    data: Any = None


class Resource(NamedTuple):
    """What has an address of its own: a schema with an ``$id``, or a whole file.

    ``file`` is the name of the file it is in. A schema of another draft, by a ``$schema`` inside,
    shares all but the draft.
    """

    address: str
    root: Node
    dialect: Dialect
    file: str
    anchors: dict[str, Node]
    dynamic: dict[str, Node]


class SchemaRegistry:
    """All schemas within one, and those it refers to; what was looked up is kept.

    Schemas are known by their identity as objects: nobody changes them meanwhile.
    """

    def __init__(
        self,
        root: Mapping[str, Any],
        charge: Callable[[int], None] = lambda _steps: None,
        find: Callable[[str, str], SchemaFile] | None = None,
    ) -> None:
        """Look through ``root``; each schema in it is charged as one step.

        ``find`` returns the schema that a relative address leads to, from the name of the file
        that refers to it, and raises ``UnresolvedError``. What is an address of the network and
        not at hand is left out: ``absent_address`` knows it.
        """
        self.root: Node = root  # type: ignore[assignment]
        self.is_dynamic = False
        self.has_published = False
        self.nodes: list[Node] = []
        self.files: list[SchemaFile] = []
        self._charge = charge
        self._find = find
        self._homes: dict[int, Resource] = {}
        self._resources: dict[str, Resource] = {}
        self._targets: dict[tuple[int, str], Target] = {}
        self._choices: dict[int, frozenset[Hashable]] = {}
        self._constraints: dict[int, tuple[str, ...]] = {}
        self._absent: dict[int, tuple[Node, str]] = {}
        self._add(self.root, "", "")

    def home(self, schema: Mapping[str, Any]) -> Resource:
        """Return the resource that ``schema`` belongs to."""
        found = self._homes.get(id(schema))
        if found is None:  # not reached by any keyword or reference: taken for a part of the root
            found = self._homes[id(self.root)]
            self._look_through(schema, found)  # type: ignore[arg-type]
            found = self._homes[id(schema)]
        return found

    def file_of(self, home: Resource) -> SchemaFile:
        """Return the file that a resource is in; that of the whole schema has no name."""
        found = (file for file in self.files if file.name == home.file)
        return next(found, SchemaFile("", self.root))

    def constraints(self, schema: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keywords of ``schema`` that a value has to meet."""
        found = self._constraints.get(id(schema))
        if found is None:
            found = self.home(schema).dialect.constraints(schema)
            self._constraints[id(schema)] = found
        return found

    def choices(self, values: list[Any]) -> frozenset[Hashable]:
        """Return the values of an ``enum``, frozen, to look one up in."""
        found = self._choices.get(id(values))
        if found is None:
            found = self._choices[id(values)] = frozenset(map(frozen, values))
        return found

    def target(self, schema: Mapping[str, Any], reference: str) -> Target:
        """Return the schema that a reference of ``schema`` leads to.

        Raises:
          UnresolvedError: it leads nowhere.
        """
        key = (id(schema), reference)
        found = self._targets.get(key)
        if found is None:
            home = self.home(schema)
            try:
                found = self._look_up(home, reference)
            except UnresolvedError as error:
                if not (error.is_absent and is_of_network(error.address)):
                    raise
                found = self._leave_out(error.address, home)
            self._targets[key] = found
        return found

    def absent_address(self, schema: object) -> str:
        """Return the address of the schema in whose place ``schema`` stands, else "".

        It is one of the network that is not at hand: nothing is known of what it allows.
        """
        return self._absent[id(schema)][1] if id(schema) in self._absent else ""

    @property
    def absent_addresses(self) -> tuple[str, ...]:
        """All addresses of the network that are not at hand, as far as they were looked up."""
        return tuple(address for _, address in self._absent.values())

    @property
    def reads_files(self) -> bool:
        """Whether it looks for schemas among files."""
        return self._find is not None

    def check_references(self) -> None:
        """Follow all references, so that none can fail later; raises ``UnresolvedError``."""
        for schema in self.nodes:  # grows while it is walked
            dialect = self.home(schema).dialect
            for keyword in REFERENCES:
                reference = schema.get(keyword)
                if isinstance(reference, str) and keyword in dialect.keywords:
                    try:
                        self.target(schema, reference)
                    except UnresolvedError as error:
                        error.origin, error.keyword = schema, keyword
                        raise

    # -- looking through -----------------------------------------------------------------

    def _add(self, root: Node, address: str, file: str, dialect: Dialect = NEWEST) -> Resource:
        self._look_through(root, Resource(address, root, dialect, file, {}, {}))
        return self._resources.setdefault(address, self._homes[id(root)])

    def _look_through(self, start: Node, resource: Resource) -> None:
        waiting: list[tuple[Any, Resource]] = [(start, resource)]
        while waiting:
            schema, outer = waiting.pop()
            if not isinstance(schema, dict) or id(schema) in self._homes:
                continue
            self._charge(1)
            home = self._homes[id(schema)] = self._home(schema, outer)
            self.nodes.append(schema)
            inner = [(item, home) for item in inner_schemas(schema) if isinstance(item, dict)]
            waiting += reversed(inner)

    def _home(self, schema: Node, outer: Resource) -> Resource:
        """Return the resource of ``schema``, which is in ``outer`` or begins one of its own."""
        home = outer
        if "$schema" in schema:
            home = home._replace(dialect=dialect_at(schema["$schema"]) or home.dialect)
        name = schema.get(home.dialect.identifier)
        if isinstance(name, str) and not (home.dialect.has_lone_references and "$ref" in schema):
            path, _, anchor = name.partition("#")
            if path:
                address = join(home.address, path)
                home = Resource(address, schema, home.dialect, home.file, {}, {})
                self._resources.setdefault(address, home)
            if anchor and home.dialect.has_lone_references:
                home.anchors.setdefault(anchor, schema)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(schema.get(keyword), str):
                home.anchors.setdefault(schema[keyword], schema)
        if isinstance(schema.get("$dynamicAnchor"), str):
            home.dynamic.setdefault(schema["$dynamicAnchor"], schema)
        self.is_dynamic = self.is_dynamic or not _DYNAMIC.isdisjoint(schema)
        return home

    # -- looking up ----------------------------------------------------------------------

    def _look_up(self, home: Resource, reference: str) -> Target:
        path, _, fragment = reference.partition("#")
        address = join(home.address, path) if path else home.address
        owner = self._resources.get(address)
        if owner is None:
            owner = self._foreign(home, path, address)
        if "%" in fragment:
            from urllib.parse import unquote

            fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            if fragment not in owner.anchors:
                raise UnresolvedError(reference)
            return owner.anchors[fragment]
        return self._point(owner, fragment)

    def _point(self, owner: Resource, pointer: str) -> Target:
        """Return the schema at a JSON pointer; what it passes through may have its own ``$id``."""
        target: Any = owner.root
        home = self._homes[id(target)]
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(target, dict) and key in target:
                target = target[key]
            elif (
                isinstance(target, list)
                and len(key) < 9
                and key.isdecimal()
                and int(key) < len(target)
            ):
                target = target[int(key)]
            else:
                raise UnresolvedError(pointer)
            home = self._homes.get(id(target), home)
        if not isinstance(target, dict | bool):
            raise UnresolvedError(pointer)
        if isinstance(target, dict) and id(target) not in self._homes:
            self._look_through(target, home)
        found: Target = target
        return found

    def _foreign(self, home: Resource, path: str, address: str) -> Resource:
        """Return what is not in the schema itself: a published one of JSON Schema, or a file."""
        published = _published(address)
        if published is not None:
            self.has_published = True
            return self._add(published, address, home.file)
        own = self._homes[id(self.file_of(home).data)]
        is_beside = _directory(own.address) == _directory(home.address)
        if self._find is not None and is_beside and ":" not in path and not path.startswith("/"):
            if "%" in path:
                from urllib.parse import unquote

                path = unquote(path)
            try:
                found = self._home_of_file(self._find(home.file, path), address)
                return self._resources.setdefault(address, found)
            except UnresolvedError as error:
                if not (error.is_absent and is_of_network(address)):
                    raise
        saved = self._saved(home, address)
        if saved is None:
            raise UnresolvedError(address, is_absent=True)
        return self._resources.setdefault(address, saved)

    def _saved(self, home: Resource, address: str) -> Resource | None:
        """Return a copy of a schema of the network that lies among the files."""
        copy = saved_copy(address)
        if copy is None or self._find is None:
            return None
        try:
            return self._home_of_file(self._find("", copy.by_address), address)
        except UnresolvedError as error:
            if not error.is_absent:
                raise
        try:
            file = self._find(home.file, copy.by_name)
        except UnresolvedError:
            return None
        return self._home_of_file(file, address) if names_itself(file.data, address) else None

    def _leave_out(self, address: str, home: Resource) -> Node:
        """Return what stands for the schema of an address that is not at hand."""
        for node, known in self._absent.values():
            if known == address:
                return node
        node = {}
        self._absent[id(node)] = (node, address)
        self._homes[id(node)] = home
        return node

    def _home_of_file(self, file: SchemaFile, address: str) -> Resource:
        if not file.name:
            return self._homes[id(self.root)]
        known = next((one for one in self.files if one.name == file.name), None)
        if known is not None:
            return self._homes[id(known.data)]
        if not isinstance(file.data, dict):
            reason = f"refers to {file.name}, which is not a JSON Schema"
            raise UnresolvedError(address, reason)
        self.files.append(file)
        return self._add(file.data, address, file.name, self._homes[id(self.root)].dialect)


_DYNAMIC = frozenset({"$dynamicRef", "$recursiveRef"})


def join(base: str, reference: str) -> str:
    """Return the address that ``reference`` is, seen from ``base``; raises ``ValueError``."""
    if not base:
        return reference
    from urllib.parse import urljoin

    return urljoin(base, reference)


def _directory(address: str) -> str:
    return address.rpartition("/")[0]


def _published(address: str) -> Node | None:
    """Return a schema of JSON Schema itself, such as that of draft-07."""
    if "://json-schema.org/" not in address:
        return None
    # Loads all of them: only where one is referred to.
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    secure = "https" if "/draft/" in address else "http"
    plain = f"{secure}://{address.partition('://')[2]}"
    for name in (plain, f"{plain}#"):
        if name in REGISTRY:
            contents: Node = REGISTRY.contents(name)
            return contents
    return None
