"""The JSON endpoint: the same answer as everywhere, and one clear sentence for whatever else is sent."""

import asyncio
from collections.abc import Callable, Iterator

import orjson
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.as_json import answer_fields
from assistant.errors import QuoteError
from assistant.questions import MAX_CHARACTERS
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api import build_api
from assistant.web.api_schema import AnswerBody, ErrorBody
from assistant.web.asking import Asking
from assistant.web.errors import TooSlowError
from assistant.web.sentences import API_PAGE, BUSY, FAILED, NOT_AN_OBJECT, NOT_JSON, STARTING, TOO_SLOW
from index import EmbedderError
from tests.assistant.web.conftest import request, run

QUESTION = "Is yoga safe for me?"
PRIVATE = "my-secret-illness"
JSON = {"content-type": "application/json"}


def client_of(
    assistant: Assistant, *, is_ready: Callable[[], bool] = lambda: True, **options: object
) -> TestClient:
    """Return a client of the endpoint alone."""
    queue = AnswerQueue(places=2, waiting=2, seconds=3_600)
    asking = Asking(assistant, queue, is_ready=is_ready)
    app = FastAPI(openapi_url=None)
    app.include_router(build_api(assistant, asking, is_ready=is_ready, **options))
    return TestClient(app)


@pytest.fixture(scope="module")
def client(fake_assistant: Assistant) -> Iterator[TestClient]:
    """A client of the endpoint on the shipped document, without a model."""
    with client_of(fake_assistant) as client:
        yield client


def without_time(fields: dict[str, object]) -> dict[str, object]:
    """Return an answer's fields as JSON has them, but for how long it took."""
    return {name: value for name, value in orjson.loads(orjson.dumps(fields)).items() if name != "ms"}


