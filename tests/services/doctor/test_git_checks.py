"""What doctor says of git's settings and attributes: each fault whole, from made surroundings."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.core.text.managed_block import put_block
from sessionctl.errors import GitError
from sessionctl.services.doctor.check import CheckFault, SkipCheck
from sessionctl.services.doctor.checks import attributes, git_config, git_hooks
from sessionctl.services.doctor.setup import SessionFile
from sessionctl.services.git.installation import DRIVER, SETTINGS, canonical
from sessionctl.system.git.program import Git
from tests.together import together

INSTALL = "sessionctl git install"
OURS = {canonical(key): value for key, value in SETTINGS.items()}
REPOSITORY = SimpleNamespace(common_dir=Path("/nowhere/.git"))


def file(path, merge="sessionctl", diff="sessionctl", filter_name=""):
    return SessionFile(path, path, "100644", merge, diff, filter_name, ())


class Config:
    """A git whose settings are those of ``scopes``, by scope; "" is all of them."""

    def __init__(self, **scopes):
        self.scopes, self.asked = scopes, []

    def config(self, scope, pattern):
        self.asked.append((scope, pattern))
        return self.scopes.get(scope or "all", {})


def setup(**there):
    usual = {
        "repository": REPOSITORY, "files": (), "settings": OURS, "drivers": OURS, "git": Config(),
        "found_by_git": lambda word: "",
    }  # fmt: skip
    return SimpleNamespace(**{**usual, **there})


def found(check, **there):
    """Return what a check finds, or why it does not look."""
    try:
        return list(check(setup(**there)))
    except SkipCheck as skipped:
        return str(skipped)


# -- settings -----------------------------------------------------------------------------------


@together("version, is_said", [((2, 43, 9), True), ((2, 44), False), ((3, 0), False)])
def test_an_old_git_is_worth_a_note(version, is_said):
    text = "; 2.44 and later show the names of the sides of every conflict"
    fault = CheckFault(f"git {'.'.join(map(str, version))} works{text}", severity="note")
    assert found(git_config.git, git_version=version) == ([fault] if is_said else [])


def test_a_repository_that_git_cannot_use_is_said_with_what_helps():
    class Broken:
        def __init__(self, *hints):
            self.hints = hints

        @property
        def repository(self):
            raise GitError("git: no", hints=list(self.hints))

    assert list(git_config.repository(Broken())) == [CheckFault("git: no", "git status")]
    assert list(git_config.repository(Broken("a", "b"))) == [CheckFault("git: no", "a")]
    assert found(git_config.repository) == []
    assert found(git_config.repository, repository=None) == "not in a git repository"


UNKNOWN = "git does not know sessionctl here: it merges session files by lines"
KEY = "merge.sessionctl.driver"


@together(
    "there, expected",
    [
        ({}, []),
        ({"settings": {"merge.sessionctl.name": "x"}}, "see driver-command"),
        ({"settings": {}}, [CheckFault(UNKNOWN, INSTALL, KEY, "note")]),
        ({"settings": {}, "files": (file("a"),)},
         [CheckFault(UNKNOWN, INSTALL, KEY, "error", "install")]),
        ({"settings": {"diff.sessionctl.textconv": "x"}, "repository": None, "files": (file("a"),)},
         [CheckFault(UNKNOWN, f"{INSTALL} --global", KEY, "note")]),
    ],
    ids=str,
)  # fmt: skip
def test_a_driver_that_git_does_not_know(there, expected):
    assert found(git_config.driver, **there) == expected


def no_command(name):
    return f"the merge driver '{name}' has no command: every merge that needs it fails"


def test_a_driver_without_a_command_is_named_with_the_scope_it_is_set_in():
    drivers = {"merge.sessionctl.name": "x", "merge.other.name": "x", "merge.unused.name": "x"}
    files = (file("a", "other"), file("b", "fine"))
    ours = CheckFault(no_command("sessionctl"), INSTALL, KEY, remedy="install")
    for git, scope in ((Config(local={"x": "y"}), "--local"), (Config(), "--global")):
        assert found(git_config.driver_command, drivers=drivers, files=files, git=git) == [
            CheckFault(
                no_command("other"), f"git config {scope} --remove-section merge.other",
                "merge.other.driver",
            ),
            ours,
        ]  # fmt: skip
        assert git.asked == [("local", r"^merge\.other\.name$")]
    assert found(git_config.driver_command, drivers=drivers, files=files, repository=None) == [ours]
    assert found(git_config.driver_command, files=files) == []


def test_a_setting_that_another_version_wrote():
    old = {**OURS, KEY: "sessionctl old", "mergetool.sessionctl.cmd": "x"}
    assert found(git_config.settings, settings=old) == [
        CheckFault("not as this version of sessionctl sets it", INSTALL, key, "warning", "install")
        for key in (KEY, "mergetool.sessionctl.cmd")
    ]
    assert found(git_config.settings) == []
    assert found(git_config.settings, settings={}) == "sessionctl is not installed in git here"
    assert OURS[KEY] == DRIVER


def missing(word):
    return f"git diff and git log start '{word}', which is missing, and fail"


def test_what_git_diff_starts_and_is_missing():
    drivers = {
        "diff.sessionctl.textconv": "gone a", "diff.sessionctl.command": "there b",
        "diff.pdf.command": "'my tool' x", "diff.pdf.textconv": "$(which x)",
        "diff.other.textconv": "gone", "diff.open.textconv": "a 'b",
    }  # fmt: skip
    files = (file("a", diff="pdf"), file("b", diff="open"))
    there = {
        "drivers": drivers, "files": files, "git": Config(local={"x": "y"}),
        "found_by_git": lambda word: "/bin/there" if word == "there" else "",
    }  # fmt: skip
    ours = CheckFault(missing("gone"), INSTALL, "diff.sessionctl.textconv", remedy="install")
    key = "diff.pdf.command"
    assert found(git_config.textconv, **there) == [
        CheckFault(missing("my tool"), f"git config --local --unset {key}", key), ours,
    ]  # fmt: skip
    assert found(git_config.textconv, **{**there, "repository": None}) == [ours]
    assert found(git_config.textconv) == []
    drivers = {"diff.sessionctl.command": "gone"}
    key = "diff.sessionctl.command"
    assert found(git_config.textconv, drivers=drivers) == [
        CheckFault(missing("gone"), f"git config --global --unset {key}", key)
    ]


@together(
    "command, word",
    [
        ("", ""), ("a b", "a"), ("'a b' c", "a b"), ("a'", ""), ("$x", ""), ("a=1 b", ""),
        ("(a)", ""), ("a;b", ""), ("/bin/x-y.z", "/bin/x-y.z"), ("! a", ""), ("a*", ""),
    ],
)  # fmt: skip
def test_the_program_of_a_command(command, word):
    assert git_config._first_word(command) == word


def test_git_remembers_resolutions_or_it_is_worth_a_note(tmp_path):
    fault = CheckFault(
        "git can remember how you resolved a conflict and do it again; that is turned off",
        "git config rerere.enabled true", "rerere.enabled", "note",
    )  # fmt: skip
    place = SimpleNamespace(common_dir=tmp_path)

    def look(value):
        git = Config(all={} if value is None else {"rerere.enabled": value})
        return found(git_config.rerere, git=git, repository=place)

    for value in ("true", "YES", "on", "1"):
        assert look(value) == []
    for value in (None, "false", "0", ""):
        assert look(value) == [fault]
    (tmp_path / "rr-cache").mkdir()
    assert look(None) == []
    assert look("false") == [fault]


# -- attributes ---------------------------------------------------------------------------------


def test_files_that_no_attribute_hands_over():
    files = (file("a"), file("b", "unspecified", "unspecified"), file("c d", "ours", "x"))
    assert found(attributes.attributes, files=files) == [
        CheckFault(
            "git merges it by lines: no attribute 'merge' is set for it", INSTALL, "b",
            remedy="install",
        )
    ]  # fmt: skip
    says = "git diff shows it as it is, secrets too (attribute diff: {})"
    assert found(attributes.diff_attributes, files=files) == [
        CheckFault(says.format("unspecified"), INSTALL, "b", "warning", "install"),
        CheckFault(says.format("x"), "git check-attr -a -- 'c d'", "c d", "warning"),
    ]


@pytest.fixture
def tree(tmp_path):
    """A work tree with a directory, and a setup that sees it from its top."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git" / "info").mkdir(parents=True)
    repository = SimpleNamespace(
        work_tree=tmp_path, common_dir=tmp_path / ".git", is_detached=False
    )
    users = SimpleNamespace(
        config_home=tmp_path / "config", attributes_file=lambda: tmp_path / "config" / "attributes"
    )
    (tmp_path / "config").mkdir()
    return setup(
        repository=repository, tracked=(),
        git=SimpleNamespace(cwd=tmp_path, config=lambda scope, pattern: {}),
        from_top=lambda one: Path(one.path), target={"global": users}.__getitem__,
        targets=(
            SimpleNamespace(attributes_file=lambda: tmp_path / ".gitattributes"),
            SimpleNamespace(attributes_file=lambda: tmp_path / "none"),
        ),
    )  # fmt: skip


