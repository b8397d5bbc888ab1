"""Documents of a wanted size to measure with: sessions as people write them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = """\
#:schema urn:sessionctl:schema:session:v1

# The session of the {name} service, on every machine.
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "{name}"
root = "~/src/{name}"

"""

_WINDOW = """\
# Window {n}: code beside its tests.
[[windows]]
name = "service-{n}"
layout = "{layout}"  # wide enough for {n}

  [[windows.panes]]
  name = "code"
  cwd = "services/service-{n}"
  run = ["nvim", "src/main_{n}.py", "+{n}"]

  [[windows.panes]]
  name = "tests"
  run = "watchexec -e py -- pytest -q tests/unit/test_{n}.py"
  start = "type"
  env = {{ RUST_LOG = "debug", PORT = "80{n}" }}

"""

_CONNECTION = """\
[connections.db-{n}]
driver = "postgres"
host = "db-{n}.example.org"
port = {port}
user = "app-{n}"
database = "service_{n}"
timeout_s = {n}.5
search_path = [
  "app_{n}",
  "public",  # what the migrations use
]
password = {{ secret = "db-{n}.password" }}

[preferences.service-{n}]
theme = "{theme}"
columns = [80, 100, {n}]
ratio = 0.{n}
is_pinned = true
since = 2026-01-{day:02}T03:04:05Z

"""


_LAYOUTS = ("main-vertical", "main-horizontal", "even-vertical", "even-horizontal", "tiled")
_THEMES = ("dark", "light", "solarized")


def session(size_bytes: int, first: int = 100) -> str:
    """Return a valid session of about ``size_bytes``: windows first, then connections.

    They are numbered from ``first``.
    """
    count = max(1, round((size_bytes - len(_HEAD)) / (len(_window(100)) + len(_connection(100)))))
    numbers = range(first, first + count)
    return _HEAD.format(name="api") + "".join([*map(_window, numbers), *map(_connection, numbers)])


def apart(text: str) -> tuple[str, str]:
    """Return two edits of a session that git merges by lines: ours, theirs."""
    ours = _every(text, "  run = [", 20, lambda line: line.replace("nvim", "hx"))
    theirs = _every(text, 'user = "app', 10, lambda line: line.replace("app", "reader"))
    return ours, theirs


def entangled(text: str) -> tuple[str, str]:
    """Return two edits of a session that clash by lines and not by key: ours, theirs."""
    ours = _every(text, "port = ", 10, lambda line: f"{line}0" if len(line) < 12 else line)
    theirs = _every(text, 'user = "app', 10, lambda line: line.replace("app", "reader"))
    return ours, theirs


def broken(text: str) -> str:
    """Return a session with three mistakes in it: two values, one unknown key."""
    text = text.replace('layout = "main-', 'layout = "mian-', 1)
    text = text.replace("port = 5100", 'port = "80a"', 1)
    return text.replace("timeout_s =", "timeuot_s =", 1)


def _window(n: int) -> str:
    return _WINDOW.format(n=n, layout=_LAYOUTS[n % len(_LAYOUTS)])


def _connection(n: int) -> str:
    theme = _THEMES[n % len(_THEMES)]
    return _CONNECTION.format(n=n, port=5000 + n % 1000, theme=theme, day=1 + n % 28)


def _every(text: str, begin: str, step: int, edit: Callable[[str], str]) -> str:
    """Return ``text`` with ``edit`` applied to every ``step``-th line that starts so."""
    lines = text.split("\n")
    found = [index for index, line in enumerate(lines) if line.startswith(begin)]
    for index in found[::step]:
        lines[index] = edit(lines[index])
    return "\n".join(lines)
