"""What runs in a pane, read at a moment when tmux has only begun to start it."""

from __future__ import annotations

import pytest

from sessionctl.services.live.tmux.pane_program import (
    PaneProgram,
    base_name,
    find_program,
    is_interactive_shell,
    is_own_command,
    variables_of_list,
)
from sessionctl.system.process_table import ProcessRow
from tests.made_procfs import MadeProcess, make_procfs
from tests.together import together

SERVER = ("tmux", "-L", "x", "new-session", "-d")


class Table:
    """A server with the process 1, and a pane with the process 2."""

    def __init__(self, argv):
        self._argv = {1: SERVER, 2: argv}

    def argv(self, pid):
        return self._argv[pid]

    def row(self, pid):
        return ProcessRow(pid, pid - 1, pid, pid, "S")


@pytest.mark.parametrize("words", [(), ("sleep", "9")])
def test_a_copy_of_the_server_is_not_taken_for_the_program_of_the_pane(words):
    found = find_program(Table(SERVER), 2, words, "/bin/bash")
    assert (found.run, found.shell) == (words or None, not words)


def test_another_tmux_is_a_program_like_others():
    argv = ("tmux", "-L", "inner", "attach")
    found = find_program(Table(argv), 2, argv, "/bin/bash")
    assert (found.run, found.shell) == (argv, False)


PIPE, OTHER = "pipe:[1]", "pipe:[2]"
SHELL = MadeProcess(10, 1, ("-bash",), foreground=20)


@together(
    "processes, start, default, found",
    [
        ((), ("vi", "x"), "/bin/bash", PaneProgram(("vi", "x"), shell=False, process=0)),
        ((), (), "/bin/bash", PaneProgram(None, shell=True, process=0)),
        ((MadeProcess(10, 1),), (), "/bin/bash", PaneProgram(None, shell=True)),
        (
            (MadeProcess(10, 1, ("top", "-d", "1")),),
            ("top",),
            "/bin/bash",
            PaneProgram(("top", "-d", "1"), shell=False, process=10),
        ),
        (
            (MadeProcess(10, 1, ("bash", "-c", "x")),),
            (),
            "/bin/bash",
            PaneProgram(("bash", "-c", "x"), shell=False, process=10),
        ),
        (
            (MadeProcess(10, 1, ("-bash",), foreground=10),),
            (),
            "bash",
            PaneProgram(None, shell=True),
        ),
        (
            (MadeProcess(10, 1, ("-bash",), foreground=0),),
            (),
            "bash",
            PaneProgram(None, shell=True),
        ),
        (
            (MadeProcess(10, 1, ("-bash",), foreground=-1),),
            (),
            "bash",
            PaneProgram(None, shell=True),
        ),
        (
            (MadeProcess(10, 1, ("zsh", "-f")),),
            ("zsh", "-f"),
            "/bin/zsh",
            PaneProgram(None, shell=("zsh", "-f")),
        ),
        (
            (MadeProcess(10, 1, ("/usr/bin/zsh", "-l", "-i", "--login")),),
            ("zsh",),
            "/bin/zsh",
            PaneProgram(None, shell=True),
        ),
        (
            (MadeProcess(10, 1, ("fish",)),),
            ("fish",),
            "/bin/zsh",
            PaneProgram(None, shell=("fish",)),
        ),
        ((MadeProcess(10, 1, ("zsh", "-f")),), (), "/bin/zsh", PaneProgram(None, shell=True)),
        (
            (SHELL, MadeProcess(20, 10, ("vi", "a"))),
            (),
            "bash",
            PaneProgram(("vi", "a"), shell=True, process=20),
        ),
        (
            (SHELL._replace(argv=("fish", "-N")), MadeProcess(20, 10, ("vi",))),
            ("fish",),
            "bash",
            PaneProgram(("vi",), ("fish", "-N"), 20),
        ),
        (
            (SHELL, MadeProcess(20, 10, ("sessionctl", "-q", "save"))),
            (),
            "bash",
            PaneProgram(None, shell=True),
        ),
        (
            (
                SHELL,
                MadeProcess(20, 10, ("cat", "a b"), open=((1, PIPE), (0, OTHER))),
                MadeProcess(21, 10, ("sort", "-u"), group=20, open=((0, PIPE), (1, OTHER))),
                MadeProcess(22, 10, ("less",), group=20, open=((0, OTHER),)),
                MadeProcess(23, 10, ("other",)),
                MadeProcess(24, 10, ("ended",), group=20, state="Z"),
            ),
            (),
            "bash",
            PaneProgram("cat 'a b' | sort -u | less", shell=True, process=20),
        ),
        (
            (
                SHELL,
                MadeProcess(20, 10, ("cat",), open=((1, PIPE),)),
                MadeProcess(21, 10, ("sort",), group=20, open=((0, OTHER),)),
            ),
            (),
            "bash",
            PaneProgram(("cat",), shell=True, process=20),
        ),
        (
            (
                SHELL,
                MadeProcess(20, 10, ("cat",), open=((1, "/dev/tty"),)),
                MadeProcess(21, 10, ("sort",), group=20, open=((0, "/dev/tty"),)),
            ),
            (),
            "bash",
            PaneProgram(("cat",), shell=True, process=20),
        ),
        (
            (
                SHELL,
                MadeProcess(20, 10, ("printf", "a\nb"), open=((1, PIPE),)),
                MadeProcess(21, 10, ("sort",), group=20, open=((0, PIPE),)),
            ),
            (),
            "bash",
            PaneProgram(("printf", "a\nb"), shell=True, process=20),
        ),
        (
            (SHELL, MadeProcess(20, 10, ()), MadeProcess(21, 10, ("sort",), group=20)),
            (),
            "bash",
            PaneProgram(("sort",), shell=True, process=21),
        ),
        (
            (SHELL, MadeProcess(31, 30, ("b",), group=20), MadeProcess(30, 1, (), group=20)),
            (),
            "bash",
            PaneProgram(("b",), shell=True, process=31),
        ),
        ((SHELL, MadeProcess(30, 1, ("x",), group=21)), (), "bash", PaneProgram(None, shell=True)),
    ],
    ids=map(str, range(22)),
)
def test_what_runs_in_a_pane(tmp_path, processes, start, default, found):
    assert find_program(make_procfs(tmp_path, *processes), 10, start, default) == found


