"""Two commands, and a secret is stored: key new, secret set; then reveal and exec."""

from __future__ import annotations

import stat

import pytest

from tests.desk import FILE, ID, NAME, SESSION, files_of
from tests.world import run_sessionctl


def test_two_commands_set_everything_up_and_say_so(bare_desk):
    recipient = bare_desk.new_key()
    result = bare_desk.set(b"hunter2\n")
    root = bare_desk.folder
    assert result.stdout == "api.secrets.toml: prod.password: stored\n"
    assert "made .age-recipients" in result.stderr
    assert "made .sessionctl/vault.age" in result.stderr
    assert "made api.secrets.toml" in result.stderr
    assert recipient in (root / ".age-recipients").read_text().splitlines()
    assert set(files_of(root)) == {
        ".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml",
        "api.secrets.toml", FILE,
    }  # fmt: skip
    assert bare_desk.reveal(code=0).stdout == "hunter2"


def test_private_files_are_private(desk):
    for path in (desk.identities, desk.trust):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_that_is_there_is_kept(desk):
    before = desk.identities.read_bytes()
    result = desk.run("key", "new", code=3)
    assert "there is a key already" in result.stderr
    assert desk.identities.read_bytes() == before


def test_without_a_key_set_tells_how_to_make_one_and_changes_nothing(bare_desk):
    before = files_of(bare_desk.folder)
    result = bare_desk.set(b"hunter2", code=4)
    assert "sessionctl key new" in result.stderr
    assert f"tried {bare_desk.identities}: no such file" in result.stderr
    assert files_of(bare_desk.folder) == before


def test_the_same_value_again_writes_nothing(desk):
    path = desk.sidecar
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
    result = desk.set(b"hunter2")
    assert result.stdout == "api.secrets.toml: prod.password: unchanged\n"
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_one_of_twenty_changes_only_its_block(desk):
    for number in range(19):
        desk.set(b"x%d" % number, name=f"n{number}")
    before = desk.entries()
    desk.set(b"other", name="n7")
    after = desk.entries()
    assert {name for name in before if before[name] != after[name]} == {"n7"}
    assert desk.reveal("n7").stdout == "other"
    assert desk.reveal("n8").stdout == "x8"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"one line\n", b"one line"),
        (b"one line\r\n", b"one line"),
        (b"one line", b"one line"),
        (b"-----BEGIN\nkey\n", b"-----BEGIN\nkey\n"),
        (b" space \n", b" space "),
        (b"\xff\x00\n", b"\xff\x00"),
        ("pässwörd\n".encode(), "pässwörd".encode()),
    ],
)
def test_a_line_end_is_no_part_of_a_single_line(desk, given, kept):
    desk.set(given)
    assert desk.reveal(code=0).stdout_bytes == kept


@pytest.mark.parametrize("given", [b"", b"\n"])
def test_an_empty_value_is_refused(desk, given):
    before = files_of(desk.folder)
    assert "the value is empty" in desk.set(given, code=2).stderr
    assert files_of(desk.folder) == before


def test_a_value_that_is_too_large_is_refused(desk):
    assert "larger than" in desk.set(b"x" * ((1 << 20) + 1), code=2).stderr


@pytest.mark.parametrize("name", ["a b", "", ".a", "a.", "hunter2!", "../x"])
def test_what_is_no_name_is_refused_without_repeating_it(desk, name):
    result = desk.run("secret", "set", FILE, "--", name, stdin=b"x", code=2)
    assert "not the name of a secret" in result.stderr
    assert not name or name not in result.stderr.splitlines()[0]


def test_a_value_in_argv_is_refused(desk):
    result = desk.run("secret", "set", FILE, NAME, "hunter3", code=2)
    assert "hunter3" not in result.output


def test_reveal_wants_a_terminal_or_to_be_told(desk):
    result = desk.run("secret", "reveal", FILE, NAME, code=2)
    assert "--stdout" in result.stderr
    assert "hunter2" not in result.output


