"""State check: a session that holds states of host applications alone is judged at once."""

from __future__ import annotations

import os
import re

from sessionctl.core.filename import is_session_name
from sessionctl.core.session.secret_problems import with_secrets
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.escaped_paths import escaped_paths
from sessionctl.errors import SessionctlError
from sessionctl.sdk.sessions.session_id import is_session_id
from sessionctl.services.documents.checked_file import SESSION, CheckedFile
from sessionctl.services.watching.file_reading import ContentCheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table

_KEYS = frozenset({"schema_version", "id", "name", "description", "apps"})
_SCHEMA = "#:schema urn:sessionctl:schema:session:v1\n"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class StateCheck(ContentCheck):
    """Checks files of sessions; the schema is loaded only where it has something to say.

    Under ``apps`` everything is allowed: where nothing else is in a file, nothing can be wrong
    but secrets that are written out. The schema is a third of what a host would load else.
    """

    def __call__(self, file: str, data: bytes) -> CheckedFile:
        """Check ``data`` as the content of a file."""
        return quick_verdict(file, data) or super().__call__(file, data)


def quick_verdict(file: str, data: bytes) -> CheckedFile | None:
    """Return the verdict on a file that is valid by its schema for certain, None where not."""
    text = data.decode(errors="replace")
    if not is_session_name(os.path.basename(file)) or _asks_for_more(text):  # noqa: PTH119
        return None
    try:
        document = Document.parse(text, file)
    except SessionctlError:
        return None
    if data != text.encode() or not is_plain(document.value):
        return None
    problems = with_secrets(document, tuple(escaped_paths(document)), None, None)
    return CheckedFile(file, problems, Source(text, file), SESSION, None)


def _asks_for_more(text: str) -> bool:
    """Return whether a text may name another schema, or secrets that are stored beside it."""
    rest = text.removeprefix(_SCHEMA)
    return "#:schema" in rest or "secret" in rest or text.startswith("\ufeff")


def is_plain(session: Table) -> bool:
    """Return whether a session has nothing but its name and the states of applications."""
    apps = session.get("apps", {})
    return (
        session.keys() <= _KEYS
        and type(session.get("schema_version")) is int
        and session["schema_version"] == 1
        and ("id" not in session or is_session_id(session["id"]))
        and _is_name(session.get("name"))
        and isinstance(session.get("description", ""), str)
        and isinstance(apps, dict)
        and all(isinstance(app, dict) for app in apps.values())
    )


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name) and not _CONTROL.search(name)
