"""sessionctl import: files of other tools become session files, and the report says the rest."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from sessionctl.services.importing.session_import import file_stem
from tests.world import need, run_sessionctl

pytest.importorskip("yaml")
pytest.importorskip("tree_sitter_kdl")

TMUXP = """\
# the shop
session_name: shop
start_directory: ./
before_script: ./setup
windows:
  - window_name: a
    panes: [vim]
"""
SESH = """\
[[session]]
name = "one"
path = "~/one"
[[session]]
name = "two 📥"
startup_command = "top"
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, code=0, stdin=None):
        result = CliRunner().invoke(app, ["import", *map(str, arguments)], input=stdin)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_a_session_is_written_and_the_report_goes_to_stderr(run, tmp_path):
    (tmp_path / "shop.yaml").write_text(TMUXP)
    result = run("shop.yaml")
    assert result.stdout == "shop.session.toml\n"
    assert 'shop.yaml:4:16: warning[import-runs]: before_script: "./setup"' in result.stderr
    text = (tmp_path / "shop.session.toml").read_text()
    assert "# the shop\n# Imported from shop.yaml of tmuxp.\n" in text
    assert 'root = "."' in text


def test_a_file_that_is_there_is_left_alone_without_force(run, tmp_path):
    (tmp_path / "shop.yaml").write_text(TMUXP)
    (tmp_path / "shop.session.toml").write_text("mine = 1\n")
    result = run("shop.yaml", code=1)
    assert "there is already a session" in result.stderr
    assert (tmp_path / "shop.session.toml").read_text() == "mine = 1\n"
    run("shop.yaml", "--force")
    assert (tmp_path / "shop.session.toml.1.bak").read_text() == "mine = 1\n"


def test_the_root_is_the_directory_of_the_file_wherever_the_session_goes(run, tmp_path):
    below = tmp_path / "src" / "shop"
    below.mkdir(parents=True)
    (below / "shop.yaml").write_text(TMUXP)
    run("src/shop/shop.yaml")
    assert 'root = "src/shop"' in (tmp_path / "shop.session.toml").read_text()
    assert f'root = "{below}"' in run("src/shop/shop.yaml", "--stdout").stdout
    run("src/shop/shop.yaml", "-o", "src/shop/x.session.toml")
    assert 'root = "."' in (below / "x.session.toml").read_text()


def test_a_file_with_many_sessions_gives_many_files_or_the_one_asked_for(run, tmp_path):
    (tmp_path / "sesh.toml").write_text(SESH)
    result = run("sesh.toml")
    assert result.stdout == "one.session.toml\ntwo.session.toml\n"
    assert 'the file of the session "two 📥" is two.session.toml' in result.stderr
    assert 'name = "two 📥"' in run("sesh.toml", "--session", "two 📥", "--stdout").stdout
    assert "choose one with --session: one" in run("sesh.toml", "--stdout", code=2).stderr
    assert "it has no session three" in run("sesh.toml", "--session", "three", code=1).stderr


def test_stdin_is_a_file_too(run):
    result = run("-", "--stdout", stdin=TMUXP)
    assert 'name = "shop"' in result.stdout
    assert "<stdin>:4:16:" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--stdout"], ["-n"]])
def test_an_answer_is_what_its_schema_says(run, tmp_path, arguments):
    (tmp_path / "shop.yaml").write_text(TMUXP)
    (tmp_path / "bad.yaml").write_text("a: [")
    (tmp_path / "ruby.yml").write_text("name: <%= `id` %>\nwindows: [{a: b}]\n")
    result = run("shop.yaml", "bad.yaml", "ruby.yml", "gone.yaml", "--json", *arguments, code=3)
    answer = json.loads(result.stdout)
    jsonschema.Draft202012Validator(json.loads(schema_text("output-import.v1"))).validate(answer)
    assert [file["kind"] for file in answer["files"]] == ["tmuxp", None, "tmuxinator", None]


def test_secrets_are_kept_out_and_said(run, tmp_path):
    (tmp_path / "x.yaml").write_text(
        "session_name: x\n"
        "environment: {DATABASE_URL: 'postgres://app:hunter2@db/app', API_TOKEN: s3cr3t-t0ken-9}\n"
        "windows:\n- panes:\n  - export TOKEN=hunter2abc\n  - psql postgres://app:hunter2@db/x\n"
        "  - name: not a key of tmuxp\n    password: hunter2hunter2\n"
    )
    result = run("x.yaml", "-v")
    text = (tmp_path / "x.session.toml").read_text()
    for secret in ("hunter2", "s3cr3t"):
        assert secret not in result.output + text
    assert "export TOKEN=***" in text
    assert "x.yaml:5:18: warning[secret-text]" in result.stderr
    assert "x.yaml:6:25: warning[secret-url]" in result.stderr