def test_a_session_without_an_id_gets_one(bare_desk):
    bare_desk.session.write_text(SESSION.replace(f'id = "{ID}"\n', ""))
    bare_desk.new_key()
    result = bare_desk.set(b"hunter2")
    assert "added an id to api.session.toml" in result.stderr
    first = bare_desk.session.read_text().splitlines()[:3]
    assert first[1].startswith('id = "')
    assert bare_desk.reveal(code=0).stdout == "hunter2"
    bare_desk.session.write_text("schema_version = 1\nid = 7\n")
    assert "id: expected a UUID" in bare_desk.set(b"x", code=2).stderr


def test_dry_run_writes_nothing(bare_desk):
    bare_desk.new_key()
    before = files_of(bare_desk.folder)
    result = bare_desk.run("secret", "set", FILE, NAME, "--dry-run", stdin=b"hunter2", code=0)
    assert "would be stored" in result.stdout
    assert "would have made" in result.stderr
    assert files_of(bare_desk.folder) == before
    assert not bare_desk.trust.exists()


def test_the_answers_in_json_keep_to_their_schemas(bare_desk):
    planned = bare_desk.answer("key", "new", "--dry-run")
    assert (planned["recipient"], bare_desk.identities.exists()) == (None, False)
    assert "would create" in bare_desk.run("key", "new", "--dry-run", code=0).stdout
    made = bare_desk.answer("key", "new")
    assert made["recipient"].startswith("age1")
    stored = bare_desk.answer("secret", "set", FILE, NAME, stdin=b"hunter2")
    assert (stored["state"], stored["sealed"], stored["generation"]) == ("created", True, 1)
    assert bare_desk.answer("secret", "set", FILE, NAME, stdin=b"x")["generation"] == 2
    assert bare_desk.answer("secret", "set", FILE, NAME, stdin=b"x")["state"] == "unchanged"
    assert "hunter2" not in "".join(bare_desk.said)


def test_a_secret_that_nothing_refers_to_is_told_how_to_be_used(desk):
    result = desk.set(b"x", name="spare")
    assert "nothing refers to it yet" in result.stderr


def test_a_clone_prints_the_vault_once(desk):
    other = desk.elsewhere("laptop")
    other.identities.parent.mkdir(parents=True)
    other.identities.write_bytes(desk.identities.read_bytes())
    other.identities.chmod(0o600)
    first = other.reveal(code=0)
    assert "first use of the vault age1" in first.stderr
    assert "first use" not in other.reveal(code=0).stderr


def exec_(desk, *arguments, env=None, file=FILE):
    return run_sessionctl(
        "secret", "exec", *arguments, cwd=desk.folder, env={**desk.environ, **(env or {})}
    )


def test_exec_passes_every_secret_that_the_session_refers_to_by_its_name(desk):
    text = desk.session.read_text()
    desk.session.write_text(f'{text}[env]\nT = {{ secret = "deploy.api-token" }}\n')
    desk.set(b"t0ken", name="deploy.api-token")
    script = 'printf "%s %s" "$PROD_PASSWORD" "$DEPLOY_API_TOKEN"; exit 7'
    done = exec_(desk, FILE, "--", "sh", "-c", script)
    assert (done.returncode, done.stdout, done.stderr) == (7, "hunter2 t0ken", "")


def test_exec_passes_a_secret_as_the_variable_that_the_session_names(desk):
    text = desk.session.read_text()
    wanted = ("PGPASSWORD", "LD_PRELOAD", "PGHOST", "SESSIONCTL_TOKEN", "LANG", "SSH_KEY_FILE")
    refers = "".join(f'{one} = {{ secret = "{NAME}" }}\n' for one in wanted)
    desk.session.write_text(f'{text}[env]\n{refers}ZED = {{ secret = "zed" }}\n')
    desk.set(b"hunter2")
    desk.set(b"zed's", name="zed")
    done = exec_(desk, FILE, "--", "env")
    got = {line.partition("=")[0] for line in done.stdout.splitlines() if "=hunter2" in line}
    assert got == {"PGPASSWORD", "PROD_PASSWORD"}
    assert "zed: not passed, it does not read like a secret; with it: --env ZED=zed" in done.stderr


