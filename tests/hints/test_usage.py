"""Hints on how a command is called: each page and list that is named shows what is asked for."""

from __future__ import annotations

from tests.hints.stage import SMALL, Situation, assert_hint_helps, parametrize


def _help(name, words, hint, shown):
    """Return the situation of a page of help; ``shown`` stands in it."""
    return Situation(
        name, lambda s: s.say(*words, code=2), hint, lambda s, said: _has(said, *shown)
    )


def _has(said, *words):
    for word in words:
        assert word in said, (word, said)


def _changed(s):
    """Return the stage as a repository in which a session was changed since the commit."""
    s.init()
    s.write(s.file, 'schema_version = 1\nname = "one"\n')
    s.repo.commit("base")
    s.write(s.file, 'schema_version = 1\nname = "two"\n')
    return s


def _twin(s):
    other = s.home / f"config/sessionctl/sessions/{s.file}"
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text(SMALL)
    return s.good("new", s.stem)


def _see(page):
    return f"see 'sessionctl {page} --help'"


USAGE = [
    _help(
        "a command that is near", ["lits"], "did you mean 'sessionctl {}'?", ["no session files"]
    ),
    _help("a command that is not near", ["qqqq"], "see 'sessionctl --help'", ["validate"]),
    _help(
        "a command of a group that is not near",
        ["secret", "qqqq"],
        "see 'sessionctl {} --help'",
        ["reveal"],
    ),
    _help("a verb of other tools", ["ls"], "use 'sessionctl {}'", ["no session files"]),
    _help(
        "help of nothing",
        ["help", "qqqq"],
        "see 'sessionctl --help', or 'sessionctl help exit-codes'",
        ["validate"],
    ),
    Situation(
        "a new session, and another of its name",
        _twin,
        "name {} one by its path: sessionctl show {}",
        lambda s, said: _has(said, "small"),
        only=("here",),
        is_new=True,
    ),
    Situation(
        "a file that is not there, nor any of nearly its name",
        lambda s: [s.write("none.toml"), s.say("fmt", s.seen("qqqq.txt"), code=3)][1],
        "see what is there: ls {}",
        lambda s, said: _has(said, "none.toml"),
    ),
    Situation(
        "a session that is not there, nor any of nearly its name",
        lambda s: [s.write(s.file), s.say("show", s.seen("qqqq.session.toml"), code=3)][1],
        "see which sessions there are: sessionctl list {}",
        lambda s, said: _has(said, s.stem),
    ),
    Situation(
        "a directory in the place of a file",
        lambda s: (
            [s.write("sub dir/a.toml"), s.say("fmt", "-n", s.seen("sub dir/a.toml"))][1]
            and s.say("get", s.seen("sub dir"), "a", code=3)
        ),
        "see what is in it: ls {}",
        lambda s, said: _has(said, "a.toml"),
    ),
    Situation(
        "a session to end, and no tmux server",
        lambda s: [s.write(s.file), s.say("close", "--", s.stem, code=3)][1],
        "see which sessions are saved: sessionctl list",
        lambda s, said: _has(said, "name"),
        only=("here",),
    ),
    _help("stdin beside files", ["fmt", "-", "a.toml"], _see("fmt"), ["--check"]),
    _help("trust in stdin", ["trust", "-"], _see("trust"), ["--list"]),
    Situation(
        "a file where a directory was meant",
        lambda s: [s.write("a.toml"), s.say("get", s.seen("a.toml/b.toml"), "a", code=3)][1],
        "see what is in its way: ls -ld {}",
        lambda s, said: _has(said, "a.toml"),
    ),
    Situation(
        "a session to list",
        lambda s: [s.write(s.file), s.say("list", s.seen(s.file), code=3)][1],
        "show the file: sessionctl show {}",
        lambda s, said: _has(said, "small"),
    ),
    Situation(
        "a value that begins with a hyphen",
        lambda s: [s.write(s.file), s.say("set", s.file, "description", "-la", code=2)][1],
        "a value that begins with a hyphen comes behind --: {}",
        lambda s, said: _has(s.read(s.file), 'description = "-la"'),
        fill={"FILE": "{file}", "KEY": "description", "VALUE": "-la"},
    ),
    _help("a diff of three files", ["diff", "a", "b", "c"], _see("diff"), ["[A] [B]", "--rev"]),
    _help(
        "resume that is two things",
        ["pane", "resume", "--clear", "--shell"],
        _see("pane resume"),
        ["--clear", "--shell"],
    ),
    _help(
        "two sessions into one",
        ["restore", "a", "b", "--into", "x"],
        _see("restore"),
        ["--into", "--replace"],
    ),
    _help(
        "into, and replacing",
        ["restore", "a", "--into", "x", "--replace"],
        _see("restore"),
        ["--into", "--replace"],
    ),
    _help(
        "attached, and not carried out",
        ["restore", "a", "--attach", "--dry-run"],
        _see("restore"),
        ["--attach", "--dry-run"],
    ),
    _help("a key without a value", ["set", "a.toml", "a", "1", "b"], _see("set"), ["KEY VALUE"]),
    Situation(
        "a value behind an equals sign",
        lambda s: [s.write(s.file), s.say("set", s.file, "root=src", code=2)][1],
        "a key and its value are two words: sessionctl {} VALUE",
        lambda s, said: _has(s.read(s.file), 'root = "a dir"'),
        fill={"VALUE": "'a dir'"},
    ),
    _help(
        "an option before its command",
        ["--tmux-socket", "x", "save"],
        "an option of '{}' stands behind it: 'sessionctl {} --help'",
        ["--tmux-socket"],
    ),
    _help("moved nowhere", ["move", "a.session.toml", "a"], _see("move"), ["--before", "--last"]),
    Situation(
        "another file to remove",
        lambda s: [
            s.write(s.file),
            s.write("Makefile"),
            s.say("rm", "-y", s.seen("Makefile"), code=2),
        ][2],
        "list the sessions here: sessionctl list{}",
        lambda s, said: _has(said, "small"),
    ),
    Situation(
        "a directory without sessions",
        lambda s: [(s.folder / "em pty").mkdir(), s.say("validate", "em pty", code=0)][1],
        "create one there: sessionctl new --dir {} NAME",
        lambda s, said: s.good("validate", "em pty"),
        fill={"NAME": "'my app'"},
    ),
    Situation(
        "two windows of one name",
        lambda s: [
            s.write(s.file, f'{SMALL}[[windows]]\nname = "a"\n[[windows]]\nname = "b"\n'),
            s.say("set", s.file, "windows[name=a].name", "b", code=0),
        ][1],
        "give it a name of its own: sessionctl set {} {} NAME",
        lambda s, said: _has(s.read(s.file), "c d"),
        fill={"NAME": "'c d'"},
    ),
    _help("all, and one", ["save", "--all", "a"], _see("save"), ["--all"]),
    _help(
        "a file and a name",
        ["save", "--file", "a.session.toml", "--as", "x"],
        _see("save"),
        ["--as"],
    ),
    _help(
        "a value as a word",
        ["secret", "set", "a.session.toml", "n", "hunter2"],
        _see("secret {}"),
        ["NAME", "stdin"],
    ),
    _help(
        "a key of tmux that nobody pressed",
        ["tmux", "key", "save", "--pane", "%1", "--client", "c", "--session-hex", "61"],
        _see("tmux"),
        ["install"],
    ),
    _help(
        "undo both ways",
        ["undo", "--redo", "--commit", "x", "a.session.toml"],
        _see("undo"),
        ["--redo"],
    ),
    Situation(
        "completion for a shell that is not known",
        lambda s: [s.patch.setenv("SHELL", "/bin/tcsh"), s.say("completion", code=2)][1],
        "choose one: sessionctl completion bash|zsh|fish",
        lambda s, said: _has(said, "fish", "complete"),
        types=lambda s, hint: s.good(
            *hint.replace("bash|zsh|", "").split(": sessionctl ")[1].split()
        ),
    ),
    Situation(
        "a setting that is not there",
        lambda s: s.say("config", "qqqq", code=2),
        "see them all: sessionctl config",
        lambda s, said: _has(said, "backups.count"),
    ),
    Situation(
        "a page about no file",
        lambda s: _changed(s).say("diff", "--format", "html", code=2),
        "name it: sessionctl diff --format {} --rev HEAD FILE",
        lambda s, said: _has(said, "<html", "two"),
        types=lambda s, hint: s.say(
            *hint.partition(": sessionctl ")[2].replace("FILE", s.file).split(" ", 5), code=1
        ),
    ),
    Situation(
        "a table of settings",
        lambda s: s.say("config", "set", "backups", "3", code=2),
        "it has: {}",
        lambda s, said: _has(said, "backups.count"),
        types=lambda s, hint: s.good("config", *hint.partition(": ")[2].split(", ")),
    ),
    Situation(
        "a setting that a project cannot decide about",
        lambda s: s.say("config", "set", "--project", "backups.count", "3", code=5),
        "set it for yourself: sessionctl config set {}",
        lambda s, said: _has(said, "backups.count: added 3"),
    ),
    Situation(
        "a setting that is not set there",
        lambda s: s.say("config", "unset", "backups.count", code=1),
        "see where it comes from: sessionctl config --show-origin {}",
        lambda s, said: _has(said, "backups.count = 50", "default"),
    ),
    Situation(
        "a setting with a mistake",
        lambda s: [s.write(".sessionctl.toml", "[qqqq]\nx = 1\n"), s.say("config", code=1)][1],
        "the settings are described by: sessionctl schema print settings.v1",
        lambda s, said: _has(said, "backups", "description"),
    ),
    Situation(
        "a schema that is not shipped",
        lambda s: s.say("schema", "print", "qqqq", code=2),
        "see them: sessionctl schema list",
        lambda s, said: _has(said, "session.v1"),
    ),
    Situation(
        "an import of a session",
        lambda s: [s.write(s.file), s.say("import", s.file, code=1)][1],
        "copy it: sessionctl cp {} NEW",
        lambda s, said: _has(said, "copied"),
        fill={"NEW": "'it'\"'\"'s new'"},
    ),
    Situation(
        "a directory to import",
        lambda s: [
            s.write("it's here/w.yaml", "session_name: web\nwindows:\n- window_name: a\n"),
            s.say("import", "it's here", code=2),
        ][1],
        "look for files in it: sessionctl import --recursive {}",
        lambda s, said: _has(said, "web"),
    ),
    Situation(
        "sessions that are to be checked",
        lambda s: s.say("watch", "--tmux", "--dry-run", code=2),
        "see what would be saved: sessionctl save -n NAME",
        lambda s, said: _has(said, "no server runs"),
        fill={"NAME": "'my app'"},
        code=3,
    ),
]


@parametrize(USAGE)
def test_a_hint_on_usage(situation, stage):
    assert_hint_helps(situation, stage)
