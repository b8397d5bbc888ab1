"""Git directory: what its files tell of a repository, without starting git.

For the merge driver, which git starts once per file, and for asking "is git busy?".
"""

from __future__ import annotations

# pathlib costs more start-up than git's merge driver may spend: plain os calls here.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH118, PTH120, PTH123
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_OPERATIONS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
)
_MAX_LABEL = 80
_HEX = frozenset("0123456789abcdef")
_ID_LENGTHS = (40, 64)
_ELSEWHERE = frozenset({"GIT_DIR", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_WORK_TREE"})


def find_git_dir(directory: str, environ: Mapping[str, str]) -> str | None:
    """Return the git directory that git would use in ``directory``, or None.

    ``GIT_DIR`` decides where it is set; else the nearest ``.git`` above, which may be a
    file that names the directory (linked work trees, submodules).
    """
    given = environ.get("GIT_DIR")
    if given:
        return os.path.join(directory, given)
    place = os.path.abspath(directory)
    while True:
        candidate = os.path.join(place, ".git")
        if os.path.isdir(candidate):
            return candidate
        if os.path.isfile(candidate):
            line = _first_line(candidate)
            if line.startswith("gitdir: "):
                return os.path.join(place, line.removeprefix("gitdir: "))
        parent = os.path.dirname(place)
        if parent == place:
            return None
        place = parent


def find_common_dir(directory: str, environ: Mapping[str, str]) -> str | None:
    """Return the git directory that all work trees share, or None outside of a repository."""
    given = environ.get("GIT_COMMON_DIR")
    if given:
        return os.path.join(directory, given)
    git_dir = find_git_dir(directory, environ)
    if git_dir is None:
        return None
    return os.path.join(git_dir, _first_line(os.path.join(git_dir, "commondir")))


def operation_under_way(git_dir: str) -> str | None:
    """Return "merge", "rebase", "cherry-pick" or "revert" while git is in one, else None."""
    for name, operation in _OPERATIONS:
        if os.path.exists(os.path.join(git_dir, name)):
            return operation
    return None


def head_branch(git_dir: str) -> str | None:
    """Return the branch that HEAD is on, or None when it is on none."""
    head = _first_line(os.path.join(git_dir, "HEAD"))
    branch = head.removeprefix("ref: refs/heads/")
    return branch if branch != head else None


def head_commit(directory: str, environ: Mapping[str, str]) -> str:
    """Return the commit that HEAD is at in the work tree of ``directory``.

    "" where the files of git do not say it in the usual way, and where variables of the
    environment send git elsewhere: then only git knows.
    """
    git_dir = None if _ELSEWHERE & environ.keys() else find_git_dir(directory, {})
    if git_dir is None:
        return ""
    head = _first_line(os.path.join(git_dir, "HEAD"))
    name = head.removeprefix("ref: ")
    if name != head:
        common = os.path.join(git_dir, _first_line(os.path.join(git_dir, "commondir")))
        is_branch = name.startswith("refs/heads/") and ".." not in name
        head = (_loose_ref(common, name) or _packed_ref(common, name)) if is_branch else ""
    return head if len(head) in _ID_LENGTHS and _HEX.issuperset(head) else ""


def _loose_ref(common: str, name: str) -> str:
    return _first_line(os.path.join(common, *name.split("/")))


def _packed_ref(common: str, name: str) -> str:
    for line in _lines(os.path.join(common, "packed-refs")):
        commit, _, ref = line.partition(" ")
        if ref == name:
            return commit
    return ""


def side_names(git_dir: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return what to call ours and theirs in the merge that git is at now.

    Ours is the branch, or the commit a rebase builds on; theirs the branch merged or the
    commit applied, as far as git (2.44 tells more, through the driver's arguments) lets
    it be known.
    """
    ours = head_branch(git_dir) or "HEAD"
    onto = _first_line(os.path.join(git_dir, "rebase-merge", "onto"))
    if onto:
        commit = _commit(_last_line(os.path.join(git_dir, "rebase-merge", "done")))
        return f"onto {onto[:7]}", commit or "commit being applied"
    heads = [name for key, name in environ.items() if key.startswith("GITHEAD_") and name]
    if len(heads) == 1:
        return ours, one_line(heads[0])
    commit = _commit(_first_line(os.path.join(git_dir, "sequencer", "todo")))
    if not commit:
        # Of a merge that stopped, when its conflict is made once more.
        commit = _merged_name(git_dir)
    if not commit:
        from sessionctl.system.git.caller import incoming_name

        commit = one_line(incoming_name(environ.get("SESSIONCTL_WARM", "")))
    return ours, commit or "incoming"


def applied_commit(git_dir: str) -> str:
    """Return the commit that a rebase is applying, as it is written there; "" without one."""
    words = _last_line(os.path.join(git_dir, "rebase-merge", "done")).split(" ")
    is_commit = len(words) > 1 and set(words[1]) <= set("0123456789abcdef")
    return words[1] if is_commit else ""


def _merged_name(git_dir: str) -> str:
    """Return what the merge under way merges in: the branch, else the commit; "" for none."""
    commit = _first_line(os.path.join(git_dir, "MERGE_HEAD"))
    if not commit:
        return ""
    message = _first_line(os.path.join(git_dir, "MERGE_MSG"))
    lead, quote, rest = message.partition("'")
    is_one = lead in ("Merge branch ", "Merge remote-tracking branch ", "Merge tag ")
    name = rest.partition("'")[0] if quote and is_one else ""
    return one_line(name) or commit[:7]


def one_line(label: str) -> str:
    """Return ``label`` fit for a marker line: one line, nothing invisible, not long."""
    from sessionctl.core.text.source import visible

    shown = visible(" ".join(label.split()))
    return shown if len(shown) <= _MAX_LABEL else shown[: _MAX_LABEL - 3] + "..."


def _commit(instruction: str) -> str:
    """Return the commit of a line like ``pick 1a2b3c feat: x``, as git labels it."""
    words = instruction.split(" ", 2)
    if len(words) < 2 or words[0].startswith("#"):
        return ""
    label = f"{words[1][:7]} ({words[2]})" if len(words) > 2 else words[1][:7]
    return one_line(f"parent of {label}" if words[0] == "revert" else label)


def _first_line(path: str) -> str:
    return _lines(path)[0]


def _last_line(path: str) -> str:
    return _lines(path)[-1]


def _lines(path: str) -> list[str]:
    """Return the lines of one of git's small files; one empty line when it is not there."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().rstrip("\n").split("\n")
    except OSError:
        return [""]
