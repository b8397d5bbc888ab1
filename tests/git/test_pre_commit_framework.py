""".pre-commit-hooks.yaml: what the pre-commit framework reads, and that each entry works."""

from __future__ import annotations

import ast
import re
import shlex

import pytest

from sessionctl.core.filename import is_session_name
from tests.together import together
from tests.world import CHECKOUT, run_sessionctl

GOOD = 'schema_version = 1\nname = "api"\n'
NAMES = ["api.session.toml", "-x.session.toml", "a b/é.session.toml##os.Linux"]
STAGES = {"pre-commit", "pre-push", "manual"}


def read_hooks():
    """Return the hooks by id; the file keeps to the little of YAML that is read here."""
    hooks = {}
    for line in (CHECKOUT / ".pre-commit-hooks.yaml").read_text().splitlines():
        if line.startswith("#"):
            continue
        found = re.fullmatch(r"(- |  )(\w+): (.+)", line)
        assert found, line
        start, key, value = found.groups()
        if start == "- ":
            assert key == "id"
            hooks[value] = hook = {}
        if value.startswith(("'", '"')):
            value = value[1:-1]
        elif value.startswith("["):
            value = ast.literal_eval(re.sub(r"(?<=[\[ ])([\w-]+)(?=[,\]])", r'"\1"', value))
        assert key not in hook
        hook[key] = value
    return hooks


HOOKS = read_hooks()


def run_hook(name, files, cwd):
    """Run a hook as the framework does: its entry, its arguments, the files."""
    hook = HOOKS[name]
    program, *arguments = shlex.split(hook["entry"])
    assert program == "sessionctl"
    given = [] if hook.get("pass_filenames") == "false" else files
    return run_sessionctl(*arguments, *hook.get("args", []), *given, cwd=cwd)


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_says_all_that_the_framework_asks_for(name):
    hook = HOOKS[name]
    assert {"id", "name", "description", "entry", "language", "files"} <= set(hook)
    assert hook["id"] == name
    assert hook["language"] == "python"
    assert set(hook["stages"]) <= STAGES


@together("name", HOOKS)
@together(
    "path", [*NAMES, "pyproject.toml", "a.session.toml.bak", "session.toml", "x.session.tomls"]
)
def test_a_hook_is_for_session_files(name, path):
    assert bool(re.search(HOOKS[name]["files"], path)) is is_session_name(path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a.secrets.toml", {"sessionctl-validate", "sessionctl-check"}),
        ("a.secrets.toml##os.Linux", {"sessionctl-validate", "sessionctl-check"}),
        (".sessionctl/vault.age", {"sessionctl-check"}),
        ("age/keys.txt", {"sessionctl-check"}),
        ("a.secrets.toml.bak", set()),
    ],
)
def test_some_hooks_are_for_what_belongs_to_secrets_too(path, names):
    assert {name for name in HOOKS if re.search(HOOKS[name]["files"], path)} == names


@pytest.mark.parametrize("name", HOOKS)
def test_an_entry_accepts_good_files_and_changes_nothing(git_repo, name):
    for path in NAMES:
        git_repo.write(path, GOOD)
    git_repo.run("add", "--all")
    done = run_hook(name, NAMES, git_repo.path)
    assert done.returncode == 0, done.stderr
    assert git_repo.run("diff", "--name-only").stdout == ""


@pytest.mark.parametrize("name", ["sessionctl-validate", "sessionctl-check"])
def test_an_entry_stops_a_bad_file(git_repo, name):
    for path in NAMES:
        git_repo.write(path, GOOD + "colour = 1\n")
    git_repo.run("add", "--all")
    done = run_hook(name, NAMES, git_repo.path)
    assert done.returncode == 1
    assert all(f"{path}:3:1: error[unknown-key]" in done.stdout for path in NAMES)


def test_the_formatter_tidies_which_the_framework_sees(git_repo):
    git_repo.write(NAMES[1], GOOD.replace(" = ", "="))
    assert run_hook("sessionctl-fmt", NAMES[1:2], git_repo.path).returncode == 0
    assert git_repo.read(NAMES[1]) == GOOD