@together(
    "merge, texts, place",
    [
        ("union", {".gitattributes": "x\n*.toml merge=union\n*.toml eol=lf\n"}, ".gitattributes:2"),
        # The last line that matches decides, and the nearest file.
        ("union", {".gitattributes": "* merge=union\n\n*.toml merge=union\n"}, ".gitattributes:3"),
        ("union", {".gitattributes": "* merge=union\n", "sub/.gitattributes": "a* merge=union\n"},
         "sub/.gitattributes:1"),
        ("union", {".git/info/attributes": "* merge=union\n", ".gitattributes": "* merge=union\n"},
         ".git/info/attributes:1"),
        ("union", {"config/attributes": "sub/* merge=union\n"}, "config/attributes:1"),
        ("union", {".gitattributes": "/sub/a.toml merge=union\n/b.toml merge=union\n"},
         ".gitattributes:1"),
        ("union", {".gitattributes": "sub/ merge=union\n"}, None),
        ("union", {".gitattributes": "*.toml merge=other\n"}, None),
        ("unset", {".gitattributes": "*.toml -merge\n"}, ".gitattributes:1"),
        ("unset", {".gitattributes": "*.toml binary\n"}, ".gitattributes:1"),
        ("set", {".gitattributes": "*.toml merge\n"}, ".gitattributes:1"),
        ("set", {".gitattributes": "*.toml -merge\n"}, None),
    ],
)  # fmt: skip
def test_who_hands_a_file_to_another_driver_is_named(tree, merge, texts, place):
    top = tree.repository.work_tree
    for path, text in texts.items():
        (top / path).write_text(text)
    tree.files = (file("sub/a.toml", merge), file("b", "unspecified"), file("c"))
    message = f"git merges it by 'merge={merge}', not by key"
    if place is None:
        fault = CheckFault(message, "git check-attr -a -- sub/a.toml", "sub/a.toml")
    else:
        name, _, line = place.rpartition(":")
        fault = CheckFault(message, f'"${{EDITOR:-vi}}" +{line} {name}', place)
    assert list(attributes.foreign_attributes(tree)) == [fault]
    for path in texts:
        (top / path).unlink()


