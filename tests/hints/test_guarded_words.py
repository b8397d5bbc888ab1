"""Every word in a command line of ours that is printed comes from a function that quotes it.

Who writes a hint does not think of a name that begins with a hyphen or of a path with a space, so
the code is looked at: what stands behind "sessionctl ..." in a text is a constant, or comes from
``path_word`` (paths), ``last_words`` (names and keys) or ``quoted`` (what an option takes).
"""

from __future__ import annotations

import ast
import os
import re
import shlex

from sessionctl.core.text.shellwords import last_words
from tests.git.inprocess import run_inside
from tests.hints.collector import nodes_at
from tests.package_code import nodes
from tests.together import together
from tests.world import PACKAGE

_COMMAND = re.compile(r"(?:^|[ ;&(])sessionctl [a-z]")
# What an option takes cannot be taken for one; neither can what stands behind "--".
_OPTION = re.compile(r"--[a-z-]+[= ](?:[A-Z_{}]+=)?$| -- .*$")
_GUARDS = {"path_word", "last_words", "typed_word", "shell_word", "typed_path"}
# "sessionctl sync" with a directory of TypedGit or Situation, which are quoted where they are made.
_MADE_ELSEWHERE = {"place", "command", "word", "key_word", "file_word", "_options"}
# Numbers, options, names of adapters and of forms that the code knows, ids of keys and processes.
_HARMLESS = {
    "limit", "_option(undo)", "how.form", "adapter", "self.name", "record.adapter", "change.after",
    "SESSION", "_FILE", "THE_FILE", "pid", "self._timeout_s",
}  # fmt: skip


def _is_guarded(node, assigned, depth=0):  # noqa: C901, PLR0911 - one for each kind of expression
    def inner(one):
        return _is_guarded(one, assigned, depth + 1)

    match node:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id=name)) if name.lstrip("_") in _GUARDS:
            return True
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=name), _]):
            return name in _GUARDS
        case ast.Call(func=ast.Attribute(attr=attr, value=value), args=args):
            return attr == "file" or (
                all(map(inner, args)) if attr == "join" else attr == "rstrip" and inner(value)
            )
        case ast.Attribute(attr=attr):
            return attr in _MADE_ELSEWHERE
        case ast.GeneratorExp(elt=elt) | ast.ListComp(elt=elt):
            return inner(elt)
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return all(inner(getattr(one, "value", one)) for one in elts)
        case ast.IfExp(body=body, orelse=orelse):
            return inner(body) and inner(orelse)
        case ast.BinOp(left=left, right=right):
            return inner(left) and inner(right)
        case ast.JoinedStr():
            return not list(_unguarded(node, assigned, depth + 1))
        case ast.Name(id=name):
            values = assigned.get(name, [])
            return depth < 5 and bool(values) and all(map(inner, values))
    return False


def _unguarded(text, assigned, depth=0, start=0):
    before = ""
    for part in text.values:
        if isinstance(part, ast.Constant):
            before += part.value
            continue
        is_quoted = isinstance(part.value, ast.Call) and _name(part.value) == "quoted"
        is_right = is_quoted and _OPTION.search(before)
        if len(before) >= start and not is_right and not _is_guarded(part.value, assigned, depth):
            yield part.value
        before += "{}"


def _name(call):
    return getattr(call.func, "id", "")


def _assigned(function):
    found = {}
    for node in nodes(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
    return found


def unguarded_words(code):
    """Yield the line and the expression of each word of a command of ours that nothing quotes."""
    lines = [number for number, line in enumerate(code.split("\n"), 1) if "sessionctl " in line]
    for function in nodes_at(lines, ast.parse(code)):
        if not isinstance(function, ast.FunctionDef):
            continue
        assigned = _assigned(function)
        for text in nodes(function):
            if not isinstance(text, ast.JoinedStr):
                continue
            command = _COMMAND.search(
                "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in text.values)
            )
            for word in _unguarded(text, assigned, start=command.start()) if command else ():
                if ast.unparse(word) not in _HARMLESS:
                    yield text.lineno, ast.unparse(word)


def test_no_word_of_a_printed_command_is_left_unquoted():
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {word}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "sessionctl " in (code := path.read_text())
        for line, word in unguarded_words(code)
    ]
    assert not found


@together(
    ("words", "typed"),
    [
        (["db.password"], "db.password"),
        (["-x"], "-- -x"),
        (["a", "-x"], "-- a -x"),
        (["a b", "it's"], """'a b' 'it'"'"'s'"""),
        (["--force", "two\nlines"], "-- --force $'two\\x0alines'"),
        ([], ""),
    ],
)
def test_names_at_the_end_of_a_line_are_quoted_and_no_options(words, typed):
    assert last_words(*words) == typed


@together(
    ("code", "unguarded"),
    [
        ('f"sessionctl secret set {path_word(f)} {name}"', ["name"]),
        ('f"sessionctl secret set {path_word(f)} {quoted(name)}"', ["quoted(name)"]),
        ('f"sessionctl restore --tmux-socket={quoted(s)} {path_word(f)}"', []),
        ('f"{file}: store it: sessionctl secret set {path_word(f)} {last_words(n)}"', []),
        ('f"see {file}"', []),
    ],
)
def test_a_word_that_nothing_quotes_is_found(code, unguarded):
    found = unguarded_words(f"def hint(f, n, s, file, name):\n    return {code}\n")
    assert [word for _, word in found] == unguarded


def test_the_hints_on_a_secret_whose_name_begins_with_a_hyphen_work_as_typed(tmp_path):
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}

    def say(*words, stdin=""):
        return run_inside(*words, cwd=tmp_path, env=environ, stdin=stdin)

    def hint(done, text):
        line = next(line for line in done.stderr.splitlines() if text in line)
        return shlex.split(line.partition(f"{text}: sessionctl ")[2])

    session = 'schema_version = 1\nname = "a"\nenv.X = { secret = "-odd" }\n'
    (tmp_path / "a.session.toml").write_text(session)
    assert say("key", "new").returncode == 0
    stored = say(
        *hint(say("secret", "reveal", "--stdout", "a", "--", "-odd"), "store it"), stdin="hunter2"
    )
    assert stored.returncode == 0, stored.stderr
    assert say("secret", "reveal", "--stdout", "a", "--", "-odd").stdout.strip() == "hunter2"
