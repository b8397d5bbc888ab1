"""A diff as one self-contained HTML page: light and dark, readable on paper."""

from __future__ import annotations

from html import escape

from sessionctl.core.render_diff import group_changes, summarize
from sessionctl.core.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.change import Diff
    from sessionctl.core.diff.words import Line
    from sessionctl.core.render_diff import Entry, Group

_CLASSES = {"+": "added", "-": "removed", "~": "changed", ">": "moved", "#": "comment"}

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
.key { font-weight: 600; }
ins, del { text-decoration: none; border-radius: 3px; }
ins { color: var(--added); background: var(--added-box); }
del { color: var(--removed); background: var(--removed-box); }
.changed > span.changed { color: var(--changed); } .moved > span.moved { color: var(--moved); }
.dim, .comment { color: var(--quiet); }
@media print {
  :root { color-scheme: light; --text: #000; --page: #fff; --box: #fff; --line: #999; --quiet: #444;
    --added: #116329; --added-box: #dafbe1; --removed: #a40e26; --removed-box: #ffebe9;
    --changed: #7d4e00; --moved: #0550ae; }
  body { max-width: none; padding: 0; } section { border-radius: 0; }
  h2 { break-after: avoid; } .entry { break-inside: avoid; }
  ins { text-decoration: underline; } del { text-decoration: line-through; } }
"""


def render_html(diff: Diff, before: str, after: str) -> str:
    """Return the page that tells ``diff``; ``before`` and ``after`` name the documents.

    Give it a masked diff: all values are shown. The page loads nothing and runs nothing.
    """
    groups = "\n".join(map(_group, group_changes(diff)))
    return _PAGE.format(
        before=_text(before),
        after=_text(after),
        style=_STYLE,
        summary=_text(summarize(diff)),
        groups=groups or "<p>The values and comments are the same.</p>",
    )


def _group(group: Group) -> str:
    title = f"<code>{_text(str(group.path))}</code>" if group.path else "Top level"
    return "\n".join(["<section>", f"<h2>{title}</h2>", *map(_entry, group.entries), "</section>"])


def _entry(entry: Entry) -> str:
    body = "".join(f'<div class="body">{_line(line)}</div>' for line in entry.body)
    return f'<div class="entry {_CLASSES[entry.sign]}">{_line(entry.head)}{body}</div>'


def _line(line: Line) -> str:
    return "".join(_piece(text, role) for text, role in line)


def _piece(text: str, role: str) -> str:
    if role in ("added", "removed"):
        tag = "ins" if role == "added" else "del"
        return f"<{tag}>{_text(text)}</{tag}>"
    return f'<span class="{role}">{_text(text)}</span>' if role else _text(text)


def _text(text: str) -> str:
    return escape(visible(text))
