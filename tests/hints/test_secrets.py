"""Hints on secrets: keys, recipients, the vault, the sidecar, the scan."""

from __future__ import annotations

import getpass
import io
import shutil
import subprocess

from sessionctl.cli.input import terminal_prompt
from sessionctl.services.secrets.readers import vault_change
from tests.desk import ID
from tests.hints.stage import (
    LEAD,
    NAME,
    SECRET,
    SMALL,
    TOKEN,
    Situation,
    assert_hint_helps,
    parametrize,
)
from tests.hints.test_history import _words
from tests.hints.test_usage import _has
from tests.world import need


def _recipient(s):
    """Return the recipient of a new key of somebody else."""
    key = s.home / "other.key"
    key.unlink(missing_ok=True)
    subprocess.run([need("age-keygen"), "-o", str(key)], check=True, capture_output=True)
    return key.read_text().split("public key: ")[1].split()[0]


def _ready(s):
    """Return the stage as a repository with one secret, committed."""
    s.init().secret()
    s.repo.commit("base")
    return s


def _listed(s):
    return [line for line in s.read(".age-recipients").splitlines() if line.startswith("age1")]


def _with_two(s):
    _ready(s)
    s.good("recipients", "add", _recipient(s))
    s.repo.commit("two readers")
    return s


def _taken_out(s):
    """Take a reader out of the list by hand; the vault stays as it was."""
    _with_two(s)
    s.write(".age-recipients", f"{_listed(s)[0]}\n")
    return s


def _stored(s, hint, value=b"hunter3"):
    command = hint[hint.index("sessionctl ") :]
    command = command.replace("FILE", s.word()).replace("NAME", NAME)
    if not (s.folder / s.file).exists():
        s.write(s.file, SECRET)
    return s.good(*_words(s, command), stdin=value)


def _revealed(s, value="hunter2"):
    assert s.good("secret", "reveal", s.file, NAME, "--stdout") == value


def _linked_configuration(s):
    """Return what is said of a new key where the configuration is linked into the repository."""
    s.init().write("dot config/.gitkeep", "")
    config = s.home / "config/sessionctl"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.symlink_to(s.folder / "dot config")
    return s.good("key", "new")


def _mistyped(s):
    """Type one passphrase, and then another; then always the same."""
    typed = iter("ab")
    s.patch.setattr(terminal_prompt, "_has_terminal", lambda: True)
    s.patch.setattr(terminal_prompt, "_screen", io.StringIO)
    s.patch.setattr(getpass, "getpass", lambda _: next(typed, "c"))
    return s.say("key", "new", "--passphrase", code=2)


def _entry_gone(s):
    _ready(s)
    (s.folder / s.sidecar).write_text(s.read(s.sidecar).partition("[secret.")[0])
    s.repo.commit("gone")
    return s.say("secret", "reveal", s.file, NAME, "--stdout", code=5)


def _moved_host(s):
    _ready(s)
    s.write(s.file, SECRET.replace("db.example.org", "db.evil.org"))
    s.repo.commit("another host")
    return s.say("secret", "reveal", s.file, NAME, "--stdout", code=5)


def _second_key(s):
    """Make a key on another machine of the same repository."""
    _ready(s)
    own = next(s.home.rglob("identities.txt"))
    s.kept = own.rename(own.with_suffix(".first"))
    return s.say("key", "new")


def _sent(s, hint):
    """Type the line where the first key is."""
    own = next(s.home.rglob("identities.txt"))
    s.recipient = own.read_text().split("public key: ")[1].split()[0]
    s.kept.replace(own)
    return s.good(*_words(s, hint[hint.index("sessionctl ") :]))


def _stranger(s):
    _ready(s)
    s.write(".age-recipients", s.read(".age-recipients") + _recipient(s) + "\n")
    s.repo.commit("a stranger")
    return s.say("secret", "rekey", code=5)


def _other_id(s):
    _ready(s)
    s.write(s.file, SECRET.replace("3f0d8c2e", "3f0d8c2f"))
    return s.say("secret", "set", s.file, NAME, stdin=b"x", code=5)


def _no_recipient(s):
    _ready(s)
    s.write(".age-recipients", s.read(".age-recipients") + "nonsense\n")
    return s.say("secret", "doctor", code=1)


def _cut_in_editor(s, hint):
    """Take the line out that the editor is opened at."""
    editor = s.write("editor.sh", '#!/bin/sh\nexec sed -i -e "${1#+}d" "$2"\n')
    editor.chmod(0o755)
    s.patch.setenv("EDITOR", str(editor))
    return s.type(hint.partition(": ")[2])


