"""The quick verdict on a session with states alone is that of its schema and of the scan."""

from __future__ import annotations

import pytest

from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.sdk.sessions.session_id import is_session_id, new_session_id
from sessionctl.sdk.states.state_check import quick_verdict
from sessionctl.services.watching.file_reading import ContentCheck

FILE = "/nowhere/notes.session.toml"
HEAD = 'schema_version = 1\nname = "notes"\n'
CASES = [
    HEAD,
    f'#:schema urn:sessionctl:schema:session:v1\n\n{HEAD}id = "{new_session_id()}"\n',
    f'{HEAD}[apps.notes.editor]\ntext = "x"\nrows = [{{a = 1}}]\n[apps.other]\n',
    f"{HEAD}description = 'why'\n",
    f'{HEAD}[apps.notes.editor]\nurl = "postgres://me:hunter2!@db/x"\n',
    f'{HEAD}[apps.notes.editor]\npassword = "hunter2!"\n',
    f"{HEAD}# password: hunter2!hunter2\n[apps]\n",
    f'{HEAD}[apps.notes.editor]\npath = "C:\\temp"\n',
    # What only the schema can judge.
    "",
    'name = "notes"\n',
    "schema_version = 1\n",
    'schema_version = 2\nname = "notes"\n',
    'schema_version = true\nname = "notes"\n',
    'schema_version = 1\nname = ""\n',
    'schema_version = 1\nname = "a\\tb"\n',
    f'{HEAD}id = "7"\n',
    f"{HEAD}id = 7\n",
    f"{HEAD}apps = []\n",
    f"{HEAD}[apps]\nnotes = 1\n",
    f"{HEAD}[app.notes]\n",
    f'{HEAD}[[windows]]\nname = "w"\n',
    f"{HEAD}[preferences]\na = 1\n",
    f"#:schema ./own.json\n{HEAD}",
    f"\ufeff{HEAD}",
    f"{HEAD}[apps.notes\n",
    f"{HEAD}<<<<<<< ours\n=======\n>>>>>>> theirs\n",
]


@pytest.mark.parametrize("text", CASES)
def test_the_quick_verdict_is_the_whole_one(text):
    quick = quick_verdict(FILE, text.encode())
    if quick is None:
        return
    whole = ContentCheck()(FILE, text.encode())
    assert quick.problems == whole.problems
    assert quick._replace(model=whole.model, source=whole.source) == whole
    assert quick.source.text == whole.source.text
    schema = [p for p in validate(Document.parse(text), Schema.session()) if p.severity == "error"]
    assert not schema


def test_most_files_of_hosts_are_judged_quickly():
    assert all(quick_verdict(FILE, text.encode()) for text in CASES[:8])
    assert not any(quick_verdict(FILE, text.encode()) for text in CASES[8:])


def test_what_is_no_text_is_left_to_the_whole_check():
    assert quick_verdict(FILE, b"\xff" + HEAD.encode()) is None
    assert quick_verdict("/nowhere/Cargo.toml", HEAD.encode()) is None


def test_ids_are_random_uuids():
    import uuid

    ids = {new_session_id() for _ in range(1000)}
    assert len(ids) == 1000
    for one in ids:
        assert (uuid.UUID(one).version, uuid.UUID(one).variant) == (4, uuid.RFC_4122)
        assert is_session_id(one)
