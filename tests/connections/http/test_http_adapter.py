from __future__ import annotations

import socket
import threading

import pytest

from sessionctl.connections import Deadline, FailureKind, OpenStep
from sessionctl.connections.http.http_adapter import HttpAdapter
from sessionctl.connections.http.http_channel import HttpAnswer
from sessionctl.connections.http.http_site import HttpSite, address_of
from sessionctl.connections.http.http_status import retry_after_s
from tests.connections.adapter_calls import (
    connection,
    failure_of,
    noticed,
    open_failure,
    opened,
    reopened,
    request_for,
)
from tests.connections.manual_cuts import (
    cut_black_hole,
    cut_half_open,
    cut_refused,
    cut_server_killed,
    end_of_cut,
)
from tests.connections.servers.event_server import EventServer
from tests.connections.servers.nginx_server import NginxServer
from tests.connections.servers.server_process import HOST, free_port, running, wait_until
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.world import REPEATS, repeated

ADAPTER = HttpAdapter()
CANARY = "canary-http-91Xk"


@pytest.fixture(scope="module")
def shared_nginx():
    with running(NginxServer(token=CANARY)) as server:
        yield server


@pytest.fixture
def nginx(shared_nginx):
    return shared_nginx


@pytest.fixture
def own_nginx():
    with running(NginxServer()) as server:
        yield server


def settings(url, **more):
    return {"driver": "http", "url": url, **more}


def test_a_service_is_opened_in_steps_and_probed(nginx, tmp_path):
    request = request_for(settings(nginx.url, probe="/healthz"), tmp_path)
    handle, steps = opened(ADAPTER, request)
    try:
        assert steps == [OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.VALIDATE]
        assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
        identity = ADAPTER.identity(handle, Deadline(10))
        assert identity.text.startswith("nginx")
        assert identity.text.endswith(nginx.url)
        assert handle.request("GET", "healthz", Deadline(10)).body == b"ok\n"
    finally:
        ADAPTER.close(handle)
        ADAPTER.close(handle)


@pytest.mark.parametrize(
    ("probe", "secrets", "more"),
    [
        ("/token", {"token": CANARY}, {}),
        ("/basic", {"password": CANARY}, {"user": "ada"}),
        ("/key", {"headers.X-Key": CANARY}, {"headers": {"Accept": "text/plain"}}),
    ],
)
def test_credentials_let_in_and_wrong_ones_are_reported_by_their_key(
    nginx, tmp_path, probe, secrets, more
):
    # nginx answers 404 behind its password, for there is no such file.
    wanted = settings(nginx.url + probe, **more)
    handle, steps = opened(ADAPTER, request_for(wanted, tmp_path, secrets=secrets))
    ADAPTER.close(handle)
    assert OpenStep.AUTHENTICATE in steps
    wrong = {key: "wrong-" + value for key, value in secrets.items()}
    failure = open_failure(ADAPTER, request_for(wanted, tmp_path, secrets=wrong))
    assert (failure.kind, failure.key) == (FailureKind.AUTH, next(iter(secrets)))
    assert CANARY not in repr(failure)
    failure = open_failure(ADAPTER, request_for(wanted, tmp_path))
    assert failure.kind is FailureKind.AUTH
    assert failure.hints


@pytest.mark.parametrize(
    ("probe", "kind", "retry_after_s", "key"),
    [
        ("/busy", FailureKind.BUSY, 7, ""),
        ("/limit", FailureKind.BUSY, None, ""),
        ("/broken", FailureKind.TRANSIENT, None, ""),
        ("/upgrade", FailureKind.INCOMPATIBLE, None, ""),
        ("/nothing", FailureKind.CONFIG, None, "probe"),
        ("/circle", FailureKind.CONFIG, None, "url"),
    ],
)
def test_an_answer_says_whether_to_come_again(nginx, tmp_path, probe, kind, retry_after_s, key):
    failure = open_failure(ADAPTER, request_for(settings(nginx.url, probe=probe), tmp_path))
    assert (failure.kind, failure.retry_after_s, failure.key) == (kind, retry_after_s, key)


