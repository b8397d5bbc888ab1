"""The pages in docs/ are true: their code runs, their tables are the schema's."""

from __future__ import annotations

import json
import re

import pytest

from sessionctl import Document
from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.services.git.installation import SETTINGS
from tests.together import together
from tests.transcripts import Shell, assert_true, blocks, commands, write_files
from tests.world import CHECKOUT, PACKAGE, need
from tools import format_page

DOCS = CHECKOUT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(CHECKOUT / "examples").glob("*.md"),
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
]
SCHEMA = json.loads(format_page.SOURCE.read_text(encoding="utf-8"))


def name_of(page):
    return str(page.relative_to(CHECKOUT))


@together("page", PAGES, ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    "page", [DOCS / "architecture.md", CHECKOUT / "CONTRIBUTING.md"], ids=name_of
)
def test_the_places_in_the_code_that_a_page_names_are_there(page):
    places = re.findall(
        r"`((?:sessionctl|tests|schemas|bench|docs)/[\w./-]+)`", page.read_text("utf-8")
    )
    assert places
    for place in places:
        if "NAME" not in place:
            assert (CHECKOUT / place).exists(), place


def test_every_requirement_is_shown_by_something_that_is_there():
    text = (DOCS / "requirements.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (S\d\d) \| .* \| (.*) \|$", text, re.MULTILINE)
    assert [row for row, _ in rows] == [f"S{number:02}" for number in range(1, 51)]
    for row, shown in rows:
        places = re.findall(r"`([\w/]+\.(?:py|md))`", shown)
        assert places, row
        assert all((CHECKOUT / place).exists() for place in places), row


@pytest.mark.parametrize("layer", ["core", "services"])
def test_the_map_of_the_code_has_every_package(layer):
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    table = text.split(f"## The packages of {layer}")[1].split("\n## ")[0]
    packages = {package.parent.name for package in (PACKAGE / layer).glob("*/__init__.py")}
    assert len(packages) > 10
    assert packages <= set(re.findall(r"`(\w+)`", table))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_python_of_a_page_runs(page, home, monkeypatch):
    names = {}
    monkeypatch.setattr("builtins.input", lambda *_question: "")
    for block in blocks(page, "python"):
        lines = "\n" * block.line
        exec(compile(lines + block.text, page.name, "exec"), names)


@together("page", PAGES, ids=name_of)
def test_the_toml_of_a_page_is_toml(page):
    for block in blocks(page, "toml"):
        Document.parse(block.text, f"{page.name}:{block.line}")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.parent == DOCS and commands(page)], ids=name_of
)
def test_the_commands_of_a_page_print_what_it_shows(page, tmp_path):
    need("git")
    work = tmp_path / "work"
    work.mkdir()
    write_files(page, work)
    assert_true(page, Shell(work, tmp_path / "bin"))


def test_the_page_of_the_format_is_made_from_the_schema():
    text = format_page.PAGE.read_text(encoding="utf-8")
    assert text == format_page.page(text, SCHEMA), "run: python -m tools.format_page"


def test_the_page_of_the_format_is_only_written_when_it_is_out_of_step(
    tmp_path, monkeypatch, capsys
):
    page = tmp_path / "docs" / "format.md"
    page.parent.mkdir()
    page.write_text(f"head\n{format_page.MARKER}old\n")
    monkeypatch.setattr(format_page, "PAGE", page)
    monkeypatch.setattr(format_page, "ROOT", tmp_path)
    format_page.main()
    format_page.main()
    assert capsys.readouterr().out == "wrote docs/format.md\n"
    assert page.read_text().startswith("head\n")
    with pytest.raises(SystemExit, match="marker line"):
        format_page.page("no marker", SCHEMA)


def test_every_kind_of_conflict_is_told():
    text = (DOCS / "merge.md").read_text(encoding="utf-8")
    for kind in ConflictKind:
        assert f"`{kind.value}`" in text


def test_every_setting_of_git_is_told():
    text = (DOCS / "git.md").read_text(encoding="utf-8")
    for key in SETTINGS:
        assert f"`{key}`" in text
