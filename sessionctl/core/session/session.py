"""Session: a typed, read-only view of a session document, and its overrides per machine."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.scan.rules.key_names import is_secret_key
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.shellwords import quoted
from sessionctl.core.values import is_reference, table_in, tables_in, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value

_OS_NAMES = {"darwin": "macos", "mac": "macos", "win32": "windows", "cygwin": "windows"}


class SecretRef(NamedTuple):
    """The name of a secret; the value lives in the sealed file beside the session."""

    name: str


class Pane(NamedTuple):
    """A pane; ``run`` is an argv, a shell line, or None for a plain shell.

    ``start`` is "run", "type" or "skip".
    """

    name: str
    cwd: str
    run: tuple[str, ...] | str | None
    start: str

    @property
    def command(self) -> str:
        """What runs, as one would type it; a shell line begins with ``$``."""
        if self.run is None:
            return ""
        if isinstance(self.run, str):
            return f"$ {without_secrets(self.run)}"
        return without_secrets(" ".join(map(quoted, self.run)))


class Window(NamedTuple):
    """A window and its panes; ``layout`` is a layout's name, a layout string or empty."""

    name: str
    layout: str
    cwd: str
    panes: tuple[Pane, ...]


class ConnectionSpec(NamedTuple):
    """A connection as it is configured.

    ``secrets`` are its secret fields; None stands for a value written out in the file,
    which is not kept here. ``settings`` are the keys without a field of their own.
    """

    name: str
    driver: str
    url: str
    host: str
    port: int | None
    user: str
    database: str
    secrets: tuple[tuple[str, SecretRef | None], ...]
    settings: Table

    @property
    def address(self) -> str:
        """Where it leads: the URL without its password, or host and port."""
        if self.url:
            return self.url
        host = f"[{self.host}]" if ":" in self.host and self.port is not None else self.host
        return host if self.port is None else f"{host}:{self.port}"


class Override(NamedTuple):
    """Values that hold on some machines only: ``when`` says which, ``changes`` what."""

    when: Table
    changes: Table


class Session(NamedTuple):
    """A session; what the document lacks, or holds in another type, is empty here."""

    schema_version: int | None
    id: str
    name: str
    description: str
    root: str
    windows: tuple[Window, ...]
    connections: tuple[ConnectionSpec, ...]
    preferences: Table
    apps: Table
    overrides: tuple[Override, ...]


def read_session(value: Table) -> Session:
    """Return the session that the document's ``value`` describes; never raises.

    Unknown keys are passed over, a half-written session shows what it has.
    """
    version = value.get("schema_version")
    return Session(
        schema_version=version if type(version) is int else None,
        id=text_in(value, "id"),
        name=text_in(value, "name"),
        description=text_in(value, "description"),
        root=text_in(value, "root"),
        windows=tuple(_window(item) for item in tables_in(value, "windows")),
        connections=tuple(
            _connection(name, item)
            for name, item in table_in(value, "connections").items()
            if isinstance(item, dict)
        ),
        preferences=table_in(value, "preferences"),
        apps=table_in(value, "apps"),
        overrides=tuple(read_override(item) for item in tables_in(value, "overrides")),
    )


def resolve_overrides(value: Table, host: str, os_name: str) -> Table:
    """Return the session ``value`` as it is on one machine, without its overrides.

    The overrides that apply are laid over the session in their order: tables key by key,
    arrays of tables by the names of their items, all else is replaced.

    Args:
      value: the document's value; it is not changed.
      host: the machine's name; an override may give the part before the first dot.
      os_name: the operating system, "linux", "macos" or "windows", or as Python calls it.
    """
    result: Table = {key: item for key, item in value.items() if key != "overrides"}
    for item in tables_in(value, "overrides"):
        override = read_override(item)
        if applies(override, host, os_name):
            result = laid_over(result, override.changes)
    return result


