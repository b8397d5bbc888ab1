"""Installation: the plan that teaches git to diff and merge through sessionctl, and back."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX
from sessionctl.core.frozen_class import dataclass
from sessionctl.core.text.managed_block import find_block, put_block, take_block
from sessionctl.errors import GitError, UsageError
from sessionctl.services.git.cache.cache_plan import (
    CACHED,
    is_kept,
    plan_cache,
    plan_uncache,
)
from sessionctl.services.git.cache.cache_plan import (
    TEXTCONV as TEXTCONV_KEY,
)
from sessionctl.services.git.config_steps import (
    NO_FILE,
    NO_LINE_END,
    RemoveSection,
    RestoreConfig,
    SetConfig,
)
from sessionctl.services.git.shell.secret_grep import MAY_HOLD_SECRETS
from sessionctl.services.git.shell.warm_call import ASK_WARM, WARM_VARIABLE
from sessionctl.services.plan.file_steps import WriteFile
from sessionctl.system.files.text import read_bytes, read_text
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.services.plan.plan import Plan, Step

PATTERNS = (
    f"*{SESSION_SUFFIX}",
    f"*{SESSION_SUFFIX}##*",
    f"*{SIDECAR_SUFFIX}",
    f"*{SIDECAR_SUFFIX}##*",
)
"""The files git hands to sessionctl: sessions, their sidecars, and a dotfile manager's
alternates of them."""

# Each line must do no harm when sessionctl is gone: git takes a driver that cannot start
# for a conflict without markers, whose file holds ours alone, and a textconv that cannot
# start ends git diff and git log. The driver's exit code 64 says "conflicts, markers are
# written"; a Python that cannot even start ends with 1, which must not pass for that.
# Looked for first, for a shell that does not find it would print this whole line.
_DRIVER = (
    f"{ASK_WARM}; w KIND %L %P %O %A %B %S %X %Y; code=$?;"
    " test $code -ne 1 || { command -v sessionctl >/dev/null 2>&1 &&"
    f" {WARM_VARIABLE} sessionctl git merge-driver OPTION--conflict-exit=64 --marker-size=%L"
    " --path=%P -- %O %A %B %S %X %Y; code=$?; };"
    " case $code in 0) exit 0 ;; 64) exit 1 ;; esac;"
    ' echo "sessionctl: warning: cannot run, git merges by lines:" %P >&2;'
    " git merge-file --diff3 --marker-size=%L -L ours -L base -L theirs %A %O %B; code=$?;"
    # An absurd size makes git fail, which leaves ours alone: then markers of the usual one.
    " test $code -lt 128 || { git merge-file --diff3 -L ours -L base -L theirs %A %O %B;"
    " code=$?; }; exit $code"
)
DRIVER = _DRIVER.replace("KIND", "merge").replace("OPTION", "")
# In a criss-cross history git merges two bases into one first. Its own way of choosing a
# side there ("binary") brings changes back that were undone since.
BASE_DRIVER = _DRIVER.replace("KIND", "base").replace("OPTION", "--for-base ")
# Only a file that may hold a secret is worth starting Python for.
TEXTCONV = (
    f'{ASK_WARM}; f() {{ if w textconv "$1" && cat "$d/text.$$" 2>/dev/null; then :;'
    f" elif {MAY_HOLD_SECRETS} && command -v sessionctl >/dev/null 2>&1;"
    f' then {WARM_VARIABLE} sessionctl git textconv -- "$1" || cat -- "$1";'
    ' else cat -- "$1"; fi; }; f'
)
SETTINGS = {
    "merge.sessionctl.name": "sessionctl three-way merge by key",
    "merge.sessionctl.driver": DRIVER,
    "merge.sessionctl.recursive": "sessionctl-base",
    "merge.sessionctl-base.name": "sessionctl merge of two bases",
    "merge.sessionctl-base.driver": BASE_DRIVER,
    "diff.sessionctl.textconv": TEXTCONV,
    # What a shell shows in place of sessionctl must not be kept.
    "diff.sessionctl.cachetextconv": "false",
    "diff.sessionctl.xfuncname": r"^[[:space:]]*(\[\[?[^]]+\]\]?)",
    "difftool.sessionctl.cmd": (
        'case "$MERGED" in *.toml | *.toml"##"*) sessionctl diff "$LOCAL" "$REMOTE" ;; '
        '*) git diff --no-ext-diff --no-index -- "$LOCAL" "$REMOTE" ;; esac'
    ),
    "mergetool.sessionctl.cmd": (
        'sessionctl merge -q -L base -L ours -L theirs "$BASE" "$LOCAL" "$REMOTE" -o "$MERGED"'
        ' || { test $? -eq 1 && sessionctl resolve -- "$MERGED"; }'
    ),
    "mergetool.sessionctl.trustExitCode": "true",
}
"""What is written to git's configuration, besides a note in the section ``sessionctl``."""
_ATTRIBUTES = "merge=sessionctl diff=sessionctl"
_SECTIONS = (
    "merge.sessionctl", "merge.sessionctl-base", "diff.sessionctl", "difftool.sessionctl",
    "mergetool.sessionctl",
)  # fmt: skip
OUR_KEYS = r"^((merge|diff|difftool|mergetool)\.sessionctl(-base)?\..*|sessionctl\.before)$"
_NOTE = "sessionctl.before"


