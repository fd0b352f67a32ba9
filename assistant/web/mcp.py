"""
The tool `ask_signpost` for programs that speak the Model Context Protocol, at `/mcp`.

A server without sessions, over "Streamable HTTP": every message is a POST of one JSON-RPC object and is
answered with one (modelcontextprotocol.io/specification/2025-11-25, "Transports" and "Tools"). Gradio
has a server of its own, which makes a tool of each public event: that would open the events of the
chat, and it asks the application over the network for each call.
"""

from collections.abc import Collection
from importlib.metadata import version
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

import assistant.wording as wording
from assistant.as_json import answer_fields
from assistant.errors import AssistantError, QuestionError
from assistant.web.api import BodyError, checked_body, read_json, refused
from assistant.web.api_schema import AskBody
from assistant.web.asking import Asking
from assistant.web.errors import BusyError, StartingError, TooSlowError
from assistant.web.guard import MCP_PATH
from assistant.web.limits import client_of
from assistant.web.rooted import rooted_fields
from assistant.web.sentences import FAILED, OTHER_ORIGIN
from index import SearchIndexError

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Revisions of the protocol that begin with "initialize", newest first; all that is used is in each."""

TOOL_NAME = "ask_signpost"

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
"""Codes of JSON-RPC 2.0 (jsonrpc.org/specification)."""

UNSUPPORTED_VERSION = -32022
"""Of the protocol's later revisions; their clients read `supported` and begin with "initialize"."""

_INSTRUCTIONS = (
    "Quotes one patient-education page on metastatic breast cancer, word for word. Show quotes "
    "unchanged, with their links. Where `answered` is false, say that the page does not answer; the "
    "passages are then only the nearest ones. Show `notices` whole, first. It gives no advice."
)


def build_mcp(asking: Asking, *, root_path: str = "", origins: Collection[str] = ()) -> APIRouter:
    """
    Return the route of the tool.

    Args:
        asking: Answers the questions.
        root_path: Where a proxy shows the server; links begin with it.
        origins: Other websites whose pages may call the tool.

    """
    router = APIRouter()
    tool = _Tool(asking, root_path)

    @router.post(MCP_PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        if not _is_own(request, origins):
            return refused(403, OTHER_ORIGIN)
        spoken = request.headers.get("mcp-protocol-version")
        if spoken is not None and spoken not in VERSIONS:
            data = {"supported": list(VERSIONS), "requested": spoken[:40]}
            return _failed(None, UNSUPPORTED_VERSION, "This revision is not spoken here.", 400, data)
        try:
            message = read_json(request.headers.get("content-type", ""), await request.body())
        except BodyError as error:
            return _failed(None, PARSE_ERROR, str(error), 400)
        except ClientDisconnect:
            return Response(status_code=400)
        return await _replied(message, tool, client_of(request.scope))

    return router


class _Tool:
    """The one tool."""

    def __init__(self, asking: Asking, root_path: str) -> None:
        self._asking = asking
        self._root_path = root_path

    def described(self) -> dict[str, Any]:
        """Return what a client is told of the tool."""
        return {
            "name": TOOL_NAME,
            "title": wording.NAME,
            "description": _INSTRUCTIONS,
            "inputSchema": AskBody.model_json_schema(),
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }

    async def called(self, arguments: object, client: str) -> dict[str, Any]:
        """Return the result of a call; what went wrong is a result too, for the caller to mend."""
        try:
            answer = await self._asking.answer(checked_body(arguments), client)
        except (BodyError, QuestionError, BusyError, StartingError, TooSlowError) as error:
            return _told(str(error))
        except (AssistantError, SearchIndexError):
            return _told(FAILED)
        fields = rooted_fields(answer_fields(answer), self._root_path)
        text = {"type": "text", "text": orjson.dumps(fields).decode()}
        return {"content": [text], "structuredContent": fields, "isError": False}


async def _replied(message: object, tool: _Tool, client: str) -> Response:
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return _failed(None, INVALID_REQUEST, "This is not one JSON-RPC message.", 400)
    name, number = message.get("method"), message.get("id")
    if name is None or number is None:
        # A notification, or the answer to a question that was never asked: only received.
        return Response(status_code=202)
    if not isinstance(name, str) or type(number) not in (str, int):
        return _failed(None, INVALID_REQUEST, "This is not a JSON-RPC request.", 400)
    given = message.get("params")
    params = given if isinstance(given, dict) else {}
    if name == "tools/call" and params.get("name") != TOOL_NAME:
        return _failed(number, INVALID_PARAMS, f"There is one tool here: {TOOL_NAME}.")
    if name == "tools/call":
        return _result(number, await tool.called(params.get("arguments", {}), client))
    if name == "initialize":
        return _result(number, _introduction(params.get("protocolVersion")))
    results: dict[str, dict[str, Any]] = {"ping": {}, "tools/list": {"tools": [tool.described()]}}
    if name not in results:
        return _failed(number, METHOD_NOT_FOUND, "There is no such method here.")
    return _result(number, results[name])


def _introduction(asked: object) -> dict[str, Any]:
    return {
        "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "signpost", "title": wording.NAME, "version": version("signpost")},
        "instructions": _INSTRUCTIONS,
    }


def _told(sentence: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": sentence}], "isError": True}


def _result(number: str | int, result: dict[str, Any]) -> Response:
    return Response(
        orjson.dumps({"jsonrpc": "2.0", "id": number, "result": result}), media_type="application/json"
    )


def _failed(
    number: str | int | None,
    code: int,
    sentence: str,
    status: int = 200,
    data: dict[str, Any] | None = None,
) -> Response:
    error = {"code": code, "message": sentence, **({"data": data} if data else {})}
    return JSONResponse({"jsonrpc": "2.0", "id": number, "error": error}, status_code=status)


def _is_own(request: Request, origins: Collection[str]) -> bool:
    """
    Tell whether a request comes from no web page, or from one that may ask.

    The protocol wants this checked, so that a page cannot reach a server on its reader's machine.
    """
    origin = request.headers.get("origin")
    return origin is None or origin in origins
