"""Adapters of other packages: found by their entry points, believed only as far as they hold."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tomllib
from unittest.mock import patch

import jsonschema
import pytest

from sessionctl.resources import schema_text
from tests.git.inprocess import run_inside
from tests.transcripts import blocks
from tests.world import CHECKOUT

PAGE = CHECKOUT / "docs" / "adapters-workspace.md"
[EXAMPLE] = blocks(PAGE, "python")


class Package:
    """A home, and a directory on the path with an installed package that brings an adapter."""

    def __init__(self, root):
        self.home = root / "home"
        self.site = root / "site"
        self.home.mkdir()
        info = self.site / "desk_adapter-2.5.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: desk-adapter\nVersion: 2.5\n")
        (info / "entry_points.txt").write_text(
            "[sessionctl.workspaces]\n"
            "desk = desk_adapter:open_desk\ntmux = desk_adapter:open_desk\n"
        )
        self.write(EXAMPLE.text)
        self.desk({"api": {"root": str(self.home), "windows": [self.window("editor")]}})

    def write(self, text):
        (self.site / "desk_adapter.py").write_text(text)

    def change(self, old, new):
        assert old in EXAMPLE.text
        self.write(EXAMPLE.text.replace(old, new))

    def window(self, name, *run):
        return {"name": name, "cwd": str(self.home), "run": list(run)}

    def desk(self, desks):
        (self.home / ".desk.json").write_text(json.dumps(desks))

    def desks(self):
        return json.loads((self.home / ".desk.json").read_text())

    @property
    def env(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": f"{self.site}{os.pathsep}{CHECKOUT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMUX_TMPDIR": str(self.home),
        }

    def run(self, *words, code=0):
        """Run sessionctl in this process, which finds the package, too."""
        importlib.invalidate_caches()
        with (
            patch.dict(os.environ, self.env, clear=True),
            patch.dict(sys.modules),
            patch.object(sys, "path", [str(self.site), *sys.path]),
            patch.object(sys, "dont_write_bytecode", new=True),
        ):
            return _checked(run_inside(*words, cwd=self.home), code)

    def run_process(self, *words, code=0):
        """Run sessionctl in a process of its own, as a user does."""
        done = subprocess.run(
            [sys.executable, "-m", "sessionctl", *map(str, words)],
            cwd=self.home,
            env=self.env,
            input="",
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return _checked(done, code)

    def value(self, name="api"):
        file = self.home / f".config/sessionctl/sessions/{name}.session.toml"
        return tomllib.loads(file.read_text())


def _checked(done, code):
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def package(tmp_path):
    return Package(tmp_path)


@pytest.mark.slow
def test_the_adapter_of_the_page_saves_and_restores(package):
    package.desk(
        {"api": {"root": str(package.home), "windows": [package.window("logs", "tail", "-f", "x")]}}
    )
    package.run_process("save", "api", "--adapter", "desk")
    assert package.value()["windows"] == [{"name": "logs", "panes": [{"run": ["tail", "-f", "x"]}]}]
    saved = package.desks()
    package.desk({})
    done = package.run_process("restore", "api")
    assert "/api.session.toml by the adapter desk: 1 window, 1 pane\n" in done.stdout
    assert package.desks() == saved
    assert "everything runs" in package.run("restore", "api", "--verify").stderr
    assert "exists already" in package.run("restore", "api").stderr


def test_a_save_of_what_did_not_change_writes_nothing(package):
    package.run("save", "api", "--adapter", "desk")
    file = package.home / ".config/sessionctl/sessions/api.session.toml"
    before = file.stat()
    assert "nothing changed" in package.run("save", "--adapter", "desk").stderr
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_hand_edits_and_changes_of_the_session_are_merged(package):
    package.run("save", "api", "--adapter", "desk")
    file = package.home / ".config/sessionctl/sessions/api.session.toml"
    file.write_text(file.read_text().replace("[[windows]]", "# mine\n[[windows]]"))
    windows = [package.window("editor"), package.window("logs", "tail", "-f", "x")]
    package.desk({"api": {"root": str(package.home), "windows": windows}})
    package.run("save", "api", "--adapter", "desk")
    assert "# mine\n" in file.read_text()
    assert [window["name"] for window in package.value()["windows"]] == ["editor", "logs"]


def test_only_what_is_missing_is_brought_back(package):
    windows = [package.window("editor"), package.window("logs")]
    package.desk({"api": {"root": str(package.home), "windows": windows}})
    package.run("save", "api", "--adapter", "desk")
    package.desk({"api": {"root": str(package.home), "windows": windows[:1]}})
    done = package.run("restore", "api", "-n")
    assert done.stdout == "open the window logs\n"
    assert package.desks()["api"]["windows"] == windows[:1]
    assert (
        "window logs: window: asked for logs, there is nothing"
        in package.run("restore", "api", "--verify", code=1).stdout
    )
    package.run("restore", "api")
    assert package.desks()["api"]["windows"] == windows


def test_what_was_not_allowed_does_not_reach_an_adapter(package):
    file = package.home / "x.session.toml"
    file.write_text(
        'schema_version = 1\nname = "x"\nroot = "."\nenv = { A = "1" }\n'
        '[[windows]]\nname = "w"\npanes = [{ run = ["evil"] }]\n'
    )
    package.change(
        "    def plan(self, request):\n",
        "    def plan(self, request):\n"
        "        assert 'evil' not in repr(request) and not request.workspace.env\n",
    )
    done = package.run("restore", file, "--adapter", "desk", code=5)
    assert "not trusted" in done.stderr
    assert package.desks()["x"]["windows"][0]["run"] == []
    shown = package.run("restore", file, "--adapter", "desk", "-n", "--replace").stdout
    assert "skip: run in window w, pane 1: evil: it was not allowed yet" in shown


def test_answers_in_json_fit_their_schemas(package):
    for words in (["save", "api", "--adapter", "desk"], ["restore", "api"]):
        answer = json.loads(package.run(*words, "--json").stdout)
        schema = json.loads(schema_text(f"output-{words[0]}.v1"))
        jsonschema.validate(answer, schema)
    assert answer["sessions"][0]["adapter"] == "desk"


def test_the_names_of_our_own_adapters_are_taken(package):
    done = package.run("save", "nothing", "--adapter", "tmux", code=3)
    assert "tmux: no server runs" in done.stderr


def test_an_unknown_adapter_is_answered_with_those_there_are(package):
    done = package.run("save", "--adapter", "screen", code=2)
    assert "there is no workspace adapter screen" in done.stderr
    assert "there are: plain, tmux, desk" in done.stderr


CAPTURED = "StandingWorkspace(self._workspace(name, desks[name]))"
DETECT = "    def detect(self):\n"
FAULTS = {
    "it cannot be imported": ("import json\n", "import no_such_module\n", "load: ModuleNotFound"),
    "it is not text of Python": ("import json\n", "import import\n", "load: SyntaxError"),
    "it is no callable": (
        "def open_desk(",
        "open_desk = 3\n\n\ndef _(",
        "load: expected a callable",
    ),
    "it does not open": (
        "        self.file = ",
        "        self.x = {}['x']  # ",
        "open: KeyError: 'x' (",
    ),
    "it lacks a method": ("def verify(", "def verified(", "open: it has no method verify"),
    "it ends the process": (
        DETECT,
        f"{DETECT}        raise SystemExit(7)\n",
        "detect: SystemExit: 7",
    ),
    "its detection is no value": (
        DETECT,
        f"{DETECT}        return 3\n",
        "detect: expected a Detection",
    ),
    "it captures text": (
        f"[{CAPTURED} ",
        "[str(name) ",
        "capture: [0]: expected a StandingWorkspace",
    ),
    "a session has another name": (
        "Workspace(name, desk",
        "Workspace('o', desk",
        "session o was not",
    ),
    "a directory is relative": (
        'cwd=window["cwd"]',
        'cwd="src"',
        "capture: [0]: windows[0].panes[0].cwd: expected an absolute path",
    ),
    "an argv is a list": (
        'tuple(window["run"]) or None',
        '["a"]',
        "windows[0].panes[0].run: expected a tuple of texts",
    ),
    "a window is a dictionary": ('desk["root"], windows)', 'desk["root"], ({},))', "windows[0]: "),
    "its ids are too few": (
        CAPTURED,
        CAPTURED.replace("]))", "]), 'me', (), ())"),
        "windows: expected a tuple with the id of each window",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_an_adapter_is_a_diagnosis(package, fault):
    old, new, message = FAULTS[fault]
    package.change(old, new)
    done = package.run("save", "--adapter", "desk", code=3)
    assert "adapter desk: " in done.stderr
    assert message in done.stderr
    assert "report it to those who make desk-adapter 2.5" in done.stderr
    assert not (package.home / ".config").exists()


def test_a_secret_in_the_message_of_an_adapter_is_not_shown(package):
    fault = "        raise ValueError('--password=hunter2-Xy77zz')\n"
    package.change(DETECT, DETECT + fault)
    assert "hunter2" not in package.run("save", "--adapter", "desk", code=3).stderr


def test_a_step_that_fails_is_reported_and_nothing_after_it_is_done(package):
    windows = [package.window("editor"), package.window("logs")]
    windows[0]["cwd"] = str(package.home / "gone")
    package.desk({"api": {"root": str(package.home), "windows": windows}})
    package.run("save", "api", "--adapter", "desk")
    package.desk({})
    done = package.run("restore", "api", code=1)
    assert "open the window editor: " in done.stderr
    assert "there is no such directory" in done.stderr
    assert package.desks() == {}


def test_an_adapter_that_claims_what_it_did_not_do_is_not_believed(package):
    package.run("save", "api", "--adapter", "desk")
    package.desk({})
    text = EXAMPLE.text.replace("        desks = self._read()\n        workspace = request",
                                "        return None\n        workspace = request")  # fmt: skip
    text = text.replace("        found = self.capture([workspace.name])\n", "        return []\n")
    package.write(text)
    done = package.run("restore", "api", code=1)
    assert "the session: session: asked for api, there is nothing" in done.stderr


def test_a_plan_that_is_no_plan_is_a_diagnosis(package):
    package.run("save", "api", "--adapter", "desk")
    package.desk({})
    package.change("            AdapterStep(", "            str(")
    done = package.run("restore", "api", code=3)
    assert "adapter desk: plan: " in done.stderr


def test_a_session_of_an_adapter_is_not_mixed_with_one_of_tmux(package):
    folder = package.home / ".config/sessionctl/sessions"
    folder.mkdir(parents=True)
    text = 'schema_version = 1\nname = "api"\n[[windows]]\nname = "a"\n'
    (folder / "api.session.toml").write_text(text)
    done = package.run("save", "api", "--adapter", "desk", code=5)
    assert "it was not saved here before, not desk" in done.stderr
    assert (folder / "api.session.toml").read_text() == text
