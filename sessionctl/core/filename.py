"""File names: what the name of a file says of its content, and the file that belongs to it."""

from __future__ import annotations

SESSION_SUFFIX = ".session.toml"
SIDECAR_SUFFIX = ".secrets.toml"
PROJECT_FILE = ".sessionctl.toml"
"""The settings of a project, in its root."""
RECIPIENTS_FILE = ".age-recipients"
"""Who may read the secrets of the sessions in and below its directory."""
VAULT_FOLDER = ".sessionctl"
VAULT_FILE = "vault.age"
VAULT_INFO_FILE = "vault.toml"
"""The keys that open the secrets, and what is known of them without a key; beside the readers."""

STDIN = "-"
"""What stands for stdin where a file is named; ``STDIN_NAME`` is its name in messages."""
STDIN_NAME = "<stdin>"

SESSION_PATTERN = f"*{SESSION_SUFFIX}*"
SIDECAR_PATTERN = f"*{SIDECAR_SUFFIX}*"
"""What git matches names with; the end is open for yadm, as in ``x.session.toml##os.Linux``."""
SESSION_PATHSPEC = f":(top){SESSION_PATTERN}"
SIDECAR_PATHSPEC = f":(top){SIDECAR_PATTERN}"
"""How git is asked for those of a whole repository."""


def is_session_name(name: str) -> bool:
    """Return whether a file of this name is a session; ``x.session.toml##os.Linux`` is one."""
    return name.partition("##")[0].endswith(SESSION_SUFFIX)


def is_sidecar_name(name: str) -> bool:
    """Return whether a file of this name holds the secrets of a session."""
    return name.partition("##")[0].endswith(SIDECAR_SUFFIX)


def sidecar_name(session: str) -> str:
    """Return the name of the sidecar of ``api.session.toml``: ``api.secrets.toml``.

    The name of a sidecar is returned as it is.
    """
    return _other_name(session, SESSION_SUFFIX, SIDECAR_SUFFIX)


def sidecar_path(session: str) -> str:
    """Return the path of the sidecar beside the session at that path, with ``/`` in it."""
    folder, slash, name = session.rpartition("/")
    return f"{folder}{slash}{sidecar_name(name)}"


def session_name(sidecar: str) -> str:
    """Return the name of the session that a sidecar belongs to; other names as they are."""
    return _other_name(sidecar, SIDECAR_SUFFIX, SESSION_SUFFIX)


def stem_of(name: str) -> str:
    """Return what a session and its sidecar are both called, "" for another file."""
    for suffix in (SESSION_SUFFIX, SIDECAR_SUFFIX):
        if name.partition("##")[0].endswith(suffix):
            return name.partition(suffix)[0]
    return ""


def _other_name(name: str, suffix: str, other: str) -> str:
    stem, found, rest = name.rpartition(suffix)
    return f"{stem}{other}{rest}" if found else name


def is_vault_path(path: str) -> bool:
    """Return whether a file of this path belongs to a vault: its readers, its key, its facts."""
    folder, _, name = path.rpartition("/")
    if name == RECIPIENTS_FILE:
        return True
    return name in (VAULT_FILE, VAULT_INFO_FILE) and folder.rpartition("/")[2] == VAULT_FOLDER
