"""Advice on git: the commands that go on with files that are not merged or not committed."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import RECIPIENTS_FILE, is_vault_path
from sessionctl.core.text.shellwords import path_word
from sessionctl.services.git.operation_steps import CONTINUATIONS, deletion_steps, vault_step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.services.sync.file_state import FileState
    from sessionctl.services.sync.survey import Survey


def steps_after_survey(survey: Survey) -> list[str]:
    """Return the commands to type next for the files of ``survey``, the most urgent ones only."""

    def of(state: str) -> list[FileState]:
        return [file for file in survey.files if file.state == state]

    if of("conflicts"):
        return [f"sessionctl resolve {path_word(file.path)}" for file in of("conflicts")]
    if of("unmerged"):
        if survey.sync and not any(
            file.errors or file.deleted_by or is_vault_path(file.path) for file in of("unmerged")
        ):
            return [survey.sync]
        steps = [step for file in of("unmerged") for step in _steps_of_unmerged(file)]
        return [*steps, *rekey_steps(file.path for file in of("unmerged"))]
    if of("invalid"):
        return [_validation(of("invalid"))]
    if of("blocked"):
        return list(dict.fromkeys(file.step for file in of("blocked") if file.step))
    if survey.untracked:
        new = [file for file in of("new") if file.path in survey.untracked]
        groups = dict.fromkeys(file.git for file in new)
        return [
            f"{git} add {' '.join(file.word for file in new if file.git == git)}" for git in groups
        ]
    if survey.sync:
        return [survey.sync]
    continuation = CONTINUATIONS.get(survey.operation or "")
    return [f"{survey.git} {continuation}"] if continuation else []


def rekey_steps(paths: Iterable[str]) -> list[str]:
    """Return the commands that encrypt to both sides' readers the vaults with files of ``paths``.

    The paths lead there from the current directory.
    """
    vaults = [Path(path) for path in paths if is_vault_path(path)]
    if not vaults:
        return []
    from sessionctl.services.secrets.access.secret_place import place_of_directory

    folders = (
        path.parent if path.name == RECIPIENTS_FILE else path.parent.parent for path in vaults
    )
    return [
        f"encrypt the vault to the readers of both: {place_of_directory(folder).rekey_command()}"
        for folder in dict.fromkeys(folders)
    ]


def _steps_of_unmerged(file: FileState) -> list[str]:
    """Return the commands for a file that git could not merge; never ``add`` for a bad one."""
    if file.errors:
        # To let it go needs no valid text.
        rest = deletion_steps(file.word, file.git)[1:] if file.deleted_by else []
        return [_validation([file]), *rest]
    if file.deleted_by:
        return deletion_steps(file.word, file.git)
    return [vault_step(file.path, file.word, file.git) or f"{file.git} add {file.word}"]


def _validation(files: Sequence[FileState]) -> str:
    return f"sessionctl validate {' '.join(path_word(file.path) for file in files)}"
