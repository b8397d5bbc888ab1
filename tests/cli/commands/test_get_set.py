"""sessionctl get, set and unset, as a user sees them."""

from __future__ import annotations

import json
import shlex

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.main_inside import main_inside
from tests.together import together

SESSION = """\
# the API
schema_version = 1
name = "api"  # short
root = '~/src/api'

[[windows]]
name = "editor"
layout = "tiled"

  # runs the tests
  [[windows.panes]]
  name = "tests"
  run = ["make", "test"]

[connections.prod]
driver = "postgres"
host   = "db"
port   = 5432
password = { secret = "prod.password" }

# colours
[preferences]
theme = "dark"
size = 1_000
ratio = 1_0.5
big = 0xFF
on = true
day = 2026-01-02
text = \"\"\"
two
lines\"\"\"
"""
OTHER = """\
[project]
name = "x"
version = "1.2.3"
token = "hunter2"
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.session.toml").write_text(SESSION)
    (tmp_path / "x.toml").write_text(OTHER)
    return tmp_path


def run(*arguments, **extra):
    return CliRunner().invoke(app, list(map(str, arguments)), **extra)


def get(key, file="a.session.toml", *options):
    return run("get", *options, file, key)


# -- get ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("name", "api\n"),
        ("root", "~/src/api\n"),
        ("windows[0].name", "editor\n"),
        ("windows[name=editor].panes[-1].name", "tests\n"),
        ("connections.prod.port", "5432\n"),
        ("preferences.size", "1000\n"),
        ("preferences.ratio", "10.5\n"),
        ("preferences.big", "255\n"),
        ("preferences.on", "true\n"),
        ("preferences.day", "2026-01-02\n"),
        ("preferences.text", "two\nlines\n"),
        ("windows[0].panes[0].run", '["make", "test"]\n'),
        ("windows[0].panes[0].run[1]", "test\n"),
        ("connections.prod.password", '{ secret = "prod.password" }\n'),
        ("connections.prod.password.secret", "prod.password\n"),
        (
            "windows[0].panes",
            '  # runs the tests\n  [[windows.panes]]\n  name = "tests"\n  run = ["make", "test"]\n',
        ),
    ],
)
def test_a_value_is_printed_as_scripts_want_it(here, key, expected):
    result = get(key)
    assert (result.exit_code, result.stdout, result.stderr) == (0, expected, "")


def test_a_table_is_printed_with_its_comments(here):
    assert get("preferences").stdout == SESSION[SESSION.index("# colours") :]


def test_stdin_can_be_asked():
    done = main_inside("get", "-", "a", stdin="a = 'x'")
    assert (done.returncode, done.stdout, done.stderr) == (0, "x\n", "")
    done = main_inside("get", "-", "b", stdin="a = 'x'")
    assert done.stderr.startswith("sessionctl: error: <stdin>: b: ")


def test_a_string_is_printed_byte_for_byte(here):
    (here / "b.toml").write_bytes(b'a = "\\u001b[31m\\r\\n\xc3\xa9"\n')
    done = main_inside("get", "b.toml", "a", cwd=here)
    assert done.stdout == "\x1b[31m\n\xe9\n"


def test_a_missing_key_is_answered_with_near_ones(here):
    result = get("preferences.themes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "sessionctl: error: a.session.toml: preferences.themes: "
        '"preferences" has no key "themes"\n'
        "sessionctl: hint: did you mean preferences.theme?\n"
    )


@pytest.mark.parametrize(("key", "message"), [("", "the key is empty"), ("a..b", "column 3")])
def test_a_malformed_key_is_a_usage_error(here, key, message):
    for command in (["get", "x.toml", key], ["set", "x.toml", key, "1"], ["unset", "x.toml", key]):
        result = run(*command)
        assert result.exit_code == 2
        assert message in result.stderr


def test_json_gives_the_value(here):
    assert json.loads(get("connections.prod", "a.session.toml", "--json").stdout) == {
        "schema": "sessionctl/v1",
        "command": "get",
        "file": "a.session.toml",
        "key": "connections.prod",
        "value": {
            "driver": "postgres",
            "host": "db",
            "port": 5432,
            "password": {"secret": "prod.password"},
        },
    }


def test_a_secret_is_never_printed(here):
    result = get("project.token", "x.toml")
    assert (result.exit_code, result.stdout) == (5, "***\n")
    assert result.stderr == (
        "sessionctl: hint: project.token holds a plain-text secret, which is never printed\n"
    )
    (here / "s.session.toml").write_text('connections.db.password = "hunter2"\n')
    assert get("connections.db.password", "s.session.toml").stderr == (
        "sessionctl: hint: connections.db.password holds a plain-text secret, "
        "which is never printed\n"
        "sessionctl: hint: refer to it by name: sessionctl set s.session.toml "
        "connections.db.password '{ secret = \"db.password\" }'\n"
    )
    table = get("project", "x.toml")
    assert (table.exit_code, table.stderr) == (0, "")
    assert table.stdout == OTHER.replace("hunter2", "***")
    assert json.loads(get("project", "x.toml", "--json").stdout)["value"]["token"] == "***"
    assert json.loads(get("project.token", "x.toml", "--json").stdout)["value"] == "***"


def test_the_password_of_an_address_is_never_printed(here):
    (here / "b.toml").write_text('url = "pg://u:hunter2@db"\nlist = ["pg://u:hunter2@db"]\n')
    assert get("url", "b.toml").stdout == "pg://u:***@db\n"
    assert get("list", "b.toml").stdout == '["pg://u:***@db"]\n'


# -- set ---------------------------------------------------------------------------------


def change(here, *arguments, file="a.session.toml", **extra):
    """Run set or unset and return the lines that went and came, and the result."""
    before = (here / file).read_bytes().decode().splitlines()
    result = run(*arguments, **extra)
    after = (here / file).read_bytes().decode().splitlines()
    gone = [line for line in before if line not in after]
    come = [line for line in after if line not in before]
    return gone, come, result


@pytest.mark.parametrize(
    ("key", "value", "gone", "come", "note"),
    [
        ("name", "web", 'name = "api"  # short', 'name = "web"  # short', '"api" -> "web"'),
        ("root", "/x", "root = '~/src/api'", "root = '/x'", '"~/src/api" -> "/x"'),
        ("windows[0].layout", "even-vertical", 'layout = "tiled"', 'layout = "even-vertical"',
         '"tiled" -> "even-vertical"'),
        ("connections.prod.port", "5433", "port   = 5432", "port   = 5433", "5432 -> 5433"),
        ("preferences.size", "-1", "size = 1_000", "size = -1", "1000 -> -1"),
        ("preferences.size", "2_000", "size = 1_000", "size = 2_000", "1000 -> 2000"),
        ("preferences.big", "0o755", "big = 0xFF", "big = 0o755", "255 -> 493"),
        ("preferences.ratio", "1E6", "ratio = 1_0.5", "ratio = 1E6", "10.5 -> 1000000.0"),
        ("preferences.on", "false", "on = true", "on = false", "true -> false"),
        ("windows[name=editor].panes[0].run[0]", "just", '  run = ["make", "test"]',
         '  run = ["just", "test"]', '"make" -> "just"'),
    ],
)  # fmt: skip
def test_one_value_is_set_and_every_other_byte_stays(here, key, value, gone, come, note):
    found = change(here, "set", "a.session.toml", key, value)
    assert found[:2] == ([gone], [come])
    assert (found[2].exit_code, found[2].stdout) == (0, "")
    assert found[2].stderr == f"set a.session.toml: {key}: {note}\n"


def test_a_number_that_was_asked_for_as_another_kind_is_written_as_that(here):
    assert run("set", "--type", "float", "x.toml", "project.n", "1_0").exit_code == 0
    assert "n = 10.0\n" in (here / "x.toml").read_text()
    assert run("set", "x.toml", "project.m", " 0x1F ", "project.list[0]", "0b11").exit_code == 0
    assert "m = 0x1F\nlist = [0b11]\n" in (here / "x.toml").read_text()
    assert run("set", "x.toml", "project.m", "0o37").stderr.startswith("unchanged")


def test_a_new_key_goes_to_its_table(here):
    gone, come, result = change(here, "set", "a.session.toml", "preferences.font", "mono")
    assert (gone, come) == ([], ['font = "mono"'])
    assert result.stderr == 'set a.session.toml: preferences.font: added "mono"\n'


def test_any_toml_file_can_be_edited(here):
    gone, come, _ = change(here, "set", "x.toml", "project.version", "1.2.4", file="x.toml")
    assert (gone, come) == (['version = "1.2.3"'], ['version = "1.2.4"'])
    _, come, _ = change(here, "set", "x.toml", "tool.n.deep", "[1, 2]", file="x.toml")
    assert "deep = [1, 2]" in come


def test_a_value_that_is_the_same_writes_nothing(here):
    path = here / "a.session.toml"
    before = path.stat()
    result = run("set", "a.session.toml", "name", "api")
    assert result.exit_code == 0
    assert result.stderr == 'unchanged a.session.toml: name: "api"\n'
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_the_type_of_a_value_can_be_said(here):
    run("set", "--string", "x.toml", "project.version", "2")
    assert 'version = "2"' in (here / "x.toml").read_text()
    run("set", "--type", "float", "x.toml", "project.version", "2")
    assert "version = 2.0" in (here / "x.toml").read_text()
    run("set", "--type", "string", "--string", "x.toml", "project.version", "true")
    assert 'version = "true"' in (here / "x.toml").read_text()
    result = run("set", "--type", "integer", "x.toml", "project.version", "two")
    assert result.exit_code == 2
    assert result.stderr == (
        "sessionctl: error: the value is not an integer, got a string\n"
        "sessionctl: hint: such as 8080\n"
    )
    result = run("set", "--type", "integer", "--string", "x.toml", "project.version", "2")
    assert result.exit_code == 2
    assert "--string and --type integer contradict each other" in result.stderr


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_value_can_come_from_stdin(here, end):
    done = main_inside("set", "x.toml", "project.name", "-", cwd=here, stdin=f"from stdin{end}")
    assert done.returncode == 0
    assert 'name = "from stdin"\n' in (here / "x.toml").read_text()


def test_a_dry_run_prints_the_lines_and_changes_nothing(here):
    result = run("set", "-n", "a.session.toml", "connections.prod.port", "1")
    assert result.stdout == "a.session.toml:18\n-port   = 5432\n+port   = 1\n"
    assert result.stderr == ""
    result = run("set", "-n", "a.session.toml", "name", "api")
    assert (result.stdout, result.stderr) == ("", "nothing would change in a.session.toml\n")
    assert (here / "a.session.toml").read_text() == SESSION


def test_json_tells_the_change(here):
    answer = json.loads(run("set", "--json", "a.session.toml", "name", "web").stdout)
    assert answer == {
        "schema": "sessionctl/v1",
        "command": "set",
        "file": "a.session.toml",
        "key": "name",
        "before": "api",
        "after": "web",
        "changed": True,
        "dry_run": False,
    }
    answer = json.loads(run("unset", "--json", "-n", "a.session.toml", "preferences.on").stdout)
    assert (answer["before"], answer["after"], answer["dry_run"]) == (True, None, True)
    answer = json.loads(run("set", "--json", "a.session.toml", "preferences.new", "1").stdout)
    assert (answer["before"], answer["after"]) == (None, 1)


def test_a_long_value_is_told_in_short(here):
    result = run("set", "x.toml", "project.name", "n" * 100)
    assert result.stderr == f'set x.toml: project.name: "x" -> "{"n" * 59}...\n'


def test_a_set_that_makes_a_session_invalid_is_refused(here):
    result = run("set", "a.session.toml", "windows[0].panes[0].start", "soon")
    assert (result.exit_code, result.stdout) == (1, "")
    first, *_, last = result.stderr.splitlines()
    assert first.startswith("sessionctl: error: a.session.toml:14:11: windows[")
    assert first.endswith("; nothing was written")
    assert last == "sessionctl: hint: set it anyway with --force"
    assert (here / "a.session.toml").read_text() == SESSION
    assert run("set", "-n", "a.session.toml", "windows[0].layout", "4").exit_code == 1


@together(
    ("key", "typed", "hint", "wanted"),
    [
        ("env.FOO", ["5"], "as a string: sessionctl set --string -- a.session.toml env.FOO 5", "5"),
        (
            "env.FOO",
            ["--", "-5"],
            "as a string: sessionctl set --string -- a.session.toml env.FOO -5",
            "-5",
        ),
        (
            "env.FOO",
            ["0x1f"],
            "as a string: sessionctl set --string -- a.session.toml env.FOO 0x1f",
            "0x1f",
        ),
        (
            "env.FOO",
            ["2026-01-02"],
            "as a string: sessionctl set --string -- a.session.toml env.FOO 2026-01-02",
            "2026-01-02",
        ),
        (
            "connections.prod.port",
            ['"80"'],
            "without quotes: sessionctl set -- a.session.toml connections.prod.port 80",
            "80",
        ),
    ],
)
def test_what_is_to_be_quoted_is_a_line_to_type(here, key, typed, hint, wanted):
    words = [*typed[:-1], "a.session.toml", key, typed[-1]]
    result = run("set", *words)
    assert result.exit_code == 1
    assert f"sessionctl: hint: {hint}\n" in result.stderr
    assert run(*shlex.split(hint.partition("sessionctl ")[2])).exit_code == 0
    assert get(key).stdout.strip() == wanted


@together(
    ("value", "kind"),
    [
        ("[1,2", "array"),
        ("{ a = 1", "table"),
        ('"a', "string"),
        ("'a", "string"),
        ("007", "number"),
        ("1_", "number"),
        ("1.", "number"),
        ("0x", "number"),
        ("True", "boolean"),
        ("FALSE", "boolean"),
        ("-01", "number"),
        ("1e", "number"),
        ("2026-13-01", "number"),
        (" [1,2", "array"),
        ("[a]", "array"),
        ("10.0.0.1", ""),
        ("1.2.3", ""),
        ("3d-models", ""),
        ("5 apples", ""),
        ("-l", ""),
        ("-", ""),
        ("abc", ""),
        ("[1, 2]", ""),
        ("7", ""),
        ("2026-01-02", ""),
        ('"7"', ""),
    ],
)
def test_a_value_that_begins_like_another_is_said_to_be_a_string(here, value, kind):
    for options in ([], ["-n"]) if kind else ([],):
        result = run("set", *options, "x.toml", "project.n", "--", value)
        said = [line for line in result.stderr.splitlines() if "warning" in line]
        warning = f"x.toml: project.n: not a valid TOML {kind}, so it is stored as a string"
        assert said == ([f"sessionctl: warning: {warning}"] if kind else []), value
    quiet = run("set", "--string", "x.toml", "project.n", "--", value)
    assert "warning" not in quiet.stderr


def test_force_sets_it_all_the_same(here):
    result = run("set", "--force", "a.session.toml", "preferences", "7")
    assert result.exit_code == 0
    assert "preferences = 7" in (here / "a.session.toml").read_text()


def test_an_invalid_session_can_be_mended_step_by_step(here):
    (here / "a.session.toml").write_text(SESSION.replace("tiled", "tyled") + "odd = 1\n")
    text = SESSION.replace("5432", "99999").replace("tiled", "tyled")
    (here / "a.session.toml").write_text(text)
    assert run("set", "a.session.toml", "windows[0].layout", "tiled").exit_code == 0
    assert run("set", "a.session.toml", "connections.prod.port", "1").exit_code == 0
    assert run("set", "a.session.toml", "connections.prod.port", "99999").exit_code == 1


def test_a_secret_on_the_command_line_is_refused(here):
    result = run("set", "a.session.toml", "connections.prod.password", "hunter2")
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr == (
        "sessionctl: error: a.session.toml: connections.prod.password: "
        "a session file holds the name of a secret, never its value\n"
        "sessionctl: hint: refer to it by name: sessionctl set a.session.toml "
        "connections.prod.password '{ secret = \"prod.password\" }'\n"
    )
    result = run("set", "x.toml", "project.token", "hunter3")
    assert result.exit_code == 5
    assert result.stderr == (
        "sessionctl: error: x.toml: project.token: "
        "a secret is not taken from the command line, where others can read it\n"
        "sessionctl: hint: sessionctl set x.toml project.token - < FILE_WITH_THE_VALUE\n"
    )
    assert "hunter3" not in (here / "x.toml").read_text()
    nested = run("set", "--force", "a.session.toml", "apps.x", '{ auth = { apiKey = "hunter2" } }')
    assert nested.exit_code == 5
    assert "hunter2" not in nested.stderr
    assert """'{ secret = "auth.apiKey" }'""" in nested.stderr


_HUB = "gh" + "p_a8Kd93jfLq02mZx7Ue5TnB4vYs61WcRhPgQo"
_PROD = "connections.prod.password"
_REFER, _LEAVE, _KEEP = "refer to it by name", "leave it out here", "keep only its name"


@together(
    ("key", "value", "words", "place", "name"),
    [
        ("preferences.url", "pg://a:hunter2@db", _REFER, "preferences.url", "preferences.url"),
        ("env.GITHUB", _HUB, _REFER, "env.GITHUB", "env.GITHUB"),
        ("env.DSN", "pg://a:hunter2@db", _REFER, "env.DSN", "env.DSN"),
        ('apps."my pass"', "hunter2", _REFER, """'apps."my pass"'""", "apps.my-pass"),
        ("connections.prod.host", "pg://a:hunter2@db", _LEAVE, _PROD, "mine"),
        ("connections.prod.options.password", "hunter2", _LEAVE, _PROD, "mine"),
        ("windows[0].name", _HUB, _KEEP, "env.PASSWORD", "password"),
        ("windows[0].panes[0].run", "mysql -phunter2", _KEEP, "env.PASSWORD", "password"),
        ("description", f"the token is {_HUB}", _KEEP, "env.PASSWORD", "password"),
    ],
)
def test_a_secret_is_refused_with_a_command_that_puts_a_reference_where_one_may_be(
    here, key, value, words, place, name
):
    (here / "a.session.toml").write_text(SESSION.replace('"prod.password"', '"mine"'))
    result = run("set", "a.session.toml", key, value)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "hunter2" not in result.stderr
    assert _HUB not in result.stderr
    line = result.stderr.splitlines()[1].removeprefix("sessionctl: hint: ")
    command = f"sessionctl set a.session.toml {place} '{{ secret = \"{name}\" }}'"
    assert line.startswith(words)
    assert line.endswith(f": {command}")
    assert run(*shlex.split(command)[1:]).exit_code == 0  # the schema allows it there


def test_a_password_in_an_address_is_refused(here):
    assert run("set", "x.toml", "project.url", "pg://app:hunter2@db").exit_code == 5


@pytest.mark.parametrize("key", ["connections.prod.nourl", "connections.new.nourl"])
@pytest.mark.parametrize("options", [(), ("-n",), ("--json",)])
def test_an_unknown_key_of_a_connection_is_not_repeated(here, key, options):
    for value in ("SEKRET6", "4711", '["SEKRET6"]'):
        result = run("set", "--force", *options, "a", key, value)
        assert result.exit_code == 0
        assert "SEKRET6" not in result.stdout + result.stderr
        assert "4711" not in result.stdout + result.stderr
    if not options:
        gone = run("unset", "--force", "a", key)
        assert "SEKRET6" not in gone.stdout + gone.stderr
        assert "***" in gone.stdout + gone.stderr


def test_a_connection_set_whole_hides_what_the_schema_does_not_know(here):
    table = '{ host = "db1", nourl = "SEKRET6", driver = "redis" }'
    result = run("set", "--force", "a", "connections.new", table)
    assert "SEKRET6" not in result.stdout + result.stderr
    assert "db1" in result.stdout + result.stderr


def test_an_unknown_key_is_refused_in_an_invalid_session_too(here):
    path = here / "a.session.toml"
    path.write_text(SESSION.replace("port   = 5432", 'port   = "x"'))
    before = path.read_text()
    result = run("set", "a", "connections.prod.nourl", "SEKRET6")
    assert result.exit_code == 1
    assert "connections.prod.nourl: unknown key; nothing was written" in result.stderr
    assert path.read_text() == before
    assert run("set", "a", "connections.prod.user", "me").exit_code == 0


def test_a_secret_of_another_file_can_come_from_stdin(here):
    done = main_inside("set", "x.toml", "project.token", "-", cwd=here, stdin="hunter3\n")
    assert done.returncode == 0
    assert done.stderr == 'set x.toml: project.token: "***" -> "***"\n'
    assert 'token = "hunter3"' in (here / "x.toml").read_text()
    done = main_inside("set", "-n", "x.toml", "project.token", "-", cwd=here, stdin="hunter4\n")
    assert (done.stdout, done.stderr) == (
        "", "a secret would change in x.toml\n",
    )  # fmt: skip
    done = main_inside("set", "a.session.toml", "apps.x.token", "-", cwd=here, stdin="hunter3\n")
    assert done.returncode == 5


def test_a_reference_to_a_secret_can_be_set(here):
    value = '{ secret = "prod.new" }'
    gone, come, result = change(here, "set", "a.session.toml", "connections.prod.password", value)
    assert result.exit_code == 0
    assert come == ['password = { secret = "prod.new" }']
    assert gone == ['password = { secret = "prod.password" }']


def test_several_keys_are_removed_in_one_edit_or_none(here):
    keys = ["preferences.size", "windows[0].panes[-1].name", "root", "preferences.size"]
    result = run("unset", "-n", "a.session.toml", *keys)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "a.session.toml:4", "-root = '~/src/api'",
        "a.session.toml:12", '-  name = "tests"',
        "a.session.toml:24", "-size = 1_000",
    ]  # fmt: skip
    result = run("unset", "a.session.toml", *keys, "nope", "preferences.siz")
    assert (result.exit_code, (here / "a.session.toml").read_text()) == (1, SESSION)
    assert result.stderr == (
        'sessionctl: error: a.session.toml: nope: the document has no key "nope"\n'
        "sessionctl: hint: there are: schema_version, name, root, windows, connections,"
        " preferences\n"
        'sessionctl: hint: a.session.toml: preferences.siz: "preferences" has no key "siz"\n'
        "sessionctl: hint: did you mean preferences.size?\n"
    )
    gone, come, result = change(here, "unset", "a.session.toml", *keys)
    assert (gone, come) == (["root = '~/src/api'", '  name = "tests"', "size = 1_000"], [])
    assert result.stderr.splitlines() == [
        "unset a.session.toml: preferences.size: removed 1000",
        'unset a.session.toml: windows[0].panes[0].name: removed "tests"',
        'unset a.session.toml: root: removed "~/src/api"',
    ]
    result = run("unset", "--json", "--force", "a.session.toml", "name", "windows[0]")
    answer = json.loads(result.stdout)
    assert (answer["key"], answer["more"][0]["key"]) == ("name", "windows[0]")
    assert "editor" not in (here / "a.session.toml").read_text()


def test_a_table_left_empty_is_named_as_it_is_called_afterwards(here):
    (here / "i.toml").write_text("[[w]]\nn = 1\n[[w]]\n[w.env]\na = 1\nb = 2\n")
    result = run("unset", "i.toml", "w[0]", "w[1].env.a", "w[1].env.b")
    assert (here / "i.toml").read_text() == "[[w]]\n[w.env]\n"
    assert result.stderr.splitlines()[3:] == [
        "sessionctl: hint: w[0].env is empty now; "
        "to remove it too: sessionctl unset i.toml 'w[0].env'"
    ]


@pytest.mark.parametrize("command", [["set", "-", "a", "1"], ["unset", "-", "a"]])
def test_stdin_cannot_be_edited_in_its_place(command):
    result = run(*command)
    assert result.exit_code == 2
    assert f'{command[0]}: FILE cannot be "-"' in result.stderr


def test_what_cannot_be_set_is_told_with_the_file(here):
    result = run("set", "x.toml", "project.name.first", "x")
    assert result.exit_code == 1
    assert result.stderr.startswith("sessionctl: error: x.toml: project.name.first: ")
    assert (here / "x.toml").read_text() == OTHER


def test_an_unknown_option_is_a_usage_error(here):
    result = run("set", "--strng", "x.toml", "project.name", "x")
    assert result.exit_code == 2
    assert result.stderr.startswith("sessionctl: error: no such option")
    for words in (
        ["set", "x.toml", "project.name", "-la"],
        ["config", "set", "merge.prefer", "-la"],
    ):
        result = run(*words)
        assert (result.exit_code, "-la" in result.stderr) == (2, False)
        assert "a value that begins with a hyphen comes behind --: sessionctl" in result.stderr
        assert run(*words[:-1], "--", "-la").exit_code == (0 if words[0] == "set" else 2)
    assert "no such option" not in run("config", "set", "backups.count", "-5").stderr
    for value in ("-1", "-1.5e-3", "-0"):
        assert run("set", "--type", "float", "x.toml", "project.name", value).exit_code == 0


def test_files_that_cannot_be_read_are_told(here):
    (here / "broken.toml").write_text("a = \n")
    for command in (["set", "{}", "a", "1"], ["unset", "{}", "a"], ["get", "{}", "a"]):
        result = run(*(word.format("broken.toml") for word in command))
        assert result.exit_code == 1
        assert "broken.toml:1:5: " in result.stderr
        result = run(*(word.format("nowhere.toml") for word in command))
        assert result.exit_code == 3
        assert "nowhere.toml: cannot read: no such file" in result.stderr
    assert (here / "broken.toml").read_text() == "a = \n"


def test_a_file_changed_meanwhile_is_not_written_over(here, monkeypatch):
    from sessionctl.services.documents import value_access

    plan = value_access.plan_sets

    def plan_and_change(file, *arguments, **more):
        made = plan(file, *arguments, **more)
        (here / file).write_text("mine = 1\n")
        return made

    monkeypatch.setattr(value_access, "plan_sets", plan_and_change)
    result = run("set", "x.toml", "project.name", "y")
    assert result.exit_code == 3
    assert "was changed by someone else since it was read" in result.stderr
    assert (here / "x.toml").read_text() == "mine = 1\n"


# -- unset -------------------------------------------------------------------------------


def test_a_key_goes_with_its_comment(here):
    gone, come, result = change(here, "unset", "a.session.toml", "windows[0].panes[0]")
    assert "  # runs the tests" in gone
    assert come == ["panes = []"]
    assert result.exit_code == 0
    assert result.stderr.startswith("unset a.session.toml: windows[0].panes[0]: removed {")


def test_a_table_that_a_removal_leaves_empty_stays_and_the_hint_removes_it(here):
    before = (here / "a.session.toml").read_bytes()
    assert run("set", "a.session.toml", "env.X", '{ secret = "x" }').exit_code == 0
    assert '\n[env]\nX = { secret = "x" }\n' in (here / "a.session.toml").read_text()
    result = run("unset", "a.session.toml", "env.X")
    assert result.stderr.splitlines() == [
        'unset a.session.toml: env.X: removed { secret = "x" }',
        "sessionctl: hint: env is empty now; to remove it too: sessionctl unset a.session.toml env",
    ]
    assert run("unset", "a.session.toml", "env").stderr.count("hint") == 0
    assert (here / "a.session.toml").read_bytes() == before


def test_an_item_is_named_by_where_it_was(here):
    result = run("unset", "a.session.toml", "windows[-1]")
    assert result.exit_code == 0
    assert "unset a.session.toml: windows[0]: removed a table of 3 keys" in result.stderr


def test_unset_of_a_missing_key_is_answered_with_near_ones(here):
    result = run("unset", "a.session.toml", "preferences.thme")
    assert result.exit_code == 1
    assert "did you mean preferences.theme?" in result.stderr
    assert (here / "a.session.toml").read_text() == SESSION


def test_an_unset_that_makes_a_session_invalid_is_refused(here):
    result = run("unset", "a.session.toml", "name")
    assert result.exit_code == 1
    assert "; nothing was written" in result.stderr
    assert (here / "a.session.toml").read_text() == SESSION
    assert run("unset", "--force", "a.session.toml", "name").exit_code == 0
    assert 'name = "api"' not in (here / "a.session.toml").read_text()


def test_unset_says_what_it_would_do(here):
    result = run("unset", "-n", "a.session.toml", "preferences.theme")
    assert result.stdout == 'a.session.toml:23\n-theme = "dark"\n'
    assert (here / "a.session.toml").read_text() == SESSION


def test_an_empty_file_that_gets_a_key_is_said_to_be_no_session_yet(here):
    (here / "e e.session.toml").write_text("")
    result = run("set", "e e.session.toml", "windows[name=x].layout", "tiled")
    assert result.exit_code == 0
    assert (
        "sessionctl: warning: e e.session.toml: not a session yet, "
        "it has no schema_version and no name\n"
    ) in result.stderr
    assert (
        "sessionctl: hint: add what is missing: sessionctl set -- 'e e.session.toml' "
        "schema_version 1 name 'e e'\n"
    ) in result.stderr
    assert run("set", "e e.session.toml", "schema_version", "1", "name", "e e").exit_code == 0
    assert run("validate", "e e.session.toml").exit_code == 0
