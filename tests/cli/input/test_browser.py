"""The page for a browser: written again each time, for the user alone, and opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.cli.input.browser import open_page, page_file
from sessionctl.errors import ToolError
from sessionctl.services.machine import Machine


@pytest.fixture
def machine(tmp_path):
    return Machine({"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})


def test_a_page_takes_the_place_of_the_one_before(machine):
    first = page_file(machine, "diff.html", "a longer text")
    assert page_file(machine, "diff.html", "short") == first
    assert Path(first).read_text() == "short"
    assert Path(first).stat().st_mode & 0o777 == 0o600


def test_what_a_link_in_the_place_of_the_page_leads_to_is_left_alone(machine, tmp_path):
    other = tmp_path / "other"
    other.write_text("kept")
    path = Path(page_file(machine, "diff.html", "first"))
    path.unlink()
    path.symlink_to(other)
    page_file(machine, "diff.html", "second")
    assert (other.read_text(), path.read_text()) == ("kept", "second")
    assert not path.is_symlink()


def test_without_a_home_the_page_goes_to_a_file_that_is_named():
    with pytest.raises(ToolError, match=r"^no directory for the page: HOME is not set$") as caught:
        page_file(Machine({"PATH": "/usr/bin:/bin"}, user_id=123_456_789), "diff.html", "text")
    assert list(caught.value.hints) == ["write it to a file: --format html -o FILE"]


def test_the_first_browser_that_is_named_opens_the_page(tmp_path):
    seen = tmp_path / "seen"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}\n')
    program.chmod(0o755)
    names = os.pathsep.join([str(program), "/no/such"])
    open_page(Machine({"PATH": "/usr/bin:/bin", "BROWSER": names}), "/a page.html")
    assert seen.read_text() == "/a page.html"


def test_a_browser_that_is_missing_or_fails_is_reported():
    with pytest.raises(ToolError, match=r"^/a: no browser to open it in$") as caught:
        open_page(Machine({"PATH": "/nowhere"}), "/a")
    assert list(caught.value.hints) == [
        "name one in $BROWSER, or write the page: --format html -o FILE"
    ]
    with pytest.raises(ToolError, match=r"^/a: false failed with exit code 1$") as caught:
        open_page(Machine({"PATH": "/usr/bin:/bin", "BROWSER": "false"}), "/a")
    assert list(caught.value.hints) == [
        "name another browser in $BROWSER, or open the page yourself"
    ]