def are_kept_here(git: Git) -> bool:
    """Return whether the user said that the attributes are for this clone alone."""
    found = git.config("", r"^sessionctl\.attributes$")
    return found.get("sessionctl.attributes", "").lower() == "local"


@dataclass(frozen=True, slots=True)
class InstallTarget:
    """Where to install: a scope of git's configuration ("local", "global", "worktree")."""

    git: Git
    scope: str

    @property
    def home(self) -> Path | None:
        """The home directory, as git looks for it."""
        return self._directory("HOME")

    @property
    def config_home(self) -> Path | None:
        """The directory of ``git/config`` and ``git/attributes``."""
        return self._directory("XDG_CONFIG_HOME") or (self.home and self.home / ".config")

    @property
    def global_config(self) -> Path | None:
        """The file that the user names in the place of the usual ones."""
        return self._directory("GIT_CONFIG_GLOBAL")

    def _directory(self, variable: str) -> Path | None:
        given = self.git.environ.get(variable)
        return Path(given) if given else None

    def config_file(self) -> Path:
        """Return the file that git writes this scope's settings to."""
        if self.scope != "global":
            if self.scope == "worktree" and self.git.has_worktree_config():
                return self.git.path_in_git_dir("config.worktree")
            return self.git.repository().common_dir / "config"
        if self.global_config is not None:
            return self.global_config
        if self.home is None:
            raise GitError("HOME is not set", hints=["set HOME, or use --local"])
        usual = self.home / ".gitconfig"
        other = self.config_home / "git" / "config" if self.config_home else usual
        return other if other.exists() and not usual.exists() else usual

    def check(self) -> None:
        """Raise ``GitError`` where one work tree cannot have settings of its own."""
        if self.scope != "worktree" or self.git.has_worktree_config():
            return
        if self.git.text("worktree", "list", "--porcelain").count("worktree ") > 1:
            raise GitError(
                "one work tree cannot be set up alone: its work trees share one configuration",
                hints=["git config extensions.worktreeConfig true", "or set them all up: --local"],
            )

    def attributes_file(self) -> Path:
        """Return the attributes file for this scope.

        Where the git directory lies apart from the files, as dotfile managers keep it,
        that is the one inside it: none appears among the user's own.
        """
        if self.scope == "global":
            configured = self.git.config_path("global", "core.attributesFile")
            if configured is not None:
                return configured
            if self.config_home is None:
                raise GitError("HOME is not set", hints=["set HOME, or use --local"])
            return self.config_home / "git" / "attributes"
        try:
            repository = self.git.repository()
        except GitError as error:
            hint = "or for all repositories: sessionctl git install --global"
            raise GitError(error.message, hints=[*error.hints, hint]) from error
        if repository.work_tree is not None and not repository.is_detached:
            path = repository.work_tree / ".gitattributes"
            if not path.is_symlink():  # git reads no attributes through one
                return path
        return self.git.path_in_git_dir("info/attributes")


