"""Whatever a file holds: no traceback, and every value is in the session or in the report."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.importers.imported import Importing
from sessionctl.core.importers.kind import KINDS
from sessionctl.core.importers.reading import read_source
from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.session_text import render_session
from sessionctl.core.text.source import Source
from sessionctl.errors import DocumentError
from tests.core.importers.reading_tools import read

KEYS = {
    "tmuxp": (
        "session_name start_directory windows panes shell_command shell_command_before options "
        "environment focus layout window_name window_index before_script cmd enter sleep_before "
        "global_options options_after plugins shell window_shell suppress_history"
    ),
    "tmuxinator": (
        "name root windows panes layout pre pre_window rvm rbenv pre_tab tabs project_name "
        "startup_window startup_pane on_project_start synchronize focused_pane attach editor logs "
        "socket_name enable_pane_titles pane_title_position pane_title_format post"
    ),
    "smug": (
        "session root windows panes commands name layout manual selected before_start stop env "
        "type attach_hook sendkeys_timeout tmux_options"
    ),
    "teamocil": (
        "session name root windows panes splits commands cmd focus layout options filters before "
        "after clear width height target cmd_separator with_env_var"
    ),
    "sesh": (
        "session window wildcard default_session name path startup_command startup_script windows "
        "import blacklist disable_startup_command preview_command tmuxp tmuxinator icon"
    ),
}
_LEAVES = st.one_of(
    st.just("MARK"), st.just("MARK"), st.just("MARK"), st.none(), st.booleans(), st.integers(-2, 9)
)


def values(kind):
    keys = st.sampled_from([*KEYS[kind].split(), "odd key", "TERM"])
    return st.recursive(
        _LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)
        ),
        max_leaves=25,
    )


def files(kind):
    """Draw a file that is likely to look like one of ``kind``."""
    inner = values(kind)
    window = st.one_of(inner, st.fixed_dictionaries({"panes": st.lists(inner, max_size=3)}))
    if kind == "tmuxinator":
        window = st.one_of(window, st.dictionaries(st.sampled_from("abc"), window, max_size=2))
    keys = st.sampled_from(KEYS[kind].split())
    rest = st.dictionaries(keys, inner, max_size=5)
    lists = {"sesh": "session", "tmuxp": "windows"}.get(kind, "windows")
    return st.builds(lambda one, two: {**two, lists: one}, st.lists(window, max_size=4), rest)


def marked(value, count):
    """Return ``value`` with a text of its own in the place of each mark."""
    if isinstance(value, dict):
        return {key: marked(item, count) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item, count) for item in value]
    if value != "MARK":
        return value
    count.append(f"m{len(count)}x")
    return count[-1]


def yaml_of(value, depth=0):
    """Return ``value`` as YAML with each scalar on a line of its own."""
    pad = "  " * depth
    if isinstance(value, dict) and value:
        return "".join(
            f"{pad}{json.dumps(key)}:{_below(item, depth)}" for key, item in value.items()
        )
    if isinstance(value, list) and value:
        return "".join(f"{pad}-{_below(item, depth)}" for item in value)
    return f"{pad}{json.dumps(value)}\n"


def _below(item, depth):
    if isinstance(item, dict | list) and item:
        return f"\n{yaml_of(item, depth + 1)}"
    return f" {json.dumps(item)}\n"


def toml_of(value):
    return render_session({k: v for k, v in value.items() if v is not None})


def without_nulls(value):
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(v) for v in value if v is not None]
    return value


def assert_nothing_is_silent(text, found, marks):
    """Check that each of ``marks`` is in a session, or that something is said of its line."""
    sessions = "\n".join(map(repr, found.sessions))
    said = {line for line, _, _ in found.report}
    for number, line in enumerate(text.split("\n"), 1):
        for mark in marks:
            if f'"{mark}"' in line and mark not in sessions:
                assert number in said, (mark, number, text, found)


@pytest.mark.parametrize("kind", ["tmuxp", "tmuxinator", "smug", "teamocil"])
@given(data=st.data())
def test_every_value_of_yaml_is_taken_or_reported(kind, data):
    marks = []
    text = yaml_of(marked(data.draw(files(kind)), marks))
    assert_nothing_is_silent(text, read(text, kind=kind), marks)


@given(files("tmuxp"), st.integers(0, 3))
def test_every_value_of_json_is_taken_or_reported(value, indent):
    marks = []
    text = json.dumps(marked(value, marks), indent=indent)
    assert_nothing_is_silent(text, read(text, "/x.json", "tmuxp"), marks)


@given(files("sesh"))
def test_every_value_of_toml_is_taken_or_reported(value):
    marks = []
    text = toml_of(without_nulls(marked(value, marks)))
    assert_nothing_is_silent(text, read(text, kind="sesh"), marks)


_FIELD = st.one_of(
    st.sampled_from(["pane", "window", "state", "main", "0", "1", ":*", ":-Z", "", ":", "zsh"]),
    st.just("MARK"),
    st.just(":MARK"),
    st.just(":/MARK"),
)
_PANE = st.tuples(
    st.just("pane"), st.just("main"), st.just("0"), st.just("1"), st.just(":*"), st.just("0"),
    st.sampled_from(["", "MARK", ":/MARK"]), st.just(":/MARK"), st.just("1"), st.just("vim"),
    st.sampled_from([":", ":MARK", ":MARK MARK"]),
)  # fmt: skip


@given(st.lists(st.one_of(_PANE, st.lists(_FIELD, min_size=1, max_size=13)), max_size=8))
def test_every_line_of_resurrect_is_taken_or_reported(lines):
    marks = []
    written = []
    for fields in lines:
        row = []
        for field in fields:
            while "MARK" in field:
                marks.append(f"m{len(marks)}x")
                field = field.replace("MARK", marks[-1], 1)
            row.append(field)
        written.append("\t".join(row))
    text = "\n".join(written)
    found = read(text, kind="resurrect")
    sessions = "\n".join(map(repr, found.sessions))
    said = {line for line, _, _ in found.report}
    for number, line in enumerate(written, 1):
        for mark in marks:
            if mark in line and mark not in sessions:
                assert number in said, (mark, text, found)


_NODES = ("pane", "tab", "layout", "pane_template", "floating_panes", "children", "args", "cwd")
_PROPERTIES = ("name", "size", "command", "edit", "cwd", "focus", "split_direction", "x", "odd")


def _kdl(value, depth=0):
    name, properties, children = value
    pad = "  " * depth
    line = "".join(f' {key}="MARK"' for key in properties)
    inner = "".join(_kdl(child, depth + 1) for child in children)
    return f"{pad}{name}{line} {{\n{inner}{pad}}}\n" if children else f"{pad}{name}{line}\n"


_KDL = st.recursive(
    st.tuples(
        st.sampled_from(_NODES), st.lists(st.sampled_from(_PROPERTIES), max_size=3), st.just(())
    ),
    lambda inner: st.tuples(
        st.sampled_from(_NODES),
        st.lists(st.sampled_from(_PROPERTIES), max_size=3, unique=True),
        st.lists(inner, max_size=4),
    ),
    max_leaves=15,
)


@given(st.lists(_KDL, max_size=4))
def test_every_value_of_a_layout_is_taken_or_reported(nodes):
    text = "layout {\n" + "".join(_kdl(node, 1) for node in nodes) + "}\n"
    marks = []
    while "MARK" in text:
        marks.append(f"m{len(marks)}x")
        text = text.replace("MARK", marks[-1], 1)
    found = read(text, "/x.kdl")
    sessions = "\n".join(map(repr, found.sessions))
    source = Source(text)
    covered = set()
    for problem in read_source(text, "/x.kdl", Importing("file")).problems:
        first, last = source.place(problem.span.start)[0], source.place(problem.span.end)[0]
        covered |= set(range(first, last + 1))
    lost_blocks = _blocks(
        text, {line for line, _, message in found.report if "is left out" in message}
    )
    for number, line in enumerate(text.split("\n"), 1):
        for mark in marks:
            if f'"{mark}"' in line and mark not in sessions:
                assert number in covered | lost_blocks, (mark, text, found)


def _blocks(text, starts):
    """Return the lines that are in the braces of a node that begins on one of ``starts``."""
    lines = text.split("\n")
    covered = set()
    for start in starts:
        depth = 0
        for number in range(start, len(lines) + 1):
            depth += lines[number - 1].count("{") - lines[number - 1].count("}")
            covered.add(number)
            if depth <= 0:
                break
    return covered


_PIECES = st.sampled_from([
    "session_name: x", "windows:", "- ", "  ", "\t", "{", "}", "[", "]", "&a", "*a", "<<: *a", ": ",
    '"', "'", "|", ">", "\n", "#", "!ruby/object:X", "!!python/object/apply:os.system [x]", "---",
    "...", "<%= @args[0] %>", "<% x %>", "pane\tmain\t0\t", "layout {", "[[session]]", "name = 1",
    "\u2028", "\x00", "\ud800", "é", "0o7", "1e999", ".nan", "yes", "~", "%", "@", "`", "\\",
    "\r\n", "\ufeff",
])  # fmt: skip


@given(
    st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=30), st.sampled_from(["", *KINDS])
)
def test_no_text_makes_a_traceback(pieces, kind):
    text = "".join(pieces)
    for path in ("/x.yaml", "/x.json", "/x.toml", "/x.kdl", "/x/last"):
        try:
            found = read_source(text, path, Importing("x"), kind)
        except DocumentError:
            continue
        for session in found.sessions:
            made = render_session({"schema_version": 1, **session.value}, session.comments)
            assert not [problem for problem in validate(made) if problem.severity == "error"]


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(DocumentError, match="expands to more than"):
        read("\n".join(lines), kind="tmuxp")


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "a:\n" + " - " * 3000])
def test_deep_nesting_is_refused(text):
    with pytest.raises(DocumentError):
        read(text, kind="tmuxp")
    with pytest.raises(DocumentError):
        read(text, "/x.json", kind="tmuxp")


def test_deep_nesting_of_kdl_is_refused():
    with pytest.raises(DocumentError):
        read("layout {" + "pane {" * 3000 + "}" * 3001, "/x.kdl")