def test_all_files_below_a_directory_are_found(run, tmp_path):
    config = tmp_path / "config"
    for name, text in {
        "tmuxp/shop.yaml": TMUXP,
        "tmuxinator/farm.yml": "name: farm\nwindows:\n  - a: vim\n",
        "sesh/sesh.toml": SESH,
        "zellij/layouts/dev.kdl": 'layout { pane command="top"; }\n',
        "resurrect/last": "pane\tmain\t0\t1\t:*\t0\t\t:/x\t1\tbash\t:\n",
        "resurrect/tmux_resurrect_1.txt": "pane\told\t0\t1\t:*\t0\t\t:/x\t1\tbash\t:\n",
        "own/blog.yml": "session: blog\nwindows:\n  - name: code\n    commands: [vim]\n",
        "docker/compose.yml": "services: {a: {image: b}}\n",
        "k8s.yml": "windows: 3\n",
        "app.json": '{"windows": [1]}',
        "editor.yaml": "tabs: 4\nname: editor\n",
        "big.toml": 'a = "' + "x" * 2_000_000 + '"',
        "api.session.toml": 'schema_version = 1\nname = "api"\n',
        "node_modules/x.yaml": TMUXP,
    }.items():
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).write_text(text)
    (config / "link.yaml").symlink_to("tmuxp/shop.yaml")
    result = run("config", "--recursive", "--dir", "out")
    names = {"shop", "farm", "one", "two", "dev", "main", "blog"}
    assert {path.name.partition(".")[0] for path in (tmp_path / "out").iterdir()} == names
    assert "a directory" in run("config", code=2).stderr
    assert result.stdout.count("\n") == 7


