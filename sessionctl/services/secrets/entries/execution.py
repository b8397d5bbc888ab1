"""Execution: a program that finds secrets in its environment, or behind descriptors."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.secrets.destination.references import secret_references
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
# What a variable must read like to be passed without being asked for: its last word. What
# only looks like one of these (SSH_ASKPASS, LESSKEY, BORG_PASSCOMMAND, PWD) does not.
_SECRET_WORD = re.compile(
    r"(?:.*_)?(?:[A-Z0-9]*(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|APIKEY)|PASS|KEY|PIN|OTP|COOKIE)"
    r"|.+_(?:PWD|PSK|PAT)"
)
# What decides which code a program loads or starts, or whom it speaks to. One who can store a
# secret must not choose that for all others by the name of it; some read like a secret.
_STEERING = re.compile(
    r"PATH|HOME|SHELL|ENV|IFS|PS4|TMPDIR|BROWSER|CLASSPATH|CDPATH|PWD|OLDPWD"
    r"|(?:.*_)?(?:EDITOR|VISUAL|PAGER|ASKPASS|RSH|PROXY|OPTIONS|INIT)"
    r"|(?:[A-Z0-9]+_)+(?:PATH|PRELOAD|CONFIG|CONFIG_FILE|CONF|PASSCOMMAND|PASSWORD_COMMAND)"
    r"|(?:LD|DYLD|BASH|XDG|MALLOC|NPM_CONFIG|PASSWORD_STORE|SESSIONCTL|PERL5|LUA|DBUS)_.*"
    r"|PYTHON[A-Z0-9]+|PERL5?[A-Z]*|RUBY(?:OPT|LIB|SHELL)|NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS)"
    r"|_?JAVA_(?:TOOL_)?OPTIONS|JDK_JAVA_OPTIONS|BASHOPTS|SHELLOPTS|PROMPT_COMMAND|ZDOTDIR|FPATH"
    r"|GCONV_PATH|GLIBC_TUNABLES|LOCPATH|NLSPATH|TERMINFO|INPUTRC|WGETRC|CURL_HOME|CARGO_HOME"
    r"|LESS(?:OPEN|CLOSE|KEY.*|EDIT)|MAN(?:PAGER|OPT|ROFFOPT)|EXINIT|[NG]?VIM(?:INIT|RUNTIME)"
    r"|(?:GNU)?MAKEFLAGS|MFLAGS|CC|CXX|RUSTC_WRAPPER|GOFLAGS|GOPROXY|GTK_MODULES"
    r"|KUBECONFIG|DOCKER_(?:HOST|CONTEXT|CERT_PATH)|OPENSSL_(?:ENGINES|MODULES)"
    r"|PSQLRC|PSQL_.*|PG(?!PASSWORD$)[A-Z]+|(?:.*_)?[A-Z]*(?:SSL|TLS)_?KEY"
    r"|GIT_(?:CONFIG.*|SSH|SSH_COMMAND|EXTERNAL_DIFF|SEQUENCE_EDITOR|PROXY_COMMAND"
    r"|TEMPLATE_DIR|DIR|WORK_TREE)"
)


class ExecPlan(NamedTuple):
    """The values that a program gets: by variable, and as files whose path a variable holds."""

    variables: dict[str, Secret]
    files: dict[str, Secret]


def plan_exec(secrets: SessionSecrets, variables: Sequence[str], files: Sequence[str]) -> ExecPlan:
    """Return what ``VAR=NAME`` words ask for; without any, what is a secret by its own name.

    That is what the session refers to, and whose variable reads like a secret; the notes of
    the keeper name what is left out.

    Raises:
      UsageError: a word is malformed, two secrets want one variable, or a value cannot
        stand in an environment.
      RefusedError: without a word, a name that would be a variable such as PATH, or
        nothing to pass.
      LockedError, RefusedError, KeyNotFoundError: as ``SessionSecrets.value``.
    """
    by_variable = _pairs(variables)
    by_file = _pairs(files)
    twice = by_variable.keys() & by_file.keys()
    if twice:
        raise UsageError(f"exec: {min(twice)}: given with --env and with --file")
    if not variables and not files:
        by_variable = _all_by_name(secrets)
    values = secrets.values(dict.fromkeys((*by_variable.values(), *by_file.values())))
    plan = ExecPlan(
        {key: values[name] for key, name in by_variable.items()},
        {key: values[name] for key, name in by_file.items()},
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


def _all_by_name(secrets: SessionSecrets) -> dict[str, str]:
    referred = {name for _, name in secret_references(secrets.document.value)}
    asked = _asked_variables(secrets.document.value.get("env"))
    found: dict[str, str] = {}
    passed: dict[str, str] = {}
    left_out: list[str] = []
    names = secrets.names()
    for name in names:
        own = _variable(name)
        if _STEERING.fullmatch(own) is not None:
            raise RefusedError(
                f"exec: {name} would be {own}, which decides what a program runs",
                hints=[f"if it is meant: --env {own}={quoted(name)}, with all others"],
            )
        variables = dict.fromkeys([*asked.get(name, ()), own])
        for variable in variables:
            if variable in found:
                raise UsageError(
                    f"exec: {found[variable]} and {name} would both be {variable}",
                    hints=[f"say which is which: --env {variable}={quoted(name)}"],
                )
            found[variable] = name
        meant = next(one for one in variables if _STEERING.fullmatch(one.upper()) is None)
        word = f"--env {meant}={quoted(name)}"
        fitting = [variable for variable in variables if _is_passed(variable)]
        if name not in referred:
            left_out.append(
                f"{name}: not passed, the session does not refer to it; with it: {word}"
            )
        elif fitting:
            passed.update(dict.fromkeys(fitting, name))
        else:
            left_out.append(f"{name}: not passed, it does not read like a secret; with it: {word}")
    if names and not passed:
        raise RefusedError("exec: no secret would be passed", hints=left_out)
    secrets.keeper.notes += left_out
    return passed


def _asked_variables(env: object) -> dict[str, list[str]]:
    """Return the variables that the ``env`` of a session wants secrets to be, by their names."""
    found: dict[str, list[str]] = {}
    for variable, value in env.items() if isinstance(env, dict) else ():
        name = value.get("secret") if isinstance(value, dict) else None
        if isinstance(name, str) and _VARIABLE.fullmatch(variable) is not None:
            found.setdefault(name, []).append(variable)
    return found


def _is_passed(variable: str) -> bool:
    """Return whether a variable is passed without being asked for: it reads like a secret."""
    upper = variable.upper()
    return _SECRET_WORD.fullmatch(upper) is not None and _STEERING.fullmatch(upper) is None


def _variable(name: str) -> str:
    variable = _NOT_IN_VARIABLES.sub("_", name).upper()
    return f"_{variable}" if variable[0].isdigit() else variable
