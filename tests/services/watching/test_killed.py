"""A watcher that is killed at any moment loses no edit of either copy."""

from __future__ import annotations

import random
import signal
import threading
import time

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.services.documents.document_store import open_store
from tests.services.watching.conftest import DEADLINE_S
from tests.services.watching.processes import Process

START = 'schema_version = 1\nname = "api"\n\n[preferences]\n'
EDITS = 60


@pytest.mark.slow
def test_a_watcher_that_is_killed_again_and_again_loses_no_edit(tmp_path, home):
    live, repository = tmp_path / "live", tmp_path / "repository"
    config = home / "config" / "sessionctl"
    for folder in (live, repository, config):
        folder.mkdir(parents=True)
    (config / "config.toml").write_text(
        f'[[mirrors]]\nlive = "{live}"\nrepository = "{repository}"\n'
    )
    copies = {who: folder / "api.session.toml" for who, folder in (("a", live), ("b", repository))}
    for copy in copies.values():
        copy.write_text(START)
    store = open_store(str(home / "state" / "sessionctl"))

    def edit(who):
        for number in range(EDITS):
            text = copies[who].read_text()
            new = Document.parse(text).set(f"preferences.{who}{number}", number).text
            store.save(str(copies[who]), new, expected=text)
            time.sleep(random.Random(number).uniform(0, 0.05))

    process = Process(tmp_path, arguments=["--json"])
    process.hears("started")
    editors = [threading.Thread(target=edit, args=(who,)) for who in copies]
    for editor in editors:
        editor.start()
    while any(editor.is_alive() for editor in editors):
        time.sleep(random.uniform(0.2, 0.8))
        process.end(signal.SIGKILL)
        process = Process(tmp_path, arguments=["--json"])
        process.hears("started")
    for editor in editors:
        editor.join()
    wanted = {f"{who}{number}" for who in copies for number in range(EDITS)}

    def keys():
        texts = {copy.read_text() for copy in copies.values()}
        return [set(Document.parse(text).get("preferences")) for text in texts]

    end = time.monotonic() + DEADLINE_S
    while keys() != [wanted] and time.monotonic() < end:
        time.sleep(0.05)
    process.end()
    assert keys() == [wanted]
    assert [path.name for folder in (live, repository) for path in folder.iterdir()] == [
        "api.session.toml"
    ] * 2
