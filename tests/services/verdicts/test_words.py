"""What goes between the processes that share out many files: words of a line, by number."""

from __future__ import annotations

import os

from sessionctl.core.filename import STDIN
from sessionctl.core.problem import Problem, Span
from sessionctl.errors import FileError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.verdicts import parallel_check
from sessionctl.services.verdicts.parallel_check import answer_in_parallel, check_in_parallel
from tests.together import together


@together(
    "word, line",
    [
        (None, b"-"), ("", b"+"), ("valid", b"+valid"), ("a\nb", b"-"), ("-", b"+-"),
        ("caf\u00e9 \udcff", b"+caf\xc3\xa9 \xff"),
    ],
)  # fmt: skip
def test_a_word_goes_over_and_more_than_a_line_does_not(word, line):
    assert parallel_check._report(word) == line
    back = None if line == b"-" else word
    assert parallel_check._read(b"17 " + line) == (17, back)


def test_only_a_valid_file_has_a_word(tmp_path, monkeypatch):
    words, asked = [], []
    monkeypatch.setattr(
        parallel_check, "answer_in_parallel", lambda *about: words.extend(about) or []
    )
    (tmp_path / "a").write_text("")
    os.mkfifo(tmp_path / "pipe")
    file = str(tmp_path / "a")
    found = {"plain": CheckedFile(file, schema="session")}

    def check(name):
        asked.append(name)
        return found["plain"]

    assert check_in_parallel(["x"], check, print) == []
    files, answer, word, answer_of, keep = words
    assert (files, answer, keep) == (["x"], check, print)
    assert word(file) == "session"
    assert [word(str(tmp_path / name)) for name in ("pipe", "none")] == [None, None]
    assert word(STDIN) is None
    assert asked == [file]
    problem = Problem("x", "bad", Span(0, 0))
    for found["plain"] in (
        CheckedFile(file, (problem,), schema="session"),
        CheckedFile(file, failure=FileError("x"), schema="session"),
    ):
        assert word(file) is None
    made = answer_of(file, "session")
    assert (made.name, made.schema, made.problems, made.failure) == (file, "session", (), None)
    assert (made.source.text, made.source.name) == ("", file)


def test_few_or_quick_ones_are_answered_here(monkeypatch):
    def forked(*_about):
        raise AssertionError("it is shared out")

    monkeypatch.setattr(parallel_check, "_forked", forked)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    monkeypatch.setattr(parallel_check, "_processors", lambda: 4)
    kept = []
    few = list(range(16))
    assert list(answer_in_parallel(few, str, None, None, lambda: kept.append(1))) == [
        str(n) for n in few
    ]
    monkeypatch.setattr(parallel_check, "_processors", lambda: 1)
    assert len(list(answer_in_parallel(range(40), str, None, None, None))) == 40
    assert kept == []


def test_what_is_left_behind_the_first_is_shared_out(monkeypatch):
    shared = []

    def forked(items, answer, words, keep, parts):
        shared.append((list(items), words, parts))
        yield from ("far" for _ in items)

    monkeypatch.setattr(parallel_check, "_forked", forked)
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    monkeypatch.setattr(parallel_check, "_processors", lambda: 12)
    kept = []
    found = list(answer_in_parallel(range(20), str, "word", "of", lambda: kept.append(1)))
    assert found == [*map(str, range(16)), *["far"] * 4]
    assert (shared, kept) == ([([16, 17, 18, 19], ("word", "of"), 8)], [1])


def test_the_program_is_the_same_in_whatever_order_its_files_are_listed(monkeypatch):
    from sessionctl.services.verdicts import verdict_cache

    digests = []
    for marks in ([b"b", b"a"], [b"a", b"b"], [b"a", b"c"]):
        monkeypatch.setattr(verdict_cache, "_marks", lambda _folder, marks=marks: iter(marks))
        digests.append(verdict_cache._program().hexdigest())
    assert digests[0] == digests[1] != digests[2]
