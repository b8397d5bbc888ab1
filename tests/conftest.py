"""Fixtures for all tests: a clean environment, a git repository, Hypothesis profiles."""

from __future__ import annotations

import compileall
import contextlib
import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
import zlib
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.connections.servers.forked_program import end_loader
from tests.record import recorded
from tests.remains import wait_for_none
from tests.repository_templates import RepositoryTemplates
from tests.scratch import scratch_root
from tests.world import IN_CI, PACKAGE, GitRepo, need

# Programs that tests start would compile every module anew where no bytecode is written.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from hypothesis import HealthCheck, settings  # noqa: E402 - pytest compiles it too

# What a test leaves takes little room, and a search for it up to a twentieth of all the time.
gc.set_threshold(20_000)
# A shell starts jobs in the background with Ctrl-C ignored, and nohup does so with SIGHUP; every
# program here would ignore them too.
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch_root())

_SLOW_MACHINE = [HealthCheck.too_slow]
for _name, _examples in {"fast": 6, "default": 50, "ci": 100, "deep": 2000}.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,
        print_blob=True,
        # A change is judged by the same examples each time; "deep" looks for new ones.
        derandomize=_name != "deep",
        suppress_health_check=_SLOW_MACHINE,
    )
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "fast")
settings.load_profile(_PROFILE)
if _PROFILE == "fast":
    # Each worker would read all that was imported for constants to try, 3 s in a fresh clone; and
    # an example would depend on which tests ran before. Hypothesis 6.112 does not do so yet.
    with contextlib.suppress(ImportError):
        from hypothesis.internal.conjecture import providers

        providers.is_local_module_file = lambda _file: False

