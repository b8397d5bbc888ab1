"""The edits of a document: set, insert, append, delete, rename; each gives a new document.

The functions of these names return a document that holds what was meant, as our parser
reads it; ``edited`` runs them and has ``tomllib`` read the result too. What it takes to add and
delete is imported late: most edits give a scalar another value.
"""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath, as_path
from sessionctl.core.toml.edit.assignment import assign
from sessionctl.core.toml.edit.guard import failed, verify
from sessionctl.core.toml.edit.intended_value import plain, plain_text, with_value
from sessionctl.core.toml.edit.node_statements import opened
from sessionctl.core.values import described, is_reference, same_value, value_at
from sessionctl.errors import EditError, KeyNotFoundError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tomlkit import TOMLDocument

    from sessionctl.core.keypath import Part
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Value

    Path = str | Iterable[Part]


def edited(document: DocumentText, *edits: tuple[object, ...]) -> DocumentText:
    """Return ``document`` with all edits made in turn, checked once at the end.

    An edit is its name ("set", "insert", "append", "delete", "rename") and its arguments.

    Raises:
      EditError: one of them cannot be made; none is.
      GuardError: the result is not what was meant; a bug of ours.
    """
    result = document
    for name, *arguments in edits:
        edit = _EDITS.get(str(name))
        if edit is None:
            raise UsageError(f"there is no edit {name}", hints=[f"edits are {', '.join(_EDITS)}"])
        result = edit(result, *arguments)
    # tomllib is slower than our parser: it reads what comes out, not each change in between.
    if result is not document:
        verify(document, result)
    return result


def set_value(document: DocumentText, path: Path, value: object) -> DocumentText:
    """See ``Document.set``."""
    wanted = as_path(path)
    new = plain(value, wanted)
    known, rest = _reach(document, wanted)
    if rest:
        return _create(document, known, rest, new)
    if same_value(value_at(document.value, known), new):
        return document
    intended = with_value(document.value, known, new) if known else new
    if not isinstance(intended, dict):
        raise EditError(f"the document itself is a table, got {described(new)}")
    result = assign(document, known, new)
    # Each single change was checked against what it alone should do; this checks their sum.
    if not same_value(result.value, intended):
        raise failed(document, "its changes give another value than the one asked for")
    return result


def insert_value(
    document: DocumentText,
    path: Path,
    value: object,
    before: str | None = None,
    after: str | None = None,
) -> DocumentText:
    """See ``Document.insert``."""
    wanted = as_path(path)
    new = plain(value, wanted)
    if not wanted:
        raise EditError("the document itself cannot be inserted")
    known, rest = _reach(document, wanted)
    items = value_at(document.value, known if rest else known.parent)
    if isinstance(items, list):
        if before is not None or after is not None:
            raise EditError(f"{wanted}: an array item is placed by its index")
        from sessionctl.core.toml.edit import single_edits

        return single_edits.insert(document, known / len(items) if rest else known, new)
    if not rest:
        raise EditError(f"{wanted}: the key exists already", hints=["set changes its value"])
    near = after if before is None else before
    if near is not None:
        document.resolve(known / near)
    return _create(document, known, rest, new, (near, before is not None))


def append_value(document: DocumentText, path: Path, value: object) -> DocumentText:
    """See ``Document.append``."""
    wanted = as_path(path)
    known, rest = _reach(document, wanted)
    if rest:
        return _create(document, known, rest, [plain(value, wanted / 0)])
    items = value_at(document.value, known)
    if not isinstance(items, list):
        raise EditError(f"{wanted}: only an array takes items, got {described(items)}")
    from sessionctl.core.toml.edit import single_edits

    place = known / len(items)
    return single_edits.insert(document, place, plain(value, place))


def delete_value(document: DocumentText, path: Path) -> DocumentText:
    """See ``Document.delete``."""
    known = document.resolve(path)
    if not known:
        raise EditError("the document itself cannot be deleted")
    from sessionctl.core.toml.edit import single_edits

    return single_edits.remove(document, known)


