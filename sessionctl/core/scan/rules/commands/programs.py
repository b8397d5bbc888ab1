"""Programs that take a password as an argument, and where among their arguments."""

from __future__ import annotations

from sessionctl.core.memory import remembered
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.rules.commands.program_table import TABLE

NEXT, ATTACHED, USER, PERCENT, COOKIE = "next", "attached", "user", "percent", "cookie"
"""Where an option has its secret: in the next word; behind its letter; there, as
``user:secret``; there, as ``user%secret``; there, as ``name=secret; name=secret``."""
_SIGNS = {"+": ATTACHED, ":": USER, "%": PERCENT, ";": COOKIE}


class Roles(NamedTuple):
    """Where a program is given secrets; see ``program_table`` for what each place means."""

    options: dict[str, str]
    login: dict[str, str]
    places: tuple[tuple[str, int], ...]
    before: dict[str, str]
    readers: tuple[str, ...]
    has_login: bool
    has_target: bool

    @property
    def is_any(self) -> bool:
        """Whether there is any such place."""
        return self != _NO_ROLES


_NO_ROLES = Roles({}, {}, (), {}, (), has_login=False, has_target=False)


@remembered()
def table() -> dict[str, str]:
    """Return the places of secrets by the name of the program, as the table spells them."""
    found: dict[str, str] = {}
    for line in TABLE.splitlines():
        names, _, places = line.partition(": ")
        for name in names.split():
            found[name] = f"{found[name]} {places}" if name in found else places
    return found


@remembered(1024)
def roles_of(program: str) -> Roles:
    """Return where ``program``, with or without its directory, is given secrets."""
    name = program.rpartition("/")[2]
    return _roles(name) if name in table() else _NO_ROLES


def _roles(name: str) -> Roles:
    options: dict[str, str] = {}
    login: dict[str, str] = {}
    before: dict[str, str] = {}
    places: list[tuple[str, int]] = []
    readers: list[str] = []
    spelled = table()[name].split()
    for word in spelled:
        behind, _, number = word.rpartition(".")
        where = _SIGNS.get(word[-1], NEXT)
        bare = word if where == NEXT else word[:-1]
        if word[0] == "<":
            readers.append(word[1:])
        elif number.isdigit():
            places.append((behind, int(number)))
        elif bare[-1] in ">=":
            before[bare.rstrip(">")] = where
        elif word[0] == "?":
            login[bare[1:]] = where
        elif word[0] == "-":
            options[bare] = where
    return Roles(
        options,
        login,
        tuple(places),
        before,
        tuple(readers),
        has_login="/" in spelled,
        has_target="@" in spelled,
    )


LOGIN_WORDS = frozenset(
    """login upload add-generic-password add-internet-password create-keychain
    import set-keychain-password unlock-keychain""".split()
)
USER_READERS = frozenset({"chpasswd"})
"""Those that read ``user:password``."""
PASSWORD_FILES = frozenset({"htpasswd", "mosquitto_passwd"})
"""Those that are given the password behind file and user with ``-b``."""
OTHERS = frozenset({*PASSWORD_FILES, "expect", "cmdkey", "runas"})
OTHERWISE = frozenset(
    """docker docker-compose podman journalctl systemctl git hg svn ssh scp sftp rsync nix-shell
    useradd usermod adduser runuser start-stop-daemon systemd-run chroot chown psql pg_dump
    pg_restore createdb dropdb createuser dropuser pg_dumpall vacuumdb initdb pgcli mysql
    mariadb mkdir cp install tar unzip node deno bun ps patch nmap cargo make ninja""".split()
)
"""Those whose ``-p`` is no password, though they have a ``-u`` for somebody."""

SEARCHING = """grep egrep fgrep zgrep rg ag ack ugrep sed awk gawk jq yq find fd pgrep pkill pytest
    rspec ctest ls cat less more head tail vim nvim vi nano emacs emacsclient code man which diff
    delta""".split()
_SEARCH = late(
    rf"(?:^|[\n|;&(`]|\$\()[ \t]*(?:(?:sudo|xargs|time|watch|command|env)[ \t]+(?:-\S+[ \t]+)*)*"
    r"(?:git[ \t]+(?:-\S+[ \t]+)*(?:grep|log|show|blame|diff|commit)|(?:cargo|go)[ \t]+test"
    rf"|{'|'.join(SEARCHING)})(?=[ \t])"
    r"""(?:[^|;&\n"'`]|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')*+"""
)
_USER_OPTION = late(r" (?:-[uUnlem]|--user(?:name)?|--e?mail)[ =]")
# What any program may be given: "-p Tr0ub4dor!3", "--auth ada:X7!y", "/p X", "ada:X@place", and
# what is piped into "unlock".
_SHAPE = r"[^\s]{0,64}?(?:[0-9][^\s]{0,64}?[A-Z!#$%^&*?+~]|[A-Z!#$%^&*?+~][^\s]{0,64}?[0-9])"
_GIVEN = late(
    rf"(?:^|\s)(?:-(?:[A-Za-z]|pw|pass)|--code)[ =]{_SHAPE}"
    rf"|\s--?[\w-]{{1,40}}[ =][\w.+@/-]{{1,64}}:{_SHAPE}"
)
_TARGET = late(r":[^\s@]{3,127}@")
_FED = late(r"\|[^|]{0,200}\b(?:unlock|luks|signin)|\b(?:unlock|luks\w{0,10}|signin|login) ?<<<")
_GRANTED = late(r"(?:activate|register|join|redeem|license|link|connect|unlock) [A-Za-z0-9]{20}")
_TOKEN_LENGTH = 24
_APART = str.maketrans(dict.fromkeys("/\"'`;|&()=<>:", " "))


@remembered()
def known() -> frozenset[str]:
    """Return the names of the programs that take secrets."""
    return frozenset(table()) | OTHERS


def names_a_program(text: str) -> bool:
    """Return whether one of these programs may be called in ``text``."""
    if " " not in text:
        return False
    if not known().isdisjoint(text.translate(_APART).split()) or "/p:" in text:
        return True
    if _is_given(text):
        return True
    has_option = " -p " in text.lower() or " -pw " in text or ":" in text
    return has_option and _USER_OPTION.search(text) is not None


def _is_given(text: str) -> bool:
    """Return whether ``text`` gives something to a program as one gives passwords."""
    if " -" in text and _GIVEN.search(text) is not None:
        return True
    if "@" in text and _TARGET.search(text) is not None:
        return True
    if " /" in text and (" /p" in text or " /P" in text or " /d " in text):
        return True
    return ("|" in text or "<<<" in text) and _FED.search(text) is not None


def is_granted(text: str) -> bool:
    """Return whether something of the length of a token follows ``activate`` and the like."""
    return len(text) > _TOKEN_LENGTH and _GRANTED.search(text) is not None


def searched_spans(text: str) -> list[tuple[int, int]]:
    """Return the calls of programs that only look for what they are given, or show a file."""
    return [match.span() for match in _SEARCH.finditer(text)]
