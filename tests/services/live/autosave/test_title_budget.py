"""Titles that change now and then are kept at once, those that never rest every 15 seconds."""

from __future__ import annotations

from sessionctl.services.live.autosave.tmux_autosave import _LOOKS, _TitleBudget


def test_the_first_changes_are_kept_at_once_then_one_each_fifteen_seconds():
    budget = _TitleBudget()
    now = 1_000_000
    kept = []
    for second in range(120):
        at = now + second * 1000
        if budget.spend(at) <= at:
            kept.append(second)
    assert kept[:_LOOKS] == list(range(_LOOKS))
    assert 5 <= len(kept) - _LOOKS <= 9


def test_after_a_rest_changes_are_kept_at_once_again():
    budget = _TitleBudget()
    for second in range(60):
        budget.spend(second * 1000)
    at = 10_000_000
    assert budget.spend(at) == at
