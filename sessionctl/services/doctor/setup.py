"""Set-up: the facts that the checks look at, each read once, when it is asked for."""

from __future__ import annotations

# Plain os calls: of thousands of files each counts.
# ruff: noqa: PTH110, PTH114, PTH117, PTH118
import os
from functools import cached_property
from pathlib import Path

from sessionctl.core.filename import SESSION_PATHSPEC, is_session_name, sidecar_name
from sessionctl.core.leftover import is_leftover
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import FileError, GitError
from sessionctl.services.git.installation import OUR_KEYS, InstallTarget
from sessionctl.system.files.executable import is_executable
from sessionctl.system.git.filters import NOT_SET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.system.git.program import Git, Repository

SUBMODULE = "160000"
_MANY = 32
_NOTHING = "-"


class SessionFile(NamedTuple):
    """A tracked session file.

    ``path`` leads to it from the directory the command runs in, ``git_path`` is how git
    calls it there; ``mode`` is that in the index; ``merge`` and ``diff`` are attributes,
    and so is ``filter_name``, "" where git stores the file as it is. ``line_ends`` is what git
    says of those, once for each side in a conflict.
    """

    path: str
    git_path: str
    mode: str
    merge: str
    diff: str
    filter_name: str = ""
    line_ends: tuple[str, ...] = ()


