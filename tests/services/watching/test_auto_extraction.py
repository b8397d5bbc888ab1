"""Secrets that are typed into a session go to its sidecar when it is saved."""

from __future__ import annotations

import pytest

from sessionctl.core.problem import Problem, Span
from sessionctl.errors import LockedError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
from sessionctl.services.watching.auto_extraction import Extractor
from sessionctl.services.watching.watch_event import MovedSecrets, WatchEvent
from tests.desk import NAME, Desk
from tests.desk import SESSION as DESK_SESSION
from tests.services.watching.processes import Process
from tests.together import together

CANARY = "c4n4ry-1b2c3d"
TYPED = DESK_SESSION.replace('{ secret = "prod.password" }', f'"{CANARY}"  # the real one')


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a desk with a key; the watcher runs in its environment."""
    for name in ("repo", "home"):
        (tmp_path / name).mkdir()
    desk = Desk(tmp_path / "repo", tmp_path / "home")
    desk.session.write_text(DESK_SESSION)
    desk.new_key()
    for name, value in desk.environ.items():
        monkeypatch.setenv(name, value)
    return desk


@pytest.fixture
def run(tmp_path, desk):
    process = Process(tmp_path, desk.folder, arguments=["--json", "--extract"])
    yield process
    process.end()


def everywhere(folder):
    return "".join(
        path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()
    )


def test_a_typed_secret_is_moved_on_save(run, desk):
    run.hears("started")
    desk.session.write_text(TYPED)
    told = run.hears("extracted")
    assert told["message"] == "secrets moved to the sidecar: prod.password"
    run.hears("applied")
    text = desk.session.read_text()
    assert 'password = { secret = "prod.password" }  # the real one\n' in text
    assert desk.reveal("prod.password", code=0).stdout == CANARY
    said = "".join(run.said) + run.errors
    assert CANARY not in said + everywhere(desk.home) + everywhere(desk.folder)


def test_without_a_key_it_stays_and_that_is_told_with_the_next_step(run, desk):
    run.hears("started")
    desk.identities.rename(desk.identities.with_suffix(".away"))
    desk.session.write_text(TYPED)
    told = run.hears("not-extracted")
    assert "stay where they are" in told["message"]
    assert told["hint"]
    assert desk.session.read_text() == TYPED
    assert CANARY not in "".join(run.said) + run.errors


def test_other_mistakes_are_mended_by_a_person_first(run, desk):
    run.hears("started")
    text = TYPED.replace("port = 5432", 'port = "x"')
    desk.session.write_text(text if text != TYPED else TYPED + "nonsense = 1\n")
    before = desk.session.read_text()
    run.hears("invalid")
    desk.session.with_name("b.session.toml").write_text(DESK_SESSION)
    run.hears("valid")
    assert desk.session.read_text() == before


def test_while_git_is_at_work_nothing_is_moved(git_repo):
    git_repo.write(".git/MERGE_HEAD", "")
    file = git_repo.write("api.session.toml", TYPED)
    extractor = Extractor(lambda: pytest.fail("no keeper is needed"), None, {})
    assert extractor.extract(str(file), 0.0) is None


def test_what_needs_no_moving_is_left(desk, home):
    from functools import partial

    from sessionctl.cli.output.console import Console
    from sessionctl.cli.secrets.user_keeper import make_keeper
    from sessionctl.services.settings.user_store import user_store

    keeper = partial(make_keeper, Console(), None, no_input=True)
    extractor = Extractor(keeper, user_store(Console().machine), {})
    assert extractor.extract(str(desk.session), 0.0) is None


def checked(*rules):
    problems = [Problem(rule, "m", Span(0, 0), severity="error") for rule in rules]
    return CheckedFile("a.session.toml", tuple(problems))


@together(
    "what, file, is_wanted",
    [
        ("invalid", checked("secret-field"), True),
        ("invalid", checked("secret-field", "secret-key"), True),
        ("invalid", checked("secret-field", "unknown-key"), False),
        ("invalid", checked("unknown-key"), False),
        ("invalid", checked("secret-entropy"), False),
        ("invalid", checked(), False),
        ("invalid", None, False),
        ("applied", checked("secret-field"), False),
    ],
)
def test_only_where_typed_secrets_are_all_that_is_wrong_they_are_moved(what, file, is_wanted):
    extractor = Extractor(lambda: None, None, {})
    event = WatchEvent(1.0, "a.session.toml", what, None, checked=file)
    assert extractor.wants(event) is is_wanted


def test_what_is_moved_or_why_not_is_one_event(desk):
    machine = Machine(desk.environ)
    store = open_store(machine.state)

    def extracted(make_keeper=lambda: VaultKeeper(SecretContext(machine, today="2026-11-25"))):
        return Extractor(make_keeper, store, desk.environ).extract(str(desk.session), 5.0)

    file = str(desk.session)
    assert extracted() is None, "there is nothing to move"
    desk.session.write_text(TYPED)
    store.keep(desk.session, TYPED, why="refused")
    (desk.folder / ".git").mkdir()
    (desk.folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    for name in ("objects", "refs"):
        (desk.folder / ".git" / name).mkdir()
    (desk.folder / ".git" / "MERGE_HEAD").write_text("0" * 40)
    assert extracted() is None, "git is in a merge"
    assert desk.session.read_text() == TYPED
    (desk.folder / ".git" / "MERGE_HEAD").unlink()

    def locked():
        raise LockedError("no key")

    event = extracted(locked)
    assert (event.time_s, event.file, event.what) == (5.0, file, "not-extracted")
    assert event.detail.error.message == "no key"
    event = extracted()
    assert (event.time_s, event.file, event.what) == (5.0, file, "extracted")
    assert event.detail == MovedSecrets((NAME,))
    assert desk.session.read_text() == TYPED.replace(f'"{CANARY}"', f'{{ secret = "{NAME}" }}')
    assert desk.reveal(NAME, code=0).stdout == CANARY
    assert CANARY not in everywhere(desk.home) + everywhere(desk.folder)