@pytest.mark.parametrize(
    ("name", "refers", "told"),
    [
        ("deploy.api-token", False, "deploy.api-token: not passed, the session does not refer"),
        ("go.proxies", True, "go.proxies: not passed, it does not read like a secret"),
        ("rustc", True, "rustc: not passed, it does not read like a secret"),
        ("borg.passcmd", True, "not passed"),
        ("x.ask-pass.program", True, "not passed"),
    ],
)
def test_exec_leaves_out_what_is_no_secret_of_the_session_by_its_name(desk, name, refers, told):
    text = desk.session.read_text()
    more = f'[env]\nT = {{ secret = "{name}" }}\n' if refers else ""
    desk.session.write_text(text + more)
    desk.set(b"canary", name=name)
    done = exec_(desk, FILE, "--", "env")
    assert done.returncode == 0
    assert "PROD_PASSWORD=hunter2\n" in done.stdout
    assert "canary" not in done.stdout
    assert told in done.stderr
    word = done.stderr.partition("with it: ")[2].split()
    again = exec_(desk, *word, FILE, "--", "env")
    assert "=canary\n" in again.stdout


def test_exec_with_nothing_to_pass_starts_nothing(desk):
    desk.session.write_text(desk.session.read_text().partition("[connections")[0])
    result = desk.run("secret", "exec", FILE, "--", "true", code=5)
    assert "no secret would be passed" in result.stderr
    assert "--env PROD_PASSWORD=prod.password" in result.stderr


def test_exec_passes_only_what_is_named(desk):
    desk.set(b"t0ken", name="token")
    done = exec_(desk, "--env", f"PW={NAME}", FILE, "--", "env")
    assert "PW=hunter2\n" in done.stdout
    assert "t0ken" not in done.stdout


def test_exec_passes_files_that_are_only_in_memory(desk):
    done = exec_(
        desk, "--file", f"F={NAME}", FILE, "--", "sh", "-c", 'cat "$F"; cat "$F"; echo "$F"'
    )
    assert done.stdout.startswith("hunter2hunter2/dev/fd/")
    assert "PROD_PASSWORD" not in exec_(desk, "--file", f"F={NAME}", FILE, "--", "env").stdout


def test_children_are_not_told_where_the_keys_are(desk):
    done = exec_(
        desk,
        FILE,
        "--",
        "env",
        env={"SESSIONCTL_IDENTITY_FILE": str(desk.identities), "SESSIONCTL_IDENTITY": "x"},
    )
    assert "PROD_PASSWORD=hunter2" in done.stdout
    assert "SESSIONCTL_IDENTITY" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--env", "PW", FILE, "--", "env"], "expected VAR=NAME"),
        (["--env", f"1={NAME}", FILE, "--", "env"], "expected VAR=NAME"),
        (["--env", f"A={NAME}", "--env", f"A={NAME}", FILE, "--", "env"], "A: given twice"),
        (["--env", f"A={NAME}", "--file", f"A={NAME}", FILE, "--", "env"], "with --env and with"),
        (["--env", "A=a b", FILE, "--", "env"], "not the name of a secret"),
    ],
)
def test_exec_refuses_what_it_cannot_read(desk, arguments, told):
    result = desk.run("secret", "exec", *arguments, code=2)
    assert told in result.stderr


def test_exec_refuses_two_names_for_one_variable(desk):
    desk.set(b"x", name="prod-password")
    assert "would both be PROD_PASSWORD" in desk.run("secret", "exec", FILE, "--", "env").stderr


def test_exec_refuses_a_zero_byte_in_a_variable_but_not_in_a_file(desk):
    desk.set(b"a\0b", name="raw")
    result = desk.run("secret", "exec", "--env", "A=raw", FILE, "--", "env", code=2)
    assert "--file A=raw" in result.stderr
    done = exec_(desk, "--file", "A=raw", FILE, "--", "sh", "-c", 'od -An -c "$A"')
    assert done.stdout.split() == ["a", "\\0", "b"]


def test_exec_of_a_missing_program_says_so(desk):
    done = exec_(desk, FILE, "--", "no-such-program-x")
    assert done.returncode == 3
    assert "no-such-program-x: not found on PATH" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