class Setup:
    """The machine, git, and the repository of one directory.

    Nothing is changed by looking. A fact that cannot be read raises ``GitError`` or
    ``FileError`` each time it is asked for.
    """

    def __init__(
        self,
        git: Git,
        machine: Machine,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        """Look from the directory of ``git``; ``progress`` gets how many files are checked."""
        self.git = git
        self.machine = machine
        self._progress = progress

    @cached_property
    def git_version(self) -> tuple[int, ...]:
        """Git's version; raises ``GitError`` where git is missing."""
        return self.git.version()

    @cached_property
    def repository(self) -> Repository | None:
        """The repository of this directory, None outside of one."""
        try:
            return self.git.repository()
        except GitError as error:
            if "not in a git repository" in error.message:
                return None
            raise

    @cached_property
    def settings(self) -> dict[str, str]:
        """The settings of ours that hold here, whoever made them."""
        return self.git.config("", OUR_KEYS)

    @cached_property
    def drivers(self) -> dict[str, str]:
        """All settings of merge and diff drivers that hold here."""
        return self.git.config("", r"^(merge|diff)\..+\.(name|driver|recursive|textconv|command)$")

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of git's configuration that hold settings of ours."""
        # Without a home directory, git knows no global configuration and says so by dying.
        target = self.target("global")
        has_global = target.home or target.global_config
        asked = ["global"] if has_global else []
        if self.repository:
            asked += ["local", "worktree"]
        found = {scope: self.git.config(scope, OUR_KEYS) for scope in asked}
        if found.get("worktree") == found.get("local"):
            found.pop("worktree", None)  # without the extension they are one file
        return tuple(scope for scope, values in found.items() if values)

    @cached_property
    def targets(self) -> tuple[InstallTarget, ...]:
        """Where an installation is, or would be."""
        usual = ("local",) if self.repository else ("global",)
        return tuple(self.target(scope) for scope in self.scopes or usual)

    def target(self, scope: str) -> InstallTarget:
        """Return where an installation of this scope would be."""
        return InstallTarget(self.git, scope)

    @cached_property
    def files(self) -> tuple[SessionFile, ...]:
        """The tracked session files."""
        if self.repository is None or self.repository.work_tree is None:
            return ()
        listed = self.git.run("ls-files", "-s", "--eol", "-z", "--", SESSION_PATHSPEC)
        modes: dict[str, str] = {}
        ends: dict[str, list[str]] = {}
        for entry in os.fsdecode(listed.stdout).split("\0")[:-1]:
            about, told, path = entry.split("\t", 2)
            mode = about.split(" ")[0]
            if _is_session(path) and mode != SUBMODULE:
                modes[path] = mode
                ends.setdefault(path, []).append(told)
        attributes = self.git.attributes(list(modes), "merge", "diff", "filter")
        return tuple(
            SessionFile(
                self.shown(path),
                path,
                mode,
                found["merge"],
                found["diff"],
                "" if found["filter"] in NOT_SET else found["filter"],
                tuple(ends[path]),
            )
            for (path, mode), found in zip(modes.items(), attributes.values(), strict=True)
        )

    @cached_property
    def validator(self) -> Validator:
        """What checks texts; those that were found valid before are not checked again."""
        from sessionctl.services.documents.validation import Validator
        from sessionctl.services.verdicts.user_verdicts import user_verdicts

        return Validator(verdicts=user_verdicts(self.machine))

    @cached_property
    def checked(self) -> dict[str, CheckedFile]:
        """What stands in each tracked session file that is there, by path."""
        found: dict[str, CheckedFile] = {}
        for number, checked in enumerate(self._all_checked(), 1):
            self._progress(number, len(self.files))
            if checked is not None:
                found[checked.name] = checked
        self.validator.keep()
        return found

    def _all_checked(self) -> Iterator[CheckedFile | None]:
        """Yield what stands in each of the files; many are checked on all processors."""
        if len(self.files) < _MANY:
            return map(self._checked, self.files)
        from sessionctl.services.documents.checked_file import CheckedFile
        from sessionctl.services.verdicts.parallel_check import answer_in_parallel

        def word(file: SessionFile) -> str | None:
            checked = self._checked(file)
            if checked is None:
                return _NOTHING
            return None if checked.problems or checked.failure else ""

        def answer_of(file: SessionFile, word: str) -> CheckedFile | None:
            return None if word == _NOTHING else CheckedFile(file.path)

        return answer_in_parallel(self.files, self._checked, word, answer_of, self.validator.keep)

    def _checked(self, file: SessionFile) -> CheckedFile | None:
        """Return what stands in a file; None where it is not there, or locked."""
        from sessionctl.services.documents.checked_file import CheckedFile
        from sessionctl.services.git.commit_check import check_for_commit
        from sessionctl.system.files.text import read_bytes

        place = os.path.join(self.git.directory, file.path)
        if not os.path.exists(place):
            return None
        try:
            data = read_bytes(place)
        except FileError as error:
            return CheckedFile(file.path, failure=error)
        if file.filter_name and is_envelope(data):
            return None  # the check of the filters says so
        return check_for_commit(self.validator, file.path, data)

    @cached_property
    def sealed(self) -> tuple[tuple[str, SecretPlace], ...]:
        """The tracked sessions that have a sidecar or lie below a vault, with their places.

        The files of one directory have one vault, unless symlinks lead elsewhere.
        """
        from sessionctl.services.secrets.access.secret_place import find_place

        near: dict[str, SecretPlace] = {}
        found = []
        for file in self.files:
            session = os.path.join(self.git.cwd, file.path)
            folder, name = os.path.split(session)
            sidecar = os.path.join(folder, sidecar_name(name))
            is_link = os.path.islink(session) or os.path.islink(sidecar)
            if is_link or folder not in near:
                place = find_place(session)
                if not is_link:
                    near[folder] = place
            else:
                place = near[folder]._replace(session=Path(session), sidecar=Path(sidecar))
            if os.path.exists(sidecar) or place.has_vault:
                found.append((file.path, place))
        return tuple(found)

    @cached_property
    def tracked(self) -> tuple[tuple[str, str], ...]:
        """All that git tracks, of conflicts each side: its path from the top, its mode."""
        listed = self.git.run("ls-files", "-s", "-z", "--full-name", "--", ":(top)")
        entries = (entry.partition("\t") for entry in os.fsdecode(listed.stdout).split("\0")[:-1])
        return tuple((path, about.split(" ")[0]) for about, _, path in entries)

    def place(self, path: str) -> Path:
        """Return where ``path``, as it is shown, is."""
        return self.git.cwd / path

    def from_top(self, file: SessionFile) -> Path:
        """Return the way to a file from the top of the work tree."""
        repository = self.repository
        assert repository is not None
        assert repository.work_tree is not None
        place = self.place(file.path)
        top = repository.work_tree.resolve()
        return Path(os.path.relpath(place.parent.resolve() / place.name, top))

    def shown(self, git_path: str) -> str:
        """Return how to show a path that git told."""
        base = self.git.cwd
        top = self.repository.work_tree if self.repository else None
        # From outside of the files, as with --work-tree, git tells paths from their top.
        if top is not None and not base.resolve().is_relative_to(top.resolve()):
            return os.path.relpath(top / git_path, base)
        return git_path

    def found_by_git(self, program: str) -> str:
        """Return what git's shell would start for ``program``, "" where there is nothing."""
        for folder in self.git.environ.get("PATH", "").split(os.pathsep):
            file = os.path.join(folder, program)
            # Git adds directories to PATH, and takes none away; its shell runs at the top.
            if os.path.isabs(folder) and is_executable(Path(file)):
                return file
        asked = f"alias.sessionctl-where=!command -v {quoted(program)}"
        return self.git.text("-c", asked, "sessionctl-where", ok=(0, 1, 127))


def _is_session(path: str) -> bool:
    name = os.path.basename(path)  # noqa: PTH119
    return is_session_name(name) and not is_leftover(name)