def _info_of_another(s):
    _ready(s)
    info = s.folder / ".sessionctl/vault.toml"
    text = info.read_text()
    was = text.partition('recipient = "')[2].partition('"')[0]
    info.write_text(text.replace(was, _recipient(s)))
    s.repo.commit("another vault")
    return s.say("secret", "reveal", s.file, NAME, "--stdout", code=5)


def _harmed_info(s):
    _ready(s)
    (s.folder / ".sessionctl/vault.toml").write_text("format = 1\n")
    return s.say("secret", "reveal", s.file, NAME, "--stdout")


def _no_info(s):
    _ready(s)
    (s.folder / ".sessionctl/vault.toml").unlink()
    return s.say("secret", "doctor")


def _nearer(s):
    _ready(s)
    s.write("sub/.age-recipients", _recipient(s) + "\n")
    s.write("sub/" + s.file, SECRET.replace("3f0d8c2e", "3f0d8c2f"))
    s.repo.commit("nearer")
    return s.say("secret", "set", "sub/" + s.file, NAME, stdin=b"x")


def _link_out(s):
    _ready(s)
    place = s.folder.parent / "authorized_keys"
    place.write_text(s.read(".age-recipients"))
    (s.folder / ".age-recipients").unlink()
    (s.folder / ".age-recipients").symlink_to(place)
    s.repo.commit("a link")
    return s.say("recipients", "add", _recipient(s), code=5)


def _after_removal(s):
    """Remove a reader; return what is said."""
    _with_two(s)
    return s.good("recipients", "rm", _listed(s)[1])


def _conflict(s):
    _ready(s)
    for branch in ("topic", "main"):
        s.git("checkout", "-q", *(["-b"] if branch == "topic" else []), branch)
        (s.home / "other.key").unlink(missing_ok=True)
        s.good("recipients", "add", _recipient(s))
        s.repo.commit(branch)
    s.git("merge", "topic", check=False)
    return s.say("secret", "reveal", s.file, NAME, "--stdout")


def _kept_by_git(s):
    s.init().commit(s.file, LEAD.format(id=ID, password=f'"{TOKEN}"'))
    s.commit(s.file, SMALL)
    return s.say("secret", "scan", "--history")


def _large(s):
    s.init().commit(s.file, SMALL + "# x\n" * 300_000)
    s.commit(s.file, SMALL)
    return s.say("secret", "scan", "--history")


def _key_file(s):
    s.init().write(".age-recipients", "AGE-SECRET" + "-KEY-1" + "Q" * 58)
    return s.say("sync", code=5)


def _ignored(s, hint):
    (s.folder / ".age-recipients").rename(s.folder.parent / "keys.txt")
    return hint


def _open_key(s):
    _ready(s)
    s.write("it's a key", next(s.home.rglob("identities.txt")).read_bytes()).chmod(0o644)
    said = s.say("secret", "reveal", s.file, NAME, "--stdout", "--identity", "it's a key", code=5)
    s.good("secret", "reveal", s.file, NAME, "--stdout")
    return said


def _cut_short(s):
    """Let the power go when a new vault key was written, and not yet known as whole."""
    _with_two(s)
    finished = vault_change._finished
    s.patch.setattr(vault_change, "_finished", lambda book, *_: book)
    s.good("recipients", "rm", _listed(s)[1])
    s.patch.setattr(vault_change, "_finished", finished)
    return s.say("secret", "doctor")


def _parted(s):
    """Move a session, and leave its secrets behind."""
    _ready(s)
    (s.folder / "new").mkdir()
    (s.folder / s.file).rename(s.folder / "new" / s.file)


def _vault_of_another(s):
    """Put a vault in the place of the one that is trusted; both are for the same key."""
    _ready(s)
    shutil.rmtree(s.folder / ".sessionctl")
    (s.folder / s.sidecar).unlink()
    book = next(s.home.rglob("trust.toml"))
    known = book.read_bytes()
    book.unlink()
    s.good("secret", "set", s.file, NAME, stdin=b"hunter3")
    book.write_bytes(known)
    return s.say("secret", "reveal", s.file, NAME, "--stdout", code=5)


def _own(s):
    return s.home / "config/sessionctl/sessions"


def _own_sessions(s, *words, code=0):
    """Keep secrets with the sessions of the user; then look at a directory that has nothing."""
    _own(s).mkdir(parents=True)
    (_own(s) / "mine.session.toml").write_text(SECRET)
    s.good("key", "new")
    s.good("secret", "set", str(_own(s) / "mine.session.toml"), NAME, stdin=b"hunter2")
    return s.say("recipients", *words, code=code)


