"""Bringing a saved session back in a real tmux."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

from sessionctl.core.workspace.layout_cells import has_same_places, read_cells
from sessionctl.resources import schema_text
from sessionctl.system.tmux.command_text import escape_format
from tests.services.live.traced import foreign_programs, traced_restore
from tests.tmux_world import TmuxWorld
from tests.world import need

FILE = "s.session.toml"
HEAD = 'schema_version = 1\nname = "work"\n'


def write(world, text):
    path = world.home / FILE
    path.write_text(text)
    return path


def restore(world, text, *options, **how):
    return world.run("restore", write(world, text), "--yes", *options, **how)


def assert_stands_as(world, workspace, part=lambda workspace: workspace):
    """Wait until the session, or a part of it, stands so: tmux needs a moment for its names."""
    world.wait_until(
        lambda: part(world.standing("work").workspace) == part(workspace),
        lambda: (world.standing("work").workspace, workspace),
    )


def steps_of(world, *options, code=0):
    done = world.run("restore", world.home / FILE, "--json", *options, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads(schema_text("output-restore.v1")))
    return answer["sessions"][0]


@pytest.fixture(scope="module")
def saved_once(tmp_path_factory):
    """The world of ``saved``, how its session stood, and a copy of its home."""
    world = TmuxWorld(tmp_path_factory.mktemp("restore") / "home")
    try:
        before = save_three_windows(world)
    finally:
        world.end()
    copy = world.home.with_name("copy")
    shutil.copytree(world.home, copy, symlinks=True)
    return world, before, copy


@pytest.fixture
def saved(saved_once):
    """A session of three windows, saved and ended, and how it stood."""
    world, before, copy = saved_once
    # What ended with the server may still be writing its history.
    world.wait_until(lambda: gone(world.home), "an empty home")
    shutil.copytree(copy, world.home, symlinks=True)
    yield world, before
    world.end()


def gone(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def save_three_windows(world):
    """Make a session of three windows and save it; return how it stood."""
    places = {name: world.home / name for name in ("a b", "ü'x", "$HOME & co")}
    for place in places.values():
        place.mkdir()
    first, second, third = places.values()
    world.tmux("new-session", "-d", "-s", "work", "-x", "160", "-y", "45", "-c", first, "-n", "one")
    world.tmux("split-window", "-h", "-l", "61", "-t", "work:0", "-c", second)
    world.tmux("split-window", "-v", "-l", "11", "-t", "work:0", "-c", third)
    world.tmux(
        "new-window", "-t", "work:4", "-n", "mon:tor #2", "-c", second, "--", "sleep", "9999"
    )
    world.tmux("new-window", "-t", "work:7", "-c", first)
    world.tmux("select-pane", "-t", "work:0.2", "-T", "à faire")
    world.tmux("set-option", "-w", "-t", "work:4", "monitor-activity", "on")
    world.tmux("set-option", "-p", "-t", "work:0.1", "@mark", "x; y")
    world.tmux("set-option", "-t", "work", "@projet", "alpha 'beta'")
    world.tmux("set-environment", "-t", "work", "STAGE", "one\ntwo; #{x}")
    world.type("work:0.0", "less -N 'big log.txt'")
    (first / "big log.txt").write_text("line\n" * 500)
    world.type("work:0.0", "less -N 'big log.txt'")
    world.type("work:7.0", "tail -f /dev/null")
    world.wait_for_program("work", ("tail", "-f", "/dev/null"))
    world.wait_for_program("work", ("less", "-N", "big log.txt"))
    # tmux needs half a second to name the window after its program.
    world.wait_until(lambda: "7 tail" in world.tmux("list-windows", "-F", "#I #W"), "the name")
    world.tmux("select-window", "-t", "work:7")
    world.tmux("select-window", "-t", "work:0")
    world.tmux("select-pane", "-t", "work:0.1")
    world.tmux("resize-pane", "-Z", "-t", "work:0.1")
    before = world.standing("work").workspace
    world.run("save", "work", "--file", world.home / FILE)
    return before


def test_a_session_stands_again_as_it_was(saved):
    world, before = saved
    world.run("restore", world.home / FILE, "--yes")
    assert_stands_as(world, before)


def test_there_is_no_session_that_nobody_asked_for(saved):
    world, _ = saved
    world.run("restore", world.home / FILE, "--yes")
    assert world.tmux("list-sessions", "-F", "#{session_name}") == "work\n"


def test_what_was_saved_here_needs_no_word_to_start(saved):
    world, before = saved
    world.run("restore", world.home / FILE)
    assert_stands_as(world, before)


def test_a_second_restore_changes_nothing(saved):
    world, _ = saved
    world.run("restore", world.home / FILE)
    before = world.standing("work")
    done = world.run("restore", world.home / FILE)
    assert "exists already" in done.stderr
    assert world.standing("work")[1:] == before[1:]


def test_a_window_that_is_gone_is_made_again_and_the_others_are_left(saved):
    world, _ = saved
    world.run("restore", world.home / FILE)
    kept = world.standing("work").windows
    world.tmux("kill-window", "-t", "work:4")
    world.run("restore", world.home / FILE)
    standing = world.standing("work")
    assert [window.name for window in standing.workspace.windows][1] == "mon:tor #2"
    assert {standing.windows[0], standing.windows[2]} == {kept[0], kept[2]}


def test_replacing_makes_the_session_anew(saved):
    world, before = saved
    world.run("restore", world.home / FILE)
    world.tmux("kill-pane", "-t", "work:0.2")
    old = world.standing("work").windows
    world.run("restore", world.home / FILE, "--replace", "--yes")
    standing = world.standing("work")
    assert not set(standing.windows) & set(old)
    assert_stands_as(world, before)
    assert world.tmux("list-sessions", "-F", "#{session_name}") == "work\n"


def test_windows_go_into_another_session(saved):
    world, _ = saved
    world.tmux("new-session", "-d", "-s", "other")
    done = world.run("restore", world.home / FILE, "--window", "mon:tor #2", "--into", "other")
    assert done.stdout.startswith(f"restored into other from {world.home / FILE}: 1 window, ")
    windows = world.standing("other").workspace.windows
    assert [window.name for window in windows][1:] == ["mon:tor #2"]


def test_a_dry_run_starts_no_server(saved):
    world, _ = saved
    done = world.run("restore", "-n", world.home / FILE)
    assert "run in pane 1: less -N 'big log.txt'" in done.stdout
    assert not world.adapter.detect().is_running


@pytest.mark.slow
def test_three_cycles_on_hostile_names_give_the_same_file(world):
    witness = world.home / "executed"
    names = [
        f"#(touch {witness})", "a\\b\\\\c", "$dol #{pane_id}", 'q"uo\'te', "é日本\U0001f600",
        "-n", "%if #{x}", "semi;", "end\\;", "~", "{x}", " spaces  ", "@1", "=x", "#[fg=red]x##",
    ]  # fmt: skip
    world.tmux("new-session", "-d", "-s", "hostile", "-n", "plain", "-c", world.home)
    for name in names:
        directory = world.home / "dirs" / name.replace("/", "_")
        directory.mkdir(parents=True)
        escaped = escape_format(str(directory))
        window = world.tmux("new-window", "-P", "-F", "#{window_id}", "-t", "hostile").strip()
        answers = world.adapter.server.run(
            [
                ("respawn-pane", "-k", "-t", window, "-c", escaped, "--", "sleep", "9999"),
                ("rename-window", "-t", window, "--", escape_format(name)),
                ("set-option", "-w", "-t", window, "@name", name),
            ]
        )
        assert all(answer.is_done for answer in answers), answers
    witness.unlink(missing_ok=True)
    world.run("save", "hostile", "--file", world.home / FILE)
    first = (world.home / FILE).read_text()
    shown = [window.name for window in world.standing("hostile").workspace.windows]
    assert set(names) <= set(shown)
    for _ in range(3):
        world.end()
        world.run("restore", world.home / FILE, "--yes")
        assert [window.name for window in world.standing("hostile").workspace.windows] == shown
        world.run("save", "hostile")
        assert (world.home / FILE).read_text() == first
    assert not witness.exists()


def test_a_directory_that_is_gone_is_reported_and_nothing_runs_elsewhere(world):
    text = (
        HEAD + 'windows = [{ name = "w", panes = [{ cwd = "gone", run = ["sleep", "99"] }, {}] }]\n'
    )
    done = restore(world, text, check=False)
    assert done.returncode == 1
    assert "gone: there is no such directory" in done.stderr
    first, second = world.panes("work")
    assert (first.run, first.cwd) == (None, str(world.home))
    assert second.run is None
    world.wait_until(lambda: "sleep 99" in world.tmux("capture-pane", "-p", "-t", "work:0.0"))


def test_a_missing_directory_is_reported_once_with_the_windows_of_its_panes(world):
    gone = '{ cwd = "gone" }'
    window = f"panes = [{gone}, {{}}, {gone}]"
    windows = f'{{ name = "a", {window} }}, {{ name = "b", panes = [{gone}] }}'
    other = '{ name = "c", panes = [{ cwd = "none", run = ["no-such-program"], shell = false }] }'
    more = "".join(f', {{ name = "{name}", panes = [{gone}] }}' for name in "de")
    done = restore(world, f"{HEAD}windows = [{windows}, {other}{more}]\n", check=False)
    home = world.home
    lines = [line for line in done.stderr.splitlines() if "no such directory" in line]
    assert lines == [
        f"sessionctl: error: {home}/gone: there is no such directory, opened in {home}"
        " (window a: panes 1, 3; window b: pane 1; window d: pane 1; 1 more window)",
        f"sessionctl: error: {home}/none: there is no such directory, opened in {home}"
        " (window c: pane 1)",
    ]
    (world.home / "s.session.toml").unlink()
    world.end()
    done = restore(world, f"{HEAD}windows = [{other.replace('none', '.')}]\n", check=False)
    assert "error: window c: run in pane 1: no-such-program: it does not run" in done.stderr


def test_a_program_that_is_not_there_is_reported_and_the_rest_goes_on(world):
    panes = '[{ run = ["no-such-program"] }, { run = ["sleep", "99"] }]'
    done = restore(world, f'{HEAD}windows = [{{ name = "w", panes = {panes} }}]\n', check=False)
    assert done.returncode == 1
    assert "no-such-program: it does not run" in done.stderr
    assert [pane.run for pane in world.panes("work")] == [None, ("sleep", "99")]


@pytest.mark.parametrize("start", ["", "shell = false\n"], ids=["typed", "direct"])
def test_a_program_that_replaces_itself_runs(world, start):
    text = (
        f'{HEAD}[[windows]]\nname = "w"\n[[windows.panes]]\n'
        f'run = ["sh", "-c", "sleep 0.05; exec sleep 1000"]\n{start}'
    )
    done = restore(world, text)
    said = f"restored work from {world.home / FILE}: 1 window, 1 pane\n"
    assert (done.stdout, done.stderr) == (said, "")


def test_a_direct_program_that_is_not_there_leaves_the_other_panes(world):
    panes = '[{ run = ["no-such-program", "x"], shell = false }, { run = ["sleep", "99"] }]'
    done = restore(world, f'{HEAD}windows = [{{ name = "w", panes = {panes} }}]\n', check=False)
    assert done.returncode == 1
    assert "no-such-program" in done.stderr
    assert ("sleep", "99") in [pane.run for pane in world.panes("work")]


@pytest.mark.parametrize(
    ("pane", "expected", "screen"),
    [
        ('run = ["sleep", "99"]\nstart = "skip"', None, ""),
        ('run = ["sleep", "99"]\nstart = "type"', None, "sleep 99"),
        ('run = "sleep 99"', ("sleep", "99"), ""),
        ('run = ["sleep", "1"]\nresume = ["sleep", "99"]', ("sleep", "99"), ""),
        ('run = ["sleep", "99"]\nresume = []', None, ""),
        ('run = "cd /\\nsleep 99"', ("sleep", "99"), ""),
    ],
)
def test_a_pane_begins_as_its_file_says(world, pane, expected, screen):
    restore(world, f'{HEAD}[[windows]]\nname = "w"\n[[windows.panes]]\n{pane}\n')
    world.wait_until(lambda: world.panes("work")[0].run == expected)
    world.wait_until(lambda: screen in world.tmux("capture-pane", "-p", "-t", "work"))


def test_what_could_do_harm_is_typed_and_not_entered(world):
    victim = world.home / "victim"
    victim.write_text("x")
    text = f'{HEAD}[[windows]]\nname = "w"\n[[windows.panes]]\nrun = ["rm", "-rf", "{victim}"]\n'
    world.run_plain("trust", write(world, text))
    world.run("restore", world.home / FILE)
    world.wait_until(lambda: "rm -rf" in world.tmux("capture-pane", "-p", "-t", "work"))
    assert victim.exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "dash"])
def test_nothing_is_typed_before_the_shell_is_ready(world, shell):
    path = need(shell)
    world.env["SHELL"] = path
    for name in (".bash_profile", ".zshrc", ".profile"):
        (world.home / name).write_text("sleep 0.7\nPS1='$ '\n")
    (world.home / ".config/fish").mkdir(parents=True, exist_ok=True)
    (world.home / ".config/fish/config.fish").write_text("sleep 0.7\n")
    restore(world, HEAD + 'windows = [{ name = "w", panes = [{ run = ["cat", "-u"] }] }]\n')
    assert world.panes("work")[0].run == ("cat", "-u")
    screen = world.tmux("capture-pane", "-p", "-t", "work")
    assert screen.count("cat -u") == 1


def test_a_typed_program_is_stopped_and_goes_on_and_its_shell_stays(world):
    restore(world, HEAD + 'windows = [{ name = "w", panes = [{ run = ["cat", "-u"] }] }]\n')
    world.tmux("send-keys", "-t", "work", "C-z")
    world.wait_until(lambda: world.panes("work")[0].run is None, "the stop")
    world.type("work", "fg")
    world.wait_for_program("work", ("cat", "-u"))
    world.tmux("send-keys", "-t", "work", "C-d")
    world.wait_until(lambda: world.panes("work")[0].run is None, "the end")
    assert len(world.panes("work")) == 1


def test_a_direct_program_takes_its_pane_with_it(world):
    panes = '[{ run = ["cat", "-u"], shell = false }, {}]'
    restore(world, f'{HEAD}windows = [{{ name = "w", panes = {panes} }}]\n')
    first = world.panes("work")[0]
    assert (first.run, first.shell) == (("cat", "-u"), False)
    world.tmux("send-keys", "-t", "work:0.0", "C-d")
    world.wait_until(lambda: len(world.panes("work")) == 1)


@pytest.mark.parametrize("size", ["80x24", "200x50", "300x80"])
def test_a_layout_comes_back_to_the_cell_in_a_terminal_of_any_size(world, size):
    layout = "200x49,0,0{126x49,0,0,73x49,127,0[73x31,127,0,73x17,127,32]}"
    width, height = size.split("x")
    (world.home / ".tmux.conf").write_text(f"set -g default-size {size}\n")
    panes = "[{}, {}, {}]"
    restore(world, f'{HEAD}windows = [{{ name = "w", layout = "{layout}", panes = {panes} }}]\n')
    standing = world.standing("work").workspace.windows[0]
    assert has_same_places(read_cells(standing.layout), read_cells(layout)), (width, height)


def test_many_panes_fit_though_a_bare_split_would_not(world):
    panes = ", ".join(["{}"] * 20)
    (world.home / ".tmux.conf").write_text("set -g default-size 80x24\n")
    restore(world, f'{HEAD}windows = [{{ name = "w", layout = "tiled", panes = [{panes}] }}]\n')
    assert len(world.panes("work")) == 20


def test_a_named_layout_gives_panes_their_sizes(world):
    panes = '[{}, { size = "25%" }]'
    text = f'{HEAD}windows = [{{ name = "w", layout = "even-horizontal", panes = {panes} }}]\n'
    restore(world, text)
    cells = read_cells(world.standing("work").workspace.windows[0].layout)
    assert [part.width for part in cells.parts] == [89, 30]


def test_old_text_is_shown_again_above_the_prompt(world):
    world.tmux("new-session", "-d", "-s", "work", "-x", "100", "-y", "30", "-c", world.home)
    world.type("work", "for i in 1 2 3; do printf 'MARK-%s\\n' $i; done")
    world.wait_until(lambda: "MARK-3" in world.tmux("capture-pane", "-p", "-t", "work"))
    world.run("save", "work", "--file", world.home / FILE, "--scrollback")
    assert "MARK" not in (world.home / FILE).read_text()
    world.end()
    world.run("restore", world.home / FILE)
    world.wait_until(lambda: "MARK-3" in world.tmux("capture-pane", "-p", "-t", "work"))
    lines = world.tmux("capture-pane", "-p", "-t", "work").splitlines()
    marks = [number for number, line in enumerate(lines) if line.startswith("MARK-")]
    assert len(marks) == 3
    assert lines[marks[-1] + 2].startswith("-- from before")
    assert lines[marks[-1] + 3].rstrip() == "$"
    world.type("work", "echo it works")
    world.wait_until(lambda: "\nit works" in world.tmux("capture-pane", "-p", "-t", "work"))


def test_a_fresh_restore_shows_no_old_text_and_no_focus(saved):
    world, _ = saved
    world.run("restore", world.home / FILE, "--fresh", "--yes")
    windows = world.standing("work").workspace.windows
    assert windows[0].is_active
    assert not any(pane.is_zoomed for pane in windows[0].panes)


def test_an_earlier_text_of_the_file_is_restored(saved):
    world, before = saved
    path = world.home / FILE
    world.run("restore", path)
    world.tmux("kill-window", "-t", "work:4")
    world.tmux("kill-window", "-t", "work:7")
    world.run("save", "work")
    world.end()
    world.run("restore", path, "--at", "1", "--yes")
    numbers = [window.number for window in world.standing("work").workspace.windows]
    assert numbers == [window.number for window in before.windows]


@pytest.mark.slow  # what is traced in test_hostile_files.py tries the same, and more
def test_an_untrusted_file_starts_only_tmux_and_the_shell(world, tmp_path):
    witness = world.home / "executed"
    panes = (
        f'[{{ run = ["touch", "{witness}"] }}, {{ run = "touch {witness}", shell = false }},'
        f' {{ shell = ["touch", "{witness}"] }}]'
    )
    text = (
        f'{HEAD}root = "#(touch {witness})"\nenv = {{ BASH_ENV = "/x", LD_PRELOAD = "/y" }}\n'
        f"options = {{ default-command = 'touch {witness}', status-left = '#(touch {witness})' }}\n"
        f'windows = [{{ name = "#(touch {witness})", panes = {panes} }}]\n'
    )
    write(world, text)
    trace = tmp_path / "trace"
    with traced_restore(world, world.home / FILE, trace):
        assert len(world.panes("work")) == 3
        time.sleep(2)  # whatever would still start, does
    assert not witness.exists()
    assert not foreign_programs(trace)


def test_an_untrusted_file_is_allowed_by_yes_and_then_needs_no_word(world):
    text = HEAD + 'windows = [{ name = "w", panes = [{ run = ["sleep", "99"] }] }]\n'
    done = world.run("restore", write(world, text), check=False)
    assert done.returncode == 5
    assert world.panes("work")[0].run is None
    world.run("restore", world.home / FILE, "--replace", "--yes")
    world.end()
    world.run("restore", world.home / FILE)
    assert world.panes("work")[0].run == ("sleep", "99")


def test_of_a_changed_file_what_was_allowed_is_started_and_only_the_new_is_not(saved):
    world, _ = saved
    path = world.home / FILE
    path.write_text(path.read_text() + '\n[[windows]]\nname = "new"\npanes = [{ run = ["x"] }]\n')
    done = world.run("restore", path, check=False)
    assert done.returncode == 5
    runs = [pane.run for pane in world.panes("work")]
    assert ("less", "-N", "big log.txt") in runs
    assert runs[-1] is None


def test_what_is_restored_and_saved_though_nothing_can_be_stored_beside_the_file(world):
    text = HEAD + 'windows = [{ name = "w", panes = [{ run = ["sleep", "99"] }] }]\n'
    path = write(world, text)
    state = Path(world.machine.state)
    state.mkdir(parents=True, exist_ok=True)
    for name in ("trusted", "live", "volatile"):
        (state / name).write_text("in the way")
    done = world.run("restore", path, "--yes")
    assert "restored work from" in done.stdout
    assert world.panes("work")[0].run == ("sleep", "99")
    assert "it is trusted this time only: " in done.stderr
    assert "it was not stored that it runs: " in done.stderr
    world.tmux("split-window", "-t", "work")
    done = world.run("save", "work", "--file", path)
    assert "saved work into" in done.stdout
    assert "what is kept beside it was not stored: " in done.stderr
    assert path.read_text().count("run") == 1
    assert "layout" in path.read_text()


def test_verify_compares_what_was_not_allowed_too(world):
    world.tmux("new-session", "-d", "-s", "work", "-n", "w")
    text = HEAD + 'windows = [{ name = "w", panes = [{ run = ["sleep", "99"] }] }]\n'
    done = world.run("restore", write(world, text), "--verify", check=False)
    assert done.returncode == 1
    said = "window w: pane 1: program: asked for sleep 99, there is a shell"
    assert said in done.stdout.splitlines()
    world.tmux("split-window", "-t", "work")
    world.tmux("split-window", "-t", "work")
    done = world.run("restore", world.home / FILE, "--verify", check=False)
    assert "window w: pane: asked for 1 pane, there are 3" in done.stdout.splitlines()


def test_directories_and_layouts_alone_need_no_word(world):
    text = HEAD + f'windows = [{{ name = "w", panes = [{{ cwd = "{world.home}" }}, {{}}] }}]\n'
    world.run("restore", write(world, text))
    assert len(world.panes("work")) == 2


def test_a_command_added_by_someone_else_is_not_trusted_by_the_next_save(saved):
    world, _ = saved
    path = world.home / FILE
    world.run("restore", path)
    path.write_text(
        path.read_text() + '\n[[windows]]\nname = "evil"\npanes = [{ run = ["evil"] }]\n'
    )
    world.run("save", "work", check=False)
    assert "evil" in path.read_text()
    answer = steps_of(world, "--dry-run")
    assert not answer["trusted"]


@pytest.mark.slow  # test_killed_saves.py sees that too
def test_killing_a_save_leaves_the_last_good_file(saved):
    world, _ = saved
    path = world.home / FILE
    world.run("restore", path)
    good = path.read_text()
    for number in range(6):
        world.tmux("rename-window", "-t", "work:0", f"name{number}")
        command = [os.sys.executable, "-m", "sessionctl", "save", "work"]
        running = subprocess.Popen([*command, "--tmux-socket", world.socket], env=world.env)
        try:
            running.wait(timeout=0.05 + 0.03 * number)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        text = path.read_text()
        names = {f'name = "name{earlier}"' for earlier in range(number + 1)}
        assert text == good or any(name in text for name in names)
        world.run_plain("validate", path)


def test_a_save_without_a_server_says_so_and_changes_nothing(saved):
    world, _ = saved
    before = (world.home / FILE).read_text()
    done = world.run("save", "work", check=False)
    assert done.returncode == 3
    assert "no server runs" in done.stderr
    assert (world.home / FILE).read_text() == before


def test_a_small_client_that_attaches_first_leaves_no_mark_on_the_layout(saved):
    world, before = saved
    world.run("restore", world.home / FILE, "--fresh")
    if world.adapter.server.run([("display-message", "-p", "#{version}")])[0].text < "3.3":
        pytest.skip("tmux says that a window was resized from 3.3 on")
    for size in ("30x6", "160x45"):
        width, height = size.split("x")
        world.tmux("resize-window", "-t", "work:0", "-x", width, "-y", height)
    assert_stands_as(world, before, lambda workspace: workspace.windows[0].layout)
    world.wait_until(lambda: "917" not in world.tmux("show-options", "-H", "-w", "-t", "work:0"))


def test_a_hook_of_ours_is_no_option_of_the_user(saved):
    world, _ = saved
    text = (world.home / FILE).read_text()
    world.run("restore", world.home / FILE)
    world.tmux("set-option", "-t", "work", "@projet", "changed")
    world.run("save", "work")
    assert (world.home / FILE).read_text() == text.replace("alpha 'beta'", "changed")


def test_verify_names_what_does_not_stand_and_changes_nothing(saved):
    world, _ = saved
    file = world.home / FILE
    done = world.run("restore", file, "--verify", check=False)
    assert (done.returncode, done.stdout) == (
        1,
        "the session: session: asked for work, there is nothing\n",
    )
    world.run("restore", file)
    assert "everything runs" in world.run("restore", file, "--verify").stderr
    world.tmux("kill-window", "-t", "work:4")
    world.tmux("set-option", "-u", "-t", "work", "@projet")
    before = world.tmux("list-panes", "-a", "-F", "#{pane_id} #{window_layout}")
    done = world.run("restore", file, "--verify", check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "the session: option: asked for @projet, there is nothing",
        "window mon:tor #2: window: asked for mon:tor #2, there is nothing",
    ]
    assert world.tmux("list-panes", "-a", "-F", "#{pane_id} #{window_layout}") == before
    assert len(steps_of(world, "--verify", code=1)["differences"]) == 2


def test_verify_says_nothing_of_what_tmux_sets_itself(world):
    text = HEAD + 'options = { default-size = "90x30", mouse = true }\n[[windows]]\nname = "w"\n'
    text += 'options = { window-size = "largest" }\n'
    restore(world, text)
    assert "everything runs" in world.run("restore", world.home / FILE, "--verify").stderr
