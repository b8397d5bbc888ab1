"""What every step of a plan says it does: to people, and in the answers of ``--json``."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

from sessionctl.core.keypath import KeyPath
from sessionctl.core.secrets.extraction import Move
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.toml.formatter import LayoutEdit
from sessionctl.services.documents.cleanup import Cleanup
from sessionctl.services.documents.formatting import FormattedFile
from sessionctl.services.git.cache.cache_plan import DropTexts, KeepTexts
from sessionctl.services.git.cache.text_cache import TextCache
from sessionctl.services.git.config_steps import NO_FILE, RemoveSection, RestoreConfig, SetConfig
from sessionctl.services.history.undo_memory import ForgetUndo, RememberUndo
from sessionctl.services.importing.session_import import BeginSession
from sessionctl.services.live.adapters.adapter_restore import WithheldProgram
from sessionctl.services.live.tmux import restore_steps as tmux
from sessionctl.services.naming import naming_steps as naming
from sessionctl.services.plan.document_steps import RestoreText, SaveText
from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile
from sessionctl.services.plan.program_steps import RunProgram
from sessionctl.services.scanning.secret_extraction import StoreMoves
from sessionctl.services.secrets import secret_steps as secret
from sessionctl.services.secrets.readers.vault_change import BeginVaultChange, FinishVaultChange
from sessionctl.services.secrets.user_key import WriteKey
from sessionctl.services.sync import sync_steps as sync
from sessionctl.system.git.work_state import ChangedFile
from tests.together import together
from tests.world import CHECKOUT

A, B = Path("/a"), Path("/b")
RENAMED = SimpleNamespace(old="/a", new="/b")
ENTRY = secret.RememberEntry("s", "db", 2, "digest")
CHANGE = SimpleNamespace(before="age1old", after="age1new")
ELSEWHERE = {"OfKeeper", "AppliedStep", "Step"}
"""Answers of their own, wrappers, and the protocol."""

PASSWORD, URL = KeyPath(["a", "password"]), KeyPath(["a", "url"])
MOVES = (
    Move(PASSWORD, "a.password", Secret("hunter2"), PASSWORD),
    Move(PASSWORD, "a.other", Secret("hunter2"), URL),
)

CACHE = TextCache("/g")
STEPS = [
    (
        SetConfig("local", "merge.x.driver", "a b"),
        "git config --local merge.x.driver 'a b'",
        {"action": "set-config", "scope": "local", "key": "merge.x.driver", "value": "a b"},
    ),
    (
        RemoveSection("global", "merge.x"),
        "git config --global --remove-section merge.x",
        {"action": "remove-section", "scope": "global", "section": "merge.x"},
    ),
    (
        KeepTexts(CACHE),
        "make /g/sessionctl-textconv, with a key and a name for the cache",
        {"action": "keep-texts", "path": "/g/sessionctl-textconv"},
    ),
    (
        DropTexts(CACHE, "refs/x"),
        "remove /g/sessionctl-textconv and /g/sessionctl-textconv.sh\ngit update-ref -d refs/x",
        {"action": "drop-texts", "path": "/g/sessionctl-textconv", "ref": "refs/x"},
    ),
    (
        RestoreConfig(A, NO_FILE),
        "remove /a, if nothing is left in it",
        {"action": "restore-config", "path": A, "before": NO_FILE},
    ),
    (
        RestoreConfig(A, "no-newline"),
        "remove the line end that was added at the end of /a",
        {"action": "restore-config", "path": A, "before": "no-newline"},
    ),
    (
        RememberUndo(None, SimpleNamespace(commit="c1")),
        "",
        {"action": "remember-undo", "commit": "c1"},
    ),
    (ForgetUndo(None), "", {"action": "forget-undo"}),
    (
        Cleanup(SimpleNamespace(target="/a"), ("x", "y"), False, 1500),
        "/a: 2 old changes, 1.5 KB",
        {"action": "clean", "file": "/a", "changes": 2, "whole": False, "freed_bytes": 1500},
    ),
    (
        Cleanup(SimpleNamespace(target="/a"), ("x",), True, 1),
        "/a: everything, the file is long gone, 1 byte",
        {"action": "clean", "file": "/a", "changes": 1, "whole": True, "freed_bytes": 1},
    ),
    (
        FormattedFile("f", "a = 1\nb=2\n", "a = 1\nb = 2\n", (LayoutEdit(7, 8, " = ", "spaces"),)),
        "tidy f",
        {
            "action": "format",
            "file": "f",
            "tidy": False,
            "edits": [{"line": 2, "column": 2, "reason": "spaces"}],
        },
    ),
    (BeginSession("/a", "1\n2\n"), "write /a, 2 lines", {"action": "begin-session", "path": "/a"}),
    (
        WithheldProgram("pane 1", ("ls", "a b")),
        "run in pane 1: ls 'a b'",
        {"action": "start-program", "where": "pane 1", "run": ["ls", "a b"]},
    ),
    (
        WithheldProgram("pane 1", "make"),
        "run in pane 1: make",
        {"action": "start-program", "where": "pane 1", "run": "make"},
    ),
    (
        tmux.OpenSession("s", "/a", True),
        "make the session s in /a",
        {"action": "open-session", "session": "s", "cwd": "/a"},
    ),
    (
        tmux.OpenSession("s", "/a", False),
        "go into the session s in /a",
        {"action": "open-session", "session": "s", "cwd": "/a"},
    ),
    (
        tmux.LeaveUnset({"A": "a.b"}, True),
        "A is not set: a secret; run the program with: sessionctl secret exec",
        {"action": "leave-unset", "secrets": {"A": "a.b"}},
    ),
    (tmux.SetValues(("A", "B")), "set A, B", {"action": "set", "names": ["A", "B"]}),
    (
        tmux.OpenPane(0, 2, "/a"),
        "open pane 3 in /a",
        {"action": "open-pane", "pane": 2, "cwd": "/a"},
    ),
    (
        tmux.StartProgram(0, 2, ("ls", "a b"), False),
        "run in pane 3: ls 'a b'",
        {"action": "start-program", "pane": 2, "run": ["ls", "a b"], "in_shell": False},
    ),
    (
        tmux.StartProgram(0, 2, "make", True, False),
        "type, not enter, in pane 3: make",
        {"action": "type-program", "pane": 2, "run": "make", "in_shell": True},
    ),
    (
        tmux.LinkWindow(0, "s:1"),
        "link the window s:1",
        {"action": "link-window", "link": "s:1"},
    ),
    (tmux.CheckLayout(0), "", {"action": "check-layout"}),
    (tmux.Finish(), "", {"action": "finish"}),
    (naming.CopyState("/a", "/b"), "", {"action": "copy-state", "path": "/a", "to": "/b"}),
    (naming.ForgetState("/a"), "", {"action": "forget-state", "path": "/a"}),
    (
        naming.ForgetState("/a", "s", True),
        "revoke the trust in /a",
        {"action": "forget-state", "path": "/a"},
    ),
    (
        naming.MakeSessionFile("/a", "text", "/b"),
        "make /a",
        {"action": "make-file", "path": "/a"},
    ),
    (
        naming.MakeLink("/a", "/b"),
        "link /a to /b",
        {"action": "make-link", "path": "/a", "to": "/b"},
    ),
    (
        naming.RemoveSessionFile("/a", None, True),
        "remove /a",
        {"action": "remove-file", "path": "/a", "kept": True},
    ),
    (
        naming.RemoveSessionFile("/a", None),
        "remove /a",
        {"action": "remove-file", "path": "/a", "kept": False},
    ),
    (
        naming.RenameInIndex("/a", "/b"),
        "git mv /a /b, where git tracks it",
        {"action": "rename-in-index", "path": "/a", "to": "/b"},
    ),
    (
        naming.RenameLive("s", "t"),
        "rename the tmux session s to t",
        {"action": "rename-live", "name": "s", "to": "t"},
    ),
    (naming.BeginNaming(RENAMED), "", {"action": "begin-naming", "path": "/a", "to": "/b"}),
    (naming.EndNaming(RENAMED), "", {"action": "end-naming", "path": "/a", "to": "/b"}),
    (
        SaveText("/a", None, "1", "set"),
        "make /a",
        {"action": "save-text", "file": "/a", "new": True},
    ),
    (
        SaveText("/a", "", "1", "set"),
        "change /a",
        {"action": "save-text", "file": "/a", "new": False},
    ),
    (
        RestoreText("/a", "1 of 2", b"1", b"2"),
        "bring /a back to 1 of 2",
        {"action": "restore-text", "file": "/a", "to": "1 of 2"},
    ),
    (
        WriteFile(A, None, "1\n"),
        "make /a\n  + 1",
        {"action": "write-file", "path": A, "before": None, "after": "1\n"},
    ),
    (
        WriteFile(A, "1\n2\n", "1\n3\n"),
        "change /a\n  - 2\n  + 3",
        {"action": "write-file", "path": A, "before": "1\n2\n", "after": "1\n3\n"},
    ),
    (
        WriteFile(A, "1\n", None),
        "remove /a",
        {"action": "write-file", "path": A, "before": "1\n", "after": None},
    ),
    (MoveFile(A, B), "move /a to /b", {"action": "move-file", "path": A, "to": B}),
    (MakeExecutable(A), "make /a executable", {"action": "make-executable", "path": A}),
    (
        RunProgram(("ls", "a b")),
        "ls 'a b'",
        {"action": "run-program", "argv": ("ls", "a b")},
    ),
    (
        secret.WriteSecretFile(A, None, "1"),
        "make /a",
        {"action": "write-secret-file", "path": A, "new": True},
    ),
    (
        secret.WriteSecretFile(A, "", "1"),
        "change /a",
        {"action": "write-secret-file", "path": A, "new": False},
    ),
    (secret.CheckSymlinks((A, B)), "", {"action": "check-symlinks", "paths": (A, B)}),
    (ENTRY, "", {"action": "remember-entry", "name": "db", "generation": 2}),
    (secret.RememberEntries((ENTRY,)), "", {"action": "remember-entries", "names": ["db"]}),
    (secret.ForgetEntry("s", "db", 2, ()), "", {"action": "forget-entry", "name": "db"}),
    (
        secret.RememberVault("age1new", None, "s"),
        "",
        {"action": "remember-vault", "vault": "age1new"},
    ),
    (BeginVaultChange(CHANGE), "", {"action": "begin-vault-change", "vault": "age1new"}),
    (FinishVaultChange(CHANGE), "", {"action": "finish-vault-change", "vault": "age1new"}),
    (WriteKey(A, Secret("AGE-SECRET-KEY-1")), "make /a", {"action": "write-key", "path": A}),
    (
        StoreMoves("/a", MOVES, None, None),
        "store a.password: its value stands at a.password\n"
        "store a.other: the password in it stands at a.url",
        {
            "action": "store-secrets",
            "secrets": [{"name": "a.password", "key": PASSWORD}, {"name": "a.other", "key": URL}],
        },
    ),
    (
        sync.ConcludeMerge(),
        "commit the merge that is under way",
        {"action": "conclude-merge"},
    ),
    (
        sync.CommitFiles("m", (ChangedFile("f", "A"),)),
        "commit as: m\n  A f",
        {"action": "commit", "message": "m", "files": (ChangedFile("f", "A"),)},
    ),
    (sync.FetchUpstream("origin"), "fetch from origin", {"action": "fetch", "remote": "origin"}),
    (
        sync.MergeUpstream("origin/main"),
        "merge what is new in origin/main",
        {"action": "merge", "upstream": "origin/main"},
    ),
    (
        sync.PushUpstream("origin/main"),
        "push to origin/main",
        {"action": "push", "upstream": "origin/main"},
    ),
]


@together("step, words, data", STEPS)
def test_a_step_says_what_it_does(step, words, data):
    assert step.render() == words
    assert step.data() == data


def test_every_step_is_in_the_table():
    texts = [path.read_text() for path in (CHECKOUT / "sessionctl").rglob("*.py")]
    trees = [ast.parse(text) for text in texts if "def carry_out(" in text]
    classes = {
        node.name: {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    steps = {name for name, methods in classes.items() if {"data", "carry_out"} <= methods}
    assert steps - ELSEWHERE == {type(step).__name__ for step, _, _ in STEPS}
