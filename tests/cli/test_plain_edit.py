"""get and set without click do just what they do with it."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.boundary import guarded
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.plain_edit import run_plain
from sessionctl.core.regex.lazy_pattern import COMPILES_AHEAD
from sessionctl.core.toml.edit import guard
from sessionctl.core.toml.parse import document_text, parser, partial_reading
from sessionctl.services.documents.value_access import plan_set
from tests.together import together
from tests.world import PACKAGE


def plain(*arguments):
    """Return exit code, stdout and stderr of the plain form; None when it has none."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    console = Console(stdout=out, stderr=err)
    codes = []

    def work():
        codes.append(run_plain(arguments, console))
        return codes[0] or 0

    code = guarded(work, console)
    if codes == [None]:
        return None
    return code, out.buffer.getvalue().decode(), err.getvalue()


@together(
    "arguments",
    [
        ["get", "x.toml", "a"],
        ["get", "x.toml", "t"],
        ["get", "x.toml", "b"],
        ["get", "x.toml", "a b"],
        ["get", "x.toml", "token"],
        ["get", "nowhere.toml", "a"],
        ["set", "x.toml", "a", "2"],
        ["set", "x.toml", "t.new", "two words"],
        ["set", "x.toml", "token", "hunter2"],
        ["set", "x.toml", "a", "1"],
        ["set", "nowhere.toml", "a", "1"],
        ["set", "-n", "x.toml", "a", "2"],
        ["set", "-n", "x.toml", "a", "1"],
        ["set", "-n", "x.toml", "token", "hunter2"],
        ["set", "--dry-run", "x.toml", "t.new", "two words"],
        ["set", "-n", "nowhere.toml", "a", "1"],
    ],
)
def test_both_forms_do_the_same(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    text = "a = 1\ntoken = 'x'\n[t]  # t\nk = 'v'\n"
    (tmp_path / "x.toml").write_text(text)
    one = plain(*arguments)
    assert one is not None
    after = (tmp_path / "x.toml").read_text()
    (tmp_path / "x.toml").write_text(text)
    result = CliRunner().invoke(app, arguments)
    assert one == (result.exit_code, result.stdout, result.stderr)
    assert (tmp_path / "x.toml").read_text() == after


@together(
    "arguments",
    [
        [],
        ["get"],
        ["get", "x.toml"],
        ["get", "--json", "x.toml", "a"],
        ["get", "-", "a"],
        ["set", "x.toml", "a", "-1"],
        ["set", "-n"],
        ["set", "-n", "x.toml", "a", "-"],
        ["set", "-n", "-n", "x.toml", "a", "1"],
        ["set", "x.toml", "a", "1", "-n"],
        ["get", "-n", "x.toml", "a"],
        ["set", "x.toml", "a", "1", "2"],
        ["unset", "x.toml", "a"],
        ["show", "x.toml", "a"],
    ],
)
def test_every_other_command_line_is_left_to_click(arguments):
    assert plain(*arguments) is None


def test_the_plain_forms_load_no_click_and_nothing_heavy(tmp_path):
    (tmp_path / "x.session.toml").write_text('schema_version = 1\nname = "x"\n')
    program = (
        f"import sys; sys.path[:0] = [{str(PACKAGE.parent)!r}]\n"
        "from sessionctl.cli.output.console import Console\n"
        "from sessionctl.cli.start.plain_edit import run_plain\n"
        "assert run_plain(['set', 'x.session.toml', 'name', 'y'], Console()) == 0\n"
        "assert run_plain(['get', 'x.session.toml', 'name'], Console()) == 0\n"
        "print(*sys.modules)\n"
    )
    # Without site, where coverage starts: that has imports of its own.
    argv = [sys.executable, "-S", "-c", program]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, 'set x.session.toml: name: "x" -> "y"\n')
    answer, modules = done.stdout.splitlines()
    assert answer == "y"
    heavy = {"click", "dataclasses", "difflib", "json", "jsonschema", "pathlib", "tomlkit"}
    if COMPILES_AHEAD:  # else expressions are compiled when they are used
        heavy |= {"collections", "contextlib", "ctypes", "datetime", "enum", "functools", "re"}
        heavy |= {"signal", "string", "tomllib", "types", "typing"}
    assert not heavy & set(modules.split())


SESSION = (
    "schema_version = 1\nname = 'api'\n\n"
    + "".join(f"[[windows]]\nname = 'w{number}'\n# window {number}\n" for number in range(99))
    + "[preferences.service]\ntheme = 'slate'\n"
)
SPARED = {
    "bisect", "importlib.util", "json", "pathlib", "re", "sessionctl.cli.store_notes",
    "sessionctl.core.regex.further_codes", "sessionctl.core.scan.rules.commands",
    "sessionctl.core.schema.model", "sessionctl.core.schema.verdict", "sessionctl.core.text.source",
    "sessionctl.core.toml.edit.insertion", "sessionctl.core.toml.edit.single_edits",
    "sessionctl.core.toml.key_places", "tomllib", "typing", "urllib.parse",
}  # fmt: skip
"""What an edit of one value in a valid session needs nothing of."""


def modules_after_edit(tmp_path, *arguments):
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION, encoding="utf-8")
    program = (
        "import sys\n"
        "from sessionctl.__main__ import main\n"
        "before = set(sys.modules)\n"
        "code = main(sys.argv[1:])\n"
        "print(*(set(sys.modules) - before))\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, str(file), "preferences.service.theme", "sand"],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.skipif(not COMPILES_AHEAD, reason="expressions are compiled when they are used")
def test_an_edit_of_one_value_loads_what_it_needs(tmp_path):
    for arguments, most in ((["set"], 96), (["set", "-n"], 84)):
        loaded = modules_after_edit(tmp_path, *arguments)
        ours = {name for name in loaded if name.startswith("sessionctl")}
        assert not loaded & SPARED, arguments
        assert len(ours) <= most, arguments


def test_an_edit_of_one_value_reads_the_text_once_and_then_what_changed(tmp_path, monkeypatch):
    read, checked = [], []
    parse, second_reader = parser.parse, guard.second_reader

    def noted(text, *rest):
        read.append(len(text))
        return parse(text, *rest)

    class Reader:
        @staticmethod
        def loads(text):
            checked.append(len(text))
            return second_reader().loads(text)

    for module in (document_text, partial_reading):
        monkeypatch.setattr(module, "parse", noted)
    monkeypatch.setattr(guard, "second_reader", lambda: Reader)
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION, encoding="utf-8")
    plan_set(str(file), "preferences.service.theme", "sand")
    assert [size for size in read if size > 100] == [len(SESSION)]
    assert checked
    assert max(checked) < 100
