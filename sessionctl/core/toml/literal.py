"""Values as people type them on a command line: TOML where it is TOML, else a string."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.toml.parse.parser import parse
from sessionctl.core.values import type_name
from sessionctl.errors import ParseError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Value

_LONG = 3000
_BEGUN = {"[": "array", "{": "table", '"': "string", "'": "string"}
_NUMBER_LIKE = late(
    r"[+-]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?|0[xob][0-9A-Za-z_]*"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[T ][0-9:.]*Z?)?"
)
_DIGITS = late(r"[+-]?(?:[0-9][0-9_]*|0x[0-9A-Fa-f_]+)")
_BEGINNINGS = frozenset("\"'[{+-0123456789")
_WORDS = frozenset({"false", "inf", "nan", "true"})
"""What a value of TOML begins with, and those that begin with a letter."""
KINDS = ("string", "integer", "float", "boolean", "datetime", "array", "table")

_MOMENTS = ("date-time", "local date-time", "local date", "local time")


def read_literal(text: str, kind: str | None = None) -> Value:
    """Return the value that ``text`` means.

    Without a ``kind``, text that is a TOML value means that value, any other text
    itself as a string. With "string" it is the string; with another of ``KINDS`` it must
    be a TOML value of that kind, an integer being a float too.

    Raises:
      UsageError: the text is not of the kind; the message does not repeat it.
    """
    if kind == "string":
        return text
    value = _toml_value(text)
    if value is None and len(text) > _LONG and _DIGITS.fullmatch(text.strip()):
        raise UsageError(
            "the integer has more than 4000 digits", hints=["with --string it is a string"]
        )
    if kind is None:
        return text if value is None else value
    found = "string" if value is None else type_name(value)
    if kind == "float" and type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise UsageError("the value is larger than a float can be") from None
    if value is None or (kind != found and not (kind == "datetime" and found in _MOMENTS)):
        raise UsageError(
            f"the value is not {_with_article(kind)}, got {_with_article(found)}",
            hints=[_EXAMPLES[kind]],
        )
    return value


_EXAMPLES = {
    "integer": "such as 8080",
    "float": "such as 0.5",
    "boolean": "true or false",
    "datetime": "such as 2026-01-02T03:04:05Z, 2026-01-02 or 03:04:05",
    "array": """such as '["nvim", "src"]'""",
    "table": """such as '{ secret = "prod.password" }'""",
}


def broken_kind(text: str) -> str:
    """Return what ``text``, which is no TOML value, begins as; "" where it is a plain string.

    A name or an address with digits in front, such as ``10.0.0.1``, is one.
    """
    typed = text.strip()
    kind = _BEGUN.get(typed[:1], "")
    if not kind and _NUMBER_LIKE.fullmatch(typed):
        kind = "number"
    if typed not in _WORDS and typed.lower() in ("false", "true"):
        kind = "boolean"
    return kind if kind and _toml_value(text) is None else ""


def _toml_value(text: str) -> Value | None:
    """Return the one TOML value that ``text`` is, without comments around it, or None."""
    typed = text.strip()
    if typed[:1] not in _BEGINNINGS and typed not in _WORDS:
        return None  # said here: to say why takes the parser longer than to read a document
    lead = "v = "
    try:
        value, statements = parse(f"{lead}{typed}")
    except (ParseError, RecursionError):
        return None
    if len(statements) != 1 or statements[0].value_end != len(lead) + len(typed):
        return None
    return value["v"]


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
