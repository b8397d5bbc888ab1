"""Session secrets: those of one session, opened, with what speaks against using them."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.agefile import MAX_STANZAS, NotAgeError
from sessionctl.core.secrets.destination.binding import Referrers, references
from sessionctl.core.secrets.envelope import EnvelopeError, read_envelope
from sessionctl.core.secrets.objection import Objection, ObjectionKind, judge
from sessionctl.core.secrets.trust_book import EntrySighting
from sessionctl.core.values import same_value
from sessionctl.errors import KeyNotFoundError, RefusedError, SessionctlError
from sessionctl.services.secrets.access.secret_place import (
    find_place,
    read_session_document,
    read_sidecar,
)
from sessionctl.system import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.secrets.envelope import Envelope, Json
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.core.secrets.trust_book import TrustBook
    from sessionctl.core.toml.document import Document
    from sessionctl.services.secrets.access.ancestry import History
    from sessionctl.services.secrets.access.open_vault import OpenKey, OpenVault
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class EntryInspection(NamedTuple):
    """An entry, decrypted as far as a vault key opens it.

    ``envelope`` and ``key`` are None where no vault key opens it; it may be used only
    when there are no ``objections``.
    """

    entry: SidecarEntry
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


class SessionSecrets:
    """The secrets of one session file."""

    def __init__(self, keeper: VaultKeeper, file: str, document: Document | None = None) -> None:
        """Read the session and its sidecar.

        ``document`` is the session as it will be, where it is about to be written: what a
        value is bound to is what that says.

        Raises:
          UsageError: ``file`` is neither.
          FileError, ParseError, DocumentError: one of them cannot be read.
        """
        self.keeper = keeper
        self.file = file
        self.place = find_place(file)
        self.document = document or read_session_document(self.place)
        self._referrers: Referrers | None = None
        self.sidecar = read_sidecar(self.place)
        given = self.document.value.get("id")
        self.session = given if isinstance(given, str) else ""
        self._history: History | None = None
        self._head: str | None = None

    @property
    def vault(self) -> OpenVault:
        """The vault, opened; raises as ``VaultKeeper.vault`` does."""
        return self.keeper.vault(self.place, self.session)

    @property
    def history(self) -> History:
        """What git knows of the sidecar."""
        if self._history is None:
            from sessionctl.services.secrets.access.ancestry import History

            self._history = History(self.place.sidecar, self.keeper.context.machine.environ)
        return self._history

    @property
    def head(self) -> str:
        """The commit of HEAD, by what git's files say; "" where they do not."""
        if self._head is None:
            from sessionctl.system.git.directory import head_commit

            folder = str(self.place.sidecar.resolve().parent)
            self._head = head_commit(folder, self.keeper.context.machine.environ)
        return self._head

    def bind(self, name: str) -> Json:
        """Return where the session sends the secret ``name``."""
        if self._referrers is None:
            self._referrers = Referrers(self.document.value)
        return self._referrers.bind_of(name)

    def foreign_sidecar(self) -> RefusedError | None:
        """Return the error that the sidecar names another session, None where it does not."""
        sidecar, place = self.sidecar, self.place
        if sidecar is None or sidecar.session == self.session:
            return None
        from sessionctl.core.text.shellwords import typed_word
        from sessionctl.services.secrets.access.secret_place import shell_word

        return RefusedError(
            f"{place.sidecar}: belongs to another session, its id is {sidecar.session}",
            hints=[
                f"if the id was lost: sessionctl set {shell_word(place.session)} id"
                f" {typed_word(sidecar.session)}",
                f"if the file was copied here, move it away: mv {shell_word(place.sidecar)} OTHER",
            ],
        )

    def names(self) -> list[str]:
        """Return the secrets that are stored or referred to, sorted."""
        referred = {reference.name for reference in references(self.document.value)}
        return sorted(referred | (self.sidecar.entries.keys() if self.sidecar else set()))

    def entry(self, name: str) -> SidecarEntry:
        """Return the entry of ``name``.

        Raises:
          RefusedError: there is none, though the session refers to it or it was there.
          KeyNotFoundError: there is none.
        """
        found = None if self.sidecar is None else self.sidecar.entries.get(name)
        if found is not None:
            return found
        from sessionctl.core.text.shellwords import last_words, path_word

        hint = f"store it: sessionctl secret set {path_word(self.file)} {last_words(name)}"
        if self.keeper.trust_file.book.is_expected(self.session, name):
            raise RefusedError(
                f"{self.place.sidecar}: {name}: the entry is gone, it was there before",
                hints=[
                    f"see who removed it: {self.place.git_log(self.place.sidecar)}",
                    hint,
                ],
            )
        used = [ref.path for ref in references(self.document.value) if ref.name == name]
        if used:
            raise RefusedError(
                f"{self.place.session}: {used[0]}: there is no secret {name}", hints=[hint]
            )
        from sessionctl.core.text.near_words import near_hints

        near = near_hints(name, self.names())
        raise KeyNotFoundError(f"{self.place.sidecar}: no secret {name}", hints=[*near, hint])

    def inspect(self, name: str) -> EntryInspection:
        """Return the entry of ``name``, decrypted if possible, and the problem.

        Raises as ``entry`` and ``VaultKeeper.vault`` do.
        """
        entry = self.entry(name)
        vault = self.vault
        try:
            opened = open_entry(entry, vault)
            if opened is None:
                what = "no vault key opens it: it was changed, or made for another vault"
                return EntryInspection(
                    entry, None, None, (Objection(ObjectionKind.UNREADABLE, what),)
                )
            envelope, key = opened
        except (NotAgeError, EnvelopeError) as error:
            return EntryInspection(
                entry, None, None, (Objection(ObjectionKind.UNREADABLE, str(error)),)
            )
        bind, older = self.bind(name), None
        if not same_value(envelope.bind, bind):
            from sessionctl.core.secrets.destination.older_binding import older_bind_of

            older = older_bind_of(self.document.value, name)
        of_here = {"session": self.session, "name": name}
        objections = [*judge(envelope, key.seal, **of_here, bind=bind, older=older)]
        if key is not vault.current and not self._continues(key.recipient, vault):
            objections.append(
                Objection(
                    ObjectionKind.OLD_KEY, "it is encrypted to an older vault key than the others"
                )
            )
        objections += self._rolled_back(entry, envelope)
        return EntryInspection(entry, envelope, key, tuple(objections))

    def value(self, name: str) -> Secret:
        """Return the value of ``name``.

        Raises:
          LockedError: no identity opens the vault.
          RefusedError: something speaks against using it; no part of it is shown.
          KeyNotFoundError: there is no such secret.
        """
        return self.values((name,))[name]

    def values(self, names: Iterable[str]) -> dict[str, Secret]:
        """Return the values of several secrets; one that is refused refuses all.

        Raises as ``value`` does.
        """
        found: dict[str, Secret] = {}
        seen: list[EntrySighting] = []
        try:
            for name in names:
                inspection = self.inspect(name)
                if not inspection.is_usable:
                    raise self.refusal(inspection)
                envelope, digest = inspection.opened, inspection.entry.digest
                loose, not_in = self._loose(inspection)
                seen.append(EntrySighting(name, envelope.generation, digest, loose, not_in))
                found[name] = envelope.value
        finally:
            self._remember(seen)
        return found

    def _remember(self, seen: list[EntrySighting]) -> None:
        """Write down in the trust book what was seen."""

        def edit(book: TrustBook) -> TrustBook:
            for sighting in seen:
                book = book.with_entry(self.session, sighting)
            return book

        if seen:
            self.keeper.trust_file.change(edit)

    def refusal(self, inspection: EntryInspection) -> RefusedError:
        """Return the error that says why an entry is not used, and what to do."""
        from sessionctl.core.text.shellwords import last_words, path_word

        name = inspection.entry.name
        reasons = "; ".join(objection.text for objection in inspection.objections)
        file = path_word(self.file)
        log = self.place.git_log(self.place.sidecar, self.place.session)
        hints = [f"see what happened: {log}"]
        if all(objection.fault.can_be_accepted for objection in inspection.objections):
            hints.append(f"if it is right: sessionctl secret accept {file} {last_words(name)}")
        foreign = self.foreign_sidecar()
        if foreign is None:
            again = f"sessionctl secret set {file} {last_words(name)}"
            hints.append(f"or store the value again: {again}")
        else:
            hints += foreign.hints
        return RefusedError(f"{self.place.sidecar}: {name}: refused: {reasons}", hints=hints)

    def past_generations(self, session: str, name: str) -> list[int]:
        """Return the generations of a secret that git has, in all branches and past states.

        They are those that the vault vouches for; none where no identity opens it.
        """
        if not self.place.has_vault:
            return []
        try:
            entries, vault = self.history.past_entries(name), self.vault
        except SessionctlError:
            return []
        found: list[int] = []
        for entry in entries:
            try:
                opened = open_entry(entry, vault)
            except (NotAgeError, EnvelopeError):
                continue
            if opened is not None and opened[0].is_sealed_by(opened[1].seal):
                envelope = opened[0]
                is_it = (envelope.session, envelope.name) == (session, name)
                found += [envelope.generation] if is_it else []
        return found

    def _continues(self, recipient: str, vault: OpenVault) -> bool:
        """Return whether a change from the key ``recipient`` is under way on this machine."""
        pin = self.keeper.trust_file.book.vaults.get(vault.current.recipient)
        return pin is not None and pin.continues == recipient

    def _rolled_back(self, entry: SidecarEntry, envelope: Envelope) -> list[Objection]:
        pin = self.keeper.trust_file.book.entries.get((self.session, entry.name))
        if pin is None:
            return []
        if pin.is_removed and (entry.digest in pin.digests or envelope.generation < pin.generation):
            text = "it was removed on this machine, and is back as it was before"
            return [Objection(ObjectionKind.ROLLED_BACK, text)]
        if envelope.generation >= pin.generation:
            return []
        text = f"it is an older one, generation {envelope.generation} of {pin.generation}"
        is_loose = pin.loose == str(self.place.root.resolve())
        if self.history.has_lost(pin.digests, is_loose=is_loose):
            return [Objection(ObjectionKind.ROLLED_BACK, text)]
        self.keeper.notes.append(f"{entry.name}: {text}; the newer one is not in this history")
        return []

    def _loose(self, inspection: EntryInspection) -> tuple[str, str]:
        """Return the directory of an entry that was only seen there, not committed; else empty.

        Beside it the last commit, which does not have it, where that is known.
        """
        name, digest = inspection.entry.name, inspection.entry.digest
        pin = self.keeper.trust_file.book.entries.get((self.session, name))
        where = str(self.place.root.resolve())
        if pin is None or pin.loose != where or digest not in pin.digests:
            return "", ""
        head = self.head
        if head and pin.not_in == head:
            return where, head
        return ("", "") if self.history.has_committed(digest) else (where, head)


def open_entry(entry: SidecarEntry, vault: OpenVault) -> tuple[Envelope, OpenKey] | None:
    """Return what is in an entry and the key that opened it, the current one tried first.

    None where no key opens it.

    Raises:
      NotAgeError, EnvelopeError: it is no age file, or something else is in it.
    """
    data = entry.armor.encode()
    for key in vault.keys:
        content = age.decrypt(data, (key.identity,), most_stanzas=MAX_STANZAS)
        if content is not None:
            return read_envelope(content), key
    return None
