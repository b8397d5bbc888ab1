"""Git: what the git program reports about a repository and its configuration."""

from __future__ import annotations

# pathlib and re cost start-up, and a hook needs neither: plain os calls here.
# ruff: noqa: PTH109, PTH110, PTH118, PTH120, PTH206
import os

from sessionctl.core.frozen_class import dataclass, field, replace
from sessionctl.errors import GitError, NoRepositoryError, ToolError
from sessionctl.system.process import ProcessResult, failure, run, run_stoppable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sessionctl.system.git.config_list import ConfigList

_TIMEOUT_S = 60
_SUBMODULE = "160000 "
_NO_REPOSITORY = b"fatal: not a git repository"
_TRUST = b"git config --global --add safe.directory"
"""What git advises about a repository of another user's."""
_COMMON = ("info/attributes", "shallow")
"""What the linked work trees of a repository share, wherever its parts are."""
_SHOWN_WORDS = 6
_COUNT_DIGITS = 6
_REMOTE = ("fetch", "push", "ls-remote")
ADVICE = (
    b"hint:",
    b"Please make sure you have the correct access rights",
    b"and the repository exists.",
)
"""The lines of git that are no reason."""
# A hook or an alias sets these for one command of its own; ours is another one.
_QUESTIONS = frozenset({"check-attr", "config", "ls-files", "rev-parse", "version"})
_NOT_OURS = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CONFIG",
        "GIT_EXTERNAL_DIFF",
        "GIT_INDEX_FILE",
        "GIT_LITERAL_PATHSPECS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
    }
)


