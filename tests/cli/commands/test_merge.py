"""sessionctl merge as a user runs it."""

from __future__ import annotations

import pytest

from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside

BASE = 'a = 1\n[c]\npassword = "hunter1"\n'
OURS = BASE.replace("1\n", "2\n")
THEIRS = BASE + "d = 1\n"
CLASH = BASE.replace("hunter1", "hunter3").replace("1\n", "3\n")


@pytest.fixture
def merge(tmp_path):
    """Return a function that runs the command on three texts; the result has ``out``."""

    def run(*options, base=BASE, ours=OURS, theirs=THEIRS, stdin=""):
        for name, text in {"base": base, "ours": ours, "theirs": theirs}.items():
            (tmp_path / name).write_bytes(text.encode())
        files = () if "--" in options else ("base", "ours", "theirs")
        return run_inside("merge", *options, *files, cwd=tmp_path, stdin=stdin)

    return run


def test_the_merged_text_goes_to_stdout(merge):
    done = merge()
    assert (done.returncode, done.stdout, done.stderr) == (0, OURS + "d = 1\n", "")


def test_with_an_output_file_stdout_is_silent(merge, tmp_path):
    done = merge("-o", "out.toml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out.toml").read_text() == OURS + "d = 1\n"


def test_the_output_may_be_an_input(merge, tmp_path):
    assert merge("-o", "ours").returncode == 0
    assert (tmp_path / "ours").read_text() == OURS + "d = 1\n"


def test_conflicts_are_written_and_listed(merge, tmp_path):
    done = merge("-o", "out.toml", theirs=CLASH)
    assert done.returncode == 1
    text = (tmp_path / "out.toml").read_text()
    assert text.startswith("<<<<<<< ours\na = 2\n||||||| base\na = 1\n=======\na = 3\n")
    first, *_, last = done.stderr.splitlines()
    assert first == "out.toml:1:1: conflict[both-modified]: a: both sides changed it"
    assert "hint: sessionctl resolve out.toml" in last
    assert "hunter" not in done.stderr


def test_quiet_conflicts_are_one_line_that_has_their_places(merge):
    done = merge("-q", "-o", "out.toml", theirs=CLASH)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "out.toml:1:1: 1 conflict: a\n"
    texts = [f'a = "{word}"\n' + "".join(f"k{n} = {at}{n}\n" for n in range(7))
             for at, word in enumerate(("b", "o", "t"), 1)]  # fmt: skip
    done = merge("-q", base=texts[0], ours=texts[1], theirs=texts[2])
    assert done.stderr == "<stdout>:1:1: 8 conflicts: a, k0, k1, k2, k3 and 3 more\n"
    done = merge("-q", "-o", "out", base="x = [\n", ours="x = [1\n", theirs="x = [2\n")
    assert done.stderr.splitlines()[-1] == "out:1:1: 1 conflict: line 1"
    assert merge("-q").stderr == ""


def test_conflicts_on_stdout_are_listed_too(merge):
    done = merge(theirs=CLASH)
    assert done.returncode == 1
    assert ">>>>>>> theirs\n" in done.stdout
    assert "<stdout>:1:1: conflict[both-modified]" in done.stderr
    assert "hint: keep the result with -o FILE" in done.stderr


@pytest.mark.parametrize(("side", "number"), [("ours", 2), ("theirs", 3)])
def test_a_side_can_be_preferred(merge, side, number):
    done = merge("--prefer", side, theirs=CLASH)
    assert done.returncode == 0
    assert f"a = {number}\n" in done.stdout
    assert "<<<" not in done.stdout


def test_marker_size_and_labels_can_be_chosen(merge):
    done = merge("--marker-size", "9", "-L", "old", "--label", "mine", theirs=CLASH)
    assert "<<<<<<<<< mine\n" in done.stdout
    assert "||||||||| old\n" in done.stdout
    assert ">>>>>>>>> theirs\n" in done.stdout


