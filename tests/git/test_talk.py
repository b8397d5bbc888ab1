"""A talk about a session in git: changed, shown, undone, in conflict, resolved, word by word."""

from __future__ import annotations

from pathlib import Path

from tests.talks import answer_in, read_talk

TALK = read_talk(Path(__file__).with_name("talk.txt"))
SESSION = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~/src"
"""


def answers(repo, turns):
    """Yield what is said to each of ``turns``; behind "!" stand words for git itself."""
    for words in turns:
        if words.startswith("! "):
            yield "", str(repo.run(*words.split()[1:], check=False).returncode)
        else:
            yield answer_in(repo.path, words)


def test_each_command_about_git_answers_word_by_word(git_repo, monkeypatch):
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-02T03:04:05Z")
    git_repo.commit("begin", api__session__toml=SESSION)
    said = zip(TALK, answers(git_repo, [words for words, _, _ in TALK]), strict=True)
    for (words, expected, code), answer in said:
        assert answer == (expected, code), words
