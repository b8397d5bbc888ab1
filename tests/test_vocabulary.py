"""The vocabulary: all that a user reads is in the plain words of the field."""

from __future__ import annotations

import re
from functools import cache

import click

from tests import vocabulary
from tests.together import together
from tests.world import CHECKOUT

SOURCES = {
    "help": vocabulary.help_texts,
    "messages": vocabulary.messages,
    "schemas": vocabulary.descriptions,
    "headlines": vocabulary.headlines,
    "pages": vocabulary.pages,
}


@cache
def texts_of(source):
    return tuple(SOURCES[source]())


LEAST = {"help": 500, "messages": 3_000, "schemas": 1_000, "headlines": 20, "pages": 2_000}


@together("source", SOURCES)
def test_what_a_user_reads_is_in_plain_words(source):
    texts = texts_of(source)
    assert len(texts) >= LEAST[source], "the collector lost something"
    is_page = source == "pages"
    found = {place: vocabulary.refused(text, is_page=is_page) for place, text in texts}
    assert {place: words for place, words in found.items() if words} == {}


@together(
    "text",
    [
        "Tell what is wrong", "it is told", "mended", "is not heeded", "settles it", "it is none",
        "for want of a key", "saved by itself", "what it is", "stored in the clear", "set it anew",
        "write it all the same", "nobody can answer", "merged as lines, for it is not TOML",
        "bring it back", "took back the change", "opened unasked", "the set-up", "is written out",
        "the two clash", "kept in step", "merge it once more", "one who has a key", "somebody else",
        "is not there any more", "what can be had back", "take it out", "is held to it",
        "look who made it", "it lies beside the file",
    ],
)  # fmt: skip
def test_a_word_that_makes_a_reader_stop_is_refused(text):
    assert vocabulary.refused(text)


def test_an_option_and_a_page_with_such_a_word_are_found(monkeypatch, tmp_path):
    command = click.Command("x", params=[click.Option(["--y"], help="Tell it.")])
    texts = vocabulary.help_texts(command, click.Context(command, info_name="x"), "x")
    assert [place for place, text in texts if vocabulary.refused(text)] == ["--help of x", "x y"]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("fine\n```\ntold\n```\nit is told\n")
    for name in ("README.md", "CHANGELOG.md"):
        (tmp_path / name).write_text("fine\n")
    monkeypatch.setattr(vocabulary, "CHECKOUT", tmp_path)
    lines = [(place, vocabulary.refused(text)) for place, text in vocabulary.pages()]
    assert [place for place, words in lines if words] == ["docs/a.md:5"]


def test_the_contributing_page_has_the_words_with_what_to_write_instead():
    page = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*) \| (.*) \|$", page.split("## Words")[1], re.MULTILINE)
    instead = {right for _, right in rows}
    assert set(vocabulary.WORDS.values()) <= instead
    for left, _ in rows[2:]:
        for word in [left] if ", for " in left else left.split(", "):
            assert vocabulary.refused(f"{word} so"), word


def test_an_allowed_text_is_still_written():
    texts = "\n".join(text for source in SOURCES for _, text in texts_of(source))
    assert [text for text in vocabulary.ALLOWED if text not in texts] == []