def applies(override: Override, host: str, os_name: str) -> bool:
    """Return whether ``override`` holds on the machine ``host`` that runs ``os_name``.

    Every condition must hold; a list holds when one of its items does, ``*`` in a host
    stands for any characters. What is not understood does not hold.
    """
    here = {"host": {host.lower(), host.lower().partition(".")[0]}, "os": {os_key(os_name)}}
    for key, wanted in override.when.items():
        choices = wanted if isinstance(wanted, list) else [wanted]
        if not any(_matches(key, choice, here.get(key, set())) for choice in choices):
            return False
    return bool(override.when)


def _matches(key: str, wanted: object, names: set[str]) -> bool:
    if not isinstance(wanted, str):
        return False
    if key == "os":
        return os_key(wanted) in names
    return any(_fits_glob(wanted.lower(), name) for name in names)


def _fits_glob(pattern: str, name: str) -> bool:
    # Not a regular expression: many stars would make it slow.
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    if not name.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = name.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) >= position


def os_key(name: str) -> str:
    """Return an operating system as overrides name it."""
    name = name.lower()
    return _OS_NAMES.get(name, name)


def laid_over(below: Table, above: Table) -> Table:
    """Return the table ``below`` with the values of an override over it."""
    result = dict(below)
    for key, item in above.items():
        result[key] = over(below[key], item) if key in below else item
    return result


def over(below: Value, above: Value) -> Value:
    """Return what ``above`` makes of the value ``below``: joined with it, or in its place."""
    if not are_joined(below, above):
        return above
    if isinstance(below, dict) and isinstance(above, dict):
        return laid_over(below, above)
    assert isinstance(below, list)
    assert isinstance(above, list)
    return _items_over(below, above)


def are_joined(below: Value, above: Value) -> bool:
    """Return whether ``above`` is joined with ``below`` instead of taking its place."""
    if isinstance(below, dict) and isinstance(above, dict):
        # A reference is one thing: its name is not mixed into another table.
        return not is_reference(above)
    if isinstance(below, list) and isinstance(above, list):
        return bool(above) and all(map(item_name, above))
    return False


def _items_over(below: list[Value], above: list[Value]) -> list[Value]:
    result = list(below)
    for item in above:
        names = list(map(item_name, result))
        name = item_name(item)
        if name in names:
            index = names.index(name)
            result[index] = over(result[index], item)
        else:
            result.append(item)
    return result


def item_name(item: Value) -> str:
    """Return the name by which an item of a list is known, "" without one."""
    return text_in(item, "name") if isinstance(item, dict) else ""


def _window(value: Table) -> Window:
    panes = tuple(_pane(item) for item in tables_in(value, "panes"))
    return Window(text_in(value, "name"), text_in(value, "layout"), text_in(value, "cwd"), panes)


def _pane(value: Table) -> Pane:
    run = value.get("run")
    command: tuple[str, ...] | str | None = None
    if isinstance(run, list):
        command = tuple(str(word) for word in run)
    elif isinstance(run, str):
        command = run
    return Pane(
        text_in(value, "name"), text_in(value, "cwd"), command, text_in(value, "start") or "run"
    )


def _connection(name: str, value: Table) -> ConnectionSpec:
    port = value.get("port")
    secrets = {
        key: SecretRef(text_in(item, "secret")) if isinstance(item, dict) else None
        for key, item in value.items()
        if is_reference(item) or (is_secret_key(key) and isinstance(item, str | int))
    }
    own = {"driver", "url", "host", "port", "user", "database", *secrets}
    return ConnectionSpec(
        name=name,
        driver=text_in(value, "driver"),
        url=without_secrets(text_in(value, "url")),
        host=text_in(value, "host"),
        port=port if type(port) is int else None,
        user=text_in(value, "user"),
        database=_database(value.get("database")),
        secrets=tuple(secrets.items()),
        settings={key: item for key, item in value.items() if key not in own},
    )


def _database(value: object) -> str:
    # Redis numbers its databases.
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def read_override(value: Table) -> Override:
    """Return the entry of ``overrides`` that the table describes."""
    changes: Table = {key: item for key, item in value.items() if key != "when"}
    return Override(table_in(value, "when"), changes)
