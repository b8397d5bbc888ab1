"""Records: all that commands answer in a test, whole, in a text file beside the test.

Tests ask for the words that matter to them; the record of a module, ``records/NAME.txt`` beside
``test_NAME.py``, has every other word too: a section for each test, and in it each command that
ran within its process, the exit code, and what was printed; and each error of ours that the test
asked for with ``pytest.raises``, with its class and hints. Where a section stands, another
answer fails the test. With RECORD=1 sections are written instead of compared; only what was
read and found right is committed. A test that answers with something new each time, or with more
than people read, has none.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import json
import os
import re
import shlex
import sys

import pytest
from click.testing import CliRunner

from sessionctl._version import __version__
from sessionctl.errors import SessionctlError
from tests.talks import PASSING
from tests.world import CHECKOUT

# Read now: the tests themselves run in another environment.
_WRITES = os.environ.get("RECORD") == "1"
_SECTION = re.compile(r"^## (.+)\n((?:(?!## ).*\n)*)", re.MULTILINE)
_SPACES = re.compile(r"(?<=\S)  +")
# What is another one each time, besides what is so in talks.
_NEW_EACH_TIME = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b"), "HASH"),
    (re.compile(r"\b[0-9a-f]{7,16}\b"), "HASH"),
    (re.compile(r'(?<="git_version": ")[\d.]+'), "V"),
    (re.compile(r"\(process \d+\)"), "(process N)"),
    (re.compile(r"\b(test_\w+\.py):\d+"), r"\1:N"),
    (re.compile(r"(?<=\.\./)test_\w+(?=/)"), "TEST"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.:+Z-]*"), "MOMENT"),
    (re.compile(r"\b\d+(?:\.\d+)? (ms|s|seconds?)\b"), r"N \1"),
    # A new window has the name of the server until its shell has started.
    (re.compile(r"\b(?:bash|tmux)(?=: pane )"), "SHELL"),
    (re.compile(r"Python 3\.\d+(?:\.\d+)?"), "Python V"),
    (re.compile(rf"\b{re.escape(__version__)}\b"), "VERSION"),
)
_WIDTH = 120
_MOST_LINES = 20
_current = []


@contextlib.contextmanager
def recorded(item):
    """Compare what commands answer while the test ``item`` runs with its record, if it has one."""
    file = item.path.parent / "records" / f"{item.path.stem.removeprefix('test_')}.txt"
    if not (_WRITES or file.exists()):
        yield
        return
    heard = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CliRunner, "invoke", _heard_by(heard, CliRunner.invoke))
        patch.setattr(pytest.RaisesExc, "__exit__", _seen_by(heard, pytest.RaisesExc.__exit__))
        _current.append(heard)
        try:
            yield
        finally:
            _current.pop()
    name = item.nodeid.partition("::")[2]
    said = _as_text(heard, item.funcargs)
    if _WRITES:
        _write(file, name, said)
        return
    expected = read_record(file).get(name)
    if expected is not None and expected != said:
        lines = expected.splitlines(keepends=True), said.splitlines(keepends=True)
        changes = "".join(difflib.unified_diff(*lines, str(file), "said now", n=1))
        pytest.fail(f"it is not what the record has (RECORD=1 writes it anew):\n{changes}", False)


def note(text):
    """Put ``text`` into the record of the test that runs."""
    if _current:
        _current[-1].append(text)


def read_record(file):
    """Return the sections of a record, by the names of their tests."""
    return dict(_SECTION.findall(file.read_text(encoding="utf-8")))


def _heard_by(heard, invoke):
    @functools.wraps(invoke)
    def hear(self, cli, args=None, **extra):
        done = invoke(self, cli, args, **extra)
        parts = (_folded(done.stdout), done.stderr)
        said = "".join(part if part.endswith("\n") else f"{part}%\n" for part in parts if part)
        heard.append(f"$ {shlex.join(args or ())}\n{said}[{done.exit_code}]")
        return done

    return hear


def _seen_by(heard, leave):
    @functools.wraps(leave)
    def see(self, kind, error, trace):
        is_expected = leave(self, kind, error, trace)
        if is_expected and isinstance(error, SessionctlError):
            hints = "".join(f"\n  hint: {hint}" for hint in error.hints)
            heard.append(f"{type(error).__name__}: {error.message}{hints}")
        return is_expected

    return see


def _folded(text):
    """Return an answer of ``--json`` with every part that fits into a line in one line."""
    try:
        return _in_lines(json.loads(text)) + "\n" if text.startswith(("{", "[")) else text
    except ValueError:
        return text


def _in_lines(value, margin="", name=""):
    line = f"{margin}{name}{json.dumps(value, ensure_ascii=False)}"
    if len(line) <= _WIDTH or not value or not isinstance(value, dict | list):
        return line
    pairs = ([(f"{json.dumps(key)}: ", part) for key, part in value.items()]
             if isinstance(value, dict) else [("", part) for part in value])  # fmt: skip
    begin, end = "{}" if isinstance(value, dict) else "[]"
    inner = ",\n".join(_in_lines(part, f"{margin}  ", key) for key, part in pairs)
    return f"{margin}{name}{begin}\n{inner}\n{margin}{end}"


def _as_text(heard, fixtures):
    """Return the answers without what differs from run to run and from machine to machine."""
    text = "".join(f"{one.rstrip()}\n" for one in heard)
    names = {name: str(fixtures[name]) for name in ("home", "tmp_path") if name in fixtures}
    if "tmp_path" in fixtures:
        names["others"] = str(fixtures["tmp_path"].parent)
    names |= {"checkout": str(CHECKOUT), "python": sys.executable}
    # The longest first: Python may lie in the checkout.
    for name, path in sorted(names.items(), key=lambda one: len(one[1]), reverse=True):
        lines = (
            _SPACES.sub("  ", line.replace(path, name.upper())) if path in line else line
            for line in text.split("\n")
        )
        text = "\n".join(lines)
    for pattern, shown in (*_NEW_EACH_TIME, *PASSING):
        text = pattern.sub(shown, text)
    text = text.encode("utf-8", "backslashreplace").decode()
    # A line that begins a section, or ends in spaces, would not be read as it was written.
    return re.sub(r"[ \t\r]+$", "", text, flags=re.MULTILINE).replace("\n##", "\n ##")


def _write(file, name, said):
    found = {}  # the test may have put something else in the place of os.stat: it is not asked
    with contextlib.suppress(FileNotFoundError):
        found = read_record(file)
    if said and (name in found or said.count("\n") <= _MOST_LINES):
        found[name] = said
    if not found:
        return
    with contextlib.suppress(FileExistsError):
        file.parent.mkdir()
    text = "".join(f"## {name}\n{said}" for name, said in found.items())
    file.write_text(text, encoding="utf-8")
