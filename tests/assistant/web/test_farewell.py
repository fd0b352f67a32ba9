"""When the server stops, company ends and answers go on."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.web.farewell import Farewell
from tests.assistant.web.conftest import request, run

HEARTBEAT = "/gradio_api/heartbeat/abc"


async def first_received(path: str, *, stops: bool, message: Message | None) -> Message | None:
    """Return what an application receives on a stream; None where it goes on waiting."""
    got: list[Message] = []
    stopping = asyncio.Event()

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        got.append(await receive())

    async def receive() -> Message:
        return message if message is not None else await asyncio.Event().wait()

    stream = asyncio.create_task(Farewell(app, stopping)(request(path), receive, None))
    await asyncio.sleep(0)
    if stops:
        stopping.set()
    # As many turns of the loop as anything that is ready could need.
    for _ in range(20):
        await asyncio.sleep(0)
    stream.cancel()
    await asyncio.wait([stream])
    return got[0] if got else None


def test_company_ends_when_the_server_stops() -> None:
    """A heartbeat sees its client go."""
    assert run(first_received(HEARTBEAT, stops=True, message=None)) == {"type": "http.disconnect"}


def test_until_then_it_stays() -> None:
    """While the server runs, nothing is made up, and what comes is passed on."""
    assert run(first_received(HEARTBEAT, stops=False, message=None)) is None
    message = {"type": "http.request", "body": b""}
    assert run(first_received(HEARTBEAT, stops=False, message=message)) == message


@pytest.mark.parametrize("path", ["/gradio_api/queue/data", "/api/ask", "/gradio_api/heartbeat/a/b"])
def test_answers_are_not_cut_off(path: str) -> None:
    """A stream on which somebody waits for an answer does not notice."""
    assert run(first_received(path, stops=True, message=None)) is None
