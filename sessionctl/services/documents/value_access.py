"""Value access: single values of a TOML file read, set and removed, every other byte kept."""

from __future__ import annotations

from sessionctl.core.filename import STDIN, STDIN_NAME, is_session_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.scan.masked_values import literal_secrets, masked
from sessionctl.core.scan.rules.key_names import is_secret_path
from sessionctl.core.text.mask import MASK
from sessionctl.core.toml.document import Document
from sessionctl.core.values import MISSING, Missing
from sessionctl.errors import EditError, KeyNotFoundError, RefusedError, UsageError
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.core.text.line_change import LineChange
    from sessionctl.core.values import Value
    from sessionctl.system.store.store import SaveResult, Store

_UNKNOWN = "unknown-key"
_WITH_CONNECTIONS = (("connections",), ("overrides",))


class ValueInFile(NamedTuple):
    """A value of a document at ``path``: what it is, and its text as it stands in the file.

    The text of a string is empty. Secrets are masked in both. ``is_secret`` tells that the value
    itself is one, in plain text; ``can_refer`` that a reference to a sealed one may stand there.
    """

    path: KeyPath
    value: Value
    text: str
    is_secret: bool = False
    can_refer: bool = False


class ValueChange(NamedTuple):
    """One planned edit of a file.

    ``before`` and ``after`` are the value with its secrets masked, ``MISSING`` where
    there is none.
    """

    file: str
    key_path: KeyPath
    before: Value | Missing
    after: Value | Missing
    old: Document
    new: Document
    typed: KeyPath = KeyPath()
    """The path as it was typed, empty where nobody did."""
    broken_kind: str = ""
    """What the value begins as, though it is a string because it is no TOML; "" for neither."""

    @property
    def shown_path(self) -> KeyPath:
        """The path as people know it."""
        return self.typed or self.key_path

    @property
    def is_change(self) -> bool:
        """Whether the text of the file changes at all."""
        return self.old.text != self.new.text


def find_value(file: str, key: str) -> ValueInFile:
    """Return the value at ``key`` in ``file``; ``-`` is stdin.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      KeyNotFoundError: there is no such key; the hint names near ones.
    """
    name = STDIN_NAME if file == STDIN else file
    document = Document.parse(read_stdin() if file == STDIN else read_text(file), name)
    path = _resolve(document, key)
    in_session = is_session_name(name)
    value = document.get(path)
    secrets = literal_secrets(value, in_session=in_session, path=path)
    if secrets:
        from sessionctl.core.render.masked_text import mask_secrets

        document = Document.parse(mask_secrets(document, name), name)
        value = document.get(path)
    can_refer = in_session and is_secret_path(path, in_session=True)
    return ValueInFile(path, value, _text_of(document, path, value), path in secrets, can_refer)


def _text_of(document: Document, path: KeyPath, value: Value) -> str:
    """Return the text of a value as it stands in the file; nobody prints that of a string."""
    if isinstance(value, str):
        return ""
    from sessionctl.core.toml.value_text import value_text

    return value_text(document, path)


def plan_set(
    file: str, key: str, value: str | None, *, kind: str | None = None, force: bool = False
) -> ValueChange:
    """Return the edit that sets ``key`` to what ``value`` means; raises as ``plan_sets``."""
    return plan_sets(file, [(key, value)], kind=kind, force=force)[0]


def plan_sets(
    file: str,
    pairs: Sequence[tuple[str, str | None]],
    *,
    kind: str | None = None,
    force: bool = False,
) -> list[ValueChange]:
    """Return the edits that set each key to what its value means, one after the other.

    Each begins where the one before ends; nothing is written.

    Args:
      file: any TOML file.
      pairs: key paths, missing tables and items are made; and for each a TOML value, other
        text being a string; None reads it from stdin.
      kind: one of ``literal.KINDS``, when the value must be of that kind.
      force: set it even though a valid session becomes invalid.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      EditError: the key cannot be set, or a valid session would become invalid.
      RefusedError: the value is a secret where it must not be.
      UsageError: the key is no key path, or the value is not of the kind.
    """
    from sessionctl.core.toml.literal import broken_kind, read_literal

    _refuse_stdin_file(file, "set")
    old = first = Document.parse(read_text(file), file)
    meant: list[tuple[KeyPath, Value, str]] = []
    for key, value in pairs:
        path = _key_path(key)
        typed = value if value is not None else read_stdin().removesuffix("\n").removesuffix("\r")
        meant.append((path, read_literal(typed, kind), typed))
        _refuse_secret(old, *meant[-1][:2], is_typed=value is not None)
    changes = []
    for path, wanted, text in meant:
        try:
            new = _with_value(old, path, wanted).verified(old)
            is_number = type(wanted) in {int, float} and text.strip() != str(wanted)
            if is_number and new.text != old.text:
                from sessionctl.core.toml.number_spelling import with_spelling

                new = with_spelling(new, path, text)
        except EditError as error:
            raise _named(old, error) from None
        change = change_at(old, new, path)
        broken = broken_kind(text) if isinstance(wanted, str) and kind is None else ""
        changes.append(change._replace(typed=_typed(path, change.key_path), broken_kind=broken))
        old = new
    if not force:
        keys = [change.key_path for change in changes]
        typed_texts = dict(zip(keys, [text for *_, text in meant], strict=True))
        changed = keys[0] if len(keys) == 1 else None
        _check_session(first, old, typed_texts, changed=changed)
        if is_session_name(file) and first.value.get("name") != old.value.get("name"):
            from sessionctl.services.documents.session_creation import check_new_name

            check_new_name(old)
    return changes


