"""Earlier text: a text of a session file from its backups, by its id or by a time."""

from __future__ import annotations

from datetime import datetime

from sessionctl.errors import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.store import Store


def earlier_text(file: str, wanted: str, store: Store) -> str:
    """Return the text of ``file`` that ``wanted`` names.

    Args:
      file: the session file.
      wanted: the id or the number of a backup, or a time: what the file held then.
      store: where the backups are.

    Raises:
      EditError, UsageError: there is none.
    """
    from sessionctl.services.history.backups import find_backup, list_backups, read_backup
    from sessionctl.system.files.text import decode_text

    backups = list_backups(store, file)
    moment_s = _moment(wanted)
    if moment_s is None:
        found = find_backup(backups, file, wanted)
    else:
        older = [backup for backup in backups if backup.time_ns <= moment_s * 1e9]
        if not older:
            from sessionctl.core.text.shellwords import path_word

            raise EditError(
                f"{file}: nothing is kept from before {wanted}",
                hints=[f"see what there is: sessionctl backups list {path_word(file)}"],
            )
        found = older[0]
    return decode_text(read_backup(store, file, found), file)


def _moment(text: str) -> float | None:
    """Return the time that ``text`` gives, in seconds since 1970; None for an id."""
    if "-" not in text and ":" not in text:
        return None
    try:
        if "-" not in text:
            today = datetime.now().astimezone().date().isoformat()
            text = f"{today} {text}"
        return datetime.fromisoformat(text).astimezone().timestamp()
    except ValueError:
        return None
