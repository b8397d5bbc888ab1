"""A real merge, resolved on the screen of conflicts: labels, next steps, and what rerere keeps."""

from __future__ import annotations

import asyncio
import os

import pytest

from sessionctl.tui.resolve.resolve_screen import ResolveScreen
from tests.git.conftest import BASE
from tests.git.test_merges import CLASH, NAME, OURS, branch_off
from tests.tui.screens import context_in, opened, settled, text_of


def resolved_by(repo, tmp_path, *keys):
    """Press keys on the screen of conflicts; return all that it said."""

    async def scenario():
        seen = []
        environ = {**os.environ, "HOME": str(tmp_path / "home")}
        async with opened(context_in(tmp_path, environ=environ), (120, 40)) as pilot:
            file = str(repo.path / NAME)
            await pilot.app.push_screen(ResolveScreen(pilot.app.context, file))
            await settled(pilot)
            for key in ("", *keys):
                await pilot.press(*filter(None, [key]))
                await settled(pilot)
                seen.append(" ".join(text_of(pilot).split()))
        return seen

    return asyncio.run(scenario())


@pytest.mark.slow
def test_a_merge_is_resolved_committed_and_replayed_by_rerere(repo, tmp_path):
    repo.run("config", "rerere.enabled", "true")
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    seen = resolved_by(repo, tmp_path, "t", "w")
    assert "main (your branch): changed it" in seen[0]
    assert "topic (merged in): changed it" in seen[0]
    assert "written: 1 conflict decided" in seen[-1]
    assert f"add {NAME}" in seen[-1]
    wanted = OURS.replace("~/work/api", "~/code/api")
    assert repo.read(NAME) == wanted
    repo.run("add", NAME)
    repo.run("commit", "--quiet", "-m", "merged")
    repo.run("reset", "--quiet", "--hard", "HEAD^")
    repo.run("merge", "topic", check=False)
    assert repo.read(NAME) == wanted


def test_a_deletion_of_the_file_and_a_clean_file_say_what_comes_next(repo, tmp_path):
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.run("rm", "--quiet", NAME)
    repo.commit("topic: remove it")
    repo.run("checkout", "--quiet", "main")
    repo.write(NAME, OURS)
    repo.commit("main: change it")
    repo.run("merge", "topic", check=False)
    seen = resolved_by(repo, tmp_path, "o", "w")
    assert "deleted in theirs (merged in), changed in ours (your branch)" in seen[0]
    assert "to keep it" in seen[0]
    assert repo.read(NAME) == OURS != BASE
