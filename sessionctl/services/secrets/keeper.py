"""Keeper: opens the secrets of one session and says what speaks against using them."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.sealed.agefile import NotAgeError
from sessionctl.core.sealed.binding import bind_of, references
from sessionctl.core.sealed.envelope import EnvelopeError, read_envelope
from sessionctl.core.sealed.judging import Fault, Objection, judge
from sessionctl.core.sealed.trust import Verdict
from sessionctl.core.shellwords import path_word
from sessionctl.errors import KeyNotFoundError, RefusedError
from sessionctl.services.secrets.ancestry import was_in_history
from sessionctl.services.secrets.keyring import Keyring
from sessionctl.services.secrets.pins import Pins
from sessionctl.services.secrets.place import find_place, read_session_document, read_sidecar, typed
from sessionctl.services.secrets.vault import open_vault, read_recipients, read_vault_info
from sessionctl.system import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.sealed.envelope import Envelope
    from sessionctl.core.sealed.sidecar import Entry
    from sessionctl.core.sealed.trust import TrustBook
    from sessionctl.core.secret import Secret
    from sessionctl.services.secrets.place import Place
    from sessionctl.services.secrets.vault import OpenKey, OpenVault
    from sessionctl.services.secrets.world import World


class Looked(NamedTuple):
    """An entry that was looked into.

    ``envelope`` and ``key`` are None where no vault key opens it; it may be used only
    when there are no ``objections``.
    """

    entry: Entry
    envelope: Envelope | None
    key: OpenKey | None
    objections: tuple[Objection, ...]

    @property
    def opened(self) -> Envelope:
        """What is in it, whatever speaks against it; only where a vault key opened it."""
        assert self.envelope is not None
        return self.envelope

    @property
    def is_usable(self) -> bool:
        """Whether nothing speaks against using it."""
        return self.envelope is not None and not self.objections


class Keeper:
    """What all secrets of one process share: identities, pins, vaults that were opened.

    ``notes`` are things to tell the user beside the answer.
    """

    def __init__(self, world: World) -> None:
        """Keep secrets for the user of ``world``; raises as ``Pins`` does."""
        self.world = world
        self.keyring = Keyring(world)
        self.pins = Pins(world.state)
        self.notes: list[str] = []
        self._vaults: dict[str, OpenVault] = {}

    def vault(self, place: Place, session: str) -> OpenVault:
        """Return the vault of ``place``, opened, after asking the pins about it.

        Raises:
          LockedError: no identity opens it.
          RefusedError: it is not the vault that is trusted here, or is damaged.
        """
        path = str(place.vault)
        if path not in self._vaults:
            found = open_vault(self.keyring, place)
            self._check_info(place, found)
            self.trust(found.current.recipient, place, session)
            self._vaults[path] = found
        return self._vaults[path]

    def forget(self, place: Place) -> None:
        """Read the vault anew when it is asked for again."""
        self._vaults.pop(str(place.vault), None)

    def trust(self, recipient: str, place: Place, session: str) -> None:
        """Refuse a vault that is not the one trusted here; pin one that is used first.

        Raises:
          RefusedError: another vault was trusted, or was asked for.
        """
        wanted = self.world.trusted_vault
        if wanted:
            if wanted != recipient:
                raise RefusedError(
                    f"{place.vault}: not the vault that SESSIONCTL_TRUST_VAULT names,"
                    f" got {recipient}"
                )
            return
        where = str(place.root.resolve())
        book = self.pins.book
        verdict = book.verdict(recipient, where, session)
        if verdict in (Verdict.ANOTHER, Verdict.REPLACED):
            raise self._another_vault(recipient, place, session, verdict)
        if verdict is Verdict.FIRST_USE:
            self.notes.append(
                f"first use of the vault {recipient}; compare it with what others see:"
                " sessionctl recipients list"
            )
        self.remember_vault(recipient, place, session, is_new=verdict is Verdict.FIRST_USE)

    def remember_vault(
        self, recipient: str, place: Place, session: str, *, is_new: bool = False
    ) -> None:
        """Pin the vault of ``place``; with ``is_new`` those too that are its recipients."""
        where, today = str(place.root.resolve()), self.world.today
        listed = read_recipients(place) if is_new else None

        def edit(book: TrustBook) -> TrustBook:
            book = book.with_use(recipient, where, session, today)
            return book if listed is None else book.with_recipients(recipient, listed.keys, today)

        if not self.world.trusted_vault:
            self.pins.change(edit)

    def _another_vault(
        self, recipient: str, place: Place, session: str, verdict: Verdict
    ) -> RefusedError:
        book = self.pins.book
        if verdict is Verdict.REPLACED:
            since = book.vaults[recipient].replaced
            what = f"an older vault, replaced on this machine on {since}: {recipient}"
        else:
            expected = book.vault_of(str(place.root.resolve()), session)
            what = f"another vault than before, expected {expected}, got {recipient}"
        return RefusedError(
            f"{place.vault}: {what}",
            hints=[
                "if nobody you trust changed it, get the old one back with git",
                f"if it is right: sessionctl secret rekey --accept {recipient}",
            ],
        )

    def _check_info(self, place: Place, vault: OpenVault) -> None:
        """Refuse a ``vault.toml`` that tells of another key than ``vault.age`` holds."""
        info = read_vault_info(place)
        if info is None or info.recipient == vault.current.recipient:
            return
        pin = self.pins.book.vaults.get(vault.current.recipient)
        if pin is not None and pin.continues == info.recipient:
            self.notes.append("a change of the vault key was not finished: sessionctl secret rekey")
            return
        raise RefusedError(
            f"{place.vault_info}: names another vault than vault.age holds,"
            f" got {info.recipient}, expected {vault.current.recipient}",
            hints=["look at what changed: git log -p -- .sessionctl", _REKEY],
        )


_REKEY = "if vault.age is right: sessionctl secret rekey"


class SessionSecrets:
    """The secrets of one session file."""

    def __init__(self, keeper: Keeper, file: str) -> None:
        """Read the session and its sidecar.

        Raises:
          UsageError: ``file`` is neither.
          FileError, ParseError, DocumentError: one of them cannot be read.
        """
        self.keeper = keeper
        self.file = file
        self.place = find_place(file)
        self.document = read_session_document(self.place)
        self.sidecar = read_sidecar(self.place)
        given = self.document.value.get("id")
        self.session = given if isinstance(given, str) else ""

    @property
    def vault(self) -> OpenVault:
        """The vault, opened; raises as ``Keeper.vault`` does."""
        return self.keeper.vault(self.place, self.session)

    def bind(self, name: str) -> object:
        """Return where the session sends the secret ``name``."""
        return bind_of(self.document.value, name)

    def names(self) -> list[str]:
        """Return the secrets that are stored or referred to, sorted."""
        referred = {reference.name for reference in references(self.document.value)}
        return sorted(referred | (self.sidecar.entries.keys() if self.sidecar else set()))

    def entry(self, name: str) -> Entry:
        """Return the entry of ``name``.

        Raises:
          RefusedError: there is none, though the session refers to it or it was there.
          KeyNotFoundError: there is none.
        """
        found = None if self.sidecar is None else self.sidecar.entries.get(name)
        if found is not None:
            return found
        hint = f"store it: sessionctl secret set {path_word(self.file)} {name}"
        if (self.session, name) in self.keeper.pins.book.entries:
            raise RefusedError(
                f"{self.place.sidecar}: {name}: the entry is gone, it was there before",
                hints=[
                    f"look who removed it: git log -p -- {typed(self.place.sidecar)}",
                    hint,
                ],
            )
        used = [ref.path for ref in references(self.document.value) if ref.name == name]
        if used:
            raise RefusedError(
                f"{self.place.session}: {used[0]}: there is no secret {name}", hints=[hint]
            )
        raise KeyNotFoundError(f"{self.place.sidecar}: no secret {name}", hints=[hint])

    def look(self, name: str) -> Looked:
        """Return the entry of ``name``, decrypted if possible, and what speaks against it.

        Raises as ``entry`` and ``Keeper.vault`` do.
        """
        entry = self.entry(name)
        vault = self.vault
        try:
            opened = _open(entry, vault)
            if opened is None:
                what = "no vault key opens it: it was changed, or made for another vault"
                return Looked(entry, None, None, (Objection(Fault.UNREADABLE, what),))
            envelope, key = opened
        except (NotAgeError, EnvelopeError) as error:
            return Looked(entry, None, None, (Objection(Fault.UNREADABLE, str(error)),))
        objections = [
            *judge(
                envelope,
                key.seal,
                session=self.session,
                name=name,
                bind=bind_of(self.document.value, name),
            )
        ]
        if key is not vault.current and not self._continues(key.recipient, vault):
            objections.append(
                Objection(Fault.OLD_KEY, "it is encrypted to an older vault key than the others")
            )
        objections += self._rolled_back(entry, envelope)
        return Looked(entry, envelope, key, tuple(objections))

    def value(self, name: str) -> Secret:
        """Return the value of ``name``.

        Raises:
          LockedError: no identity opens the vault.
          RefusedError: something speaks against using it; no part of it is shown.
          KeyNotFoundError: there is no such secret.
        """
        looked = self.look(name)
        if not looked.is_usable:
            raise self.refusal(looked)
        envelope = looked.opened
        self.keeper.pins.change(
            lambda book: book.with_entry(
                self.session, name, envelope.generation, looked.entry.digest
            )
        )
        return envelope.value

    def values(self, names: Iterable[str]) -> dict[str, Secret]:
        """Return the values of several secrets; one that is refused refuses all."""
        return {name: self.value(name) for name in names}

    def refusal(self, looked: Looked) -> RefusedError:
        """Return the error that tells why an entry is not used, and what to do."""
        name = looked.entry.name
        told = "; ".join(objection.text for objection in looked.objections)
        file = path_word(self.file)
        paths = " ".join(typed(path) for path in (self.place.sidecar, self.place.session))
        hints = [f"look what happened: git log -p -- {paths}"]
        if all(objection.fault.can_be_accepted for objection in looked.objections):
            hints.append(f"if it is right: sessionctl secret accept {file} {name}")
        hints.append(f"or store the value anew: sessionctl secret set {file} {name}")
        return RefusedError(f"{self.place.sidecar}: {name}: refused: {told}", hints=hints)

    def _continues(self, recipient: str, vault: OpenVault) -> bool:
        """Tell whether a change from the key ``recipient`` is under way on this machine."""
        pin = self.keeper.pins.book.vaults.get(vault.current.recipient)
        return pin is not None and pin.continues == recipient

    def _rolled_back(self, entry: Entry, envelope: Envelope) -> list[Objection]:
        pin = self.keeper.pins.book.entries.get((self.session, entry.name))
        if pin is None or envelope.generation >= pin.generation:
            return []
        text = f"it is an older one, generation {envelope.generation} of {pin.generation}"
        if was_in_history(self.place.sidecar, pin.digests, self.keeper.world.environ):
            return [Objection(Fault.ROLLED_BACK, text)]
        self.keeper.notes.append(f"{entry.name}: {text}; the newer one is not in this history")
        return []


def _open(entry: Entry, vault: OpenVault) -> tuple[Envelope, OpenKey] | None:
    """Return what is in an entry and the key that opened it, the current one tried first."""
    data = entry.armor.encode()
    for key in vault.keys:
        content = age.decrypt(data, (key.identity,))
        if content is not None:
            return read_envelope(content), key
    return None
