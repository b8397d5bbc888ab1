"""Verb table: what people type who know other tools, and the command that does it here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VERBS = {
    "": {
        "add": "new NAME",
        "apply": "restore NAME",
        "attach": "open NAME",
        "blame": "log FILE",
        "cat": "show FILE",
        "check": "validate",
        "checkout": "backups restore FILE ID",
        "clean": "gc",
        "commit": "sync",
        "compare": "diff A B",
        "convert": "import FILE",
        "create": "new NAME",
        "debug": "doctor",
        "decrypt": "secret reveal FILE NAME",
        "describe": "explain KEY",
        "detach": "tmux status",
        "down": "close NAME",
        "dump": "save NAME",
        "edit-secret": "secret set --editor FILE NAME",
        "edit-secrets": "secret set --editor FILE NAME",
        "encrypt": "secret extract FILE",
        "env": "secret exec FILE -- COMMAND",
        "exec": "secret exec FILE -- COMMAND",
        "format": "fmt",
        "freeze": "save NAME",
        "history": "log FILE",
        "info": "show FILE",
        "init": "new NAME",
        "install": "git install",
        "kill": "close NAME",
        "kill-session": "close NAME",
        "lint": "validate",
        "load": "restore NAME",
        "login": "key new",
        "ls": "list",
        "mergetool": "resolve FILE",
        "pull": "sync",
        "push": "sync",
        "quit": "close NAME",
        "recipient": "recipients list",
        "remove": "unset FILE KEY",
        "resume": "restore NAME",
        "resurrect": "restore NAME",
        "revert": "undo FILE",
        "rollback": "undo FILE",
        "rotate": "secret rotate FILE NAME",
        "run": "restore NAME",
        "scan": "secret scan",
        "secrets": "secret list",
        "sessions": "list",
        "settings": "config",
        "snapshot": "save --as NAME",
        "start": "restore NAME",
        "stop": "close NAME",
        "switch": "open NAME",
        "test": "connections test NAME",
        "tui": "ui",
        "up": "restore NAME",
        "update": "sync",
        "upgrade": "sync",
        "verify": "validate",
        "version": "--version",
        "view": "show FILE",
    },
    "backups": {
        "cat": "backups show FILE ID",
        "clean": "gc",
        "delete": "gc",
        "gc": "gc",
        "ls": "backups list FILE",
        "prune": "gc",
        "remove": "gc",
        "rm": "gc",
    },
    "connections": {
        "add": "connections import FILE SOURCE",
        "check": "connections test FILE",
        "connect": "connect FILE NAME",
        "delete": "connections forget FILE NAME",
        "ls": "connections list FILE",
        "open": "connect FILE NAME",
        "ping": "connections test FILE",
        "remove": "unset FILE connections.NAME",
        "rm": "unset FILE connections.NAME",
        "show": "connections status FILE",
        "start": "connections keep FILE",
        "stop": "connections keep --stop FILE",
    },
    "git": {"check": "git status", "remove": "git uninstall", "setup": "git install"},
    "key": {
        "add": "recipients add KEY",
        "create": "key new",
        "export": "key show",
        "gen": "key new",
        "generate": "key new",
        "list": "key show",
        "ls": "key show",
        "print": "key show",
    },
    "recipients": {
        "delete": "recipients rm KEY",
        "ls": "recipients list",
        "remove": "recipients rm KEY",
        "show": "recipients list",
    },
    "schema": {"ls": "schema list", "show": "schema print session"},
    "secret": {
        "add": "secret set FILE NAME",
        "cat": "secret reveal FILE NAME",
        "create": "secret set FILE NAME",
        "decrypt": "secret reveal FILE NAME",
        "delete": "secret rm FILE NAME",
        "edit": "secret set --editor FILE NAME",
        "env": "secret exec FILE -- COMMAND",
        "get": "secret reveal FILE NAME",
        "insert": "secret set FILE NAME",
        "ls": "secret list",
        "new": "secret set FILE NAME",
        "remove": "secret rm FILE NAME",
        "run": "secret exec FILE -- COMMAND",
        "show": "secret reveal FILE NAME",
        "unset": "secret rm FILE NAME",
    },
    "service": {
        "disable": "service uninstall",
        "enable": "service install",
        "remove": "service uninstall",
        "start": "service install",
        "stop": "service uninstall",
    },
    "tmux": {"remove": "tmux uninstall", "setup": "tmux install"},
}
"""By group ("" for none) and verb: the command line that does it, without the program."""


def advice_for(path: str, words: Sequence[str], commands: Iterable[str]) -> str:
    """Return the advice for ``words``, of which the first is no command of ``path``.

    ``commands`` are those that ``path`` has. What was typed behind the verb is taken over.
    """
    group = path.partition(" ")[2]
    verb, *arguments = words
    meant = VERBS.get(group, {}).get(verb.lower())
    if meant is not None:
        return f"use 'sessionctl {_with(meant, arguments)}'"
    from sessionctl.core.text.near_words import nearest

    near = nearest(verb, commands)
    if near:
        return f"did you mean 'sessionctl {' '.join([*group.split(), near[0]])}'?"
    return f"see 'sessionctl {group} --help'" if group else "see 'sessionctl --help'"


def _with(command: str, arguments: Iterable[str]) -> str:
    """Return ``command`` with ``arguments`` in the places of its words in capitals."""
    from sessionctl.core.text.shellwords import quoted

    given = iter([quoted(one) for one in arguments if not one.startswith("-")])
    words = command.split(" ")
    return " ".join(
        next(given, word) if word.isupper() and len(word) > 1 else word for word in words
    )