_PREFIXES = ("GIT_", "TMUX", "SESSIONCTL_", "_SESSIONCTL_", "XDG_", "LC_", "SSH_", "AGE_", "SOPS_")
_NAMES = (
    "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "EDITOR", "FORCE_COLOR", "GIT", "LANG", "LANGUAGE",
    "LESS", "LINES", "NO_COLOR", "PAGER", "PYTHONUNBUFFERED", "VISUAL",
)  # fmt: skip
_counter = itertools.count()
_FAILED = pytest.StashKey[bool]()
_LEFT_TO_CI = pytest.StashKey[int]()
# In these a row of a table starts programs, or works to a limit: the first row runs each time,
# the others in CI.
_COSTLY_TABLES = (
    "tests/cli/commands/secret/", "tests/cli/commands/test_demo.py",
    "tests/cli/commands/test_diff.py::test_what_git_does_not_have",
    "tests/cli/commands/test_edit.py::test_at_a_terminal", "tests/cli/commands/test_export.py",
    "tests/cli/connections/", "tests/cli/input/test_pager.py", "tests/cli/start/test_end.py",
    "tests/cli/test_huge_numbers.py", "tests/connections/jupyter/", "tests/connections/ssh/",
    "tests/connections/zmq_json/", "tests/core/importers/test_fuzz_import.py::test_deep_nesting",
    "tests/core/merge/policy/test_policy.py::test_the_code_of_policies",
    "tests/core/scan/test_forms.py::test_a_line_of_many_words",
    "tests/core/schema/check/test_budget.py::test_a_hostile",
    "tests/core/schema/check/test_work_of_keywords.py::test_the_work",
    "tests/core/schema/predicate/test_compilation.py", "tests/git/", "tests/hints/",
    "tests/sdk/test_hostile_hosts.py::test_what_is_not_saved", "tests/sdk/test_kept_states.py",
    "tests/sdk/test_testing.py", "tests/sdk/test_textual.py", "tests/sdk/test_textual_screens.py",
    "tests/sdk/test_textual_widgets.py", "tests/security/test_every_command.py",
    "tests/security/test_leaks.py", "tests/services/live/",
    "tests/services/merging/test_resolution_desk.py::test_a_secret",
    "tests/services/naming/test_cut_naming.py", "tests/services/watching/",
    "tests/test_docs.py::test_the_commands", "tests/test_editors_page.py", "tests/tui/",
)  # fmt: skip
_LONG = ("slow", "sweep")
_OF_POSTGRES = (
    "tests/connections/postgres/", "tests/connections/test_cuts.py",
    "tests/connections/test_kept_state.py", "tests/connections/test_server_commands.py",
    "tests/pgdesk/",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Share tests out so that a worker which is done takes over from one which is not."""
    if getattr(config.option, "numprocesses", None):
        _compile_once()
        if config.option.dist == "no":
            config.option.dist = "worksteal"


def _compile_once():
    """Compile the package in a fresh clone: all workers would begin with that, at the same time."""
    if not all(Path(cache_from_source(file)).exists() for file in PACKAGE.rglob("*.py")):
        compileall.compile_dir(PACKAGE, quiet=2, workers=0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Two workers a processor and one more: tests of live programs wait more than they compute."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return 2 * processors + 1


def pytest_configure(config):
    """Let each worker begin to collect elsewhere: a file is compiled by the first to come to it.

    What is collected stays: to look for garbage among it would take a fifth of the time.
    """
    gc.disable()
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        files = [file for place in config.args for file in _test_files(place)]
        first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        config.args = files[first:] + files[:first]


def _test_files(place):
    path = Path(place)
    return sorted(map(str, path.rglob("test_*.py"))) if path.is_dir() else [place]


def pytest_collection_finish():
    """Keep the collector of garbage from looking at thousands of tests, now and again.

    It is left to look for what tests leave, more rarely: that took a tenth of their time.
    """
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc):
    """Make no tests of the rows of a table that are left to CI; where all are, of the first."""
    yield
    config, rows = metafunc.config, getattr(metafunc, "_calls", [])
    if len(rows) > 1 and _leaves_to_ci(config):
        left_out = _left_out(config)
        kept = [row for row, names in _lengths(metafunc, rows) if not names & left_out] or rows[:1]
        config.stash[_LEFT_TO_CI] = config.stash.get(_LEFT_TO_CI, 0) + len(rows) - len(kept)
        rows[:] = kept


def _lengths(metafunc, rows):
    """Yield each row of a table and which of ``_LONG`` its test is."""
    of_all = {name for name in _LONG if metafunc.definition.get_closest_marker(name)}
    is_costly = metafunc.definition.nodeid.startswith(_COSTLY_TABLES)
    for number, row in enumerate(rows):
        names = of_all | {mark.name for mark in row.marks}
        is_slow = is_costly and number > 0 and "sweep" not in names
        yield row, names | {"slow"} if is_slow else names


def _leaves_to_ci(config):
    return not IN_CI and not any("::" in name for name in config.args)


def _left_out(config):
    return {name for name in _LONG if name not in config.option.markexpr}


def pytest_collection_modifyitems(config, items):
    """Begin with the longest tests; leave them to CI, unless ``-m`` or their name asks for them."""
    if hasattr(config, "workerinput"):  # each came to them in an order of its own
        items.sort(key=_mixed)
    _mark_rows_of_costly_tables(items)
    if _leaves_to_ci(config):
        _leave_to_ci(config, items)
    worker = getattr(config, "workerinput", {"workercount": 1})
    items[:] = _shared_out(items, worker["workercount"])


def _mixed(item):
    """Return where the file of ``item`` stands in an order that looks like none.

    Some folders wait, others compute: in the order of their names there would be times when all
    workers wait. What shares a cluster of PostgreSQL stays together.
    """
    file = item.nodeid.partition("::")[0]
    together = "postgres" if file.startswith(_OF_POSTGRES) else file
    return zlib.crc32(together.encode()), file


def _leave_to_ci(config, items):
    left = [item for item in items if any(map(item.get_closest_marker, _left_out(config)))]
    if left:
        slow = set(left)
        items[:] = [item for item in items if item not in slow]
        config.hook.pytest_deselected(items=left)
    number = config.stash.get(_LEFT_TO_CI, 0) + len(left)
    config.stash[_LEFT_TO_CI] = number
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_to_ci"] = number


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over from a worker how many tests are left to CI; each counts all of them."""
    node.config.stash[_LEFT_TO_CI] = getattr(node, "workeroutput", {}).get("left_to_ci", 0)


def pytest_terminal_summary(terminalreporter, config):
    """Say how to run what was left out."""
    left = 0 if config.option.markexpr else config.stash.get(_LEFT_TO_CI, 0)
    if left:
        terminalreporter.line(
            f"{left:,} tests that take long are left to CI: CI=true, -m slow, -m sweep or the name"
            " of a test runs them."
        )


def _shared_out(items, workers):
    """Return ``items`` so that each worker, all of which get as many, has its share of the long.

    It begins with these: one that takes minutes must not be the last to end.
    """
    sweeps, long, rest = [], [], []
    for item in items:
        is_sweep, is_long = (item.get_closest_marker(name) for name in ("sweep", "slow"))
        (sweeps if is_sweep else long if is_long else rest).append(item)
    shared = []
    for worker in range(workers):
        part = slice(len(long) * worker // workers, len(long) * (worker + 1) // workers)
        share = [*sweeps[worker::workers], *long[part]]
        size = (len(items) - len(shared)) // (workers - worker)
        missing = max(size - len(share), 0)
        shared += [*share, *rest[:missing]]
        del rest[:missing]
    return [*shared, *rest]


def _mark_rows_of_costly_tables(items):
    seen = set()
    for item in items:
        name, is_row, _ = item.nodeid.partition("[")
        if is_row and name.startswith(_COSTLY_TABLES):
            if name in seen and not item.get_closest_marker("sweep"):
                item.add_marker(pytest.mark.slow)
            seen.add(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hold all that commands answer to the record of the test, where there is one."""
    with recorded(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember which tests failed: what they wrote is kept."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left_behind(tmp_path_factory):
    """Fail when the run leaves a process, a zombie or a temporary file."""
    base = tmp_path_factory.getbasetemp()
    temporary = Path(tempfile.mkdtemp(prefix="sc-", dir=scratch_root()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", str(temporary))
        yield
        end_loader()
    processes = wait_for_none([base, temporary])
    files = sorted(path.name for path in temporary.iterdir())
    shutil.rmtree(temporary, ignore_errors=True)
    assert not processes, f"these still run: {processes}"
    assert not files, f"these temporary files are left: {files}"


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(_homes, request):
    """Give each test an empty home directory and an environment that is always the same.

    Not by ``monkeypatch``: what a test patches is undone before its directory is removed.
    """
    directory = _homes / str(next(_counter))
    directory.mkdir()
    (directory / "gitconfig").touch()
    fixed = {
        "HOME": directory,
        "XDG_CONFIG_HOME": directory / "config",
        "XDG_DATA_HOME": directory / "data",
        "XDG_STATE_HOME": directory / "state",
        "XDG_CACHE_HOME": directory / "cache",
        "XDG_RUNTIME_DIR": directory / "run",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": directory / "gitconfig",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_PREFIXES) or name in _NAMES:
                patch.delenv(name)
        for name, value in fixed.items():
            patch.setenv(name, str(value))
        yield directory
    if not request.node.stash.get(_FAILED, False):
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def repository_templates(tmp_path_factory):
    return RepositoryTemplates(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def git_place(tmp_path):
    """Return the place of ``git_repo``, an empty directory; skips where git is missing."""
    need("git")
    path = tmp_path / "repo"
    path.mkdir()
    return GitRepo(path)


@pytest.fixture
def git_repo(git_place, repository_templates):
    """Return a fresh git repository with branch main."""
    build = ("init", "--quiet", "--initial-branch=main")
    return repository_templates.fill(git_place, "fresh", lambda: git_place.run(*build))
