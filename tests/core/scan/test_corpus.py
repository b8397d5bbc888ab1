"""The scan on a corpus: what it finds, and what it takes for a secret that is none."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from sessionctl import Document
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.errors import ParseError
from tests.scan_corpus import command_lines, held_back, trades, tuned, typed_forms
from tests.scan_corpus.scoring import cases, score
from tests.world import shared_data


def test_the_half_the_rules_were_written_against_is_told_apart_wholly():
    found = score(tuned)
    assert found.secrets.total() >= 200
    assert not found.missed
    assert not found.false


@pytest.mark.slow
def test_the_half_that_was_held_back_is_large_and_varied():
    found = score(held_back)
    assert found.secrets.total() >= 200
    assert len(found.secrets) >= 15
    assert found.benign >= 2000


def test_of_the_secrets_held_back_95_in_100_are_found():
    assert score(held_back).recall >= 0.95


def test_of_the_harmless_lines_held_back_1_in_100_at_most_is_taken_for_a_secret():
    assert score(held_back).false_alarms <= 0.01


def test_every_kind_of_secret_is_found_at_least_half_of_the_time():
    found = score(held_back)
    missed = [kind for _, kind, _ in found.missed]
    assert all(missed.count(kind) <= total / 2 for kind, total in found.secrets.items())


@pytest.mark.slow
def test_in_the_toml_of_public_repositories_next_to_nothing_is_taken_for_a_secret():
    archive = shared_data("merges-dev.tar.xz")
    lines, told = set(), set()
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as files:
        for member in files:
            if not member.name.endswith("theirs.toml"):
                continue
            text = files.extractfile(member).read().decode("utf-8", "replace")
            try:
                document = Document.parse(text)
            except ParseError:
                continue
            lines.update(text.split("\n"))
            for finding in find_secrets(document):
                told.add(document.source.line(document.source.place(finding.span.start)[0]))
    assert len(lines) > 10_000
    assert len(told) <= len(lines) / 1000


HEAD = 'schema_version = 1\nname = "x"\n'


def in_session(text):
    document = Document.parse(HEAD + text + "\n", "x.session.toml")
    return [f.span for f in find_secrets(document, Judgement(in_session=True))]


def is_found(case):
    spans = in_session(case.replace("«", "").replace("»", ""))
    pieces = (HEAD + case).split("«")
    start = len(pieces[0])
    for number, piece in enumerate(pieces[1:]):
        end = start + piece.index("»")
        if not any(a < end and b > start for a, b in spans):
            return False
        start += len(piece) - 1
        assert number < 30
    return True


def test_of_the_forms_that_people_type_95_in_100_are_found():
    cases = [case.strip("\n") for case in typed_forms.SECRETS.split("\n=\n")]
    missed = [case for case in cases if not is_found(case)]
    assert len(cases) >= 180
    assert len(missed) <= len(cases) * 0.05, missed


def test_of_commands_lines_and_tables_without_one_2_in_100_at_most_are_taken_for_one():
    commands = typed_forms.COMMANDS.strip("\n").split("\n")
    texts = [f"[[windows]]\n[[windows.panes]]\nrun = {json.dumps(c)}" for c in commands]
    texts += [f"[apps.x]\n{line}" for line in typed_forms.LINES.strip("\n").split("\n")]
    texts += [case.strip("\n") for case in typed_forms.TABLES.split("\n=\n")]
    taken = [text for text in texts if in_session(text)]
    assert len(texts) >= 380
    assert len(taken) <= len(texts) * 0.02, taken


def test_of_what_programs_are_given_96_in_100_are_found():
    written = list(cases(command_lines.SECRETS))
    missed = [case for case in written if not is_found(case)]
    assert len(written) >= 320
    assert len(missed) <= len(written) * 0.04, missed


def test_of_calls_without_a_secret_1_in_100_at_most_is_taken_for_one():
    written = list(cases(command_lines.HARMLESS))
    taken = [case for case in written if in_session(case)]
    assert len(written) >= 340
    assert len(taken) <= len(written) * 0.01, taken


TRADES = {name: text for name, text in vars(trades).items() if name.isupper()}


@pytest.mark.parametrize("trade", TRADES)
def test_of_a_session_of_a_trade_nearly_all_is_told_apart(trade):
    lines = TRADES[trade].strip("\n").split("\n")
    marks = [line[:1] for line in lines]
    text = "\n".join(line.lstrip("!~") for line in lines)
    document = Document.parse(f"{text}\n", "x.session.toml")
    found = set()
    for finding in find_secrets(document, Judgement(in_session=True)):
        first, _ = document.source.place(finding.span.start)
        last, _ = document.source.place(finding.span.end - 1)
        found.update(range(first - 1, last))
    secrets = {number for number, mark in enumerate(marks) if mark == "!"}
    assert len(secrets) >= 60
    assert len(secrets - found) <= len(secrets) * 0.05, [lines[n] for n in secrets - found]
    assert len(found - secrets) <= marks.count("~") * 0.02, [lines[n] for n in found - secrets]
