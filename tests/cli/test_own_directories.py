"""No search below a directory finds what sessionctl keeps for itself."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path

import pytest

import sessionctl
from tests.cli.test_session_names import run, write  # noqa: F401 - a fixture
from tests.together import together

BROKEN = "name = [\n"
DRAFT = "sessionctl/documents/12ab/draft/shop.session.toml"


def plant(home):
    """Lay files of sessionctl's own into ``home``, where the environment of ``run`` has them."""
    draft = home / "state" / DRAFT
    for folder in (draft.parent, home / "cache/sessionctl", home / "run/sessionctl"):
        write(folder / "shop.session.toml", text=BROKEN)
        write(folder / "shop.secrets.toml", text=BROKEN)


@pytest.fixture
def home(run, tmp_path, monkeypatch):  # noqa: F811
    home = tmp_path / "home"
    plant(home)
    write(home / "code/shop.session.toml", "shop")
    monkeypatch.chdir(home)
    return home


def test_a_draft_is_no_session_of_the_same_name(run, home):  # noqa: F811
    done = run("get", "shop", "name")
    assert (done.code, done.stdout.strip()) == (0, "shop"), done.stderr


SEARCHES = (
    "list", "status", "validate", "fmt --check", "fmt --check .", "secret list",
    "secret scan .", "secret doctor", "import --recursive --dry-run .", "watch --dry-run .",
    "get shop name", "doctor",
)  # fmt: skip


@together("words", SEARCHES)
def test_every_search_skips_the_own_directories(run, home, words):  # noqa: F811
    done = run(*words.split())
    said = done.stdout + done.stderr
    for place in ("documents", "cache/sessionctl", "run/sessionctl"):
        assert place not in said, said


def test_an_own_directory_is_searched_when_it_is_asked_for(run, home):  # noqa: F811
    for place in (home / "state/sessionctl", home / "state/sessionctl/documents"):
        found = json.loads(run("list", "--json", str(place)).stdout)["sessions"]
        assert [Path(one["file"]).parent.name for one in found] == ["draft"]


def test_a_home_that_is_a_repository_commits_no_draft(run, home):  # noqa: F811
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(home)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "code"], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    for words in (["status"], ["status", "."], ["sync", "--dry-run", "--no-push"], ["doctor"]):
        done = run(*words)
        assert "documents" not in done.stdout + done.stderr, words


def test_every_search_of_the_code_names_the_own_directories():
    searches = ("find_sessions", "nearby_sessions")
    for file in sorted(Path(sessionctl.__file__).parent.rglob("*.py")):
        text = file.read_text()
        if not any(f"{name}(" in text for name in searches):
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in searches:
                given = {word.arg for word in node.keywords}
                assert given & {"own", "below"}, f"{file}:{node.lineno}"
