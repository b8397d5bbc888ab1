"""Risk: commands that can do harm by being started again, found by their words."""

from __future__ import annotations

import re

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.session.remote_programs import REMOTE_PROGRAMS, read_call, remote_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Programs that change what runs or what is stored, whatever their arguments.
_PROGRAMS = {
    **dict.fromkeys(("sudo", "doas", "su", "pkexec", "run0", "runuser"), "gets other rights"),
    **dict.fromkeys(
        ("rm", "rmdir", "unlink", "shred", "srm", "wipe", "truncate", "trash"), "deletes"
    ),
    **dict.fromkeys(
        ("dd", "mkfs", "fdisk", "sfdisk", "gdisk", "parted", "wipefs", "mkswap", "blkdiscard"),
        "writes to a disk",
    ),
    **dict.fromkeys(
        ("shutdown", "reboot", "halt", "poweroff", "init", "telinit", "kexec"), "stops the machine"
    ),
    **dict.fromkeys(("kill", "pkill", "killall", "xkill", "skill"), "ends processes"),
    **dict.fromkeys(("dropdb", "dropuser"), "deletes a database"),
    **dict.fromkeys(("at", "batch", "crontab"), "starts programs later"),
    **dict.fromkeys(("insmod", "modprobe", "rmmod"), "changes the kernel"),
}
# Subcommands that do: of a program, the words that make it risky, in any place.
_SUBCOMMANDS = {
    "git": {"clean", "push", "filter-branch", "filter-repo", "reset"},
    "hg": {"purge", "push", "strip"},
    "jj": {"abandon"},
    "docker": {"rm", "rmi", "prune", "kill"},
    "podman": {"rm", "rmi", "prune", "kill"},
    "kubectl": {"delete", "drain", "replace", "apply"},
    "helm": {"uninstall", "delete", "upgrade", "rollback"},
    "terraform": {"apply", "destroy"},
    "tofu": {"apply", "destroy"},
    "pulumi": {"up", "destroy"},
    "ansible": {"-b", "--become"},
    "systemctl": {"stop", "disable", "mask", "kill", "poweroff", "reboot", "halt"},
    "aws": {"rm", "rb", "delete-bucket", "terminate-instances", "delete-stack"},
    "gcloud": {"delete"},
    "az": {"delete"},
    "redis-cli": {"flushall", "flushdb", "shutdown"},
    "apt": {"remove", "purge", "autoremove"},
    "apt-get": {"remove", "purge", "autoremove"},
    "brew": {"uninstall", "remove"},
    "npm": {"publish", "unpublish"},
    "cargo": {"publish", "yank"},
    "zfs": {"destroy", "rollback"},
    "zpool": {"destroy"},
    "lvremove": set(),
    "find": {"-delete", "-exec", "-execdir", "-ok"},
    "rsync": {"--delete", "--delete-after", "--delete-before", "--remove-source-files"},
    "tee": set(),
}
_SHELLS = {"sh", "bash", "zsh", "fish", "dash", "ksh", "mksh", "ash", "tcsh", "csh"}
_INTERPRETERS = {"python", "python3", "perl", "ruby", "node", "php", "lua", "osascript"}
_DOWNLOADERS = {"curl", "wget", "fetch", "aria2c", "xh", "http", "https"}
# Programs that start the program behind their own options: the options that take a word. What
# takes a line for a shell ("watch 'rm x'", "script -c 'rm x'") is found by the blank in it.
_WRAPPERS = {
    "env": ("-u", "--unset", "-C", "--chdir"),
    "nice": ("-n", "--adjustment"),
    "ionice": ("-c", "-n", "-p"),
    "nohup": (),
    "setsid": (),
    "stdbuf": ("-i", "-o", "-e"),
    "time": ("-f", "-o"),
    "timeout": ("-s", "--signal", "-k", "--kill-after"),
    "watch": ("-n", "--interval"),
    "xargs": ("-n", "-P", "-I", "-d", "-a", "-E", "-L", "-s"),
    "entr": (),
    "watchexec": ("-w", "-e", "-f", "-i", "--watch", "--exts", "--filter", "--ignore"),
    "script": (),
    "busybox": (),
    "toybox": (),
    "chroot": (),
    "unshare": (),
    "strace": ("-e", "-o", "-p", "-s", "-u"),
    "parallel": ("-j",),
    "flock": ("-w", "-E"),
    "unbuffer": (),
    "exec": ("-a",),
    "command": (),
    "builtin": (),
    "eval": (),
    "proxychains": ("-f",),
    "proxychains4": ("-f",),
    "direnv": (),
    "mise": (),
    "poetry": (),
    "uv": (),
    "npx": (),
    "bundle": (),
}
_SSH_OPTIONS = ("proxycommand", "localcommand", "permitlocalcommand", "knownhostscommand")
_SSH_OPTION = late(r"\s*=\s*|\s+")
_SQL = late(r"(?i)\b(drop|truncate|delete\s+from|alter\s+system)\b")
_SEPARATOR = late(r"\|\||&&|[;|&\n]")
_REDIRECTION = late(r"(?<![<>&0-9-])>{1,2}(?![>&(])\s*(?!/dev/null\b|/dev/stderr\b|&)\S")
_SUBSTITUTION = late(r"\$\(([^()]*)\)|`([^`]*)`|[<>]\(([^()]*)\)")
_QUOTED = late(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.""")
_MAX_DEPTH = 8


def risk_of(command: str | Sequence[str]) -> str:
    """Return why starting ``command`` again can do harm, in a few words; "" when it looks safe.

    A string is a line for the shell; its parts between ``;``, ``|`` and the like are looked at
    one by one, and so is what shells, ``env``, ``timeout`` and their kind start. It is a list of
    what is known to be dangerous, no proof of the contrary: what is found is typed for the user
    to confirm, and nothing of a file that is not trusted is started anyway.
    """
    return _line_risk(command, 0) if isinstance(command, str) else _argv_risk(list(command), 0)


def _line_risk(line: str, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return "is nested too deep to look into"
    for match in _SUBSTITUTION.finditer(line):
        risk = _line_risk(next(filter(None, match.groups()), ""), depth + 1)
        if risk:
            return risk
    bare = _without_quotes(line)
    if _REDIRECTION.search(bare):
        return "writes over a file"
    ends = [(match.start(), match.end()) for match in _SEPARATOR.finditer(bare)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(line)]
    parts = [_words(line[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    if _runs_download(line, ends, parts):
        return "runs what it downloads"
    return next(filter(None, (_argv_risk(words, depth) for words in parts)), "")


def _runs_download(
    line: str, ends: Sequence[tuple[int, int]], parts: Sequence[Sequence[str]]
) -> bool:
    """Return whether a program that reads its input gets it, over any others, from a download."""
    is_download = False
    for number, words in enumerate(parts):
        program = _program(_unwrapped(words))
        if is_download and program in _SHELLS | _INTERPRETERS:
            return True
        # Behind anything but a pipe another command begins.
        is_piped = number < len(ends) and line[slice(*ends[number])] == "|"
        is_download = is_piped and (is_download or program in _DOWNLOADERS)
    found = (next(filter(None, match.groups()), "") for match in _SUBSTITUTION.finditer(line))
    starts = {_program(words) for part in parts for words in (part, _unwrapped(part))}
    return bool(starts & (_SHELLS | _INTERPRETERS | {"eval", "source", "."})) and any(
        _program(_unwrapped(_words(inner))) in _DOWNLOADERS for inner in found
    )


def _argv_risk(argv: Sequence[str], depth: int) -> str:
    words = _unwrapped(argv)
    if not words:
        return ""
    if len(words) < len(argv) and " " in words[0]:
        return _line_risk(words[0], depth + 1)
    program, arguments = _program(words), words[1:]
    if program in _PROGRAMS or program.startswith("mkfs."):
        return f"{program}: {_PROGRAMS.get(program, 'writes to a disk')}"
    subcommands = _SUBCOMMANDS.get(program)
    if subcommands is not None:
        found = next((word for word in arguments if word.lower() in subcommands), None)
        if found is not None or not subcommands:
            return f"{program} {found}: changes or deletes" if found else f"{program}: writes"
    if program in _SHELLS:
        return _shell_risk(arguments, depth)
    if program in REMOTE_PROGRAMS:
        return _remote_risk(program, arguments, depth)
    if program in {"psql", "mysql", "mariadb", "sqlite3", "sqlcmd", "clickhouse-client"}:
        if any(_SQL.search(word) for word in arguments):
            return f"{program}: the statement deletes or changes"
    return ""


def _shell_risk(arguments: Sequence[str], depth: int) -> str:
    for index, word in enumerate(arguments):
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            return _line_risk(" ".join(arguments[index + 1 : index + 2]), depth + 1)
    return ""


def _remote_risk(program: str, arguments: Sequence[str], depth: int) -> str:
    kind = REMOTE_PROGRAMS[program]
    call = read_call(kind, arguments)
    lines = [word for name, word in call.options if name in kind.lines]
    for name, word in call.options:
        if name in kind.starts:
            flag = name if name.startswith("-") else f"-{name}"
            return f"{program} {flag}: starts another program"
        if name == "o" and kind.has_ssh_options:
            option, _, value = _SSH_OPTION.sub("=", word.strip(), count=1).partition("=")
            option = option.lower()
            if option in _SSH_OPTIONS and value.lower() not in ("no", "none"):
                return f"{program} -o {option}: starts another program"
            lines += [value] if option == "remotecommand" else []
    if kind.has_line:
        # A word with a blank is a line, too: it may be handed on to a shell there.
        lines += [word for word in call.words if " " in word]
        lines.append(" ".join(call.words))
    else:
        lines += [f"ls {path}" for path in map(remote_path, call.words) if path]
    risk = _argv_risk(call.words, depth + 1) if kind.has_line else ""
    return risk or next(filter(None, (_line_risk(line, depth + 1) for line in lines)), "")


def _unwrapped(argv: Sequence[str]) -> list[str]:
    """Return the words of the program that is started in the end."""
    words = list(argv)
    for _ in range(_MAX_DEPTH):
        while words and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.*", words[0], re.DOTALL):
            words = words[1:]
        options = _WRAPPERS.get(_program(words)) if words else None
        if options is None:
            return words
        words = _behind_options(words, options)
    return words


def _behind_options(words: Sequence[str], with_word: Sequence[str]) -> list[str]:
    wrapper, rest = _program(words), list(words[1:])
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--":
            break
        if option in with_word and rest:
            rest.pop(0)
    if wrapper in {"direnv", "mise", "poetry", "uv", "bundle"}:
        rest = rest[1:] if rest[:1] in (["exec"], ["run"], ["x"]) else []
    if wrapper == "mise" and "--" in rest:  # the tools to use stand before it
        rest = rest[rest.index("--") :]
    if wrapper in {"timeout", "flock", "chroot", "direnv"} and rest:
        rest.pop(0)
    while rest and rest[0].startswith("-"):
        rest.pop(0)
    return rest


def _program(words: Sequence[str]) -> str:
    return words[0].rstrip("/").rpartition("/")[2].lower() if words else ""


def _words(line: str) -> list[str]:
    import shlex

    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


def _without_quotes(line: str) -> str:
    """Return ``line``, as long as it was, with everything quoted made unreadable."""
    return _QUOTED.sub(lambda match: "_" * len(match[0]), line)