def test_the_merge_by_key_can_be_turned_off(merge):
    apart = {"base": "a = 1\nb = 1\n", "ours": "a = 2\nb = 1\n", "theirs": "a = 1\nb = 2\n"}
    assert merge(**apart).returncode == 0
    assert merge("--text", **apart).returncode == 1


def test_a_dry_run_writes_nothing_and_tells_the_same(merge, tmp_path):
    done = merge("-n", "-o", "out.toml", theirs=CLASH)
    assert done.returncode == 1
    assert "out.toml would be written" in done.stderr
    assert not (tmp_path / "out.toml").exists()
    done = merge("--dry-run")
    assert (done.returncode, done.stdout) == (0, "")


def test_json_reports_conflicts_with_secrets_masked(merge, tmp_path):
    done = merge("--json", "-o", "out.toml", theirs=CLASH)
    assert done.returncode == 1
    answer = read_answer(done.stdout, "merge")
    assert answer["schema"] == "sessionctl/v1"
    assert answer["command"] == "merge"
    assert answer["clean"] is False
    assert answer["written"] is True
    assert answer["output"] == "out.toml"
    first = answer["conflicts"][0]
    assert (first["kind"], first["path"]) == ("both-modified", "a")
    assert (first["line"], first["end_line"], first["theirs"]) == (1, 7, "a = 3\n")
    assert "hunter" not in done.stdout + done.stderr
    assert done.stderr == ""
    assert (tmp_path / "out.toml").exists()


def test_json_of_a_clean_merge_has_no_conflicts(merge):
    answer = read_answer(merge("--json").stdout, "merge")
    assert (answer["clean"], answer["written"], answer["conflicts"]) == (True, False, [])
    assert answer["changes"] == [{"kind": "added", "path": "c.d"}]


def test_other_than_toml_is_merged_by_lines_and_said(merge):
    done = merge(theirs="a = \n")
    assert done.returncode == 1
    assert "<<<<<<< ours\n" in done.stdout
    assert "warning: not TOML, merged line by line: theirs:1:5:" in done.stderr


def test_one_input_may_be_stdin(merge):
    assert merge("--", "base", "-", "theirs", stdin=OURS).stdout == OURS + "d = 1\n"


def test_dev_null_is_an_empty_base(merge):
    done = merge("--", "/dev/null", "ours", "ours")
    assert (done.returncode, done.stdout) == (0, OURS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--", "-", "-", "theirs"], "only one of the files can be '-'"),
        (["-L1", "-L2", "-L3", "-L4"], "at most three labels, got 4"),
        (["--marker-size", "0"], "--marker-size"),
        (["--", "base", "ours"], "THEIRS"),
    ],
)
def test_a_wrong_call_is_a_usage_error(merge, options, message):
    done = merge(*options)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_missing_file_is_told(merge):
    done = merge("--", "base", "none", "theirs")
    assert done.returncode == 3
    assert "none: cannot read: no such file" in done.stderr


ENTRIES = "a = { path = 'a', version = '1.4' }\nb = { path = 'b', version = '1.4' }\n"


def test_a_version_that_follows_a_release_is_told_with_its_place(merge):
    texts = {
        "base": ENTRIES,
        "ours": ENTRIES + "c = { path = 'c', version = '1.4' }\n",
        "theirs": ENTRIES.replace("1.4", "1.5"),
    }
    done = merge("-o", "out.toml", **texts)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        'out.toml:3:29: c.version: "1.4" follows the release of the other side to "1.5"\n'
    )
    answer = read_answer(merge("--json", **texts).stdout, "merge")
    assert answer["followed"] == [
        {
            "path": "c.version",
            "before": "1.4",
            "after": "1.5",
            "side": "ours",
            "reason": "release",
        }
    ]


def test_a_version_that_follows_is_told_beside_conflicts(merge):
    done = merge(
        base=ENTRIES + "x = 1\n",
        ours=ENTRIES + "c = { path = 'c', version = '1.4' }\nx = 2\n",
        theirs=ENTRIES.replace("1.4", "1.5") + "x = 3\n",
    )
    assert done.returncode == 1
    assert '<stdout>: c.version: "1.4" follows the release' in done.stderr
