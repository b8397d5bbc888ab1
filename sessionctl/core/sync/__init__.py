"""Keeping a file and a live document in step: a pure state machine.

``step(state, event, rules)`` answers what is now known and what is to be done. Time is a
value in events; reading, writing and waiting are values in the answer.
"""

from __future__ import annotations