def test_a_byte_that_is_not_utf8_costs_no_save_of_resurrect(run, tmp_path):
    line = b"pane\tmain\t0\t1\t:*\t0\tlab\t:/srv/%s\t1\tbash\t:\n"
    (tmp_path / "last").write_bytes(
        line % b"ok" + line.replace(b"\t0\tlab", b"\t1\tlab") % b"a\xff"
    )
    result = run("last", "--stdout")
    assert 'cwd = "/srv/ok"' in result.stdout
    assert 'cwd = "/srv/a\ufffd"' in result.stdout
    assert "last:2:1: warning[import-repaired]: bytes that are not UTF-8" in result.stderr
    (tmp_path / "other").write_bytes(b"session_name: caf\xe9\n")
    assert "other:1:18: not UTF-8" in run("other", code=1).stderr


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.yaml", "", "x.yaml: it is empty"),
        ("x.yaml", "\ufeff\r\n", "x.yaml: it is empty"),
        ("x.kdl", 'layout {\n  pane {\n    args "}"\n}\n', "x.kdl:1:8: error[syntax]: this brace"),
        ("x.kdl", "layout {\n  tab {\n  }\n", "x.kdl:1:8: error[syntax]: this brace"),
        ("x.kdl", "layout {\n  pane size= {}\n}\n", "x.kdl:2:"),
        ("x.kdl", "layout {\n  pane\n}}\n", "x.kdl:3:2: error[syntax]: this is not KDL"),
    ],
)
def test_what_cannot_be_read_has_its_place(run, tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    assert message in run(name, code=1).stderr


def test_a_missing_library_is_named_with_the_command_that_installs_it(run, tmp_path, monkeypatch):
    (tmp_path / "shop.yaml").write_text(TMUXP)
    (tmp_path / "x.kdl").write_text("layout { pane; }\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "yaml"]:
        monkeypatch.delitem(sys.modules, name)
    for module in ("yaml_nodes", "kdl_nodes"):
        monkeypatch.delitem(sys.modules, f"sessionctl.core.importers.nodes.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    for file, library in (("shop.yaml", "PyYAML"), ("x.kdl", "tree-sitter")):
        stderr = run(file, code=3).stderr
        assert f"{file}: cannot read it without {library}" in stderr
        assert "-m pip install 'pyyaml>=6'" in stderr
    (tmp_path / "x.json").write_text('{"session_name": "x", "windows": []}')
    run("x.json")


def test_the_readers_are_loaded_by_this_command_alone(tmp_path):
    (tmp_path / "x.toml").write_text("a = 1\n")
    program = (
        "import sys; from sessionctl.__main__ import main\n"
        "main(['get', 'x.toml', 'a']); main(['import', '--help'])\n"
        "print('yaml' in sys.modules, 'tree_sitter' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.endswith("False False\n"), done.stdout + done.stderr


def test_ruby_is_filled_in_from_what_is_given(run, tmp_path):
    (tmp_path / "kata.yml").write_text(
        "# <%= @name %>\nname: kata-<%= @args[0] %>\n"
        'root: <%= ENV["HOME"] %>/<%= @settings["set"] %>\n'
        'windows:\n  - editor: vim <%= @settings["file"] || "README.md" %>\n'
    )
    assert "give it with --arg" in run("kata.yml", code=1).stderr
    result = run("kata.yml", "--arg", "elm", "--set", "set=one", "--stdout")
    assert 'name = "kata-elm"' in result.stdout
    assert 'root = "~/one"' in result.stdout
    assert 'run = "vim README.md"' in result.stdout
    assert "kata.yml:5:17: note[import-note]" in result.stderr


def test_a_file_of_no_known_tool_is_refused(run, tmp_path):
    (tmp_path / "x.yml").write_text("services: {}\n")
    result = run("x.yml", code=1)
    assert "x.yml: it is not a file of a known tool" in result.stderr
    assert "--from" in result.stderr


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("dots ⚙️", "dots"),
        ("a/b:c", "a-b-c"),
        ("a.b", "a.b"),
        ("-x", "x"),
        ("📥", "session"),
        ("..", "session"),
    ],
)
def test_names_of_files_are_safe(name, stem):
    assert file_stem(name) == stem


def test_it_works_as_a_process(tmp_path):
    (tmp_path / "shop.yaml").write_text(TMUXP)
    done = run_sessionctl("import", "shop.yaml", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "shop.session.toml\n")
    assert run_sessionctl("validate", "shop.session.toml", cwd=tmp_path).returncode == 0


def tmux(*arguments):
    call = ["tmux", "-L", "import", *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout


def wait_for(holds, deadline_s=20):
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_an_imported_session_can_be_restored_and_later_lines_go_into_the_first(
    run, tmp_path, monkeypatch
):
    """A list below a window of tmuxinator: what the first command starts reads the others."""
    need("tmux")
    monkeypatch.setenv("TMUX_TMPDIR", str(tmp_path))
    monkeypatch.setenv("SHELL", need("bash"))
    (tmp_path / "shop.yml").write_text(
        "name: shop\npre_window: export STAGE=dev\nwindows:\n"
        "  - steps:\n      - cat > into\n      - second line\n"
        "  - logs:\n      layout: even-vertical\n"
        "      panes: ['echo $STAGE > out.part; mv out.part out', null]\n"
        "  - logs:\n"
    )
    run("shop.yml")
    socket = ["--tmux-socket", "import"]
    try:
        done = run_sessionctl("restore", "shop.session.toml", *socket, "--yes", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        wait_for(lambda: (tmp_path / "out").exists() and (tmp_path / "into").exists())
        names = tmux("list-windows", "-F", "#{window_name} #{window_panes}")
        assert names.splitlines() == ["steps 1", "logs 2", "logs 1"]
        assert (tmp_path / "out").read_text() == "dev\n"
        wait_for(lambda: "\nsecond line\n" in tmux("capture-pane", "-p", "-t", "shop:steps"))
        tmux("send-keys", "-t", "shop:steps", "C-d")
        wait_for(lambda: (tmp_path / "into").read_text() == "second line\n")
    finally:
        subprocess.run(["tmux", "-L", "import", "kill-server"], capture_output=True)


def test_variables_of_smug_are_filled_in_from_what_is_given(run, tmp_path):
    (tmp_path / "x.yml").write_text(
        "session: ${name}\nroot: ~/src/${name}\nwindows:\n"
        "  - name: w\n    commands: ['echo $HOME $name']\n"
    )
    result = run("x.yml", "--set", "name=blog", "--stdout")
    assert 'name = "blog"\nroot = "~/src/blog"' in result.stdout
    assert 'run = "echo $HOME blog"' in result.stdout
    assert "x.yml:5:28: note[import-note]: $name is filled in" in result.stderr
    assert "smug puts a variable in this name" in run("x.yml", "--stdout").stderr
