"""Where identities come from, in which order, and how often anybody is asked."""

from __future__ import annotations

import subprocess
import time

import pytest

from sessionctl.cli.input import terminal_prompt
from sessionctl.core.secrets.agefile import read_age_file
from sessionctl.core.secrets.secret import Secret
from sessionctl.system import age
from tests import fake_age_plugin
from tests.desk import FILE, NAME
from tests.quick_passphrase import sealed
from tests.world import need

REFUSED, LOCKED = 5, 4


@pytest.fixture
def answers(monkeypatch):
    """Answer questions for secrets; ``asked`` is what was asked."""

    class Answers:
        def __init__(self):
            self.asked = []
            self.queue = []

    made = Answers()

    def ask(_talk, question):
        made.asked.append(question)
        return Secret(made.queue.pop(0)) if made.queue else None

    monkeypatch.setattr(terminal_prompt.TerminalPrompt, "ask_secret", ask)
    return made


def move_identity(desk, name="away.txt"):
    """Take the identity out of its place, and return where it is now."""
    path = desk.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    desk.identities.rename(path)
    return path


def test_an_identity_that_is_asked_for_is_used(desk):
    path = move_identity(desk)
    assert desk.reveal().exit_code == LOCKED
    assert (
        desk.run("secret", "reveal", FILE, NAME, "--stdout", "--identity", path, code=0).stdout
        == "hunter2"
    )
    text = path.read_text().splitlines()[-1]
    for name, value in {
        "SESSIONCTL_IDENTITY_FILE": str(path),
        "SESSIONCTL_IDENTITY_CMD": f"cat '{path}'",
        "SESSIONCTL_IDENTITY": text,
    }.items():
        assert desk.reveal(env={name: value}, code=0).stdout == "hunter2"


def test_an_identity_that_is_asked_for_is_the_only_one_that_is_used(desk, tmp_path):
    stranger, _ = age.generate_identity()
    other = tmp_path / "other.txt"
    other.write_bytes(stranger.reveal())
    other.chmod(0o600)
    good = str(desk.identities)
    for arguments, env in [
        (["--identity", other], {"SESSIONCTL_IDENTITY_FILE": good}),
        ([], {"SESSIONCTL_IDENTITY_FILE": str(other), "SESSIONCTL_IDENTITY_CMD": f"cat {good}"}),
        ([], {"SESSIONCTL_IDENTITY_CMD": f"cat {other}"}),
        ([], {"SESSIONCTL_IDENTITY": str(stranger.text)}),
    ]:
        result = desk.run("secret", "reveal", FILE, NAME, "--stdout", *arguments, env=env)
        assert (result.exit_code, result.stdout) == (LOCKED, "")
        assert "opens nothing here" in result.stderr
        assert result.stderr.count("tried") == 1
        assert str(stranger.text) not in result.output
    # Nor is a value stored unsealed behind the back of one who named an identity.
    desk.set(b"x", env={"SESSIONCTL_IDENTITY_FILE": str(other)}, code=LOCKED)
    desk.run("recipients", "add", stranger_key(), "--identity", other, code=LOCKED)


def stranger_key():
    return age.generate_identity().recipient


@pytest.mark.parametrize(
    ("env", "told", "code"),
    [
        ({"SESSIONCTL_IDENTITY_FILE": "/nowhere"}, "no such file", LOCKED),
        (
            {"SESSIONCTL_IDENTITY_CMD": "no-such-program-x"},
            "no-such-program-x: not found on PATH",
            LOCKED,
        ),
        ({"SESSIONCTL_IDENTITY_CMD": "false"}, "false: exit code 1", LOCKED),
        ({"SESSIONCTL_IDENTITY_CMD": "echo 'a"}, "not a command", 2),
        ({"SESSIONCTL_IDENTITY_CMD": " "}, "not a command", 2),
        ({"SESSIONCTL_IDENTITY": "canary"}, "line 1 is not an identity", LOCKED),
        ({"SESSIONCTL_IDENTITY": "AGE-SECRET-KEY-1CANARY"}, "a damaged key", LOCKED),
        ({"SESSIONCTL_IDENTITY": "AGE-PLUGIN-X-1CANARY"}, "a damaged identity", LOCKED),
        ({"SESSIONCTL_IDENTITY": "-----BEGIN CANARY"}, "a damaged ssh key", LOCKED),
        ({"SESSIONCTL_IDENTITY": "# nothing"}, "contains no identity", LOCKED),
        ({"SESSIONCTL_IDENTITY": "\udcff"}, "not text", LOCKED),
    ],
)
def test_a_source_that_fails_is_the_error(desk, env, told, code):
    result = desk.reveal(env=env, code=code)
    assert told in result.stderr
    assert "canary" not in result.output.lower()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o660])