def test_a_path_that_nobody_named_need_not_be_there(nginx, tmp_path):
    with connection(ADAPTER, request_for(settings(nginx.url + "/nothing"), tmp_path)) as handle:
        assert ADAPTER.probe(handle, Deadline(10))


@pytest.mark.parametrize("more", ["return 404", "return 302 http://other.example.org/"])
def test_a_path_that_was_there_is_not_wrong_while_the_service_starts(tmp_path, more):
    adapter = HttpAdapter()
    location = "location = /late {{ {} ; }}"
    server = NginxServer(more=location.format("return 200"))
    try:
        server.start()
        wanted = settings(server.url, probe="/late")
        request = request_for(wanted, tmp_path, secrets={"token": CANARY})
        handle, _ = opened(adapter, request)
        server.stop()
        server.more = location.format(more)
        server.start()
        assert noticed(adapter, handle).kind is FailureKind.TRANSIENT
        adapter.close(handle)
        assert open_failure(adapter, request).kind is FailureKind.TRANSIENT
        assert open_failure(HttpAdapter(), request).kind is FailureKind.CONFIG
    finally:
        server.remove()


def test_a_date_to_wait_for_counts_by_the_clock_of_the_server():
    headers = {
        "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT",
    }  # fmt: skip
    assert retry_after_s(HttpAnswer(503, headers, b"")) == 30
    assert retry_after_s(HttpAnswer(503, headers | {"retry-after": headers["date"]}, b"")) == 0
    assert retry_after_s(HttpAnswer(503, {"retry-after": "soon"}, b"")) is None
    assert retry_after_s(HttpAnswer(503, {"retry-after": "-3"}, b"")) is None


# -- redirects ---------------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(nginx, tmp_path):
    request = request_for(settings(nginx.url, probe="/here"), tmp_path, secrets={"token": CANARY})
    with connection(ADAPTER, request) as handle:
        assert ADAPTER.probe(handle, Deadline(10))


@pytest.mark.parametrize(
    ("secrets", "headers"),
    [
        ({"token": CANARY}, {}),
        ({"password": CANARY}, {}),
        ({"headers.X-Key": CANARY}, {}),
        ({}, {"Cookie": "session=" + CANARY}),
        ({}, {"X-Other": CANARY, "Accept": "text/plain"}),
    ],
)
def test_a_redirect_to_another_host_carries_no_credentials(tmp_path, secrets, headers):
    with EventServer() as other:
        nginx = NginxServer(elsewhere=f"http://{HOST}:{other.port}")
        try:
            nginx.start()
            wanted = settings(nginx.url, probe="/elsewhere", headers=headers)
            request = request_for(wanted, tmp_path, secrets=secrets)
            if secrets or "Cookie" in headers:
                failure = open_failure(ADAPTER, request)
                assert (failure.kind, failure.key) == (FailureKind.CONFIG, "url")
                assert f"http://{HOST}:{other.port}" in failure.hints[0]
                assert not other.requests
            else:
                with connection(ADAPTER, request):
                    assert [path for path, _ in other.requests] == ["/seen"]
            assert CANARY not in repr(other.requests)
        finally:
            nginx.remove()


@pytest.mark.parametrize(
    "other", ["http://api.example.org", "https://api.example.org:444", "https://example.org"]
)
def test_credentials_are_for_one_scheme_host_and_port(tmp_path, other):
    wanted = settings("https://api.example.org/v1", headers={"X-Plain": CANARY, "Accept": "a/b"})
    secrets = {"token": CANARY, "headers.X-Key": CANARY}
    site = HttpSite(request_for(wanted, tmp_path, secrets=secrets))
    assert {"Authorization", "X-Key", "X-Plain"} <= site.headers(site.base.origin).keys()
    assert site.headers(address_of(other).origin).keys() == {"Accept", "User-Agent"}
    assert site.address("//evil.example.org/x").origin == site.base.origin


