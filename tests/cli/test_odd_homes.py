"""Every command in homes that are odd somewhere below, or odd everywhere: edits are made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.__main__ import main
from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands
from tests.odd_directories import (
    behind_a_link_below_a_file,
    in_a_circle,
    of_nobody,
    open_to_all,
    plain_file,
    to_nowhere,
)
from tests.together import together

VARIABLES = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
             "TMUX_TMPDIR")  # fmt: skip
BELOW_HOME = (".config", ".cache", ".local", ".local/state", ".local/state/sessionctl",
              ".config/sessionctl", ".config/sessionctl/config.toml", ".cache/sessionctl",
              ".local/state/sessionctl/documents", ".local/state/sessionctl/trust.toml",
              ".local/state/sessionctl/run")  # fmt: skip
CODES = {0, 1, 2, 3, 4, 5}
COMMANDS = list(registered_commands())
EDITS = {"set": (FILE, "name", "b"), "unset": (FILE, "windows"), "fmt": (FILE,), "edit": (FILE,)}
UNTIDY = SESSION.replace("name = ", "name   =   ")


def missing(path):
    return path


def below_a_file(path):
    path.write_text("no directory")
    return path / "below"


def without_any_right(path):
    path.mkdir()
    path.chmod(0)
    return path


def where_nothing_is_made(_path):
    return Path("/proc/sessionctl")


def pipe(path):
    os.mkfifo(path)
    return path


def too_long(path):
    return path / ("x" * 300)


def unset(_path):
    return None


def empty(_path):
    return ""


def relative(_path):
    return "here/and/there"


def not_unicode(path):
    return os.fsdecode(os.fsencode(path) + b"\xff\nline")


KINDS = [missing, to_nowhere, in_a_circle, plain_file, below_a_file, behind_a_link_below_a_file,
         of_nobody, open_to_all, without_any_right, where_nothing_is_made, pipe, too_long, unset,
         empty, relative, not_unicode]  # fmt: skip
ON_DISK = [to_nowhere, in_a_circle, plain_file, of_nobody, open_to_all, without_any_right, pipe]


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Return a function that runs a command on a file, and returns its code and words."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("EDITOR", "sed -i s/.w.$/'\"v\"'/")
    monkeypatch.setenv("TMUX_TMPDIR", str(tmp_path))

    def run(words, arguments):
        Path(FILE).write_text(UNTIDY)
        argv = [*words.split(), *arguments]
        try:
            code = main(argv)
        except SystemExit as end:  # what replaces this process, or click
            code = end.code
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err, (argv, err)
        return code, out, err

    yield run
    for path in [*tmp_path.glob("*"), *tmp_path.glob("*/*")]:
        if not path.is_symlink() and path.is_dir():
            path.chmod(0o700)


def all_edits(run):
    """Make each kind of edit; return what was printed by each that was made."""
    said = {}
    for words, arguments in EDITS.items():
        code, _, err = run(words, arguments)
        assert code == 0, (words, err)
        if Path(FILE).read_text() != UNTIDY:
            said[words] = err
    return said


# Each kind in one place, and each place of one kind, every day; the rest in CI.
def is_daily(kind, place):
    return kind is plain_file or place in ("XDG_STATE_HOME", ".local/state/sessionctl")


def pairs(kinds, places, *, daily):
    found = [(kind, place) for kind in kinds for place in places]
    return [pair for pair in found if is_daily(*pair) == daily]


@together("kind, variable", pairs(KINDS, VARIABLES, daily=True))
def test_no_directory_stops_an_edit(run, tmp_path, monkeypatch, kind, variable):
    _set(monkeypatch, variable, kind(tmp_path / "odd"))
    assert list(all_edits(run)) == list(EDITS)


@pytest.mark.slow
@together("kind, variable", pairs(KINDS, VARIABLES, daily=False))
def test_no_directory_of_the_others_stops_an_edit(run, tmp_path, monkeypatch, kind, variable):
    _set(monkeypatch, variable, kind(tmp_path / "odd"))
    assert list(all_edits(run)) == list(EDITS)


@together("kind", KINDS)
def test_no_directories_at_all_stop_an_edit(run, tmp_path, monkeypatch, kind):
    for variable in VARIABLES:
        _set(monkeypatch, variable, kind(tmp_path / variable.lower()))
    assert list(all_edits(run)) == list(EDITS)
    code, _, err = run("watch", ("--dry-run", "."))
    assert code == 0, err


@together("kind, place", pairs(ON_DISK, BELOW_HOME, daily=True))
def test_nothing_below_home_stops_an_edit(run, tmp_path, monkeypatch, kind, place):
    _odd_below_home(tmp_path, monkeypatch, kind, place)
    assert list(all_edits(run)) == list(EDITS)


@pytest.mark.slow
@together("kind, place", pairs(ON_DISK, BELOW_HOME, daily=False))
def test_nothing_else_below_home_stops_an_edit(run, tmp_path, monkeypatch, kind, place):
    _odd_below_home(tmp_path, monkeypatch, kind, place)
    assert list(all_edits(run)) == list(EDITS)


@together("kind", [to_nowhere, in_a_circle, plain_file])
def test_the_missing_backup_is_reported_with_a_next_step(run, tmp_path, monkeypatch, kind):
    _odd_below_home(tmp_path, monkeypatch, kind, ".local/state")
    said = "".join(all_edits(run).values())
    assert said.count("no backup is kept") == len(EDITS)
    assert said.count("hint: ") >= len(EDITS)


def met(words, kind, kinds, places):
    """Return the places that a command meets of this kind, each with its number: a third.

    Each command meets each kind and each place, and each kind is in each place for many commands.
    """
    first = COMMANDS.index(words) + kinds.index(kind)
    return [(n, place) for n, place in enumerate(places) if (first + n) % 3 == 0]


@pytest.mark.sweep
@together("kind", KINDS)
@pytest.mark.parametrize("words", COMMANDS)
def test_no_directory_makes_a_command_fail_badly(run, tmp_path, monkeypatch, kind, words):
    if words == "secret exec":
        return  # takes the place of this process
    for number, variable in met(words, kind, KINDS, VARIABLES):
        with monkeypatch.context() as patch:
            _set(patch, variable, kind(tmp_path / f"odd{number}"))
            assert run(words, INVOCATIONS[words])[0] in CODES
    for number, variable in enumerate(VARIABLES):
        _set(monkeypatch, variable, kind(tmp_path / f"all{number}"))
    assert run(words, INVOCATIONS[words])[0] in CODES


@pytest.mark.sweep
@together("kind", ON_DISK)
@pytest.mark.parametrize("words", COMMANDS)
def test_nothing_below_home_makes_a_command_fail_badly(run, tmp_path, monkeypatch, kind, words):
    if words == "secret exec":
        return
    for number, place in met(words, kind, ON_DISK, BELOW_HOME):
        _odd_below_home(tmp_path / str(number), monkeypatch, kind, place)
        assert run(words, INVOCATIONS[words])[0] in CODES


def _odd_below_home(tmp_path, monkeypatch, kind, place):
    home = tmp_path / "home"
    (home / place).parent.mkdir(parents=True)
    kind(home / place)
    monkeypatch.setenv("HOME", str(home))
    for variable in VARIABLES[1:5]:
        monkeypatch.delenv(variable, raising=False)


def _set(monkeypatch, variable, value):
    if value is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, str(value))