def test_an_identity_that_others_can_read_is_refused(desk, mode):
    desk.identities.chmod(mode)
    result = desk.reveal(code=LOCKED)
    assert f"its mode is {mode:04o}; chmod 600 {desk.identities}" in result.stderr
    named = desk.reveal(env={"SESSIONCTL_IDENTITY_FILE": str(desk.identities)}, code=REFUSED)
    assert f"chmod 600 {desk.identities}" in named.stderr


def test_what_this_machine_trusts_is_not_for_others_to_write(desk):
    desk.trust.chmod(0o666)
    assert f"chmod 600 {desk.trust}" in desk.reveal(code=REFUSED).stderr


@pytest.mark.parametrize("name", ["config/sops/age/keys.txt", ".passage/identities"])
def test_identities_of_other_programs_are_found(desk, name):
    move_identity(desk, name)
    assert desk.reveal(code=0).stdout == "hunter2"


def test_an_identity_that_opens_nothing_does_not_hide_the_next(desk):
    move_identity(desk, "config/sops/age/keys.txt")
    desk.new_key()
    assert desk.reveal(code=0).stdout == "hunter2"


def test_several_identities_in_one_file_are_all_tried(desk):
    stranger, _ = age.generate_identity()
    text = desk.identities.read_text()
    desk.identities.write_text(f"{stranger.text}\n\n# mine\n{text}")
    assert desk.reveal(code=0).stdout == "hunter2"


def test_ci_names_the_vault_it_trusts(desk, tmp_path):
    vault = desk.run("recipients", "list").stderr.split()[-1]
    runner = desk.elsewhere("ci")
    env = {"SESSIONCTL_IDENTITY_FILE": str(desk.identities)}
    trusted = runner.reveal(env={**env, "SESSIONCTL_TRUST_VAULT": vault}, code=0)
    assert (trusted.stdout, trusted.stderr) == ("hunter2", "")
    other = age.generate_identity().recipient
    refused = runner.reveal(env={**env, "SESSIONCTL_TRUST_VAULT": other}, code=REFUSED)
    assert "not the vault that SESSIONCTL_TRUST_VAULT names" in refused.stderr


# -- a passphrase ------------------------------------------------------------------------


@pytest.fixture
def protected(desk, answers):
    """Return a desk whose identity has a passphrase."""
    need("age")
    desk.identities.write_text(sealed(desk.identities.read_bytes(), "correct horse"))
    return desk


@pytest.mark.slow
def test_a_new_key_may_have_a_passphrase(bare_desk, answers):
    need("age")
    answers.queue = ["correct horse", "correct horse"]
    bare_desk.run("key", "new", "--passphrase", code=0)
    assert answers.asked
    text = bare_desk.identities.read_bytes()
    assert b"AGE-SECRET-KEY" not in text
    opened = age.decrypt_with_passphrase(text, Secret("correct horse"), "x")
    assert "AGE-SECRET-KEY" in opened.text


def test_a_passphrase_is_asked_for_once(protected, answers):
    answers.queue = ["correct horse"]
    assert protected.reveal(code=0).stdout == "hunter2"
    assert answers.asked == [f"Passphrase of {protected.identities}: "]
    answers.asked.clear()
    answers.queue = ["correct horse"] * 3
    protected.run("secret", "rekey", "--new-key", code=0)
    assert len(answers.asked) == 1
    answers.asked.clear()
    answers.queue = ["wrong", "correct horse"]
    result = protected.reveal(code=LOCKED)
    assert "the passphrase is wrong" in result.stderr
    assert len(answers.asked) == 1


def test_without_a_terminal_a_passphrase_is_no_way_in(protected):
    assert "it cannot be asked for" in protected.reveal(code=LOCKED).stderr