def rename_key(document: DocumentText, path: Path, new_key: str) -> DocumentText:
    """See ``Document.rename``."""
    wanted = as_path(path)
    known = document.resolve(wanted)
    old = known[-1] if known else None
    if not isinstance(old, str):
        raise EditError(f'"{wanted}": only keys have names, an array item has none')
    key = plain_text(new_key, wanted)
    if key == old:
        return document
    if known.parent / key in document:
        raise EditError(f"{known.parent / key}: the key exists already")
    from sessionctl.core.toml.edit import single_edits

    return single_edits.rename(document, known, key)


def to_tomlkit(document: DocumentText) -> TOMLDocument:
    """See ``Document.as_tomlkit``."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        converted = tomlkit.parse(document.text.removeprefix("\ufeff"))
    except TOMLKitError as error:
        raise EditError(f"{document.name or 'document'}: tomlkit refuses it: {error}") from error
    if not same_value(plain(converted.unwrap(), KeyPath()), document.value):
        raise EditError(f"{document.name or 'document'}: tomlkit reads another value from it")
    return converted


def _reach(document: DocumentText, wanted: KeyPath) -> tuple[KeyPath, tuple[Part, ...]]:
    """Return how far ``wanted`` is there, resolved, and what is left of it.

    Raises:
      KeyNotFoundError: what is there takes no more keys, or the item is not there.
    """
    known = KeyPath()
    # From the far end: the longest part that is there decides, and mostly all of it is.
    for count in range(len(wanted), 0, -1):
        reached = document.reached(wanted[:count])
        if reached is not None:
            known = reached
            break
    rest = wanted[len(known) :]
    value = value_at(document.value, known)
    takes_key = isinstance(value, dict) and rest and isinstance(rest[0], str)
    if rest and not takes_key and not _is_end(value, rest):
        document.resolve(wanted)
    return known, rest


def _is_end(value: Value, rest: tuple[Part, ...]) -> bool:
    return isinstance(value, list) and rest in ((len(value),), (str(len(value)),))


def _create(
    document: DocumentText,
    known: KeyPath,
    rest: tuple[Part, ...],
    value: Value,
    beside: tuple[str | None, bool] = (None, False),
) -> DocumentText:
    """Add a key with all the tables that are missing above it, ``beside`` a key or last."""
    from sessionctl.core.toml.edit import single_edits
    from sessionctl.core.toml.edit.insertion import Spot

    if len(rest) > 1 and isinstance(value, dict):
        above = _with_header_above(document, known, rest, value)
        if above is not None:
            return single_edits.put(above, KeyPath((*known, *rest)), value)
    for part in reversed(rest[1:]):
        if isinstance(part, str):
            value = {plain_text(part, known): value}
        elif part == 0:
            value = [value]
        else:
            missing = KeyPath((*known, *rest))
            raise KeyNotFoundError(f"{missing}: there is no such item to change")
    items = value_at(document.value, known)
    if isinstance(items, list):
        return single_edits.insert(document, known / len(items), value)
    assert isinstance(rest[0], str)
    return single_edits.put(document, known / plain_text(rest[0], known), value, Spot(*beside))


def _with_header_above(
    document: DocumentText, known: KeyPath, rest: tuple[Part, ...], value: Value
) -> DocumentText | None:
    """Return ``document`` with the tables that are missing above a single entry, by header.

    The entry then is one line below it, as it would be in a table that was there: X of
    env.X = { secret = "x" } is no table that anyone would look for as [env.X]. None where the
    value is no reference, or the tables have another spelling.
    """
    from sessionctl.core.toml.edit import single_edits
    from sessionctl.core.toml.parse.tree import TableNode
    from sessionctl.core.toml.write.table_form import HEADERS, TableForms

    parent = opened(document, known)
    if not is_reference(value) or not isinstance(parent, TableNode):
        return None
    made: Value = {}
    for part in reversed(rest[1:-1]):
        if not isinstance(part, str):
            return None
        made = {plain_text(part, known): made}
    key = rest[0]
    assert isinstance(key, str)
    if TableForms(document).choose(parent, key, {"": value}) != HEADERS:
        return None
    return single_edits.put(document, known / plain_text(key, known), made)


_EDITS: dict[str, Callable[..., DocumentText]] = {
    "set": set_value,
    "insert": insert_value,
    "append": append_value,
    "delete": delete_value,
    "rename": rename_key,
}
