"""Document: TOML text that is read and edited; edits touch nothing else."""

from __future__ import annotations

from sessionctl.core.toml.parse.document_text import DocumentText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tomlkit import TOMLDocument

    from sessionctl.core.keypath import Part


class Document(DocumentText):
    """A TOML 1.0 document; a value: edits return a new document.

    ``Document.parse(text).text == text``, byte for byte. An edit touches no other
    statement. Its result is read back with tomllib before it is returned (GuardError: a
    bug of ours), of a large document what changed, see ``verified``; what cannot be done is
    an EditError.
    """

    __slots__ = ()

    @classmethod
    def of(cls, parsed: DocumentText) -> Document:
        """Return ``parsed`` as a document that can be edited; nothing is parsed again."""
        if isinstance(parsed, cls):
            return parsed
        return cls(parsed.text, parsed.value, parsed.statements, parsed.name)

    def set(self, path: str | Iterable[Part], value: object) -> Document:
        """Return the document with ``value`` at ``path``; missing tables are created.

        What stays the same in a table or an array keeps its text and comments. With an
        equal value the document itself is returned.
        """
        return self.apply([("set", path, value)])

    def insert(
        self,
        path: str | Iterable[Part],
        value: object,
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> Document:
        """Return the document with a new key, or a new item before the one at ``path``.

        ``before`` and ``after`` name a key of the same table to stand next to.
        """
        return self.apply([("insert", path, value, before, after)])

    def append(self, path: str | Iterable[Part], value: object) -> Document:
        """Return the document with a new last item in the array at ``path``."""
        return self.apply([("append", path, value)])

    def delete(self, path: str | Iterable[Part]) -> Document:
        """Return the document without what is at ``path``, and without its comments.

        The table or array it was in stays, even when it is empty now.
        """
        return self.apply([("delete", path)])

    def rename(self, path: str | Iterable[Part], new_key: str) -> Document:
        """Return the document with the key at ``path`` called ``new_key``."""
        return self.apply([("rename", path, new_key)])

    def apply(self, edits: Iterable[tuple[object, ...]]) -> Document:
        """Return the document with all of ``edits`` made in turn, checked once at the end.

        An edit is the name of a method above and its arguments: ``("set", "a.b", 1)``.
        """
        from sessionctl.core.toml.edit.operations import edited

        result = edited(self, *edits)
        return self if result is self else Document.of(result)

    def verified(self, before: DocumentText | None = None) -> Document:
        """Return the document, read with tomllib: for whoever writes a file.

        Of a large document an edit has only what it changed read so. Here it is all of the text,
        or, where ``before`` is what stands in the file, what differs from it and whatever above
        that goes on over line ends; all else is the same, byte for byte.

        Raises:
          GuardError: tomllib reads something else; a bug of ours.
        """
        if not self.is_verified:
            from sessionctl.core.toml.edit.guard import verify_for_file

            verify_for_file(before, self)
        return self

    def as_tomlkit(self) -> TOMLDocument:
        """Return the document as tomlkit's, with its comments; without a byte order mark.

        Raises:
          EditError: tomlkit cannot read it, or reads another value.
        """
        from sessionctl.core.toml.edit.operations import to_tomlkit

        return to_tomlkit(self)
