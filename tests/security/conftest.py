"""A repository in which git diff and git log show session files through sessionctl."""

from __future__ import annotations

from tests.git.conftest import program_path, quick_git, repo

__all__ = ["program_path", "quick_git", "repo"]
