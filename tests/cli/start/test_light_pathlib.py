"""pathlib without urllib.parse: the same pathlib, and urllib.parse as ever for whoever asks."""

from __future__ import annotations

import subprocess
import sys

from tests.together import together

HEAVY = ["urllib.parse"]
if sys.version_info < (3, 12):
    HEAVY += ["fnmatch", "functools", "ntpath", "operator", "re", "warnings"]
FORGET = (
    "import sys\n"
    f"heavy = {['pathlib', 'urllib', *HEAVY]!r}\n"
    "for name in [n for n in sys.modules if n.partition('.')[0] in heavy]:\n"
    "    del sys.modules[name]\n"
)
BEGIN = (
    f"{FORGET}"
    "from sessionctl.cli.start.compiled_modules import use_compiled_modules\n"
    "use_compiled_modules()\n"
)
LATER = "from pathlib import Path\n"
EARLIER = "import urllib.parse\n"
TELL = (
    "print(type(sys.modules['pathlib'].__loader__).__name__, 'urllib.parse' in sys.modules)\n"
    "print(Path('/a b/\\u00fc').as_uri(), Path('a') / 'b')\n"
    "import pathlib, urllib.parse\n"
    "print(urllib.parse.urlsplit('a://b').netloc, sys.modules['urllib.parse'].__file__[-8:])\n"
)
ANSWER = ["file:///a%20b/%C3%BC a/b", "b parse.py"]


def told(program):
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_is_loaded_without_urllib_and_does_what_it_does():
    first, *rest = told(BEGIN + LATER + TELL)
    assert first == "_LightLoader False"
    assert rest == ANSWER


@together("before", [EARLIER, "import threading\n"])
def test_where_others_could_notice_it_is_loaded_as_ever(before):
    first, *rest = told(BEGIN + before + LATER + TELL)
    assert first.startswith("SourceFileLoader ")
    assert rest == ANSWER


def test_a_pathlib_that_takes_more_from_there_gets_all_of_it(tmp_path):
    file = tmp_path / "pathlib.py"
    file.write_text(
        "from urllib.parse import quote_from_bytes, urlsplit\nname = urlsplit('a://b').netloc\n",
        encoding="utf-8",
    )
    ask = (
        "import importlib.util\n"
        "from sessionctl.cli.start.light_pathlib import _LightLoader\n"
        f"loader = _LightLoader('pathlib', {str(file)!r})\n"
        "spec = importlib.util.spec_from_loader('pathlib', loader)\n"
        "pathlib = importlib.util.module_from_spec(spec)\n"
        "loader.exec_module(pathlib)\n"
        "print(pathlib.name, pathlib.quote_from_bytes(b'a b'))\n"
        "print(sys.modules['urllib.parse'].__name__)\n"
    )
    assert told(BEGIN + ask) == ["b a%20b", "urllib.parse"]


def test_what_is_heavy_is_loaded_when_it_is_used(tmp_path):
    (tmp_path / "a.toml").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "B.txt").touch()
    use = (
        "import warnings\n"
        "warnings.simplefilter('ignore')\n"
        "from pathlib import Path, PurePosixPath, PureWindowsPath\n"
        f"here = Path({str(tmp_path)!r})\n"
        "print([p.name for p in here.glob('*.toml')], [p.name for p in here.rglob('[AB].*')])\n"
        "print(PurePosixPath('a/b.py').match('*.py'), PureWindowsPath('A/B.PY').match('*.py'))\n"
        "print(PureWindowsPath('c:/a') / 'b', PureWindowsPath('c:/con').is_reserved())\n"
        "print(Path('/a b').as_uri(), (here / 'a.toml').read_text(), here.parents[0] == here)\n"
        "print((here / 'no').exists(), here.joinpath('a.toml').with_suffix('.x').name)\n"
        "import re, functools, fnmatch, ntpath\n"
        "print(re.escape('a.b'), functools.partial, fnmatch.fnmatch('a', '?'))\n"
        "print(ntpath.basename('a/b'), sorted(vars(Path)))\n"
    )
    gone = f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    ours, theirs = told(BEGIN + LATER + gone + use), told(FORGET + use)
    assert ours == ["[]", *theirs]


@together(
    "own",
    [
        "import urllib.parse\nname = urllib.parse.quote('a b')\n",
        "import urllib.request\nname = urllib.request.quote('a b')\n",
        "print('once')\nfrom urllib.parse import quote\nname = quote('a b')\n",
    ],
)
def test_a_pathlib_of_the_users_is_loaded_as_ever(tmp_path, own):
    (tmp_path / "pathlib.py").write_text(own, encoding="utf-8")
    ask = f"sys.path.insert(0, {str(tmp_path)!r})\nimport pathlib\nprint(pathlib.name)\n"
    assert told(BEGIN + ask) == ["once"] * own.count("once") + ["a%20b"]
