"""Vault keeper: the vaults that one process opens, and whether this machine trusts them."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import VAULT_FOLDER
from sessionctl.core.secrets.trust_book import Verdict
from sessionctl.errors import LockedError, RefusedError
from sessionctl.services.secrets.access.keyring import Keyring
from sessionctl.services.secrets.access.open_vault import listed_keys, open_vault
from sessionctl.services.secrets.access.secret_place import near
from sessionctl.services.secrets.access.trust_file import TrustFile
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.services.secrets.access.vault_levels import levels_above, vaults_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.secrets.recipients import Recipients
    from sessionctl.core.secrets.trust_book import TrustBook
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_context import SecretContext
    from sessionctl.services.secrets.access.secret_place import SecretPlace


class VaultKeeper:
    """What all secrets of one process share: identities, the trust book, vaults that were opened.

    ``notes`` are what the user should know beside the answer.
    """

    def __init__(self, context: SecretContext) -> None:
        """Keep secrets for the user of ``context``; raises as ``TrustFile`` does."""
        self.context = context
        self.keyring = Keyring(context)
        self.trust_file = TrustFile(context.state)
        self.notes: list[str] = []
        self._vaults: dict[str, OpenVault] = {}

    def vault(self, place: SecretPlace, session: str) -> OpenVault:
        """Return the vault of ``place``, opened, if the trust book has nothing against it.

        Raises:
          LockedError: no identity opens it.
          RefusedError: it is not the vault that is trusted here, or is damaged.
        """
        path = str(place.vault)
        if path not in self._vaults:
            if not place.has_vault:
                self.check_none_is_missing(place, session)
                raise LockedError(f"{place.vault}: there is no vault, so nothing can be opened")
            found = open_vault(self.keyring, place)
            self._check_info(place, found)
            self.trust(found.current.recipient, place, session, found)
            self._vaults[path] = found
        return self._vaults[path]

    def vault_to_repair(
        self, place: SecretPlace, listed: Recipients, accepted: Collection[str]
    ) -> OpenVault:
        """Return the vault, opened; one that is not trusted is, if it is ``accepted``.

        What stands in ``vault.toml`` does not matter, for it will be written anew. That it is
        accepted is remembered when the change begins, or by ``trust_file.release``.

        Raises:
          LockedError: no identity opens it.
          RefusedError: it is neither trusted nor accepted, or is damaged.
        """
        path = str(place.vault)
        self.trust_file.hold()
        found = self._vaults.get(path) or open_vault(self.keyring, place)
        recipient = found.current.recipient
        if recipient in accepted:
            kept = {key.recipient for key in found.keys}
            self.trust_file.change(
                lambda book: self._with_accepted(
                    book.without_foreign_entries(place.where, kept), recipient, place, listed
                )
            )
        self.trust(recipient, place, "", found)
        self._vaults[path] = found
        return found

    def _with_accepted(
        self, book: TrustBook, recipient: str, place: SecretPlace, listed: Recipients
    ) -> TrustBook:
        """Return the book with another vault in the place of that which was trusted."""
        where, today = place.where, self.context.today
        old = book.vault_of(where, "")
        known = book.vaults[old].recipients if old else ()
        book = book.with_use(recipient, where, "", today)
        pin = book.vaults[recipient]._replace(replaced="", continues="")
        if old and old != recipient:
            book = book.with_vault(old, book.vaults[old]._replace(replaced=today))
            # Who was trusted to read before still is; who is not listed was removed.
            pin = pin._replace(recipients=tuple(key for key in known if key in listed.keys))
            for session, vault in book.sessions.items():
                if vault == old:
                    book = book.with_session(session, recipient)
        for level in levels_above(place.folder):
            if where in level:
                break
            for folder in level:  # nearer than this vault, and none of its own is there now
                book = book.without_place(folder)
        return book.with_vault(recipient, pin._replace(places=book.vaults[recipient].places))

    def check_none_is_missing(
        self,
        place: SecretPlace,
        session: str,
        expected: str = "",
        *,
        accepted: Collection[str] = (),
    ) -> None:
        """Refuse to go on without a vault where there was one, or where one above is trusted.

        Raises:
          RefusedError: this machine knows one here, one was asked for, or ``expected``
            says so; or the readers listed here would have a vault of their own below
            another, and are not all ``accepted``.
        """
        levels = levels_above(place.folder)
        inside = levels[: 1 + next(i for i, level in enumerate(levels) if place.where in level)]
        known = self.trust_file.book.vault_of(place.where, session, inside)
        wanted = self.context.trusted_vault or known or expected
        if wanted:
            from sessionctl.services.secrets.access.committed_file import steps_back

            raise RefusedError(
                f"{place.vault}: the vault is gone, expected {wanted}",
                hints=[
                    *steps_back(place.root / VAULT_FOLDER, self.context.machine.environ),
                    "if this is another session than the one with its id, give it a new id",
                ],
            )
        above = self.trust_file.book.vault_of(place.where, "", levels)
        keys = listed_keys(place)
        if above and place.recipients.exists() and not (keys and set(keys) <= set(accepted)):
            raise RefusedError(
                f"{place.recipients}: readers of its own, below a directory whose vault is trusted,"
                f" {above}",
                hints=[
                    f"see who made it: {place.git_log(place.recipients)}",
                    f"if they are right: {place.rekey_command(keys)}",
                ],
            )

    def keep(self, place: SecretPlace, vault: OpenVault) -> None:
        """Take ``vault`` for the one of ``place``, as it was just written there."""
        self._vaults[str(place.vault)] = vault

    def trust(
        self, recipient: str, place: SecretPlace, session: str, opened: OpenVault | None = None
    ) -> None:
        """Refuse a vault that is not the one trusted here; pin one that is used first.

        Of those who are listed only those are taken for its readers whom it is really
        encrypted to, which is known once it is ``opened``.

        Raises:
          RefusedError: another vault was trusted, or was asked for.
        """
        wanted = self.context.trusted_vault
        if wanted:
            if wanted != recipient:
                raise RefusedError(
                    f"{place.vault}: not the vault that SESSIONCTL_TRUST_VAULT names,"
                    f" got {recipient}"
                )
            return
        verdict = self.verdict(recipient, place, session)
        if verdict in (Verdict.ANOTHER, Verdict.REPLACED):
            raise self._another_vault(recipient, place, session, verdict)
        if verdict is Verdict.FIRST_USE:
            self.notes.append(
                f"first use of the vault {recipient}; compare it with what others see:"
                " sessionctl recipients list"
            )
        pin = self.trust_file.book.vaults.get(recipient)
        readers: tuple[str, ...] = ()
        if opened is not None and not (pin and pin.recipients):
            listed = listed_keys(place)
            readers = tuple(key for key in listed if key in opened.sure_readers)
            if len(readers) < len(listed):
                count = len(listed) - len(readers)
                what = "1 key is" if count == 1 else f"{count} keys are"
                self.notes.append(
                    f"{place.recipients}: {what} listed that the vault was not seen to be"
                    f" encrypted to; accept them or not: {place.rekey_command()}"
                )
        self.remember_vault(recipient, place, session, readers)

    def verdict(self, recipient: str, place: SecretPlace, session: str) -> Verdict:
        """Return what this machine knows of a vault in ``place``, and of those above it."""
        book, levels = self.trust_file.book, levels_above(place.folder)
        verdict = book.verdict(recipient, place.where, session, levels)
        if verdict is Verdict.REPLACED or book.vault_of(place.where, "", levels):
            return verdict
        # A new clone has the vault above, which may be known from elsewhere.
        for _, above in vaults_above(Path(place.where)):
            known = book.vaults.get(above)
            if known is not None and not known.replaced:
                return verdict if above == recipient else Verdict.ANOTHER
        return verdict

    def seen_readers(self, vault: OpenVault) -> frozenset[str]:
        """Return the keys that may read, as this machine knows: those accepted, and its own."""
        pin = self.trust_file.book.vaults.get(vault.current.recipient)
        return vault.own_keys if pin is None else vault.own_keys.union(pin.recipients)

    def remember_vault(
        self, recipient: str, place: SecretPlace, session: str, readers: Collection[str] = ()
    ) -> None:
        """Pin the vault of ``place``, and ``readers`` for those who may read it, if any."""
        where, today = place.where, self.context.today

        def edit(book: TrustBook) -> TrustBook:
            book = book.with_use(recipient, where, session, today)
            return book.with_recipients(recipient, readers, today) if readers else book

        if not self.context.trusted_vault:
            self.trust_file.change(edit)

    def _another_vault(
        self, recipient: str, place: SecretPlace, session: str, verdict: Verdict
    ) -> RefusedError:
        book = self.trust_file.book
        if verdict is Verdict.REPLACED:
            since = book.vaults[recipient].replaced
            what = f"an older vault, replaced on this machine on {since}: {recipient}"
        else:
            what = f"another vault than {self._expected(place, session)}, got {recipient}"
        command = place.rekey_command([recipient], is_exact=True)
        return RefusedError(
            f"{place.vault}: {what}",
            hints=[
                "if no one you trust changed it, restore the old one with git",
                f"if it is right: {command}",
            ],
        )

    def _expected(self, place: SecretPlace, session: str) -> str:
        """Return which vault is expected, in words."""
        book = self.trust_file.book
        for level in levels_above(place.folder):
            known = book.vault_of(level[0], "", (level,))
            if known and place.where not in level:
                return f"that of {near(Path(level[0]))}, expected {known}"
            if known:
                return f"before, expected {known}"
        for folder, above in vaults_above(Path(place.where)):
            if above in book.vaults:
                return f"that of {near(folder)}, expected {above}"
        return f"before, expected {book.vault_of(place.where, session)}"

    def _check_info(self, place: SecretPlace, vault: OpenVault) -> None:
        """Refuse a ``vault.toml`` that names another key than ``vault.age`` holds."""
        info = read_vault_info(place)
        if info is None or info.recipient == vault.current.recipient:
            return
        pin = self.trust_file.book.vaults.get(vault.current.recipient)
        if pin is not None and pin.continues == info.recipient:
            self.notes.append(
                f"a change of the vault key was not finished: {place.rekey_command()}"
            )
            return
        raise RefusedError(
            f"{place.vault_info}: names another vault than vault.age holds,"
            f" got {info.recipient}, expected {vault.current.recipient}",
            hints=[
                f"look at what changed: {place.git_log(place.root / VAULT_FOLDER)}",
                f"if vault.age is right: {place.rekey_command()}",
            ],
        )