def plan_install(
    target: InstallTarget, patterns: Iterable[str] = (), *, is_cached: bool = False
) -> Plan[Git]:
    """Return the steps that are still to do; none when all is installed.

    ``patterns`` are files to hand over besides the sessions; those of an earlier install
    stay. With ``is_cached``, or where that was said before, git keeps masked texts.

    Raises:
      GitError: there is no repository here, git is missing, or must not keep texts.
      UsageError: a pattern cannot stand in an attributes file.
      DocumentError: the block in the attributes file is broken.
    """
    if is_cached and target.scope != "local":
        raise UsageError("--cache: only for one repository, so not with --global or --worktree")
    target.check()
    path = target.attributes_file()
    text = _read(path)
    lines = [attribute_line(pattern) for pattern in (*PATTERNS, *patterns)]
    block = find_block(text or "", str(path))
    if block is not None:
        lines = list(dict.fromkeys([*block.lines, *lines]))
    found = target.git.config(target.scope, OUR_KEYS)
    wanted = SETTINGS if found else _note(target.config_file()) | SETTINGS
    steps: list[Step[Git]] = [
        SetConfig(target.scope, key, value)
        for key, value in wanted.items()
        if found.get(canonical(key)) != value
    ]
    if target.scope == "local":
        steps += plan_cache(target.git, found, PATTERNS, is_asked=is_cached)
    after = put_block(text, list(dict.fromkeys(lines)), str(path))
    if after != text:
        steps.append(WriteFile(path, text, after))
    return tuple(steps)


def plan_uninstall(target: InstallTarget) -> Plan[Git]:
    """Return the steps that undo ``plan_install``; none when nothing is installed.

    Raises as ``plan_install`` does.
    """
    target.check()
    path = target.attributes_file()
    text = _read(path)
    after = None if text is None else take_block(text, str(path))
    steps: list[Step[Git]] = [] if after == text else [WriteFile(path, text, after)]
    if target.scope == "local":
        steps += plan_uncache(target.git)
    found = target.git.config(target.scope, OUR_KEYS)
    present = {key.rpartition(".")[0] for key in found}
    steps += [
        RemoveSection(target.scope, section)
        for section in (*_SECTIONS, "sessionctl")
        if section in present
    ]
    if _NOTE in found:
        steps.append(RestoreConfig(target.config_file(), found[_NOTE]))
    return tuple(steps)


def attribute_line(pattern: str) -> str:
    """Return the line of an attributes file that hands ``pattern`` to sessionctl.

    Raises:
      UsageError: git reads no such pattern.
    """
    if not pattern.strip() or pattern.startswith("!") or any(ord(c) < 32 for c in pattern):
        raise UsageError(
            f"--pattern: expected a pattern of .gitattributes, got {pattern!r}",
            hints=["such as --pattern Cargo.toml or --pattern '*.toml'"],
        )
    if pattern.startswith(("#", '"', "[attr]")) or " " in pattern:
        escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
        pattern = f'"{escaped}"'
    return f"{pattern} {_ATTRIBUTES}"


def outdated(settings: Mapping[str, str]) -> list[str]:
    """Return which of the settings that hold are not those of this version."""
    kept = (TEXTCONV_KEY, CACHED) if is_kept(settings) else ()
    return [
        key
        for key, value in SETTINGS.items()
        if key not in kept and settings.get(canonical(key), value) != value
    ]


def canonical(key: str) -> str:
    """Return ``key`` as git prints it: the last part in lower case."""
    section, _, name = key.rpartition(".")
    return f"{section}.{name.lower()}"


def _note(path: Path) -> dict[str, str]:
    """Return what uninstalling must know of a configuration file that is still untouched."""
    if not path.exists():
        return {_NOTE: NO_FILE}
    data = read_bytes(path)
    if data and not data.endswith(b"\n"):
        return {_NOTE: f"{NO_LINE_END} {len(data)}"}
    return {}


def _read(path: Path) -> str | None:
    return read_text(path) if path.exists() else None
