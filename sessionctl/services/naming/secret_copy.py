"""Secret copy: the secrets of a session sealed anew for a copy of it, perhaps by another vault."""

from __future__ import annotations

from sessionctl.core.secrets.envelope import Envelope
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.values import text_in
from sessionctl.services.naming.naming_steps import NamingTools, OfKeeper
from sessionctl.services.secrets.access.open_vault import encrypt_entry
from sessionctl.services.secrets.access.secret_place import find_place
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.entries.storage import find_target
from sessionctl.services.secrets.secret_steps import (
    RememberEntries,
    RememberEntry,
    RememberVault,
    WriteSecretFile,
    needed_writes,
    write_steps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


def plan_secret_copy(
    keeper: VaultKeeper, old: str, document: Document, new: str
) -> Plan[NamingTools]:
    """Return the steps that give the session ``new``, as ``document`` has it, the secrets of old.

    Nothing where the same vault has both, and the id stays: an entry is bound to these. The last
    step remembers the new entries; from then on those of old count as older ones.

    Whoever may read those in the directory of ``new`` reads them.

    Raises:
      LockedError: no identity opens one of the two vaults.
      RefusedError: something speaks against using a secret, or a vault.
    """
    source = SessionSecrets(keeper, old)
    is_same = text_in(document.value, "id") == source.session
    if is_same and find_place(new).where == source.place.where:
        return ()
    names = sorted(source.sidecar.entries) if source.sidecar is not None else []
    if not names:
        return ()
    values = source.values(names)
    # Under its own id it is the same secret, and what comes after the one that was seen.
    ages = {name: source.inspect(name).opened.generation + 1 if is_same else 1 for name in names}
    target = find_target(SessionSecrets(keeper, new, document), names[0], must_seal=True)
    place, secrets = target.secrets.place, target.secrets
    entries, seen = [], []
    for name in names:
        envelope = Envelope(
            target.session, name, ages[name], secrets.bind(name), target.recipient, values[name]
        )
        entry = encrypt_entry(envelope, target.recipient, target.vault)
        entries.append(entry)
        seen.append(RememberEntry(target.session, name, ages[name], entry.digest))
    sidecar = Sidecar.new(target.session, target.recipient, str(place.sidecar)).put_all(entries)
    writes = needed_writes([*target.writes, WriteSecretFile(place.sidecar, None, sidecar.text)])
    is_new = any(write.path == place.vault for write in writes)
    readers = tuple(sorted(target.vault.sure_readers)) if is_new and target.vault else ()
    remember = RememberVault(target.recipient, place, target.session, readers)
    steps = (*write_steps(writes), remember, RememberEntries(tuple(seen)))
    return tuple(OfKeeper(step) for step in steps)  # type: ignore[arg-type]
