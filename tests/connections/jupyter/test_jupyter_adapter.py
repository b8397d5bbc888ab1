from __future__ import annotations

import json
import threading

import pytest

from sessionctl.connections import Deadline, FailureKind, OpenStep
from sessionctl.connections.jupyter.jupyter_adapter import JupyterAdapter
from tests.connections.adapter_calls import (
    connection,
    failure_of,
    noticed,
    open_failure,
    opened,
    reopened,
    request_for,
)
from tests.connections.servers.kernel_server import KernelProxies, KernelServer
from tests.connections.servers.server_process import running, wait_until
from tests.world import REPEATS, repeated

ADAPTER = JupyterAdapter()
LATER_S = 60


@pytest.fixture
def server():
    with running(KernelServer()) as server:
        yield server


@pytest.fixture(scope="module")
def same_server():
    """Return a kernel for tests that take it as it is: to start one takes half a second."""
    with running(KernelServer()) as server:
        yield server


def ran(handle, code):
    """Return what a cell printed."""
    messages = handle.execute(code, Deadline(LATER_S))
    return "".join(m.content["text"] for m in messages if m.kind == "stream")


def captured(handle):
    """Return the state, once the kernel is idle."""
    state = {}

    def is_there():
        state.update(ADAPTER.capture(handle, Deadline(LATER_S)))
        return "variables" in state

    wait_until(is_there, "the variables")
    return state


def test_a_kernel_is_opened_in_steps_and_its_cells_run(same_server, tmp_path):
    handle, steps = opened(ADAPTER, request_for(same_server.settings(), tmp_path))
    assert steps == [
        OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.AUTHENTICATE, OpenStep.VALIDATE,
    ]  # fmt: skip
    assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
    identity = ADAPTER.identity(handle, Deadline(10))
    assert identity.text.startswith("python 3.")
    assert identity.run
    assert ran(handle, "print(6 * 7)") == "42\n"
    assert same_server.key not in repr(handle.__dict__) + repr(handle.channels.__dict__)
    ADAPTER.close(handle)
    ADAPTER.close(handle)


def test_the_same_kernel_comes_back_with_its_variables(server, tmp_path):
    request = request_for(server.settings(), tmp_path)
    with connection(ADAPTER, request) as handle:
        ran(handle, "import os; a = 1; b = [2]; _hidden = 3")
        state = captured(handle)
        assert state["variables"] == ["a", "b"]
        assert state["cell"] == 1
    handle, report = reopened(ADAPTER, request, state)
    assert report.restored == ("the kernel, the same as before", "variables: a, b")
    assert not report.lost
    assert ran(handle, "print(a, b)") == "1 [2]\n"
    assert handle.count == 2
    ADAPTER.close(handle)


def test_a_kernel_that_was_started_anew_is_reported_as_lost(server, tmp_path):
    request = request_for(server.settings(), tmp_path)
    with connection(ADAPTER, request) as handle:
        ran(handle, "a = 1")
        state = captured(handle)
        run = handle.run
        server.kill()
        noticed(ADAPTER, handle)
        server.file.unlink(missing_ok=True)
        assert open_failure(ADAPTER, request).kind is FailureKind.TRANSIENT
    server.start()
    handle, report = reopened(ADAPTER, request, state)
    assert handle.run != run
    assert not report.restored
    assert "restarted" in report.lost[0]
    assert report.lost[1] == "variables: a"
    ADAPTER.close(handle)


def test_a_cell_that_runs_is_not_disturbed_and_what_it_printed_in_a_cut_is_said(server, tmp_path):
    with KernelProxies(server) as proxies:
        request = request_for(server.settings(proxies.file), tmp_path)
        with connection(ADAPTER, request) as handle:
            flag = tmp_path / "go"
            handle.submit(
                "import time, pathlib\nprint('begun')\n"
                f"while not pathlib.Path({str(flag)!r}).exists(): time.sleep(0.02)\nx = 1"
            )
            while handle.message(Deadline(LATER_S)).kind != "stream":
                pass
            for _ in range(3):
                assert not ADAPTER.probe(handle, Deadline(10)).is_skipped
            state = ADAPTER.capture(handle, Deadline(10))
            assert state["running"] == 1
            assert "variables" not in state
            proxies.each("reset")
            noticed(ADAPTER, handle)
        handle, report = reopened(ADAPTER, request, state)
        assert report.restored == ("the kernel, the same as before",)
        assert report.lost == ("what was printed meanwhile by the cell that runs",)
        ADAPTER.close(handle)
        flag.touch()
        handle, _ = reopened(ADAPTER, request)
        assert ran(handle, "print(x)") == "1\n"
        ADAPTER.close(handle)
        handle, report = reopened(ADAPTER, request, state)
        assert "1 cell of yours" in report.lost[0]
        ADAPTER.close(handle)


