"""Value sharing: what is the same in two documents is kept once."""

from __future__ import annotations

from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value


def shared(value: Value, known: Value) -> Value:
    """Return ``known`` where ``value`` is the same, the order of all keys included.

    Else ``value`` itself; what is the same in it is replaced there by what ``known`` has. Neither
    is to be changed afterwards.
    """
    if value is known or type(value) is not type(known):
        return value
    if isinstance(value, dict):
        assert isinstance(known, dict)
        return _shared_table(value, known)
    if isinstance(value, list):
        assert isinstance(known, list)
        return _shared_array(value, known)
    return known if same_value(value, known) else value


def _shared_table(value: Table, known: Table) -> Table:
    for key, item in value.items():
        before = known.get(key)
        if before is not None and before is not item:
            value[key] = shared(item, before)
    # Of two tables with the same keys in another order neither can stand for the other: what a
    # merge adds stands where a document has it.
    is_same = len(value) == len(known) and all(
        key == other and item is before
        for (key, item), (other, before) in zip(value.items(), known.items(), strict=True)
    )
    return known if is_same else value


def _shared_array(value: list[Value], known: list[Value]) -> list[Value]:
    """Share item by item, from the first on and then from the last back, as far as all is the same.

    What was put in or taken out in between must not keep the rest apart.
    """
    size = min(len(value), len(known))
    head = 0
    while head < size:
        value[head] = shared(value[head], known[head])
        if value[head] is not known[head] and len(value) != len(known):
            break
        head += 1
    for place in range(1, size - head + 1):
        value[-place] = shared(value[-place], known[-place])
        if value[-place] is not known[-place]:
            break
    is_same = len(value) == len(known) and all(
        item is before for item, before in zip(value, known, strict=True)
    )
    return known if is_same else value