def plan_move(file: str, item: str, where: str, other: str | None = None) -> ValueChange:
    """Return the edit that moves an item of an array of tables; nothing is written.

    ``where`` and ``other`` are as in ``core.toml.item_edits.moved``.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      EditError: the item cannot be moved there, or a valid session would become invalid.
    """
    from sessionctl.core.toml.item_edits import moved

    _refuse_stdin_file(file, "move")
    old = Document.parse(read_text(file), file)
    path = _key_path(item)
    try:
        new = moved(old, path, where, None if other is None else _key_path(other)).verified(old)
    except EditError as error:
        raise _named(old, error) from None
    _check_session(old, new)
    array = old.resolve(path).parent
    return ValueChange(
        file, array, _shown_value(old, array), _shown_value(new, array), old, new, path
    )


def _with_value(document: Document, path: KeyPath, value: Value) -> Document:
    last = max((n for n, part in enumerate(path) if not isinstance(part, str)), default=-1)
    if last < 0 or (KeyPath(path[: last + 1]) in document and last + 1 < len(path)):
        return document.set(path, value)
    from sessionctl.core.toml.item_edits import with_value

    return with_value(document, path, value)


def plan_unsets(file: str, keys: Sequence[str], *, force: bool = False) -> list[ValueChange]:
    """Return the edit that removes ``keys``, each with the comment that belongs to it.

    Each key is one of the file as it is; the changes share its text before and after.

    Raises:
      FileError, ParseError: the file cannot be read, or is not TOML.
      KeyNotFoundError: there is no such key; the hint names near ones.
      EditError: a valid session would become invalid, and not ``force``.
    """
    from sessionctl.core.toml.item_edits import without

    _refuse_stdin_file(file, "unset")
    old = Document.parse(read_text(file), file)
    paths: dict[KeyPath, KeyPath] = {}
    missing: list[EditError] = []
    for key in keys:
        try:
            path = _resolve(old, key)
            paths.setdefault(path, _typed(KeyPath.parse(key), path))
        except KeyNotFoundError as error:
            missing.append(error)
    if missing:
        first, *more = missing
        others = [line for error in more for line in (error.message, *error.hints)]
        raise type(first)(first.message, hints=[*first.hints, *others])
    new = without(old, paths)
    if not force:
        _check_session(old, new, changed=next(iter(paths)) if len(paths) == 1 else None)
    return [
        ValueChange(file, path, _shown_value(old, path), MISSING, old, new, typed)
        for path, typed in paths.items()
    ]


def _typed(path: KeyPath, resolved: KeyPath) -> KeyPath:
    """Return ``path`` as it was typed, an index that counts from the end as what it names."""
    return KeyPath(
        there if isinstance(part, int) and part < 0 else part
        for part, there in zip(path, resolved, strict=True)
    )


def write_change(change: ValueChange, store: Store, *, why: str = "set") -> SaveResult:
    """Write the edit to its file, with what others changed in it meanwhile.

    Raises:
      ChangedError: someone else changed the same key.
      FileError: it cannot be written.
    """
    return store.save(change.file, change.new.text, expected=change.old.text, why=why)


def shown_lines(change: ValueChange) -> LineChange | None:
    """Return the lines that the edit changes, masked; None where only secrets differ."""
    from sessionctl.core.render.masked_text import masked_lines

    return masked_lines(change.old, change.new, change.file, _doubtful(change.file))


