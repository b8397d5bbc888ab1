"""A host with an event loop: every callback runs in it, and nothing waits for it in vain."""

from __future__ import annotations

import asyncio
import threading
import tomllib

from sessionctl.sdk import Status


def test_callbacks_run_in_the_loop(start, file):
    async def main():
        loop = asyncio.get_running_loop()
        seen = set()
        host = start(wake=loop.call_soon_threadsafe)
        host.workspace.on_status(lambda event: seen.add(threading.get_ident()))
        assert host.workspace.restore() is Status.FRESH
        host.set("editor", text="a")
        while "saved" not in host.statuses:
            await asyncio.sleep(0.01)
        text = file.read_text()
        await asyncio.to_thread(file.write_text, text.replace('"a"', '"b"'))
        while host.state["editor"] != {"text": "b"}:
            await asyncio.sleep(0.01)
        host.set("editor", text="c")
        assert host.workspace.flush(), "the loop does what is asked of it meanwhile"
        assert host.workspace.close()
        return seen

    assert asyncio.run(asyncio.wait_for(main(), 30)) == {threading.get_ident()}
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"] == {"text": "c"}


def test_a_close_after_the_loop_ended_saves(start, file):
    host = None

    async def main():
        nonlocal host
        host = start(wake=asyncio.get_running_loop().call_soon_threadsafe)
        host.workspace.restore()
        host.set("editor", text="last")

    asyncio.run(main())
    assert host.workspace.close()
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"] == {"text": "last"}
