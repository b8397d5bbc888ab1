"""Execution: a program that finds secrets in its environment, or behind descriptors."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import RefusedError, UsageError
from sessionctl.services.secrets.entries.storage import check_name
from sessionctl.system.process import run_in_place as replace_process
from sessionctl.system.process import value_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_IN_VARIABLES = re.compile(r"[^A-Za-z0-9]+")
# What decides which code a program loads or starts. One who can store a secret must not
# choose that for all others by the name of it.
_STEERING = re.compile(
    r"PATH|HOME|SHELL|ENV|IFS|PS4|EDITOR|VISUAL|PAGER|TMPDIR|BROWSER|CLASSPATH|CDPATH"
    r"|LD_.*|DYLD_.*|GCONV_PATH|GLIBC_TUNABLES|LOCPATH|NLSPATH|MALLOC_.*"
    r"|BASH_ENV|BASH_FUNC.*|BASHOPTS|SHELLOPTS|PROMPT_COMMAND|ZDOTDIR|FPATH"
    r"|PYTHON[A-Z]+|PERL5[A-Z]+|PERLLIB|RUBY(?:OPT|LIB)|NODE_(?:OPTIONS|PATH)"
    r"|_?JAVA_(?:TOOL_)?OPTIONS|JDK_JAVA_OPTIONS|LESSOPEN|LESSCLOSE|SSH_ASKPASS"
    r"|GIT_(?:CONFIG.*|SSH|SSH_COMMAND|EXTERNAL_DIFF|PAGER|EDITOR|SEQUENCE_EDITOR|ASKPASS"
    r"|PROXY_COMMAND|EXEC_PATH|TEMPLATE_DIR|DIR|WORK_TREE)|SESSIONCTL_.*"
)


class ExecPlan(NamedTuple):
    """The values that a program gets: by variable, and as files whose path a variable holds."""

    variables: dict[str, Secret]
    files: dict[str, Secret]


def plan_exec(secrets: SessionSecrets, variables: Sequence[str], files: Sequence[str]) -> ExecPlan:
    """Return what ``VAR=NAME`` words ask for; without any, every secret by its own name.

    Raises:
      UsageError: a word is malformed, two secrets want one variable, or a value cannot
        stand in an environment.
      RefusedError: without a word, a name that would be a variable such as PATH.
      LockedError, RefusedError, KeyNotFoundError: as ``SessionSecrets.value``.
    """
    by_variable = _pairs(variables)
    by_file = _pairs(files)
    twice = by_variable.keys() & by_file.keys()
    if twice:
        raise UsageError(f"exec: {min(twice)}: given with --env and with --file")
    if not variables and not files:
        by_variable = _all_by_name(secrets.names())
    plan = ExecPlan(
        {key: secrets.value(name) for key, name in by_variable.items()},
        {key: secrets.value(name) for key, name in by_file.items()},
    )
    for key, value in plan.variables.items():
        if b"\0" in value.reveal():
            raise UsageError(
                f"exec: {by_variable[key]}: holds a zero byte, no variable can",
                hints=[f"pass it as a file: --file {key}={by_variable[key]}"],
            )
    return plan


def run_in_place(plan: ExecPlan, argv: Sequence[str], environ: Mapping[str, str]) -> None:
    """Replace this process by ``argv``; does not return.

    Raises:
      ToolError: the program is missing or cannot start.
    """
    values = {key: value.reveal() for key, value in plan.variables.items()}
    paths = {key: value_file(value).encode() for key, value in plan.files.items()}
    replace_process(argv, environ, values | paths)


def _pairs(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        variable, equals, name = word.partition("=")
        if not equals or _VARIABLE.fullmatch(variable) is None:
            raise UsageError(
                "exec: expected VAR=NAME", hints=["for example: --env PGPASSWORD=prod.password"]
            )
        check_name(name)
        if variable in found:
            raise UsageError(f"exec: {variable}: given twice")
        found[variable] = name
    return found


def _all_by_name(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        variable = _NOT_IN_VARIABLES.sub("_", name).upper()
        if variable[0].isdigit():
            variable = f"_{variable}"
        if _STEERING.fullmatch(variable) is not None:
            raise RefusedError(
                f"exec: {name} would be {variable}, which decides what a program runs",
                hints=[f"if it is meant: --env {variable}={quoted(name)}, with all others"],
            )
        if variable in found:
            raise UsageError(
                f"exec: {found[variable]} and {name} would both be {variable}",
                hints=[f"say which is which: --env {variable}={quoted(name)}"],
            )
        found[variable] = name
    return found
