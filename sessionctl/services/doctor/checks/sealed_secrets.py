"""Checks of sealed secrets that need no key: who may read them, what git has of them."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.filename import SIDECAR_PATHSPEC, SIDECAR_SUFFIX
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.doctor.check import FILES, REPOSITORY, Check, CheckFault
from sessionctl.services.secrets.access.listed_recipients import read_recipients
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.system.files.private_files import readable_by_others
from sessionctl.system.files.text import read_bytes, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.doctor.setup import Setup

_TRUST = "trust.toml"


def private_files(scene: Setup) -> Iterator[CheckFault]:
    """Look whether others may read the user's key, here or in git, or change what is trusted."""
    from sessionctl.services.secrets.access.keyring import IDENTITIES

    machine = scene.machine
    for directory, name in ((machine.config, IDENTITIES), (machine.state, _TRUST)):
        if directory is None:
            continue
        path = Path(directory, name)
        others = readable_by_others(path)
        if others is not None:
            yield CheckFault(others, f"chmod 600 {path_word(str(path))}", str(path))
    key = None if machine.config is None else Path(machine.config, IDENTITIES)
    if key is not None and key.exists():
        from sessionctl.services.scanning.key_exposure import key_exposure

        exposure = key_exposure(key, scene.git.environ)
        if exposure is not None:
            yield CheckFault(exposure.message, exposure.fix, str(key))


def sidecars(scene: Setup) -> Iterator[CheckFault]:
    """Look whether all in the sidecars is encrypted."""
    from sessionctl.services.documents.file_validation import in_reach

    beside = [os.path.relpath(place.sidecar, scene.git.cwd) for _, place in scene.sealed]
    known = [scene.shown(path) for path in _sidecars(scene)]
    shown = [os.path.relpath(scene.place(path), scene.git.cwd) for path in known]
    for file in dict.fromkeys([*beside, *shown]):
        if not scene.place(file).exists():
            continue
        try:
            text = read_text(scene.place(file))
        except SessionctlError as error:
            yield CheckFault(error.message, f"ls -l -- {path_word(file)}", file)
            continue
        checked = scene.validator.check_text(os.path.basename(file), text)  # noqa: PTH119
        checked = in_reach(checked._replace(name=str(scene.place(file))), text)
        for problem in checked.errors:
            line, column, _, _ = checked.place(problem)
            place = f"{file}:{line}:{column}"
            yield CheckFault(problem.message, f"sessionctl validate -- {path_word(file)}", place)
    scene.validator.keep()


def tracked(scene: Setup) -> Iterator[CheckFault]:
    """Look whether git has what the committed sessions need to be opened elsewhere."""
    known = {path for path, _ in scene.tracked}
    told: set[str] = set()
    for session, place in scene.sealed:
        wanted = (place.sidecar, place.recipients, place.vault, place.vault_info)
        for path in wanted:
            name = os.path.relpath(path.resolve(), _top(scene))
            if path.exists() and name not in known and name not in told:
                told.add(name)
                shown = os.path.relpath(path, scene.git.cwd)
                yield CheckFault(
                    f"git does not have it, and {session} cannot be opened elsewhere without it",
                    f"git add --force -- {path_word(shown)}",
                    shown,
                )


def readers(scene: Setup) -> Iterator[CheckFault]:
    """Look whether the vault is encrypted to those who are listed."""
    done: set[Path] = set()
    for _, place in scene.sealed:
        if place.root in done:
            continue
        done.add(place.root)
        listed, info = read_recipients(place), read_vault_info(place)
        shown = os.path.relpath(place.recipients, scene.git.cwd)
        if listed is None and place.has_vault:
            yield CheckFault(
                "it is gone: no recipient is listed", f"git restore -- {path_word(shown)}", shown
            )
        elif listed is not None and info is not None and info.wrapped_for != listed.fingerprint:
            yield CheckFault(
                "the list was changed, but not the vault: someone who can read them finishes it",
                "sessionctl secret rekey",
                shown,
            )


def own_key(scene: Setup) -> Iterator[CheckFault]:
    """Look whether a key of this user is among those that open the secrets."""
    from sessionctl.services.secrets.own_keys import missing_key

    for place in {place.root: place for _, place in scene.sealed}.values():
        own = missing_key(scene.machine, place)
        if own is None:
            continue
        shown = os.path.relpath(place.recipients, scene.git.cwd)
        if own.keys:
            message = "no key of yours is listed; send the line to someone who can read the secrets"
            yield CheckFault(message, "sessionctl key show", shown, severity="note")
        else:
            message = "you have no key on this machine, so secrets cannot be decrypted"
            yield CheckFault(message, "sessionctl key new", shown, severity="note")


def unrotated(scene: Setup) -> Iterator[CheckFault]:
    """Look for values that someone knows who may no longer read them."""
    for session, place in scene.sealed:
        if not place.sidecar.exists():
            continue
        try:
            sidecar = Sidecar.parse(read_text(place.sidecar), str(place.sidecar))
        except SessionctlError:
            continue  # told by another check
        for entry in sidecar.entries.values():
            if entry.rotate:
                yield CheckFault(
                    f"a recipient who was removed knows it, since {entry.rotate}",
                    f"sessionctl secret rotate {path_word(session)} {last_words(entry.name)}",
                    f"{os.path.relpath(place.sidecar, scene.git.cwd)}: {entry.name}",
                )


def keys(scene: Setup) -> Iterator[CheckFault]:
    """Look for keys that open secrets among the tracked files."""
    from sessionctl.services.scanning.key_files import check_key_file, may_hold_key

    for path, _ in scene.tracked:
        shown = scene.shown(path)
        if not may_hold_key(path) or not scene.place(shown).is_file():
            continue
        try:
            found = check_key_file(shown, read_bytes(scene.place(shown)))
        except FileError:
            continue
        if found is not None:
            message = f"{found.problems[0].message}, and git has it: replace it"
            yield CheckFault(message, f"git rm --cached -- {path_word(shown)}", shown)


def _sidecars(scene: Setup) -> list[str]:
    """Return the tracked sidecars, as the pattern for them finds them."""
    if not any(variable.endswith("_PATHSPECS") for variable in scene.git.environ):
        return [path for path, _ in scene.tracked if SIDECAR_SUFFIX in path]
    listed = scene.git.run("ls-files", "-z", "--full-name", "--", SIDECAR_PATHSPEC)
    return os.fsdecode(listed.stdout).split("\0")[:-1]


def _top(scene: Setup) -> Path:
    assert scene.repository is not None
    assert scene.repository.work_tree is not None
    return scene.repository.work_tree.resolve()


CHECKS = (
    Check("private-files", "your key and what you trust are yours alone", private_files),
    Check("sidecars", "all in the sidecars is encrypted", sidecars, FILES),
    Check("sidecars-tracked", "git has what opens the secrets elsewhere", tracked, FILES),
    Check("readers", "the vault is encrypted to those who are listed", readers, FILES),
    Check("own-key", "a key of yours opens the secrets", own_key, FILES),
    Check("unrotated", "no removed recipient knows a value", unrotated, FILES),
    Check("keys", "git has no key that opens secrets", keys, REPOSITORY),
)
