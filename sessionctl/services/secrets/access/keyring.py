"""Keyring: the identities of this user, looked for place by place, each read once.

An identity that was asked for is the only one that is used. Else, in this order: the
user's own file, that of sops, that of passage, and the ssh keys that are recipients.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.agefile import NotAgeError, read_age_file
from sessionctl.core.secrets.identityfile import IdentityFileError, read_identity_file
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import LockedError, RefusedError, SessionctlError
from sessionctl.system import age
from sessionctl.system.files.private_files import read_private
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sessionctl.services.secrets.access.identity_source import IdentitySource
    from sessionctl.services.secrets.access.secret_context import SecretContext

IDENTITIES = "identities.txt"
_SSH_KEYS = ("id_ed25519", "id_rsa")
_TIMEOUT_S = 60


class IdentityAttempt(NamedTuple):
    """A place that was looked at, and what came of it."""

    place: str
    outcome: str


class IdentityCandidate(NamedTuple):
    """The identities of one place."""

    place: str
    identities: tuple[age.Identity, ...]


class _SkippedError(Exception):
    """A place has no identities to offer; the message says why."""


class Keyring:
    """Finds identities; asks for a passphrase at most once, whatever is asked of it."""

    def __init__(self, context: SecretContext) -> None:
        """Look where ``context`` says."""
        self.context = context
        self.tried: list[IdentityAttempt] = []
        self._read: dict[str, IdentityCandidate | str] = {}
        self._has_asked = False

    def candidates(
        self, recipients: Callable[[], Collection[str]] = tuple
    ) -> Iterator[IdentityCandidate]:
        """Yield the identities of each place in turn; ssh keys only if ``recipients`` has them.

        Why a place offers none is put in ``tried``, which begins anew.

        Raises:
          LockedError: the source that was asked for has none.
          RefusedError: others may read it.
        """
        self.tried = []
        explicit = self.context.explicit
        if explicit is not None:
            from sessionctl.services.secrets.access.identity_source import FromCommand

            if not (self.context.is_quiet and isinstance(explicit, FromCommand)):
                yield self._explicit(explicit)
            return
        for place, load in self._places(recipients):
            found = self._once(place, load)
            if isinstance(found, str):
                self.note(place, found)
            elif not self.context.is_quiet or all(one.is_quiet for one in found.identities):
                yield found

    def note(self, place: str, outcome: str) -> None:
        """Put down what came of a place."""
        self.tried.append(IdentityAttempt(place, outcome))

    def locked(self, what: str, *, needs_reader: bool = True) -> LockedError:
        """Return the error that says ``what``: the next step, and the places that were tried.

        ``needs_reader`` says that somebody has to let the user in.
        """
        places = [f"tried {tried.place}: {tried.outcome}" for tried in self.tried]
        return LockedError(what, hints=[*self._advice(needs_reader=needs_reader), *places])

    def _advice(self, *, needs_reader: bool) -> list[str]:
        if self.context.explicit is not None:
            return []
        steps: list[str] = []
        if not (self.context.config / IDENTITIES).exists():
            steps.append("make a key: sessionctl key new")
        if needs_reader:
            from sessionctl.core.text.shellwords import quoted, typed_word

            key = self._known_recipient()
            owner = self.context.owner if key else ""
            label = f" --label {quoted(owner)}" if owner else ""
            command = f"sessionctl recipients add {typed_word(key or 'KEY')}{label}"
            steps.append(f"someone who can read them adds your key: {command}")
        return steps

    def _known_recipient(self) -> str:
        """Return the public half of the first key that was read, "" where none shows it."""
        for found in self._read.values():
            if not isinstance(found, str):
                for identity in found.identities:
                    if identity.recipient:
                        return identity.recipient
        return ""

    def _explicit(self, source: IdentitySource) -> IdentityCandidate:
        try:
            return self._load_explicit(source)
        except _SkippedError as error:
            path = getattr(source, "path", None)
            where = source.by if path is None else f"{source.by}: {path}"
            raise LockedError(
                f"{where}: {error}", hints=["it was asked for, so nothing else is tried"]
            ) from None

    def _load_explicit(self, source: IdentitySource) -> IdentityCandidate:
        from sessionctl.core.light_typing import assert_never
        from sessionctl.services.secrets.access.identity_source import (
            FromCommand,
            FromFile,
            FromText,
        )

        match source:
            case FromFile(by, path):
                return self._load(f"{by} {path}", lambda: _read_file(path))
            case FromCommand(by, argv):
                return self._load(by, lambda: self._run(argv))
            case FromText(by, text):
                return self._load(by, lambda: text)
            case never:
                assert_never(never)

    def _load(self, place: str, read: Callable[[], Secret]) -> IdentityCandidate:
        """Return the identities that ``read`` gives, reading them the first time only."""
        found = self._once(place, read)
        if isinstance(found, str):
            raise _SkippedError(found)
        return found

    def _once(self, place: str, read: Callable[[], Secret]) -> IdentityCandidate | str:
        if place not in self._read:
            try:
                self._read[place] = IdentityCandidate(place, self._identities(place, read()))
            except _SkippedError as error:
                self._read[place] = str(error)
        return self._read[place]

    def _places(
        self, recipients: Callable[[], Collection[str]]
    ) -> Iterator[tuple[str, Callable[[], Secret]]]:
        context = self.context
        files = [context.config / IDENTITIES]
        if context.config_home is not None:
            files.append(context.config_home / "sops" / "age" / "keys.txt")
        if context.home is not None:
            files.append(context.home / ".passage" / "identities")
        for path in files:
            yield str(path), lambda path=path: _read_implicit(path)  # type: ignore[misc]
        for path in ssh_keys(context):
            yield str(path), lambda path=path: _read_ssh(path, recipients)  # type: ignore[misc]

    def _run(self, argv: tuple[str, ...]) -> Secret:
        from sessionctl.system.process import run

        try:
            environ = self.context.machine.environ
            # The last words of a program may quote what it should have printed.
            done = run(argv, env=environ, timeout_s=_TIMEOUT_S, is_secret=True)
        except SessionctlError as error:
            raise _SkippedError(error.message) from None
        return Secret(done.stdout)

    def _identities(self, place: str, content: Secret) -> tuple[age.Identity, ...]:
        content = self._opened(place, content)
        try:
            return age.load_identities(read_identity_file(content), self.context.prompt)
        except (IdentityFileError, age.UnusableIdentityError) as error:
            raise _SkippedError(f"not usable: {error}") from None
        except SessionctlError as error:
            raise _SkippedError(error.message) from None

    def _opened(self, place: str, content: Secret) -> Secret:
        """Return the identity file in ``content``, asking for its passphrase if it has one."""
        try:
            file = read_age_file(content.reveal())
        except NotAgeError:
            return content
        if not file.needs_passphrase:
            raise _SkippedError("encrypted, but not with a passphrase")
        passphrase = None
        if not self._has_asked:
            passphrase = self.context.prompt.ask_secret(f"Passphrase of {place}: ")
            self._has_asked = passphrase is not None
        if passphrase is None:
            why = "another was asked for already" if self._has_asked else "it cannot be asked for"
            raise _SkippedError(f"has a passphrase, and {why}")
        try:
            opened = age.decrypt_with_passphrase(content.reveal(), passphrase, place)
        except RefusedError as error:
            raise _SkippedError(error.message) from None
        if opened is None:
            raise _SkippedError("the passphrase is wrong")
        return opened


def ssh_keys(context: SecretContext) -> list[Path]:
    """Return where the user's ssh keys would be, those that age can use."""
    home = context.home
    return [] if home is None else [home / ".ssh" / name for name in _SSH_KEYS]


def _read_file(path: Path) -> Secret:
    if not path.exists():
        raise _SkippedError("no such file")
    return read_private(path)


def _read_implicit(path: Path) -> Secret:
    try:
        return _read_file(path)
    except RefusedError as error:
        what = error.message.partition(": ")[2]
        raise _SkippedError(f"{what}; {error.hints[0]}") from None
    except SessionctlError as error:
        raise _SkippedError(error.message.rpartition(": ")[2]) from None


def _read_ssh(path: Path, recipients: Callable[[], Collection[str]]) -> Secret:
    if not path.exists():
        raise _SkippedError("no such file")
    from sessionctl.core.secrets.recipients import parse_recipient

    public = path.with_name(f"{path.name}.pub")
    try:
        recipient = parse_recipient(read_text(public))
    except SessionctlError:
        raise _SkippedError(f"{public.name} beside it cannot be read") from None
    if recipient is None or recipient.key not in recipients():
        raise _SkippedError("not a recipient")
    return _read_implicit(path)
