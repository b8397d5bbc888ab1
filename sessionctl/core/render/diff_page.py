"""A diff as one self-contained HTML page: light and dark, readable on paper."""

from __future__ import annotations

from html import escape
from itertools import groupby

from sessionctl.core.render.diff_text import group_changes, summarize
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.change import Diff
    from sessionctl.core.diff.word_changes import Line
    from sessionctl.core.render.diff_text import DiffEntry, DiffGroup

_CLASSES = {"+": "added", "-": "removed", "~": "changed", ">": "moved", "#": "comment"}
_KINDS = {"added": "added", "removed": "removed", "modified": "changed", "moved": "moved"}
_SIGNS = tuple(f"{sign} " for sign in _CLASSES)

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{before} → {after}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1><code>{before}</code> <span aria-label="became">→</span> <code>{after}</code></h1>
<p>{summary}</p>
</header>
<main>
{groups}
</main>
<footer><p><b>+</b> added, <b>-</b> removed, <b>~</b> modified, <b>&gt;</b> moved or renamed,
<b>#</b> comment</p></footer>
</body>
</html>
"""

_STYLE = """\
:root { color-scheme: light dark;
  --text: #1f2328; --page: #ffffff; --box: #f6f8fa; --line: #d1d9e0; --quiet: #59636e;
  --added: #116329; --added-box: #dafbe1; --removed: #a40e26; --removed-box: #ffebe9;
  --changed: #7d4e00; --moved: #0550ae; }
@media (prefers-color-scheme: dark) { :root {
  --text: #e6edf3; --page: #0d1117; --box: #151b23; --line: #3d444d; --quiet: #9198a1;
  --added: #7ee787; --added-box: #12361f; --removed: #ffa198; --removed-box: #48191c;
  --changed: #e3b341; --moved: #79c0ff; } }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 60rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.25rem; overflow-wrap: anywhere; }
h2 { margin: 0; padding: .5rem .75rem; border-bottom: 1px solid var(--line);
  font-size: .95rem; overflow-wrap: anywhere; }
code, .entry { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
header p, footer { color: var(--quiet); }
section { margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px;
  background: var(--box); }
.entry { padding: .25rem .75rem; font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere;
  border-left: 3px solid transparent; }
.entry.added { border-color: var(--added); } .entry.removed { border-color: var(--removed); }
.entry.changed { border-color: var(--changed); } .entry.moved { border-color: var(--moved); }
.body { padding-left: 2rem; }
.body > ins:only-child, .body > del:only-child { display: block; margin: 0 -.25rem;
  padding: 0 .25rem; border-radius: 0; }
.sign.added { color: var(--added); } .sign.removed { color: var(--removed); }
.key { font-weight: 600; }
ins, del { text-decoration: none; border-radius: 3px; }
ins { color: var(--added); background: var(--added-box); }
del { color: var(--removed); background: var(--removed-box); }
.sign.changed { color: var(--changed); } .sign.moved { color: var(--moved); }
.dim, .comment { color: var(--quiet); }
.count { display: inline-block; margin-right: .5rem; padding: 0 .5rem;
  border: 1px solid var(--line); border-radius: 1rem; font-size: .85rem; }
.count.added { color: var(--added); } .count.removed { color: var(--removed); }
.count.changed { color: var(--changed); } .count.moved { color: var(--moved); }
@media print {
  :root { color-scheme: light; --text: #000; --page: #fff; --box: #fff; --line: #999; --quiet: #444;
    --added: #116329; --added-box: #dafbe1; --removed: #a40e26; --removed-box: #ffebe9;
    --changed: #7d4e00; --moved: #0550ae; }
  body { max-width: none; padding: 0; } section { border-radius: 0; }
  h2 { break-after: avoid; } .entry { break-inside: avoid; }
  ins { text-decoration: underline; } del { text-decoration: line-through; }
  /* Whole lines have a sign, and through them a line would hide their own. */
  .body > ins:only-child, .body > del:only-child { text-decoration: none; } }
"""


def render_html(diff: Diff, before: str, after: str) -> str:
    """Return the page that shows ``diff``; ``before`` and ``after`` name the documents.

    Give it a masked diff: all values are shown. The page loads nothing and runs nothing.
    """
    groups = "\n".join(map(_group, group_changes(diff)))
    return _PAGE.format(
        before=_text(before),
        after=_text(after),
        style=_STYLE,
        summary=_summary(diff),
        groups=groups or "<p>The values and comments are the same.</p>",
    )


def _summary(diff: Diff) -> str:
    """Return how many changes of each kind there are."""
    if not diff:
        return "no changes"
    counts = [
        (part, next((name for word, name in _KINDS.items() if word in part), "comment"))
        for part in summarize(diff).split(", ")
    ]
    return "\n".join(f'<span class="count {name}">{_text(part)}</span>' for part, name in counts)


def _group(group: DiffGroup) -> str:
    title = f"<code>{_text(str(group.path))}</code>" if group.path else "Top level"
    return "\n".join(["<section>", f"<h2>{title}</h2>", *map(_entry, group.entries), "</section>"])


def _entry(entry: DiffEntry) -> str:
    body = "".join(f'<div class="body">{_line(line)}</div>' for line in entry.body)
    return f'<div class="entry {_CLASSES[entry.sign]}">{_line(entry.head)}{body}</div>'


def _line(line: Line) -> str:
    """Return the pieces of a line; a sign in front of other roles is set off."""
    pieces = [(text, role) for text, role in line if text]
    lead = ""
    if pieces and pieces[0][0] in _SIGNS and len({role for _, role in pieces}) > 1:
        sign, role = pieces.pop(0)
        lead = f'<span class="sign {role}">{_text(sign)}</span>'
    runs = [
        ("".join(text for text, _ in run), role)
        for role, run in groupby(pieces, key=lambda piece: piece[1])
    ]
    return lead + "".join(_piece(text, role) for text, role in runs)


def _piece(text: str, role: str) -> str:
    if role in ("added", "removed"):
        tag = "ins" if role == "added" else "del"
        return f"<{tag}>{_text(text)}</{tag}>"
    return f'<span class="{role}">{_text(text)}</span>' if role else _text(text)


def _text(text: str) -> str:
    return escape(visible(text))
