from __future__ import annotations

import json

import pytest

from sessionctl.connections import ConnectionFailure, FailureKind
from sessionctl.connections.jupyter.kernel_file import path_of, read_kernel_file
from tests.connections.adapter_calls import request_for

FILE = {"ip": "::1", "key": "k3y-unseen", "shell_port": 1, "iopub_port": 2, "control_port": 3,
        "hb_port": 4}  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({}, "/home/ada/.local/share/jupyter/runtime/k.json"),
        ({"XDG_DATA_HOME": "/data"}, "/data/jupyter/runtime/k.json"),
        ({"XDG_DATA_HOME": "/data", "JUPYTER_DATA_DIR": "/j"}, "/j/runtime/k.json"),
        ({"JUPYTER_DATA_DIR": "/j", "JUPYTER_RUNTIME_DIR": "/r"}, "/r/k.json"),
    ],
)
def test_a_bare_name_is_looked_for_where_jupyter_has_it(tmp_path, monkeypatch, environ, path):
    monkeypatch.setattr("sys.platform", "linux")
    request = request_for({"connection_file": "k.json"}, tmp_path, home="/home/ada")
    request = request._replace(environ=environ)
    assert path_of(request) == path
    assert path_of(request._replace(settings={"connection_file": "~/k.json"})) == "/home/ada/k.json"


def test_a_file_says_where_a_kernel_listens(tmp_path):
    path = tmp_path / "k.json"
    path.write_text(json.dumps(FILE))
    found = read_kernel_file(str(path), was_open=False)
    assert found.endpoints["hb"] == "tcp://[::1]:4"
    assert "k3y-unseen" not in repr(found)
    path.write_text(json.dumps(FILE | {"transport": "ipc", "ip": "/run/k"}))
    assert read_kernel_file(str(path), was_open=False).endpoints["shell"] == "ipc:///run/k-1"
    path.write_text(json.dumps(FILE | {"transport": "carrier-pigeon"}))
    with pytest.raises(ConnectionFailure):
        read_kernel_file(str(path), was_open=False)


def test_a_file_that_is_nested_deeply_is_no_connection_file(tmp_path):
    path = tmp_path / "kernel.json"
    path.write_text("[" * 60_000)
    with pytest.raises(ConnectionFailure) as caught:
        read_kernel_file(str(path), was_open=False)
    assert caught.value.failure.kind is FailureKind.CONFIG


def test_a_file_that_went_with_its_kernel_may_come_back(tmp_path):
    kinds = []
    for was_open in (False, True):
        with pytest.raises(ConnectionFailure) as caught:
            read_kernel_file(str(tmp_path / "none"), was_open=was_open)
        kinds.append(caught.value.failure.kind)
    assert kinds == [FailureKind.CONFIG, FailureKind.TRANSIENT]
    with pytest.raises(ConnectionFailure) as caught:
        read_kernel_file(str(tmp_path), was_open=True)
    assert caught.value.failure.kind is FailureKind.CONFIG