class TestAnswers:
    @pytest.mark.parametrize(
        "body",
        [
            {"question": QUESTION},
            {"question": "Is it safe?", "earlier": ["What is a port?"]},
            {"question": "Is it safe?", "earlier": ["What is a port?"], "exact": True},
            {"question": "i cant breathe"},
            {"question": "thank you"},
            {"question": "Is this private?"},
            {"question": "¿Perderé el cabello?"},
            {"question": "x" * MAX_CHARACTERS},
        ],
    )
    def test_it_is_the_assistants_answer(
        self, client: TestClient, fake_assistant: Assistant, body: dict[str, object]
    ) -> None:
        """Every field is that of `--json`, and the description of the endpoint holds for it."""
        reply = client.post("/api/ask", json=body)
        exact = bool(body.get("exact"))
        earlier = () if exact else body.get("earlier", ())
        answer = fake_assistant.answer(body["question"], earlier, exact=exact)
        assert reply.status_code == 200
        assert without_time(reply.json()) == without_time(answer_fields(answer))
        assert AnswerBody.model_validate_json(reply.content)

    def test_only_the_last_of_many_earlier_questions_are_read(self, scripted: Callable) -> None:
        """A conversation of any length costs at most as much as what can be gone back to."""
        assistant = scripted()
        body = {"question": QUESTION, "earlier": [f"question {n}" for n in range(100)]}
        assert client_of(assistant).post("/api/ask", json=body).status_code == 200
        assert assistant.followed_up == [f"question {n}" for n in range(88, 100)]

    def test_links_are_below_the_root_path(self, fake_assistant: Assistant) -> None:
        """Where a proxy shows the server below a path, links can be followed."""
        client = client_of(fake_assistant, root_path="/signpost")
        passages = client.post("/api/ask", json={"question": QUESTION}).json()["passages"]
        assert passages
        assert all(one["link"].startswith("/signpost/read/") for one in passages)
        assert client.get("/api/openapi.json").json()["servers"] == [{"url": "/signpost"}]


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "status", "sentence"),
        [
            (b"", 400, NOT_JSON),
            (b"{", 400, NOT_JSON),
            (b"\xff", 400, NOT_JSON),
            (b'{"question": "\\ud800"}', 400, NOT_JSON),
            (b'{"question": NaN}', 400, NOT_JSON),
            (b"[" * 50_000, 400, NOT_JSON),
            (b"null", 422, NOT_AN_OBJECT),
            (b"[]", 422, NOT_AN_OBJECT),
            (b'"words"', 422, NOT_AN_OBJECT),
            (b"{}", 422, "“question” is missing."),
            (b'{"question": 5}', 422, "“question” must be text."),
            (b'{"question": null}', 422, "“question” must be text."),
            (b'{"question": "a", "earlier": "b"}', 422, "“earlier” must be a list of texts."),
            (b'{"question": "a", "earlier": [5]}', 422, "“earlier” must be a list of texts."),
            (b'{"question": "a", "earlier": null}', 422, "“earlier” must be a list of texts."),
            (b'{"question": "a", "exact": 1}', 422, "“exact” must be true or false."),
            (
                b'{"question": "a", "my-secret-illness": 1}',
                422,
                "There is a field that is not known here; known are “question”, “earlier”, “exact”.",
            ),
            (b'{"question": ""}', 422, "The question is empty. Please type a few words."),
            (b'{"question": "?!"}', 422, "The question holds no word. Please type a few words."),
            (
                b'{"question": "%s"}' % (b"x" * 4_001),
                422,
                "The question has 4,001 characters; the limit is 4,000. Please shorten it.",
            ),
        ],
    )
    def test_what_is_no_question_gets_one_sentence(
        self, client: TestClient, body: bytes, status: int, sentence: str
    ) -> None:
        """The sentence says what to mend, and nothing of the body is repeated."""
        reply = client.post("/api/ask", content=body, headers=JSON)
        assert (reply.status_code, reply.json()) == (status, {"error": sentence})
        assert PRIVATE not in reply.text

    @pytest.mark.parametrize(
        "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application"]
    )
    def test_what_a_form_of_another_website_could_send_is_refused(
        self, client: TestClient, kind: str
    ) -> None:
        """Only a type that a browser asks about beforehand is read."""
        body = orjson.dumps({"question": QUESTION})
        reply = client.post("/api/ask", content=body, headers={"content-type": kind})
        assert (reply.status_code, reply.json()) == (400, {"error": NOT_JSON})

    def test_a_type_may_have_a_charset(self, client: TestClient) -> None:
        """Many libraries add one."""
        headers = {"content-type": "Application/JSON; charset=utf-8"}
        body = orjson.dumps({"question": QUESTION})
        assert client.post("/api/ask", content=body, headers=headers).status_code == 200

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (EmbedderError(f"the model choked on {PRIVATE}"), FAILED),
            (QuoteError(f"{PRIVATE} is not there"), FAILED),
            (TooSlowError(TOO_SLOW), TOO_SLOW),
        ],
    )
    def test_trouble_of_ours_is_told_without_details(
        self, scripted: Callable, error: Exception, sentence: str
    ) -> None:
        """503, a sentence for the asker, and when to come back; the operator's words stay here."""

        def fail() -> None:
            raise error

        reply = client_of(scripted(fail)).post("/api/ask", json={"question": QUESTION})
        assert (reply.status_code, reply.json()) == (503, {"error": sentence})
        assert reply.headers["retry-after"] == "5"

    def test_a_full_queue_is_told(self, fake_assistant: Assistant) -> None:
        """With no place and no room to wait, the answer is to come back."""
        queue = AnswerQueue(places=1, waiting=-1, seconds=3_600)
        app = FastAPI()
        app.include_router(build_api(fake_assistant, Asking(fake_assistant, queue)))
        reply = TestClient(app).post("/api/ask", json={"question": QUESTION})
        assert (reply.status_code, reply.json()) == (503, {"error": BUSY})

    def test_who_goes_away_is_not_waited_for(self, fake_assistant: Assistant) -> None:
        """When a client hangs up, the answer is given up at once, and its place with it."""
        given_up = []

        class Endless(Asking):
            async def answer(self, *_: object) -> None:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    given_up.append(True)
                    raise

        app = FastAPI()
        app.include_router(build_api(fake_assistant, Endless(fake_assistant, None)))
        body = orjson.dumps({"question": QUESTION})
        coming = [
            {"type": "http.request", "body": body, "more_body": False},
            {"type": "http.disconnect"},
        ]
        sent = []

        async def receive() -> dict[str, object]:
            # Once round the loop, so that the question is begun before its asker goes.
            await asyncio.sleep(0)
            return coming.pop(0)

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        run(app(request("/api/ask", method="POST", content_type="application/json"), receive, send))
        assert given_up == [True]
        assert sent[0]["status"] == 400