def _pending(s):
    """List a reader where no key opens the vault."""
    _ready(s)
    next(s.home.rglob("identities.txt")).rename(s.home / "keys")
    return s.say("recipients", "add", _recipient(s))


def _with_keys(s):
    place = s.home / "config/sessionctl"
    (s.home / "keys").rename(place / "identities.txt")


SECRETS = [
    Situation(
        "an edit that sends a secret elsewhere",
        lambda s: [_ready(s), s.say("set", s.file, "connections.prod.port", "5433")][1],
        "{} {} accepted: sessionctl secret accept {}",
        lambda s, said: _revealed(s),
        types=lambda s, hint: s.good(*_words(s, hint[hint.index("sessionctl ") :]), "--yes"),
    ),
    Situation(
        "a new key",
        lambda s: s.good("key", "new"),
        "store a secret: sessionctl secret set FILE NAME",
        lambda s, said: _revealed(s, "hunter3"),
        types=_stored,
    ),
    Situation(
        "a passphrase that nobody can type",
        lambda s: s.say("key", "new", "--passphrase", code=2),
        "without one: sessionctl key new",
        lambda s, said: _has(s.good("key", "show"), "age1"),
    ),
    Situation(
        "a passphrase that was typed in two ways",
        _mistyped,
        "try again: sessionctl key new --passphrase",
        lambda s, said: _has(said, "age1"),
    ),
    Situation(
        "a value that would go into a pipe",
        lambda s: [_ready(s), s.say("secret", "reveal", s.file, NAME, code=2)][1],
        "print it anyway: {}",
        lambda s, said: _has(said, "hunter2"),
    ),
    Situation(
        "a key that exists already",
        lambda s: [s.good("key", "new"), s.say("key", "new", code=3)][1],
        "store a secret with it: sessionctl secret set FILE NAME",
        lambda s, said: _revealed(s, "hunter3"),
        types=_stored,
    ),
    Situation(
        "no readers",
        lambda s: s.say("recipients", "list"),
        "the first secret makes you a recipient: sessionctl secret set FILE NAME",
        lambda s, said: _has(s.good("recipients", "list"), "age1"),
        types=lambda s, hint: [s.good("key", "new"), _stored(s, hint)][1],
    ),
    Situation(
        "no list to write",
        lambda s: s.say("secret", "rekey", code=2),
        "the first secret makes it: sessionctl secret set FILE NAME",
        lambda s, said: s.good("secret", "rekey"),
        types=lambda s, hint: [s.good("key", "new"), _stored(s, hint)][1],
    ),
    Situation(
        "a list that was changed by hand",
        lambda s: _taken_out(s).say("recipients", "list"),
        "someone who can read the secrets runs: sessionctl secret rekey",
        lambda s, said: _no(s.good("recipients", "list"), "the vault was not"),
    ),
    Situation(
        "a list that was changed, seen by the doctor",
        lambda s: _taken_out(s).say("secret", "doctor"),
        "someone who can read them runs: {}",
        lambda s, said: _no(s.say("secret", "doctor"), "the vault was not"),
    ),
    Situation(
        "a machine without a key",
        lambda s: [
            (s.home / "config/sessionctl/identities.txt").unlink(missing_ok=True),
            s.say("key", "show", code=4),
        ][1],
        "create one: sessionctl key new",
        lambda s, said: _has(s.good("key", "show"), "age1"),
    ),
    Situation(
        "a key where git would publish it",
        _linked_configuration,
        "make git ignore it: {}",
        lambda s, said: _has(s.git("check-ignore", "dot config/identities.txt"), "identities.txt"),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "a key that is no reader yet",
        _second_key,
        "send this to someone who can read them: {}",
        lambda s, said: _has(s.read(".age-recipients"), s.recipient),
        types=_sent,
    ),
    Situation(
        "what is no recipient",
        lambda s: s.say("recipients", "add", "me", code=2),
        "create one: sessionctl key new; it prints the recipient",
        lambda s, said: _ready(s).good("recipients", "add", s.recipient),
        types=lambda s, hint: [_made(s, hint)][0],
    ),
    Situation(
        "a reader for the sessions of the user, from the home directory",
        lambda s: _own_sessions(s, "add", _recipient(s), "--label", "my lap", code=2),
        "those of your sessions are elsewhere: sessionctl {}",
        lambda s, said: _has((_own(s) / ".age-recipients").read_text(), "# my lap\n"),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "the readers of the sessions of the user, from the home directory",
        lambda s: _own_sessions(s, "list"),
        "those of your sessions: sessionctl recipients list --dir={}",
        lambda s, said: _has(said, "age1"),
    ),
    Situation(
        "a reader that is not there",
        lambda s: _ready(s).say("recipients", "rm", "qqqq", code=2),
        "list them: sessionctl recipients list",
        lambda s, said: _has(said, "age1"),
    ),
    Situation(
        "two readers of one label",
        lambda s: [
            _ready(s),
            s.good("recipients", "add", _recipient(s), "--label", "laptop"),
            s.good("recipients", "add", _recipient(s), "--label", "laptop"),
            s.say("recipients", "rm", "laptop", code=2),
        ][3],
        "give the key of one; they are listed by: sessionctl recipients list",
        lambda s, said: s.good("recipients", "rm", _listed(s)[-1]),
    ),
    Situation(
        "no list to take from",
        lambda s: s.say("recipients", "rm", "qqqq", code=2),
        "see: sessionctl recipients list",
        lambda s, said: _has(said, "no recipients here"),
    ),
    Situation(
        "a file that is no session",
        lambda s: [_ready(s), s.say("secret", "list", "a.toml", code=2)][1],
        "list the sessions here: sessionctl list{}",
        lambda s, said: _has(said, "api"),
    ),
    Situation(
        "a reference to nothing",
        lambda s: [
            _ready(s).write("b.session.toml", SECRET.replace("3f0d8c2e", "3f0d8c2f")),
            s.say("validate", "b.session.toml"),
        ][1],
        "store it: sessionctl secret set {} {name}",
        lambda s, said: s.good("validate", "b.session.toml"),
        types=_stored,
    ),
    Situation(
        "a secret that is not stored",
        lambda s: [
            _ready(s).write("b.session.toml", SECRET.replace("3f0d8c2e", "3f0d8c2f")),
            s.say("secret", "reveal", "b.session.toml", NAME, "--stdout"),
        ][1],
        "store it: sessionctl secret set {} {}",
        lambda s, said: s.good("secret", "reveal", "b.session.toml", NAME, "--stdout"),
        types=_stored,
    ),
    Situation(
        "a secret to remove that is not there, nor any other",
        lambda s: [s.write(s.file, SMALL), s.say("secret", "rm", s.file, NAME, code=1)][1],
        "see which there are: sessionctl secret list {}",
        lambda s, said: _has(said, "no secrets here"),
    ),
    Situation(
        "an entry that is gone",
        _entry_gone,
        "see who removed it: {}",
        lambda s, said: _has(said, "gone", "base"),
    ),
    Situation(
        "a destination that was changed",
        _moved_host,
        "see what happened: {}",
        lambda s, said: _has(said, "another host", "db.evil.org"),
    ),
    Situation(
        "a key that nobody accepted",
        _stranger,
        "see who added them: {}",
        lambda s, said: _has(said, "a stranger"),
    ),
    Situation(
        "a nearer list",
        _nearer,
        "see who made it: {}",
        lambda s, said: _has(said, "nearer"),
    ),
    Situation(
        "another vault",
        _info_of_another,
        "look at what changed: {}",
        lambda s, said: _has(said, "another vault"),
    ),
    Situation(
        "a link that leads out",
        _link_out,
        "see who made the symlink: {}",
        lambda s, said: _has(said, "a link"),
    ),
    Situation(
        "a line of the list that is no recipient",
        _no_recipient,
        "correct or remove the line: {}",
        lambda s, said: s.good("secret", "doctor"),
        types=_cut_in_editor,
    ),
    Situation(
        "an id that was lost",
        _other_id,
        "if the id was lost: sessionctl set {} id {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a sidecar that was copied",
        _other_id,
        "if the file was copied here, move it away: mv {} OTHER",
        lambda s, said: s.good("secret", "set", s.file, "n", stdin=b"x"),
        fill={"OTHER": "'it'\"'\"'s other'"},
    ),
    Situation(
        "a file beside the vault that is damaged",
        _harmed_info,
        "write it again from vault.age: {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a file beside the vault that is gone",
        _no_info,
        "write it again: {}",
        lambda s, said: _no(s.say("secret", "doctor"), "no such file"),
    ),
    Situation(
        "a new vault",
        _after_removal,
        "sessionctl secret rekey --accept {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a secret that a removed reader knows",
        lambda s: [_after_removal(s), s.say("secret", "doctor")][1],
        "sessionctl secret rotate {} {}",
        lambda s, said: _revealed(s, "hunter3"),
        types=_stored,
    ),
    Situation(
        "a vault that both sides changed",
        _conflict,
        "take one of them, and keep all keys of both in {}: {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a vault that both sides changed, for all",
        _conflict,
        "then write it for all of them: {}",
        lambda s, said: _revealed(s),
        types=lambda s, hint: [
            s.git("checkout", "--ours", "--", ".sessionctl"),
            s.git("checkout", "--ours", "--", ".age-recipients", check=False),
            s.type(hint.partition(": ")[2]),
        ][2],
    ),
    Situation(
        "a key that others can read",
        _open_key,
        "chmod 600 {}",
        lambda s, said: s.good(
            "secret", "reveal", s.file, NAME, "--stdout", "--identity", "it's a key"
        ),
    ),
    Situation(
        "a trust book that is damaged",
        lambda s: [
            _ready(s),
            next(s.home.rglob("trust.toml")).write_text("format = 1\nvaults = 3\n"),
            s.say("secret", "reveal", s.file, NAME, "--stdout"),
        ][2],
        "move it away, and confirm vaults again: mv {} {}",
        lambda s, said: _has(s.good("secret", "reveal", s.file, NAME, "--stdout"), "hunter2"),
    ),
    Situation(
        "secrets that git keeps",
        _kept_by_git,
        "everyone with the repository can read what git keeps: change these secrets",
        lambda s, said: _has(s.git("log", "-p", "--no-textconv"), TOKEN),
        types=lambda s, hint: hint,
    ),
    Situation(
        "a version that is too large",
        _large,
        "search it alone: {} | sessionctl secret scan -",
        lambda s, said: None,
    ),
    Situation(
        "a key in the repository",
        _key_file,
        "move it out of the repository, or make git ignore it",
        lambda s, said: s.good("sync"),
        types=_ignored,
    ),
    Situation(
        "a sidecar that is damaged",
        lambda s: [
            _ready(s),
            (s.folder / s.sidecar).write_text(s.read(s.sidecar).replace("vault = ", "v = ")),
            s.say("secret", "reveal", s.file, NAME, "--stdout"),
        ][2],
        "restore the version from git: sessionctl undo {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a change of the vault key that was cut short",
        _cut_short,
        "go on with it: {}",
        lambda s, said: _no(s.say("secret", "doctor"), "is not finished"),
    ),
    Situation(
        "readers that were taken out by hand, and another",
        lambda s: [_taken_out(s), s.say("recipients", "add", _recipient(s), code=5)][1],
        "a new vault key keeps them out: {}",
        lambda s, said: s.good("recipients", "add", _recipient(s)),
    ),
    Situation(
        "a session whose secrets stayed behind",
        lambda s: [_parted(s), s.say("secret", "doctor", "new/" + s.file)][1],
        "move both together: {}",
        lambda s, said: _has(s.good("secret", "list", "new/" + s.file), NAME),
    ),
    Situation(
        "a session whose secrets stayed behind, checked",
        lambda s: [_parted(s), s.say("validate", "new/" + s.file)][1],
        "its secrets are in the old place, move both together: {}",
        lambda s, said: s.good("validate", "new/" + s.file),
    ),
    Situation(
        "another vault, and it is right",
        _vault_of_another,
        "if it is right: {}",
        lambda s, said: _revealed(s, "hunter3"),
    ),
    Situation(
        "a key that nobody accepted, and it is right",
        _stranger,
        "if they are right: {}",
        lambda s, said: s.good("secret", "rekey"),
    ),
    Situation(
        "another vault than vault.age, which is right",
        _info_of_another,
        "if vault.age is right: {}",
        lambda s, said: _revealed(s),
    ),
    Situation(
        "a reader whom another one lets in",
        _pending,
        "someone who can read them runs: {}",
        lambda s, said: _no(s.good("recipients", "list"), "the vault was not"),
        types=lambda s, hint: [_with_keys(s), s.type(hint.rpartition(": ")[2])][1],
    ),
]


def _no(said, word):
    assert word not in said


def _made(s, hint):
    said = s.good(*hint.partition(": sessionctl ")[2].partition(";")[0].split())
    s.recipient = next(word for word in said.split() if word.startswith("age1"))
    next(s.home.rglob("identities.txt")).unlink()
    return said


@parametrize(SECRETS)
def test_a_hint_on_secrets(situation, stage):
    assert_hint_helps(situation, stage)