def test_which_words_start_a_shell_that_reads_commands():
    shells = """\
bash; -bash; /usr/bin/zsh -l; sh -; bash --rcfile x; bash -o vi; bash +O extglob -i; fish -C x -N
bash --noprofile --norc; bash --command; dash -i; myshell; /opt/myshell --x; bash -O; zsh +o x
"""
    others = "vi; bash x; bash -c x; bash -lc x; zsh -i x; bash --rcfile x y; fish -N -c x; mysh"
    for line, expected in ((shells.replace("\n", ";"), True), (others, False)):
        for words in filter(None, (part.split() for part in line.split(";"))):
            assert is_interactive_shell(words, "/bin/myshell") is expected, words
    assert not is_interactive_shell(["myshell"])
    assert not is_interactive_shell(["x"])


def test_which_words_are_commands_of_ours_that_end():
    own = """\
sessionctl save; /x/sessionctl -q save web; sessionctl restore; sessionctl open a; sessionctl tmux
python3 -m sessionctl save; python -X dev -m sessionctl close; /opt/python3.12 /x/sessionctl save
python3 -P /x/sessionctl --json restore; sessionctl close
"""
    others = """\
sessionctl; sessionctl -q; sessionctl watch; sessionctl list save; vi sessionctl save; python3 x.py
python3; python3 -m http.server save; xsessionctl save; python3 -m sessionctl watch
"""
    for text, expected in ((own, True), (others, False)):
        for words in filter(None, (part.split() for part in text.replace("\n", ";").split(";"))):
            assert is_own_command(words) is expected, words
    assert not is_own_command(())


def test_which_variables_of_a_program_are_kept():
    kept = {
        "PGHOST": "a", "ASDF_X": "b", "MISE_": "c", "NIX_P": "d", "GIT_AUTHOR_NAME": "e",
        "GIT_COMMITTER_DATE": "f", "APP_ENV": "g", "X_PROFILE": "h", "CONDA_PREFIX": "",
    }  # fmt: skip
    others = {
        "DIRENV_ENV": "a", "BASH_ENV": "b", "BASH_ENV_PROFILE": "c", "GIT_DIR": "d", "HOME": "e",
        "XASDF_X": "f", "APP_ENVX": "g", "PGHOSTADDR": "h",
    }  # fmt: skip
    assert variables_of_list(kept | others, {}) == kept
    around = {"PGHOST": "a", "ASDF_X": "x"}
    assert variables_of_list(kept, around) == {k: v for k, v in kept.items() if k != "PGHOST"}


def test_the_name_of_a_program_is_without_its_directory_and_the_dash_of_a_login():
    for program, name in (("/usr/bin/vi", "vi"), ("-bash", "bash"), ("/x/-sh", "sh"), ("a/", "")):
        assert base_name(program) == name
