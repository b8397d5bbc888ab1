"""The page of a diff as people see it: opened in Chromium, light and dark, narrow and printed."""

from __future__ import annotations

import pytest

from sessionctl.core.diff.comparison import diff
from sessionctl.core.render.diff_page import render_html
from tests.chromium import Browser

BEFORE = '''\
name = "api"
root = "~/src/api"
[[windows]]
name = "editor"
layout = "main-vertical"  # for two
[[windows]]
name = "old"
[preferences]
notes = """
one
two words
"""
long = "a"
'''
AFTER = f'''\
name = "<script>document.title='bad'</script>"
root = "~/work/api"
[[windows]]
name = "new"
run = "make"
[[windows]]
name = "editor"
layout = "main-horizontal"  # for three
[preferences]
notes = """
one
two new words
"""
long = "{"x" * 300}"
'''
# The contrast of every text with what is behind it, as WCAG 2 reckons it.
CONTRASTS = """
(() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= .03928 ? c / 12.92
    : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    found[text] = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Return a browser with the page open."""
    directory = tmp_path_factory.mktemp("chromium")
    path = directory / "page.html"
    path.write_text(render_html(diff(BEFORE, AFTER), "a.toml", "b.toml"), encoding="utf-8")
    with Browser(directory) as found:
        found.open(path)
        yield found


@pytest.mark.parametrize("look", [{}, {"scheme": "dark"}, {"media": "print", "scheme": "dark"}])
def test_every_text_stands_out_from_what_is_behind_it(browser, look):
    browser.show_as(**look)
    contrasts = browser.evaluate(CONTRASTS)
    assert len(contrasts) > 30
    assert {text: ratio for text, ratio in contrasts.items() if ratio < 4.5} == {}


def test_a_dark_screen_is_dark_a_light_one_light_and_paper_white(browser, tmp_path):
    page = "getComputedStyle(document.body).backgroundColor"
    browser.show_as(scheme="light")
    light = browser.evaluate(page), browser.photograph(tmp_path / "light.png")
    browser.show_as(scheme="dark")
    dark = browser.evaluate(page), browser.photograph(tmp_path / "dark.png")
    browser.show_as(media="print", scheme="dark")
    paper = browser.evaluate(page)
    assert (light[0], dark[0], paper) == (
        "rgb(255, 255, 255)", "rgb(13, 17, 23)", "rgb(255, 255, 255)"
    )  # fmt: skip
    assert light[1] != dark[1]


@pytest.mark.parametrize("width", [320, 900])
def test_nothing_is_wider_than_the_screen(browser, width):
    browser.show_as(width=width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_what_changed_can_be_read_without_colours_on_paper(browser):
    browser.show_as(media="print")
    line = "getComputedStyle(document.querySelector('{}')).textDecorationLine"
    assert browser.evaluate(line.format(".entry > ins")) == "underline"
    assert browser.evaluate(line.format(".entry > del")) == "line-through"
    assert browser.print().startswith(b"%PDF-")


def test_all_changes_are_to_be_seen(browser):
    browser.show_as()
    text = browser.evaluate("document.body.innerText")
    for words in (
        '~ root: "~/src/api" -> "~/work/api"', "windows[name=editor]", "- two words",
        "+ two new words", '"<script>document.title=\'bad\'</script>"', "x" * 300, "1 added",
    ):  # fmt: skip
        assert words in text.replace("\xa0", " ")


def test_nothing_is_loaded_run_or_complained_of(browser):
    assert browser.evaluate("document.title") == "a.toml \u2192 b.toml"
    asked = [e for e in browser.events if e["method"] == "Network.requestWillBeSent"]
    assert [e["params"]["request"]["url"].rpartition("/")[2] for e in asked] == ["page.html"]
    told = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
    assert [e for e in browser.events if e["method"] in told] == []
