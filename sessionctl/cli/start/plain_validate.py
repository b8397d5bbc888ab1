"""validate in its plain form, without click: editors and hooks call it once per file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console


def run_plain_validate(arguments: Sequence[str], console: Console) -> int | None:
    """Run ``validate [--schema FILE] [--no-cache] [FILE]...`` and return the exit code.

    None, and nothing done, for every other command line.

    Raises:
      SessionctlError: as the command does.
    """
    files: list[str] = []
    schema_file: str | None = None
    uses_cache = True
    words = iter(arguments[1:])
    for word in words:
        if word == "--schema":
            schema_file = next(words, None)
            if schema_file is None:
                return None
        elif word.startswith("--schema="):
            schema_file = word.removeprefix("--schema=")
        elif word == "--no-cache":
            uses_cache = False
        elif word.startswith("-") and word != "-":
            return None
        else:
            files.append(word)
    from sessionctl.cli.arguments.named_file import named_files
    from sessionctl.cli.validation_run import ValidationRequest, run_validation

    found = named_files(console, files)
    return run_validation(console, ValidationRequest(found, schema_file, uses_cache=uses_cache))