# -- TLS ---------------------------------------------------------------------------------------


def test_a_certificate_is_checked_against_the_file_of_the_session(nginx, tmp_path):
    wanted = settings(nginx.tls_url, ca_file=str(nginx.directory / "cert.pem"))
    with connection(ADAPTER, request_for(wanted, tmp_path)) as handle:
        assert ADAPTER.probe(handle, Deadline(10))
    with connection(
        ADAPTER, request_for(settings(nginx.tls_url, verify=False), tmp_path)
    ) as handle:
        assert ADAPTER.probe(handle, Deadline(10))


def test_a_certificate_that_nobody_vouches_for_is_refused(nginx, tmp_path):
    failure = open_failure(ADAPTER, request_for(settings(nginx.tls_url), tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "url")
    assert "self-signed" in failure.message.replace(" ", "-")


def test_a_certificate_of_another_name_is_refused(nginx, tmp_path):
    wanted = settings(f"https://{HOST}:{nginx.tls_port}", ca_file=str(nginx.directory / "cert.pem"))
    failure = open_failure(ADAPTER, request_for(wanted, tmp_path))
    assert failure.kind is FailureKind.CONFIG


def test_a_server_without_tls_is_named(nginx, tmp_path):
    failure = open_failure(ADAPTER, request_for(settings(f"https://{HOST}:{nginx.port}"), tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "url")
    assert "does not speak TLS" in failure.message


def test_a_file_of_certificates_that_is_missing_is_named(nginx, tmp_path):
    failure = open_failure(
        ADAPTER, request_for(settings(nginx.tls_url, ca_file="none.pem"), tmp_path)
    )
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "ca_file")


# -- cuts --------------------------------------------------------------------------------------


CUTS = [cut_server_killed, cut_half_open, cut_black_hole, cut_refused]


def cut_and_come_back(server, tmp_path, cut):
    with TcpProxy(server.port) as proxy:
        request = request_for(settings(f"http://{HOST}:{proxy.port}"), tmp_path)
        with connection(ADAPTER, request) as handle:
            cut(server, proxy)
            noticed(ADAPTER, handle)
        end_of_cut(server, proxy, cut)
        handle, report = reopened(ADAPTER, request)
        ADAPTER.close(handle)
        return report


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_noticed_and_the_service_comes_back(own_nginx, tmp_path, cut):
    assert not cut_and_come_back(own_nginx, tmp_path, cut).lost


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("cut", CUTS)
def test_repeated_cuts_are_noticed_and_the_service_comes_back(own_nginx, tmp_path, cut):
    for _ in range(REPEATS):
        assert not cut_and_come_back(own_nginx, tmp_path, cut).lost


def test_a_connection_that_was_closed_between_two_requests_is_no_cut(nginx, tmp_path):
    with TcpProxy(nginx.port) as proxy:
        request = request_for(settings(f"http://{HOST}:{proxy.port}"), tmp_path)
        with connection(ADAPTER, request) as handle:
            for close in (proxy.hang_up, proxy.reset):
                close()
                assert ADAPTER.probe(handle, Deadline(10))


def test_closing_lets_a_request_that_hangs_return(nginx, tmp_path):
    with TcpProxy(nginx.port) as proxy:
        request = request_for(settings(f"http://{HOST}:{proxy.port}"), tmp_path)
        with connection(ADAPTER, request) as handle:
            proxy.black_hole()
            timer = threading.Timer(0.3, ADAPTER.close, [handle])
            timer.start()
            failure = failure_of(ADAPTER, lambda: ADAPTER.probe(handle, Deadline(60)))
            timer.join()
        assert failure.kind is FailureKind.TRANSIENT


def test_a_request_that_changes_something_is_sent_once(tmp_path):
    with EventServer() as server, TcpProxy(server.port) as proxy:
        request = request_for(settings(f"http://{HOST}:{proxy.port}"), tmp_path)
        with connection(ADAPTER, request) as handle:
            proxy.to_client = lambda _: b""
            failure_of(ADAPTER, lambda: handle.request("POST", "/pay", Deadline(1), body=b"1"))
            wait_until(lambda: len(server.requests) > 1, "the request")
        assert [path for path, _ in server.requests if path == "/pay"] == ["/pay"]


def answers(data):
    """Return a port at which the first connection gets ``data``."""
    listener = socket.create_server((HOST, 0))

    def serve():
        channel, _ = listener.accept()
        with channel, listener:
            channel.recv(1000)
            channel.sendall(data)

    thread = threading.Thread(target=serve)
    thread.start()
    return listener.getsockname()[1], thread


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", FailureKind.INCOMPATIBLE),
        (b"\x00\x01\x02\r\n\r\n", FailureKind.INCOMPATIBLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", FailureKind.TRANSIENT),
        (b"", FailureKind.TRANSIENT),
    ],
)
def test_what_is_no_answer_is_told_apart(tmp_path, data, kind):
    port, thread = answers(data)
    failure = open_failure(ADAPTER, request_for(settings(f"http://{HOST}:{port}"), tmp_path))
    thread.join()
    assert failure.kind is kind, failure