def test_cells_of_others_that_ran_during_a_cut_are_counted(same_server, tmp_path):
    request = request_for(same_server.settings(), tmp_path)
    with connection(ADAPTER, request) as handle:
        ran(handle, "a = 1")
        state = captured(handle)
        with connection(ADAPTER, request) as other:
            ran(other, "print('unheard')")
            ran(other, "print('unheard')")
    handle, report = reopened(ADAPTER, request, state)
    assert report.lost == ("the output of 2 cells that ran meanwhile",)
    assert len(report.restored) == 2
    ADAPTER.close(handle)


# -- what is refused ---------------------------------------------------------------------------


def test_another_key_is_a_failure_of_authentication(same_server, tmp_path):
    path = same_server.directory / "wrong.json"
    same_server.write(path, same_server.ports, key="another-key-of-a-kernel")
    failure = open_failure(ADAPTER, request_for(same_server.settings(path), tmp_path), 5)
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "connection_file")
    assert "another-key-of-a-kernel" not in repr(failure)
    assert same_server.key not in repr(failure)


@pytest.mark.parametrize("text", [None, "", "{}", "[]", '{"ip": "127.0.0.1", "shell_port": "x"}'])
def test_a_connection_file_that_is_none_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "k.json").write_text(text)
    settings = {"driver": "jupyter", "connection_file": "./k.json"}
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "connection_file")


def test_a_bare_name_is_one_of_the_runtime_directory(tmp_path):
    settings = {"driver": "jupyter", "connection_file": "kernel-1.json"}
    environ = {"JUPYTER_RUNTIME_DIR": "/run/jupyter"}
    request = request_for(settings, tmp_path, environ=environ)
    assert ADAPTER.command(request).argv[-1] == "/run/jupyter/kernel-1.json"
    (tmp_path / "kernel-1.json").touch()
    assert ADAPTER.command(request).argv[-1] == str(tmp_path / "kernel-1.json")


def test_without_jupyter_client_it_is_said_what_to_install(tmp_path, monkeypatch):
    import sys

    content = {f"{c}_port": 1 for c in ("shell", "iopub", "control", "hb")}
    (tmp_path / "k.json").write_text(json.dumps(content | {"ip": "127.0.0.1", "key": "k"}))
    monkeypatch.setitem(sys.modules, "jupyter_client.session", None)
    settings = {"driver": "jupyter", "connection_file": "k.json"}
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "driver")
    assert "-m pip install 'jupyter-client>=" in failure.hints[0]


# -- cuts --------------------------------------------------------------------------------------


def cut_reset(server, proxies):
    proxies.each("reset")


def cut_hung_up(server, proxies):
    proxies.each("hang_up")


def cut_half_open(server, proxies):
    server.pause()


def cut_black_hole(server, proxies):
    proxies.each("black_hole")


def cut_output_only(server, proxies):
    proxies.proxies["iopub"].reset()


CUTS = [cut_reset, cut_hung_up, cut_half_open, cut_black_hole, cut_output_only]


def cut_and_come_back(server, tmp_path, cut):
    with KernelProxies(server) as proxies:
        request = request_for(server.settings(proxies.file), tmp_path)
        with connection(ADAPTER, request) as handle:
            ran(handle, "a = 1")
            state = captured(handle)
            cut(server, proxies)
            noticed(ADAPTER, handle)
        server.go_on()
        proxies.each("go_on")
        handle, report = reopened(ADAPTER, request, state)
        ADAPTER.close(handle)
        return report.restored, report.lost


CAME_BACK = (("the kernel, the same as before", "variables: a"), ())


def test_each_cut_is_noticed_and_the_kernel_comes_back(same_server, tmp_path):
    for cut in CUTS:
        assert cut_and_come_back(same_server, tmp_path, cut) == CAME_BACK, cut


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("cut", CUTS)
def test_repeated_cuts_are_noticed_and_the_kernel_comes_back(server, tmp_path, cut):
    for _ in range(REPEATS):
        assert cut_and_come_back(server, tmp_path, cut) == CAME_BACK


def test_closing_lets_a_call_that_hangs_return(same_server, tmp_path):
    with connection(ADAPTER, request_for(same_server.settings(), tmp_path)) as handle:
        timer = threading.Timer(0.3, ADAPTER.close, [handle])
        timer.start()
        failure = failure_of(ADAPTER, lambda: [handle.message(Deadline(60)) for _ in range(99)])
        timer.join()
        assert failure.kind is FailureKind.TRANSIENT