class TestWhatIsSaidOfIt:
    def test_it_is_ready_or_starting(self, fake_assistant: Assistant) -> None:
        """503 until questions can be answered, then 200, with the documents either way."""
        states = [False, True]
        client = client_of(fake_assistant, is_ready=lambda: states[0])
        starting = client.get("/healthz")
        states.pop(0)
        ready = client.get("/healthz")
        documents = [document.id for document in fake_assistant.documents]
        assert (starting.status_code, ready.status_code) == (503, 200)
        assert starting.json() == {"status": "starting", "documents": documents, "passages": 0}
        assert ready.json() == {
            "status": "ok",
            "documents": documents,
            "passages": len(fake_assistant.passages),
        }

    def test_a_question_that_comes_too_early_is_told_so(self, scripted: Callable) -> None:
        """A program is not kept waiting while an index is built; nothing is asked."""
        assistant = scripted()
        client = client_of(assistant, is_ready=lambda: False)
        reply = client.post("/api/ask", json={"question": QUESTION})
        assert (reply.status_code, reply.json()) == (503, {"error": STARTING})
        assert reply.headers["retry-after"] == "5"
        assert assistant.asked == []

    def test_there_is_a_page_for_people(self, client: TestClient) -> None:
        """Plain words with an example, and every status that there is."""
        reply = client.get("/api")
        assert reply.text == API_PAGE
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"
        for word in ("POST /api/ask", "GET /healthz", "/api/openapi.json", "4,000", "400", "429", "503"):
            assert word in API_PAGE

    def test_there_is_a_description_for_programs(self, client: TestClient) -> None:
        """It names the two endpoints and their bodies, and no other."""
        description = client.get("/api/openapi.json").json()
        assert list(description["paths"]) == ["/api/ask", "/healthz"]
        ask = description["paths"]["/api/ask"]["post"]
        body = ask["requestBody"]["content"]["application/json"]
        assert body["schema"]["required"] == ["question"]
        assert set(body["schema"]["properties"]) == {"question", "earlier", "exact"}
        assert set(ask["responses"]) == {"200", "400", "413", "422", "429", "503"}
        assert client.post("/api/ask", json=body["example"]).status_code == 200


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
QUESTIONS = st.fixed_dictionaries(
    {"question": st.text() | TREES},
    optional={"earlier": st.lists(st.text(), max_size=3) | TREES, "exact": st.booleans() | TREES},
)
IN_TIME = settings(max_examples=60, suppress_health_check=list(HealthCheck))


class TestAnything:
    def check(self, client: TestClient, body: bytes) -> None:
        """Send a body; the reply is an answer, or one sentence."""
        reply = client.post("/api/ask", content=body, headers=JSON)
        assert reply.status_code in {200, 400, 422}
        if reply.status_code == 200:
            assert AnswerBody.model_validate_json(reply.content)
        else:
            sentence = ErrorBody.model_validate_json(reply.content).error
            assert sentence[0].isupper() or sentence[0] == "“"
            assert sentence.endswith(".")
            assert "\n" not in sentence

    @given(body=st.binary(max_size=300))
    @IN_TIME
    def test_any_bytes(self, client: TestClient, body: bytes) -> None:
        """Bytes of any kind are never the server's failure."""
        self.check(client, body)

    @given(tree=TREES)
    @IN_TIME
    def test_any_json(self, client: TestClient, tree: object) -> None:
        """JSON of any shape is never the server's failure."""
        self.check(client, dumped(tree))

    @given(fields=QUESTIONS)
    @IN_TIME
    def test_any_question(self, client: TestClient, fields: dict[str, object]) -> None:
        """Fields of the right names with any values are never the server's failure."""
        self.check(client, dumped(fields))


def dumped(tree: object) -> bytes:
    """Return JSON, lone surrogates and large integers included, which orjson would not write."""
    import json  # noqa: PLC0415

    return json.dumps(tree).encode()
