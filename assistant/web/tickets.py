"""
What the chat's page sends to Gradio's queue, checked before Gradio sees it.

Gradio would look for files in whatever is sent, repeat what does not fit an event, and write it to
stderr, words of a question included. The page sends a text or nothing for each input of an event, and so
may others. Who listens for the answers of a session that never asked is told that there are none: Gradio
would write an error for each.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.sentences import NOT_A_TURN, NOT_FOUND

CHAT_PATH = "/gradio_api/queue/join"
"""Where the chat's page sends what is typed, and what else is pressed."""

CANCEL_PATH = "/gradio_api/cancel"
"""Where it sends that an event is not waited for any more."""

EVENTS_PATH = "/gradio_api/queue/data"
"""Where it listens for what becomes of its events."""

_NAME = re.compile(r"[A-Za-z0-9]{1,64}")
"""Of a session, for which the page makes up some eleven letters and digits, and of one of its events."""

_NOT_SENT = frozenset({"batched", "event_id", "oauth_token", "simple_format"})
"""What Gradio would read besides, and the page does not send."""


class Tickets:
    """ASGI middleware: lets through what the page could have sent."""

    def __init__(
        self, app: ASGIApp, inputs: Mapping[int, int], has_asked: Callable[[str], bool]
    ) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            inputs: For each event of the chat, by Gradio's number, how many inputs it has.
            has_asked: Tells whether a session has events that may be listened for.

        """
        self._app = app
        self._has_asked = has_asked
        self._checks: Mapping[str, Callable[[bytes], bool]] = {
            CHAT_PATH: lambda body: is_ticket(body, inputs),
            CANCEL_PATH: is_cancellation,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request; its length has been limited before."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path == EVENTS_PATH:
            session = QueryParams(scope["query_string"]).get("session_hash", "")
            answer = self._app if self._has_asked(session) else _refused(404, NOT_FOUND)
            await answer(scope, receive, send)
        elif path in self._checks:
            await self._checked(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        message: Message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        if message["type"] == "http.disconnect":
            return
        if not _is_json(scope) or not self._checks[scope["path"]](body):
            await _refused(422, NOT_A_TURN)(scope, receive, send)
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
    ticket = _fields(body)
    event, data, trigger = (ticket.get(name) for name in ("fn_index", "data", "trigger_id"))
    return (
        type(event) is int
        and isinstance(data, list)
        and len(data) == inputs.get(event)
        and all(value is None or isinstance(value, str) for value in data)
        and (trigger is None or type(trigger) is int)
        and _is_name(ticket.get("session_hash"))
        and _NOT_SENT.isdisjoint(ticket)
    )


def is_cancellation(body: bytes) -> bool:
    """Tell whether a body is one by which the page could give up an event of its session."""
    fields = _fields(body)
    names = (fields.get("session_hash"), fields.get("event_id"))
    return type(fields.get("fn_index")) is int and all(_is_name(name) for name in names)


def _fields(body: bytes) -> dict[str, Any]:
    """Return the fields of a JSON object; none where a body is anything else."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _is_json(scope: Scope) -> bool:
    # A body of another type is no object to Gradio, which repeats it.
    kind = Headers(scope=scope).get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "application/json"


def _refused(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)
