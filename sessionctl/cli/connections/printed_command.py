"""Printed command: the program that opens the same connection, ready to be typed."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import ConnectionFailure
from sessionctl.core.text.shellwords import path_word, typed_word
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.services.connections.session_connections import SessionConnections

_COULD_NOT = 3


def print_command(
    console: Console, connections: SessionConnections, name: str, *, as_json: bool
) -> int:
    """Print the program for a connection; a secret reaches it by 'secret exec', never in argv."""
    connections.check(name)
    adapter = connections.adapter(name)
    if not hasattr(adapter, "command"):
        raise UsageError(f"connect: there is no program for the driver {adapter.kind}")
    try:
        printed = adapter.command(connections.request(name, with_secrets=False))
    except ConnectionFailure as error:
        from sessionctl.cli.connections.connect_run import report_failure

        report_failure(console, connections, name, error.failure, as_json=as_json)
        return _COULD_NOT
    references = connections.references(name)
    variables = {
        variable: references[key]
        for variable, key in printed.secret_variables.items()
        if key in references
    }
    words = [f"{key}={typed_word(value)}" for key, value in printed.environ.items()]
    words += map(typed_word, printed.argv)
    if variables:
        passed = " ".join(f"--env {typed_word(f'{key}={one}')}" for key, one in variables.items())
        lead = f"sessionctl secret exec {passed} {path_word(connections.file)} --"
        words = [lead, *(["env"] if printed.environ else []), *words]
    line = " ".join(words)
    if as_json:
        console.print_json(
            "connect",
            file=connections.file,
            name=name,
            line=line,
            argv=list(printed.argv),
            environ=dict(printed.environ),
            secrets=variables,
        )
    else:
        console.out(line)
    return 0
