"""The diff of a whole work tree: what changed in each session file since a revision."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.cli.input.pager import PagedOutput
from sessionctl.cli.output.terminal import print_lines
from sessionctl.errors import SessionctlError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.cli.output.console import Console
    from sessionctl.services.documents.document_comparison import Comparison
    from sessionctl.services.documents.work_tree_changes import ChangedDocument, WorkTreeChanges

_FORMS = ("text", "stat", "json")


class DiffForm(NamedTuple):
    """How the changes are printed: one of "text", "stat", "json"; and what is left out."""

    form: str
    no_comments: bool = False
    is_quiet: bool = False
    has_pager: bool = True


def diff_work_tree(console: Console, rev: str, how: DiffForm) -> int:
    """Print what changed since ``rev`` and return the exit code: 0 nothing, 1 something.

    A document that cannot be compared is reported, and the others are printed.

    Raises:
      GitError: there is no repository here, or no such revision.
      UsageError: the form is one of a single file.
    """
    from sessionctl.services.documents.work_tree_changes import WorkTreeChanges

    if how.form not in _FORMS:
        raise UsageError(
            f"diff: {how.form} works on one file only",
            hints=[f"name it: sessionctl diff --format {how.form} --rev HEAD FILE"],
        )
    changes = WorkTreeChanges(rev, console.machine.environ)
    paths = changes.paths()
    run = _WorkTreeDiff(console, how, changes, paths)
    if how.form == "json":
        files = list(run.data())
        if not how.is_quiet:
            console.print_json("diff", rev=rev, files=files)
    else:
        with PagedOutput(console, is_wanted=how.has_pager and not how.is_quiet):
            run.print()
        if not paths:
            console.note(f"no session file differs from {rev}")
    return max(run.code, 1 if paths else 0)


class _WorkTreeDiff:
    def __init__(
        self, console: Console, how: DiffForm, changes: WorkTreeChanges, paths: list[str]
    ) -> None:
        self.console = console
        self.how = how
        self.changes = changes
        self.paths = paths
        self.code = 0

    def print(self) -> None:
        """Print each document that differs, below its name."""
        if self.how.is_quiet:
            return
        for number, (document, found) in enumerate(self._compared()):
            if number:
                self.console.out()
            self.console.out(self.console.style(_heading(document), "heading"))
            if not found.shown:
                self.console.out(self.console.style("  only the layout changed", "dim"))
            elif self.how.form == "stat":
                from sessionctl.core.render.diff_text import summarize

                self.console.out(f"  {summarize(found.shown)}")
            else:
                from sessionctl.core.render.diff_text import render_diff

                print_lines(self.console, [[("  ", ""), *ln] for ln in render_diff(found.shown)])

    def data(self) -> Iterator[dict[str, object]]:
        """Yield each document that differs, as plain data."""
        from sessionctl.core.diff.diff_data import diff_data

        for document, found in self._compared():
            names = {"before": document.before.name, "after": document.after.name}
            yield {**names, **diff_data(found.shown)}

    def _compared(self) -> Iterator[tuple[ChangedDocument, Comparison]]:
        from sessionctl.cli.output.problem_output import print_error
        from sessionctl.services.documents.document_comparison import compare

        for path in self.paths:
            try:
                document = self.changes.read(path)
                found = compare(document.before, document.after)
            except SessionctlError as error:
                print_error(self.console, error)
                self.code = max(self.code, error.exit_code)
                continue
            if self.how.no_comments:
                found = found.without_comments()
            yield document, found


def _heading(document: ChangedDocument) -> str:
    from sessionctl.services.documents.document_comparison import NOTHING

    if document.before.name == NOTHING:
        return f"{document.name}: new"
    if document.after.name == NOTHING:
        return f"{document.name}: deleted"
    return document.name