def _no_bare_inside(directory: Path | str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which git takes no directory of a work tree for a repository.

    One that looks like a bare repository comes with settings that run programs; git 2.38
    and later know ``safe.bareRepository``, and do not read it from the repository. A bare
    repository that lies in no work tree is what its user wants.
    """
    count = environ.get("GIT_CONFIG_COUNT") or "0"
    here = os.path.join(os.getcwd(), directory)
    if ".git" in here.split(os.sep):
        return {}  # git's own directory: a repository cannot bring one of that name along
    real = os.path.realpath(directory)
    folders = {here, *_parents(here), *_parents(real)}
    if not any(os.path.exists(os.path.join(folder, ".git")) for folder in folders):
        return {}
    if not (count.isascii() and count.isdigit() and len(count) <= _COUNT_DIGITS):
        return {}  # git says what is wrong with it
    return {
        "GIT_CONFIG_COUNT": str(int(count) + 1),
        f"GIT_CONFIG_KEY_{int(count)}": "safe.bareRepository",
        f"GIT_CONFIG_VALUE_{int(count)}": "explicit",
    }


def _parents(path: str) -> Iterator[str]:
    """Yield the directories above ``path``, the nearest first."""
    while (parent := os.path.dirname(path)) != path:
        yield parent
        path = parent


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is; all paths are absolute.

    ``common_dir`` differs from ``git_dir`` in a linked work tree; ``work_tree`` is None
    for a bare repository.
    """

    git_dir: Path
    common_dir: Path
    work_tree: Path | None

    @property
    def is_detached(self) -> bool:
        """Whether the work tree does not hold ``.git``, as dotfile managers keep it."""
        return self.work_tree is None or not (self.work_tree / ".git").exists()


@dataclass(frozen=True, slots=True)
class Git:
    """The git program, as run in one ``directory`` with one environment.

    ``environ`` is the user's environment, so GIT_DIR and GIT_WORK_TREE are honoured;
    ``git_dir`` and ``work_tree`` override them. What a surrounding git command set for
    itself (its index, its prefix) is left out, but with ``in_hook`` its index counts:
    that of ``git commit FILE`` is another one than the repository's.
    """

    environ: Mapping[str, str]
    directory: Path | str
    git_dir: Path | None = None
    work_tree: Path | None = None
    in_hook: bool = False
    is_stopped: Callable[[], bool] | None = None
    """Where nobody can answer a question of git's: asked while it runs, which has a limit."""
    answers: dict[tuple[object, ...], ProcessResult] | None = None
    """What git answered before, for whoever only looks: the same question is asked once."""
    found: Repository | None = field(default=None, repr=False, compare=False)
    """The repository, where git was asked for it."""

    @property
    def cwd(self) -> Path:
        """The directory that git runs in."""
        from pathlib import Path

        return Path(self.directory)

    def remembering(self) -> Git:
        """Return this git for somebody who asks much and changes nothing meanwhile."""
        return replace(self, answers={})

    def run(
        self,
        *arguments: str,
        ok: Sequence[int] = (0,),
        stdin: bytes = b"",
        timeout_s: float | None = _TIMEOUT_S,
    ) -> ProcessResult:
        """Run ``git ARGUMENTS``.

        ``timeout_s`` is for what only reads; None waits, as for a user's hooks.

        Raises:
          GitError: git is missing, took too long, or ended with an exit code that is not
            in ``ok``.
        """
        argv = ["git"]
        if arguments[0] in ("commit", "merge"):
            # Messages are written in UTF-8, whatever the user's own are in.
            argv += ["-c", "i18n.commitEncoding=UTF-8"]
        left_out = _NOT_OURS - {"GIT_INDEX_FILE"} if self.in_hook else _NOT_OURS
        environ = {key: value for key, value in self.environ.items() if key not in left_out}
        environ |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"}
        environ |= _no_bare_inside(self.directory, environ)
        if self.git_dir is not None:
            argv.append(f"--git-dir={self.git_dir}")
            environ.pop("GIT_WORK_TREE", None)
        if self.work_tree is not None:
            argv.append(f"--work-tree={self.work_tree}")
        try:
            if self.is_stopped is not None:
                words = [*argv, *arguments]
                return self._stoppable(words, environ, stdin, arguments[0], ok)
            done = self._asked((*argv, *arguments), stdin)
            if done is None:
                done = run(
                    [*argv, *arguments],
                    cwd=self.directory,
                    input=stdin,
                    env=environ,
                    check=False,
                    timeout_s=timeout_s,
                )
                self._keep((*argv, *arguments), stdin, done)
        except ToolError as error:
            raise GitError(error.message, hints=error.hints) from error
        if done.returncode not in ok:
            raise self._failed(arguments[0], done)
        return done

    def _asked(self, argv: tuple[str, ...], stdin: bytes) -> ProcessResult | None:
        key = (argv, stdin, str(self.directory))
        return None if self.answers is None else self.answers.get(key)

    def _keep(self, argv: tuple[str, ...], stdin: bytes, done: ProcessResult) -> None:
        if self.answers is not None and not _QUESTIONS.isdisjoint(argv):
            self.answers[argv, stdin, str(self.directory)] = done

    def _stoppable(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        stdin: bytes,
        command: str,
        ok: Sequence[int],
    ) -> ProcessResult:
        assert self.is_stopped is not None
        done = run_stoppable(
            argv,
            self.is_stopped,
            cwd=self.directory,
            stdin=stdin,
            env=environ,
            timeout_s=_TIMEOUT_S,
        )
        if done.returncode not in ok:
            raise self._failed(command, done)
        return done

    def _failed(self, command: str, done: ProcessResult) -> GitError:
        if _NO_REPOSITORY in done.stderr and command not in _REMOTE:
            return self._no_repository()
        return _failed(command, done)

    def text(self, *arguments: str, ok: Sequence[int] = (0,)) -> str:
        """Return what ``git ARGUMENTS`` prints, without its last line end."""
        return os.fsdecode(self.run(*arguments, ok=ok).stdout).removesuffix("\n")

    def at_top(self) -> tuple[Git, Path]:
        """Return git as run at the top of the work tree, and that top.

        GIT_DIR and GIT_WORK_TREE of the environment may be relative to this directory;
        they go on meaning what they mean here.

        Raises:
          GitError: there is no repository here, or it has no work tree.
        """
        found = self.repository()
        top = found.work_tree
        if top is None:
            raise GitError(
                f"{found.git_dir}: a repository without a work tree",
                hints=["set GIT_WORK_TREE to the directory of its files"],
            )
        is_given = self.git_dir is not None or "GIT_DIR" in self.environ
        git_dir, work_tree = (found.git_dir, top) if is_given else (None, None)
        top_git = replace(
            self, directory=top, git_dir=git_dir, work_tree=work_tree, in_hook=False, found=found
        )
        return top_git, top

    def version(self) -> tuple[int, ...]:
        """Return git's version, such as ``(2, 39, 5)``."""
        import re

        return tuple(map(int, re.findall(r"\d+", self.text("version"))[:3]))

    def repository(self) -> Repository:
        """Return the repository of this directory.

        Raises:
          GitError: there is none.
        """
        from pathlib import Path

        asked = ("--absolute-git-dir", "--git-common-dir", "--is-bare-repository")
        whole = self.run("rev-parse", *asked, "--show-toplevel", ok=(0, 128))
        lines = os.fsdecode(whole.stdout).removesuffix("\n").split("\n")
        if whole.returncode == 0 and len(lines) == len(asked) + 1:
            return Repository(Path(lines[0]), self.cwd / lines[1], Path(lines[3]))
        # A path with a line break is told apart from the next answer only when asked for alone.
        git_dir, common, is_bare = (self._path_answer(name) for name in asked)
        if is_bare == "true":
            return Repository(Path(git_dir), self.cwd / common, None)
        # In the git directory itself of a repository that is not bare, git knows no top.
        top = self._path_answer("--show-toplevel", ok=(0, 128))
        return Repository(Path(git_dir), self.cwd / common, Path(top) if top else None)

    def _path_answer(self, question: str, *, ok: Sequence[int] = (0,)) -> str:
        return os.fsdecode(self.run("rev-parse", question, ok=ok).stdout).removesuffix("\n")

    def _no_repository(self) -> NoRepositoryError:
        """Return the error of a directory without a repository: where the files may have one."""
        message = f"{self.git_dir or self.cwd}: not in a git repository"
        if self.git_dir is not None:
            return NoRepositoryError(message)
        if "GIT_DIR" in self.environ:
            return NoRepositoryError(message, hints=["unset GIT_DIR"])
        from sessionctl.system.git.dotfile_repositories import settings_for

        places = settings_for(str(self.cwd), self.environ)
        hints = [f"it may be this one, then run the command again: export {one}" for one in places]
        return NoRepositoryError(message, hints=hints or [self._init_step()])

    def _init_step(self) -> str:
        """Return the command that makes the directory of the files a repository."""
        from sessionctl.core.text.shellwords import path_word

        if os.path.realpath(self.cwd) == os.path.realpath("."):
            return "make one here: git init"
        there = min(os.path.relpath(self.cwd), str(self.cwd), key=len)
        return f"make one there: git init {path_word(there)}"

    def path_in_git_dir(self, name: str) -> Path:
        """Return where git keeps ``name`` ("info/attributes", "config.worktree")."""
        if self.found is not None and name in _COMMON:
            return self.found.common_dir / name
        return self.cwd / self.text("rev-parse", "--git-path", name)

    def config(self, scope: str, pattern: str) -> dict[str, str]:
        """Return the settings of ``scope`` whose key matches the regular expression.

        ``scope`` is "local", "global", "worktree" or "" for what holds in the end; of a
        key that is set twice the last one counts, as it does for git.
        """
        if scope == "worktree" and not self.has_worktree_config():
            scope = "local"  # without the extension they are one file
        listed = self._config_list()
        if listed is not None and (not scope or listed.is_one_file(scope)):
            return listed.matching(pattern, scope)
        if listed is not None and not listed.has(scope, pattern):
            return {}
        where = [f"--{scope}"] if scope else []
        done = self.run("config", *where, "-z", "--get-regexp", pattern, ok=(0, 1))
        entries = os.fsdecode(done.stdout).split("\0")[:-1]
        return {key: value for key, _, value in (entry.partition("\n") for entry in entries)}

    def has_worktree_config(self) -> bool:
        """Return whether each work tree may have settings of its own."""
        if not self.may_be_set("extensions.worktreeconfig"):
            return False
        asked = ("config", "--type=bool", "--get", "extensions.worktreeConfig")
        return self.text(*asked, ok=(0, 1)) == "true"

    def may_be_set(self, key: str) -> bool:
        """Return whether some scope sets ``key``, in small letters; True too where that is open."""
        listed = self._config_list()
        return listed is None or listed.is_set(key)

    def _config_list(self) -> ConfigList | None:
        """Return all settings, for whoever asks after many; None for others."""
        if self.answers is None:
            return None
        from sessionctl.system.git.config_list import QUESTION, ConfigList

        done = self.run(*QUESTION, ok=(0, 1, 128, 129))
        return ConfigList.parse(done.stdout) if done.returncode == 0 else None

    def set_config(self, scope: str, key: str, value: str) -> None:
        """Set ``key`` to exactly one ``value`` in ``scope``."""
        self.run("config", f"--{scope}", "--replace-all", key, value)

    def remove_config_section(self, scope: str, section: str) -> None:
        """Remove a section ("merge.sessionctl") from ``scope``; it must be there."""
        self.run("config", f"--{scope}", "--remove-section", section)

    def config_path(self, scope: str, key: str) -> Path | None:
        """Return the path that ``key`` holds in ``scope``, ``~`` expanded, or None."""
        found = self.text("config", f"--{scope}", "--type=path", "--get", key, ok=(0, 1))
        return self.cwd / found if found else None

    def attributes(self, paths: Sequence[str], *names: str) -> dict[str, dict[str, str]]:
        """Return git's attributes ``names`` of each path ("unspecified" where none is set)."""
        stdin = b"".join(os.fsencode(path) + b"\0" for path in paths)
        done = self.run("check-attr", "-z", "--stdin", *names, stdin=stdin)
        words = iter(os.fsdecode(done.stdout).split("\0")[:-1])
        found: dict[str, dict[str, str]] = {path: {} for path in paths}
        for path, name, value in zip(words, words, words, strict=True):
            found[path][name] = value
        return found

    def tracked(self, *patterns: str) -> list[str]:
        """Return the tracked files that match one of ``patterns``, from this directory.

        A submodule is no file.
        """
        done = self.run("ls-files", "-s", "-z", "--", *patterns)
        entries = [entry.partition("\t") for entry in os.fsdecode(done.stdout).split("\0")[:-1]]
        return sorted({path for about, _, path in entries if not about.startswith(_SUBMODULE)})


def _failed(command: str, done: ProcessResult) -> GitError:
    """Return the error that tells why git ended so: the lines that say it, no advice."""
    lines = done.stderr.splitlines()
    reasons = [line for line in lines if line.startswith((b"fatal:", b"error:"))]
    if command in _REMOTE and len(reasons) < len(lines):
        # What ssh, a helper or the other side said, without git's general advice.
        reasons = [line for line in lines if not line.strip().startswith(ADVICE)]
    named = done._replace(argv=(f"git {command}",), stderr=b"\n".join(reasons or lines))
    if b"tell me who you are" in done.stderr or b"empty ident name" in done.stderr:
        return GitError(
            f"git {command}: git does not know who you are",
            hints=[
                'set it: git config --global user.name "Your Name"',
                "and: git config --global user.email you@example.org",
            ],
        )
    advised = [line.decode(errors="replace").strip() for line in lines if _TRUST in line]
    return GitError(failure(named, most=_SHOWN_WORDS), hints=advised)
