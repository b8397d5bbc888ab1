"""The version of sessionctl; the one place that states it, but for a name of a file.

``services/git/cache/kept-VERSION.gitconfig`` is renamed with it: a test compares them.
"""

from __future__ import annotations

__version__ = "0.1.0"
