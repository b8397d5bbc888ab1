"""Hints on files: validate, new, show, edit, fmt, diff, get and set."""

from __future__ import annotations

import os
import stat

from tests.hints.stage import ID, LEAD, SMALL, TOKEN, Situation, assert_hint_helps, parametrize
from tests.hints.test_usage import _has


def _two(s):
    s.write(s.file)
    s.write("b.session.toml")
    return s.say("show", code=2)


def _editor(s, body):
    """Make an editor that is a shell script, and use it."""
    path = s.write("editor", f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    s.patch.setenv("EDITOR", str(path).replace("'", "\\'").replace(" ", "\\ "))


def _refused_edit(s):
    s.write(s.file)
    _editor(s, 'printf "name = \\n" > "$1"')
    return s.say("edit", s.file)


def _finish_edit(s, hint):
    _editor(s, f"printf '{SMALL.replace(chr(10), chr(92) + 'n')}# more\\n' > \"$1\"")
    return s.type(hint.partition(": ")[2])


def _renamed(s):
    s.init().commit(s.file)
    s.git("mv", s.file, "it's new.session.toml")
    s.repo.commit("renamed")
    return s.say("diff", "--rev", "HEAD~1", "it's new.session.toml", code=3)


def _same(text, wanted):
    assert text == wanted


def _is_refused_dir(s):
    folder = s.write(f"ro/{s.file}").parent
    folder.chmod(0o500)
    return s.say("set", f"ro/{s.file}", "name", "x", code=3)


def _own_settings(s):
    return s.home / "config" / "sessionctl" / "config.toml"


def _misplaced_setting(s):
    file = _own_settings(s)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("backups = 5\n")
    _editor(s, "printf '[backups]\\ncount = 8\\n' > \"$1\"")


def _broken_settings(s):
    file = _own_settings(s)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[backups]\nclean = false\noops = [\n")
    return s.say("gc", code=1)


def _fix_settings(s, hint):
    _editor(s, 'printf "[backups]\\nclean = false\\n" > "$1"')
    return s.type(hint.partition(": ")[2])


def _odd_variable(s):
    s.patch.setenv("SESSIONCTL_BACKUPS_COUNT", "many")
    return s.say("gc", code=1)


def _looping_settings(s):
    file = _own_settings(s)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.symlink_to(file.name)
    said = s.say("doctor", code=1)
    return "hint: " + next(line for line in said.splitlines() if "ls -ld" in line).split("fix: ")[1]


DOCUMENTS = [
    Situation(
        "a table that a removal leaves empty",
        lambda s: [
            s.write(s.file, f"{SMALL}\n[env]\nX = '1'\n"),
            s.good("unset", s.file, "env.X"),
        ][1],
        "{} is empty now; to remove it too: sessionctl unset {}",
        lambda s, said: _same(s.read(s.file), SMALL),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "settings that are a link to themselves",
        _looping_settings,
        "ls -ld {}",
        lambda s, said: _has(said, "config.toml -> config.toml"),
    ),
    Situation(
        "settings that cannot be read",
        _broken_settings,
        "fix your settings: sessionctl config edit",
        lambda s, said: s.good("gc"),
        types=_fix_settings,
    ),
    Situation(
        "a variable that is no setting",
        _odd_variable,
        "show the settings, and what is wrong with them: sessionctl config",
        lambda s, said: _has(said, "SESSIONCTL_BACKUPS_COUNT"),
        code=1,
    ),
    Situation(
        "a directory without sessions is listed",
        lambda s: s.good("list"),
        "create one: sessionctl new NAME",
        lambda s, said: _has(s.good("list"), "my app"),
        only=("here", "below"),
        fill={"NAME": "'my app'"},
    ),
    Situation(
        "nothing to validate",
        lambda s: s.say("validate"),
        "create one: sessionctl new NAME",
        lambda s, said: _has(s.good("validate"), "1 valid"),
        only=("here", "below"),
        fill={"NAME": "'my app'"},
    ),
    Situation(
        "no session to show",
        lambda s: s.say("show", code=2),
        "or create one: sessionctl new NAME",
        lambda s, said: _has(s.good("show"), "my app"),
        fill={"NAME": "'my app'"},
    ),
    Situation(
        "no session here, but elsewhere",
        lambda s: [s.write(f"sub/{s.file}"), s.say("show", code=2)][1],
        "name one: sessionctl {} NAME{}",
        lambda s, said: _has(said, "small"),
        types=lambda s, hint: s.type(
            hint.partition(": ")[2].replace("NAME", s.word(f"sub/{s.file}"))
        ),
    ),
    Situation(
        "several sessions of one name",
        lambda s: [
            s.write(f"one/{s.file}"),
            s.write(f"two/{s.file}"),
            s.say("show", "--", s.stem, code=2),
        ][2],
        "type the path of the one you mean: {}",
        lambda s, said: _has(said, "small"),
        types=lambda s, hint: s.type(f"sessionctl show {hint.partition(': ')[2]}"),
        only=("here",),
    ),
    *(
        Situation(
            f"an item that cannot be made: {hint}",
            lambda s, key=key, value=value: [
                s.write("items.toml", '[[a]]\nname = "x"\n'),
                s.say("set", "items.toml", key, value, code=1),
            ][1],
            hint,
            lambda s, said: _has(s.read("items.toml"), " = 0"),
            types=lambda s, hint, more=more: s.good(
                "set", "items.toml", hint.partition(": ")[2] + more, "0"
            ),
            only=("here",),
        )
        for key, value, hint, more in (
            ("a[colour=red].b", "1", "name it: {}", ".b"),
            ("a[name=y]", "1", "set a key in it: {}", ""),
            ("a[name=y].name", "z", "name a new one in the path: {}", ".b"),
            ("c[2].b", "1", "begin with the first: {}", ".b"),
        )
    ),
    Situation(
        "an item that a slip made",
        lambda s: [
            s.write("items.toml", '[[a]]\nname = "editor"\n'),
            s.good("set", "items.toml", "a[name=edtor].b", "1"),
        ][1],
        "{} then remove this one: {}",
        lambda s, said: _has(s.read("items.toml"), "editor"),
        types=lambda s, hint: s.type(hint.rpartition("this one: ")[2]),
        only=("here",),
    ),
    Situation(
        "a key set in an empty file",
        lambda s: [s.write(s.file, ""), s.good("set", s.file, "description", "mine")][1],
        "add what is missing: sessionctl set -- {} {}",
        lambda s, said: _has(s.good("validate", s.file), "1 valid"),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "a number where a string belongs",
        lambda s: [s.write(s.file), s.say("set", s.file, "description", "5", code=1)][1],
        "as a string: sessionctl set --string -- {} {}",
        lambda s, said: _has(s.read(s.file), 'description = "5"'),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "a string where a number belongs",
        lambda s: [s.write(s.file), s.say("set", s.file, "schema_version", '"1"', code=1)][1],
        "without quotes: sessionctl set -- {} {}",
        lambda s, said: _has(s.read(s.file), "schema_version = 1\n"),
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
    ),
    Situation(
        "a session that was removed",
        lambda s: [s.write(s.file), s.good("rm", "--yes", s.file)][1],
        "restore it: sessionctl recover {} 1",
        lambda s, said: _has(s.read(s.file), "small"),
        types=lambda s, hint: s.type(f"{hint.partition(': ')[2]} --yes"),
    ),
    Situation(
        "two items of one name",
        lambda s: [
            s.write("twice.toml", '[[a]]\nname = "x"\n[[a]]\nname = "x"\n'),
            s.say("get", "twice.toml", "a[name=x]", code=1),
        ][1],
        "name one by its place: {}",
        lambda s, said: _has(said, "x"),
        types=lambda s, hint: s.good("get", "twice.toml", hint.partition(": ")[2].split()[0]),
        only=("here",),
    ),
    Situation(
        "several sessions to show",
        _two,
        "name one: sessionctl {} {}{}",
        lambda s, said: _has(said, "small"),
        only=("here",),
    ),
    Situation(
        "a file without a schema",
        lambda s: [
            s.write("a.toml", "a = 1\n"),
            s.write("it's schema.json", '{"type": "object"}'),
            s.say("validate", "a.toml", code=0),
        ][2],
        "name one: sessionctl validate --schema FILE",
        lambda s, said: _has(said, "1 valid"),
        types=lambda s, hint: s.good(
            *hint.split("sessionctl ")[1].split()[:-1], "it's schema.json", "a.toml"
        ),
    ),
    Situation(
        "a name that no file can have",
        lambda s: s.say("new", "a/b", code=2),
        "choose letters, digits, dashes: sessionctl new my-api",
        lambda s, said: s.good("show", "my-api.session.toml"),
        only=("here",),
    ),
    Situation(
        "a session that exists already",
        lambda s: [s.write(s.file), s.say("new", "--dir", s.seen("."), "--", s.stem, code=1)][1],
        "look at it: sessionctl show {}",
        lambda s, said: _has(said, "small"),
        is_new=True,
    ),
    Situation(
        "a file that is not there is edited",
        lambda s: s.say("edit", s.file, code=3),
        "create a session: sessionctl new NAME",
        lambda s, said: s.good("show", "my app.session.toml"),
        fill={"NAME": "'my app'"},
        only=("here",),
    ),
    Situation(
        "a file that is not tidy",
        lambda s: [s.write(s.file, 'name   = "x"   \n'), s.say("fmt", "--check", s.file, code=1)][
            1
        ],
        "format: sessionctl fmt {}",
        lambda s, said: s.good("fmt", "--check", s.file),
    ),
    Situation(
        "an edit with a mistake",
        _refused_edit,
        "continue: sessionctl edit {}",
        lambda s, said: _has(s.read(s.file), "# more"),
        types=_finish_edit,
    ),
    Situation(
        "a revision that is none",
        lambda s: [s.init().commit(), s.say("diff", "--rev", "qqqq", s.file, code=3)][1],
        "see them: {} log --oneline",
        lambda s, said: _has(said, "change"),
    ),
    Situation(
        "a revision without the file",
        lambda s: [s.init().commit(), s.say("diff", "--rev", "HEAD~1", s.file, code=3)][1],
        "see where it was: {} log --oneline --all -- {}",
        lambda s, said: _has(said, "change"),
    ),
    Situation(
        "a file that had another name",
        _renamed,
        "it had another name: sessionctl diff {} {}",
        lambda s, said: None,
        only=("here", "below"),
    ),
    Situation(
        "a file of another repository that had another name",
        _renamed,
        "it had another name: {} | sessionctl diff - {}",
        lambda s, said: None,
        types=lambda s, hint: s.type(hint.partition(": ")[2]),
        only=("outside",),
    ),
    Situation(
        "a link that leads to itself",
        lambda s: [os.symlink(s.file, s.folder / s.file), s.say("validate", s.file, code=3)][1],
        "see where it leads: ls -ld {}",
        lambda s, said: _has(said, f"{s.file} -> {s.file}"),
    ),
    Situation(
        "ciphertext of age",
        lambda s: [
            s.write(s.file, b"age-encryption.org/v1\n-> X25519 \xff\xfe"),
            s.say("validate", s.file),
        ][1],
        "it is encrypted: age --decrypt -o {} {}",
        lambda s, said: None,
        types=lambda s, hint: _decrypt(s, hint),  # noqa: PLW0108 - defined below
    ),
    Situation(
        "a value where the table of a setting belongs",
        lambda s: [_misplaced_setting(s), s.say("config", "set", "backups.count", "7", code=1)][1],
        "fix it there: {}",
        lambda s, said: _has(_own_settings(s).read_text(), "count = 8"),
    ),
    Situation(
        "a secret that is typed where a reference may be",
        lambda s: _typed_secret(s, "env.HUB", TOKEN),
        "refer to it by name: {}",
        lambda s, said: _has(s.read(s.file), 'HUB = { secret = "env.HUB" }'),
    ),
    Situation(
        "a password that is typed into an address",
        lambda s: _typed_secret(s, "connections.prod.host", "pg://a:hunter2@db"),
        "leave it out here, and refer to it as the password: {}",
        lambda s, said: _has(s.read(s.file), 'password = { secret = "own" }'),
    ),
    Situation(
        "a secret that is typed where no reference may be",
        lambda s: _typed_secret(s, "windows[0].name", TOKEN),
        "keep only its name, as a variable: {}",
        lambda s, said: _has(s.read(s.file), 'PASSWORD = { secret = "password" }'),
    ),
    Situation(
        "a program that gets the secret which was typed",
        lambda s: _typed_secret(s, "windows[0].name", TOKEN),
        "then start the program: {}",
        lambda s, said: _has(said, "hunter3"),
        types=lambda s, hint: _start_with_secret(s, hint),  # noqa: PLW0108 - defined below
    ),
    Situation(
        "a token for the command line",
        lambda s: [
            s.write("a.toml"),
            s.say("set", "a.toml", "it.token", "ghp_" + "a1B2" * 9, code=5),
        ][1],
        "sessionctl set {} {} - < FILE_WITH_THE_VALUE",
        lambda s, said: _has(s.read("a.toml"), "quiet"),
        types=lambda s, hint: [
            s.write("v", "quiet"),
            s.type(hint.replace("FILE_WITH_THE_VALUE", s.word("v"))),
        ][1],
    ),
]


def _typed_secret(s, key, value):
    s.write(s.file, LEAD.format(id=ID, password='{ secret = "own" }') + '[[windows]]\nname = "w"\n')
    return s.say("set", s.file, key, value, code=5)


def _start_with_secret(s, hint):
    s.good("set", s.file, "env.PASSWORD", '{ secret = "password" }')
    s.good("key", "new")
    s.good("secret", "set", s.file, "password", stdin=b"hunter3")
    return s.type(hint.partition(": ")[2].replace("PROGRAM", "sh -c 'echo $PASSWORD'"))


def _decrypt(s, hint):
    import subprocess

    from tests.world import need

    key = s.home / "k"
    subprocess.run([need("age-keygen"), "-o", str(key)], check=True, capture_output=True)
    recipient = key.read_text().split("public key: ")[1].split()[0]
    sealed = subprocess.run(
        ["age", "-r", recipient], input=SMALL.encode(), capture_output=True, check=True
    )
    s.write(s.file, sealed.stdout)
    # Which key it is, only the user knows.
    said = s.type(hint.partition(": ")[2].replace("--decrypt", f"--decrypt -i {key}"))
    assert s.read(f"{s.file}.txt") == SMALL
    return said


@parametrize(DOCUMENTS)
def test_a_hint_on_files(situation, stage):
    assert_hint_helps(situation, stage)
