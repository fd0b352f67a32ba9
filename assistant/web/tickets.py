"""
What the chat's page sends to Gradio's queue, checked before Gradio sees it.

Gradio would look for files in whatever is sent, and write what does not fit an event to stderr, words of
a question included. The page sends a text or nothing for each input of an event, and so may others.
"""

import re
from collections.abc import Mapping

import orjson
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.sentences import NOT_A_TURN

CHAT_PATH = "/gradio_api/queue/join"
"""Where the chat's page sends what is typed, and what else is pressed."""

_SESSION = re.compile(r"[A-Za-z0-9]{1,64}")
"""The page makes up some eleven letters and digits."""


class Tickets:
    """ASGI middleware: lets through what the page could have sent."""

    def __init__(self, app: ASGIApp, inputs: Mapping[int, int]) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            inputs: For each event of the chat, by Gradio's number, how many inputs it has.

        """
        self._app = app
        self._inputs = dict(inputs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request; its length has been limited before."""
        if scope["type"] != "http" or scope["path"] != CHAT_PATH:
            await self._app(scope, receive, send)
            return
        body = b""
        message: Message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        if message["type"] == "http.disconnect":
            return
        if not is_ticket(body, self._inputs):
            await JSONResponse({"error": NOT_A_TURN}, status_code=422)(scope, receive, send)
            return
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, receive_again, send)


def is_ticket(body: bytes, inputs: Mapping[int, int]) -> bool:
    """
    Tell whether a body is one that the page could have sent.

    Args:
        body: Of the request.
        inputs: For each event of the chat, by Gradio's number, how many inputs it has.

    """
    try:
        ticket = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(ticket, dict):
        return False
    event, data, session = (ticket.get(name) for name in ("fn_index", "data", "session_hash"))
    return (
        type(event) is int
        and isinstance(data, list)
        and len(data) == inputs.get(event)
        and all(value is None or isinstance(value, str) for value in data)
        and isinstance(session, str)
        and _SESSION.fullmatch(session) is not None
    )
