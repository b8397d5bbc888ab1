"""A backend of our own that speaks the messages of the driver zmq-json, for tests only.

    python zmq_service.py '{"port": 1234, ...}'

It answers create, restore, update, close, info, list, statistics, and sleep; it is no image of
anything. Sessions live in memory, or in the file ``store``. Each request that changes something is
written to the file ``log``.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import zmq

OPTIONS = json.loads(sys.argv[1])
STORE = Path(OPTIONS["store"]) if "store" in OPTIONS else None
SESSIONS = json.loads(STORE.read_text()) if STORE and STORE.exists() else {}
STARTED = datetime.now(UTC).isoformat()


class RefusalError(Exception):
    """An answer with an error."""

    def __init__(self, error_type, error):
        super().__init__(error)
        self.error_type = error_type


def carried_out(command, parameters):
    """Return the result of a request."""
    if command in {"create", "restore"} and parameters.get("token") != OPTIONS.get("token"):
        raise RefusalError("AuthenticationError", f"invalid token {parameters.get('token')}")
    if command == "statistics":
        return {
            "backend_id": OPTIONS.get("backend_id", "b-1"), "name": "Test backend",
            "version": "1.2", "started": STARTED, "sessions": len(SESSIONS),
        }  # fmt: skip
    if command == "list":
        return sorted(SESSIONS)
    if command == "sleep":
        time.sleep(parameters["seconds"])
        return None
    if command == "create":
        if len(SESSIONS) >= OPTIONS.get("most", 5):
            raise RefusalError("SessionLimitExceeded", "too many sessions")
        number = secrets.token_urlsafe(16)
        state = {key: value for key, value in parameters.items() if key != "token"}
        SESSIONS[number] = state
        return {"session_id": number}
    session = parameters.get("session_id")
    if session not in SESSIONS:
        raise RefusalError("SessionNotFound", "there is no such session")
    if command == "update":
        SESSIONS[session] |= {k: v for k, v in parameters.items() if k != "session_id"}
    elif command == "close":
        return bool(SESSIONS.pop(session))
    elif command not in {"restore", "info"}:
        raise RefusalError("UnknownCommand", "unsupported")
    return {"session_id": session, "state": SESSIONS[session]}


def answered(data):
    """Return the answer to a request."""
    request = json.loads(data)
    command = request["command"]
    answer = {"id": request["id"], "timestamp": datetime.now(UTC).isoformat()}
    if command in {"create", "restore", "update", "close"} and "log" in OPTIONS:
        with Path(OPTIONS["log"]).open("a") as log:
            log.write(command + "\n")
    try:
        answer |= {"status": "success", "result": carried_out(command, request["parameters"])}
    except RefusalError as refusal:
        answer |= {"status": "error", "error": str(refusal), "error_type": refusal.error_type}
    if STORE:
        STORE.write_text(json.dumps(SESSIONS))
    return json.dumps(answer | OPTIONS.get("answer", {})).encode()


def main():
    """Serve until killed."""
    context = zmq.Context()
    server = context.socket(zmq.REP)
    server.linger = 0
    if "curve" in OPTIONS:
        server.curve_secretkey = OPTIONS["curve"]["secret"].encode()
        server.curve_publickey = OPTIONS["curve"]["public"].encode()
        server.curve_server = True
        if "client" in OPTIONS["curve"]:
            from zmq.auth.thread import ThreadAuthenticator

            keeper = ThreadAuthenticator(context)
            keeper.start()
            keeper.configure_curve_callback(credentials_provider=Provider())
    server.bind(OPTIONS.get("endpoint", f"tcp://127.0.0.1:{OPTIONS['port']}"))
    while True:
        data = server.recv()
        server.send(OPTIONS["raw"].encode() if "raw" in OPTIONS else answered(data))


class Provider:
    """Lets in one client."""

    def callback(self, domain, key):
        return key == bytes(OPTIONS["curve"]["client"], "ascii") or _encoded(key)


def _encoded(key):
    from zmq.utils import z85

    return z85.encode(key).decode() == OPTIONS["curve"]["client"]


if __name__ == "__main__":
    main()
