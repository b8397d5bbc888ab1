"""Leftovers: names that look like those of sessions, but that other programs left behind."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import DOTALL, IGNORECASE, late

# Whose leftover each is: macOS and its archives, emacs and LibreOffice, Office, emacs, ourselves,
# git, Syncthing, GLib, NFS, FUSE, Unison, SMB servers, Windows shares.
_BEGINNINGS = (
    "._", ".#", ".~", "~$", ".sessionctl-", ".merge_file_", ".syncthing.", "~syncthing~",
    ".goutputstream-", ".nfs", ".fuse_hidden", ".unison.", ".smbdelete", ".TemporaryItems",
)  # fmt: skip
_ENDINGS = (
    "~", "#", ".orig", ".rej", ".bak", ".old", ".swp", ".swo", ".swx", ".tmp", ".temp", ".part",
    ".partial", ".filepart", ".crdownload", ".download", ".kate-swp", ".icloud", ".!sync", ".lock",
)  # fmt: skip
_VIM_PROBE = "4913"
_SWAP = late(r"\..*\.sw.", DOTALL)
# What programs that carry files from machine to machine call the copy that lost: Syncthing,
# Dropbox and Nextcloud, Seafile, pCloud, ownCloud, git-annex, Resilio.
_LOSER = late(
    r"\.sync-conflict-\d{8}-\d{6}(?:-\w+)?(?=\.)"
    r"| \([^()]*conflicted copy[^()]*\)"
    r"| \(SFConflict [^()]*\)"
    r"| \[conflicted\]"
    r"|_conflict-\d{8}-\d{6}(?=\.)"
    r"|\.variant-[0-9a-f]{4}(?=\.)"
    r"|\.Conflict(?=\.)",
    IGNORECASE,
)


def is_leftover(name: str) -> bool:
    """Return whether a file of this name was left by an editor or by a program that copies files.

    Such a file is found nowhere as a session. Who names it gets what was asked for.
    """
    return (
        name == _VIM_PROBE
        or name.startswith(_BEGINNINGS)
        or name.endswith(_ENDINGS)
        or _SWAP.fullmatch(name) is not None
        or is_losing_copy(name)
    )


def is_losing_copy(name: str) -> bool:
    """Return whether a file of this name is what a program that copies files left of a clash."""
    return _LOSER.search(name) is not None and name.endswith(".toml")


def winner_of(name: str) -> str:
    """Return the name of the file that a losing copy was a version of."""
    return _LOSER.sub("", name)
