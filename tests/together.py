"""Many cases in one test: every one is checked, and every one that fails is named."""

from __future__ import annotations

import functools
import inspect
from contextlib import ExitStack

import pytest


def together(names, cases, *, ids=None):
    """Check ``cases`` in one test; it is written as ``pytest.mark.parametrize`` is.

    For a table of many quick cases: an item of pytest costs more than each of its checks. All
    cases run. Each has a ``tmp_path`` of its own, its ``monkeypatch`` is undone behind it, and
    its output does not mix with that of the case before; other fixtures are shared.
    """
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = [
        (name, dict(zip(names, values, strict=True))) for name, values in _named(names, cases, ids)
    ]

    def decorate(test):
        function, inner = getattr(test, "checked_together", (test, [("", {})]))
        table = [
            (f"{name}, {below}" if below else name, {**values, **more})
            for name, values in rows
            for below, more in inner
        ]

        @functools.wraps(test)
        def check(*self, **fixtures):
            failed, skipped = [], []
            for name, values in table:
                try:
                    _check(function, self, fixtures, values)
                except pytest.skip.Exception as skip:
                    skipped.append(skip)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001
                    error.add_note(f"The case: {name}")
                    failed.append(error)
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(table)} cases", failed)
            if skipped:
                pytest.skip(f"{len(skipped)} of {len(table)} cases: {skipped[0]}")

        signature = inspect.signature(test)
        check.__signature__ = signature.replace(
            parameters=[one for one in signature.parameters.values() if one.name not in names]
        )
        check.checked_together = (function, table)
        return check

    return decorate


def _named(names, cases, ids):
    ids = ids if ids is None or callable(ids) else list(ids)
    for number, case in enumerate(cases):
        name, values = None, case
        if isinstance(case, type(pytest.param())):
            assert not case.marks, "a case with a mark is a test of its own"
            name, values = case.id, case.values
        elif len(names) == 1:
            values = (case,)
        if callable(ids):
            name = ", ".join(str(ids(value)) for value in values)
        elif ids is not None:
            name = ids[number]
        yield name or ", ".join(f"{value!s:.200}" for value in values), values


def _check(test, self, fixtures, values):
    with ExitStack() as stack:
        if "monkeypatch" in fixtures:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            fixtures = {**fixtures, "monkeypatch": patch}
        if "tmp_path" in fixtures:
            number = len(list(fixtures["tmp_path"].iterdir()))
            place = fixtures["tmp_path"] / f"case{number}"
            place.mkdir()
            fixtures = {**fixtures, "tmp_path": place}
        for name in fixtures.keys() & {"capsys", "capfd", "capsysbinary", "capfdbinary"}:
            fixtures[name].readouterr()
        test(*self, **fixtures, **values)
