"""The HTML page of a diff: one file that loads nothing, runs nothing and escapes everything."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

from sessionctl.core.diff.comparison import diff
from sessionctl.core.render.diff_page import render_html
from tests.core.render.test_diff_text import AFTER, BEFORE

VOID = {"meta"}


class Outline(HTMLParser):
    """Checks that tags are nested rightly and collects tags, attributes and text."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.tags = []
        self.text = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def outline(page):
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def page(before, after, names=("a.toml", "b.toml")):
    return render_html(diff(before, after), *names)


def test_the_page_tells_every_change():
    found = outline(page(BEFORE, AFTER))
    text = "".join(found.text)
    for words in (
        "a.toml → b.toml", "2 added\n", "1 removed\n", "2 comments changed", "Top level",
        "windows[name=editor]",
        '~ name: "api" -> "api-server"', "moved from [0] to [2]", "renamed to settings",
        '+ run[1] = "-R"', "# the hook of all",
    ):  # fmt: skip
        assert words in text
    assert {"ins", "del", "section", "h1", "h2"} <= {tag for tag, _ in found.tags}


def test_the_page_needs_nothing_else():
    text = page(BEFORE, AFTER)
    tags = outline(text).tags
    assert not {"script", "link", "img", "iframe", "a"} & {tag for tag, _ in tags}
    assert not any(name.startswith("on") or name == "src" for _, a in tags for name in a)
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|@import|url\(", text)


def test_the_page_knows_dark_screens_and_paper():
    text = page(BEFORE, AFTER)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_markup_in_values_names_and_comments_is_shown_as_text():
    evil = "<script>alert('x')</script>&"
    quoted = evil.replace("'", "\\u0027")
    text = page(
        f'a = "{quoted}"\n# {evil}\nb = 1\n["{quoted}"]\nx = 1\n',
        f'a = "{quoted}2"\n# 2{evil}\nb = 1\n["{quoted}"]\nx = 2\n',
        (f"{evil}.toml", "\x1b\u202e.toml"),
    )
    assert "<script" not in text
    assert html.escape(evil) in text
    assert not set(text) & set("\x1b\u202e")
    outline(text)


def test_the_page_of_no_change_says_so():
    assert "The values and comments are the same" in page("a = 1", "a = 1")


def test_the_body_of_the_page_is_whole():
    page = render_html(diff(BEFORE, AFTER), "a <b>", "c & d")
    body = page.partition("<body>\n")[2].partition("</body>")[0]
    assert body == (Path(__file__).parent / "golden" / "page_body.html").read_text("utf-8")