def test_the_user_s_attributes_count_where_he_has_a_home(tree):
    top = tree.repository.work_tree
    (top / "config" / "attributes").write_text("* merge=union\n")
    tree.files = (file("a.toml", "union"),)
    users = tree.target("global")
    [fault] = attributes.foreign_attributes(tree)
    assert fault.place == "config/attributes:1"
    users.config_home = None
    [fault] = attributes.foreign_attributes(tree)
    assert fault.place == "a.toml"


def test_our_block_is_whole_or_its_line_is_named(tree):
    path = tree.repository.work_tree / ".gitattributes"
    assert list(attributes.block(tree)) == []
    text = put_block("x\n", ["*.toml merge=sessionctl"], str(path))
    path.write_text(text)
    assert list(attributes.block(tree)) == []
    begin, end = text.splitlines()[1], text.splitlines()[-1]
    path.write_text(f"x\n{begin}\n")
    [fault] = attributes.block(tree)
    assert fault == CheckFault(fault.message, f'"${{EDITOR:-vi}}" +2 {path}', fault.place)
    assert fault.place.startswith(f"{path}:2")
    assert str(path) not in fault.message
    path.write_text(f"x\n\n{end}\n")
    [fault] = attributes.block(tree)
    assert fault.fix == f'"${{EDITOR:-vi}}" +3 {path}'


def test_other_clones_get_the_attributes_or_it_is_said(tree):
    path = tree.repository.work_tree / ".gitattributes"
    no_block = ".gitattributes has no block of sessionctl"

    def look():
        try:
            return list(attributes.shared(tree))
        except SkipCheck as skipped:
            return str(skipped)

    assert look() == no_block
    path.write_text("*.toml merge=sessionctl\n")
    assert look() == no_block
    path.write_text(put_block("", ["*.toml merge=sessionctl"], str(path)))
    fault = CheckFault(
        "other clones do not get it: it is not in git",
        "git add ':(top).gitattributes' && git commit", str(path), "warning",
    )  # fmt: skip
    tree.tracked = ((".gitattributes", "160000"), ("sub/.gitattributes", "100644"))
    assert look() == [fault]
    tree.git.config = lambda scope, pattern: {"sessionctl.attributes": "local"}
    assert look() == "they are for this clone alone: sessionctl.attributes is local"
    tree.git.config = lambda scope, pattern: {}
    tree.tracked = ((".gitattributes", "100644"),)
    assert look() == []
    tree.repository.is_detached = True
    assert look() == "the attributes stay in the repository itself"
    tree.repository.is_detached, tree.repository.work_tree = False, None
    assert look() == "the attributes stay in the repository itself"
    tree.repository = None
    assert look() == "the attributes stay in the repository itself"


