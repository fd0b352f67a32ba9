"""The JSON endpoint and what is said of it: `/api`, `/api/ask`, `/api/openapi.json` and `/healthz`."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from assistant.as_json import answer_fields
from assistant.assistant import Assistant
from assistant.errors import AssistantError, QuestionError
from assistant.web.answer_queue import RETRY_SECONDS
from assistant.web.api_schema import AnswerBody, AskBody, ErrorBody, HealthBody, openapi
from assistant.web.asking import Asking
from assistant.web.errors import BusyError, StartingError, TooSlowError
from assistant.web.limits import client_of
from assistant.web.rooted import rooted_fields
from assistant.web.sentences import API_PAGE, FAILED, NOT_AN_OBJECT, NOT_JSON
from index import SearchIndexError

API_PATH = "/api"
ASK_PATH = "/api/ask"
OPENAPI_PATH = "/api/openapi.json"
HEALTH_PATH = "/healthz"

_PROBLEMS = {
    "missing": "{field} is missing.",
    "string_type": "{field} must be text.",
    "list_type": "{field} must be a list of texts.",
    "bool_type": "{field} must be true or false.",
    "extra_forbidden": "There is a field that is not known here; known are {known}.",
}
"""pydantic's kinds of error (pydantic.dev/latest/errors) that a body of ours can have."""


def build_api(
    assistant: Assistant,
    asking: Asking,
    *,
    root_path: str = "",
    is_ready: Callable[[], bool] = lambda: True,
) -> APIRouter:
    """
    Return the routes of the endpoint.

    Args:
        assistant: Whose documents and passages are counted.
        asking: Answers the questions.
        root_path: Where a proxy shows the server; links begin with it.
        is_ready: Tells whether the assistant's index is open.

    """
    router = APIRouter()
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorBody} for status in (400, 413, 422, 429, 503)
    }

    @router.post(
        ASK_PATH,
        summary="Answer one question with quotes from the document",
        response_model=None,
        responses={200: {"model": AnswerBody}, **refusals},
        openapi_extra={"requestBody": _request_body()},
    )
    async def ask(request: Request) -> Response:
        try:
            fields = read_json(request.headers.get("content-type", ""), await request.body())
            client = client_of(request.scope)
            answering = _answered(asking, checked_body(fields), client, root_path)
            return await _unless_gone(request, answering)
        except BodyError as error:
            return refused(error.status, str(error))
        except ClientDisconnect:
            # Nobody reads this; the server wants an answer to every request.
            return Response(status_code=400)

    @router.get(HEALTH_PATH, summary="Tell whether questions can be answered", response_model=HealthBody)
    def health() -> JSONResponse:
        ready = is_ready()
        passages = len(assistant.passages) if ready else 0
        status = HealthBody(
            status="ok" if ready else "starting",
            documents=[document.id for document in assistant.documents],
            passages=passages,
        )
        return JSONResponse(status.model_dump(), status_code=200 if ready else 503)

    @router.get(API_PATH, include_in_schema=False)
    def page() -> PlainTextResponse:
        return PlainTextResponse(API_PAGE)

    @router.get(OPENAPI_PATH, include_in_schema=False)
    def description() -> JSONResponse:
        return JSONResponse(openapi(router, root_path))

    return router


class BodyError(AssistantError):
    """A body is not what is asked for."""

    def __init__(self, problem: str, *, status: int) -> None:
        """Say what is wrong in a sentence, with the status that goes with it."""
        super().__init__(problem)
        self.status = status


def read_json(content_type: str, raw: bytes) -> object:
    """
    Read a request's body.

    Args:
        content_type: As the header says. A page of another website can send other types unasked.
        raw: The bytes.

    Raises:
        BodyError: It is not JSON; the message repeats nothing of it.

    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise BodyError(NOT_JSON, status=400)
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BodyError(NOT_JSON, status=400) from error


def checked_body(fields: object) -> AskBody:
    """
    Check the fields of a question.

    Raises:
        BodyError: They are not those of a question; the message repeats nothing of them.

    """
    try:
        return AskBody.model_validate(fields)
    except ValidationError as error:
        raise BodyError(_problem(error), status=422) from error


def refused(status: int, sentence: str, *, retry: int | None = None) -> JSONResponse:
    """Return an error in the endpoint's form."""
    headers = {} if retry is None else {"retry-after": str(retry)}
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)


async def _answered(asking: Asking, body: AskBody, client: str, root_path: str) -> Response:
    try:
        answer = await asking.answer(body, client)
    except QuestionError as error:
        return refused(422, str(error))
    except (BusyError, StartingError, TooSlowError) as error:
        return refused(503, str(error), retry=RETRY_SECONDS)
    except (AssistantError, SearchIndexError):
        # Their sentences are for an operator.
        return refused(503, FAILED, retry=RETRY_SECONDS)
    fields = rooted_fields(answer_fields(answer), root_path)
    return Response(orjson.dumps(fields), media_type="application/json")


async def _unless_gone(request: Request, answering: Coroutine[Any, Any, Response]) -> Response:
    """Give a question up when its asker goes away, so that another gets the place."""
    answered = asyncio.create_task(answering)
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({answered, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise ClientDisconnect
        return await answered
    finally:
        answered.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    """Wait until the client is gone; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    # What is wrong inside a list is wrong with the list.
    kind = "list_type" if len(first["loc"]) > 1 else first["type"]
    template = _PROBLEMS.get(kind, NOT_AN_OBJECT)
    known = ", ".join(f"“{name}”" for name in AskBody.model_fields)
    # Only a name of ours is repeated: a field that is not known may hold anybody's words.
    named = [name for name in AskBody.model_fields if name in first["loc"][:1]]
    field = f"“{named[0]}”" if named else "The request"
    return template.format(field=field, known=known)


def _request_body() -> dict[str, Any]:
    schema = AskBody.model_json_schema()
    example = {"question": "Is yoga safe for me?", "earlier": [], "exact": False}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
