"""The old text of panes is sealed to the user's own key, where there is one."""

from __future__ import annotations

import json
import shutil

import pytest

from sessionctl.core.secrets.agefile import BEGIN
from sessionctl.core.secrets.secret import Secret
from sessionctl.services.live.old_text import OldTextStore
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.identity_source import FromFile
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.own_seal import OwnSeal
from sessionctl.services.secrets.user_key import plan_key

TEXTS = {(0, 0): "first WORD", (1, 2): "\x1b[31müber\x1b[m\nWORD two"}
FILE = "/home/ada/work.session.toml"


def context_of(home, **how):
    return SecretContext(Machine({"HOME": str(home)}, host="h"), today="2026-01-01", **how)


def make_key(context, passphrase=None):
    key = plan_key(context, passphrase)
    key.path.parent.mkdir(parents=True, exist_ok=True)
    key.write.carry_out(None)
    return key


@pytest.fixture
def context(tmp_path):
    return context_of(tmp_path / "home")


@pytest.fixture
def store(tmp_path):
    return OldTextStore(str(tmp_path / "state"))


def kept_file(tmp_path):
    (path,) = (tmp_path / "state" / "scrollback").iterdir()
    return path


def words(kept):
    """Return the texts without the line that says from when they are."""
    return {place: text.rpartition("\x1b[0m\n")[0] for place, text in kept.texts.items()}


def keep(store, context):
    store.keep(FILE, TEXTS, OwnSeal(context))


def read(store, context):
    return store.read(FILE, lambda: OwnSeal(context))


def test_with_a_key_the_file_is_age_text_without_a_plain_word(store, context, tmp_path):
    make_key(context)
    keep(store, context)
    path = kept_file(tmp_path)
    assert path.read_text().startswith(BEGIN)
    assert "WORD" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert words(read(store, context)) == TEXTS
    assert not read(store, context).note


def test_without_a_key_it_is_kept_as_it_is(store, context, tmp_path):
    keep(store, context)
    path = kept_file(tmp_path)
    assert "WORD" in json.loads(path.read_text())["texts"][0][2]
    assert path.stat().st_mode & 0o777 == 0o600
    assert words(read(store, context)) == TEXTS


@pytest.mark.slow
def test_a_key_with_a_passphrase_seals_nothing_and_asks_for_nothing(store, tmp_path):
    class Prompt:
        def ask_secret(self, question):
            raise AssertionError(question)

    context = context_of(tmp_path / "home", prompt=Prompt())
    make_key(context, Secret("a passphrase"))
    keep(store, context)
    assert words(read(store, context)) == TEXTS


def test_plain_text_from_before_the_key_is_shown_and_the_next_save_seals_it(
    store, context, tmp_path
):
    keep(store, context)
    make_key(context)
    assert words(read(store, context)) == TEXTS
    keep(store, context)
    assert "WORD" not in kept_file(tmp_path).read_text()
    assert words(read(store, context)) == TEXTS


def test_when_the_key_is_gone_a_note_says_so(store, context):
    key = make_key(context)
    keep(store, context)
    key.path.unlink()
    kept = read(store, context)
    assert not kept.texts
    assert "no key opens it" in kept.note
    assert FILE in kept.note
    make_key(context)  # another one
    assert "no key opens it" in read(store, context).note


def test_an_identity_that_was_asked_for_and_is_not_there_is_a_note(store, context, tmp_path):
    make_key(context)
    keep(store, context)
    other = context_of(tmp_path / "home", explicit=FromFile("--identity", tmp_path / "none"))
    assert "no key opens it" in read(store, other).note


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_damaged_file_is_a_note(store, context, tmp_path, is_sealed):
    if is_sealed:
        make_key(context)
    keep(store, context)
    path = kept_file(tmp_path)
    whole = path.read_bytes()
    for end in (*range(1, len(whole) - 1, 29), len(whole) // 2):
        for damaged in (whole[:end], whole[:end] + b"\xff" + whole[end + 1 :]):
            path.write_bytes(damaged)
            kept = read(store, context)
            assert not kept.texts
            assert "is damaged" in kept.note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"format": 2}',
        '{"format": 1, "at_s": 1e999, "texts": [[0, 0, "x"]]}',
        "[" * 100_000,
    ],
    ids=["empty", "list", "null", "newer", "never", "deep"],
)
def test_anything_else_is_a_note(store, context, tmp_path, text):
    keep(store, context)
    kept_file(tmp_path).write_text(text)
    kept = read(store, context)
    assert not kept.texts
    assert "is damaged" in kept.note


def test_a_sealed_save_comes_back_and_without_the_key_the_session_does(world):
    make_key(SecretContext(world.machine, today="2026-01-01"))
    world.tmux("new-session", "-d", "-s", "work", "-x", "100", "-y", "30", "-c", world.home)
    world.type("work", "printf 'MARK-%s\\n' 1 2 3")
    world.wait_until(lambda: "MARK-3" in world.tmux("capture-pane", "-p", "-t", "work"))
    file = world.home / "s.session.toml"
    world.run("save", "work", "--file", file, "--scrollback")
    folder = world.home / ".local/state/sessionctl/scrollback"
    (path,) = folder.iterdir()
    assert path.read_text().startswith(BEGIN)
    world.end()
    done = world.run("restore", file)
    assert "old text" not in done.stderr
    world.wait_until(lambda: "MARK-3" in world.tmux("capture-pane", "-p", "-t", "work"))
    world.end()
    shutil.rmtree(world.machine.config)
    done = world.run("restore", file)
    assert done.stderr.count("the old text of its panes is not shown") == 1
    assert "MARK-3" not in world.tmux("capture-pane", "-p", "-t", "work")