def test_a_key_with_a_passphrase_is_one_for_age_too(bare_desk, answers):
    answers.queue = ["correct horse", "other"]
    assert "not the same twice" in bare_desk.run("key", "new", "--passphrase", code=2).stderr
    assert "no terminal" in bare_desk.run("key", "new", "--passphrase", code=2).stderr
    assert not bare_desk.identities.exists()


def test_an_absurd_work_factor_is_refused_without_any_work(desk, answers, monkeypatch):
    def never(*_):
        raise AssertionError("scrypt was begun")

    monkeypatch.setattr(age.pyrage.passphrase, "decrypt", never)
    stanza = f"-> scrypt {'A' * 22} 23\n{'A' * 43}\n--- {'A' * 43}\n{'n' * 32}"
    desk.identities.write_text(f"age-encryption.org/v1\n{stanza}")
    answers.queue = ["x"]
    started = time.process_time()
    result = desk.reveal(code=LOCKED)
    assert "its passphrase would cost 2^23 steps, the limit is 2^20" in result.stderr
    assert time.process_time() - started < 10


# -- a plug-in ---------------------------------------------------------------------------


@pytest.fixture
def plugin(desk, tmp_path, monkeypatch):
    """Return a desk that has the fake plug-in on PATH and lets its key read."""
    folder = tmp_path / "bin"
    folder.mkdir()
    desk.log = fake_age_plugin.install(folder)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("FAKE_PLUGIN_LOG", str(desk.log))
    desk.run("recipients", "add", fake_age_plugin.RECIPIENT, "--label", "token", code=0)
    desk.identities.write_text(
        f"# recipient: {fake_age_plugin.RECIPIENT}\n{fake_age_plugin.IDENTITY}\n"
    )
    desk.log.write_text("")
    return desk


def questions(desk):
    found = desk.log.read_text().split().count("question")
    desk.log.write_text("")
    return found


@pytest.mark.slow
def test_a_plug_in_asks_once_whatever_is_done(plugin, answers):
    for number in range(2):
        answers.queue = ["1234"]
        plugin.set(b"x", name=f"n{number}")
        assert questions(plugin) == 1
    commands = [
        ["secret", "reveal", FILE, NAME, "--stdout"],
        ["secret", "accept", FILE],
        ["secret", "rekey", "--new-key"],
        ["recipients", "add", stranger_key()],
        ["secret", "rotate", "--generate", FILE, NAME],
    ]
    for command in commands:
        answers.queue = ["1234"]
        plugin.run(*command, code=0)
        assert questions(plugin) == 1, command
        assert answers.queue == []


def test_a_plug_in_founds_a_vault_too(plugin, answers):
    """Its recipient stands in a comment, as plug-ins write it."""
    for name in (".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml"):
        (plugin.folder / name).unlink()
    plugin.sidecar.unlink()
    plugin.trust.unlink()
    plugin.set(b"hunter2")
    assert questions(plugin) == 0
    answers.queue = ["1234"]
    assert plugin.reveal(code=0).stdout == "hunter2"


def test_a_plug_in_that_is_not_satisfied_opens_nothing(plugin, answers):
    answers.queue = ["0000"]
    result = plugin.reveal(code=LOCKED)
    assert "opens nothing here" in result.stderr
    assert "0000" not in result.output
    assert plugin.reveal(code=LOCKED).exit_code == LOCKED, "nobody to ask"


def test_a_plug_in_that_is_missing_is_named(plugin, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "age-plugin-fake: not found on PATH" in plugin.reveal(code=LOCKED).stderr
    move_identity(plugin)
    key, _ = age.generate_identity()
    plugin.identities.write_bytes(key.reveal())
    plugin.identities.chmod(0o600)


def test_a_recipient_whose_plug_in_is_missing_can_be_listed_not_used(desk):
    result = desk.run("recipients", "add", fake_age_plugin.RECIPIENT, code=3)
    assert "age-plugin-fake: not found on PATH" in result.stderr
    damaged = fake_age_plugin.RECIPIENT[:-1] + "q"
    assert "its key is damaged" in desk.run("recipients", "add", damaged, code=2).stderr


def test_the_fake_plug_in_is_one_for_age_too(plugin, tmp_path):
    need("age")
    done = subprocess.run(
        ["age", "-r", fake_age_plugin.RECIPIENT, "-a"], input=b"x", capture_output=True, timeout=20
    )
    assert done.returncode == 0, done.stderr
    assert read_age_file(done.stdout).stanzas[0].kind == "fake"