def _key_path(key: str) -> KeyPath:
    path = KeyPath.parse(key)
    if not path:
        raise UsageError(
            "the key is empty, expected one such as windows[0].name",
            hints=['the key of an empty name is written ""'],
        )
    return path


def _resolve(document: Document, key: str) -> KeyPath:
    try:
        return document.resolve(_key_path(key))
    except KeyNotFoundError as error:
        raise _named(document, error) from None


def _named(document: Document, error: EditError) -> EditError:
    """Return ``error`` with the name of the file before its message."""
    return type(error)(f"{document.name}: {error.message}", hints=error.hints)


def _refuse_stdin_file(file: str, command: str) -> None:
    if file == STDIN:
        raise UsageError(
            f'{command}: FILE cannot be "-": the file is changed in its place',
            hints=["save the text in a file first"],
        )


def change_at(old: Document, new: Document, path: KeyPath) -> ValueChange:
    """Return the edit that made ``new`` of ``old`` by a change at ``path``."""
    # An index that counts from the end names another item once one is gone.
    fixed = path
    for document in (old, new):
        if _value_at(document, path) is not MISSING:
            fixed = document.resolve(path)
            break
    return ValueChange(
        old.name, fixed, _shown_value(old, fixed), _shown_value(new, fixed), old, new
    )


def _shown_value(document: Document, path: KeyPath) -> Value | Missing:
    value = _value_at(document, path)
    if isinstance(value, Missing):
        return value
    is_field = _doubtful(document.name) if path[:1] in _WITH_CONNECTIONS else None
    in_session = is_session_name(document.name)
    return masked(value, in_session=in_session, path=path, is_field=is_field)


def _doubtful(file: str) -> Callable[[KeyPath], bool] | None:
    """Return what tells the fields that an edit must not repeat, though no rule hides them."""
    if not is_session_name(file):
        return None
    from sessionctl.core.schema.undescribed_fields import is_undescribed

    return is_undescribed


def _value_at(document: Document, path: KeyPath) -> Value | Missing:
    value: Value = document.value
    for part in path:
        if not isinstance(value, dict) or not isinstance(part, str):
            return document.get(path) if path in document else MISSING
        if part not in value:  # said here, for the document would look for near keys
            return MISSING
        value = value[part]
    return value


def _refuse_secret(document: Document, path: KeyPath, value: Value, *, is_typed: bool) -> None:
    file = document.name
    in_session = is_session_name(file)
    secrets = literal_secrets(value, in_session=in_session, path=path)
    if not secrets:
        return
    place = next(iter(secrets))
    if not in_session and not is_typed:
        return
    from sessionctl.core.text.shellwords import last_words, path_word

    hints = [f"sessionctl set {path_word(file)} {last_words(str(path))} - < FILE_WITH_THE_VALUE"]
    what = f"{place}: a secret is not taken from the command line, where others can read it"
    if in_session:
        from sessionctl.core.session.reference_advice import reference_hints

        hints = reference_hints(document, place, is_whole=secrets[place] == MASK)
        what = f"{place}: a session file holds the name of a secret, never its value"
    raise RefusedError(f"{file}: {what}", hints=hints)


def _check_session(
    old: Document,
    new: Document,
    typed: Mapping[KeyPath, str] | None = None,
    *,
    changed: KeyPath | None = None,
) -> None:
    """Refuse an edit that makes a valid session invalid, or any that adds an unknown key.

    ``typed`` are the typed texts by key; ``changed`` is the one place of the change, if it is one.

    Raises:
      EditError: it does; the hints are the problems.
    """
    if not is_session_name(new.name) or old.text == new.text:
        return
    from sessionctl.core.schema.session_check import makes_no_errors, session_errors

    if changed is not None and makes_no_errors(old, new, changed):
        return
    problems = session_errors(new)
    if problems and session_errors(old):
        # What was wrong before is no reason to refuse; a key that is wrong from now on is one.
        added = [path for path in typed or () if _value_at(old, path) is MISSING]
        problems = [one for one in problems if one.rule == _UNKNOWN and one.key_path in added]
    if not problems:
        return
    from sessionctl.core.render.problem_line import problem_line
    from sessionctl.core.schema.words.quote_hint import hint_to_type
    from sessionctl.core.text.source import Source

    source = Source(new.text, new.name)
    lines = [problem_line(problem, source) for problem in problems]
    hint = hint_to_type(problems[0], new.name, typed or {})
    raise EditError(
        f"{lines[0]}; nothing was written",
        hints=[
            *lines[1:],
            *([hint] if hint else []),
            "set it anyway with --force",
        ],
    )
