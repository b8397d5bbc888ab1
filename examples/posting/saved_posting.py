"""Posting, the API client for the terminal, with its work kept: the request, tabs and cursors.

Posting is used as it is installed; what is here stands around it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from posting.__main__ import make_posting
from posting.app import Posting
from posting.collection import RequestModel
from posting.widgets.request.request_editor import RequestEditor, RequestEditorTabbedContent
from posting.widgets.request.url_bar import UrlBar
from textual.css.query import NoMatches

from sessionctl.sdk.textual import SessionMixin


class SavedPosting(SessionMixin, Posting):
    """Posting that comes back with the request that was not saved to its collection."""

    session_app = "posting"

    def provide_session(self, workspace) -> None:
        workspace.provide("request", self._request, self._take_request)

    def session_is_ready(self) -> bool:
        try:
            return self._request() is not None
        except NoMatches:  # Posting makes some of its widgets later
            return False

    def session_name(self, widget) -> str | None:
        if isinstance(widget, RequestEditorTabbedContent):
            return "request-tabs"  # it has no id
        # What the request holds is saved as the request, not once more by widget.
        is_part = any(isinstance(one, RequestEditor | UrlBar) for one in widget.ancestors)
        return None if is_part else widget.id

    def _request(self) -> dict:
        screen = self.main_screen
        model = screen.build_request_model(screen.request_options.to_model())
        # Passwords and tokens do not belong into a file.
        return model.model_dump(mode="json", exclude={"auth"}, exclude_none=True)

    def _take_request(self, state: dict) -> None:
        self.main_screen.load_request_model(RequestModel.model_validate(state))


def main() -> None:
    made = make_posting(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    SavedPosting(
        made.settings, made.environment_files, made.collection, made.collection_specified
    ).run()


if __name__ == "__main__":
    main()