def test_a_server_that_drips_ends_with_the_deadline(tmp_path):
    listener = socket.create_server((HOST, 0))
    is_over = threading.Event()

    def serve():
        channel, _ = listener.accept()
        with channel, listener:
            while not is_over.wait(0.05):
                try:
                    channel.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    failure = open_failure(ADAPTER, request_for(settings(url), tmp_path), 1)
    is_over.set()
    thread.join()
    assert failure.kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://no-such-host.invalid", {FailureKind.CONFIG, FailureKind.TRANSIENT}),
        ("ftp://h/", {FailureKind.CONFIG}),
        ("http://u:p@h/", {FailureKind.CONFIG}),
        ("http://h:99999/", {FailureKind.CONFIG}),
        ("http://h/a b", {FailureKind.CONFIG}),
    ],
)
def test_an_address_that_cannot_work_is_a_mistake_of_the_url(tmp_path, url, kind):
    failure = open_failure(ADAPTER, request_for(settings(url), tmp_path))
    assert failure.kind in kind
    assert failure.key == "url"
    assert "u:p" not in repr(failure)


def test_a_port_where_nobody_listens_may_come_back(tmp_path):
    url = f"http://{HOST}:{free_port()}"
    failure = open_failure(ADAPTER, request_for(settings(url), tmp_path))
    assert failure.kind is FailureKind.TRANSIENT
    assert "refuses the connection" in failure.message


def test_a_secret_that_no_header_can_hold_is_refused_unseen(tmp_path):
    request = request_for(settings("http://h"), tmp_path, secrets={"token": CANARY + "\nX: y"})
    failure = open_failure(ADAPTER, request)
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "token")
    assert CANARY not in repr(failure)


def test_a_handle_prints_without_secrets(nginx, tmp_path):
    request = request_for(settings(nginx.url), tmp_path, secrets={"token": CANARY})
    with connection(ADAPTER, request) as handle:
        assert CANARY not in repr(handle) + repr(handle.site) + repr(handle.__dict__)


def test_the_printed_command_has_no_secret(tmp_path):
    wanted = settings("https://api.example.org/v1", probe="/healthz", user="ada")
    printed = ADAPTER.command(request_for(wanted, tmp_path, secrets={"password": CANARY}))
    assert CANARY not in repr(printed)
    assert printed.argv[-1] == "https://api.example.org/healthz"
    assert printed.secret_variables == {"SESSIONCTL_PASSWORD": "password"}
