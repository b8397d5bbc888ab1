"""Connection adapter: what a kind of connection must do to be opened, watched and brought back.

An adapter takes values and gives values; nothing else of sessionctl is needed to write one.
``sessionctl.connections`` has all the names, docs/adapters.md a whole adapter.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.core.values import Table

GROUP = "sessionctl.connections"
"""The entry points that name adapters: each leads to a callable without arguments that returns
a ``ConnectionAdapter``. The name is what ``driver`` says; that of another package has a dot."""

API = 1
"""The version of the protocol on this page."""


class OpenStep(Enum):
    """A step of opening a connection, in this order; an adapter leaves out what it has not."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    AUTHENTICATE = "authenticate"
    VALIDATE = "validate"
    RESUME = "resume"


class FailureKind(Enum):
    """What a failure means for the next attempt."""

    TRANSIENT = "transient"
    """The network or the server; the same again may succeed."""
    BUSY = "busy"
    """The server is there and asks to wait; ``retry_after_s`` says how long, where it does."""
    AUTH = "auth"
    """The secret or the user is refused. Never tried again without the user."""
    CONFIG = "config"
    """What the session file says cannot work: a name that is no host, a missing file."""
    INCOMPATIBLE = "incompatible"
    """The server answers, but not as wanted: its version, its protocol. The user decides."""
    PERMANENT = "permanent"
    """All else that another attempt would not change."""


class Failure(NamedTuple):
    """Why a call failed, for the manager and for people.

    ``message`` is lower case, without a full stop and without any secret. ``found`` and
    ``wanted`` are the two sides of an incompatibility. ``key`` is the key of the connection that
    is at fault, such as "host", so that a report can point at line and column; "" for none.
    """

    kind: FailureKind
    message: str
    hints: tuple[str, ...] = ()
    retry_after_s: float | None = None
    found: str = ""
    wanted: str = ""
    key: str = ""


class ConnectionFailure(Exception):  # noqa: N818
    """Raised by an adapter that knows already what its failure means."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class ConnectionRequest(NamedTuple):
    """The connection that is wanted.

    ``settings`` is its table in the session file, overrides of this machine laid over it,
    without references to secrets; ``secrets`` has their values by the key they stand at, dotted
    below a table ("password", "headers.Authorization"). Relative paths count from
    ``directory``, that of the session; ``home`` is the user's, ``environ`` his environment.
    ``scratch`` is a private directory that lasts as long as a login, for sockets.
    ``accepts_any_version`` is true where the user was shown an incompatibility and goes on.
    """

    name: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    directory: str
    home: str
    environ: Mapping[str, str]
    scratch: str
    accepts_any_version: bool = False


class PeerIdentity(NamedTuple):
    """Who is at the other end.

    ``key`` is the same for the same server (a system identifier, a host key, a run id's
    stable part) and goes into the state; "" where a kind cannot say. ``text`` is for people:
    "PostgreSQL 15.4 on db.example.org". ``run`` changes when the server was started anew.
    """

    key: str
    text: str
    version: str = ""
    run: str = ""


class Health(NamedTuple):
    """What a probe found.

    ``is_skipped`` is true where nothing was asked because the user is in the middle of
    something (a transaction, a running statement) that a probe would disturb. ``missed`` are
    sentences on what came or went unseen, such as a subscription that the server dropped.
    """

    latency_s: float = 0.0
    is_skipped: bool = False
    missed: tuple[str, ...] = ()


class ResumeReport(NamedTuple):
    """What ``resume`` brought back: each a phrase such as "search_path: app, public".

    ``lost`` is what was there and cannot come back, ``needs_user`` what only the user can do;
    what is not in one of the three was not there. They hold no secrets and no values of
    statements.
    """

    restored: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    needs_user: tuple[str, ...] = ()


class PrintedCommand(NamedTuple):
    """A program that opens the same connection by hand, without a secret in its arguments.

    ``secret_variables`` are the variables it wants, each with the key of the secret in the
    connection: {"PGPASSWORD": "password"}.
    """

    argv: tuple[str, ...]
    environ: Mapping[str, str] = {}
    secret_variables: Mapping[str, str] = {}


class ConnectionAdapter(Protocol):
    """A kind of connection.

    Every call that talks has a deadline and must return or raise by then. ``close`` may be
    called from another thread while a call hangs, and must make that call return; it never
    raises and may be called twice. All other calls on one handle come one at a time. What a
    method raises is given to ``classify``. A library is imported when ``open`` needs it; one
    that is missing is a ``ConnectionFailure`` of the kind CONFIG whose hint installs it.
    """

    kind: str
    """What ``driver`` says, such as "postgres"."""

    api: int
    """``API`` as the adapter was written for it."""

    def schema(self) -> Table:
        """Return the JSON Schema of its table in the session file, without what all have."""

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> Any:
        """Return a handle of an open connection, ready for the user.

        ``step`` is called when a step begins, so that a failure is told as that step's.
        """

    def probe(self, handle: Any, deadline: Deadline) -> Health:
        """Ask the other side whether it is there, and wait for the answer.

        It changes nothing, and asks nothing inside a transaction of the user. Raises where no
        answer comes.
        """

    def identity(self, handle: Any, deadline: Deadline) -> PeerIdentity:
        """Return who is at the other end."""

    def capture(self, handle: Any, deadline: Deadline) -> Table:
        """Return what ``resume`` needs to bring the connection's own state back, as TOML values.

        No secrets, no data of the user. Called when the state may have changed; the last one
        before a cut is what comes back. Where ``probe`` skips, it asks nothing either: it
        returns what it knows, and what would be lost.
        """

    def resume(self, handle: Any, state: Table, deadline: Deadline) -> ResumeReport:
        """Bring ``state`` back on a fresh handle, and say what was lost.

        It never repeats a statement of the user.
        """

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means; it never raises."""

    def close(self, handle: Any) -> None:
        """Close the connection, and make a call that hangs in it return."""


class CommandAdapter(ConnectionAdapter, Protocol):
    """An adapter that knows a program for its kind of connection."""

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the program that opens the same; nothing is run and no secret is read.

        ``request.secrets`` has the keys of the secrets, each with an empty value.
        """
