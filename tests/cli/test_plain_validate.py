"""validate without click does just what it does with it."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.boundary import guarded
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.plain_validate import run_plain_validate
from tests.together import together

SCHEMA = json.dumps({"properties": {"port": {"type": "integer"}}, "required": ["port"]})


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.json").write_text(SCHEMA)
    (tmp_path / "good.toml").write_text("port = 1\n")
    (tmp_path / "bad.toml").write_text("port = 'x'\n[broken\n")
    (tmp_path / "api.session.toml").write_text('schema_version = 1\nname = "api"\nnme = 1\n')
    return tmp_path


def plain(*arguments):
    """Return exit code, stdout and stderr of the plain form; None when it has none."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    console = Console(stdout=out, stderr=err)
    codes = []

    def work():
        codes.append(run_plain_validate(["validate", *arguments], console))
        return codes[0] or 0

    code = guarded(work, console)
    if codes == [None]:
        return None
    return code, out.buffer.getvalue().decode(), err.getvalue()


@together(
    "arguments",
    [
        ["good.toml"],
        ["--schema", "s.json", "good.toml"],
        ["good.toml", "--schema=s.json", "bad.toml", "--no-cache"],
        ["--schema", "nowhere.json", "good.toml"],
        ["api.session.toml", "nowhere.toml"],
        ["."],
        [],
        ["--no-cache"],
    ],
)
def test_both_forms_do_the_same(arguments):
    one = plain(*arguments)
    assert one is not None
    result = CliRunner().invoke(app, ["validate", *arguments])
    code, out = (result.exit_code, result.stdout)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return  # how errors end is the same boundary for both
    assert one == (code, out, result.stderr)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--json", "good.toml"], ["--format", "sarif"], ["-q"], ["--schema"], ["--", "x"]],
)
def test_every_other_command_line_is_left_to_click(arguments):
    assert plain(*arguments) is None


def test_the_plain_form_loads_no_click_and_nothing_heavy():
    code = (
        "import sys\n"
        "from sessionctl.__main__ import main\n"
        "assert main(['validate', '--schema', 's.json', 'good.toml']) == 0\n"
        "heavy = {'click', 'hashlib', 'jsonschema', 'pathlib', 'subprocess', 'tomlkit',\n"
        "         'tomllib', 'multiprocessing', 'sessionctl.core.schema.words.report'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