def test_what_is_said_of_a_filter(git_repo):
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write('[filter "good"]\n\tclean = cat\n[filter "bad"]\n\tclean = false\n')
    for name in ("g.toml", "b c.toml"):
        git_repo.write(name, "x\n")
    git_repo.write(".gitattributes", "g* filter=good\nb* filter=bad\n")
    files = (
        file("a"), file("g.toml", filter_name="good"), file("b c.toml", filter_name="bad"),
        file("d e", filter_name="own"), file("f", filter_name="lfs"),
    )  # fmt: skip
    git = Git(os.environ, git_repo.path)
    gone = (
        "git stores it through the filter {!r}, which is not set up here: it is neither merged"
        " nor checked, and new content would be stored as it is"
    )
    assert list(attributes.filters(setup(files=files, git=git))) == [
        CheckFault(
            "git stores it through the filter 'good': it is merged by key and checked where that"
            " filter is set up, as it is here", place="g.toml", severity="note",
        ),
        CheckFault(
            "git stores it through the filter 'bad', which fails here: new content would be"
            " stored as it is, if at all", "git hash-object -- 'b c.toml'", "b c.toml",
        ),
        CheckFault(gone.format("own"), "git check-attr filter -- 'd e'", "d e"),
        CheckFault(gone.format("lfs"), "git lfs install --local", "f"),
    ]  # fmt: skip
    assert list(attributes.filters(setup(files=files[:1], git=None))) == []


# -- hooks --------------------------------------------------------------------------------------

HOOK = "sessionctl git install --hook"


def hooks(top, path, monkeypatch, **made):
    """Return what both checks of hooks say, where git's hook is ``path``; ``made`` are hooks."""
    hooks = {
        str(place): SimpleNamespace(
            **{"is_ours": False, "calls_us": False, "is_executable": True, "has_kept": False,
               "content": b"", "kept": Path("/k/pre-commit.old"), **facts}
        )
        for place, facts in made.get("hooks", {}).items()
    }  # fmt: skip
    nothing = SimpleNamespace(is_ours=False, calls_us=False, has_kept=False, content=None)
    monkeypatch.setattr(git_hooks, "hook_path", lambda _git: path)
    monkeypatch.setattr(git_hooks, "read_hook", lambda place: hooks.get(str(place), nothing))
    scene = setup(repository=SimpleNamespace(common_dir=top / "x" / ".." / ".git"))
    return list(git_hooks.hook(scene)), list(git_hooks.hooks_path(scene))


def test_what_is_said_of_the_hook(tmp_path, monkeypatch):
    usual = tmp_path / ".git" / "hooks" / "pre-commit"
    other = Path("/etc/hooks/pre-commit")
    ours = {"is_ours": True, "calls_us": True}

    def look(path, **made):
        return hooks(tmp_path, path, monkeypatch, hooks={usual: made["at"]} if "at" in made else {
            other: made["else_"]} if "else_" in made else made.get("both", {}))  # fmt: skip

    none = CheckFault("no hook checks what is committed", HOOK, str(usual), "note")
    assert look(usual) == ([none], [])
    assert look(usual, at=ours) == ([], [])
    assert look(usual, at={**ours, "is_executable": False}) == (
        [CheckFault("not executable: git does not run it", HOOK, str(usual), remedy="hook")], [],
    )  # fmt: skip
    gone = "gone, and the hook that was there before does not run: pre-commit.old"
    assert look(usual, at={"has_kept": True, "content": None}) == (
        [CheckFault(gone, HOOK, str(usual), remedy="hook")], [],
    )  # fmt: skip
    [fault] = look(usual, at={"has_kept": True})[0]
    assert fault == CheckFault(
        f"another hook took the place of ours; add this line to it: {git_hooks.CALL} || exit",
        f'"${{EDITOR:-vi}}" {usual}', str(usual),
    )  # fmt: skip
    # Where git looks elsewhere for hooks.
    past = f"git does not run the hook in {usual.parent}: core.hooksPath is "
    assert look(other, at=ours) == (
        [CheckFault("no hook checks what is committed", HOOK, str(other), "note")],
        [CheckFault(f"{past}/etc/hooks", HOOK, "core.hooksPath", "warning", "hook")],
    )
    assert look(other, both={usual: ours, other: ours}) == ([], [])
    assert look(None, at=ours) == (
        [],
        [CheckFault(f"{past}no directory", "git config --unset core.hooksPath", "core.hooksPath",
                    "warning")],
    )  # fmt: skip
    assert look(None) == (
        [CheckFault("git runs no hooks here: core.hooksPath is not a directory",
                    "git config --show-origin core.hooksPath", "core.hooksPath", "note")],
        [],
    )  # fmt: skip
