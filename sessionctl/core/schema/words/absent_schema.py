"""The words for a schema of the network that is not at hand: why, and what to do."""

from __future__ import annotations

from sessionctl.core.schema.reference.saved_copy import is_of_network, saved_copy

NEVER_FETCHED = "schemas are never fetched"


def way_to_add(address: str, name: str, *, reads_files: bool) -> str:
    """Return how the schema ``name`` is given a copy of the one that is at ``address``.

    ``reads_files`` is whether it is a file that others may lie beside. "" for what no copy would
    be looked for.
    """
    if not is_of_network(address):
        return ""
    copy = saved_copy(address)
    if copy is None or not reads_files:
        return f'put that schema under "$defs" of {name}, with "$id": "{address}"'
    folder, slash, _ = name.rpartition("/")
    return f"save that schema as {folder}{slash}{copy.suggested}"
