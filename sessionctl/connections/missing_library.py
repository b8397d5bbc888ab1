"""Missing library: the failure of a driver without its library, and what installs that."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.system.optional_libraries import install_command


def missing_library(driver: str, library: str, extra: str) -> Failure:
    """Return that ``driver`` needs ``library``, which comes with ``extra`` of this package."""
    return Failure(
        FailureKind.CONFIG,
        f"the driver {driver} needs {library}",
        hints=(f"install it: {install_command(extra)}",),
        key="driver",
    )
