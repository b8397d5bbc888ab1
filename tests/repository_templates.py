"""Repositories that many tests begin with: each kind is made once, then copied."""

from __future__ import annotations

import shutil

from tests.git_index import restat

_EXAMPLES = shutil.ignore_patterns("*.sample")
"""The hooks that git shows; to copy them takes as long as all else."""


class RepositoryTemplates:
    """The kinds of repository that were made in this run, by name, in one folder."""

    def __init__(self, folder):
        self._folder = folder
        self._installation = None

    def install(self, repo, build):
        """Set sessionctl up in ``repo``, which ``build`` does at first; later what it wrote."""
        config, attributes = repo.path / ".git/config", repo.path / ".gitattributes"
        before = config.read_text()
        if self._installation is None:
            build()
            after = config.read_text()
            assert after.startswith(before)
            self._installation = (after.removeprefix(before), attributes.read_text())
        else:
            config.write_text(before + self._installation[0])
            if not attributes.exists():
                attributes.write_text(self._installation[1])

    def fill(self, repo, kind, build):
        """Make ``repo`` one of ``kind``: by ``build`` at first, later as a copy of that.

        ``build`` may change the work tree and git's directory only, and write no absolute path
        into them: both would be another test's.
        """
        template = self._folder / kind
        if not template.exists():
            build()
            unfinished = self._folder / f"{kind}.unfinished"
            shutil.copytree(repo.path, unfinished, symlinks=True, ignore=_EXAMPLES)
            home = str(repo.path.parent).encode()
            for file in (repo.path / ".git").rglob("*"):
                assert not file.is_file() or home not in file.read_bytes(), file
            unfinished.rename(template)
            return repo
        shutil.copytree(template, repo.path, symlinks=True, dirs_exist_ok=True)
        index = repo.path / ".git/index"
        if index.exists() and not restat(repo.path, index):  # it knows files by inode and time
            repo.run("update-index", "-q", "--refresh")
        return repo
