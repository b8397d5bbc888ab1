"""The merge driver and textconv, called as git calls them; no failure loses a side."""

from __future__ import annotations

import re
import stat
import subprocess
import sys

import pytest

from sessionctl.__main__ import main
from sessionctl.cli.git import drivers
from sessionctl.core.merge import MergeResult
from sessionctl.errors import GuardError
from sessionctl.services.merging import three_way
from sessionctl.system import process
from tests.record import note
from tests.world import need, run_sessionctl

BASE = 'a = 1\n\n[x]\nb = "one"\n'
OURS = BASE.replace("1", "2")
THEIRS = BASE + "c = 3\n"
CLASH = BASE.replace("1", "3")
CLASH_LINES = "<<<<<<< ours\na = 2\n||||||| base\na = 1\n=======\na = 3\n>>>>>>> theirs\n"


def heard(capsys):
    """Return what was said on stderr; the record has all of it."""
    said = capsys.readouterr().err
    note(f"-- said\n{said}")
    return said


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return a function that writes the three files; the directory is the current one."""
    monkeypatch.chdir(tmp_path)

    def write(base=BASE, ours=OURS, theirs=THEIRS):
        for name, text in {"base": base, "ours": ours, "theirs": theirs}.items():
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(data)
        return tmp_path / "ours"

    return write


def drive(*options, files=("base", "ours", "theirs"), labels=("%S", "%X", "%Y")):
    return main(["git", "merge-driver", *options, "--", *files, *labels])


def test_a_clean_merge_is_written_to_ours(files, capsys):
    ours = files()
    assert drive() == 0
    assert ours.read_text() == OURS + "c = 3\n"
    assert capsys.readouterr() == ("", "")


def test_the_mode_of_ours_stays_and_nothing_else_is_left(files, tmp_path):
    ours = files()
    ours.chmod(0o755)
    assert drive() == 0
    assert stat.S_IMODE(ours.stat().st_mode) == 0o755
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "ours", "theirs"]


def test_a_conflict_is_told_and_ends_with_one(files, capsys):
    ours = files(theirs=CLASH)
    assert drive("--path=api.session.toml") == 1
    assert ours.read_text() == CLASH_LINES + BASE[6:]
    assert heard(capsys) == (
        "api.session.toml:1:1: conflict[both-modified]: a: both sides changed it\n"
        "sessionctl: hint: sessionctl resolve api.session.toml, then: git add api.session.toml\n"
    )


def test_the_exit_code_of_conflicts_can_be_chosen(files):
    files(theirs=CLASH)
    assert drive("--conflict-exit=64") == 64


def test_the_marker_size_is_kept(files):
    ours = files(theirs=CLASH)
    assert drive("--marker-size=11") == 1
    assert ours.read_text().startswith("<<<<<<<<<<< ours\n")


@pytest.mark.parametrize(
    "size", ["0", "-3", "128", "1000000", "2147483647", "9" * 5000, "many", "7.5", "\u0663", "0x7"]
)
def test_a_marker_size_that_makes_no_sense_merges_at_the_usual_one(files, capsys, size):
    ours = files(theirs=CLASH)
    assert drive(f"--marker-size={size}") == 1
    assert ours.read_text().startswith("<<<<<<< ours\n")
    said = heard(capsys)
    assert "note: markers of size 7 are written, expected a size from 1 to 127, got " in said
    assert "hint: change conflict-marker-size in .gitattributes" in said
    assert len(said) < 1000


@pytest.mark.parametrize("size", ["", "%L"])
def test_without_a_marker_size_nothing_is_said_of_it(files, capsys, size):
    ours = files(theirs=CLASH)
    assert drive(f"--marker-size={size}") == 1
    assert ours.read_text().startswith("<<<<<<< ours\n")
    assert "marker" not in heard(capsys)


@pytest.mark.parametrize("labels", [(), ("%S", "%X", "%Y"), ("", "", "")])
def test_without_labels_the_sides_have_their_plain_names(files, labels):
    ours = files(theirs=CLASH)
    assert drive(labels=labels) == 1
    assert ours.read_text().startswith(CLASH_LINES)


def test_the_labels_that_git_tells_are_used(files):
    ours = files(theirs=CLASH)
    assert drive(labels=("1a2b3c", "main", "4d5e6f (fix \x1b[31m it)")) == 1
    text = ours.read_text()
    assert "<<<<<<< main\n" in text
    assert "||||||| 1a2b3c\n" in text
    assert ">>>>>>> 4d5e6f (fix \u241b[31m it)\n" in text


def test_many_conflicts_are_told_in_short(files, capsys):
    base = "".join(f"k{i} = 1\nx{i} = 1\n" for i in range(14))
    files(base, base.replace("= 1\nx", "= 2\nx"), base.replace("= 1\nx", "= 3\nx"))
    assert drive("--path=p") == 1
    lines = heard(capsys).splitlines()
    assert len(lines) == 12
    assert lines[10] == "p: and 4 more conflicts"


@pytest.mark.parametrize(
    ("side", "expected"), [("ours", OURS), ("theirs", CLASH), ("neither", CLASH_LINES + BASE[6:])]
)
def test_the_environment_settles_conflicts(files, monkeypatch, capsys, side, expected):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", side)
    ours = files(theirs=CLASH)
    assert drive() == (1 if side == "neither" else 0)
    assert ours.read_text() == expected
    error = "ignoring SESSIONCTL_MERGE_PREFER: expected ours, theirs,"
    assert (error in heard(capsys)) == (side == "neither")


@pytest.mark.parametrize("path", ["Cargo.lock", "sub/uv.lock"])
def test_lock_files_are_left_to_git(files, monkeypatch, path):
    need("git")
    monkeypatch.setattr(three_way, "merge", fail_with(AssertionError()))
    ours = files()
    assert drive(f"--path={path}") == 0
    assert ours.read_text() == OURS + "c = 3\n"


def test_the_environment_turns_the_merge_by_key_off(files, monkeypatch):
    need("git")
    monkeypatch.setenv("SESSIONCTL_MERGE", "text")
    monkeypatch.setattr(three_way, "merge", fail_with(AssertionError()))
    ours = files(theirs=CLASH)
    assert drive() == 1
    assert ours.read_text() == CLASH_LINES + BASE[6:]


# -- failures ----------------------------------------------------------------------------


def fail_with(error):
    def fail(*_arguments, **_options):
        raise error

    return fail


FAILURES = [
    GuardError("the result did not verify"),
    MemoryError(),
    RecursionError(),
    ZeroDivisionError("password = 'hunter2'"),
    OSError(5, "Input/output error"),
]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_any_failure_leaves_markers_and_says_why(files, monkeypatch, capsys, error):
    need("git")
    monkeypatch.setattr(three_way, "merge", fail_with(error))
    ours = files(theirs=CLASH)
    assert drive("--path=p") == 1
    assert ours.read_text() == CLASH_LINES + BASE[6:]
    told = heard(capsys)
    assert "p: merged line by line" in told
    assert "hunter2" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_after_a_failure_even_a_clean_line_merge_is_for_a_person_to_look_at(
    files, monkeypatch, capsys, error
):
    need("git")
    monkeypatch.setattr(three_way, "merge", fail_with(error))
    ours = files()
    assert drive("--path=p") == 1
    assert ours.read_text() == OURS + "c = 3\n"
    assert "hint: look at p, then: git add p" in heard(capsys)


def test_a_failure_can_be_debugged(files, monkeypatch, capsys):
    need("git")
    monkeypatch.setenv("SESSIONCTL_DEBUG", "1")
    monkeypatch.setattr(three_way, "merge", fail_with(ZeroDivisionError()))
    files()
    assert drive() == 1
    assert "Traceback" in heard(capsys)


def test_a_result_that_did_not_reach_the_disk_is_no_clean_merge(files, monkeypatch, capsys):
    need("git")
    from sessionctl.system.files import text as system_files

    monkeypatch.setattr(system_files, "write_text", lambda *_, **__: True)
    ours = files(theirs=CLASH.replace("one", "two"))
    assert drive() == 1
    assert "does not hold what was written" in heard(capsys)
    assert "a = 3" in ours.read_text()
    assert "a = 2" in ours.read_text()


def test_ours_changed_by_someone_else_meanwhile_is_not_overwritten(files, monkeypatch):
    need("git")
    ours = files()

    def merge(*_arguments, **_options):
        ours.write_text(OURS + "# mine\n")
        return MergeResult("a = 9\n")

    monkeypatch.setattr(three_way, "merge", merge)
    assert drive() == 1
    assert "# mine\n" in ours.read_text()
    assert "c = 3\n" in ours.read_text()


@pytest.mark.parametrize(
    "theirs", [b"\xff\xfea\0", b"a = '\xe9'\n", b"\0\0", "a = 1\na = 2\n", "[[[", "x" * 10]
)
def test_theirs_is_never_dropped_whatever_it_is(files, theirs):
    need("git")
    ours = files(theirs=theirs)
    assert drive() == 1
    data = theirs if isinstance(theirs, bytes) else theirs.encode()
    text = ours.read_bytes()
    assert data.rstrip(b"\n") in text
    assert b"a = 2" in text
    assert text.startswith(b"<<<<<<< ours\n")


def test_without_git_both_sides_are_put_between_markers(files, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(three_way, "merge", fail_with(ZeroDivisionError()))
    ours = files(theirs="t")
    assert drive() == 1
    assert ours.read_text() == f"<<<<<<< ours\n{OURS}=======\nt\n>>>>>>> theirs\n"
    assert "both sides whole: git: not found on PATH" in heard(capsys)


@pytest.mark.parametrize("missing", ["base", "ours", "theirs"])
def test_a_file_that_is_not_there_is_no_clean_merge(files, capsys, missing):
    ours = files()
    code = drive(files=[f"no-{name}" if name == missing else name for name in
                        ("base", "ours", "theirs")])  # fmt: skip
    if missing == "base":
        assert code == 1
        assert "c = 3" in ours.read_text()
        assert ours.read_text().startswith("<<<<<<< ours\n")
    else:
        assert code == 129
        assert ours.read_text() == OURS
    assert "error:" in heard(capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a", "b"],
        ["1", "2", "3", "4", "5", "6", "7"],
        ["--conflict-exit=x", "--", "a", "b", "c"],
        ["--nonsense", "a", "b", "c"],
    ],
)
def test_a_call_that_makes_no_sense_ends_with_129(capsys, arguments):
    assert main(["git", "merge-driver", *arguments]) == 129
    assert "hint: usage: sessionctl git merge-driver" in heard(capsys)


def test_a_closed_stderr_is_no_reason_to_fail(files, monkeypatch):
    class Closed:
        def write(self, _text):
            raise OSError(32, "Broken pipe")

    ours = files(theirs=CLASH)
    monkeypatch.setattr(sys, "stderr", Closed())
    assert drivers.main(["merge-driver", "--", "base", "ours", "theirs"]) == 1
    assert ours.read_text().startswith("<<<<<<< ours\n")


def test_a_merge_needs_no_program_when_all_goes_well(files, monkeypatch):
    monkeypatch.setattr(process, "spawn", fail_with(AssertionError()))
    monkeypatch.setattr(subprocess, "run", fail_with(AssertionError()))
    files(theirs=CLASH)
    assert drive() == 1


# -- textconv ----------------------------------------------------------------------------


def textconv(path):
    done = run_sessionctl("git", "textconv", path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_textconv_prints_a_document_as_it_is(tmp_path, capfdbinary):
    path = tmp_path / "a.session.toml"
    path.write_bytes(BASE.replace("\n", "\r\n").encode())
    assert drivers.main(["textconv", str(path)]) == 0
    assert capfdbinary.readouterr() == (path.read_bytes(), b"")


def test_textconv_masks_secrets(tmp_path):
    path = tmp_path / "a.session.toml"
    path.write_text(
        '# c\n[connections.p]\nuser = "app"\npassword = "hunter2" # old\n'
        'url = "https://a:hunter2@h/x"\ntoken = { secret = "p.token" }\n'
    )
    shown = re.sub(r"(?<=\*{3})[0-9a-f]{6}", "", textconv(path))
    assert shown.replace("\x7f", "") == (
        '# c\n[connections.p]\nuser = "app"\npassword = "***" # old\n'
        'url = "https://a:***@h/x"\ntoken = { secret = "p.token" }\n'
    )


@pytest.mark.parametrize("data", [b"", b"a = \n<<<<<<< x\n", b"a = '\xff'", b"\0"])
def test_textconv_prints_what_is_no_document_raw(tmp_path, capfdbinary, data):
    path = tmp_path / "x"
    path.write_bytes(data)
    assert drivers.main(["textconv", str(path)]) == 0
    assert capfdbinary.readouterr() == (data, b"")


def test_textconv_of_nothing_is_an_error(tmp_path, capsys):
    assert main(["git", "textconv"]) == 2
    assert main(["git", "textconv", str(tmp_path / "none")]) == 3
    assert "no such file" in heard(capsys).lower()


# -- their help --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["merge-driver", "textconv"])
def test_the_drivers_have_a_help(name):
    done = run_sessionctl("git", name, "--help")
    assert done.returncode == 0
    assert f"sessionctl git {name}" in done.stdout


def test_an_option_before_the_drivers_name_still_runs_it(files, capsys):
    files()
    assert main(["--no-color", "git", "merge-driver", "--", "base", "ours", "theirs"]) == 0
    assert main(["--no-color", "git", "textconv", "ours"]) == 0
    assert capsys.readouterr().out == OURS + "c = 3\n"
